package redisstore_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/redisstore"
	"github.com/flowexpr/flowexpr/contactstore/redisstore/redistest"
	"github.com/flowexpr/flowexpr/contactstore/storetest"
)

var ctx = context.Background()

func open(t testing.TB, server *redistest.Server) *redisstore.Store {
	t.Helper()
	s, err := redisstore.Open(ctx, server.URL(), redisstore.Options{})
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
	server := redistest.Start(t)
	storetest.Run(t, func(t *testing.T) contactstore.Store {
		s := open(t, server)
		require.NoError(t, s.Client().FlushAll(ctx).Err())
		return s
	})
}

// Two processes over one server, so that what one remembers of a contact is not what the other wrote.
func TestContractOverTwoStores(t *testing.T) {
	server := redistest.Start(t)
	storetest.Run(t, func(t *testing.T) contactstore.Store {
		a, b := open(t, server), open(t, server)
		require.NoError(t, a.Client().FlushAll(ctx).Err())
		return &alternating{Store: a, other: b}
	})
}

// alternating writes through one store and then through the other.
type alternating struct {
	*redisstore.Store
	other *redisstore.Store
	turn  atomic.Int64
}

func (a *alternating) Put(ctx context.Context, r contactstore.Record) error {
	if a.turn.Add(1)%2 == 0 {
		return a.other.Put(ctx, r)
	}
	return a.Store.Put(ctx, r)
}

func (a *alternating) Delete(ctx context.Context, workspace string, id contactstore.UUID, version uint64) error {
	return a.other.Delete(ctx, workspace, id, version)
}

func TestKeys(t *testing.T) {
	s := open(t, redistest.Start(t))
	id := storetest.ID(1).String()
	r := record(t, storetest.Contact(1, "tel:+13233754866#Home"))
	require.NoError(t, s.Put(ctx, r))
	require.NoError(t, s.PutSettings(ctx, storetest.Workspace, []byte(`{"country":"US"}`), 1))

	keys, err := s.Client().Keys(ctx, "*").Result()
	require.NoError(t, err)
	assert.ElementsMatch(t, []string{"fx:c:{acme/c1}:" + id, "fx:u:acme:{tel:+13233754866}", "fx:i:{acme/c1}", "fx:s:{acme}"}, keys)
	assert.Equal(t, r.Bytes(), s.Client().Get(ctx, "fx:c:{acme/c1}:"+id).Val())
	assert.Regexp(t, "^"+id+"/[A-Za-z0-9_-]{6}1$", s.Client().Get(ctx, "fx:u:acme:{tel:+13233754866}").Val())
	assert.Equal(t, []string{id}, s.Client().ZRange(ctx, "fx:i:{acme/c1}", 0, -1).Val())
	assert.Equal(t, map[string]string{"version": "1", "data": `{"country":"US"}`}, s.Client().HGetAll(ctx, "fx:s:{acme}").Val())

	require.NoError(t, s.Delete(ctx, storetest.Workspace, storetest.ID(1), 0))
	keys, err = s.Client().Keys(ctx, "*").Result()
	require.NoError(t, err)
	assert.Equal(t, []string{"fx:s:{acme}"}, keys)
}

func TestWorkspaceNames(t *testing.T) {
	s := open(t, redistest.Start(t))
	for _, name := range []string{"", "a}b", "{a", "}"} {
		_, err := s.Get(ctx, name, storetest.ID(1))
		var e *contactstore.Error
		require.ErrorAs(t, err, &e, name)
		assert.Equal(t, "invalid_workspace", e.Code, name)
	}
}

// The scripts vanish from the server when it restarts, fails over or is told to forget them.
func TestScriptsFlushed(t *testing.T) {
	s := open(t, redistest.Start(t))
	c := storetest.Contact(1, "ext:1")
	for range 3 {
		require.NoError(t, s.Put(ctx, record(t, c)))
		require.NoError(t, s.Client().ScriptFlush(ctx).Err())
		c.Version++
	}
	errs, err := s.PutMany(ctx, []contactstore.Record{record(t, c), record(t, storetest.Contact(2))})
	require.NoError(t, err)
	assert.Equal(t, []error{nil, nil}, errs)
}

func TestServerGone(t *testing.T) {
	server := redistest.Start(t)
	s := open(t, server)
	require.NoError(t, s.Put(ctx, record(t, storetest.Contact(1))))
	server.Kill()
	for name, call := range calls(t, s) {
		begun := time.Now()
		err := call()
		require.ErrorIs(t, err, contactstore.ErrUnavailable, name)
		assert.Contains(t, err.Error(), server.Addr(), name)
		assert.Less(t, time.Since(begun), time.Second, name)
	}
	server.Restart()
	for name, call := range calls(t, s) {
		if err := call(); err != nil {
			assert.ErrorIs(t, err, contactstore.ErrNotFound, "%s: works by itself again", name)
		}
	}
}

func TestServerSilent(t *testing.T) {
	server := redistest.Start(t)
	s, err := redisstore.Open(ctx, server.URL(), redisstore.Options{Timeout: 100 * time.Millisecond})
	require.NoError(t, err)
	defer s.Close()
	require.NoError(t, s.Put(ctx, record(t, storetest.Contact(1))))
	server.Freeze()
	for name, call := range calls(t, s) {
		begun := time.Now()
		require.ErrorIs(t, call(), contactstore.ErrUnavailable, name)
		assert.Less(t, time.Since(begun), 2*time.Second, name)
	}
	hurried, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
	defer cancel()
	_, err = s.Get(hurried, storetest.Workspace, storetest.ID(1))
	require.ErrorIs(t, err, context.DeadlineExceeded)
	server.Thaw()
	require.NoError(t, s.Ping(ctx))
}

