package pgstore_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/pgstore"
	"github.com/flowexpr/flowexpr/contactstore/pgstore/pgtest"
	"github.com/flowexpr/flowexpr/contactstore/storetest"
)

var ctx = context.Background()

func open(t testing.TB, dsn string) *pgstore.Store {
	t.Helper()
	s, err := pgstore.Open(ctx, dsn, pgstore.Options{})
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
	dsn := pgtest.Start(t).Database()
	storetest.Run(t, func(t *testing.T) contactstore.Store {
		s := open(t, dsn)
		_, err := s.Pool().Exec(ctx, "truncate contacts, connections, memberships, settings")
		require.NoError(t, err)
		return s
	})
}
