package transfer

import (
	"bufio"
	"context"
	"fmt"
	"io"

	"github.com/flowexpr/flowexpr/contactstore"
)

// Export writes all contacts of a workspace to w, in the order of UUIDs. Contacts
// written meanwhile may or may not be among them. The summary counts what was written also where it fails.
func Export(ctx context.Context, store contactstore.Store, workspace string, w io.Writer, options Options) (Summary, error) {
	options = options.withDefaults()
	out := &counting{w: w}
	e := exporter{out: bufio.NewWriterSize(out, 1<<16)}
	var after contactstore.UUID
	for {
		page, err := store.List(ctx, workspace, after, options.Batch)
		if err != nil {
			return e.summary, err
		}
		if err := e.write(page); err != nil {
			return e.summary, err
		}
		e.summary.Bytes = out.bytes
		options.progress(Exporting, batch{rowsSoFar: e.summary.Exported, bytesSoFar: out.bytes})
		if len(page) < options.Batch {
			return e.summary, nil
		}
		after = page[len(page)-1].UUID()
	}
}

// exporter is one export under way.
type exporter struct {
	out     *bufio.Writer
	line    []byte // reused
	summary Summary
}

// write writes a page to the end.
func (e *exporter) write(page []contactstore.Record) error {
	for _, r := range page {
		c, err := r.Contact()
		if err != nil {
			return fmt.Errorf("contact %s: %w", r.UUID(), err)
		}
		e.line = append(contactstore.AppendJSON(e.line[:0], c), '\n')
		if _, err := e.out.Write(e.line); err != nil {
			return fmt.Errorf("write contacts: %w", err)
		}
	}
	if err := e.out.Flush(); err != nil {
		return fmt.Errorf("write contacts: %w", err)
	}
	e.summary.Rows += len(page)
	e.summary.Exported += len(page)
	return nil
}

// counting counts the bytes that reach a writer.
type counting struct {
	w     io.Writer
	bytes int64
}

func (c *counting) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.bytes += int64(n)
	return n, err
}
