package tiered_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/embedded"
	"github.com/flowexpr/flowexpr/contactstore/pgstore"
	"github.com/flowexpr/flowexpr/contactstore/pgstore/pgtest"
	"github.com/flowexpr/flowexpr/contactstore/redisstore"
	"github.com/flowexpr/flowexpr/contactstore/redisstore/redistest"
	"github.com/flowexpr/flowexpr/contactstore/rediswatch"
	"github.com/flowexpr/flowexpr/contactstore/storetest"
	"github.com/flowexpr/flowexpr/contactstore/tiered"
	"github.com/flowexpr/flowexpr/contactstore/tiered/rediscache"
)

const nearBytes = 16 << 20

func TestContractOverEmbedded(t *testing.T) {
	storetest.Run(t, func(t *testing.T) contactstore.Store {
		record, err := embedded.Open(t.TempDir(), embedded.Options{})
		require.NoError(t, err)
		return over(t, record, tiered.Options{NearBytes: nearBytes})
	})
}

func TestContractOverRedis(t *testing.T) {
	server := redistest.Start(t)
	flush := client(t, server.Addr())
	storetest.Run(t, func(t *testing.T) contactstore.Store {
		require.NoError(t, flush.FlushAll(ctx).Err())
		record, err := redisstore.Open(ctx, server.URL(), redisstore.Options{})
		require.NoError(t, err)
		s := over(t, record, tiered.Options{
			NearBytes: nearBytes,
			Watcher:   rediswatch.New(record.Client(), redisstore.WatchedPrefix, redisstore.ContactOf),
		})
		following(t, s)
		return s
	})
}

func TestContractOverPostgres(t *testing.T) {
	dsn := pgtest.Start(t).Database()
	c := client(t, redistest.Start(t).Addr())
	empty := func(t *testing.T) *pgstore.Store {
		record, err := pgstore.Open(ctx, dsn, pgstore.Options{})
		require.NoError(t, err)
		_, err = record.Pool().Exec(ctx, "truncate contacts, connections, memberships, settings")
		require.NoError(t, err)
		return record
	}
	t.Run("near", func(t *testing.T) {
		storetest.Run(t, func(t *testing.T) contactstore.Store {
			record := empty(t)
			s := over(t, record, tiered.Options{NearBytes: nearBytes, Watcher: record})
			following(t, s)
			return s
		})
	})
	t.Run("Redis and near", func(t *testing.T) {
		storetest.Run(t, func(t *testing.T) contactstore.Store {
			record := empty(t)
			require.NoError(t, c.FlushAll(ctx).Err())
			cache := rediscache.New(c, rediscache.Options{Namespace: record.Identity()})
			s := over(t, record, tiered.Options{
				NearBytes: nearBytes, Shared: cache, SharedTimeout: patience,
				Watcher: rediswatch.New(c, cache.WatchedPrefix(), cache.ContactOf),
			})
			following(t, s)
			return s
		})
	})
}
