package redisstore_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/redisstore"
	"github.com/flowexpr/flowexpr/contactstore/redisstore/redistest"
	"github.com/flowexpr/flowexpr/contactstore/storetest"
	"github.com/flowexpr/flowexpr/contactstore/storetest/proxytest"
)

// durable are the arguments of a server that has on disk what it acknowledges.
var durable = []string{"--appendonly", "yes", "--appendfsync", "always"}

func openAt(t *testing.T, url string, options redisstore.Options) *redisstore.Store {
	t.Helper()
	s, err := redisstore.Open(ctx, url, options)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	return s
}

func TestKilledAndRestarted(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, durable...)
	s := open(t, server)
	h := start(t, s)
	for range 3 {
		h.await(30)
		server.Kill()
		server.Restart()
	}
	h.await(30)
	h.finish(s)
	assert.Positive(t, h.unknown, "it was killed in the middle of writes")
}

func TestSentinelFailover(t *testing.T) {
	t.Parallel()
	master, replica, sentinel := redistest.StartFailover(t, "mymaster", 300*time.Millisecond, durable...)
	s := openAt(t, "redis-sentinel://"+sentinel.Addr()+"/mymaster?wait_replicas=1", redisstore.Options{Timeout: 400 * time.Millisecond})
	h := start(t, s)
	h.await(60)
	master.Kill()
	// No replica is left to wait for, so that no write is acknowledged until there is one again.
	replica.AwaitInfo("role:master")
	h.stop.Store(true)
	works(t, s)
	h.finish(s)

	master.Restart()
	master.Follow(replica)
	n := 1_000_000
	require.Eventually(t, func() bool {
		n++ // an attempt that nobody acknowledged may be stored all the same, and its contact is no new one then
		return s.Put(ctx, record(t, storetest.Contact(n))) == nil
	}, time.Minute, 10*time.Millisecond, "writes are acknowledged again")
}

func TestClusterFailover(t *testing.T) {
	t.Parallel()
	nodes, replicas := redistest.StartClusterWithReplicas(t, 3, append([]string{"--cluster-node-timeout", "500"}, durable...)...)
	s := openAt(t, redistest.URL(nodes)+"?wait_replicas=1", redisstore.Options{Timeout: 400 * time.Millisecond})
	h := start(t, s)
	h.await(60)
	nodes[0].Kill()
	replicas[0].AwaitInfo("role:master")
	h.await(10)
	h.stop.Store(true)
	works(t, s)
	h.finish(s)
}

// A node without a replica is lost: its contacts are out of reach, all others are as before.
func TestClusterNodeLost(t *testing.T) {
	t.Parallel()
	nodes := redistest.StartCluster(t, 3, append([]string{"--cluster-require-full-coverage", "no"}, durable...)...)
	s := openAt(t, redistest.URL(nodes), redisstore.Options{Timeout: 500 * time.Millisecond})
	const contacts = 60
	var records []contactstore.Record
	for n := range contacts {
		records = append(records, record(t, storetest.Contact(n+1, fmt.Sprint("ext:", n+1))))
	}
	errs, err := s.PutMany(ctx, records)
	require.NoError(t, err)
	require.Equal(t, make([]error, contacts), errs)

	lost, alive := nodes[0], open(t, nodes[1]).Client()
	lost.Kill()
	reached, unreached := 0, 0
	for n, want := range records {
		slot, err := alive.ClusterKeySlot(ctx, fmt.Sprintf("fx:c:{acme/%02x}:", xor(want.UUID()))).Result()
		require.NoError(t, err)
		got, err := s.Get(ctx, storetest.Workspace, want.UUID())
		if slot < 16384/3 {
			require.ErrorIs(t, err, contactstore.ErrUnavailable, n)
			unreached++
			continue
		}
		require.NoError(t, err)
		assert.Equal(t, want.Bytes(), got.Bytes())
		c, err := got.Contact()
		require.NoError(t, err)
		c.Version++
		require.NoError(t, s.Put(ctx, record(t, c)), "and can be written")
		reached++
	}
	assert.Positive(t, reached)
	assert.Positive(t, unreached)
	_, err = s.List(ctx, storetest.Workspace, contactstore.UUID{}, contacts)
	require.ErrorIs(t, err, contactstore.ErrUnavailable, "a list without them would be wrong")

	lost.Restart()
	works(t, s)
	all, err := s.List(ctx, storetest.Workspace, contactstore.UUID{}, contacts+1)
	require.NoError(t, err)
	require.Len(t, all, contacts)
	t.Logf("%d writes acknowledged; one of three nodes lost: %d contacts out of reach, %d read and written; found afterwards: %d", contacts, unreached, reached, len(all))
}

