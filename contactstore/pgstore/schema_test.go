package pgstore_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/pgstore"
	"github.com/flowexpr/flowexpr/contactstore/pgstore/pgtest"
	"github.com/flowexpr/flowexpr/contactstore/storetest"
)

// table gives the rows of a query, their columns parted by bars.
func table(t *testing.T, s *pgstore.Store, sql string) []string {
	t.Helper()
	rows, err := s.Pool().Query(ctx, sql)
	require.NoError(t, err)
	lines, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (string, error) {
		values, err := row.Values()
		texts := make([]string, len(values))
		for i, value := range values {
			texts[i] = fmt.Sprint(value)
		}
		return strings.Join(texts, "|"), err
	})
	require.NoError(t, err)
	return lines
}

const (
	connectionRows = "select identity, position, display, last_used_on at time zone 'UTC', channel from connections order by position"
	labelRows      = "select label from memberships order by label"
)

// What people read with SQL is what the record says, after each write.
func testColumns(t *testing.T, server *pgtest.Server) {
	s := open(t, server.Database())
	c := storetest.Contact(1, "tel:+13233754866#Home", "ext:1", "telegram:7")
	c.Connections[1].LastUsedOn = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	c.Connections[1].Channel = "30110c5d-4a64-45d7-a1ae-d1e5b3a5a5d3"
	c.Groups = []contactstore.Group{{UUID: "B7cf", Name: "Testers"}, {Name: "testers"}, {UUID: "c8", Name: "Straße"}}
	c.Fields = append(c.Fields, contactstore.Field{Key: "gone", Kind: contactstore.FieldNull})
	require.NoError(t, s.Put(ctx, record(t, c)))
	assert.Equal(t, []string{"acme|1|Contact 1|eng|active|2026-01-15 09:30:00 +0000 UTC|<nil>|map[count:0 gone:<nil>]"},
		table(t, s, "select workspace, version, name, language, status, created_on at time zone 'UTC', last_seen_on, fields from contacts"))
	assert.Equal(t, []string{
		"tel:+13233754866|1|Home|<nil>|",
		"ext:1|2||2026-11-24 12:00:00 +0000 UTC|30110c5d-4a64-45d7-a1ae-d1e5b3a5a5d3",
		"telegram:7|3||<nil>|",
	}, table(t, s, connectionRows))
	assert.Equal(t, []string{"b7cf", "c8", "straße", "testers"}, table(t, s, labelRows))

	c.Version, c.Connections = 2, []contactstore.Connection{c.Connections[1], c.Connections[0]}
	c.Groups = []contactstore.Group{{UUID: "b7cf", Name: "New"}}
	require.NoError(t, s.Put(ctx, record(t, c)))
	assert.Equal(t, []string{
		"ext:1|1||2026-11-24 12:00:00 +0000 UTC|30110c5d-4a64-45d7-a1ae-d1e5b3a5a5d3",
		"tel:+13233754866|2|Home|<nil>|",
	}, table(t, s, connectionRows))
	assert.Equal(t, []string{"b7cf", "new"}, table(t, s, labelRows))

	require.NoError(t, s.Delete(ctx, storetest.Workspace, c.UUID, 0))
	assert.Empty(t, table(t, s, connectionRows))
	assert.Empty(t, table(t, s, labelRows))
}

// The database itself gives a URN to one contact, whatever a program does.
func testTheDatabaseKeepsURNsApart(t *testing.T, server *pgtest.Server) {
	s := open(t, server.Database())
	require.NoError(t, s.Put(ctx, record(t, storetest.Contact(1, "ext:1"))))
	require.NoError(t, s.Put(ctx, record(t, storetest.Contact(2, "ext:2"))))
	_, err := s.Pool().Exec(ctx, "update connections set identity = 'ext:1' where identity = 'ext:2'")
	require.ErrorContains(t, err, `duplicate key value violates unique constraint "connections_pkey"`)
}

