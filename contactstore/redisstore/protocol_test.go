package redisstore

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/redisstore/redistest"
	"github.com/flowexpr/flowexpr/contactstore/storetest"
)

// The steps of writes, held apart and put together in the orders that matter.

func opened(t *testing.T, server *redistest.Server) *Store {
	t.Helper()
	s, err := Open(t.Context(), server.URL(), Options{})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	return s
}

// version is the n-th contact in a version, with URNs.
func version(t *testing.T, n int, version uint64, urns ...string) contactstore.Record {
	t.Helper()
	c := storetest.Contact(n, urns...)
	c.Version = version
	r, err := contactstore.Encode(c)
	require.NoError(t, err)
	return r
}

func has(t *testing.T, s *Store, urn string) int {
	t.Helper()
	parsed, err := contactstore.ParseURN(urn)
	require.NoError(t, err)
	r, err := s.Find(t.Context(), storetest.Workspace, parsed)
	if errors.Is(err, contactstore.ErrNotFound) {
		return 0
	}
	require.NoError(t, err)
	require.True(t, r.Has(urn))
	for n := 1; ; n++ {
		if storetest.ID(n) == r.UUID() {
			return n
		}
	}
}

func claimOf(t *testing.T, s *Store, urn string) string {
	t.Helper()
	text, err := s.client.Get(t.Context(), urnKey(storetest.Workspace, urn)).Result()
	require.NoError(t, err)
	return text
}

// claimed starts a write and stops it before its record.
func claimed(t *testing.T, s *Store, before, after contactstore.Record) *change {
	t.Helper()
	var h held
	if !before.IsZero() {
		h = held{before, before.Bytes()}
	}
	c := putting(h, after)
	s.claimAll(t.Context(), []*change{c})
	require.NoError(t, c.err)
	require.Equal(t, underWay, c.outcome)
	return c
}

func commit(t *testing.T, s *Store, c *change) outcome {
	t.Helper()
	s.commitAll(t.Context(), []*change{c})
	require.NoError(t, c.err)
	return c.outcome
}

func TestClaimText(t *testing.T) {
	id := storetest.ID(7).String()
	for text, want := range map[string]claim{
		id:                                  {id: storetest.ID(7)},
		id + "/abc-_Z12":                    {storetest.ID(7), "abc-_Z", 12},
		id + "/1234560":                     {storetest.ID(7), "123456", 0},
		newClaim(version(t, 7, 9)).String(): {storetest.ID(7), "", 9},
	} {
		got, ok := parseClaim(text)
		require.True(t, ok, text)
		assert.Equal(t, text, got.String())
		if want.token == "" {
			want.token = got.token
		}
		assert.Equal(t, want, got)
	}
	for _, text := range []string{"", "x", id[1:], id + "/", id + "/abcdef", id + "/abcdefx", id + "-abcdef1", "z" + id[1:]} {
		_, ok := parseClaim(text)
		assert.False(t, ok, text)
	}
	assert.LessOrEqual(t, len(newClaim(version(t, 1, 9)).String()), 44, "one allocation of Redis's")
}

func FuzzParseClaim(f *testing.F) {
	f.Add(storetest.ID(7).String() + "/abcdef1")
	f.Fuzz(func(t *testing.T, text string) {
		if c, ok := parseClaim(text); ok {
			again, ok := parseClaim(c.String())
			assert.True(t, ok)
			assert.Equal(t, c, again)
		}
	})
}

