package pgstore_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/pgstore"
	"github.com/flowexpr/flowexpr/contactstore/pgstore/pgtest"
	"github.com/flowexpr/flowexpr/contactstore/storetest"
)

// Batches in opposite orders lock each other out, and new contacts collide; each is done all the same, and told right.
func testDeadlock(t *testing.T, server *pgtest.Server) {
	const contacts, writers, rounds = 50, 4, 6
	s := open(t, server.Database())
	var stored [contacts]int // by contact, writes acknowledged
	for round := range rounds {
		var results [writers][]error
		var done sync.WaitGroup
		for w := range writers {
			done.Go(func() {
				records := make([]contactstore.Record, contacts)
				for n := range records {
					c := storetest.Contact(n+1, "ext:"+storetest.ID(n+1).String())
					c.Version = uint64(round + 1)
					records[n] = record(t, c)
				}
				if w%2 == 1 {
					slices.Reverse(records)
				}
				errs, err := s.PutMany(ctx, records)
				assert.NoError(t, err)
				if w%2 == 1 {
					slices.Reverse(errs)
				}
				results[w] = errs
			})
		}
		done.Wait()
		for w := range writers {
			require.Len(t, results[w], contacts)
			for n, err := range results[w] {
				if err == nil {
					stored[n]++
					continue
				}
				assert.ErrorIs(t, err, contactstore.ErrVersion)
			}
		}
	}
	for n, times := range stored {
		assert.Equal(t, rounds, times, "contact %d: one write a version", n+1)
	}
}

// Somebody holds a contact's row. A write to it ends by its timeout, and leaves nobody waiting in the server.
func testLockedContact(t *testing.T, server *pgtest.Server) {
	dsn := server.Database()
	s := open(t, dsn)
	c := storetest.Contact(1, "ext:1")
	require.NoError(t, s.Put(ctx, record(t, c)))
	holder, err := s.Pool().Begin(ctx)
	require.NoError(t, err)
	_, err = holder.Exec(ctx, "select from contacts for update")
	require.NoError(t, err)

	hurried, err := pgstore.Open(ctx, dsn, pgstore.Options{Timeout: 50 * time.Millisecond})
	require.NoError(t, err)
	c.Version = 2
	err = hurried.Put(ctx, record(t, c))
	require.ErrorIs(t, err, contactstore.ErrUnavailable)
	assert.EqualError(t, err, "postgres at "+server.Addr()+": no answer within 50ms")
	soon, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, s.Put(soon, record(t, c)), context.DeadlineExceeded)
	assert.Eventually(t, func() bool {
		waiting := table(t, s, "select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()")
		return len(waiting) == 0
	}, 10*time.Second, 10*time.Millisecond)
	require.NoError(t, hurried.Close())

	require.NoError(t, holder.Rollback(ctx))
	require.NoError(t, s.Put(ctx, record(t, c)), "nothing was written meanwhile")
}
