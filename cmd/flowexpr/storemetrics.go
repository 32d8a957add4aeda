package main

import (
	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/pgstore"
	"github.com/flowexpr/flowexpr/contactstore/redisstore"
	"github.com/flowexpr/flowexpr/contactstore/tiered"
	"github.com/flowexpr/flowexpr/server/metrics"
)

// storeMetrics gives what GET /metrics says of a store and of the caches before it. The embedded store says nothing.
func storeMetrics(store contactstore.Store) []metrics.Source {
	var sources []metrics.Source
	add := func(source metrics.Source) { sources = append(sources, source) }
	var caches *tiered.Store
	if t, ok := store.(*tiered.Store); ok {
		caches, store = t, t.Unwrap()
	}
	switch s := store.(type) {
	case *redisstore.Store:
		add(func(w *metrics.Writer) { writeRedis(w, s.Stats()) })
	case *pgstore.Store:
		add(func(w *metrics.Writer) { writePostgres(w, s) })
	case *behindRedis:
		add(func(w *metrics.Writer) { writePostgres(w, s.Store) })
		add(func(w *metrics.Writer) {
			writeRedisPool(w, s.redis.Stats())
			writeShared(w, caches.Stats())
		})
	}
	if caches != nil {
		add(func(w *metrics.Writer) { writeCaches(w, caches.Stats(), caches.NearBytes() > 0) })
	}
	return sources
}

func writeRedis(w *metrics.Writer, stats redisstore.Stats) {
	w.Value(metrics.RedisOperations, float64(stats.Gets), "get")
	w.Value(metrics.RedisOperations, float64(stats.Finds), "find")
	w.Value(metrics.RedisOperations, float64(stats.Lists), "list")
	w.Value(metrics.RedisOperations, float64(stats.Writes), "write")
	w.Value(metrics.RedisErrors, float64(stats.Errors))
	w.Value(metrics.RedisRefused, float64(stats.Stale), "stale")
	w.Value(metrics.RedisRefused, float64(stats.Conflicts), "conflict")
	w.Value(metrics.RedisRetries, float64(stats.Retries))
	writeRedisPool(w, stats)
}

func writeRedisPool(w *metrics.Writer, stats redisstore.Stats) {
	w.Value(metrics.RedisConnections, float64(stats.Connections))
	w.Value(metrics.RedisIdleConnections, float64(stats.IdleConnections))
	w.Value(metrics.RedisPoolTimeouts, float64(stats.PoolTimeouts))
}

func writePostgres(w *metrics.Writer, store *pgstore.Store) {
	pool := store.Pool().Stat()
	w.Value(metrics.PostgresConnections, float64(pool.TotalConns()))
	w.Value(metrics.PostgresIdleConnections, float64(pool.IdleConns()))
	w.Value(metrics.PostgresMaxConnections, float64(pool.MaxConns()))
	w.Value(metrics.PostgresWaits, float64(pool.EmptyAcquireCount()))
}

// writeCaches tells of the near cache, where there is one, and of the system of record behind.
func writeCaches(w *metrics.Writer, stats tiered.Stats, near bool) {
	record := tiered.TierRecord.String()
	w.Value(metrics.CacheRequests, float64(stats.Record.Loads+stats.Record.Finds-stats.Record.NotFound), record, "hit")
	w.Value(metrics.CacheRequests, float64(stats.Record.NotFound), record, "miss")
	w.Value(metrics.CacheRequests, float64(stats.Record.Errors), record, "error")
	writeAges(w, &stats, tiered.TierRecord)
	if !near {
		return
	}
	writeCache(w, stats.Near.CacheStats, tiered.TierNear)
	writeAges(w, &stats, tiered.TierNear)
	w.Value(metrics.CacheEvictions, float64(stats.Near.Evictions))
	w.Value(metrics.CacheInvalidations, float64(stats.Near.Invalidations))
	w.Value(metrics.CacheGaps, float64(stats.Near.Gaps))
	w.Truth(metrics.CacheFollowing, stats.Near.Following)
	w.Value(metrics.CacheEntries, float64(stats.Near.Entries))
	w.Value(metrics.CacheBytes, float64(stats.Near.Bytes))
	w.Value(metrics.CacheMaxBytes, float64(stats.Near.MaxBytes))
}

// writeShared tells of Redis as a cache.
func writeShared(w *metrics.Writer, stats tiered.Stats) {
	writeCache(w, stats.Shared.CacheStats, tiered.TierShared)
	w.Value(metrics.CacheRequests, float64(stats.Shared.Errors), tiered.TierShared.String(), "error")
	w.Value(metrics.CacheRequests, float64(stats.Shared.Bypassed), tiered.TierShared.String(), "bypassed")
	writeAges(w, &stats, tiered.TierShared)
	w.Truth(metrics.CacheBypass, stats.Shared.Open)
	w.Value(metrics.RedisErrors, float64(stats.Shared.Errors))
}

func writeCache(w *metrics.Writer, stats tiered.CacheStats, tier tiered.Tier) {
	w.Value(metrics.CacheRequests, float64(stats.Hits), tier.String(), "hit")
	w.Value(metrics.CacheRequests, float64(stats.Misses), tier.String(), "miss")
}

func writeAges(w *metrics.Writer, stats *tiered.Stats, tier tiered.Tier) {
	ages := &stats.Ages[tier]
	w.Durations(metrics.RecordAge, metrics.Reading{Bounds: tiered.AgeBounds[:], Counts: ages.Counts[:], Sum: ages.Sum}, tier.String())
}
