package metrics

import (
	"math/bits"
	"runtime"
	"sync/atomic"
	"time"
)

// maxStripes bounds the parts of a counter: with more processors some share one.
const maxStripes = 32

// stripes is how many parts a counter has: a power of two, so that choosing one is a mask.
func stripes() int {
	return min(maxStripes, 1<<bits.Len(uint(runtime.GOMAXPROCS(0)-1)))
}

// cacheLine is the size of what processors take from each other, in bytes.
const cacheLine = 64

// Count is a number that many processors change at once. Each change names a stripe, which should differ between
// processors: an object of a sync.Pool can carry one. The zero value is not ready; use NewCount.
type Count struct {
	stripes []stripe
}

type stripe struct {
	n atomic.Int64
	_ [cacheLine - 8]byte
}

// NewCount makes a count of 0.
func NewCount() Count { return Count{stripes: make([]stripe, stripes())} }

// Add adds n, which may be negative.
func (c *Count) Add(in uint32, n int64) { c.stripes[int(in)&(len(c.stripes)-1)].n.Add(n) }

// Load gives the sum.
func (c *Count) Load() (n int64) {
	for i := range c.stripes {
		n += c.stripes[i].n.Load()
	}
	return n
}

// MaxBounds is the most upper bounds that a Durations has.
const MaxBounds = 15

// Durations is a histogram of durations that many processors fill at once. An observation costs some ns and allocates
// nothing: two atomic additions in a stripe (Prometheus' own histogram: some 50 ns, with one cache line for all).
type Durations struct {
	bounds  []time.Duration
	stripes []durations
}

type durations struct {
	counts [MaxBounds + 1]atomic.Uint64 // by bound, not cumulative; the one after the last bound is above all
	sum    atomic.Int64
	_      [cacheLine - 8]byte
}

// NewDurations makes a histogram with upper bounds, inclusive and ascending, at most MaxBounds.
func NewDurations(bounds []time.Duration) Durations {
	return Durations{bounds: bounds[:min(len(bounds), MaxBounds)], stripes: make([]durations, stripes())}
}

// Observe counts a duration.
func (d *Durations) Observe(in uint32, took time.Duration) {
	i := 0
	for i < len(d.bounds) && took > d.bounds[i] {
		i++
	}
	part := &d.stripes[int(in)&(len(d.stripes)-1)]
	part.counts[i].Add(1)
	part.sum.Add(int64(took))
}

// Reading is a histogram at one moment.
type Reading struct {
	Bounds []time.Duration // upper, inclusive, ascending
	Counts []uint64        // by bound, not cumulative; one more than bounds
	Sum    time.Duration
}

// Load gives the counts of now.
func (d *Durations) Load() Reading {
	r := Reading{Bounds: d.bounds, Counts: make([]uint64, len(d.bounds)+1)}
	for i := range d.stripes {
		r.Sum += time.Duration(d.stripes[i].sum.Load())
		for bound := range r.Counts {
			r.Counts[bound] += d.stripes[i].counts[bound].Load()
		}
	}
	return r
}

// Total is how many durations were counted.
func (r *Reading) Total() (n uint64) {
	for _, c := range r.Counts {
		n += c
	}
	return n
}
