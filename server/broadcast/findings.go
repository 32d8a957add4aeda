package broadcast

import (
	"cmp"
	"slices"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/engine/diag"
	"github.com/flowexpr/flowexpr/engine/sms"
)

// Findings are what a dry run tells. Every contact is in exactly one of Clean, Warnings and Errors.
type Findings struct {
	Contacts int64 `json:"contacts"`
	// Clean counts contacts whose text gives nothing to say.
	Clean int64 `json:"clean"`
	// Warnings counts those with warnings and no errors.
	Warnings int64 `json:"warnings"`
	// Errors counts those with an error in the text, and those that could not be read.
	Errors int64 `json:"errors"`
	// Problems are the warnings and errors, the most frequent first.
	Problems []Problem `json:"problems"`
	// Variables are those of the template, in its order.
	Variables []EmptyVariable `json:"variables"`
	// Destinations counts the contacts that a message can be sent to by the scheme it would go to, the most frequent first.
	Destinations []SchemeCount `json:"destinations"`
	// Unroutable are the contacts that no message can be sent to.
	Unroutable Kind `json:"unroutable"`
	// Lengths are those of all texts, in characters.
	Lengths Lengths `json:"lengths"`
	// SMS is about the texts whose destination is a phone number.
	SMS SMS `json:"sms"`
	// Examples are clean ones.
	Examples []Example `json:"examples"`
}

// Kind is how many contacts have something, and the first of them.
type Kind struct {
	Contacts int64     `json:"contacts"`
	Examples []Example `json:"examples"`
}

// Problem is one warning or error: its code, and the block it is about.
type Problem struct {
	Severity diag.Severity `json:"severity"`
	Code     string        `json:"code"`
	// Expression is empty when the contact could not be read.
	Expression string `json:"expression,omitempty"`
	Kind
}

// EmptyVariable says for how many contacts a variable gives nothing.
type EmptyVariable struct {
	Variable string    `json:"variable"`
	Empty    int64     `json:"empty"`
	Examples []Example `json:"examples"`
}

// SchemeCount counts destinations.
type SchemeCount struct {
	Scheme   string `json:"scheme"`
	Contacts int64  `json:"contacts"`
}

// Lengths are in characters.
type Lengths struct {
	Min    int     `json:"min"`
	Median int     `json:"median"`
	Mean   float64 `json:"mean"`
	Max    int     `json:"max"`
	// Shortest and Longest are examples; nil without any text.
	Shortest *Example `json:"shortest,omitempty"`
	Longest  *Example `json:"longest,omitempty"`
}

// SMS is what the texts cost.
type SMS struct {
	Contacts  int64      `json:"contacts"`
	Encodings []Encoding `json:"encodings"`
	// Segments counts contacts by the number of segments, from the fewest.
	Segments []SegmentCount `json:"segments"`
	// Total is the number of segments of all texts.
	Total int64 `json:"total"`
}

// Encoding is one of GSM-7 and UCS-2.
type Encoding struct {
	Encoding string `json:"encoding"`
	Kind
}

// SegmentCount counts contacts whose text takes so many segments.
type SegmentCount struct {
	Segments int   `json:"segments"`
	Contacts int64 `json:"contacts"`
}

// Example is a contact that shows a finding. Text is what it would get, at most 1,000 bytes of it, with URNs hidden
// where the workspace hides them.
type Example struct {
	Contact string `json:"contact"`
	Text    string `json:"text"`
	Message string `json:"message,omitempty"`
}

// Findings adds up what the workers of a run that has ended counted.
func (s *Survey) Findings() Findings {
	sum := newTally(len(s.variables), s.options.Examples)
	for _, w := range s.workers {
		sum.merge(w.tally)
	}
	f := Findings{
		Contacts: sum.contacts, Clean: sum.clean.contacts, Warnings: sum.warnings, Errors: sum.errors,
		Problems: sum.listProblems(), Destinations: sum.listDestinations(), Unroutable: sum.unroutable.public(),
		Lengths: sum.publicLengths(), SMS: sum.publicSMS(), Examples: sum.clean.public().Examples,
		Variables: make([]EmptyVariable, len(s.variables)),
	}
	for i := range s.variables {
		empty := sum.empty[i].public()
		f.Variables[i] = EmptyVariable{Variable: s.variables[i].Path(), Empty: empty.Contacts, Examples: empty.Examples}
	}
	return f
}

func (k *kind) public() Kind {
	p := Kind{Contacts: k.contacts, Examples: make([]Example, len(k.examples))}
	for i := range k.examples {
		p.Examples[i] = k.examples[i].public()
	}
	return p
}

func (s *sample) public() Example {
	return Example{Contact: s.contact.String(), Text: s.text, Message: s.message}
}

func (t *tally) listProblems() []Problem {
	list := make([]Problem, 0, len(t.problems))
	for key, k := range t.problems {
		list = append(list, Problem{Severity: key.severity, Code: key.code, Expression: key.expression, Kind: k.public()})
	}
	slices.SortFunc(list, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(b.Contacts, a.Contacts), cmp.Compare(a.Severity, b.Severity), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Expression, b.Expression))
	})
	return list
}

func (t *tally) listDestinations() []SchemeCount {
	list := []SchemeCount{}
	for id, n := range t.schemes {
		if n > 0 {
			name := contactstore.SchemeID(id).Name()
			list = append(list, SchemeCount{Scheme: cmp.Or(name, "other"), Contacts: n})
		}
	}
	slices.SortFunc(list, func(a, b SchemeCount) int {
		return cmp.Or(cmp.Compare(b.Contacts, a.Contacts), cmp.Compare(a.Scheme, b.Scheme))
	})
	return list
}

func (t *tally) publicLengths() Lengths {
	l := Lengths{Min: t.lengths.min, Median: t.lengths.median(), Mean: t.lengths.mean(), Max: t.lengths.max}
	if t.limit > 0 && t.longest.found {
		shortest, longest := t.shortest.public(), t.longest.public()
		l.Shortest, l.Longest = &shortest, &longest
	}
	return l
}

func (t *tally) publicSMS() SMS {
	s := SMS{
		Contacts: t.segments.total, Total: t.segments.sum, Segments: []SegmentCount{},
		Encodings: []Encoding{{sms.GSM7, t.gsm7.public()}, {sms.UCS2, t.ucs2.public()}},
	}
	for i, n := range t.segments.counts {
		if n > 0 {
			s.Segments = append(s.Segments, SegmentCount{Segments: lowest(i), Contacts: n})
		}
	}
	return s
}