func xor(id contactstore.UUID) (x byte) {
	for _, b := range id {
		x ^= b
	}
	return x
}

// The network slows down, loses answers, and cuts connections in the middle of them.
func TestBadNetwork(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, durable...)
	proxy := proxytest.Start(t, server.Addr())
	s := openAt(t, "redis://"+proxy.Addr(), redisstore.Options{Timeout: 150 * time.Millisecond, DialTimeout: 150 * time.Millisecond})
	h := start(t, s)
	for range 2 {
		for _, disturb := range []func(){
			func() { proxy.Slow(20 * time.Millisecond) }, func() { proxy.Slow(time.Second) }, proxy.Silence, func() { proxy.Cut(700) },
		} {
			h.await(20)
			disturb()
			time.Sleep(200 * time.Millisecond) // a while of it
			proxy.Heal()
		}
	}
	h.await(20)
	h.finish(open(t, server))
	assert.Positive(t, h.unknown)
}

// Whatever the network does, a call ends in time.
func TestCallsEnd(t *testing.T) {
	t.Parallel()
	proxy := proxytest.Start(t, redistest.Start(t).Addr())
	s := openAt(t, "redis://"+proxy.Addr(), redisstore.Options{Timeout: 100 * time.Millisecond, DialTimeout: 100 * time.Millisecond})
	require.NoError(t, s.Put(ctx, record(t, storetest.Contact(1))))
	for name, disturb := range map[string]func(){"half open": proxy.Silence, "slow": func() { proxy.Slow(20 * time.Second) }} {
		disturb()
		for call, do := range calls(t, s) {
			begun := time.Now()
			require.ErrorIs(t, do(), contactstore.ErrUnavailable, "%s: %s", name, call)
			assert.Less(t, time.Since(begun), 10*time.Second, "%s: %s", name, call)
		}
		proxy.Heal()
		works(t, s)
	}
}

// Memory is full: writes are refused, and say why; nothing is thrown away.
func TestOutOfMemory(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, "--maxmemory", "3mb", "--maxmemory-policy", "noeviction")
	s := open(t, server)
	var stored []contactstore.Record
	var err error
	for n := 1; err == nil; n++ {
		c := storetest.Contact(n, fmt.Sprint("ext:", n))
		c.Fields = []contactstore.Field{{Key: "note", Kind: contactstore.FieldText, Text: fmt.Sprintf("%020000d", n)}}
		r := record(t, c)
		if err = s.Put(ctx, r); err == nil {
			stored = append(stored, r)
		}
		require.Less(t, n, 1000)
	}
	var e *contactstore.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, "store_full", e.Code)
	require.ErrorIs(t, err, contactstore.ErrUnavailable)

	ids := make([]contactstore.UUID, len(stored))
	for i, r := range stored {
		ids[i] = r.UUID()
	}
	found, err := s.GetMany(ctx, storetest.Workspace, ids)
	require.NoError(t, err)
	for i, r := range found {
		require.Equal(t, stored[i].Bytes(), r.Bytes())
	}
	listed, err := s.List(ctx, storetest.Workspace, contactstore.UUID{}, 1000)
	require.NoError(t, err)
	require.Len(t, listed, len(stored), "the refused one is not there in part")
	t.Logf("%d writes acknowledged, then %s; found afterwards: %d", len(stored), e.Code, len(found))

	for _, id := range ids[:5] {
		require.NoError(t, s.Delete(ctx, storetest.Workspace, id, 0), "room can be made")
	}
	require.Eventually(t, func() bool { return s.Put(ctx, record(t, storetest.Contact(2000, "ext:2000"))) == nil }, 10*time.Second, 10*time.Millisecond)
}