// calls are one of each kind.
func calls(t *testing.T, s *redisstore.Store) map[string]func() error {
	fresh := record(t, storetest.Contact(2, "ext:2"))
	urn, err := contactstore.ParseURN("ext:1")
	require.NoError(t, err)
	return map[string]func() error{
		"get": func() error { _, err := s.Get(ctx, storetest.Workspace, storetest.ID(1)); return err },
		"get many": func() error {
			_, err := s.GetMany(ctx, storetest.Workspace, []contactstore.UUID{storetest.ID(1)})
			return err
		},
		"find": func() error { _, err := s.Find(ctx, storetest.Workspace, urn); return err },
		"list": func() error { _, err := s.List(ctx, storetest.Workspace, contactstore.UUID{}, 10); return err },
		"put":  func() error { return s.Put(ctx, fresh) },
		"put many": func() error {
			_, err := s.PutMany(ctx, []contactstore.Record{record(t, storetest.Contact(3))})
			return err
		},
		"delete":       func() error { return s.Delete(ctx, storetest.Workspace, storetest.ID(9), 0) },
		"settings":     func() error { _, _, err := s.Settings(ctx, storetest.Workspace); return err },
		"put settings": func() error { return s.PutSettings(ctx, storetest.Workspace, []byte(`{}`), 1) },
		"ping":         func() error { return s.Ping(ctx) },
	}
}

// A server that comes and goes under writers: each acknowledged write is one version, none is counted twice or refused as its own.
func TestWritesAreSentOnce(t *testing.T) {
	server := redistest.Start(t, "--appendonly", "yes", "--appendfsync", "always")
	s := open(t, server)
	require.NoError(t, s.Put(ctx, record(t, storetest.Contact(1))))
	var acknowledged, unknown atomic.Int64
	stop := make(chan struct{})
	var done sync.WaitGroup
	done.Go(func() {
		for version := uint64(2); ; version++ {
			select {
			case <-stop:
				return
			default:
			}
			c := storetest.Contact(1)
			c.Version = version
			if err := s.Put(ctx, record(t, c)); err == nil {
				acknowledged.Add(1)
				continue
			} else if !assert.ErrorIs(t, err, contactstore.ErrUnavailable) {
				return
			}
			unknown.Add(1)
			got, err := s.Get(ctx, storetest.Workspace, storetest.ID(1))
			for err != nil {
				got, err = s.Get(ctx, storetest.Workspace, storetest.ID(1))
			}
			version = got.Version()
		}
	})
	for range 20 {
		time.Sleep(5 * time.Millisecond)
		s.Client().ClientKillByFilter(ctx, "TYPE", "normal", "SKIPME", "yes")
	}
	close(stop)
	done.Wait()
	r, err := s.Get(ctx, storetest.Workspace, storetest.ID(1))
	require.NoError(t, err)
	assert.GreaterOrEqual(t, int64(r.Version()), 1+acknowledged.Load())
	assert.LessOrEqual(t, int64(r.Version()), 1+acknowledged.Load()+unknown.Load())
}

// A program that knows only the keys writes a contact as JSON.
func TestOtherPrograms(t *testing.T) {
	s := open(t, redistest.Start(t))
	id := storetest.ID(7)
	write := func(json string) {
		pipe := s.Client().TxPipeline()
		pipe.SetNX(ctx, "fx:u:acme:{tel:+13233754866}", id.String(), 0)
		pipe.Set(ctx, "fx:c:{acme/c7}:"+id.String(), json, 0)
		pipe.ZAdd(ctx, "fx:i:{acme/c7}", redis.Z{Member: id.String()})
		_, err := pipe.Exec(ctx)
		require.NoError(t, err)
	}
	write(`{"uuid":"` + id.String() + `","name":"Jane Doe","urns":["tel:+13233754866"]}`)
	urn, err := contactstore.ParseURN("tel:+13233754866")
	require.NoError(t, err)
	r, err := s.Find(ctx, storetest.Workspace, urn)
	require.NoError(t, err)
	assert.Equal(t, "Jane Doe", r.Name())
	assert.Equal(t, uint64(1), r.Version())
	assert.Equal(t, storetest.Workspace, r.Workspace())

	c, err := r.Contact()
	require.NoError(t, err)
	c.Version, c.Connections = 2, nil
	require.NoError(t, s.Put(ctx, record(t, c)))
	_, err = s.Find(ctx, storetest.Workspace, urn)
	require.ErrorIs(t, err, contactstore.ErrNotFound)

	write(`{"uuid":"` + id.String() + `","version":3,"name":"Joe","urns":["tel:+13233754866"]}`)
	c.Version = 3
	require.ErrorIs(t, s.Put(ctx, record(t, c)), contactstore.ErrVersion)
	c.Version = 4
	require.NoError(t, s.Put(ctx, record(t, c)))
}

func BenchmarkGet(b *testing.B) {
	s := open(b, redistest.Start(b))
	require.NoError(b, s.Put(ctx, record(b, storetest.Contact(1, "tel:+13233754866"))))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Get(ctx, storetest.Workspace, storetest.ID(1)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkUpdate(b *testing.B) {
	s := open(b, redistest.Start(b))
	require.NoError(b, s.Put(ctx, record(b, storetest.Contact(1, "tel:+13233754866"))))
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		_, _, err := contactstore.Update(ctx, s, storetest.Workspace, storetest.ID(1), func(c *contactstore.Contact) (contactstore.Change, error) {
			c.Name = time.Duration(n).String()
			return contactstore.Change{Changed: true}, nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
