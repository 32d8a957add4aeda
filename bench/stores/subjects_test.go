package stores_test

import (
	"io/fs"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/embedded"
	"github.com/flowexpr/flowexpr/contactstore/memstore"
	"github.com/flowexpr/flowexpr/contactstore/pgstore"
	"github.com/flowexpr/flowexpr/contactstore/pgstore/pgtest"
	"github.com/flowexpr/flowexpr/contactstore/redisstore"
	"github.com/flowexpr/flowexpr/contactstore/redisstore/redistest"
	"github.com/flowexpr/flowexpr/contactstore/rediswatch"
	"github.com/flowexpr/flowexpr/contactstore/tiered"
	"github.com/flowexpr/flowexpr/contactstore/tiered/rediscache"
)

// subject is a store that is measured.
type subject struct {
	name string
	open func(t *testing.T) opened
}

// opened is an empty store, and what it takes up once it is filled. cached, if not nil, puts a near cache before it
// that has room for all contacts.
type opened struct {
	store  contactstore.Store
	size   func() string
	cached func() (name string, store contactstore.Store, size func() string)
}

func subjects() []subject {
	return []subject{
		{"memory", openMemory},
		{"embedded", openEmbedded},
		{"Redis", func(t *testing.T) opened { return openRedis(t, redistest.Start(t)) }},
		{"Redis Cluster, 3 nodes", func(t *testing.T) opened { return openRedis(t, redistest.StartCluster(t, 3)...) }},
		{"PostgreSQL", func(t *testing.T) opened { return openPostgres(t, false) }},
		{"PostgreSQL + Redis", func(t *testing.T) opened { return openPostgres(t, true) }},
	}
}

// nearBytes has room for a million contacts.
const nearBytes = 4 << 30

func closing(t *testing.T, store contactstore.Store) contactstore.Store {
	t.Cleanup(func() { require.NoError(t, store.Close()) })
	return store
}

func openMemory(*testing.T) opened {
	live := func() uint64 { runtime.GC(); return heap() }
	before := live()
	return opened{store: memstore.New(), size: func() string { return megabytes(live()-before) + " of memory" }}
}

func openEmbedded(t *testing.T) opened {
	folder := t.TempDir()
	store, err := embedded.Open(folder, embedded.Options{})
	require.NoError(t, err)
	return opened{store: closing(t, store), size: func() string {
		var bytes uint64
		require.NoError(t, filepath.WalkDir(folder, func(_ string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			info, err := entry.Info()
			bytes += uint64(info.Size())
			return err
		}))
		return megabytes(bytes) + " on disk"
	}}
}

// openRedis keeps contacts in one server, or in the nodes of a Cluster.
func openRedis(t *testing.T, servers ...*redistest.Server) opened {
	url := servers[0].URL()
	if len(servers) > 1 {
		url = redistest.URL(servers)
	}
	store, err := redisstore.Open(t.Context(), url, redisstore.Options{})
	require.NoError(t, err)
	o := opened{store: closing(t, store), size: func() string { return redisMemory(t, servers...) }}
	if len(servers) == 1 {
		o.cached = func() (string, contactstore.Store, func() string) {
			return near(t, "Redis + near cache", unclosed{store}, tiered.Options{
				Watcher: rediswatch.New(store.Client(), redisstore.WatchedPrefix, redisstore.ContactOf),
			})
		}
	}
	return o
}

func openPostgres(t *testing.T, shared bool) opened {
	server := pgtest.Start(t, "shared_buffers=1GB", "fsync=on", "full_page_writes=on", "max_wal_size=4GB")
	store, err := pgstore.Open(t.Context(), server.Database(), pgstore.Options{Timeout: time.Minute})
	require.NoError(t, err)
	size := func() string {
		var bytes uint64
		require.NoError(t, store.Pool().QueryRow(t.Context(), "select pg_database_size(current_database())").Scan(&bytes))
		return megabytes(bytes) + " on disk"
	}
	closing(t, store)
	if !shared {
		return opened{store: store, size: size}
	}
	// The cache keeps what it has for longer than the measurements take: they are of reads that find it there.
	const age = 2 * time.Hour
	redis := redistest.Start(t)
	connections, err := redisstore.Open(t.Context(), redis.URL(), redisstore.Options{})
	require.NoError(t, err)
	closing(t, connections)
	cache := rediscache.New(connections.Client(), rediscache.Options{Namespace: store.Identity(), MaxAge: tiered.SharedAge(age)})
	options := tiered.Options{Shared: cache, MaxStaleness: age, SharedTimeout: 5 * time.Second}
	before, err := tiered.New(unclosed{store}, options)
	require.NoError(t, err)
	return opened{store: closing(t, before), size: size, cached: func() (string, contactstore.Store, func() string) {
		options.Watcher = rediswatch.New(connections.Client(), cache.WatchedPrefix(), cache.ContactOf)
		name, cached, held := near(t, "PostgreSQL + Redis + near cache", unclosed{store}, options)
		return name, cached, func() string { return redisMemory(t, redis) + ", " + held() }
	}}
}

// unclosed is a store that another one stands before and does not close.
type unclosed struct{ contactstore.Store }

func (unclosed) Close() error { return nil }

// near puts a near cache before a store, which then takes up what it says.
func near(t *testing.T, name string, store contactstore.Store, o tiered.Options) (string, contactstore.Store, func() string) {
	o.NearBytes = nearBytes
	if o.MaxStaleness == 0 {
		o.MaxStaleness = 2 * time.Hour
	}
	cached, err := tiered.New(store, o)
	require.NoError(t, err)
	require.Eventually(t, func() bool { return cached.Stats().Near.Following }, time.Minute, time.Millisecond)
	return name, closing(t, cached), func() string { return megabytes(cached.Stats().Near.Bytes) + " of memory" }
}
