package faults

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/pgstore"
	"github.com/flowexpr/flowexpr/contactstore/pgstore/pgtest"
	"github.com/flowexpr/flowexpr/contactstore/redisstore"
	"github.com/flowexpr/flowexpr/contactstore/redisstore/redistest"
)

var ctx = context.Background()

// length is how long a test works: FAULTS_TIME, or a short time.
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

func openPostgres(t *testing.T, dsn string) *pgstore.Store {
	t.Helper()
	s, err := pgstore.Open(ctx, dsn, pgstore.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

// proxy is a way to a server that can be cut off.
func proxy(t *testing.T, to string) *toxiproxy.Proxy {
	t.Helper()
	server := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())
	p := toxiproxy.NewProxy(server, t.Name(), "127.0.0.1:0", to)
	require.NoError(t, p.Start())
	t.Cleanup(p.Stop)
	return p
}

// Without faults, what clients of two services see of a contact fits into one order; without near caches all that they read does.
func TestHistories(t *testing.T) {
	for name, near := range map[string]string{"near caches": "16MB", "no near caches": "0"} {
		t.Run(name, func(t *testing.T) {
			dsn := pgtest.Start(t).Database()
			redis := redistest.Start(t)
			args := []string{"--postgres", dsn, "--redis", redis.URL(), "--near-cache-bytes", near, "--cache-timeout", "20s", "--max-staleness", "60s"}
			w := newWork(t, openPostgres(t, dsn), contacts(t), serve(t, args...), serve(t, args...))
			w.run(func() { time.Sleep(length(t, 3*time.Second)) })
			w.check(near == "0", time.Minute)
		})
	}
}

// contacts is how many contacts a run may take up.
func contacts(t *testing.T) int { return 2000 + int(length(t, 0).Seconds())*200 }

// Servers and processes are taken away, one after another.
func TestFaults(t *testing.T) {
	const maxStaleness = 3 * time.Second
	postgres := pgtest.Start(t, "fsync=on", "full_page_writes=on")
	dsn := postgres.Database()
	redis := redistest.Start(t)
	way := proxy(t, redis.Addr())
	args := func(address string) []string {
		return []string{"--postgres", dsn, "--redis", "redis://" + address, "--max-staleness", maxStaleness.String()}
	}
	services := []*service{serve(t, args(redis.Addr())...), serve(t, args(way.Listen)...)}
	w := newWork(t, openPostgres(t, dsn), contacts(t), services...)
	faults := []struct {
		name string
		do   func()
	}{
		{"redis killed, restarted empty", func() { redis.Kill(); pause(600); redis.Restart() }},
		{"redis paused", func() { redis.Freeze(); pause(1500); redis.Thaw() }},
		{"one service cut off from redis", func() { way.Stop(); pause(2000); assert.NoError(t, way.Start()) }},
		{"postgres crashed", func() { postgres.Kill(); postgres.Restart() }},
		{"postgres shut down", func() { postgres.Stop(); postgres.Restart() }},
		{"a service killed", func() { s := services[rand.N(2)]; s.kill(); s.start() }},
	}
	w.run(func() {
		for end := time.Now().Add(length(t, 0)); ; {
			for _, fault := range faults {
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

// An import is killed in the middle, again and again, and run again: it goes on, and all contacts are there at the end.
func TestImportKilled(t *testing.T) {
	const n = 3000
	file := filepath.Join(t.TempDir(), "contacts.jsonl")
	var lines bytes.Buffer
	for i := range n {
		c, _ := contact(i)
		lines.Write(contactstore.AppendJSON(nil, c))
		lines.WriteByte('\n')
	}
	require.NoError(t, os.WriteFile(file, lines.Bytes(), 0o600))
	dsn := pgtest.Start(t).Database()
	redis, cache := redistest.Start(t), redistest.Start(t)
	inRedis, err := redisstore.Open(ctx, redis.URL(), redisstore.Options{})
	require.NoError(t, err)
	defer inRedis.Close()
	for name, c := range map[string]struct {
		args  []string
		store contactstore.Store
	}{
		"postgres": {[]string{"--postgres", dsn, "--redis", cache.URL()}, openPostgres(t, dsn)},
		"redis":    {[]string{"--redis", redis.URL()}, inRedis},
	} {
		t.Run(name, func(t *testing.T) {
			killed := 0
			for wait := 150 * time.Millisecond; ; wait = wait * 3 / 2 {
				cmd := exec.Command(program, append([]string{"import", file}, c.args...)...)
				var said bytes.Buffer
				cmd.Stderr = &said
				require.NoError(t, cmd.Start())
				timer := time.AfterFunc(wait, func() { _ = cmd.Process.Kill() })
				err := cmd.Wait()
				timer.Stop()
				if err == nil {
					break
				}
				require.Equal(t, -1, cmd.ProcessState.ExitCode(), said.String())
				killed++
			}
			found := 0
			for r, err := range contactstore.All(ctx, c.store, workspace, contactstore.UUID{}, 1000) {
				require.NoError(t, err)
				want, _ := contact(found)
				require.Equal(t, want.UUID, r.UUID(), "in the order of UUIDs")
				require.Equal(t, want.Name, r.Name())
				require.True(t, r.Has(fmt.Sprintf("ext:%d-a", found)))
				found++
			}
			assert.Equal(t, n, found)
			t.Logf("killed %d times; %d contacts imported, %d found", killed, n, found)
		})
	}
}