// What writers that died have left is taken over, and their delayed commands do no harm.
func TestWriterDiedWithClaims(t *testing.T) {
	s := opened(t, redistest.Start(t))
	dead := claimed(t, s, contactstore.Record{}, version(t, 1, 1, "ext:1", "ext:2"))
	assert.Equal(t, 0, has(t, s, "ext:1"), "a claim is not believed")

	begun := time.Now()
	require.NoError(t, s.Put(t.Context(), version(t, 2, 1, "ext:1")))
	assert.GreaterOrEqual(t, time.Since(begun), minPatience, "it could have been on its way")
	assert.Equal(t, 2, has(t, s, "ext:1"))
	assert.Equal(t, uint64(1), s.Stats().Takeovers)

	assert.Equal(t, stale, commit(t, s, dead), "not dead after all: its claims were called void")
	s.giveBackAll(t.Context(), []*change{dead})
	assert.Equal(t, 2, has(t, s, "ext:1"), "it gives back its own only")
	require.ErrorIs(t, s.client.Get(t.Context(), urnKey(storetest.Workspace, "ext:2")).Err(), redis.Nil)
	require.ErrorIs(t, s.Put(t.Context(), version(t, 1, 1, "ext:1", "ext:2")), contactstore.ErrConflict)
	require.NoError(t, s.Put(t.Context(), version(t, 1, 1, "ext:2")))
	assert.Equal(t, 1, has(t, s, "ext:2"))
}

// The same contact again: its former claims are another attempt's like any other's.
func TestWriterDiedAndComesAgain(t *testing.T) {
	s := opened(t, redistest.Start(t))
	dead := claimed(t, s, contactstore.Record{}, version(t, 1, 1, "ext:1"))
	require.NoError(t, s.Put(t.Context(), version(t, 1, 1, "ext:1")))
	assert.Equal(t, stale, commit(t, s, dead))
	assert.Equal(t, 1, has(t, s, "ext:1"))

	var batch []contactstore.Record
	for n := 10; n < 60; n++ {
		batch = append(batch, version(t, n, 1, fmt.Sprint("ext:", n)))
		claimed(t, s, contactstore.Record{}, batch[len(batch)-1])
	}
	errs, err := s.PutMany(t.Context(), batch)
	require.NoError(t, err)
	assert.Equal(t, make([]error, len(batch)), errs)
	assert.Equal(t, 59, has(t, s, "ext:59"))
}

// A writer died after its record, before it gave back: nobody waits.
func TestWriterDiedBeforeGivingBack(t *testing.T) {
	s := opened(t, redistest.Start(t))
	first := version(t, 1, 1, "ext:1")
	require.NoError(t, s.Put(t.Context(), first))
	dead := claimed(t, s, first, version(t, 1, 2))
	assert.Equal(t, stored, commit(t, s, dead))
	old := claimOf(t, s, "ext:1")

	require.NoError(t, s.Put(t.Context(), version(t, 1, 3, "ext:1")), "the same contact takes it again")
	assert.NotEqual(t, old, claimOf(t, s, "ext:1"))
	s.giveBackAll(t.Context(), []*change{dead})
	assert.Equal(t, 1, has(t, s, "ext:1"), "giving back late does not hit the new claim")
	require.ErrorIs(t, s.Put(t.Context(), version(t, 2, 1, "ext:1")), contactstore.ErrConflict)
}

// The same, with a contact that is removed and made again, so that its versions begin anew.
func TestRemovedAndMadeAgain(t *testing.T) {
	s := opened(t, redistest.Start(t))
	first := version(t, 1, 1, "ext:1")
	require.NoError(t, s.Put(t.Context(), first))
	removal := removing(held{first, first.Bytes()})
	s.claimAll(t.Context(), []*change{removal})
	assert.Equal(t, stored, commit(t, s, removal))

	again := claimed(t, s, contactstore.Record{}, first)
	s.giveBackAll(t.Context(), []*change{removal})
	assert.Equal(t, again.claim.String(), claimOf(t, s, "ext:1"))
	assert.Equal(t, stored, commit(t, s, again))
	assert.Equal(t, 1, has(t, s, "ext:1"))
}

