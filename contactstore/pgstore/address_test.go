package pgstore_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/pgstore"
	"github.com/flowexpr/flowexpr/contactstore/pgstore/pgtest"
)

// A DSN that cannot be read is not quoted: it may hold a password anywhere.
func TestBadDSN(t *testing.T) {
	for _, dsn := range []string{
		"", "  ", "sesame", "postgres://user:sesame@[::1/db", "postgres://user:%zzsesame@host/db", "postgres://user:sesame@host:port/db",
		"host=localhost password=sesame port=x", "postgres://user:sesame@host/db?sslmode=sesame", "postgres://user:sesame@host/db?pool_max_conns=many",
		"host=localhost password='sesame",
	} {
		_, err := pgstore.Open(ctx, dsn, pgstore.Options{})
		require.ErrorIs(t, err, contactstore.ErrInvalid, dsn)
		assert.Equal(t, "invalid_address", code(t, err), dsn)
		assert.EqualError(t, err, "postgres address: cannot be read, want postgres://user:password@host:port/database", dsn)
	}
}

func testPassword(t *testing.T, server *pgtest.Server) {
	dsn := server.Database()
	server.Exec(dsn, "create role guest login superuser password 'open sesame'")
	as := func(user string) string { return strings.Replace(dsn, pgtest.User+"@", user+"@", 1) }
	_, err := pgstore.Open(ctx, as("guest:wrong%20sesame"), pgstore.Options{})
	require.ErrorIs(t, err, contactstore.ErrUnavailable)
	assert.EqualError(t, err, "postgres at "+server.Addr()+`: password authentication failed for user "guest" (28P01)`)
	_, err = pgstore.Open(ctx, as("guest"), pgstore.Options{})
	require.ErrorIs(t, err, contactstore.ErrUnavailable)
	s := open(t, as("guest:open%20sesame"))
	assert.Equal(t, server.Addr(), s.Address())
	_, err = pgstore.Open(ctx, server.DSN("nowhere"), pgstore.Options{})
	assert.EqualError(t, err, "postgres at "+server.Addr()+`: database "nowhere" does not exist (3D000)`)
}

func TestNobodyThere(t *testing.T) {
	server := pgtest.Start(t)
	server.Kill()
	const other = "127.0.0.1:1" // nobody listens on the port of tcpmux
	refused := func(addr string) string {
		return addr + " (127.0.0.1): dial error: dial tcp " + addr + ": connect: connection refused"
	}
	for hosts, want := range map[string]string{
		server.Addr():               "postgres at " + server.Addr() + ": " + refused(server.Addr()),
		server.Addr() + "," + other: "postgres at " + server.Addr() + "," + other + ": " + refused(server.Addr()) + "; " + refused(other),
	} {
		for _, sslmode := range []string{"disable", "require"} {
			_, err := pgstore.Open(ctx, "postgres://user:sesame@"+hosts+"/db?sslmode="+sslmode, pgstore.Options{})
			require.ErrorIs(t, err, contactstore.ErrUnavailable)
			assert.EqualError(t, err, want)
		}
	}
	_, err := pgstore.Open(ctx, "postgres://user:sesame@"+server.Addr()+"/db", pgstore.Options{})
	assert.EqualError(t, err, "postgres at "+server.Addr()+": "+refused(server.Addr()), "the attempts with TLS and without are told as one")
}
