package stores_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"testing"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/bench/corpus"
	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/embedded"
	"github.com/flowexpr/flowexpr/contactstore/memstore"
	"github.com/flowexpr/flowexpr/contactstore/redisstore"
	"github.com/flowexpr/flowexpr/contactstore/redisstore/redistest"
)

// subject is a store that is measured: open gives it empty, and a function that says what it takes up.
type subject struct {
	name string
	open func(t *testing.T) (contactstore.Store, func() string)
}

func subjects() []subject {
	return []subject{{"memory", openMemory}, {"embedded", openEmbedded}, {"Redis", openRedis}}
}

func openMemory(*testing.T) (contactstore.Store, func() string) {
	before := heap()
	return memstore.New(), func() string { return megabytes(heap()-before) + " of memory" }
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func openEmbedded(t *testing.T) (contactstore.Store, func() string) {
	folder := t.TempDir()
	store, err := embedded.Open(folder, embedded.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, store.Close()) })
	return store, func() string {
		var bytes int64
		require.NoError(t, filepath.Walk(folder, func(_ string, info os.FileInfo, err error) error {
			if err == nil && !info.IsDir() {
				bytes += info.Size()
			}
			return err
		}))
		return megabytes(bytes) + " on disk"
	}
}

func openRedis(t *testing.T) (contactstore.Store, func() string) {
	server := redistest.Start(t)
	store, err := redisstore.Open(t.Context(), server.URL(), redisstore.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, store.Close()) })
	return store, func() string { return redisMemory(t, server.Addr()) }
}

var usedMemory = regexp.MustCompile(`used_memory:(\d+)`)

func redisMemory(t *testing.T, address string) string {
	t.Helper()
	client := redis.NewClient(&redis.Options{Addr: address})
	defer client.Close()
	info, err := client.Info(t.Context(), "memory").Result()
	require.NoError(t, err)
	var bytes int64
	_, err = fmt.Sscan(usedMemory.FindStringSubmatch(info)[1], &bytes)
	require.NoError(t, err)
	return megabytes(bytes) + " of Redis's memory"
}

func megabytes(bytes int64) string { return fmt.Sprintf("%.1f MB", float64(bytes)/1e6) }

// bareName is the row of the bare client.
const bareName = "go-redis, GET of as many bytes"

// bare is go-redis alone: the limit for a store in Redis.
func bare(t *testing.T) []result {
	server := redistest.Start(t)
	client := redis.NewClient(&redis.Options{Addr: server.Addr(), PoolSize: callers[len(callers)-1]})
	defer client.Close()
	contact, err := contactstore.ParseContact(corpus.Regular(0))
	require.NoError(t, err)
	contact.Workspace, contact.Version = workspace, 1
	record, err := contactstore.Encode(contact)
	require.NoError(t, err)
	ids := make([]string, *contacts)
	for start := 0; start < len(ids); start += 1000 {
		pipe := client.Pipeline()
		for i := start; i < min(start+1000, len(ids)); i++ {
			ids[i] = corpus.RegularID(i)
			pipe.Set(t.Context(), ids[i], record.Bytes(), 0)
		}
		_, err := pipe.Exec(t.Context())
		require.NoError(t, err)
	}
	r := result{name: bareName, size: redisMemory(t, server.Addr())}
	for _, n := range callers {
		r.get = append(r.get, reads(t, n, func(i int) (contactstore.UUID, error) {
			_, err := client.Get(context.Background(), ids[i]).Bytes()
			return corpus.RegularUUID(i), err
		}))
	}
	return []result{r}
}