// Two writers of one contact add the same URN; the slower must not take the claim of the faster with it.
func TestTwoWritersOfOneContact(t *testing.T) {
	server := redistest.Start(t)
	s, other := opened(t, server), opened(t, server)
	first := version(t, 1, 1)
	require.NoError(t, s.Put(t.Context(), first))
	fast := claimed(t, s, first, version(t, 1, 2, "ext:1"))
	outcomes := make(chan error)
	go func() { outcomes <- other.Put(context.Background(), version(t, 1, 2, "ext:1", "ext:2")) }()
	require.Eventually(t, func() bool { return s.client.Exists(t.Context(), urnKey(storetest.Workspace, "ext:2")).Val() == 1 }, 10*time.Second, time.Millisecond)
	switch commit(t, s, fast) {
	case stored:
		require.ErrorIs(t, <-outcomes, contactstore.ErrVersion)
	case stale: // a busy machine: the other has waited long enough
		require.NoError(t, <-outcomes)
	default:
		t.Fatal(fast.outcome)
	}
	s.giveBackAll(t.Context(), []*change{fast})
	assert.Equal(t, 1, has(t, s, "ext:1"))
	require.ErrorIs(t, s.Put(t.Context(), version(t, 2, 1, "ext:1")), contactstore.ErrConflict)
}

// Two contacts each want the other's URN besides their own, at once: neither gets it. Then they want the same two.
func TestCrossedWrites(t *testing.T) {
	s := opened(t, redistest.Start(t))
	one, two := version(t, 1, 1, "ext:1"), version(t, 2, 1, "ext:2")
	errs, err := s.PutMany(t.Context(), []contactstore.Record{one, two})
	require.NoError(t, err)
	require.Equal(t, []error{nil, nil}, errs)
	atOnce(
		func() {
			assert.ErrorIs(t, s.Put(context.Background(), version(t, 1, 2, "ext:2")), contactstore.ErrConflict)
		},
		func() {
			assert.ErrorIs(t, s.Put(context.Background(), version(t, 2, 2, "ext:1")), contactstore.ErrConflict)
		},
	)
	assert.Equal(t, []int{1, 2}, []int{has(t, s, "ext:1"), has(t, s, "ext:2")})

	a := claimed(t, s, contactstore.Record{}, version(t, 3, 1, "ext:3"))
	b := claimed(t, s, contactstore.Record{}, version(t, 4, 1, "ext:4"))
	a.gains, b.gains = append(a.gains, "ext:4"), append(b.gains, "ext:3")
	atOnce(
		func() {
			s.contestOne(context.Background(), a, "ext:4", b.claim.String())
			s.commitAll(context.Background(), []*change{a})
		},
		func() {
			s.contestOne(context.Background(), b, "ext:3", a.claim.String())
			s.commitAll(context.Background(), []*change{b})
		},
	)
	s.giveBackAll(t.Context(), []*change{a, b})
	assert.False(t, a.outcome == stored && b.outcome == stored, "two that wait for each other: never both")
	for a.outcome != stored && b.outcome != stored { // each had called the other's claim void
		a, b = putting(held{}, a.after), putting(held{}, b.after)
		atOnce(
			func() { _ = s.apply(context.Background(), a) },
			func() { _ = s.apply(context.Background(), b) },
		)
	}
}

func atOnce(calls ...func()) {
	var done sync.WaitGroup
	for _, call := range calls {
		done.Go(call)
	}
	done.Wait()
}

func TestForeignClaims(t *testing.T) {
	s := opened(t, redistest.Start(t))
	for _, text := range []string{"rubbish", storetest.ID(9).String(), storetest.ID(1).String()} {
		require.NoError(t, s.client.Set(t.Context(), urnKey(storetest.Workspace, "ext:1"), text, 0).Err())
		require.NoError(t, s.Put(t.Context(), version(t, 1, 1, "ext:1")), text)
		assert.Equal(t, 1, has(t, s, "ext:1"))
		require.NoError(t, s.Delete(t.Context(), storetest.Workspace, storetest.ID(1), 0))
	}
}

