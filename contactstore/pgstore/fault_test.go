package pgstore_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/pgstore"
	"github.com/flowexpr/flowexpr/contactstore/pgstore/pgtest"
	"github.com/flowexpr/flowexpr/contactstore/storetest"
)

// reads are one of each kind.
func reads(t *testing.T, s *pgstore.Store) map[string]func(ctx context.Context) error {
	urn, err := contactstore.ParseURN("ext:1")
	require.NoError(t, err)
	return map[string]func(ctx context.Context) error{
		"get": func(ctx context.Context) error {
			_, err := s.Get(ctx, storetest.Workspace, storetest.ID(1))
			return err
		},
		"get many": func(ctx context.Context) error {
			_, err := s.GetMany(ctx, storetest.Workspace, []contactstore.UUID{storetest.ID(1)})
			return err
		},
		"find": func(ctx context.Context) error { _, err := s.Find(ctx, storetest.Workspace, urn); return err },
		"list": func(ctx context.Context) error {
			_, err := s.List(ctx, storetest.Workspace, contactstore.UUID{}, 10)
			return err
		},
		"settings": func(ctx context.Context) error { _, _, err := s.Settings(ctx, storetest.Workspace); return err },
		"ping":     s.Ping,
	}
}

// writes are one of each kind; each time they are asked for they write something new.
func writes(t *testing.T, s *pgstore.Store, n int) map[string]func(ctx context.Context) error {
	contact := func(n int) contactstore.Record {
		return record(t, storetest.Contact(n, fmt.Sprintf("ext:%d", n)))
	}
	return map[string]func(ctx context.Context) error{
		"put": func(ctx context.Context) error { return s.Put(ctx, contact(n)) },
		"put many": func(ctx context.Context) error {
			_, err := s.PutMany(ctx, []contactstore.Record{contact(n + 1)})
			return err
		},
		"delete": func(ctx context.Context) error {
			return s.Delete(ctx, storetest.Workspace, storetest.ID(999), 0)
		},
		"put settings": func(ctx context.Context) error {
			return s.PutSettings(ctx, fmt.Sprint("workspace ", n), []byte(`{}`), 1)
		},
	}
}

// Each read finds the connections of before the restart broken, and is answered all the same.
func TestServerRestarted(t *testing.T) {
	server := pgtest.Start(t)
	s := open(t, server.Database())
	require.NoError(t, s.Put(ctx, record(t, storetest.Contact(1, "ext:1"))))
	for name, read := range reads(t, s) {
		fillPool(t, s)
		server.Stop()
		server.Restart()
		require.NoError(t, read(ctx), name)
	}
}

// fillPool makes all connections that a store may have.
func fillPool(t *testing.T, s *pgstore.Store) {
	t.Helper()
	conns := make([]*pgxpool.Conn, s.Pool().Config().MaxConns)
	for i := range conns {
		var err error
		conns[i], err = s.Pool().Acquire(ctx)
		require.NoError(t, err)
	}
	for _, conn := range conns {
		conn.Release()
	}
}

func TestServerGone(t *testing.T) {
	server := pgtest.Start(t)
	s := open(t, server.Database())
	require.NoError(t, s.Put(ctx, record(t, storetest.Contact(1, "ext:1"))))
	server.Kill()
	for _, calls := range []map[string]func(context.Context) error{reads(t, s), writes(t, s, 10)} {
		for name, call := range calls {
			err := call(ctx)
			require.ErrorIs(t, err, contactstore.ErrUnavailable, name)
			assert.ErrorContains(t, err, "postgres at "+server.Addr(), name)
		}
	}
	server.Restart()
	for name, read := range reads(t, s) {
		require.NoError(t, read(ctx), "%s: works by itself again", name)
	}
	for name, write := range writes(t, s, 20) {
		if err := write(ctx); name != "delete" {
			require.NoError(t, err, "%s: works by itself again", name)
		}
	}
}

// openImpatient opens a store of short timeouts; a busy machine may need some tries.
func openImpatient(t *testing.T, dsn string) *pgstore.Store {
	t.Helper()
	var s *pgstore.Store
	require.Eventually(t, func() bool {
		var err error
		s, err = pgstore.Open(ctx, dsn, pgstore.Options{Timeout: 300 * time.Millisecond, DialTimeout: 200 * time.Millisecond})
		return err == nil
	}, time.Minute, time.Millisecond)
	return s
}

