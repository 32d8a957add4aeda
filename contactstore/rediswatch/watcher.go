package rediswatch

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/flowexpr/flowexpr/contactstore"
)

const (
	// look is how often the masters are looked up and connections are asked for a sign of life.
	look = 500 * time.Millisecond
	// silence is how long a connection may give none.
	silence = 2 * time.Second
	// again is the pause before a connection that ended is made anew.
	again = 50 * time.Millisecond
)

// Watcher is a contactstore.Watcher over the keys of a Redis.
type Watcher struct {
	client    redis.UniversalClient
	prefix    string
	contactOf func(key string) (workspace string, id contactstore.UUID, ok bool)
}

var _ contactstore.Watcher = (*Watcher)(nil)

// New makes a watcher of the keys with a prefix, in the Redis of a client. contactOf gives the contact that a key tells
// of, or not ok for a key that tells of none.
func New(client redis.UniversalClient, prefix string, contactOf func(key string) (workspace string, id contactstore.UUID, ok bool)) *Watcher {
	return &Watcher{client: client, prefix: prefix, contactOf: contactOf}
}

// Watch tells of changes until ctx is done.
func (w *Watcher) Watch(ctx context.Context, to contactstore.Changes) {
	t := &told{to: to}
	running := map[string]*listener{}
	defer func() {
		for _, l := range running {
			l.stop()
		}
	}()
	ticker := time.NewTicker(look)
	defer ticker.Stop()
	for {
		w.follow(ctx, t, running)
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// follow makes a listener for each master there is now, and ends those of servers that are none.
func (w *Watcher) follow(ctx context.Context, t *told, running map[string]*listener) {
	masters, err := w.masters(ctx)
	if err != nil { // those that are known have their own signs of life
		return
	}
	t.want(len(masters))
	for name, l := range running {
		if _, still := masters[name]; !still {
			l.stop()
			delete(running, name)
		}
	}
	for name, options := range masters {
		if running[name] == nil {
			running[name] = w.listen(ctx, t, options)
		}
	}
}

// masters gives how to connect to each master.
func (w *Watcher) masters(ctx context.Context) (map[string]*redis.Options, error) {
	switch client := w.client.(type) {
	case *redis.Client:
		return map[string]*redis.Options{"": client.Options()}, nil
	case *redis.ClusterClient:
		within, cancel := context.WithTimeout(ctx, silence)
		defer cancel()
		client.ReloadState(within)
		var mu sync.Mutex
		found := map[string]*redis.Options{}
		err := client.ForEachMaster(within, func(_ context.Context, node *redis.Client) error {
			mu.Lock()
			defer mu.Unlock()
			found[node.Options().Addr] = node.Options()
			return nil
		})
		return found, err
	}
	return nil, errUnknownClient
}

// told tells that changes are followed while all listeners there should be hear.
type told struct {
	to contactstore.Changes

	mu        sync.Mutex
	wanted    int
	hearing   []*listener
	following bool
}

// want sets how many listeners there should be.
func (t *told) want(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if n != t.wanted {
		t.wanted = n
		t.tell()
	}
}

// hears notes that a listener hears, or no longer. One that hears anew may have missed something in between.
func (t *told) hears(l *listener, hears bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	at := slices.Index(t.hearing, l)
	if !hears && at < 0 {
		return
	}
	if at >= 0 {
		t.hearing = slices.Delete(t.hearing, at, at+1)
	}
	if hears {
		t.hearing = append(t.hearing, l)
	}
	t.tell()
}

// tell says that something may have been missed until now, and what holds from now on.
func (t *told) tell() {
	if t.following {
		t.following = false
		t.to.Missing()
	}
	if !t.following && t.wanted > 0 && len(t.hearing) == t.wanted {
		t.following = true
		t.to.Following()
	}
}

// gap says that something may have been missed just now.
func (t *told) gap() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.tell()
}
