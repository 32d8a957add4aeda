package redisstore

import (
	"context"
	"slices"
	"strconv"

	"github.com/flowexpr/flowexpr/contactstore"
)

// maxAttempts bounds how often a write reads anew because the record changed between its read and its script.
const maxAttempts = 16

// Put stores a record over the version before its own. Where this process read or wrote the contact lately that is one
// round trip, one more for new URNs and two more for URNs that go; else it reads the contact first.
func (s *Store) Put(ctx context.Context, r contactstore.Record) (err error) {
	defer s.counters.wrote(&err)
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.storable(r); err != nil {
		return err
	}
	return s.put(ctx, r)
}

func (s *Store) put(ctx context.Context, r contactstore.Record) error {
	before := held{}
	if r.Version() > 1 {
		before = s.recent.guess(r.Workspace(), r.UUID())
	}
	for range maxAttempts {
		if before.Version()+1 == r.Version() {
			c := putting(before, r)
			if err := s.apply(ctx, c); err != nil || c.outcome != stale {
				return errorOr(err, c.err)
			}
			s.counters.retries.Add(1)
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

// errorOr gives the first error.
func errorOr(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// Delete removes a contact and gives its URNs back.
func (s *Store) Delete(ctx context.Context, workspace string, id contactstore.UUID, version uint64) (err error) {
	defer s.counters.wrote(&err)
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
		c := removing(before)
		if err := s.apply(ctx, c); err != nil || c.outcome != stale {
			return errorOr(err, c.err)
		}
		s.counters.retries.Add(1)
	}
	return contactstore.Stale(id)
}

// PutSettings stores settings over the version before theirs.
func (s *Store) PutSettings(ctx context.Context, workspace string, data []byte, version uint64) (err error) {
	defer s.counters.wrote(&err)
	if err := s.ready(ctx, workspace); err != nil {
		return err
	}
	if version == 0 {
		return contactstore.StaleSettings(workspace)
	}
	before, now := strconv.FormatUint(version-1, 10), strconv.FormatUint(version, 10)
	setting := s.scripts.settings.calling([]string{settingsKey(workspace)}, before, now, slices.Clone(data))
	s.run(ctx, setting)
	answer, err := setting.answer()
	if err != nil {
		return s.failed(ctx, err)
	}
	if answer == answerChanged {
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
