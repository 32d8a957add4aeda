package main

import (
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore/pgstore/pgtest"
	"github.com/flowexpr/flowexpr/contactstore/redisstore/redistest"
)

func TestByteSizes(t *testing.T) {
	for text, want := range map[string]struct {
		bytes   byteSize
		printed string
	}{
		"0": {0, "0B"}, "67108864": {64 << 20, "64MB"}, "64MB": {64 << 20, "64MB"}, "64 mb": {64 << 20, "64MB"}, " 2g ": {2 << 30, "2GB"},
		"1K": {1 << 10, "1KB"}, "1536KB": {1536 << 10, "1536KB"}, "100B": {100, "100B"}, "1GB": {1 << 30, "1GB"},
	} {
		var b byteSize
		require.NoError(t, b.UnmarshalText([]byte(text)), text)
		assert.Equal(t, want.bytes, b, text)
		assert.Equal(t, want.printed, b.String(), text)
	}
	for _, text := range []string{"", "MB", "-1", "1.5GB", "64XB", "99999999999999999999", "9999999999GB", "0x10"} {
		var b byteSize
		assert.ErrorContains(t, b.UnmarshalText([]byte(text)), "such as 67108864 or 64MB", "%q", text)
	}
}

func TestStoreFlagsThatContradict(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"two places":               {[]string{"--data", "d", "--redis", "redis://127.0.0.1:1"}, "--data, --redis and --url exclude each other"},
		"two places, one Postgres": {[]string{"--url", "http://127.0.0.1:1", "--postgres", "postgres://127.0.0.1:1/d"}, "--data, --postgres and --url exclude each other"},
		"a token for nothing":      {[]string{"--token", "t"}, "--token goes with --url"},
		"a workspace of a service": {[]string{"--url", "http://127.0.0.1:1", "--workspace", "w"}, "--workspace does not go with --url"},
		"a password for nothing":   {[]string{"--postgres-password-file", "f"}, "--postgres-password-file goes with --postgres"},
		"certificates for nothing": {[]string{"--redis-ca-file", "f"}, "go with --redis"},
		"no age at all":            {[]string{"--max-staleness", "10ms"}, "want 1s or more"},
		"no size":                  {[]string{"--near-cache-bytes", "much"}, "such as 67108864 or 64MB"},
	} {
		status, _, said := command(t, "", append([]string{"contact", "list"}, c.args...)...)
		assert.Equal(t, 2, status, name)
		assert.Contains(t, said, c.want, name)
	}
}

// PostgreSQL, alone and behind Redis: contacts that one command brings another one finds, whatever stands in between.
func TestPostgresCommands(t *testing.T) {
	server := pgtest.Start(t)
	dsn := server.Database()
	status, _, said := command(t, "", "migrate-store")
	assert.Equal(t, 2, status)
	assert.Contains(t, said, "give --postgres DSN")

	status, printed, said := command(t, "", "migrate-store", "--postgres", dsn)
	require.Zero(t, status, said)
	assert.Regexp(t, `^the schema was migrated from version 0 to \d+\n$`, printed)
	status, printed, said = command(t, "", "migrate-store", "--postgres", dsn)
	require.Zero(t, status, said)
	assert.Regexp(t, `^the schema is up to date: version \d+\n$`, printed)

	const line = `{"uuid":"5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f","name":"Jane Doe","urns":["tel:+13233754866"]}` + "\n"
	redis := redistest.Start(t).URL()
	status, _, said = command(t, line, "import", "-", "--postgres", dsn, "--redis", redis)
	require.Zero(t, status, said)
	for _, place := range [][]string{{"--postgres", dsn}, {"--postgres", dsn, "--redis", redis}, {"--postgres", dsn, "--redis", "redis://127.0.0.1:1"}} {
		status, printed, said = command(t, "", append([]string{"eval", "Hi @contact.name", "--contact", "5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f"}, place...)...)
		require.Zero(t, status, said)
		assert.Equal(t, "Hi Jane Doe\n", printed)
	}
}

// The password of PostgreSQL comes from a file, and is not told.
func TestPostgresPasswordFile(t *testing.T) {
	server := pgtest.Start(t)
	dsn := server.Database()
	server.Exec(dsn, "create role clerk login password 'open sesame'; grant all on schema public to clerk")
	file := filepath.Join(t.TempDir(), "password")
	require.NoError(t, os.WriteFile(file, []byte("open sesame\n"), 0o600))
	address, err := url.Parse(dsn)
	require.NoError(t, err)
	address.User = url.User("clerk")
	status, _, said := command(t, "", "migrate-store", "--postgres", address.String(), "--postgres-password-file", file)
	require.Zero(t, status, said)

	require.NoError(t, os.WriteFile(file, []byte("swordfish\n"), 0o600))
	status, _, said = command(t, "", "contact", "list", "--postgres", address.String(), "--postgres-password-file", file)
	assert.Equal(t, 1, status)
	assert.NotContains(t, said, "swordfish")
	assert.Contains(t, said, server.Addr())
}
