package tiered_test

import (
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/maypok86/otter/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/bench/cputime"
	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/memstore"
	"github.com/flowexpr/flowexpr/contactstore/storetest"
	"github.com/flowexpr/flowexpr/contactstore/tiered"
)

const benchContacts = 10_000

// warm is a store whose near cache has contacts 1 to benchContacts.
func warm(t testing.TB) *tiered.Store {
	t.Helper()
	record := memstore.New()
	s := over(t, record, tiered.Options{NearBytes: 64 << 20})
	for n := 1; n <= benchContacts; n++ {
		require.NoError(t, record.Put(ctx, encoded(t, storetest.Contact(n, "ext:"+storetest.ID(n).String()))))
		_, err := s.Get(ctx, storetest.Workspace, storetest.ID(n))
		require.NoError(t, err)
	}
	return s
}

func TestHitsAllocateNothing(t *testing.T) {
	s := warm(t)
	urn, err := contactstore.ParseURN("ext:" + storetest.ID(7).String())
	require.NoError(t, err)
	_, err = s.Find(ctx, storetest.Workspace, urn)
	require.NoError(t, err)
	assert.Zero(t, testing.AllocsPerRun(1000, func() {
		if r, err := s.Get(ctx, storetest.Workspace, storetest.ID(7)); err != nil || r.UUID() != storetest.ID(7) {
			t.Error("got another contact")
		}
	}), "get")
	assert.Zero(t, testing.AllocsPerRun(1000, func() {
		if r, err := s.Find(ctx, storetest.Workspace, urn); err != nil || r.UUID() != storetest.ID(7) {
			t.Error("got another contact")
		}
	}), "find")
}

// otterAlone is the library by itself, with the same kind of key, as many bytes and an expiry, as the near cache has.
func otterAlone(t testing.TB) *otter.Cache[otterKey, string] {
	t.Helper()
	c, err := otter.New(&otter.Options[otterKey, string]{
		MaximumWeight: 64 << 20, Weigher: func(_ otterKey, v string) uint32 { return uint32(len(v)) },
		ExpiryCalculator: otter.ExpiryWriting[otterKey, string](time.Minute),
	})
	require.NoError(t, err)
	workspace := strings.Clone(storetest.Workspace) // as that of a request is another one than the one kept
	for n := 1; n <= benchContacts; n++ {
		c.Set(otterKey{workspace, storetest.ID(n)}, encoded(t, storetest.Contact(n)).Bytes())
	}
	return c
}

type otterKey struct {
	workspace string
	id        contactstore.UUID
}

// A hit beside otter's own Get of a key of the same kind, in turns: by one caller, and by as many as there are processors.
// It reports the CPU time of one hit, and how many times that of otter's Get this is.
//
//	go test ./contactstore/tiered -run '^$' -bench Hit -count 5
func BenchmarkHit(b *testing.B) {
	ids := make([]contactstore.UUID, benchContacts)
	for n, at := range rand.New(rand.NewPCG(1, 2)).Perm(len(ids)) {
		ids[at] = storetest.ID(n + 1)
	}
	near, alone := warm(b), otterAlone(b)
	loader := otter.LoaderFunc[otterKey, string](nil)
	hit := func(id contactstore.UUID) error {
		_, err := near.Get(ctx, storetest.Workspace, id)
		return err
	}
	get := func(id contactstore.UUID) error {
		_, err := alone.Get(ctx, otterKey{storetest.Workspace, id}, loader)
		return err
	}
	for name, callers := range map[string]int{"one": 1, "parallel": runtime.GOMAXPROCS(0)} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			var ours, others time.Duration
			for b.Loop() {
				ours += spent(b, callers, ids, hit)
				others += spent(b, callers, ids, get)
			}
			gets := float64(b.N * callers * passes * len(ids))
			b.ReportMetric(float64(ours)/gets, "near-ns")
			b.ReportMetric(float64(others)/gets, "otter-ns")
			b.ReportMetric(float64(ours)/float64(others), "times-otter")
		})
	}
}

// passes is how often each caller gets each contact in a turn: the first pass brings them into the processor's caches.
const passes = 10

// spent gives the CPU time that callers need to get all contacts.
func spent(b *testing.B, callers int, ids []contactstore.UUID, get func(contactstore.UUID) error) time.Duration {
	b.Helper()
	before := cputime.Used()
	var working sync.WaitGroup
	for caller := range callers {
		working.Go(func() {
			for n := range passes * len(ids) {
				if err := get(ids[(n+caller*len(ids)/callers)%len(ids)]); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	working.Wait()
	return cputime.Used() - before
}
