package redisstore_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/redisstore"
	"github.com/flowexpr/flowexpr/contactstore/redisstore/redistest"
	"github.com/flowexpr/flowexpr/contactstore/storetest"
)

// BenchmarkGetMany reads 1000 contacts by the store and, in turns, the same keys by the driver alone: by MGET, or on a
// Cluster by a pipeline of GETs. The metric ratio is the store's throughput over the driver's, by the median
// of each, which what else the machine does hardly moves.
func BenchmarkGetMany(b *testing.B) {
	for _, name := range []string{"server", "cluster"} {
		b.Run(name, func(b *testing.B) {
			url := redistest.Start(b).URL()
			if name == "cluster" {
				url = redistest.URL(redistest.StartCluster(b, 3))
			}
			s, err := redisstore.Open(ctx, url, redisstore.Options{})
			require.NoError(b, err)
			defer s.Close()
			ids, keys := fill(b, s)
			plain := func() error { return s.Client().MGet(ctx, keys...).Err() }
			if name == "cluster" {
				plain = func() error {
					_, err := s.Client().Pipelined(ctx, func(pipe redis.Pipeliner) error {
						for _, key := range keys {
							pipe.Get(ctx, key)
						}
						return nil
					})
					return err
				}
			}
			var ours, theirs []time.Duration
			for b.Loop() {
				begun := time.Now()
				_, err := s.GetMany(ctx, storetest.Workspace, ids)
				require.NoError(b, err)
				ours = append(ours, time.Since(begun))
				begun = time.Now()
				require.NoError(b, plain())
				theirs = append(theirs, time.Since(begun))
			}
			b.ReportMetric(float64(median(theirs))/float64(median(ours)), "ratio")
		})
	}
}

func median(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/2]
}

// fill stores 1000 contacts and gives their UUIDs and keys.
func fill(b *testing.B, s *redisstore.Store) (ids []contactstore.UUID, keys []string) {
	var records []contactstore.Record
	for n := range 1000 {
		c := storetest.Contact(n+1, fmt.Sprintf("tel:+1323375%04d", n), fmt.Sprintf("mailto:jane%d@example.org", n))
		records = append(records, record(b, c))
		ids = append(ids, c.UUID)
		keys = append(keys, fmt.Sprintf("fx:c:{acme/%02x}:%s", xor(c.UUID), c.UUID))
	}
	errs, err := s.PutMany(ctx, records)
	require.NoError(b, err)
	require.Equal(b, make([]error, len(records)), errs)
	return ids, keys
}