func TestServerSilent(t *testing.T) {
	server := pgtest.Start(t)
	require.NoError(t, open(t, server.Database()).Put(ctx, record(t, storetest.Contact(1, "ext:1"))))
	s := openImpatient(t, server.Database())
	defer s.Close()
	server.Freeze()
	for _, calls := range []map[string]func(context.Context) error{reads(t, s), writes(t, s, 10)} {
		for name, call := range calls {
			require.ErrorIs(t, call(ctx), contactstore.ErrUnavailable, name)
			hurried, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
			require.ErrorIs(t, call(hurried), context.DeadlineExceeded, name)
			cancel()
		}
	}
	server.Thaw()
	assert.Eventually(t, func() bool { return s.Ping(ctx) == nil }, time.Minute, 10*time.Millisecond)
}

// The server crashes again and again under writers. What was acknowledged is there afterwards, each version once; what
// was not may or may not be; and no contact is anybody else's.
func TestAcknowledgedWritesOutliveCrashes(t *testing.T) {
	const writers, crashes = 4, 4
	server := pgtest.Start(t, "fsync=on", "full_page_writes=on")
	s := open(t, server.Database())
	var stop atomic.Bool
	var logs [writers]writer
	var done sync.WaitGroup
	for w := range logs {
		done.Go(func() { logs[w] = writeUntil(t, s, w, &stop) })
	}
	for range crashes {
		before := s.Pool().Stat().AcquireCount()
		assert.Eventually(t, func() bool { return s.Pool().Stat().AcquireCount() > before+100 }, 30*time.Second, time.Millisecond, "the writers write")
		server.Kill()
		server.Restart()
	}
	stop.Store(true)
	done.Wait()

	acknowledged, unknown, found := 0, 0, 0
	for _, log := range logs {
		acknowledged, unknown = acknowledged+log.acknowledged, unknown+log.unknown
		for n, state := range log.contacts {
			r, err := s.Get(ctx, storetest.Workspace, storetest.ID(n))
			if errors.Is(err, contactstore.ErrNotFound) && state.acknowledged == 0 {
				continue
			}
			require.NoError(t, err)
			found++
			assert.Equal(t, fmt.Sprint("Contact ", n), r.Name())
			assert.GreaterOrEqual(t, r.Version(), state.acknowledged, "contact %d", n)
			assert.LessOrEqual(t, r.Version(), state.tried, "contact %d", n)
			urn, err := contactstore.ParseURN(identity(n, r.Version()))
			require.NoError(t, err)
			owned, err := s.Find(ctx, storetest.Workspace, urn)
			require.NoError(t, err)
			assert.Equal(t, r.Bytes(), owned.Bytes())
		}
	}
	assert.Positive(t, unknown, "the crashes came in the middle of writes")
	t.Logf("%d crashes: %d writes acknowledged, %d not, %d contacts found", crashes, acknowledged, unknown, found)
}

// writer is what a writer remembers.
type writer struct {
	acknowledged, unknown int
	contacts              map[int]versions
}

// versions are the highest versions of a contact that were acknowledged and tried.
type versions struct{ acknowledged, tried uint64 }

// identity is the URN that a contact has in one version.
func identity(n int, version uint64) string { return fmt.Sprintf("ext:%d-%d", n, version) }

// writeUntil makes contacts and changes each a few times, going on to the next one when the end of a write is not known.
func writeUntil(t *testing.T, s *pgstore.Store, w int, stop *atomic.Bool) writer {
	log := writer{contacts: map[int]versions{}}
	for n := w + 1; !stop.Load(); n += 4 {
		for version := uint64(1); version <= 3; version++ {
			c := storetest.Contact(n, identity(n, version))
			c.Version = version
			state := log.contacts[n]
			state.tried = version
			log.contacts[n] = state
			err := s.Put(ctx, record(t, c))
			if err != nil {
				assert.ErrorIs(t, err, contactstore.ErrUnavailable)
				log.unknown++
				time.Sleep(time.Millisecond) // the server is away
				break
			}
			state.acknowledged = version
			log.contacts[n] = state
			log.acknowledged++
		}
	}
	return log
}
