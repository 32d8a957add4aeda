package faults

import (
	"context"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/pgstore"
	"github.com/flowexpr/flowexpr/contactstore/pgstore/pgtest"
	"github.com/flowexpr/flowexpr/contactstore/redisstore"
	"github.com/flowexpr/flowexpr/contactstore/redisstore/redistest"
	"github.com/flowexpr/flowexpr/contactstore/storetest/proxytest"
)

var ctx = context.Background()

// length is how long a test works: FAULTS_TIME, or a short time. All tests work at once.
func length(t *testing.T, short time.Duration) time.Duration {
	t.Helper()
	text := os.Getenv("FAULTS_TIME")
	if text == "" {
		return short
	}
	d, err := time.ParseDuration(text)
	require.NoError(t, err, "FAULTS_TIME")
	return d
}

func openPostgres(t *testing.T, dsn string) contactstore.Store {
	t.Helper()
	s, err := pgstore.Open(ctx, dsn, pgstore.Options{Timeout: patience})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	return s
}

func openRedis(t *testing.T, url string) contactstore.Store {
	t.Helper()
	s, err := redisstore.Open(ctx, url, redisstore.Options{Timeout: patience})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	return s
}

// Without faults, what clients of two services see of a contact fits into one order; without near caches all that they read does.
func TestHistories(t *testing.T) {
	t.Parallel()
	for name, near := range map[string]string{"near caches": "16MB", "no near caches": "0"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dsn := pgtest.Start(t).Database()
			redis := redistest.Start(t)
			args := []string{"--postgres", dsn, "--redis", redis.URL(), "--near-cache-bytes", near, "--cache-timeout", "20s", "--max-staleness", "60s"}
			w := newWork(t, openPostgres(t, dsn), serve(t, args...), serve(t, args...))
			w.run(func() { time.Sleep(length(t, 3*time.Second)) })
			w.check(near == "0", time.Minute)
		})
	}
}

// fault takes something away from two services and gives it back.
type fault struct {
	name string
	do   func()
}

// maxStaleness is that of the services from which something is taken away.
const maxStaleness = 3 * time.Second

// workFor lets clients work while faults happen, one after another: each once, and again until the time is over.
func (w *work) workFor(during time.Duration, faults []fault) {
	w.t.Helper()
	kill := fault{"a service killed", func() { s := w.services[rand.N(2)]; s.Kill(); s.Start() }}
	w.run(func() {
		for end := time.Now().Add(during); ; {
			for _, fault := range append(faults, kill) {
				pause(300)
				fault.do()
				w.recovers(fault.name)
			}
			if !time.Now().Before(end) {
				return
			}
		}
	})
	w.check(false, maxStaleness)
}

// durable are the arguments of a Redis that has on disk what it acknowledges.
var durable = []string{"--appendonly", "yes", "--appendfsync", "always"}

// PostgreSQL is the system of record and Redis its cache.
func TestFaultsOfPostgres(t *testing.T) {
	t.Parallel()
	postgres := pgtest.Start(t, "fsync=on", "full_page_writes=on")
	dsn := postgres.Database()
	redis := redistest.Start(t)
	way := proxytest.Start(t, redis.Addr())
	args := func(address string) []string {
		return []string{"--postgres", dsn, "--redis", "redis://" + address, "--max-staleness", maxStaleness.String()}
	}
	w := newWork(t, openPostgres(t, dsn), serve(t, args(redis.Addr())...), serve(t, args(way.Addr())...))
	w.workFor(length(t, 0), append(faultsOfRedis(redis, way), []fault{
		{"postgres crashed", func() { postgres.Kill(); postgres.Restart() }},
		{"postgres shut down", func() { postgres.Stop(); postgres.Restart() }},
	}...))
}

// Redis is the store.
func TestFaultsOfRedis(t *testing.T) {
	t.Parallel()
	redis := redistest.Start(t, durable...)
	way := proxytest.Start(t, redis.Addr())
	args := func(address string) []string {
		return []string{"--redis", "redis://" + address, "--max-staleness", maxStaleness.String()}
	}
	w := newWork(t, openRedis(t, redis.URL()), serve(t, args(redis.Addr())...), serve(t, args(way.Addr())...))
	w.workFor(length(t, 0), faultsOfRedis(redis, way))
}

// faultsOfRedis are those of one server, to which one of the services has a way that fails too.
func faultsOfRedis(redis *redistest.Server, way *proxytest.Proxy) []fault {
	disturbed := func(disturb func()) func() {
		return func() { disturb(); pause(1500); way.Heal() }
	}
	return []fault{
		{"redis killed, restarted", func() { redis.Kill(); pause(600); redis.Restart() }},
		{"redis paused", func() { redis.Freeze(); pause(1500); redis.Thaw() }},
		{"redis out of memory", func() {
			redis.Configure("maxmemory", "1mb")
			pause(1000)
			redis.Configure("maxmemory", "0")
		}},
		{"one service cut off from redis", disturbed(way.Down)},
		{"redis slow for one service", disturbed(func() { way.Slow(300 * time.Millisecond) })},
		{"redis half open for one service", disturbed(way.Silence)},
	}
}

// Redis is the store, with a replica that a Sentinel makes the master. A write waits for the replica, so that none is
// acknowledged before there is one again.
func TestFaultsOfSentinel(t *testing.T) {
	t.Parallel()
	master, replica, sentinel := redistest.StartFailover(t, "mymaster", time.Second, durable...)
	url := "redis-sentinel://" + sentinel.Addr() + "/mymaster?wait_replicas=1"
	args := []string{"--redis", url, "--max-staleness", maxStaleness.String()}
	w := newWork(t, openRedis(t, url), serve(t, args...), serve(t, args...))
	w.workFor(length(t, 0), []fault{{"the master killed, a replica takes over", func() {
		master.Kill()
		replica.AwaitInfo("role:master")
		master.Restart()
		master.Follow(replica)
		master, replica = replica, master
	}}})
}

// Redis is the store, a Cluster of three masters with a replica each, of which one node after another is lost.
func TestFaultsOfCluster(t *testing.T) {
	t.Parallel()
	nodes, replicas := redistest.StartClusterWithReplicas(t, 3, append([]string{"--cluster-node-timeout", "1000"}, durable...)...)
	url := redistest.URL(nodes) + "?wait_replicas=1"
	args := []string{"--redis", url, "--max-staleness", maxStaleness.String()}
	w := newWork(t, openRedis(t, url), serve(t, args...), serve(t, args...))
	next := 0
	w.workFor(length(t, 0), []fault{{"a node lost, its replica takes over", func() {
		node, replica := nodes[next], replicas[next]
		node.Kill()
		replica.AwaitInfo("role:master")
		node.Restart()
		node.AwaitInfo("master_link_status:up")
		nodes[next], replicas[next] = replica, node
		next = (next + 1) % len(nodes)
	}}})
}

func pause(ms int) { time.Sleep(time.Duration(ms) * time.Millisecond) }

// recovers waits until each service has acknowledged a write.
func (w *work) recovers(after string) {
	for by, s := range w.services {
		begun := time.Now()
		assert.Eventually(w.t, func() bool {
			c, _ := contact(int(w.taken.Add(1) - 1))
			status, _ := s.call("PATCH", "/v1/contacts/"+c.UUID.String(), map[string]string{"name": c.Name + " again"})
			return status == 200
		}, patience, 20*time.Millisecond, "service %d works again", by)
		w.t.Logf("%s: service %d writes again after %s", after, by, time.Since(begun).Round(time.Millisecond))
	}
}
