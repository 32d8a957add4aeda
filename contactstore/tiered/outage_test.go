package tiered_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/memstore"
	"github.com/flowexpr/flowexpr/contactstore/redisstore/redistest"
	"github.com/flowexpr/flowexpr/contactstore/storetest"
	"github.com/flowexpr/flowexpr/contactstore/tiered"
	"github.com/flowexpr/flowexpr/contactstore/tiered/rediscache"
)

// impatient has a shared cache that is passed by where it does not answer soon.
func impatient(t *testing.T, record contactstore.Store, server *redistest.Server) *tiered.Store {
	t.Helper()
	cache := rediscache.New(client(t, server.Addr()), rediscache.Options{Namespace: "test", MaxAge: tiered.SharedAge(time.Hour)})
	return over(t, record, tiered.Options{Shared: cache, MaxStaleness: time.Hour, SharedTimeout: 100 * time.Millisecond})
}

// A cache that does not answer is passed by, soon without being asked, and asked again when it does.
func TestSilentCacheIsPassedBy(t *testing.T) {
	server := redistest.Start(t)
	record := memstore.New()
	s := impatient(t, record, server)
	want := encoded(t, storetest.Contact(1, "ext:1"))
	require.NoError(t, record.Put(ctx, want))
	get := func() {
		got, err := s.Get(ctx, storetest.Workspace, storetest.ID(1))
		require.NoError(t, err)
		require.Equal(t, want.Bytes(), got.Bytes())
	}
	server.Freeze()
	for !s.Stats().Shared.Open {
		get()
	}
	stats := s.Stats()
	assert.Positive(t, stats.Shared.Errors)
	assert.Equal(t, uint64(1), stats.Shared.Trips)
	for s.Stats().Shared.Bypassed == stats.Shared.Bypassed {
		get()
	}
	assert.Greater(t, s.Stats().Record.Loads, stats.Record.Loads, "the system of record answers")
	server.Thaw()
	require.Eventually(t, func() bool { get(); return s.Stats().Shared.Hits > 0 }, patience, 10*time.Millisecond, "the cache is used again")
}

// What was written while the cache was away is removed from it as soon as it is back, and not read from it before.
func TestWritesDuringAnOutageAreOwed(t *testing.T) {
	server := redistest.Start(t)
	record := memstore.New()
	s, other := impatient(t, record, server), impatient(t, record, server)
	contact := storetest.Contact(1, "ext:1")
	require.NoError(t, record.Put(ctx, encoded(t, contact)))
	require.Eventually(t, func() bool { // a busy machine may need some tries
		got, err := other.Read(ctx, storetest.Workspace, contact.UUID)
		return err == nil && got.Tier == tiered.TierShared
	}, patience, time.Millisecond, "the cache has the contact")

	server.Freeze()
	contact.Version = 2
	require.NoError(t, s.Put(ctx, encoded(t, contact)))
	assert.Equal(t, uint64(1), s.Stats().Shared.Owed)
	server.Thaw()
	for s.Stats().Shared.Owed > 0 {
		got, err := s.Get(ctx, storetest.Workspace, contact.UUID)
		require.NoError(t, err)
		require.Equal(t, uint64(2), got.Version(), "read your writes")
	}
	got, err := other.Get(ctx, storetest.Workspace, contact.UUID)
	require.NoError(t, err)
	assert.Equal(t, uint64(2), got.Version(), "nobody reads what was there before")
}

// An entry that is another contact's, or damaged, counts as none: the system of record is asked, and the entry replaced.
func TestForeignEntriesAreReplaced(t *testing.T) {
	c := client(t, redistest.Start(t).Addr())
	record := memstore.New()
	s := node(t, record, c, 0, time.Hour)
	for n := 1; n <= 2; n++ {
		require.NoError(t, record.Put(ctx, encoded(t, storetest.Contact(n))))
		_, err := s.Get(ctx, storetest.Workspace, storetest.ID(n))
		require.NoError(t, err)
	}
	key := func(n int) string { return "fxr:test:{" + storetest.Workspace + "/" + storetest.ID(n).String() + "}" }
	johns, err := c.Get(ctx, key(2)).Result()
	require.NoError(t, err)
	for name, stored := range map[string]string{"another contact's": johns, "half of one": johns[:len(johns)/2], "another program's": "{}"} {
		before := s.Stats().Shared
		require.NoError(t, c.Set(ctx, key(1), stored, 0).Err())
		for _, tier := range []tiered.Tier{tiered.TierRecord, tiered.TierShared} {
			got, err := s.Read(ctx, storetest.Workspace, storetest.ID(1))
			require.NoError(t, err, name)
			assert.Equal(t, storetest.ID(1), got.Record.UUID(), name)
			assert.Equal(t, tier, got.Tier, name)
		}
		assert.Equal(t, before.Damaged+1, s.Stats().Shared.Damaged, name)
	}
}
