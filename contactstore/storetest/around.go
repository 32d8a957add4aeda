package storetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
)

func settings() []check {
	return []check{
		{"never set", func(t *testing.T, s contactstore.Store) {
			data, version, err := s.Settings(context.Background(), Workspace)
			require.NoError(t, err)
			assert.Nil(t, data)
			assert.Zero(t, version)
		}},
		{"one version after another", func(t *testing.T, s contactstore.Store) {
			for version := uint64(1); version <= 3; version++ {
				want := fmt.Sprintf(`{"country":"US","n":%d}`, version)
				require.NoError(t, s.PutSettings(context.Background(), Workspace, []byte(want), version))
				data, got, err := s.Settings(context.Background(), Workspace)
				require.NoError(t, err)
				assert.Equal(t, want, string(data))
				assert.Equal(t, version, got)
			}
		}},
		{"a stale version", func(t *testing.T, s contactstore.Store) {
			ctx := context.Background()
			require.ErrorIs(t, s.PutSettings(ctx, Workspace, []byte(`{}`), 2), contactstore.ErrVersion)
			require.NoError(t, s.PutSettings(ctx, Workspace, []byte(`{"n":1}`), 1))
			for _, version := range []uint64{0, 1, 3} {
				require.ErrorIs(t, s.PutSettings(ctx, Workspace, []byte(`{"n":2}`), version), contactstore.ErrVersion)
			}
			data, version, err := s.Settings(ctx, Workspace)
			require.NoError(t, err)
			assert.Equal(t, `{"n":1}`, string(data))
			assert.Equal(t, uint64(1), version)
		}},
		{"the bytes belong to the caller", func(t *testing.T, s contactstore.Store) {
			ctx := context.Background()
			given := []byte(`{"n":1}`)
			require.NoError(t, s.PutSettings(ctx, Workspace, given, 1))
			given[5] = '9'
			data, _, err := s.Settings(ctx, Workspace)
			require.NoError(t, err)
			data[5] = '8'
			data, _, err = s.Settings(ctx, Workspace)
			require.NoError(t, err)
			assert.Equal(t, `{"n":1}`, string(data))
		}},
	}
}

func workspaces() []check {
	return []check{
		{"do not leak into each other", func(t *testing.T, s contactstore.Store) {
			ctx := context.Background()
			mine := put(t, s, Contact(1, "ext:1"))
			yours := put(t, s, in("other", Contact(1, "ext:1", "ext:2")))
			stored(t, s, mine)
			stored(t, s, yours)
			owner(t, s, "ext:1", mine)
			owner(t, s, "ext:1", yours)
			unowned(t, s, "ext:2")
			require.NoError(t, s.Delete(ctx, "other", ID(1), 0))
			stored(t, s, mine)
			owner(t, s, "ext:1", mine)
			missing(t, s, "other", ID(1))
			assert.Empty(t, everyone(t, s, "other", 10))
		}},
		{"names that begin alike", func(t *testing.T, s contactstore.Store) {
			for i, name := range []string{"a", "ab", "a-b", "a.b", "A"} {
				put(t, s, in(name, Contact(i+1, "ext:1")))
			}
			for i, name := range []string{"a", "ab", "a-b", "a.b", "A"} {
				assert.Equal(t, []contactstore.UUID{ID(i + 1)}, ids(everyone(t, s, name, 10)), name)
			}
		}},
		{"settings", func(t *testing.T, s contactstore.Store) {
			ctx := context.Background()
			require.NoError(t, s.PutSettings(ctx, Workspace, []byte(`{"n":1}`), 1))
			data, version, err := s.Settings(ctx, "other")
			require.NoError(t, err)
			assert.Nil(t, data)
			assert.Zero(t, version)
		}},
		{"one that was never written", func(t *testing.T, s contactstore.Store) {
			ctx := context.Background()
			missing(t, s, "never", ID(1))
			assert.Empty(t, everyone(t, s, "never", 10))
			_, err := s.Find(ctx, "never", urn("ext:1"))
			require.ErrorIs(t, err, contactstore.ErrNotFound)
			got, err := s.GetMany(ctx, "never", []contactstore.UUID{ID(1)})
			require.NoError(t, err)
			require.Len(t, got, 1)
			assert.True(t, got[0].IsZero())
		}},
	}
}

