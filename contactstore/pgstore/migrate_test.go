package pgstore_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/pgstore"
	"github.com/flowexpr/flowexpr/contactstore/pgstore/pgtest"
	"github.com/flowexpr/flowexpr/contactstore/storetest"
)

const newest = 2

func testMigrate(t *testing.T, server *pgtest.Server) {
	dsn := server.Database()
	migrated, err := pgstore.Migrate(ctx, dsn, pgstore.Options{})
	require.NoError(t, err)
	assert.Equal(t, pgstore.Migrated{From: 0, To: newest}, migrated)
	migrated, err = pgstore.Migrate(ctx, dsn, pgstore.Options{})
	require.NoError(t, err)
	assert.Equal(t, pgstore.Migrated{From: newest, To: newest}, migrated)
}

// Each process has connections of its own; one of them does the work, the others wait for it.
func testProcessesMigrateAtOnce(t *testing.T, server *pgtest.Server) {
	const processes = 8
	dsn := server.Database()
	var done sync.WaitGroup
	var migrated [processes]pgstore.Migrated
	for i := range migrated {
		done.Go(func() {
			var err error
			migrated[i], err = pgstore.Migrate(ctx, dsn, pgstore.Options{})
			assert.NoError(t, err)
		})
	}
	done.Wait()
	found := map[pgstore.Migrated]int{}
	for _, m := range migrated {
		found[m]++
	}
	assert.Equal(t, map[pgstore.Migrated]int{{From: 0, To: newest}: 1, {From: newest, To: newest}: processes - 1}, found)
}

// A process that dies in the middle gives the lock back, and what it began is undone.
func TestServerKilledWhileMigrating(t *testing.T) {
	server := pgtest.Start(t)
	dsn := server.Database()
	server.Exec(dsn, "create table settings (held int)") // the last step of the migration fails
	_, err := pgstore.Open(ctx, dsn, pgstore.Options{})
	assert.Equal(t, "migration_failed", code(t, err))
	assert.ErrorContains(t, err, `migration to version 1: relation "settings" already exists (42P07)`)
	server.Kill()
	server.Restart()
	server.Exec(dsn, "drop table settings")
	migrated, err := pgstore.Migrate(ctx, dsn, pgstore.Options{})
	require.NoError(t, err)
	assert.Equal(t, pgstore.Migrated{From: 0, To: newest}, migrated)
}

func testNewerSchemaIsRefused(t *testing.T, server *pgtest.Server) {
	dsn := server.Database()
	s := open(t, dsn)
	require.NoError(t, s.Put(ctx, record(t, storetest.Contact(1))))
	server.Exec(dsn, "insert into flowexpr_migrations (version_id, is_applied) values (99, true)")
	_, err := pgstore.Open(ctx, dsn, pgstore.Options{})
	assert.Equal(t, "schema_too_new", code(t, err))
	assert.EqualError(t, err, "postgres at "+server.Addr()+": its schema has version 99, this program knows up to 2")
	_, err = s.Get(ctx, storetest.Workspace, storetest.ID(1))
	require.NoError(t, err, "nothing was changed")
}

// Who may not change the schema can work with one that is up to date.
func testRights(t *testing.T, server *pgtest.Server) {
	dsn := server.Database()
	server.Exec(dsn, "revoke create on schema public from public; create role worker login password 'sesame'")
	worker := strings.Replace(dsn, pgtest.User+"@", "worker:sesame@", 1)
	_, err := pgstore.Open(ctx, worker, pgstore.Options{})
	assert.Equal(t, "migration_failed", code(t, err))
	assert.ErrorContains(t, err, "permission denied for schema public (42501)")

	require.NoError(t, open(t, dsn).Ping(ctx))
	server.Exec(dsn, "grant select, insert, update, delete on all tables in schema public to worker")
	s := open(t, worker)
	r := record(t, storetest.Contact(1, "ext:1"))
	require.NoError(t, s.Put(ctx, r))
	require.NoError(t, s.Delete(ctx, storetest.Workspace, r.UUID(), 1))
}

// One connection is enough for everything.
func testOneConnection(t *testing.T, server *pgtest.Server) {
	s := open(t, server.Database()+"&pool_max_conns=1")
	assert.Equal(t, int32(1), s.Pool().Config().MaxConns)
	require.NoError(t, s.Put(ctx, record(t, storetest.Contact(1, "ext:1"))))
	s = open(t, server.Database())
	assert.Equal(t, int32(16), s.Pool().Config().MaxConns)
	s, err := pgstore.Open(ctx, server.Database(), pgstore.Options{MaxConns: 3})
	require.NoError(t, err)
	assert.Equal(t, int32(3), s.Pool().Config().MaxConns)
	require.NoError(t, s.Close())
	require.NoError(t, s.Close(), "a second time")
	require.ErrorIs(t, s.Ping(ctx), contactstore.ErrUnavailable)
	require.EqualError(t, s.Ping(ctx), "postgres at "+server.Addr()+": the store is closed")
}
