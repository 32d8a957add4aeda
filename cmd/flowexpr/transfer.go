package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/transfer"
)

// importCommand brings contacts into the store.
type importCommand struct {
	File   string `arg:"" help:"File of contacts: JSON lines, CSV with a header, RapidPro API lists, goflow contacts (- for standard input)."`
	Format string `default:"auto" enum:"auto,jsonl,csv,rapidpro,goflow" help:"What the file is: jsonl, csv, rapidpro or goflow (default: what it looks like)."`
	Strict bool   `help:"Import everything or, when a row is bad, nothing."`
	Bad    string `type:"path" placeholder:"FILE" help:"Write the bad rows to a file, as they were, each with its line and the reason."`
	JSON   bool   `name:"json" help:"Print the summary as JSON."`
}

// maxShown is how many bad rows are told of on standard error.
const maxShown = 10

// Run imports. Bad rows are told of by line and code, without what they hold; the command fails when there were any.
func (c *importCommand) Run(ctx context.Context, s streams, flags *storeFlags) error {
	store, err := transferStore(ctx, flags)
	if err != nil {
		return err
	}
	defer store.Close()
	file, err := openInput(c.File, s)
	if err != nil {
		return err
	}
	defer file.Close()
	bad, err := newBadRows(c.Bad, file)
	if err != nil {
		return err
	}
	bar := newProgress(s.err, sizeOf(file))
	options := transfer.Options{
		Name: c.File, Strict: c.Strict, MaxProblems: maxShown, OnProblem: bad.write,
		OnWarning:  func(w string) { fmt.Fprintf(s.err, "%s: warning: %s\n", c.File, w) },
		OnProgress: bar.showTransfer,
	}
	if c.Format != "auto" {
		options.Format = transfer.Format(c.Format)
	}
	begun := time.Now()
	summary, err := transfer.Import(ctx, store, flags.Workspace, seekable(file), options)
	bar.end()
	told := c.report(s, summary, time.Since(begun))
	if err := errors.Join(interrupted(err), bad.close()); err != nil {
		return err // which is yet to be told
	}
	return told
}

// seekable gives a file itself where it is one: a strict import reads it twice.
func seekable(file io.Reader) io.Reader {
	if f, ok := file.(*os.File); ok {
		return f
	}
	return file
}

// interrupted tells how an import that was stopped goes on.
func interrupted(err error) error {
	if !errors.Is(err, context.Canceled) {
		return err
	}
	return &contactstore.Error{
		Code: "interrupted", Message: "stopped before the end", Err: err,
		Hint: "the same command goes on: rows that are stored already are passed over",
	}
}

func (c *importCommand) report(s streams, summary transfer.Summary, took time.Duration) error {
	for _, p := range summary.Problems {
		fmt.Fprintf(s.err, "%s: %s\n", c.File, p.Public())
	}
	if more := summary.Failed - len(summary.Problems); more > 0 {
		fmt.Fprintf(s.err, "%s: %d more bad rows\n", c.File, more)
	}
	if summary.Failed > 0 && c.Bad == "" {
		fmt.Fprintf(s.err, "%s: --bad FILE keeps the bad rows, with all that is wrong with them\n", c.File)
	}
	fmt.Fprintf(s.err, "%d rows: %d added, %d changed, %d unchanged, %d failed, in %s (%.0f rows/s)\n",
		summary.Rows, summary.Added, summary.Changed, summary.Unchanged, summary.Failed, took.Round(time.Millisecond), float64(summary.Rows)/took.Seconds())
	if c.JSON {
		summary.Problems = nil // told already
		data, err := json.Marshal(summary)
		if err != nil {
			return err
		}
		if err := printJSON(s.out, data); err != nil {
			return err
		}
	}
	if summary.Failed > 0 {
		return errTold
	}
	return nil
}

// badRows writes bad rows to a file, which only its owner may read: it holds what the rows hold. nil writes nothing.
type badRows struct {
	file *os.File
	json *json.Encoder
	err  error // the first
}

func newBadRows(name string, input io.Reader) (*badRows, error) {
	if name == "" {
		return nil, nil
	}
	file, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	if same(file, input) {
		return nil, errors.Join(usageError{fmt.Errorf("--bad: %s is the file to import", name)}, file.Close())
	}
	if err := errors.Join(file.Chmod(0o600), file.Truncate(0)); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	b := &badRows{file: file, json: json.NewEncoder(file)}
	b.json.SetEscapeHTML(false)
	return b, nil
}

func same(file *os.File, input io.Reader) bool {
	other, ok := input.(*os.File)
	if !ok {
		return false
	}
	a, errA := file.Stat()
	b, errB := other.Stat()
	return errA == nil && errB == nil && os.SameFile(a, b)
}

func (b *badRows) write(p transfer.Problem) {
	if b != nil && b.err == nil {
		b.err = b.json.Encode(p)
	}
}

func (b *badRows) close() error {
	if b == nil {
		return nil
	}
	return errors.Join(b.err, b.file.Close())
}

// exportCommand takes contacts out of the store.
type exportCommand struct {
	File   string `arg:"" optional:"" help:"File to write (default: standard output)."`
	Format string `default:"auto" enum:"auto,jsonl,csv" help:"What to write: jsonl or csv (default: csv for a FILE of that name, else jsonl)."`
	Group  string `placeholder:"NAME" help:"Only contacts of a group: its name or UUID."`
}

// Run exports contacts of the workspace. A file appears under its name only when it is complete.
func (c *exportCommand) Run(ctx context.Context, s streams, flags *storeFlags) error {
	store, err := transferStore(ctx, flags)
	if err != nil {
		return err
	}
	defer store.Close()
	options := transfer.Options{Format: transfer.Format(c.Format), Filter: contactstore.Filter{Group: c.Group}}
	if c.Format == "auto" {
		options.Format = transfer.Lines
		if strings.EqualFold(filepath.Ext(c.File), ".csv") {
			options.Format = transfer.CSV
		}
	}
	if c.File == "" || c.File == "-" {
		_, err := transfer.Export(ctx, store, flags.Workspace, s.out, options)
		return err
	}
	bar := newProgress(s.err, unknownSize)
	options.OnProgress = bar.showTransfer
	partial := c.File + ".part"
	file, err := os.OpenFile(partial, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	summary, err := transfer.Export(ctx, store, flags.Workspace, file, options)
	bar.end()
	if err := errors.Join(err, file.Close()); err != nil {
		return errors.Join(err, os.Remove(partial))
	}
	if err := os.Rename(partial, c.File); err != nil {
		return err
	}
	fmt.Fprintf(s.err, "%d contacts exported to %s\n", summary.Exported, c.File)
	return nil
}

// transferStore opens the chosen store, or one that speaks to the service at --url.
func transferStore(ctx context.Context, flags *storeFlags) (contactstore.Store, error) {
	if flags.URL == "" {
		return flags.open(ctx)
	}
	s, err := openService(ctx, flags)
	if err != nil {
		return nil, err
	}
	return &remoteStore{service: s, workspace: flags.Workspace}, nil
}