func contexts() []check {
	return []check{{"a done context stops every call and writes nothing", func(t *testing.T, s contactstore.Store) {
		r := put(t, s, Contact(1, "ext:1"))
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		second, fresh := encode(t, next(Contact(1), "ext:2")), encode(t, Contact(2, "ext:3"))
		calls := map[string]func() error{
			"get":      func() error { _, err := s.Get(ctx, Workspace, ID(1)); return err },
			"get many": func() error { _, err := s.GetMany(ctx, Workspace, []contactstore.UUID{ID(1)}); return err },
			"find":     func() error { _, err := s.Find(ctx, Workspace, urn("ext:1")); return err },
			"list":     func() error { _, err := s.List(ctx, Workspace, contactstore.UUID{}, 10); return err },
			"put":      func() error { return s.Put(ctx, second) },
			"put many": func() error {
				_, err := s.PutMany(ctx, []contactstore.Record{second, fresh})
				return err
			},
			"delete":       func() error { return s.Delete(ctx, Workspace, ID(1), 0) },
			"settings":     func() error { _, _, err := s.Settings(ctx, Workspace); return err },
			"put settings": func() error { return s.PutSettings(ctx, Workspace, []byte(`{}`), 1) },
			"ping":         func() error { return s.Ping(ctx) },
		}
		for name, call := range calls {
			err := call()
			assert.ErrorIs(t, err, context.Canceled, name)
			assert.False(t, errors.Is(err, contactstore.ErrUnavailable), "%s: a store is not out of reach because its caller left", name)
		}
		stored(t, s, r)
		missing(t, s, Workspace, ID(2))
		unowned(t, s, "ext:2")
		_, version, err := s.Settings(context.Background(), Workspace)
		require.NoError(t, err)
		assert.Zero(t, version)
	}}}
}

// damages are tried with stores that implement Planter.
func damages() []check {
	foreign := func(t *testing.T, c *contactstore.Contact) string { return encode(t, c).Bytes() }
	plants := map[string]func(t *testing.T) string{
		"another contact's":      func(t *testing.T) string { return foreign(t, Contact(2, "ext:1")) },
		"another workspace's":    func(t *testing.T) string { return foreign(t, in("other", Contact(1, "ext:1"))) },
		"cut off":                func(t *testing.T) string { b := foreign(t, Contact(1, "ext:1")); return b[:len(b)/2] },
		"empty":                  func(*testing.T) string { return "" },
		"noise":                  func(*testing.T) string { return strings.Repeat("\xff\x00", 200) },
		"broken JSON":            func(*testing.T) string { return `{"uuid":` },
		"another contact's JSON": func(*testing.T) string { return `{"uuid":"` + ID(2).String() + `","urns":["ext:1"]}` },
	}
	var all []check
	for name, bytes := range plants {
		all = append(all, check{name, func(t *testing.T, s contactstore.Store) {
			if p, ok := s.(Planter); ok {
				damaged(t, p, bytes(t))
			}
		}})
	}
	return append(all, check{"a URN that leads to a contact without it", func(t *testing.T, s contactstore.Store) {
		p, ok := s.(Planter)
		if !ok {
			return
		}
		put(t, s, Contact(1, "ext:1"))
		require.NoError(t, p.Plant(context.Background(), Workspace, ID(1), foreign(t, Contact(1, "ext:2"))))
		got, err := s.Find(context.Background(), Workspace, urn("ext:1"))
		require.Error(t, err)
		assert.True(t, got.IsZero())
	}})
}

// damaged asserts that no read gives the record planted for contact 1, and that contact 3 is unharmed.
func damaged(t *testing.T, s Planter, bytes string) {
	t.Helper()
	ctx := context.Background()
	put(t, s, Contact(1, "ext:1"))
	well := put(t, s, Contact(3, "ext:3"))
	require.NoError(t, s.Plant(ctx, Workspace, ID(1), bytes))

	got, err := s.Get(ctx, Workspace, ID(1))
	require.Error(t, err, "get")
	assert.NotErrorIs(t, err, contactstore.ErrNotFound, "get")
	assert.True(t, got.IsZero())
	got, err = s.Find(ctx, Workspace, urn("ext:1"))
	require.Error(t, err, "find")
	assert.True(t, got.IsZero())
	_, err = s.GetMany(ctx, Workspace, []contactstore.UUID{ID(3), ID(1)})
	require.Error(t, err, "get many")
	_, err = s.List(ctx, Workspace, contactstore.UUID{}, 10)
	require.Error(t, err, "list")
	require.Error(t, s.Put(ctx, encode(t, next(Contact(1), "ext:1"))), "put")
	stored(t, s, well)
}
