package tiered

import (
	"context"
	"errors"
	"time"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/tiered/rediscache"
)

// Reading is a record, and how far it may be behind the system of record.
type Reading struct {
	Record contactstore.Record
	Age    time.Duration // since the system of record was asked; in the shared cache by the clock of who asked it
	Tier   Tier          // where the record came from
}

// Get gives one contact. Fast path: the near cache has it.
func (s *Store) Get(ctx context.Context, workspace string, id contactstore.UUID) (contactstore.Record, error) {
	if err := ctx.Err(); err != nil {
		return contactstore.Record{}, err
	}
	k := key{Workspace: workspace, UUID: id}
	if e, ok := s.near.get(&k); ok {
		s.countNear(e.asked)
		if !e.record.IsZero() {
			return e.record, nil
		}
		return e.record, contactstore.NotFound(id)
	}
	e, err := s.load(ctx, k)
	return e.record, err
}

// GetFresh gives one contact from the system of record. Reads that begin afterwards never give what is older.
func (s *Store) GetFresh(ctx context.Context, workspace string, id contactstore.UUID) (contactstore.Record, error) {
	s.counters.record.Loads.Add(1)
	r, err := s.record.Get(ctx, workspace, id)
	if err != nil && !errors.Is(err, contactstore.ErrNotFound) {
		return r, s.failed(err)
	}
	k := key{Workspace: workspace, UUID: id}
	if s.shared != nil {
		s.shared.outdate(ctx, k, r)
	}
	s.near.drop(k)
	return r, err
}

// Read gives one contact and how old what it gives may be.
func (s *Store) Read(ctx context.Context, workspace string, id contactstore.UUID) (Reading, error) {
	if err := ctx.Err(); err != nil {
		return Reading{}, err
	}
	e, err := s.load(ctx, key{Workspace: workspace, UUID: id})
	return Reading{Record: e.record, Age: max(s.clock()-e.asked, 0), Tier: e.tier}, err
}

// GetAged gives one contact, and how far it may be behind the system of record.
func (s *Store) GetAged(ctx context.Context, workspace string, id contactstore.UUID) (contactstore.Record, time.Duration, error) {
	reading, err := s.Read(ctx, workspace, id)
	return reading.Record, reading.Age, err
}

// there gives an error that matches ErrNotFound where there is no such contact.
func there(k key, r contactstore.Record) error {
	if r.IsZero() {
		return contactstore.NotFound(k.UUID)
	}
	return nil
}

// countNear counts a hit, and looks at the age of some.
func (s *Store) countNear(asked time.Duration) {
	if n := s.counters.nearHits.add(); n%64 == 0 {
		s.counters.ages[TierNear].add(s.clock() - asked)
	}
}

// load gets a contact from the near cache or from beyond it, or an error that matches ErrNotFound.
func (s *Store) load(ctx context.Context, k key) (entry, error) {
	near := func() (entry, bool) {
		e, ok := s.near.get(&k)
		if ok {
			s.countNear(e.asked)
		}
		return e.entry(), ok
	}
	e, ok := near()
	if !ok {
		var err error
		e, err = s.flights.do(ctx, k, func() (entry, error) {
			if e, ok := near(); ok { // whoever loaded it a moment ago has left it there
				return e, nil
			}
			entries := make([]entry, 1)
			err := s.loadMany(ctx, []key{k}, entries)
			return entries[0], err
		})
		if err != nil {
			return entry{}, err
		}
	}
	return e, there(k, e.record)
}

// loadMany gets contacts from beyond the near cache, and keeps them there where they did not change on the way.
func (s *Store) loadMany(ctx context.Context, of []key, entries []entry) error {
	tickets := make([]ticket, len(of))
	for i, k := range of {
		tickets[i] = s.near.ticket(k)
	}
	if s.near != nil {
		s.counters.near.Misses.Add(uint64(len(of)))
	}
	asked := s.clock()
	missing, leases, keep := s.fromShared(ctx, of, entries)
	if len(missing) > 0 {
		if err := s.fromRecord(ctx, of, missing, leases, entries); err != nil {
			return err
		}
	}
	for i, k := range of {
		e := &entries[i]
		s.counters.ages[e.tier].add(max(s.clock()-e.asked, 0))
		if keep == nil || keep[i] {
			s.near.keep(k, tickets[i], *e, asked+s.lifeOf(e.record))
		}
	}
	return nil
}

