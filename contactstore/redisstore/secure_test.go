package redisstore_test

import (
	"crypto/tls"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/redisstore"
	"github.com/flowexpr/flowexpr/contactstore/redisstore/redistest"
	"github.com/flowexpr/flowexpr/contactstore/storetest"
)

func secret(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func TestTLS(t *testing.T) {
	files := redistest.NewCertificates(t)
	_, address := redistest.StartTLS(t, files)
	with := func(f redisstore.TLSFiles) *tls.Config {
		config, err := f.Config()
		require.NoError(t, err)
		return config
	}
	own := redisstore.TLSFiles{CA: files.CA, Cert: files.ClientCert, Key: files.ClientKey}
	s, err := redisstore.Open(ctx, "rediss://"+address, redisstore.Options{TLS: with(own)})
	require.NoError(t, err)
	defer s.Close()
	r := record(t, storetest.Contact(1, "ext:1"))
	require.NoError(t, s.Put(ctx, r))
	got, err := s.Get(ctx, storetest.Workspace, storetest.ID(1))
	require.NoError(t, err)
	assert.Equal(t, r.Bytes(), got.Bytes())

	for name, config := range map[string]*tls.Config{
		"an authority that is not the system's": nil,
		"no certificate of one's own":           with(redisstore.TLSFiles{CA: files.CA}),
		"another authority":                     with(redisstore.TLSFiles{CA: redistest.NewCertificates(t).CA, Cert: files.ClientCert, Key: files.ClientKey}),
	} {
		_, err := redisstore.Open(ctx, "rediss://"+address, redisstore.Options{TLS: config})
		require.ErrorIs(t, err, contactstore.ErrUnavailable, name)
	}
	_, err = redisstore.Open(ctx, "redis://"+address, redisstore.Options{TLS: with(own)})
	require.ErrorContains(t, err, "want rediss://", "certificates must not go unused")
}

func TestTLSFiles(t *testing.T) {
	files := redistest.NewCertificates(t)
	for name, f := range map[string]redisstore.TLSFiles{
		"not there":         {CA: files.CA + "x"},
		"not a certificate": {CA: files.ServerKey},
		"half a pair":       {Cert: files.ClientCert},
		"not a pair":        {Cert: files.ClientCert, Key: files.ServerKey},
	} {
		_, err := f.Config()
		var e *contactstore.Error
		require.ErrorAs(t, err, &e, name)
		assert.Equal(t, "invalid_certificate", e.Code, name)
	}
	config, err := redisstore.TLSFiles{}.Config()
	require.NoError(t, err)
	assert.Nil(t, config, "the system's")
}

func TestPasswordFile(t *testing.T) {
	server := redistest.Start(t, "--requirepass", "open sesame")
	path := secret(t, "open sesame\n")
	s, err := redisstore.Open(ctx, server.URL(), redisstore.Options{PasswordFile: path})
	require.NoError(t, err)
	defer s.Close()

	require.NoError(t, s.Client().ConfigSet(ctx, "requirepass", "changed").Err())
	require.NoError(t, os.WriteFile(path, []byte("changed\r\nnot this\n"), 0o600))
	other, err := redisstore.Open(ctx, server.URL(), redisstore.Options{PasswordFile: path})
	require.NoError(t, err)
	require.NoError(t, other.Client().ClientKillByFilter(ctx, "TYPE", "normal", "SKIPME", "yes").Err())
	require.NoError(t, other.Close())
	require.NoError(t, s.Ping(ctx), "a new connection uses the new password")

	for name, c := range map[string]struct{ url, file, want string }{
		"empty":              {server.URL(), secret(t, "\n"), "is empty"},
		"not there":          {server.URL(), path + "x", "no such file"},
		"wrong":              {server.URL(), secret(t, "wrong"), "WRONGPASS"},
		"two":                {"redis://:p@" + server.Addr(), path, "give one"},
		"user, no password":  {"redis://u@" + server.Addr(), "", "a user without a password"},
		"no password at all": {server.URL(), "", "NOAUTH"},
	} {
		_, err := redisstore.Open(ctx, c.url, redisstore.Options{PasswordFile: c.file})
		require.ErrorContains(t, err, c.want, name)
		assert.NotContains(t, err.Error(), "changed", name)
	}
}

// aclRules are those of docs/redis.md.
func aclRules(t *testing.T) string {
	t.Helper()
	page, err := os.ReadFile("../../docs/redis.md")
	require.NoError(t, err)
	_, rules, found := strings.Cut(string(page), "user flowexpr ")
	require.True(t, found)
	rules, _, _ = strings.Cut(rules, "\n")
	return rules
}

// The documented user can do all that a store does, and no more.
func TestACL(t *testing.T) {
	for name, nodes := range map[string][]*redistest.Server{
		"one server": {redistest.Start(t)},
		"Cluster":    redistest.StartCluster(t, 1),
	} {
		t.Run(name, func(t *testing.T) {
			admin := open(t, nodes[0])
			rules := append([]any{"acl", "setuser", "flowexpr"}, words(aclRules(t))...)
			require.NoError(t, admin.Client().Do(ctx, rules...).Err())
			url := "redis://flowexpr@" + nodes[0].Addr() + map[string]string{"Cluster": "?cluster=true"}[name]
			s, err := redisstore.Open(ctx, url, redisstore.Options{PasswordFile: secret(t, "PASSWORD")})
			require.NoError(t, err)
			defer s.Close()
			for name, call := range calls(t, s) {
				if err := call(); err != nil {
					assert.ErrorIs(t, err, contactstore.ErrNotFound, name)
				}
			}
			findings, err := s.Findings(ctx)
			require.NoError(t, err)
			require.Len(t, findings, 1)
			assert.Equal(t, "no_persistence", findings[0].Code)
			require.ErrorContains(t, s.Client().FlushAll(ctx).Err(), "NOPERM")
			require.ErrorContains(t, s.Client().Get(ctx, "other").Err(), "NOPERM")

			require.NoError(t, admin.Client().Do(ctx, "acl", "setuser", "flowexpr", "-info", "-get", "-config|get").Err())
			findings, err = s.Findings(ctx)
			require.NoError(t, err)
			require.Len(t, findings, 1)
			assert.Equal(t, "unseen", findings[0].Code)
			_, err = s.Get(ctx, storetest.Workspace, storetest.ID(1))
			var e *contactstore.Error
			require.ErrorAs(t, err, &e)
			assert.Equal(t, "store_refused", e.Code)
		})
	}
}

func words(text string) []any {
	var all []any
	for word := range strings.FieldsSeq(text) {
		all = append(all, word)
	}
	return all
}
