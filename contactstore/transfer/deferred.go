package transfer

import (
	"context"
	"slices"

	"github.com/flowexpr/flowexpr/contactstore"
)

// maxDeferred bounds the text of the rows that wait, in bytes: enough for the
// contacts among which a person moves URNs, and nothing beside a large file.
const maxDeferred = 8 << 20

// deferred are rows refused because another contact had their URN. A later row
// of the file may take it from that contact, so they are tried again at the end.
type deferred struct {
	rows  []*row
	bytes int
}

// keep takes a row, or refuses when enough are waiting.
func (d *deferred) keep(r *row) bool {
	if d.bytes+len(r.text) > maxDeferred {
		return false
	}
	d.rows, d.bytes = append(d.rows, r), d.bytes+len(r.text)
	return true
}

// drop gives up the row that waits for a contact, if there is one.
func (d *deferred) drop(id contactstore.UUID) *row {
	at := slices.IndexFunc(d.rows, func(r *row) bool { return r.contact.UUID == id })
	if at < 0 {
		return nil
	}
	r := d.rows[at]
	d.rows, d.bytes = slices.Delete(d.rows, at, at+1), d.bytes-len(r.text)
	return r
}

// retryDeferred tries the waiting rows until none of them gets any further.
func (i *importer) retryDeferred(ctx context.Context) error {
	rows := i.deferred.rows
	for waiting := len(rows) + 1; len(rows) > 0 && len(rows) < waiting; {
		waiting = len(rows)
		for part := range slices.Chunk(rows, i.options.Batch) {
			for _, r := range part {
				r.problem, r.conflict = nil, false
			}
			if err := i.put(ctx, part); err != nil {
				return err
			}
		}
		rows = slices.DeleteFunc(rows, func(r *row) bool { return r.problem == nil })
	}
	for _, r := range rows {
		i.report(r)
	}
	return nil
}
