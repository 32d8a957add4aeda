package soak

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
)

// tally counts what was done with one service.
type tally struct {
	mu         sync.Mutex
	operations map[string]int // answered ones, by kind
	faults     map[string]int // by kind
	checked    int            // answers that were held against the model
	writes     int            // that were acknowledged
	unanswered int            // reads
	unknown    int            // writes that were not answered; of those that were settled:
	done       int
	undone     int
	mismatches int
	wrong      []string // the first of them
}

func newTally() *tally { return &tally{operations: map[string]int{}, faults: map[string]int{}} }

// keptMismatches is how many mismatches are told in full.
const keptMismatches = 20

// count changes the tally.
func (t *tally) count(change func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	change()
}

func (t *tally) operation(kind string) {
	t.count(func() {
		t.operations[kind]++
		t.checked++
	})
}

func (t *tally) mismatch(format string, args ...any) {
	t.count(func() {
		t.mismatches++
		if len(t.wrong) < keptMismatches {
			t.wrong = append(t.wrong, fmt.Sprintf(format, args...))
		}
	})
}

// acknowledged is how many writes were.
func (t *tally) acknowledged() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.writes
}

// table writes it all, with what was measured.
func (t *tally) table(m *meter) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var text strings.Builder
	w := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	total := 0
	for _, kind := range slices.Sorted(maps.Keys(t.operations)) {
		fmt.Fprintf(w, "  %s\t%d\n", kind, t.operations[kind])
		total += t.operations[kind]
	}
	fmt.Fprintf(w, "operations\t%d\n", total)
	faults := 0
	for _, kind := range slices.Sorted(maps.Keys(t.faults)) {
		fmt.Fprintf(w, "  %s\t%d\n", kind, t.faults[kind])
		faults += t.faults[kind]
	}
	fmt.Fprintf(w, "faults\t%d\n", faults)
	fmt.Fprintf(w, "answers checked\t%d\n", t.checked)
	fmt.Fprintf(w, "mismatches\t%d\n", t.mismatches)
	fmt.Fprintf(w, "reads not answered\t%d\n", t.unanswered)
	fmt.Fprintf(w, "writes not answered\t%d (%d turned out done, %d not)\n", t.unknown, t.done, t.undone)
	fmt.Fprintf(w, "memory (RSS)\tpeak %.0f MiB; median %.0f, then %.0f MiB\n", m.peakMemory(), m.memory(1), m.memory(2))
	fmt.Fprintf(w, "goroutines\tidle %d before, peak %d, idle %d after\n", m.idle, m.peakGoroutines(), m.after)
	_ = w.Flush()
	return text.String()
}
