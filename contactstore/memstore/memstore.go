// Package memstore keeps contacts in this process's memory: for tests, the
// demo workspace, and evaluating over a file of contacts. Nothing outlives it.
//
//	store := memstore.New()
//	err := store.Put(ctx, record)
//
// Reads share one lock and copy nothing: a Record is a string.
package memstore

import (
	"bytes"
	"context"
	"slices"
	"sync"

	"github.com/flowexpr/flowexpr/contactstore"
)

// Store is a contactstore.Store in memory. Safe for concurrent use.
type Store struct {
	mu     sync.RWMutex
	spaces map[string]*space
}

var _ contactstore.Store = (*Store)(nil)

// New is an empty store.
func New() *Store { return &Store{spaces: map[string]*space{}} }

// Get gives the record of one contact.
func (s *Store) Get(ctx context.Context, workspace string, id contactstore.UUID) (contactstore.Record, error) {
	if err := ctx.Err(); err != nil {
		return contactstore.Record{}, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	r, ok := s.space(workspace).records[id]
	if !ok {
		return contactstore.Record{}, contactstore.NotFound(id)
	}
	return r, nil
}

// GetMany gives the records of several contacts, in the order asked for.
func (s *Store) GetMany(ctx context.Context, workspace string, ids []contactstore.UUID) ([]contactstore.Record, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	out := make([]contactstore.Record, len(ids))
	s.mu.RLock()
	defer s.mu.RUnlock()
	records := s.space(workspace).records
	for i, id := range ids {
		out[i] = records[id]
	}
	return out, nil
}

// Find gives the record of the contact that has a URN.
func (s *Store) Find(ctx context.Context, workspace string, urn contactstore.URN) (contactstore.Record, error) {
	if err := ctx.Err(); err != nil {
		return contactstore.Record{}, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	in := s.space(workspace)
	id, ok := in.owners[urn.Identity()]
	if !ok {
		return contactstore.Record{}, contactstore.URNNotFound(urn)
	}
	return in.records[id], nil
}

// List gives up to limit records after a UUID, in the order of UUIDs.
func (s *Store) List(ctx context.Context, workspace string, after contactstore.UUID, limit int) ([]contactstore.Record, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if limit < 1 {
		return nil, nil
	}
	s.mu.RLock()
	if in := s.space(workspace); len(in.unsorted) == 0 {
		defer s.mu.RUnlock()
		return in.page(after, limit), nil
	}
	s.mu.RUnlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	in := s.space(workspace)
	in.sort()
	return in.page(after, limit), nil
}

// Put stores a record over the version before its own.
func (s *Store) Put(ctx context.Context, r contactstore.Record) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.put(r)
}

// PutMany stores records in order, each as Put does, and no other write comes between them.
func (s *Store) PutMany(ctx context.Context, rs []contactstore.Record) ([]error, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	errs := make([]error, len(rs))
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, r := range rs {
		errs[i] = s.put(r)
	}
	return errs, nil
}

// Delete removes a contact and gives its URNs back.
func (s *Store) Delete(ctx context.Context, workspace string, id contactstore.UUID, version uint64) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.space(workspace).remove(id, version)
}

// Settings gives a copy of a workspace's settings.
func (s *Store) Settings(ctx context.Context, workspace string) ([]byte, uint64, error) {
	if err := ctx.Err(); err != nil {
		return nil, 0, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	in := s.space(workspace)
	return bytes.Clone(in.settings), in.settingsVersion, nil
}

// PutSettings stores a copy of data over the version before its own.
func (s *Store) PutSettings(ctx context.Context, workspace string, data []byte, version uint64) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	in := s.own(workspace)
	if version != in.settingsVersion+1 {
		return contactstore.StaleSettings(workspace)
	}
	in.settings, in.settingsVersion = slices.Concat([]byte{}, data), version
	return nil
}

// Ping always succeeds while ctx is not done.
func (s *Store) Ping(ctx context.Context) error { return ctx.Err() }

// Close does nothing: there is nothing to let go.
func (s *Store) Close() error { return nil }

// space gives a workspace to read, an empty one where nothing was written yet.
func (s *Store) space(name string) *space {
	if in, ok := s.spaces[name]; ok {
		return in
	}
	return &space{}
}

// own gives a workspace to write.
func (s *Store) own(name string) *space {
	in, ok := s.spaces[name]
	if !ok {
		in = &space{records: map[contactstore.UUID]contactstore.Record{}, owners: map[string]contactstore.UUID{}}
		s.spaces[name] = in
	}
	return in
}

func (s *Store) put(r contactstore.Record) error {
	if err := r.Storable(); err != nil {
		return err
	}
	return s.own(r.Workspace()).put(r)
}
