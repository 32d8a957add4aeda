package redisstore_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/redisstore"
	"github.com/flowexpr/flowexpr/contactstore/storetest"
)

// history is what writers and readers of a store remember while it is disturbed.
type history struct {
	t    *testing.T
	stop atomic.Bool
	done sync.WaitGroup

	mu                    sync.Mutex
	contacts              map[int]versions
	last                  int // the contact written last
	acknowledged, unknown int
	reads                 int
}

// versions are the highest versions of a contact that were acknowledged and tried.
type versions struct{ acknowledged, tried uint64 }

// perContact is how many versions each contact gets. A version takes a URN and gives back that of the one before.
const perContact = 3

func urnAt(n int, version uint64) string { return fmt.Sprintf("ext:%d-%d", n, version) }

// start starts writers and a reader.
func start(t *testing.T, s *redisstore.Store) *history {
	const writers = 3
	h := &history{t: t, contacts: map[int]versions{}}
	for w := range writers {
		h.done.Go(func() {
			for n := w + 1; !h.stop.Load(); n += writers {
				h.write(s, n)
			}
		})
	}
	h.done.Go(func() {
		for !h.stop.Load() {
			h.read(s)
		}
	})
	return h
}

// write makes a contact and changes it, and leaves it alone once the end of a write is not known.
func (h *history) write(s *redisstore.Store, n int) {
	for version := uint64(1); version <= perContact; version++ {
		c := storetest.Contact(n, fmt.Sprint("ext:", n), urnAt(n, version))
		c.Version = version
		h.note(func() { h.contacts[n] = versions{version - 1, version} })
		if err := s.Put(ctx, record(h.t, c)); err != nil {
			assert.ErrorIs(h.t, err, contactstore.ErrUnavailable)
			h.note(func() { h.unknown++ })
			time.Sleep(5 * time.Millisecond) // the server is away
			return
		}
		h.note(func() { h.contacts[n], h.last = versions{version, version}, n; h.acknowledged++ })
	}
}

// read asks for a contact in each way; what comes must be that contact.
func (h *history) read(s *redisstore.Store) {
	var n int
	h.note(func() { n = h.last })
	if n == 0 {
		time.Sleep(time.Millisecond)
		return
	}
	right := func(r contactstore.Record, err error) {
		if err != nil || r.IsZero() {
			assert.True(h.t, err == nil || errors.Is(err, contactstore.ErrUnavailable) || errors.Is(err, contactstore.ErrNotFound), err)
			return
		}
		assert.Equal(h.t, storetest.ID(n), r.UUID())
		assert.Equal(h.t, fmt.Sprint("Contact ", n), r.Name())
		assert.True(h.t, r.Has(fmt.Sprint("ext:", n)))
		h.note(func() { h.reads++ })
	}
	right(s.Get(ctx, storetest.Workspace, storetest.ID(n)))
	urn, err := contactstore.ParseURN(fmt.Sprint("ext:", n))
	assert.NoError(h.t, err)
	right(s.Find(ctx, storetest.Workspace, urn))
	many, err := s.GetMany(ctx, storetest.Workspace, []contactstore.UUID{storetest.ID(n), storetest.ID(n), storetest.ID(n)})
	for _, r := range many {
		right(r, err)
	}
}

func (h *history) note(what func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	what()
}

// await waits until so many more writes were acknowledged.
func (h *history) await(more int) {
	h.t.Helper()
	count := func() (n int) { h.note(func() { n = h.acknowledged }); return n }
	want := count() + more
	require.Eventually(h.t, func() bool { return count() >= want }, time.Minute, time.Millisecond, "the writers write")
}

// finish ends the writers and holds what they remember against the store: nothing acknowledged is lost, nothing is there
// that was not written, and each URN leads to its contact.
func (h *history) finish(s *redisstore.Store) {
	h.t.Helper()
	h.stop.Store(true)
	h.done.Wait()
	found, more := 0, 0
	for n, state := range h.contacts {
		r, err := s.Get(ctx, storetest.Workspace, storetest.ID(n))
		if errors.Is(err, contactstore.ErrNotFound) && state.acknowledged == 0 {
			continue
		}
		require.NoError(h.t, err, "contact %d", n)
		found++
		require.GreaterOrEqual(h.t, r.Version(), state.acknowledged, "contact %d", n)
		require.LessOrEqual(h.t, r.Version(), state.tried, "contact %d", n)
		more += int(r.Version() - state.acknowledged)
		for version := uint64(1); version <= perContact; version++ {
			urn, err := contactstore.ParseURN(urnAt(n, version))
			require.NoError(h.t, err)
			owner, err := s.Find(ctx, storetest.Workspace, urn)
			if version != r.Version() {
				require.ErrorIs(h.t, err, contactstore.ErrNotFound)
				continue
			}
			require.NoError(h.t, err)
			assert.Equal(h.t, r.Bytes(), owner.Bytes())
		}
	}
	assert.Positive(h.t, h.reads)
	h.t.Logf("%d writes acknowledged, %d without an answer; found afterwards: %d contacts with all %d acknowledged writes and %d of the others; %d reads, each of the contact asked for",
		h.acknowledged, h.unknown, found, h.acknowledged, more, h.reads)
}

// works waits until a store works again.
func works(t *testing.T, s *redisstore.Store) {
	t.Helper()
	require.Eventually(t, func() bool {
		limited, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		_, err := s.List(limited, storetest.Workspace, contactstore.UUID{}, 1)
		return err == nil
	}, time.Minute, 10*time.Millisecond, "it works by itself again")
}
