package tiered

import (
	"sync"
	"sync/atomic"
	"time"
)

// Tier is a place that a record can come from.
type Tier uint8

// The tiers, the nearest first.
const (
	TierNear   Tier = iota // the near cache in this process
	TierShared             // the shared cache in Redis
	TierRecord             // the system of record
	tiers
)

// String gives near, shared or record.
func (t Tier) String() string { return [...]string{"near", "shared", "record"}[min(t, TierRecord)] }

// Stats counts what a store did since it was made, and says how it stands now.
type Stats struct {
	Near   NearStats
	Shared SharedStats
	Record RecordStats
	// Waits counts reads that waited for a load of the same contact by another goroutine.
	Waits uint64
	// Ages says how old records were that reads gave, by tier; of the near cache every 64th is looked at.
	Ages [tiers]Ages
}

// CacheStats counts the looks into one cache.
type CacheStats struct {
	Hits    uint64 // contacts found, or known not to be there
	Misses  uint64 // contacts not found
	Damaged uint64 // of these, contacts for which something else was there than their record
}

// NearStats is the near cache. It is zero where there is none.
type NearStats struct {
	CacheStats
	Invalidations uint64 // changes that other processes, or this one by way of others, told
	Gaps          uint64 // how often changes may have been missed, and the cache was emptied
	Raced         uint64 // loads that were given and not kept, because their contact changed on the way
	Evictions     uint64 // entries that made room
	Entries       uint64 // now
	Bytes         uint64 // now, entries with what they take beside their records
	MaxBytes      uint64
	Following     bool // whether changes are followed now; if not, the cache is not used
}

// SharedStats is the shared cache. It is zero where there is none.
type SharedStats struct {
	CacheStats
	Errors   uint64 // calls that failed or took too long
	Bypassed uint64 // calls that were not made because too many before had failed
	Trips    uint64 // how often that began
	Open     bool   // whether calls are not made now
	Owed     uint64 // contacts now whose copies there are to be removed as soon as it answers
}

// RecordStats is the system of record.
type RecordStats struct {
	Loads    uint64 // contacts asked for by UUID
	NotFound uint64 // of these, contacts that it does not have
	Finds    uint64 // contacts asked for by URN
	Writes   uint64 // contacts written or removed
	Errors   uint64 // calls that failed for another reason than what was asked for
}

// AgeBounds are the upper bounds, inclusive, of the ages that Ages counts.
var AgeBounds = [...]time.Duration{
	time.Millisecond, 10 * time.Millisecond, 100 * time.Millisecond, time.Second, 5 * time.Second, 15 * time.Second, 30 * time.Second,
	time.Minute, 5 * time.Minute, 30 * time.Minute,
}

// Ages is a histogram.
type Ages struct {
	Counts [len(AgeBounds) + 1]uint64 // by bound, not cumulative; the last is above all bounds
	Sum    time.Duration
	Max    time.Duration
}

// Count is how many ages were looked at.
func (a *Ages) Count() (n uint64) {
	for _, c := range a.Counts {
		n += c
	}
	return n
}

type counters struct {
	nearHits striped
	near     struct{ Misses, Damaged atomic.Uint64 }
	shared   struct{ Hits, Misses, Damaged, Errors, Bypassed, Trips atomic.Uint64 }
	record   struct{ Loads, NotFound, Finds, Writes, Errors atomic.Uint64 }
	open     atomic.Bool

	invalidations, gaps, raced, evictions, waits atomic.Uint64

	ages [tiers]ages
}

// breaker notes that the shared cache is left alone, or no longer.
func (c *counters) breaker(open bool) {
	if open && !c.open.Load() {
		c.shared.Trips.Add(1)
	}
	c.open.Store(open)
}

// striped counts what many processors count at once: nearly always each in a cache line that is its own.
type striped struct {
	stripes [64]stripe
	free    sync.Pool // of *stripe: what a processor puts there it gets again
	taken   atomic.Uint32
}

type stripe struct {
	n atomic.Uint64
	_ [56]byte
}

// add counts one, and gives how many were counted in its stripe.
func (s *striped) add() uint64 {
	mine, ok := s.free.Get().(*stripe)
	if !ok {
		mine = &s.stripes[s.taken.Add(1)%uint32(len(s.stripes))]
	}
	n := mine.n.Add(1)
	s.free.Put(mine)
	return n
}

func (s *striped) load() (n uint64) {
	for i := range s.stripes {
		n += s.stripes[i].n.Load()
	}
	return n
}

type ages struct {
	counts   [len(AgeBounds) + 1]atomic.Uint64
	sum, max atomic.Int64
}

func (a *ages) add(age time.Duration) {
	i := 0
	for i < len(AgeBounds) && age > AgeBounds[i] {
		i++
	}
	a.counts[i].Add(1)
	a.sum.Add(int64(age))
	for {
		before := a.max.Load()
		if int64(age) <= before || a.max.CompareAndSwap(before, int64(age)) {
			return
		}
	}
}

func (a *ages) snapshot() Ages {
	out := Ages{Sum: time.Duration(a.sum.Load()), Max: time.Duration(a.max.Load())}
	for i := range a.counts {
		out.Counts[i] = a.counts[i].Load()
	}
	return out
}

// Stats gives the counts of now.
func (s *Store) Stats() Stats {
	c := &s.counters
	out := Stats{
		Waits: c.waits.Load(),
		Record: RecordStats{
			Loads: c.record.Loads.Load(), NotFound: c.record.NotFound.Load(), Finds: c.record.Finds.Load(),
			Writes: c.record.Writes.Load(), Errors: c.record.Errors.Load(),
		},
	}
	for tier := range out.Ages {
		out.Ages[tier] = c.ages[tier].snapshot()
	}
	if s.near != nil {
		out.Near = NearStats{
			CacheStats:    CacheStats{Hits: c.nearHits.load(), Misses: c.near.Misses.Load(), Damaged: c.near.Damaged.Load()},
			Invalidations: c.invalidations.Load(), Gaps: c.gaps.Load(), Raced: c.raced.Load(), Evictions: c.evictions.Load(),
			Entries: uint64(s.near.cache.EstimatedSize()), Bytes: s.near.cache.WeightedSize(), MaxBytes: s.near.cache.GetMaximum(),
			Following: s.near.following(),
		}
	}
	if s.shared != nil {
		out.Shared = SharedStats{
			CacheStats: CacheStats{Hits: c.shared.Hits.Load(), Misses: c.shared.Misses.Load(), Damaged: c.shared.Damaged.Load()},
			Errors:     c.shared.Errors.Load(), Bypassed: c.shared.Bypassed.Load(), Trips: c.shared.Trips.Load(),
			Open: c.open.Load(), Owed: uint64(s.shared.owing.Load()),
		}
	}
	return out
}
