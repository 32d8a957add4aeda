package tiered

import (
	"math"
	"sync"
	"sync/atomic"
	"time"
	"unique"

	"github.com/maypok86/otter/v2"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/tiered/rediscache"
)

// shards is how many parts the locks and counters of a store have, so that contacts seldom wait for each other.
const shards = 256

// key names a contact.
type key = rediscache.Contact

// entry is what is known of a contact.
type entry struct {
	record contactstore.Record // the zero Record = there is no such contact
	tier   Tier                // where it comes from
	asked  time.Duration       // when the system of record was asked at the latest, on the store's clock
}

// kept is an entry in the near cache. Of four words the compiler keeps all in registers: with five a hit costs half more.
type kept struct {
	record contactstore.Record
	asked  time.Duration
	lifeMS uint32 // how long after that it may be given
	era    uint32 // of the near cache
}

func (k kept) life() time.Duration { return time.Duration(k.lifeMS) * time.Millisecond }

func (k kept) entry() entry { return entry{record: k.record, tier: TierNear, asked: k.asked} }

// near is the near cache: records in this process, bounded in bytes. It hears of changes by the methods of
// contactstore.Changes, and is of no use while it may miss some. A nil *near keeps nothing.
type near struct {
	counters *counters
	clock    func() time.Duration
	cache    *otter.Cache[key, kept]
	era      atomic.Uint32 // odd = in use; every gap begins a new one, so that nothing from before it is given
	turns    [shards]turns
}

// turns counts the changes of some contacts. Its lock makes one step of a look at the count and a write to the cache.
type turns struct {
	mu sync.Mutex
	n  uint64
}

// ticket is where the changes of a contact stood when it was asked for.
type ticket struct {
	era  uint32
	turn uint64
}

// entryBytes is about what an entry takes beside its record, in bytes.
const entryBytes = 192

func newNear(bytes int64, clock func() time.Duration, counters *counters) (*near, error) {
	n := &near{counters: counters, clock: clock}
	cache, err := otter.New(&otter.Options[key, kept]{
		MaximumWeight: uint64(bytes),
		Weigher:       func(_ key, e kept) uint32 { return uint32(len(e.record.Bytes()) + entryBytes) },
		OnAtomicDeletion: func(e otter.DeletionEvent[key, kept]) {
			if e.WasEvicted() {
				counters.evictions.Add(1)
			}
		},
		// Its upkeep is done by whoever comes at the time: a goroutine for it costs reads more than what it does.
		Executor: func(upkeep func()) { upkeep() },
	})
	n.cache = cache
	return n, err
}

// get gives what is kept for a contact. Fast path: it allocates nothing.
func (n *near) get(k *key) (kept, bool) {
	if n == nil {
		return kept{}, false
	}
	e, ok := n.cache.GetIfPresent(*k)
	return e, ok && e.era == n.era.Load() && n.clock()-e.asked < e.life()
}

// ticket is taken before a contact is asked for.
func (n *near) ticket(k key) ticket {
	if n == nil {
		return ticket{}
	}
	t := &n.turns[k.Shard()%shards]
	t.mu.Lock()
	defer t.mu.Unlock()
	return ticket{era: n.era.Load(), turn: t.n}
}

// keep keeps what was found for a contact, unless it may have changed since the ticket was taken. Here a record is
// checked to be the contact's: nothing changes it while it is kept.
func (n *near) keep(k key, taken ticket, e entry, until time.Duration) {
	if n == nil || taken.era%2 == 0 || until <= n.clock() {
		return
	}
	if !e.record.IsZero() {
		if e.record.UUID() != k.UUID || e.record.Workspace() != k.Workspace {
			n.counters.near.Damaged.Add(1)
			return
		}
	}
	// One text for all contacts of a workspace: to look at it costs no memory that is far away, as the record's own would.
	k.Workspace = unique.Make(k.Workspace).Value()
	t := &n.turns[k.Shard()%shards]
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.n != taken.turn {
		n.counters.raced.Add(1)
		return
	}
	n.cache.Set(k, kept{record: e.record, asked: e.asked, lifeMS: uint32(min((until - e.asked).Milliseconds(), math.MaxUint32)), era: taken.era})
}

// Changed forgets a contact.
func (n *near) Changed(workspace string, id contactstore.UUID) {
	n.counters.invalidations.Add(1)
	n.drop(key{Workspace: workspace, UUID: id})
}

func (n *near) drop(k key) {
	if n == nil {
		return
	}
	t := &n.turns[k.Shard()%shards]
	t.mu.Lock()
	defer t.mu.Unlock()
	t.n++
	n.cache.Invalidate(k)
}

// Following takes the cache into use, empty.
func (n *near) Following() { n.begin(1) }

// Missing takes the cache out of use.
func (n *near) Missing() {
	n.counters.gaps.Add(1)
	n.begin(0)
}

// begin begins an era, odd or even.
func (n *near) begin(odd uint32) {
	for {
		era := n.era.Load()
		next := era + 1
		if next%2 != odd {
			next++
		}
		if n.era.CompareAndSwap(era, next) {
			break
		}
	}
	n.cache.InvalidateAll() // for the memory; the era has made them useless
}

// following reports whether the cache is in use.
func (n *near) following() bool { return n != nil && n.era.Load()%2 == 1 }
