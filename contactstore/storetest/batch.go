package storetest

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
)

func batches() []check {
	return []check{
		{"none", func(t *testing.T, s contactstore.Store) {
			errs, err := s.PutMany(context.Background(), nil)
			require.NoError(t, err)
			assert.Empty(t, errs)
		}},
		{"all well", func(t *testing.T, s contactstore.Store) {
			fill(t, s, 1200)
			assert.Len(t, everyone(t, s, Workspace, 500), 1200)
			consistent(t, s, Workspace)
		}},
		{"each as put, in order", func(t *testing.T, s contactstore.Store) {
			putAll(t, s, []step{
				{Contact(1, "ext:1"), nil},
				{Contact(2, "ext:1"), contactstore.ErrConflict}, // the first of two wins
				{Contact(3, "ext:2"), nil},
				{Contact(1, "ext:3"), contactstore.ErrVersion},
				{next(Contact(1), "ext:4"), nil}, // gives ext:1 back
				{Contact(2, "ext:1"), nil},
				{next(Contact(9), "ext:9"), contactstore.ErrVersion},
			})
			consistent(t, s, Workspace)
			assert.Equal(t, []contactstore.UUID{ID(1), ID(2), ID(3)}, ids(everyone(t, s, Workspace, 10)))
			unowned(t, s, "ext:3")
			unowned(t, s, "ext:9")
		}},
		{"several versions of one contact", func(t *testing.T, s contactstore.Store) {
			put(t, s, Contact(1, "ext:1"))
			second := next(Contact(1), "ext:2")
			refused := next(Contact(1), "ext:5", "ext:9")
			put(t, s, Contact(9, "ext:9"))
			putAll(t, s, []step{
				{refused, contactstore.ErrConflict},
				{second, nil}, // the refused one left version 1 in place
				{next(second, "ext:3"), nil},
				{second, contactstore.ErrVersion},
			})
			consistent(t, s, Workspace)
			for _, text := range []string{"ext:1", "ext:2", "ext:5"} {
				unowned(t, s, text)
			}
		}},
		{"a batch of changes", func(t *testing.T, s contactstore.Store) {
			const n = 700
			fill(t, s, n)
			records := make([]contactstore.Record, n)
			for i := range records {
				c := Contact(i + 1)
				records[i] = encode(t, next(c, "ext:new"+c.UUID.String()))
			}
			errs, err := s.PutMany(context.Background(), records)
			require.NoError(t, err)
			require.Len(t, errs, n)
			for _, err := range errs {
				require.NoError(t, err)
			}
			consistent(t, s, Workspace)
			unowned(t, s, "ext:"+ID(1).String())
		}},
		{"something that is not a record", func(t *testing.T, s contactstore.Store) {
			good := encode(t, Contact(1, "ext:1"))
			errs, err := s.PutMany(context.Background(), []contactstore.Record{{}, good})
			require.NoError(t, err)
			require.Len(t, errs, 2)
			require.Error(t, errs[0])
			require.NoError(t, errs[1])
			stored(t, s, good)
		}},
		{"over several workspaces", func(t *testing.T, s contactstore.Store) {
			putAll(t, s, []step{
				{Contact(1, "ext:1"), nil},
				{in("other", Contact(1, "ext:1")), nil},
				{in("other", Contact(2, "ext:1")), contactstore.ErrConflict},
				{next(Contact(1), "ext:1"), nil},
			})
			consistent(t, s, Workspace)
			consistent(t, s, "other")
		}},
	}
}

// step is one record of a batch, and why it is refused, nil = stored.
type step struct {
	contact *contactstore.Contact
	reason  error
}

// putAll puts a batch and asserts what becomes of each record.
func putAll(t *testing.T, s contactstore.Store, steps []step) {
	t.Helper()
	records := make([]contactstore.Record, len(steps))
	for i, step := range steps {
		records[i] = encode(t, step.contact)
	}
	errs, err := s.PutMany(context.Background(), records)
	require.NoError(t, err)
	require.Len(t, errs, len(steps))
	for i, step := range steps {
		if step.reason == nil {
			require.NoError(t, errs[i], "record %d", i)
			continue
		}
		require.ErrorIs(t, errs[i], step.reason, "record %d", i)
	}
}
