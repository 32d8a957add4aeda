package transfer

import (
	"context"
	"errors"
	"io"
	"slices"

	"github.com/flowexpr/flowexpr/contactstore"
)

// maxAttempts bounds how often a row is tried again when another writer changed its contact in between.
const maxAttempts = 16

// Import stores the contacts of r. It returns an error where the work as a whole
// failed: r or the store gave out, ctx was done, or a strict import found
// problems (Error code import_refused); what the summary counts was done nevertheless. Rows
// that were not taken are no error but Problems of the summary.
func Import(ctx context.Context, store contactstore.Store, workspace string, r io.Reader, options Options) (Summary, error) {
	options = options.withDefaults()
	if options.Strict {
		file, ok := r.(io.ReadSeeker)
		if !ok {
			return Summary{}, needsFile(nil)
		}
		if summary, err := checkAll(ctx, store, workspace, file, options); err != nil {
			return summary, err
		}
	}
	i := &importer{store: store, workspace: workspace, options: options}
	err := i.run(ctx, r)
	return i.summary, err
}

// importer is one import under way. One goroutine uses it.
type importer struct {
	store     contactstore.Store
	workspace string
	options   Options
	summary   Summary
	deferred  deferred
}

func (i *importer) run(ctx context.Context, r io.Reader) error {
	source, err := open(ctx, i.store, i.workspace, r, i.options)
	if err != nil {
		return err
	}
	if !i.options.Strict { // the check has told
		i.summary.warn(source.warnings(), i.options)
	}
	for b, err := range batches(ctx, source, i.workspace, i.options) {
		if err != nil {
			return err
		}
		for part := range distinct(b.rows) {
			if err := i.take(ctx, part); err != nil {
				return err
			}
		}
		i.summary.Rows, i.summary.Bytes = b.rowsSoFar, b.bytesSoFar
		i.options.progress(Importing, b)
	}
	return i.retryDeferred(ctx)
}

// take stores rows of different contacts and reports those that are problems.
func (i *importer) take(ctx context.Context, rows []*row) error {
	for _, r := range rows {
		if r.problem == nil {
			i.report(i.deferred.drop(r.contact.UUID)) // this later row replaces one that waits
		}
	}
	if err := i.put(ctx, rows); err != nil {
		return err
	}
	for _, r := range rows {
		if r.conflict && i.deferred.keep(r) {
			continue
		}
		i.report(r)
	}
	return nil
}

// report notes the problem of a row, if it has one.
func (i *importer) report(r *row) {
	if r != nil && r.problem != nil {
		i.summary.note(r, i.options)
	}
}

// put stores rows of different contacts, again where another writer was faster. What cannot be stored becomes a problem of its row.
func (i *importer) put(ctx context.Context, rows []*row) error {
	todo := slices.DeleteFunc(slices.Clone(rows), func(r *row) bool { return r.problem != nil })
	for attempt := 1; len(todo) > 0; attempt++ {
		if err := i.compare(ctx, todo); err != nil {
			return err
		}
		outcomes, err := i.send(ctx, todo)
		if err != nil {
			return err
		}
		var again []*row
		for n, r := range todo {
			repeat, err := i.repeats(ctx, r, outcomes[n])
			if err != nil {
				return err
			}
			if repeat && attempt < maxAttempts {
				again = append(again, r)
			} else {
				i.settle(r, outcomes[n])
			}
		}
		todo = again
	}
	return nil
}

// repeats reports whether a row is to be put again: another writer was faster, or a row that names no UUID turns out
// to be the one of the contact that has its first URN.
func (i *importer) repeats(ctx context.Context, r *row, outcome error) (bool, error) {
	if !r.byURN || !errors.Is(outcome, contactstore.ErrConflict) {
		return errors.Is(outcome, contactstore.ErrVersion), nil
	}
	owner, err := i.store.Find(ctx, i.workspace, r.contact.Connections[0].URN)
	if errors.Is(err, contactstore.ErrNotFound) || err == nil && owner.UUID() == r.contact.UUID {
		return false, nil
	}
	if err == nil {
		r.identify(owner.UUID())
	}
	return true, err
}

// compare decides for each row whether there is something to put.
func (i *importer) compare(ctx context.Context, rows []*row) error {
	ids := make([]contactstore.UUID, len(rows))
	for n, r := range rows {
		ids[n] = r.contact.UUID
	}
	stored, err := i.store.GetMany(ctx, i.workspace, ids)
	if err != nil {
		return err
	}
	each(len(rows), func(n int) { rows[n].compare(stored[n]) })
	return nil
}

// send puts what rows have to put, and gives each row's outcome.
func (i *importer) send(ctx context.Context, rows []*row) ([]error, error) {
	outcomes := make([]error, len(rows))
	var records []contactstore.Record
	var at []int
	for n, r := range rows {
		if !r.record.IsZero() {
			records, at = append(records, r.record), append(at, n)
		}
	}
	if len(records) == 0 {
		return outcomes, nil
	}
	errs, err := i.store.PutMany(ctx, records)
	if err != nil {
		return nil, err
	}
	for k, n := range at {
		outcomes[n] = errs[k]
	}
	return outcomes, nil
}

// settle counts what became of a row.
func (i *importer) settle(r *row, outcome error) {
	switch {
	case r.problem != nil: // could not be encoded
	case outcome != nil:
		r.fail(outcome)
		r.conflict = errors.Is(outcome, contactstore.ErrConflict)
	case r.record.IsZero():
		i.summary.Unchanged++
	case r.isNew:
		i.summary.Added++
	default:
		i.summary.Changed++
	}
}
