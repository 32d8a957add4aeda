package engine

import "github.com/flowexpr/flowexpr/engine/diag"

// Warnings collects what an evaluation has to say beside its text: errors of blocks, and advice. It keeps the first
// so many of them and counts the rest. Its zero value keeps none and counts all.
type Warnings struct {
	// List holds the diagnostics, in template order.
	List []diag.Diagnostic
	// Dropped counts the diagnostics that were not kept.
	Dropped int
	// Errors counts the diagnostics of severity error, those not kept included.
	Errors int

	limit int
	spent int // what the blocks so far cost; it bounds the evaluation
}

// Reset empties the collection and sets how many diagnostics it keeps; the list's memory is kept.
func (w *Warnings) Reset(limit int) {
	*w = Warnings{List: w.List[:0], limit: limit}
}

func (w *Warnings) add(d diag.Diagnostic) {
	if d.Severity == diag.Error {
		w.Errors++
	}
	if len(w.List) >= w.limit {
		w.Dropped++
		return
	}
	w.List = append(w.List, d)
}
