package pgstore_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
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

// heard remembers what a watcher told.
type heard struct {
	mu   sync.Mutex
	told []string
}

func (h *heard) add(what string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.told = append(h.told, what)
}

func (h *heard) Following() { h.add("following") }
func (h *heard) Missing()   { h.add("missing") }
func (h *heard) Changed(workspace string, id contactstore.UUID) {
	h.add(workspace + " " + id.String())
}

// take gives what was told since it was asked last.
func (h *heard) take() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	told := h.told
	h.told = nil
	return told
}

// wait waits until something in particular was told, and gives all that was.
func (h *heard) wait(t *testing.T, last string) []string {
	t.Helper()
	var all []string
	require.Eventually(t, func() bool {
		all = append(all, h.take()...)
		return len(all) > 0 && all[len(all)-1] == last
	}, 30*time.Second, time.Millisecond, "want %s", last)
	return all
}

func watch(t *testing.T, s *pgstore.Store) *heard {
	t.Helper()
	h := &heard{}
	watching, stop := context.WithCancel(ctx)
	var done sync.WaitGroup
	done.Go(func() { s.Watch(watching, h) })
	t.Cleanup(func() { stop(); done.Wait() })
	h.wait(t, "following")
	return h
}

func testWatch(t *testing.T, server *pgtest.Server) {
	dsn := server.Database()
	writer := open(t, dsn)
	h := watch(t, open(t, dsn))
	name := func(n int) string { return storetest.Workspace + " " + storetest.ID(n).String() }
	c := storetest.Contact(1, "ext:1")
	require.NoError(t, writer.Put(ctx, record(t, c)))
	assert.Equal(t, []string{name(1)}, h.wait(t, name(1)))
	c.Version = 2
	require.NoError(t, writer.Put(ctx, record(t, c)))
	assert.Equal(t, []string{name(1)}, h.wait(t, name(1)))
	errs, err := writer.PutMany(ctx, []contactstore.Record{record(t, storetest.Contact(2)), record(t, storetest.Contact(3))})
	require.NoError(t, err)
	assert.Equal(t, []error{nil, nil}, errs)
	assert.Equal(t, []string{name(2), name(3)}, h.wait(t, name(3)))
	c.Version = 9
	require.ErrorIs(t, writer.Put(ctx, record(t, c)), contactstore.ErrVersion)
	require.NoError(t, writer.Delete(ctx, storetest.Workspace, storetest.ID(2), 0))
	assert.Equal(t, []string{name(2)}, h.wait(t, name(2)), "nothing of the refused write")
	server.Exec(dsn, "truncate contacts cascade")
	assert.Equal(t, []string{"missing", "following"}, h.wait(t, "following"))

	silent, err := pgstore.Open(ctx, dsn, pgstore.Options{Silent: true})
	require.NoError(t, err)
	require.NoError(t, silent.Put(ctx, record(t, storetest.Contact(4))))
	require.NoError(t, silent.Close())
	require.NoError(t, writer.Put(ctx, record(t, storetest.Contact(5))))
	assert.Equal(t, []string{name(5)}, h.wait(t, name(5)), "nothing of the silent write")
}

// Whatever becomes of the server, whoever follows is told that they may have missed something.
func TestWatchOverFailures(t *testing.T) {
	server := pgtest.Start(t)
	s := open(t, server.Database())
	h := watch(t, s)
	for name, fail := range map[string]func(){
		"restart": func() { server.Stop(); server.Restart() },
		"crash":   func() { server.Kill(); server.Restart() },
		"silence": func() { server.Freeze(); h.wait(t, "missing"); h.add("missing"); server.Thaw() },
	} {
		fail()
		assert.Contains(t, h.wait(t, "following"), "missing", name)
		require.Eventually(t, func() bool { return s.Ping(ctx) == nil }, 30*time.Second, 10*time.Millisecond)
	}
}

func testPasswordFile(t *testing.T, server *pgtest.Server) {
	owner := server.Database()
	server.Exec(owner, "create role filed login superuser password 'first'")
	dsn := strings.Replace(owner, pgtest.User+"@", "filed@", 1)
	file := filepath.Join(t.TempDir(), "password")
	write := func(password string) { require.NoError(t, os.WriteFile(file, []byte(password), 0o600)) }
	write("first\n")
	s, err := pgstore.Open(ctx, dsn, pgstore.Options{PasswordFile: file})
	require.NoError(t, err)
	defer s.Close()
	server.Exec(owner, "alter role filed password 'second'")
	write("second")
	s.Pool().Reset()
	require.NoError(t, s.Ping(ctx), "a new password needs no restart")

	_, err = pgstore.Open(ctx, dsn, pgstore.Options{PasswordFile: file + "s"})
	require.ErrorIs(t, err, contactstore.ErrInvalid)
	assert.EqualError(t, err, fmt.Sprintf("the file of PostgreSQL's password: open %ss: no such file or directory", file))
}

func testIdentity(t *testing.T, server *pgtest.Server) {
	dsn := server.Database()
	a, again, other := open(t, dsn), open(t, dsn), open(t, server.Database())
	assert.Len(t, a.Identity(), 36)
	assert.Equal(t, a.Identity(), again.Identity())
	assert.NotEqual(t, a.Identity(), other.Identity())
}
