package storetest

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
)

func puts() []check {
	return []check{
		{"one version after another", func(t *testing.T, s contactstore.Store) {
			c := Contact(1, "tel:+13233754866")
			put(t, s, c)
			for range 5 {
				c = next(c, "tel:+13233754866")
				stored(t, s, put(t, s, c))
			}
		}},
		{"a new contact that exists", func(t *testing.T, s contactstore.Store) {
			r := put(t, s, Contact(1, "ext:1"))
			assertRejected(t, s, Contact(1, "ext:2"), contactstore.ErrVersion)
			assertRejected(t, s, Contact(1, "ext:1"), contactstore.ErrVersion) // though nothing differs
			stored(t, s, r)
			unowned(t, s, "ext:2")
		}},
		{"a version too low or too high", func(t *testing.T, s contactstore.Store) {
			c := Contact(1, "ext:1")
			put(t, s, c)
			second := next(c, "ext:1")
			r := put(t, s, second)
			for _, version := range []uint64{1, 2, 4, 1 << 40} {
				stale := *second
				stale.Version, stale.Name = version, "stale"
				assertRejected(t, s, &stale, contactstore.ErrVersion)
			}
			stored(t, s, r)
		}},
		{"a second version of nothing", func(t *testing.T, s contactstore.Store) {
			c := Contact(1, "ext:1")
			c.Version = 2
			assertRejected(t, s, c, contactstore.ErrVersion)
			missing(t, s, Workspace, ID(1))
			unowned(t, s, "ext:1")
			assert.Empty(t, everyone(t, s, Workspace, 10))
		}},
		{"what is not a record to store", func(t *testing.T, s contactstore.Store) {
			require.Error(t, s.Put(context.Background(), contactstore.Record{}))
			assert.Empty(t, everyone(t, s, Workspace, 10))
		}},
		{"large versions", func(t *testing.T, s contactstore.Store) {
			c := Contact(1, "ext:1")
			put(t, s, c)
			for _, version := range []uint64{1<<32 + 1, 1<<53 + 1, 1<<63 + 1} {
				far := *c
				far.Version = version
				assertRejected(t, s, &far, contactstore.ErrVersion)
			}
		}},
	}
}

func deletes() []check {
	return []check{
		{"any version", func(t *testing.T, s contactstore.Store) {
			c := Contact(1, "ext:1", "ext:2")
			put(t, s, c)
			put(t, s, next(c, "ext:1", "ext:3"))
			require.NoError(t, s.Delete(context.Background(), Workspace, ID(1), 0))
			missing(t, s, Workspace, ID(1))
			for _, text := range []string{"ext:1", "ext:2", "ext:3"} {
				unowned(t, s, text)
			}
			assert.Empty(t, everyone(t, s, Workspace, 10))
		}},
		{"the version stored, and no other", func(t *testing.T, s contactstore.Store) {
			c := Contact(1, "ext:1")
			put(t, s, c)
			r := put(t, s, next(c, "ext:1"))
			for _, version := range []uint64{1, 3, 1<<32 + 2} {
				require.ErrorIs(t, s.Delete(context.Background(), Workspace, ID(1), version), contactstore.ErrVersion)
			}
			stored(t, s, r)
			owner(t, s, "ext:1", r)
			require.NoError(t, s.Delete(context.Background(), Workspace, ID(1), 2))
			missing(t, s, Workspace, ID(1))
		}},
		{"an unknown contact", func(t *testing.T, s contactstore.Store) {
			for _, version := range []uint64{0, 1} {
				require.ErrorIs(t, s.Delete(context.Background(), Workspace, ID(1), version), contactstore.ErrNotFound)
			}
		}},
		{"and put again", func(t *testing.T, s contactstore.Store) {
			put(t, s, Contact(1, "ext:1"))
			require.NoError(t, s.Delete(context.Background(), Workspace, ID(1), 1))
			assertRejected(t, s, next(Contact(1)), contactstore.ErrVersion)
			r := put(t, s, Contact(1, "ext:1"))
			stored(t, s, r)
			owner(t, s, "ext:1", r)
			assert.Equal(t, []contactstore.UUID{ID(1)}, ids(everyone(t, s, Workspace, 10)))
		}},
		{"the others stay", func(t *testing.T, s contactstore.Store) {
			fill(t, s, 20)
			want := []contactstore.UUID{}
			for n := 1; n <= 20; n++ {
				if n%3 == 0 {
					require.NoError(t, s.Delete(context.Background(), Workspace, ID(n), 0))
					continue
				}
				want = append(want, ID(n))
			}
			assert.Equal(t, want, ids(everyone(t, s, Workspace, 4)))
			consistent(t, s, Workspace)
		}},
	}
}

