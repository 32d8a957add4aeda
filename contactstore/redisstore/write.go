package redisstore

import (
	"context"
	"slices"
	"strconv"

	"github.com/redis/go-redis/v9"

	"github.com/flowexpr/flowexpr/contactstore"
)

// maxAttempts bounds how often a write reads anew because the record changed between its read and its script.
const maxAttempts = 16

// maxPipeline is the most records sent in one go.
const maxPipeline = 500

// changed is the scripts' answer where another record is stored than the writer read.
const changed = -1

// Put stores a record over the version before its own: one round trip where
// this process read or wrote the contact lately, else two.
func (s *Store) Put(ctx context.Context, r contactstore.Record) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.storable(r); err != nil {
		return err
	}
	before := s.recent.guess(r.Workspace(), r.UUID())
	if r.Version() == 1 {
		before = held{}
	}
	for range maxAttempts {
		if before.Version()+1 == r.Version() {
			done, err := s.tryPut(ctx, before, r)
			if done || err != nil {
				return err
			}
		}
		var err error
		if before, err = s.read(ctx, r.Workspace(), r.UUID()); err != nil {
			return err
		}
		if before.Version()+1 != r.Version() {
			break
		}
	}
	return contactstore.Stale(r.UUID())
}

// tryPut is not done where another record is stored than before.
func (s *Store) tryPut(ctx context.Context, before held, r contactstore.Record) (done bool, err error) {
	keys, args := putCall(before, r)
	answer, err := s.scripts.put.run(ctx, s.client, keys, args...)
	if err != nil {
		return false, s.failed(ctx, err)
	}
	if answer == changed {
		return false, nil
	}
	return true, s.settle(r, keys, answer)
}

// settle turns the put script's answer, other than changed, into the outcome.
func (s *Store) settle(r contactstore.Record, keys []string, answer int) error {
	if answer > 0 {
		return contactstore.Conflict(keys[1+answer][len(urnKey(r.Workspace(), "")):])
	}
	s.recent.keep(held{r, r.Bytes()})
	return nil
}

// putCall is what the put script is called with.
func putCall(before held, r contactstore.Record) (keys []string, args []any) {
	keys = []string{contactKey(r.Workspace(), r.UUID()), idsKey(r.Workspace())}
	for identity := range r.Identities() {
		keys = append(keys, urnKey(r.Workspace(), identity))
	}
	urns := len(keys) - 2
	for identity := range before.Record.Identities() {
		if !r.Has(identity) {
			keys = append(keys, urnKey(r.Workspace(), identity))
		}
	}
	return keys, []any{before.hash(), r.UUID().String(), r.Bytes(), urns}
}

// PutMany stores records in order, each as Put does, by pipelines. Where the
// network fails, those before it may have been stored.
func (s *Store) PutMany(ctx context.Context, rs []contactstore.Record) ([]error, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	errs := make([]error, len(rs))
	for from := 0; from < len(rs); {
		to := from + distinct(rs[from:])
		if err := s.putSome(ctx, rs[from:to], errs[from:to]); err != nil {
			return errs, err
		}
		from = to
	}
	return errs, nil
}

// distinct counts how many of the next records go into one pipeline: no contact
// comes twice in it, because the second write depends on what became of the first.
func distinct(rs []contactstore.Record) int {
	type contact struct {
		workspace string
		id        contactstore.UUID
	}
	seen := make(map[contact]bool, min(len(rs), maxPipeline))
	for i, r := range rs {
		if r.IsZero() {
			continue
		}
		c := contact{r.Workspace(), r.UUID()}
		if seen[c] || i == maxPipeline {
			return i
		}
		seen[c] = true
	}
	return len(rs)
}

// call is one record of a pipeline.
type call struct {
	at   int // in the batch
	keys []string
	cmd  once
}