// PostgreSQL's texts are not Go's.
func testOddTexts(t *testing.T, server *pgtest.Server) {
	s := open(t, server.Database())
	c := storetest.Contact(1, "ext:1#a\x00b")
	c.Name, c.Language, c.Status = "nul \x00", "\xff", "\x00"
	c.Groups = []contactstore.Group{{UUID: "\x00", Name: "\xff"}, {Name: strings.Repeat("é", 1000)}}
	c.Fields = []contactstore.Field{{Key: "\x00", Kind: contactstore.FieldText, Text: "\xff\x00"}}
	r := record(t, c)
	require.NoError(t, s.Put(ctx, r))
	got, err := s.Get(ctx, storetest.Workspace, c.UUID)
	require.NoError(t, err)
	assert.Equal(t, r.Bytes(), got.Bytes())
	assert.Equal(t, []string{"nul \ufffd|map[\ufffd:\ufffd\ufffd]"}, table(t, s, "select name, fields from contacts"))
	assert.Equal(t, []string{strings.Repeat("é", 127), "\ufffd"}, table(t, s, labelRows))

	for _, workspace := range []string{"", "a\x00", "\xff", strings.Repeat("w", 256)} {
		_, err := s.Get(ctx, workspace, c.UUID)
		assert.Equal(t, "invalid_workspace", code(t, err), "%q", workspace)
	}
	long := storetest.Contact(2, "ext:"+strings.Repeat("x", 2045))
	err = s.Put(ctx, record(t, long))
	require.ErrorIs(t, err, contactstore.ErrInvalid)
	assert.Equal(t, "invalid_record", code(t, err))
}

// code is that of one of our errors.
func code(t *testing.T, err error) string {
	t.Helper()
	var ours *contactstore.Error
	require.ErrorAs(t, err, &ours)
	return ours.Code
}

// Tables that are new have no statistics, by which PostgreSQL chooses plans: calls do not read all of a workspace then either.
func testNewTables(t *testing.T, server *pgtest.Server) {
	const contacts = 2000
	dsn := server.Database()
	s := open(t, dsn)
	var records []contactstore.Record
	var ids []contactstore.UUID
	for n := range contacts {
		c := storetest.Contact(n+1, fmt.Sprintf("ext:%d-a", n), fmt.Sprintf("ext:%d-b", n))
		c.Groups = []contactstore.Group{{UUID: storetest.ID(1).String(), Name: "Testers"}}
		records, ids = append(records, record(t, c)), append(ids, c.UUID)
	}
	put := func(records []contactstore.Record) {
		errs, err := s.PutMany(ctx, records)
		require.NoError(t, err)
		require.Equal(t, make([]error, len(records)), errs)
	}
	put(records)
	for i, r := range records {
		c, err := r.Contact()
		require.NoError(t, err)
		c.Version, c.Name = 2, "Jane"
		records[i] = record(t, c)
	}
	put(records)
	for some := range slices.Chunk(ids, 100) {
		found, err := s.GetMany(ctx, storetest.Workspace, some)
		require.NoError(t, err)
		require.Len(t, found, len(some))
	}
	for _, r := range records[:200] {
		found, err := s.Find(ctx, storetest.Workspace, r.At(0).URN())
		require.NoError(t, err)
		require.Equal(t, r.UUID(), found.UUID())
	}
	s.Pool().Reset() // sessions say what they read at the latest when they end
	const read = "select (select sum(seq_tup_read) from pg_stat_user_tables), (select sum(idx_tup_read) from pg_stat_user_indexes)"
	require.Eventually(t, func() bool {
		var scanned, looked int64
		require.NoError(t, s.Pool().QueryRow(ctx, read).Scan(&scanned, &looked))
		if looked < 5*contacts {
			return false // not all of them have
		}
		assert.Less(t, scanned+looked, int64(100*contacts))
		return true
	}, time.Minute, 100*time.Millisecond)
}
