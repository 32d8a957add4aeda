package transfer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/flowexpr/flowexpr/contactstore"
)

// batch is some rows of the file, parsed.
type batch struct {
	rows       []*row
	rowsSoFar  int
	bytesSoFar int64
	last       bool // the file ends with it; it may be empty
}

// batches reads and parses the file, one batch ahead of whoever takes them. It
// stops at the end of the file, after an error, or when ctx is done.
func batches(ctx context.Context, r io.Reader, workspace string, o Options) iter.Seq2[batch, error] {
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
			source := reader{lines: newLines(r, o.MaxLine), workspace: workspace, size: o.Batch}
			for {
				b, err := source.next()
				select {
				case results <- result{b, err}:
				case <-ctx.Done():
					return
				}
				if err != nil || b.last {
					return
				}
			}
		}()
		for {
			select {
			case got := <-results:
				if !yield(got.batch, got.err) || got.err != nil || got.last {
					return
				}
			case <-ctx.Done():
				yield(batch{}, ctx.Err())
				return
			}
		}
	}
}

// reader makes batches of lines.
type reader struct {
	lines     *lines
	workspace string
	size      int
	rows      int
}

// next gives the next rows.
func (r *reader) next() (batch, error) {
	texts := make([]line, 0, r.size)
	ended := false
	for len(texts) < r.size {
		l, err := r.lines.next()
		if ended = errors.Is(err, io.EOF); ended {
			break
		}
		if err != nil {
			return batch{}, fmt.Errorf("read line %d: %w", r.lines.number+1, err)
		}
		texts = append(texts, l)
	}
	rows := make([]*row, len(texts))
	each(len(texts), func(i int) { rows[i] = parse(texts[i], r.workspace) })
	r.rows += len(rows)
	return batch{rows, r.rows, r.lines.bytes, ended}, nil
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
