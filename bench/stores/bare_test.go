package stores_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/bench/corpus"
	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/redisstore/redistest"
)

// bareName is the row of the bare client.
const bareName = "go-redis, GET of as many bytes"

// bare is go-redis alone, and Redis's own benchmark: the limits for a store in Redis.
func bare(t *testing.T) []result {
	server := redistest.Start(t)
	client := redis.NewClient(&redis.Options{Addr: server.Addr(), PoolSize: callers[len(callers)-1]})
	defer client.Close()
	contact, err := contactstore.ParseContact(corpus.Regular(0))
	require.NoError(t, err)
	contact.Workspace, contact.Version = workspace, 1
	record, err := contactstore.Encode(contact)
	require.NoError(t, err)
	for start := 0; start < *contacts; start += 1000 {
		pipe := client.Pipeline()
		for i := start; i < min(start+1000, *contacts); i++ {
			pipe.Set(t.Context(), bareKey(i), record.Bytes(), 0)
		}
		_, err := pipe.Exec(t.Context())
		require.NoError(t, err)
	}
	r := result{name: bareName, size: redisMemory(t, server)}
	theirs := result{name: "redis-benchmark, the same", size: "–"}
	for _, n := range callers {
		r.get = append(r.get, reads(t, n, func(i int) (contactstore.UUID, error) {
			_, err := client.Get(t.Context(), bareKey(i)).Bytes()
			return corpus.RegularUUID(i), err
		}))
		theirs.get = append(theirs.get, redisBenchmark(t, server, n, int(r.get[len(r.get)-1].rate*length.Seconds())))
	}
	return []result{r, theirs}
}

// bareKey is a key as redis-benchmark makes them.
func bareKey(i int) string { return fmt.Sprintf("key:%012d", i) }

// redisBenchmark lets Redis's own program read the keys, so many times.
func redisBenchmark(t *testing.T, server *redistest.Server, clients, times int) latency {
	t.Helper()
	cmd := exec.Command("redis-benchmark", "-p", strconv.Itoa(server.Port()), "-c", strconv.Itoa(clients), "-n", strconv.Itoa(max(times, 1)),
		"-r", strconv.Itoa(*contacts), "--csv", "GET", "key:__rand_int__")
	printed, err := cmd.Output()
	require.NoError(t, err)
	l, err := parseBenchmark(printed)
	require.NoError(t, err, "%s", printed)
	return l
}

// parseBenchmark reads what redis-benchmark prints: a head, and a row with milliseconds.
func parseBenchmark(printed []byte) (latency, error) {
	rows, err := csv.NewReader(bytes.NewReader(printed)).ReadAll()
	if err != nil || len(rows) < 2 {
		return latency{}, fmt.Errorf("want a head and a row of CSV: %w", err)
	}
	value := map[string]float64{}
	for i, name := range rows[0] {
		value[name], _ = strconv.ParseFloat(rows[1][i], 64) // the name of the test is no number
	}
	ms := func(name string) time.Duration { return time.Duration(value[name] * float64(time.Millisecond)) }
	return latency{ms("p50_latency_ms"), ms("p99_latency_ms"), value["rps"]}, nil
}

func TestParseBenchmark(t *testing.T) {
	got, err := parseBenchmark([]byte(`"test","rps","avg_latency_ms","min_latency_ms","p50_latency_ms","p95_latency_ms","p99_latency_ms","max_latency_ms"
"GET key:__rand_int__","45454.54","0.013","0.008","0.015","0.023","0.031","0.135"
`))
	require.NoError(t, err)
	require.Equal(t, latency{15 * time.Microsecond, 31 * time.Microsecond, 45454.54}, got)
	_, err = parseBenchmark(nil)
	require.Error(t, err)
}

var usedMemory = regexp.MustCompile(`used_memory:(\d+)`)

// redisMemory says what servers take up together.
func redisMemory(t *testing.T, servers ...*redistest.Server) string {
	t.Helper()
	var all uint64
	for _, server := range servers {
		client := redis.NewClient(&redis.Options{Addr: server.Addr()})
		info, err := client.Info(t.Context(), "memory").Result()
		require.NoError(t, err)
		require.NoError(t, client.Close())
		var bytes uint64
		_, err = fmt.Sscan(usedMemory.FindStringSubmatch(info)[1], &bytes)
		require.NoError(t, err)
		all += bytes
	}
	return megabytes(all) + " of Redis's memory"
}
