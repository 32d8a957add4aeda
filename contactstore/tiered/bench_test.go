package tiered_test

import (
	"testing"
	"time"

	"github.com/maypok86/otter/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

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
	for n := 1; n <= benchContacts; n++ {
		c.Set(otterKey{storetest.Workspace, storetest.ID(n)}, encoded(t, storetest.Contact(n)).Bytes())
	}
	return c
}

type otterKey struct {
	workspace string
	id        contactstore.UUID
}

// A hit beside otter's own Get, one caller and as many as processors:
//
//	go test ./contactstore/tiered -run '^$' -bench Hit -count 5
func BenchmarkHit(b *testing.B) {
	ids := make([]contactstore.UUID, benchContacts)
	for n := range ids {
		ids[n] = storetest.ID(n + 1)
	}
	near, alone := warm(b), otterAlone(b)
	loader := otter.LoaderFunc[otterKey, string](nil)
	subjects := []struct {
		name string
		get  func(id contactstore.UUID) bool
	}{
		{"near", func(id contactstore.UUID) bool {
			_, err := near.Get(ctx, storetest.Workspace, id)
			return err == nil
		}},
		{"otter", func(id contactstore.UUID) bool {
			_, err := alone.Get(ctx, otterKey{storetest.Workspace, id}, loader)
			return err == nil
		}},
	}
	for _, s := range subjects {
		b.Run("one/"+s.name, func(b *testing.B) {
			b.ReportAllocs()
			for n := 0; b.Loop(); n++ {
				if !s.get(ids[n%len(ids)]) {
					b.Fatal("not found")
				}
			}
		})
	}
	for _, s := range subjects {
		b.Run("parallel/"+s.name, func(b *testing.B) {
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				for n := 0; pb.Next(); n++ {
					if !s.get(ids[n%len(ids)]) {
						b.Error("not found")
					}
				}
			})
		})
	}
}
