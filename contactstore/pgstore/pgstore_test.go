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

// What the contract leaves to this store, and does a server no harm.
func TestOverOneServer(t *testing.T) {
	server := pgtest.Start(t, "deadlock_timeout=20ms")
	for name, test := range map[string]func(*testing.T, *pgtest.Server){
		"migrate": testMigrate, "processes migrate at once": testProcessesMigrateAtOnce, "a newer schema is refused": testNewerSchemaIsRefused,
		"rights": testRights, "password": testPassword, "one connection": testOneConnection,
		"columns": testColumns, "the database keeps URNs apart": testTheDatabaseKeepsURNsApart, "odd texts": testOddTexts,
		"batches that wait for each other": testDeadlock, "a locked contact": testLockedContact,
		"watch": testWatch, "password file": testPasswordFile, "identity": testIdentity, "new tables": testNewTables,
	} {
		t.Run(name, func(t *testing.T) { test(t, server) })
	}
}