func (s *Store) lifeOf(r contactstore.Record) time.Duration {
	if r.IsZero() {
		return s.nothing
	}
	return s.nearLife
}

// fromShared fills in what the shared cache has. It gives the places of what it has not, a lease for each of them or
// nil, and which contacts may be kept: not those that somebody is writing, nor those that it could not be asked about.
// keep is nil where there is no shared cache.
func (s *Store) fromShared(ctx context.Context, of []key, entries []entry) (missing []int, leases []rediscache.Lease, keep []bool) {
	if s.shared == nil {
		return all(len(of)), nil, nil
	}
	keep = make([]bool, len(of))
	found, ok := s.shared.get(ctx, s.shared.usable(of))
	if !ok || len(found) != len(of) { // some are owed: all of them pass it by
		return all(len(of)), nil, keep
	}
	var want []key
	for i, f := range found {
		if f.State != rediscache.Hit {
			missing, want = append(missing, i), append(want, of[i])
			continue
		}
		entries[i] = entry{record: f.Record, tier: TierShared, asked: s.clock() - max(time.Since(f.Asked), 0)}
		keep[i] = true
	}
	if len(want) == 0 {
		return nil, nil, keep
	}
	if leases, ok = s.shared.lease(ctx, want); !ok {
		return missing, nil, keep
	}
	for n, i := range missing {
		keep[i] = !leases[n].Writing
	}
	return missing, leases, keep
}

func all(n int) []int {
	places := make([]int, n)
	for i := range places {
		places[i] = i
	}
	return places
}

// fromRecord fills in what the caches have not, by one question, and puts it into the shared cache by the leases.
func (s *Store) fromRecord(ctx context.Context, of []key, missing []int, leases []rediscache.Lease, entries []entry) error {
	asked, wall := s.clock(), time.Now()
	records, err := s.ask(ctx, of, missing)
	if err != nil {
		return err
	}
	var fills []rediscache.Fill
	for n, i := range missing {
		entries[i] = entry{record: records[n], tier: TierRecord, asked: asked}
		if records[n].IsZero() {
			s.counters.record.NotFound.Add(1)
		}
		if leases != nil {
			fills = append(fills, rediscache.Fill{Of: of[i], Lease: leases[n], Record: records[n], Asked: wall})
		}
	}
	if len(fills) > 0 {
		s.shared.fill(ctx, fills)
	}
	return nil
}

// ask asks the system of record for some contacts of one workspace, the zero Record for those that it has not.
func (s *Store) ask(ctx context.Context, of []key, places []int) ([]contactstore.Record, error) {
	s.counters.record.Loads.Add(uint64(len(places)))
	workspace := of[places[0]].Workspace
	if len(places) == 1 {
		r, err := s.record.Get(ctx, workspace, of[places[0]].UUID)
		if errors.Is(err, contactstore.ErrNotFound) {
			err = nil
		}
		return []contactstore.Record{r}, s.failed(err)
	}
	ids := make([]contactstore.UUID, len(places))
	for n, i := range places {
		ids[n] = of[i].UUID
	}
	records, err := s.record.GetMany(ctx, workspace, ids)
	return records, s.failed(err)
}

// failed counts an error of the system of record.
func (s *Store) failed(err error) error {
	if err != nil && !isContext(err) {
		s.counters.record.Errors.Add(1)
	}
	return err
}

// GetMany gives several contacts in the order asked for: those of the near cache, then those of the shared cache by one
// question, then the others by one question of the system of record.
func (s *Store) GetMany(ctx context.Context, workspace string, ids []contactstore.UUID) ([]contactstore.Record, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	out := make([]contactstore.Record, len(ids))
	var want []key
	var places []int
	for i, id := range ids {
		k := key{Workspace: workspace, UUID: id}
		if e, ok := s.near.get(&k); ok {
			s.countNear(e.asked)
			out[i] = e.record
			continue
		}
		want, places = append(want, k), append(places, i)
	}
	if len(want) == 0 {
		return out, nil
	}
	entries := make([]entry, len(want))
	if err := s.loadMany(ctx, want, entries); err != nil {
		return nil, err
	}
	for n, i := range places {
		out[i] = entries[n].record
	}
	return out, nil
}
