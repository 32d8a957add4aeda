package transfer

import (
	"bufio"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/flowexpr/flowexpr/contactstore"
)

// Export writes the contacts of a workspace to w, in the order of UUIDs, as Lines or CSV. Contacts written meanwhile
// may or may not be among them. CSV is made in two passes, the first of which finds the fields; a field that comes up
// between them is left out. The summary counts what was written also where it fails.
func Export(ctx context.Context, store contactstore.Store, workspace string, w io.Writer, options Options) (Summary, error) {
	options = options.withDefaults()
	out := &counting{w: w}
	e := exporter{out: bufio.NewWriterSize(out, 1<<16), counted: out, options: options}
	if err := e.begin(ctx, store, workspace); err != nil {
		return e.summary, err
	}
	for r, err := range options.Filter.Scan(ctx, store, workspace, contactstore.UUID{}, options.Batch) {
		if err == nil {
			err = e.write(r)
		}
		if err != nil {
			return e.summary, err
		}
	}
	return e.summary, e.flush()
}

// exporter is one export under way.
type exporter struct {
	out     *bufio.Writer
	counted *counting
	options Options
	append  func(c *contactstore.Contact) error // writes one contact to out
	waiting int                                 // contacts written since the last flush
	summary Summary
}

// begin decides how contacts are written, and writes what stands before them.
func (e *exporter) begin(ctx context.Context, store contactstore.Store, workspace string) error {
	switch e.options.Format {
	case "", Lines:
		var line []byte // reused
		e.append = func(c *contactstore.Contact) error {
			line = append(contactstore.AppendJSON(line[:0], c), '\n')
			_, err := e.out.Write(line)
			return err
		}
		return nil
	case CSV:
		columns, err := usedColumns(ctx, store, workspace, e.options)
		if err != nil {
			return err
		}
		return e.beginCSV(columns)
	}
	return unknownFormat(e.options.Format, Lines, CSV)
}

// write writes a contact, and flushes after each batch.
func (e *exporter) write(r contactstore.Record) error {
	c, err := r.Contact()
	if err != nil {
		return fmt.Errorf("contact %s: %w", r.UUID(), err)
	}
	if err := e.append(c); err != nil {
		return fmt.Errorf("write contacts: %w", err)
	}
	if e.waiting++; e.waiting < e.options.Batch {
		return nil
	}
	return e.flush()
}

func (e *exporter) flush() error {
	if err := e.out.Flush(); err != nil {
		return fmt.Errorf("write contacts: %w", err)
	}
	e.summary.Exported += e.waiting
	e.summary.Rows, e.summary.Bytes, e.waiting = e.summary.Exported, e.counted.bytes, 0
	e.options.progress(Exporting, batch{rowsSoFar: e.summary.Exported, bytesSoFar: e.counted.bytes})
	return nil
}

// writtenColumn is a column of CSV as it is written.
type writtenColumn struct {
	name  string
	print func(c *contactstore.Contact) string
}

// usedColumns gives the columns that say all that CSV can say of the contacts.
func usedColumns(ctx context.Context, store contactstore.Store, workspace string, o Options) ([]writtenColumn, error) {
	fields, used := map[string]bool{}, map[string]bool{}
	for r, err := range o.Filter.Scan(ctx, store, workspace, contactstore.UUID{}, o.Batch) {
		if err != nil {
			return nil, err
		}
		for i := range r.FieldLen() {
			if key, _, text := r.FieldAt(i); text != "" {
				fields[key] = true
			}
		}
		used["contact_id"] = used["contact_id"] || r.ID() != 0
		used["contact_ref"] = used["contact_ref"] || r.Ref() != ""
	}
	var columns []writtenColumn
	for _, a := range attributes() {
		if !a.optional || used[a.name] {
			columns = append(columns, writtenColumn{a.name, a.print})
		}
	}
	columns = append(columns, writtenColumn{"urns", printURNs}, writtenColumn{"groups", printGroups})
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		columns = append(columns, writtenColumn{"field:" + key, func(c *contactstore.Contact) string { return fieldText(c, key) }})
	}
	return columns, nil
}

func fieldText(c *contactstore.Contact, key string) string {
	for _, f := range c.Fields {
		if f.Key == key {
			return f.Text
		}
	}
	return ""
}

func (e *exporter) beginCSV(columns []writtenColumn) error {
	w := csv.NewWriter(e.out)
	cells := make([]string, len(columns)) // reused
	write := func() error {
		if err := w.Write(cells); err != nil {
			return err
		}
		w.Flush() // into out
		return w.Error()
	}
	e.append = func(c *contactstore.Contact) error {
		for i, column := range columns {
			cells[i] = column.print(c)
		}
		return write()
	}
	for i, column := range columns {
		cells[i] = column.name
	}
	return write()
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
