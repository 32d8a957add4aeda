package tiered_test

import (
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/memstore"
	"github.com/flowexpr/flowexpr/contactstore/redisstore/redistest"
	"github.com/flowexpr/flowexpr/contactstore/rediswatch"
	"github.com/flowexpr/flowexpr/contactstore/storetest"
	"github.com/flowexpr/flowexpr/contactstore/tiered"
	"github.com/flowexpr/flowexpr/contactstore/tiered/rediscache"
)

// patience bounds waits for what other processes do.
const patience = 20 * time.Second

func client(t testing.TB, addr string) *redis.Client {
	t.Helper()
	c := redis.NewClient(&redis.Options{Addr: addr, MaxRetries: -1, ContextTimeoutEnabled: true, DialerRetries: 1,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}})
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	return c
}

// node is what one process of several has: caches of its own before a record that all share.
func node(t testing.TB, record contactstore.Store, c redis.UniversalClient, near int64, maxStaleness time.Duration) *tiered.Store {
	t.Helper()
	cache := rediscache.New(c, rediscache.Options{Namespace: "test", MaxAge: tiered.SharedAge(maxStaleness)})
	o := tiered.Options{NearBytes: near, Shared: cache, MaxStaleness: maxStaleness, SharedTimeout: 5 * time.Second}
	if near > 0 {
		o.Watcher = rediswatch.New(c, cache.WatchedPrefix(), cache.ContactOf)
	}
	s := over(t, record, o)
	if near > 0 {
		following(t, s)
	}
	return s
}

func following(t testing.TB, s *tiered.Store) {
	t.Helper()
	require.Eventually(t, func() bool { return s.Stats().Near.Following }, patience, time.Millisecond)
}

func TestContractShared(t *testing.T) {
	c := client(t, redistest.Start(t).Addr())
	for name, near := range map[string]int64{"alone": 0, "and near": 16 << 20} {
		t.Run(name, func(t *testing.T) {
			storetest.Run(t, func(t *testing.T) contactstore.Store {
				require.NoError(t, c.FlushAll(ctx).Err())
				return node(t, memstore.New(), c, near, time.Minute)
			})
		})
	}
}

func TestReadsGoTierByTier(t *testing.T) {
	c := client(t, redistest.Start(t).Addr())
	record := memstore.New()
	a, b := node(t, record, c, 1<<20, time.Minute), node(t, record, c, 1<<20, time.Minute)
	want := encoded(t, storetest.Contact(1, "ext:1"))
	require.NoError(t, record.Put(ctx, want))
	for _, step := range []struct {
		store *tiered.Store
		tier  tiered.Tier
	}{{a, tiered.TierRecord}, {a, tiered.TierNear}, {b, tiered.TierShared}, {b, tiered.TierNear}} {
		got, err := step.store.Read(ctx, storetest.Workspace, storetest.ID(1))
		require.NoError(t, err)
		assert.Equal(t, want.Bytes(), got.Record.Bytes())
		assert.Equal(t, step.tier, got.Tier)
		assert.Less(t, got.Age, patience)
	}
	got := b.Stats()
	assert.Equal(t, tiered.CacheStats{Hits: 1, Misses: 1}, got.Near.CacheStats)
	assert.Equal(t, tiered.CacheStats{Hits: 1}, got.Shared.CacheStats)
	assert.Equal(t, tiered.RecordStats{}, got.Record)
	assert.Equal(t, uint64(1), got.Near.Entries)
}

// A write by one process is heard of by the other, which then has what was written.
func TestWritesReachOtherProcesses(t *testing.T) {
	c := client(t, redistest.Start(t).Addr())
	record := memstore.New()
	a, b := node(t, record, c, 1<<20, time.Minute), node(t, record, c, 1<<20, time.Minute)
	_, err := b.Get(ctx, storetest.Workspace, storetest.ID(1))
	require.ErrorIs(t, err, contactstore.ErrNotFound)
	contact := storetest.Contact(1, "ext:1")
	for version := uint64(1); version <= 50; version++ {
		contact.Version = version
		want := encoded(t, contact)
		require.NoError(t, a.Put(ctx, want))
		got, err := a.Get(ctx, storetest.Workspace, storetest.ID(1))
		require.NoError(t, err)
		assert.Equal(t, want.Bytes(), got.Bytes(), "read your writes")
		require.Eventually(t, func() bool {
			got, err := b.Get(ctx, storetest.Workspace, storetest.ID(1))
			return err == nil && got.Version() == version
		}, patience, 100*time.Microsecond)
	}
	require.NoError(t, a.Delete(ctx, storetest.Workspace, storetest.ID(1), 0))
	require.Eventually(t, func() bool {
		_, err := b.Get(ctx, storetest.Workspace, storetest.ID(1))
		return err != nil
	}, patience, 100*time.Microsecond)
}

// Whoever has seen how a contact is now does not see it as it was before, although both caches missed the change.
func TestFreshLooksOutdateCaches(t *testing.T) {
	c := client(t, redistest.Start(t).Addr())
	record := memstore.New()
	for name, near := range map[string]int64{"shared": 0, "shared and near": 1 << 20} {
		t.Run(name, func(t *testing.T) {
			a, b := node(t, record, c, near, time.Minute), node(t, record, c, near, time.Minute)
			contact := storetest.Contact(1, "ext:1")
			require.NoError(t, a.Put(ctx, encoded(t, contact)))
			for _, s := range []*tiered.Store{a, b} {
				_, err := s.Get(ctx, storetest.Workspace, contact.UUID)
				require.NoError(t, err)
			}
			contact.Version++
			now := encoded(t, contact)
			require.NoError(t, record.Put(ctx, now))
			old, err := a.Get(ctx, storetest.Workspace, contact.UUID)
			require.NoError(t, err)
			require.Equal(t, uint64(1), old.Version(), "the caches missed it")

			got, err := a.GetFresh(ctx, storetest.Workspace, contact.UUID)
			require.NoError(t, err)
			assert.Equal(t, now.Bytes(), got.Bytes())
			got, err = a.Get(ctx, storetest.Workspace, contact.UUID)
			require.NoError(t, err)
			assert.Equal(t, now.Bytes(), got.Bytes())
			require.Eventually(t, func() bool {
				got, err := b.Get(ctx, storetest.Workspace, contact.UUID)
				return err == nil && got.Version() == 2
			}, patience, time.Millisecond, "the other one hears of it")

			require.NoError(t, record.Delete(ctx, storetest.Workspace, contact.UUID, 0))
			_, err = a.GetFresh(ctx, storetest.Workspace, contact.UUID)
			require.ErrorIs(t, err, contactstore.ErrNotFound)
			_, err = a.Get(ctx, storetest.Workspace, contact.UUID)
			require.ErrorIs(t, err, contactstore.ErrNotFound)
		})
	}
}