// putSome stores records of different contacts.
func (s *Store) putSome(ctx context.Context, rs []contactstore.Record, errs []error) error {
	befores, err := s.befores(ctx, rs, errs)
	if err != nil {
		return err
	}
	pipe := s.client.Pipeline()
	var calls []call
	known := map[string]bool{} // workspaces whose server has the script by now
	for i, r := range rs {
		if errs[i] != nil {
			continue
		}
		keys, args := putCall(befores[i], r)
		form := s.scripts.put.bySHA
		if !known[r.Workspace()] {
			form, known[r.Workspace()] = s.scripts.put.byText, true
		}
		calls = append(calls, call{i, keys, form(ctx, keys, args...)})
		_ = pipe.Process(ctx, calls[len(calls)-1].cmd) // only enqueues
	}
	if len(calls) == 0 {
		return nil
	}
	_, pipeErr := pipe.Exec(ctx)
	for _, c := range calls {
		if errs[c.at], err = s.outcome(ctx, rs[c.at], c); err != nil {
			return err
		}
	}
	if pipeErr != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return nil
}

// outcome gives what became of one record of a pipeline; its second result fails the whole batch.
func (s *Store) outcome(ctx context.Context, r contactstore.Record, c call) (refused, err error) {
	answer, err := c.cmd.Int()
	if redis.HasErrorPrefix(err, "NOSCRIPT") { // flushed in the middle of the pipeline: nothing was done
		return s.Put(ctx, r), nil
	}
	if err != nil {
		return nil, s.failed(ctx, err)
	}
	if answer != changed {
		return s.settle(r, c.keys, answer), nil
	}
	if r.Version() == 1 {
		return contactstore.Stale(r.UUID()), nil
	}
	return s.Put(ctx, r), nil // changed since it was read a moment ago
}

// befores reads what the records replace, and refuses those whose version is not the next.
func (s *Store) befores(ctx context.Context, rs []contactstore.Record, errs []error) ([]held, error) {
	out := make([]held, len(rs))
	wanted := map[string][]int{}
	for i, r := range rs {
		if errs[i] = s.storable(r); errs[i] == nil && r.Version() > 1 {
			wanted[r.Workspace()] = append(wanted[r.Workspace()], i)
		}
	}
	for workspace, at := range wanted {
		ids := make([]contactstore.UUID, len(at))
		for n, i := range at {
			ids[n] = rs[i].UUID()
		}
		found, err := s.fetch(ctx, workspace, ids)
		if err != nil {
			return nil, err
		}
		for n, i := range at {
			if out[i], errs[i] = found[n].open(workspace, ids[n]); errs[i] == nil && out[i].Version()+1 != rs[i].Version() {
				errs[i] = contactstore.Stale(rs[i].UUID())
			}
		}
	}
	return out, nil
}

// Delete removes a contact and gives its URNs back.
func (s *Store) Delete(ctx context.Context, workspace string, id contactstore.UUID, version uint64) error {
	for range maxAttempts {
		before, err := s.read(ctx, workspace, id)
		switch {
		case err != nil:
			return err
		case before.IsZero():
			return contactstore.NotFound(id)
		case version != 0 && version != before.Version():
			return contactstore.Stale(id)
		}
		keys := []string{contactKey(workspace, id), idsKey(workspace)}
		for identity := range before.Record.Identities() {
			keys = append(keys, urnKey(workspace, identity))
		}
		answer, err := s.scripts.delete.run(ctx, s.client, keys, before.hash(), id.String())
		if err != nil {
			return s.failed(ctx, err)
		}
		if answer != changed {
			return nil
		}
	}
	return contactstore.Stale(id)
}

// PutSettings stores settings over the version before theirs.
func (s *Store) PutSettings(ctx context.Context, workspace string, data []byte, version uint64) error {
	if err := s.ready(ctx, workspace); err != nil {
		return err
	}
	if version == 0 {
		return contactstore.StaleSettings(workspace)
	}
	before, now := strconv.FormatUint(version-1, 10), strconv.FormatUint(version, 10)
	answer, err := s.scripts.settings.run(ctx, s.client, []string{settingsKey(workspace)}, before, now, slices.Clone(data))
	if err != nil {
		return s.failed(ctx, err)
	}
	if answer == changed {
		return contactstore.StaleSettings(workspace)
	}
	return nil
}

func (s *Store) storable(r contactstore.Record) error {
	if err := r.Storable(); err != nil {
		return err
	}
	return workspaceError(r.Workspace())
}
