package tiered

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sony/gobreaker/v2"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/tiered/rediscache"
)

const (
	// tripAfter failures in a row leave the shared cache alone for restAfter; then one call tries it.
	tripAfter = 3
	restAfter = 500 * time.Millisecond
	// maxOwed bounds how many contacts are remembered whose copies in the shared cache could not be removed.
	maxOwed = 50_000
)

// errBypassed is the error of a call that the shared cache was spared.
var errBypassed = errors.New("the shared cache is bypassed")

// shared is the shared cache behind a deadline and a circuit breaker. What it cannot do now is bypassed; what it must
// do, forget what was written meanwhile, is owed and done as soon as it answers again. A nil *shared does nothing.
type shared struct {
	cache    *rediscache.Cache
	counters *counters
	clock    func() time.Duration
	timeout  time.Duration
	maxAge   time.Duration // how long what is in the cache can be there
	breaker  *gobreaker.CircuitBreaker[struct{}]

	owing  atomic.Int64 // contacts owed, so that most reads need no lock
	mu     sync.Mutex
	owed   map[key]time.Duration // when they are out of the cache by themselves
	closed time.Duration         // until when all is bypassed, because more was owed than is remembered
}

func newShared(cache *rediscache.Cache, timeout, maxAge time.Duration, clock func() time.Duration, counters *counters) *shared {
	s := &shared{cache: cache, counters: counters, clock: clock, timeout: timeout, maxAge: maxAge, owed: map[key]time.Duration{}}
	s.breaker = gobreaker.NewCircuitBreaker[struct{}](gobreaker.Settings{
		Name: "shared cache", MaxRequests: 1, Timeout: restAfter,
		ReadyToTrip:   func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= tripAfter },
		IsExcluded:    func(err error) bool { return errors.Is(err, errLeft) },
		OnStateChange: func(_ string, _, to gobreaker.State) { counters.breaker(to == gobreaker.StateOpen) },
	})
	return s
}

// errLeft marks a call that ended because its caller left: it says nothing about the cache.
var errLeft = errors.New("the caller left")

// call runs one call within the deadline.
func (s *shared) call(ctx context.Context, call func(ctx context.Context) error) error {
	_, err := s.breaker.Execute(func() (struct{}, error) {
		within, cancel := context.WithTimeout(ctx, s.timeout)
		defer cancel()
		err := call(within)
		if err != nil && ctx.Err() != nil {
			err = errors.Join(errLeft, ctx.Err())
		}
		return struct{}{}, err
	})
	switch {
	case err == nil:
	case errors.Is(err, gobreaker.ErrOpenState), errors.Is(err, gobreaker.ErrTooManyRequests):
		s.counters.shared.Bypassed.Add(1)
		err = errBypassed
	case !errors.Is(err, errLeft):
		s.counters.shared.Errors.Add(1)
	}
	return err
}

