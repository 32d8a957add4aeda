package redisstore

import (
	"context"

	"github.com/flowexpr/flowexpr/contactstore"
)

// maxBatch is the most records written in one go.
const maxBatch = 500

// PutMany stores records in order, each as Put does, by pipelines. Where the network fails, any of them may have been
// stored.
func (s *Store) PutMany(ctx context.Context, rs []contactstore.Record) (errs []error, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	defer func() { s.counters.wroteMany(errs, err) }()
	errs = make([]error, len(rs))
	for from := 0; from < len(rs); {
		to := from + distinct(rs[from:])
		if err := s.putSome(ctx, rs[from:to], errs[from:to]); err != nil {
			return errs, err
		}
		from = to
	}
	return errs, nil
}

// distinct counts how many of the next records are of different contacts, at most maxBatch: what becomes of the second
// record of a contact depends on what became of the first.
func distinct(rs []contactstore.Record) int {
	type contact struct {
		workspace string
		id        contactstore.UUID
	}
	seen := make(map[contact]bool, min(len(rs), maxBatch))
	for i, r := range rs {
		if r.IsZero() {
			continue
		}
		c := contact{r.Workspace(), r.UUID()}
		if seen[c] || i == maxBatch {
			return i
		}
		seen[c] = true
	}
	return len(rs)
}

// putSome stores records of different contacts.
func (s *Store) putSome(ctx context.Context, rs []contactstore.Record, errs []error) error {
	befores, err := s.befores(ctx, rs, errs)
	if err != nil {
		return err
	}
	var changes []*change
	var at []int // where their records are
	for i, r := range rs {
		if errs[i] == nil {
			changes, at = append(changes, putting(befores[i], r)), append(at, i)
		}
	}
	for len(changes) > 0 {
		n := independent(changes)
		err := s.apply(ctx, changes[:n]...)
		for i, c := range changes[:n] {
			if errs[at[i]] = c.err; err == nil && c.outcome == stale {
				errs[at[i]] = s.putAgain(ctx, c)
			}
		}
		if err != nil {
			return err
		}
		changes, at = changes[n:], at[n:]
	}
	return nil
}

// putAgain stores the record of a change for whose contact something else is stored than was a moment ago.
func (s *Store) putAgain(ctx context.Context, c *change) error {
	s.counters.retries.Add(1)
	return s.put(ctx, c.after)
}

// independent counts how many of the next changes have no URN in common: of two that have, the second depends on what
// became of the first.
func independent(changes []*change) int {
	type urn struct{ workspace, identity string }
	seen := make(map[urn]bool, 2*len(changes))
	for i, c := range changes {
		for _, identities := range [][]string{c.gains, c.losses} {
			for _, identity := range identities {
				if seen[urn{c.workspace, identity}] {
					return i
				}
			}
		}
		for _, identities := range [][]string{c.gains, c.losses} {
			for _, identity := range identities {
				seen[urn{c.workspace, identity}] = true
			}
		}
	}
	return len(changes)
}

// befores reads what the records replace, and refuses those whose version is not the next.
func (s *Store) befores(ctx context.Context, rs []contactstore.Record, errs []error) ([]held, error) {
	out := make([]held, len(rs))
	wanted := map[string][]int{}
	for i, r := range rs {
		if errs[i] = s.storable(r); errs[i] == nil && r.Version() != 1 {
			wanted[r.Workspace()] = append(wanted[r.Workspace()], i)
		}
	}
	for workspace, at := range wanted {
		ids := make([]contactstore.UUID, len(at))
		for n, i := range at {
			ids[n] = rs[i].UUID()
		}
		err := s.fetch(ctx, workspace, ids, func(n int, f fetched) error {
			i := at[n]
			if out[i], errs[i] = f.open(workspace, ids[n]); errs[i] == nil && out[i].Version()+1 != rs[i].Version() {
				errs[i] = contactstore.Stale(rs[i].UUID())
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}
