package redisstore

import (
	"errors"
	"sync/atomic"

	"github.com/flowexpr/flowexpr/contactstore"
)

// Stats counts what a store did since it was opened.
type Stats struct {
	Gets      uint64 // contacts read by UUID, alone or with others, found or not
	Finds     uint64 // contacts looked up by URN
	Lists     uint64 // pages listed
	Writes    uint64 // contacts and settings written or removed
	Stale     uint64 // writes refused because somebody else was faster
	Conflicts uint64 // writes refused because another contact has the URN
	Errors    uint64 // calls that failed for another reason: the server, the network or a damaged record
	Retries   uint64 // attempts to write that were made again because the contact changed on the way
	Takeovers uint64 // claims of URNs that were left by writes that never ended, and taken over

	Connections     uint32 // open now, to all servers together
	IdleConnections uint32 // of these, unused now
	PoolTimeouts    uint32 // calls that had no connection in time
}

// Stats gives the counts of now.
func (s *Store) Stats() Stats {
	c, pool := &s.counters, s.client.PoolStats()
	return Stats{
		Gets: c.gets.Load(), Finds: c.finds.Load(), Lists: c.lists.Load(), Writes: c.writes.Load(),
		Stale: c.stale.Load(), Conflicts: c.conflicts.Load(), Errors: c.errors.Load(),
		Retries: c.retries.Load(), Takeovers: c.takeovers.Load(),
		Connections: pool.TotalConns, IdleConnections: pool.IdleConns, PoolTimeouts: pool.Timeouts,
	}
}

type counters struct {
	gets, finds, lists, writes, stale, conflicts, errors, retries, takeovers atomic.Uint64
}

// read counts n reads of a kind, and whether they failed.
func (c *counters) read(kind *atomic.Uint64, n int, err *error) {
	kind.Add(uint64(n))
	if *err != nil && !errors.Is(*err, contactstore.ErrNotFound) {
		c.errors.Add(1)
	}
}

// wrote counts a write by its outcome.
func (c *counters) wrote(err *error) {
	switch {
	case *err == nil:
		c.writes.Add(1)
	case errors.Is(*err, contactstore.ErrVersion):
		c.stale.Add(1)
	case errors.Is(*err, contactstore.ErrConflict):
		c.conflicts.Add(1)
	case !errors.Is(*err, contactstore.ErrNotFound):
		c.errors.Add(1)
	}
}

// wroteMany counts a batch of writes.
func (c *counters) wroteMany(errs []error, err error) {
	if err != nil { // which of them were written is not known
		c.errors.Add(1)
		return
	}
	for i := range errs {
		c.wrote(&errs[i])
	}
}
