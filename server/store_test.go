package server_test

import (
	"context"
	"sync"

	"github.com/flowexpr/flowexpr/contactstore"
)

// hookedStore calls a hook before each call; an error of the hook is the call's.
type hookedStore struct {
	contactstore.Store
	mu   sync.Mutex
	hook func(ctx context.Context, call string) error
}

// set changes the hook; nil lets all calls through.
func (s *hookedStore) set(hook func(ctx context.Context, call string) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hook = hook
}

func (s *hookedStore) before(ctx context.Context, call string) error {
	s.mu.Lock()
	hook := s.hook
	s.mu.Unlock()
	if hook == nil {
		return nil
	}
	return hook(ctx, call)
}

func (s *hookedStore) Get(ctx context.Context, workspace string, id contactstore.UUID) (contactstore.Record, error) {
	if err := s.before(ctx, "get"); err != nil {
		return contactstore.Record{}, err
	}
	return s.Store.Get(ctx, workspace, id)
}

func (s *hookedStore) GetMany(ctx context.Context, workspace string, ids []contactstore.UUID) ([]contactstore.Record, error) {
	if err := s.before(ctx, "get many"); err != nil {
		return nil, err
	}
	return s.Store.GetMany(ctx, workspace, ids)
}

func (s *hookedStore) Find(ctx context.Context, workspace string, urn contactstore.URN) (contactstore.Record, error) {
	if err := s.before(ctx, "find"); err != nil {
		return contactstore.Record{}, err
	}
	return s.Store.Find(ctx, workspace, urn)
}

func (s *hookedStore) List(ctx context.Context, workspace string, after contactstore.UUID, limit int) ([]contactstore.Record, error) {
	if err := s.before(ctx, "list"); err != nil {
		return nil, err
	}
	return s.Store.List(ctx, workspace, after, limit)
}

func (s *hookedStore) Put(ctx context.Context, r contactstore.Record) error {
	if err := s.before(ctx, "put"); err != nil {
		return err
	}
	return s.Store.Put(ctx, r)
}

func (s *hookedStore) Delete(ctx context.Context, workspace string, id contactstore.UUID, version uint64) error {
	if err := s.before(ctx, "delete"); err != nil {
		return err
	}
	return s.Store.Delete(ctx, workspace, id, version)
}

func (s *hookedStore) Settings(ctx context.Context, workspace string) ([]byte, uint64, error) {
	if err := s.before(ctx, "settings"); err != nil {
		return nil, 0, err
	}
	return s.Store.Settings(ctx, workspace)
}

func (s *hookedStore) PutSettings(ctx context.Context, workspace string, data []byte, version uint64) error {
	if err := s.before(ctx, "put settings"); err != nil {
		return err
	}
	return s.Store.PutSettings(ctx, workspace, data, version)
}

func (s *hookedStore) Ping(ctx context.Context) error {
	if err := s.before(ctx, "ping"); err != nil {
		return err
	}
	return s.Store.Ping(ctx)
}

// away is a hook of a store that is out of reach.
func away(context.Context, string) error {
	return &contactstore.Error{
		Code: "store_unavailable", Message: "redis at 10.0.0.1:6379: connection refused",
		Hint: "is the server running, and the address right?", Err: contactstore.ErrUnavailable,
	}
}

// always is a hook that fails one kind of call.
func always(call string, err error) func(context.Context, string) error {
	return func(_ context.Context, got string) error {
		if got == call {
			return err
		}
		return nil
	}
}