func urns() []check {
	return []check{
		{"follow additions, removals and order", func(t *testing.T, s contactstore.Store) {
			c := Contact(1, "tel:+13233754866", "ext:1")
			put(t, s, c)
			c = next(c, "ext:2", "tel:+13233754866")
			r := put(t, s, c)
			owner(t, s, "ext:2", r)
			owner(t, s, "tel:+13233754866", r)
			unowned(t, s, "ext:1")
			put(t, s, next(c))
			unowned(t, s, "ext:2")
			unowned(t, s, "tel:+13233754866")
		}},
		{"of another contact", func(t *testing.T, s contactstore.Store) {
			mine := put(t, s, Contact(1, "ext:1"))
			theirs := Contact(2, "ext:2")
			r := put(t, s, theirs)
			err := s.Put(context.Background(), encode(t, next(theirs, "ext:3", "ext:1", "ext:4")))
			require.ErrorIs(t, err, contactstore.ErrConflict)
			assert.Contains(t, err.Error(), "ext:1")
			assert.NotContains(t, err.Error(), ID(1).String())
			stored(t, s, r)
			stored(t, s, mine)
			owner(t, s, "ext:1", mine)
			owner(t, s, "ext:2", r)
			unowned(t, s, "ext:3")
			unowned(t, s, "ext:4")
		}},
		{"of another contact, for a new one", func(t *testing.T, s contactstore.Store) {
			mine := put(t, s, Contact(1, "ext:1"))
			assertRejected(t, s, Contact(2, "ext:2", "ext:1"), contactstore.ErrConflict)
			missing(t, s, Workspace, ID(2))
			unowned(t, s, "ext:2")
			assert.Equal(t, []contactstore.UUID{ID(1)}, ids(everyone(t, s, Workspace, 10)))
			owner(t, s, "ext:1", mine)
		}},
		{"a display or a channel makes no other URN", func(t *testing.T, s contactstore.Store) {
			put(t, s, Contact(1, "telegram:123#jane"))
			assertRejected(t, s, Contact(2, "telegram:123#joe"), contactstore.ErrConflict)
			assertRejected(t, s, Contact(2, "telegram:123?channel=30110c5d-4a64-45d7-a1ae-d1e5b3a5a5d3"), contactstore.ErrConflict)
			r := put(t, s, next(Contact(1), "telegram:123#joe"))
			owner(t, s, "telegram:123", r)
		}},
		{"move when given back", func(t *testing.T, s contactstore.Store) {
			first := Contact(1, "ext:1", "ext:2")
			put(t, s, first)
			put(t, s, next(first, "ext:2"))
			r := put(t, s, Contact(2, "ext:1"))
			owner(t, s, "ext:1", r)
			require.NoError(t, s.Delete(context.Background(), Workspace, ID(1), 0))
			r = put(t, s, next(Contact(2), "ext:1", "ext:2"))
			owner(t, s, "ext:2", r)
			consistent(t, s, Workspace)
		}},
		{"a stale version is reported before a conflict", func(t *testing.T, s contactstore.Store) {
			put(t, s, Contact(1, "ext:1"))
			put(t, s, Contact(2, "ext:2"))
			assertRejected(t, s, Contact(2, "ext:1"), contactstore.ErrVersion)
		}},
		{"many of one contact, and odd ones", func(t *testing.T, s contactstore.Store) {
			texts := []string{"ext:%23%25%3F", "ext:a:b:c", "ext:ünï", "ext:{x}", "facebook:1234567", "viber:xy+/="}
			r := put(t, s, Contact(1, texts...))
			for _, text := range texts {
				owner(t, s, text, r)
			}
		}},
	}
}

// assertRejected asserts that the store does not take c, for the reason given.
func assertRejected(t *testing.T, s contactstore.Store, c *contactstore.Contact, reason error) {
	t.Helper()
	require.ErrorIs(t, s.Put(context.Background(), encode(t, c)), reason)
}
