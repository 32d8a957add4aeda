package server_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/memstore"
	"github.com/flowexpr/flowexpr/server"
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

// lagging gives, by Get, contacts as they were when it was made.
type lagging struct {
	contactstore.Store
	old contactstore.Store
}

func (l lagging) Get(ctx context.Context, workspace string, id contactstore.UUID) (contactstore.Record, error) {
	return l.old.Get(ctx, workspace, id)
}

func (l lagging) GetFresh(ctx context.Context, workspace string, id contactstore.UUID) (contactstore.Record, error) {
	return l.Store.Get(ctx, workspace, id)
}

func (l lagging) GetAged(ctx context.Context, workspace string, id contactstore.UUID) (contactstore.Record, time.Duration, error) {
	r, err := l.old.Get(ctx, workspace, id)
	return r, 1100 * time.Millisecond, err
}

// What a store with caches gives may be behind: the answer says how far, and no change is decided by it, traced or not.
func TestContactsFromCaches(t *testing.T) {
	for name, trace := range map[string]func(*testing.T, *server.Options){
		"not traced": func(*testing.T, *server.Options) {}, "traced": func(t *testing.T, o *server.Options) { tracedTo(t, o) },
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, func(o *server.Options) {
				old := memstore.New()
				fill(t, old, server.DefaultWorkspace)
				o.Store = lagging{o.Store, old}
				trace(t, o)
			})
			first := s.do("GET", jane, "")
			assert.Equal(t, "2", first.header.Get("Age"))
			s.do("POST", jane+"/connections", `{"urn": "ext:1", "priority": 1}`)
			again := s.do("POST", jane+"/connections/tel:+13233754866/promote", `{"to": 1}`)
			assert.Equal(t, 200, again.status)
			assert.Contains(t, again.body, `"changed":true`, "the old record has it there already")
		})
	}
	assert.Equal(t, "0", start(t, nil).do("GET", jane, "").header.Get("Age"), "there are no caches")
}
