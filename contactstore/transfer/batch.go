package transfer

import (
	"context"
	"iter"

	"github.com/flowexpr/flowexpr/contactstore"
)

// batch is some rows of the file, parsed.
type batch struct {
	rows       []*row
	rowsSoFar  int
	bytesSoFar int64
}

// batches reads and parses the file, one batch ahead of whoever takes them. It stops at the end of the file, after an
// error, or when ctx is done. The last batch may be empty.
func batches(ctx context.Context, s source, workspace string, o Options) iter.Seq2[batch, error] {
	type result struct {
		batch
		err error
	}
	return func(yield func(batch, error) bool) {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		results := make(chan result)
		go func() {
			defer close(results)
			p := parser{source: s, workspace: workspace, size: o.Batch}
			p.run(func(b batch, err error) bool {
				select {
				case results <- result{b, err}:
					return true
				case <-ctx.Done():
					return false
				}
			})
		}()
		for {
			select {
			case got, ok := <-results:
				if !ok || !yield(got.batch, got.err) || got.err != nil {
					return
				}
			case <-ctx.Done():
				yield(batch{}, ctx.Err())
				return
			}
		}
	}
}

// parser makes batches of rows.
type parser struct {
	source    source
	workspace string
	size      int
	waiting   []raw
	rows      int
}

// run parses the rows of the source, and gives the rows before an error before the error.
func (p *parser) run(give func(batch, error) bool) {
	for r, err := range p.source.rows() {
		if err != nil {
			_ = give(p.batch(), nil) && give(batch{}, err)
			return
		}
		if p.waiting = append(p.waiting, r); len(p.waiting) == p.size && !give(p.batch(), nil) {
			return
		}
	}
	give(p.batch(), nil)
}

// batch parses the rows that wait.
func (p *parser) batch() batch {
	rows := make([]*row, len(p.waiting))
	each(len(rows), func(i int) { rows[i] = parse(p.source, p.waiting[i], p.workspace) })
	p.rows += len(rows)
	p.waiting = p.waiting[:0]
	return batch{rows, p.rows, p.source.offset()}
}

// distinct cuts rows so that no contact comes twice in a part.
func distinct(rows []*row) iter.Seq[[]*row] {
	return func(yield func([]*row) bool) {
		from := 0
		seen := make(map[contactstore.UUID]bool, len(rows))
		for i, r := range rows {
			if r.problem != nil {
				continue
			}
			if seen[r.contact.UUID] {
				if !yield(rows[from:i]) {
					return
				}
				from = i
				clear(seen)
			}
			seen[r.contact.UUID] = true
		}
		if from < len(rows) {
			yield(rows[from:])
		}
	}
}
