package embedded_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/embedded"
	"github.com/flowexpr/flowexpr/contactstore/storetest"
)

var ctx = context.Background()

func open(t testing.TB, dir string) *embedded.Store {
	t.Helper()
	s, err := embedded.Open(dir, embedded.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	return s
}

func record(t testing.TB, c *contactstore.Contact) contactstore.Record {
	t.Helper()
	r, err := contactstore.Encode(c)
	require.NoError(t, err)
	return r
}

func TestContract(t *testing.T) {
	storetest.Run(t, func(t *testing.T) contactstore.Store { return open(t, t.TempDir()) })
}

func TestReopen(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "on the way")
	s := open(t, dir)
	r := record(t, storetest.Contact(1, "ext:1"))
	require.NoError(t, s.Put(ctx, r))
	require.NoError(t, s.PutSettings(ctx, storetest.Workspace, []byte(`{}`), 1))
	require.NoError(t, s.Close())

	s = open(t, dir)
	got, err := s.Get(ctx, storetest.Workspace, storetest.ID(1))
	require.NoError(t, err)
	assert.Equal(t, r.Bytes(), got.Bytes())
	_, version, err := s.Settings(ctx, storetest.Workspace)
	require.NoError(t, err)
	assert.Equal(t, uint64(1), version)
}

func TestClosed(t *testing.T) {
	s := open(t, t.TempDir())
	require.NoError(t, s.Close())
	require.NoError(t, s.Close(), "a second time")
	assert.ErrorIs(t, s.Ping(ctx), contactstore.ErrUnavailable)
	assert.ErrorIs(t, s.Put(ctx, record(t, storetest.Contact(1))), contactstore.ErrUnavailable)
	_, err := s.Get(ctx, storetest.Workspace, storetest.ID(1))
	assert.ErrorIs(t, err, contactstore.ErrUnavailable)
}

// Writes under way when the store closes are either acknowledged and kept, or refused.
func TestCloseUnderWrites(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	const writers = 20
	acknowledged := make([]bool, writers)
	var started, done sync.WaitGroup
	for n := range writers {
		started.Add(1)
		done.Go(func() {
			r := record(t, storetest.Contact(n+1))
			started.Done()
			err := s.Put(ctx, r)
			acknowledged[n] = err == nil
			if err != nil {
				assert.ErrorIs(t, err, contactstore.ErrUnavailable)
			}
		})
	}
	started.Wait()
	require.NoError(t, s.Close())
	done.Wait()

	s = open(t, dir)
	for n, acknowledged := range acknowledged {
		_, err := s.Get(ctx, storetest.Workspace, storetest.ID(n+1))
		assert.Equal(t, acknowledged, err == nil, "contact %d", n+1)
	}
}

func TestInUse(t *testing.T) {
	dir := t.TempDir()
	open(t, dir)
	begun := time.Now()
	_, err := embedded.Open(dir, embedded.Options{LockTimeout: 100 * time.Millisecond})
	require.ErrorIs(t, err, contactstore.ErrUnavailable)
	assert.Less(t, time.Since(begun), 2*time.Second)

	var e *contactstore.Error
	require.True(t, errors.As(err, &e))
	assert.Equal(t, "store_in_use", e.Code)
	path := filepath.Join(dir, embedded.FileName)
	assert.Equal(t, "the data file "+path+" is in use by another flowexpr process ("+strconv.Itoa(os.Getpid())+")", e.Message)
	assert.Contains(t, e.Hint, "--url")
}

func TestNotAStore(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, embedded.FileName), []byte("name,phone\nJane,1\n"), 0o600))
	_, err := embedded.Open(dir, embedded.Options{})
	require.ErrorIs(t, err, contactstore.ErrUnavailable)

	_, err = embedded.Open(filepath.Join(dir, embedded.FileName, "below a file"), embedded.Options{})
	require.ErrorIs(t, err, contactstore.ErrUnavailable)
}

// What was read stays as it was when the pages of the file are used for something else.
func TestReadsAreCopies(t *testing.T) {
	s := open(t, t.TempDir())
	c := storetest.Contact(1, "ext:1")
	first := record(t, c)
	require.NoError(t, s.Put(ctx, first))
	held, err := s.Get(ctx, storetest.Workspace, storetest.ID(1))
	require.NoError(t, err)
	for version := uint64(2); version < 50; version++ {
		c.Version, c.Name = version, "another name of another length "+strconv.FormatUint(version*version, 2)
		require.NoError(t, s.Put(ctx, record(t, c)))
	}
	assert.Equal(t, first.Bytes(), held.Bytes())
}

// One write that cannot be stored does not take along those that share its transaction.
func TestRefusedAmongOthers(t *testing.T) {
	s := open(t, t.TempDir())
	var done sync.WaitGroup
	for n := range 30 {
		r := record(t, storetest.Contact(n/2+1, "ext:"+strconv.Itoa(n)))
		done.Go(func() {
			if err := s.Put(ctx, r); err != nil {
				assert.ErrorIs(t, err, contactstore.ErrVersion)
			}
		})
	}
	done.Wait()
	all, err := s.List(ctx, storetest.Workspace, contactstore.UUID{}, 100)
	require.NoError(t, err)
	assert.Len(t, all, 15)
}

func BenchmarkGet(b *testing.B) {
	s := open(b, b.TempDir())
	require.NoError(b, s.Put(ctx, record(b, storetest.Contact(1, "tel:+13233754866", "ext:1"))))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Get(ctx, storetest.Workspace, storetest.ID(1)); err != nil {
			b.Fatal(err)
		}
	}
}

// Concurrent durable writes share their syncs.
func BenchmarkPutParallel(b *testing.B) {
	s := open(b, b.TempDir())
	var mu sync.Mutex
	n := 0
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			mu.Lock()
			n++
			c := storetest.Contact(n)
			mu.Unlock()
			r, err := contactstore.Encode(c)
			if err != nil {
				b.Error(err)
				return
			}
			if err := s.Put(ctx, r); err != nil {
				b.Error(err)
				return
			}
		}
	})
}