// Writers that die at any step, or go on long after, over few contacts that want the same few URNs.
func TestAnyOrder(t *testing.T) {
	const writers, each, contacts, urns = 6, 60, 5, 4
	server := redistest.Start(t)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	var done, died atomic.Int64
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			s, random := opened(t, server), rand.New(rand.NewPCG(seed, uint64(w)))
			var late []*change
			for range each {
				n := 1 + random.IntN(contacts)
				c := anyChange(t, s, random, n, urns)
				if c == nil {
					continue
				}
				s.claimAll(context.Background(), []*change{c})
				switch random.IntN(12) {
				case 0:
					died.Add(1)
					continue
				case 1:
					late = append(late, c)
					continue
				}
				s.commitAll(context.Background(), []*change{c})
				if c.outcome == stored {
					done.Add(1)
				}
				if random.IntN(12) == 0 {
					died.Add(1)
					continue
				}
				s.giveBackAll(context.Background(), []*change{c})
			}
			s.commitAll(context.Background(), late)
			s.giveBackAll(context.Background(), late)
		})
	}
	finished := make(chan struct{})
	var watcher sync.WaitGroup
	watcher.Go(func() { watch(t, opened(t, server), contacts, urns, finished) })
	all.Wait()
	close(finished)
	watcher.Wait()
	t.Logf("%d writes done, %d writers died", done.Load(), died.Load())
	assert.Positive(t, done.Load())

	s := opened(t, server)
	for u := range urns {
		urn := fmt.Sprint("ext:", u)
		err := s.Put(t.Context(), version(t, contacts+1+u, 1, urn))
		if holder := has(t, s, urn); holder <= contacts {
			require.ErrorIs(t, err, contactstore.ErrConflict)
		} else {
			require.NoError(t, err, "whatever was left behind is taken over")
		}
	}
}

// anyChange removes a contact, or gives it some of the URNs; nil where it is not there to be removed.
func anyChange(t *testing.T, s *Store, random *rand.Rand, n, urns int) *change {
	before, err := s.read(context.Background(), storetest.Workspace, storetest.ID(n))
	if !assert.NoError(t, err) {
		return nil
	}
	if random.IntN(8) == 0 {
		if before.IsZero() {
			return nil
		}
		return removing(before)
	}
	c := storetest.Contact(n)
	c.Version = before.Version() + 1
	for u := range urns {
		if random.IntN(3) == 0 {
			urn, err := contactstore.NewURN("ext", fmt.Sprint(u), "")
			assert.NoError(t, err)
			c.Connections = append(c.Connections, contactstore.Connection{URN: urn})
		}
	}
	r, err := contactstore.Encode(c)
	assert.NoError(t, err)
	return putting(before, r)
}

// watch sees all records and claims as they are at one moment, again and again: each URN that a contact has is claimed
// for it, and so no other has it.
func watch(t *testing.T, s *Store, contacts, urns int, finished chan struct{}) {
	var keys []string
	for n := range contacts {
		keys = append(keys, contactKey(storetest.Workspace, storetest.ID(n+1)))
	}
	for u := range urns {
		keys = append(keys, urnKey(storetest.Workspace, fmt.Sprint("ext:", u)))
	}
	for looks := 0; ; looks++ {
		select {
		case <-finished:
			t.Logf("%d looks", looks)
			return
		default:
		}
		values, err := s.client.MGet(context.Background(), keys...).Result()
		if !assert.NoError(t, err) {
			return
		}
		for n, value := range values[:contacts] {
			stored, _ := value.(string)
			h, err := fetched{stored, stored != ""}.open(storetest.Workspace, storetest.ID(n+1))
			if !assert.NoError(t, err) || h.IsZero() {
				continue
			}
			for identity := range h.Identities() {
				at := slices.Index(keys, urnKey(storetest.Workspace, identity))
				text, _ := values[at].(string)
				claimed, ok := parseClaim(text)
				if !assert.True(t, ok && claimed.id == h.UUID(), "%s of contact %d: claim is %q", identity, n+1, text) {
					return
				}
			}
		}
	}
}
