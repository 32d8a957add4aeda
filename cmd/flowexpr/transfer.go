package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/transfer"
)

// importCommand brings contacts into the store.
type importCommand struct {
	File   string `arg:"" help:"File of JSON lines, one contact a line (- for standard input)."`
	Strict bool   `help:"Import everything or, when a row is bad, nothing."`
	JSON   bool   `name:"json" help:"Print the summary as JSON."`
}

// Run imports. Bad rows are told of with their line; the command fails when there were any.
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
	options := transfer.Options{
		Strict:    c.Strict,
		OnProblem: func(p transfer.Problem) { fmt.Fprintf(s.err, "%s: %s\n", c.File, p) },
	}
	var source io.Reader = file
	if f, ok := file.(*os.File); ok {
		source = f // a strict import reads it twice
		options.OnProgress = progress(s.err, f)
	}
	begun := time.Now()
	summary, err := transfer.Import(ctx, store, flags.Workspace, source, options)
	return errors.Join(err, c.report(s, summary, time.Since(begun)))
}

func (c *importCommand) report(s streams, summary transfer.Summary, took time.Duration) error {
	summary.Problems = nil // told already
	fmt.Fprintf(s.err, "%d rows: %d added, %d changed, %d unchanged, %d failed, in %s (%.0f rows/s)\n",
		summary.Rows, summary.Added, summary.Changed, summary.Unchanged, summary.Failed, took.Round(time.Millisecond), float64(summary.Rows)/took.Seconds())
	if c.JSON {
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

// progress draws a bar on a terminal, and nothing elsewhere.
func progress(w io.Writer, file *os.File) func(transfer.Progress) {
	terminal, ok := w.(*os.File)
	info, err := file.Stat()
	if !ok || !term.IsTerminal(int(terminal.Fd())) || err != nil || !info.Mode().IsRegular() {
		return nil
	}
	var bar *progressbar.ProgressBar
	var phase transfer.Phase
	return func(p transfer.Progress) {
		if bar == nil || phase != p.Phase {
			phase = p.Phase
			bar = progressbar.NewOptions64(info.Size(),
				progressbar.OptionSetWriter(terminal), progressbar.OptionSetDescription(string(p.Phase)),
				progressbar.OptionShowBytes(true), progressbar.OptionSetPredictTime(true), progressbar.OptionFullWidth(),
				progressbar.OptionOnCompletion(func() { fmt.Fprintln(terminal) }))
		}
		bar.Describe(fmt.Sprintf("%s: %d contacts", p.Phase, p.Rows))
		_ = bar.Set64(p.Bytes) // drawing only
	}
}

// exportCommand takes contacts out of the store.
type exportCommand struct {
	File string `arg:"" optional:"" help:"File to write (default: standard output)."`
}

// Run exports all contacts of the workspace as JSON lines. A file appears under its name only when it is complete.
func (c *exportCommand) Run(ctx context.Context, s streams, flags *storeFlags) error {
	store, err := transferStore(ctx, flags)
	if err != nil {
		return err
	}
	defer store.Close()
	if c.File == "" || c.File == "-" {
		_, err := transfer.Export(ctx, store, flags.Workspace, s.out, transfer.Options{})
		return err
	}
	partial := c.File + ".part"
	file, err := os.OpenFile(partial, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	summary, err := transfer.Export(ctx, store, flags.Workspace, file, transfer.Options{})
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
