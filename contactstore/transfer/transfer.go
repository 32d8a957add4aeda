// Package transfer brings contacts into a store and out of it.
//
//	summary, err := transfer.Import(ctx, store, "default", file, transfer.Options{})
//	summary, err = transfer.Export(ctx, store, "default", os.Stdout, transfer.Options{})
//
// # Formats
//
// JSON lines, one contact a line in the public form, is the form that loses nothing. CSV with a header, the contact
// lists of RapidPro's API, and the contacts of goflow are read too, and CSV is written; docs/import.md says what their
// parts mean. Each format is a source, which gives rows, and says what each tells of its contact; all that follows is
// the same for all. The format is found by how the file begins.
//
// # Import
//
// A row of JSON lines is the whole contact: it replaces the one that the store has under its UUID. A row of another
// format leaves what the format does not know as it is. A row that changes nothing is not written, so a second run of a
// file changes nothing, and a run that was cut off is finished by the same run again: no state is kept that could
// be wrong. A row that cannot be taken is a Problem, with its line and the reason, and the rest goes on; of two rows
// for one contact the later one stays.
//
// Memory does not grow with the file: rows pass through in batches, parsed on all processors while the batch before is
// being stored. The exceptions are rows refused because another contact has their URN, of which some are kept to be
// tried again at the end, when a later row may have given the URN up; and Strict.
//
// # Strict
//
// With Options.Strict the whole file is read once before anything is stored, and nothing is stored unless every row
// can be. That pass remembers a hash of each UUID and URN of the file, some 50 bytes a contact.
//
// # Export
//
// Contacts come in the order of their UUIDs, and importing what was exported as JSON lines gives the same contacts.
package transfer

import (
	"fmt"

	"github.com/flowexpr/flowexpr/contactstore"
)

// Options tune an import or export. The zero value works.
type Options struct {
	// Format is how contacts stand in the file. Default: for an import what the file looks like, for an export Lines.
	Format Format
	// Name is the file's name, which counts for its format where its content says nothing. It may be empty.
	Name string
	// Filter chooses the contacts of an export. Default: all.
	Filter contactstore.Filter
	// Strict imports everything or nothing. The reader must be an io.ReadSeeker.
	Strict bool
	// Batch is how many contacts go to or come from the store at once. Default 500.
	Batch int
	// MaxLine is the longest row taken, in bytes. Default 1 MiB.
	MaxLine int
	// MaxProblems is how many problems the summary keeps. Default 100; all are counted, and given to OnProblem.
	MaxProblems int
	// OnWarning, if given, is told before the first row what of the file is passed over.
	OnWarning func(string)
	// OnProblem, if given, is told of each row that was not imported, from one goroutine, mostly in the order of lines.
	OnProblem func(Problem)
	// OnProgress, if given, is told after each batch how far the work is, from one goroutine.
	OnProgress func(Progress)
}

func (o Options) withDefaults() Options {
	if o.Batch <= 0 {
		o.Batch = 500
	}
	if o.MaxLine <= 0 {
		o.MaxLine = 1 << 20
	}
	if o.MaxProblems <= 0 {
		o.MaxProblems = 100
	}
	return o
}

// progress passes on how far a phase is.
func (o Options) progress(phase Phase, b batch) {
	if o.OnProgress != nil {
		o.OnProgress(Progress{Phase: phase, Rows: b.rowsSoFar, Bytes: b.bytesSoFar})
	}
}

// Phase is what a transfer is doing.
type Phase string

// The phases: Checking is the first pass of a strict import.
const (
	Checking  Phase = "check"
	Importing Phase = "import"
	Exporting Phase = "export"
)

// Progress says how far a transfer is.
type Progress struct {
	Phase Phase
	Rows  int   // contacts read in this phase, blank lines apart
	Bytes int64 // of the file, read or written in this phase
}

// Problem is a row that was not imported.
type Problem struct {
	Line    int    `json:"line"`            // 1-based
	Place   string `json:"place,omitempty"` // the column or member that is wrong, such as Language or urns[1]
	Code    string `json:"code"`            // stable, for programs
	Message string `json:"message"`         // may repeat what the row holds
	Hint    string `json:"hint,omitempty"`
	// Row is the row as it was, given to OnProblem alone. It is empty for one that is too long.
	Row string `json:"row,omitempty"`
}

// String is the problem in one line, as a person reads it.
func (p Problem) String() string { return p.line(p.Message) }

// Public is the problem without anything of the row: by its code.
func (p Problem) Public() string {
	if p.Place != "" {
		return p.line(p.Place + ": " + p.Code)
	}
	return p.line(p.Code)
}

func (p Problem) line(text string) string {
	text = fmt.Sprintf("line %d: %s", p.Line, text)
	if p.Hint != "" {
		text += " (" + p.Hint + ")"
	}
	return text
}

// Summary says what a transfer did.
type Summary struct {
	Rows      int   `json:"rows"` // contacts read, blank lines apart
	Bytes     int64 `json:"bytes"`
	Added     int   `json:"added"`
	Changed   int   `json:"changed"`
	Unchanged int   `json:"unchanged"`
	Failed    int   `json:"failed"`
	Exported  int   `json:"exported,omitempty"`
	// Problems are the first of the rows that failed, without the rows.
	Problems []Problem `json:"problems,omitempty"`
	// Warnings say what of the file was passed over.
	Warnings []string `json:"warnings,omitempty"`
}

// warn notes warnings and passes them on.
func (s *Summary) warn(warnings []string, o Options) {
	s.Warnings = append(s.Warnings, warnings...)
	for _, w := range warnings {
		if o.OnWarning != nil {
			o.OnWarning(w)
		}
	}
}

// note counts a row that is a problem and passes it on.
func (s *Summary) note(r *row, o Options) {
	s.Failed++
	if len(s.Problems) < o.MaxProblems {
		s.Problems = append(s.Problems, *r.problem)
	}
	if o.OnProblem != nil {
		p := *r.problem
		p.Row = string(r.text)
		o.OnProblem(p)
	}
}