// What serve warns of, of real servers.
func TestFindings(t *testing.T) {
	master, _, sentinel := redistest.StartFailover(t, "mymaster", time.Minute, "--appendonly", "yes")
	codes := func(s *redisstore.Store) (all []string) {
		findings, err := s.Findings(ctx)
		require.NoError(t, err)
		for _, f := range findings {
			all = append(all, f.Code)
			assert.NotEmpty(t, f.Server)
		}
		return all
	}
	assert.Equal(t, []string{"failover"}, codes(openAt(t, "redis-sentinel://"+sentinel.Addr()+"/mymaster", redisstore.Options{})))
	assert.Empty(t, codes(openAt(t, master.URL()+"?wait_replicas=1", redisstore.Options{})))
	require.NoError(t, open(t, master).Client().ConfigSet(ctx, "min-replicas-to-write", "1").Err())
	assert.Empty(t, codes(open(t, master)))

	plain := redistest.Start(t, "--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru")
	assert.Equal(t, []string{"eviction", "no_persistence"}, codes(open(t, plain)))
	require.NoError(t, open(t, plain).Client().ConfigSet(ctx, "save", "3600 1").Err())
	assert.Equal(t, []string{"eviction", "snapshots_only"}, codes(open(t, plain)))

	nodes := redistest.StartCluster(t, 2)
	findings, err := openAt(t, redistest.URL(nodes), redisstore.Options{}).Findings(ctx)
	require.NoError(t, err)
	require.Len(t, findings, 1, "the same of both nodes")
	assert.Contains(t, findings[0].Server, nodes[0].Addr())
	assert.Contains(t, findings[0].Server, nodes[1].Addr())
}

func TestStats(t *testing.T) {
	s := open(t, redistest.Start(t))
	require.NoError(t, s.Put(ctx, record(t, storetest.Contact(1, "ext:1"))))
	require.Error(t, s.Put(ctx, record(t, storetest.Contact(1, "ext:1"))))
	require.Error(t, s.Put(ctx, record(t, storetest.Contact(2, "ext:1"))))
	_, err := s.PutMany(ctx, []contactstore.Record{record(t, storetest.Contact(3)), record(t, storetest.Contact(4, "ext:1"))})
	require.NoError(t, err)
	_, err = s.GetMany(ctx, storetest.Workspace, []contactstore.UUID{storetest.ID(1), storetest.ID(9)})
	require.NoError(t, err)
	_, err = s.Get(ctx, storetest.Workspace, storetest.ID(9))
	require.Error(t, err)
	_, err = s.List(ctx, storetest.Workspace, contactstore.UUID{}, 1)
	require.NoError(t, err)
	_, err = s.Find(ctx, storetest.Workspace, record(t, storetest.Contact(1, "ext:1")).At(0).URN())
	require.NoError(t, err)
	got := s.Stats()
	assert.Equal(t, []uint64{3, 1, 1, 2, 1, 2, 0, 0, 0}, []uint64{got.Gets, got.Finds, got.Lists, got.Writes, got.Stale, got.Conflicts, got.Errors, got.Takeovers, uint64(got.PoolTimeouts)})
	assert.Positive(t, got.Connections)
	require.Error(t, s.Client().Do(ctx, "no such").Err())
	require.NoError(t, s.Close())
	require.ErrorIs(t, s.Ping(ctx), redis.ErrClosed)
}