// usable gives those of the contacts that the cache may be asked for.
func (s *shared) usable(of []key) []key {
	if s == nil {
		return nil
	}
	if s.owing.Load() == 0 {
		return of
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.clock() < s.closed {
		return nil
	}
	kept := make([]key, 0, len(of))
	for _, k := range of {
		if _, owed := s.owed[k]; !owed {
			kept = append(kept, k)
		}
	}
	return kept
}

// get asks the cache, and gives what it has by contact. ok is false where it could not be asked.
func (s *shared) get(ctx context.Context, of []key) (found []rediscache.Found, ok bool) {
	if len(of) == 0 {
		return nil, false
	}
	err := s.call(ctx, func(ctx context.Context) (err error) {
		found, err = s.cache.Get(ctx, of)
		return err
	})
	if err != nil {
		return nil, false
	}
	for i := range found {
		switch found[i].State {
		case rediscache.Hit:
			s.counters.shared.Hits.Add(1)
		case rediscache.Damaged:
			s.counters.shared.Damaged.Add(1)
			s.counters.shared.Misses.Add(1)
		default:
			s.counters.shared.Misses.Add(1)
		}
	}
	return found, true
}

// lease takes leases; ok is false where there are none to be had, also none that say that a write is under way.
func (s *shared) lease(ctx context.Context, of []key) (leases []rediscache.Lease, ok bool) {
	err := s.call(ctx, func(ctx context.Context) (err error) {
		leases, err = s.cache.Lease(ctx, of)
		return err
	})
	return leases, err == nil
}

// fill puts what was found. Where that fails nothing is lost.
func (s *shared) fill(ctx context.Context, fills []rediscache.Fill) {
	_ = s.call(ctx, func(ctx context.Context) error { return s.cache.Fill(ctx, fills) })
}

// begin begins a write, if the cache is to be reached; "" where it is not.
func (s *shared) begin(ctx context.Context, of []key) (token string) {
	err := s.call(ctx, func(ctx context.Context) (err error) {
		token, err = s.cache.Begin(ctx, of)
		return err
	})
	if err != nil {
		s.owe(of)
		return ""
	}
	return token
}

// end ends a write. After one that may have been done, or that did not begin here, its contacts are owed until the
// cache has forgotten them.
func (s *shared) end(ctx context.Context, token string, of []key, written contactstore.Record) {
	err := s.call(context.WithoutCancel(ctx), func(ctx context.Context) error { return s.cache.End(ctx, token, of, written) })
	if err != nil {
		s.owe(of)
		return
	}
	if token == "" {
		s.settle(of)
	}
}

// outdate makes the cache forget what it has of a contact, if that is not what the system of record gave just now.
func (s *shared) outdate(ctx context.Context, k key, now contactstore.Record) {
	of := s.usable([]key{k})
	if len(of) == 0 {
		return // it is not asked for this contact before it has forgotten it
	}
	found, ok := s.get(ctx, of)
	switch {
	case !ok:
		s.owe(of)
	case found[0].State == rediscache.Hit && found[0].Record.Bytes() != now.Bytes():
		s.end(ctx, "", of, contactstore.Record{})
	}
}

// owe remembers contacts whose copies have to be removed.
func (s *shared) owe(of []key) {
	s.mu.Lock()
	defer s.mu.Unlock()
	until := s.clock() + s.maxAge
	for _, k := range of {
		if len(s.owed) == maxOwed {
			s.closed = until
			break
		}
		s.owed[k] = until
	}
	s.count()
}

// settle forgets what was owed.
func (s *shared) settle(of []key) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range of {
		delete(s.owed, k)
	}
	s.count()
}

func (s *shared) count() {
	n := int64(len(s.owed))
	if s.clock() < s.closed {
		n++
	}
	s.owing.Store(n)
}

// pay removes what is owed, again and again, until ctx is done.
func (s *shared) pay(ctx context.Context) {
	ticker := time.NewTicker(restAfter / 2)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		for s.owing.Load() > 0 && ctx.Err() == nil && s.payOnce(ctx) {
		}
	}
}

// payOnce removes some of what is owed, and reports whether there may be more that can be removed now.
func (s *shared) payOnce(ctx context.Context) bool {
	const some = 200
	of, was := make([]key, 0, some), make([]time.Duration, 0, some)
	s.mu.Lock()
	for k, until := range s.owed {
		if until <= s.clock() { // its life there has ended
			delete(s.owed, k)
			continue
		}
		if of, was = append(of, k), append(was, until); len(of) == some {
			break
		}
	}
	s.count()
	s.mu.Unlock()
	if len(of) == 0 {
		return false
	}
	if err := s.call(ctx, func(ctx context.Context) error { return s.cache.End(ctx, "", of, contactstore.Record{}) }); err != nil {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, k := range of {
		if s.owed[k] == was[i] { // not owed anew meanwhile
			delete(s.owed, k)
		}
	}
	s.count()
	return true
}
