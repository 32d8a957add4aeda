package server_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/memstore"
	"github.com/flowexpr/flowexpr/engine"
	"github.com/flowexpr/flowexpr/server"
)

// hooked starts a server over a store with hooks.
func hooked(t *testing.T, change func(*server.Options)) (*service, *hookedStore) {
	t.Helper()
	store := &hookedStore{Store: memstore.New()}
	fill(t, store, server.DefaultWorkspace)
	s := start(t, func(o *server.Options) {
		o.Store = store
		o.StorePauses = []time.Duration{}
		if change != nil {
			change(o)
		}
	})
	return s, store
}

const janesEvaluation = `{"template": "Hi @contact.name", "contact": {"urn": "tel:+13233754866"}}`

// everyCall is one call of each route that works on the store.
var everyCall = []struct{ method, path, body string }{
	{"POST", "/v1/evaluate", janesEvaluation},
	{"POST", "/v1/evaluate/batch", `{"template": "Hi @contact.name", "contacts": ["5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f"]}`},
	{"POST", "/v1/dryrun", `{"template": "Hi @contact.name"}`},
	{"GET", "/v1/contacts", ""},
	{"GET", "/v1/contacts?urn=tel:%2B13233754866", ""},
	{"POST", "/v1/contacts", `{"name": "Bob"}`},
	{"GET", jane, ""},
	{"PUT", jane, `{"name": "Jane"}`},
	{"PATCH", jane, `{"name": "Jane D"}`},
	{"POST", jane + "/connections", `{"urn": "ext:1"}`},
	{"PATCH", jane + "/connections/ext:1", `{"urn": "ext:2"}`},
	{"POST", jane + "/connections/ext:2/promote", `{"to": 1}`},
	{"POST", jane + "/interactions", `{"urn": "ext:2"}`},
	{"DELETE", jane + "/connections/ext:2", ""},
	{"GET", jane + "/destination", ""},
	{"GET", "/v1/settings", ""},
	{"PATCH", "/v1/settings", `{"country": "US"}`},
	{"GET", "/readyz", ""},
	{"DELETE", jane, ""},
}

func TestStoreAwayAndBack(t *testing.T) {
	log, written := logTo()
	s, store := hooked(t, func(o *server.Options) { o.Logger = log })
	store.set(away)
	for _, call := range everyCall {
		a := s.do(call.method, call.path, call.body)
		assert.Equal(t, 503, a.status, "%s %s", call.method, call.path)
		assert.Equal(t, "store_unavailable", a.code())
		assert.Equal(t, "2", a.header.Get("Retry-After"))
		assert.NotContains(t, a.body, "10.0.0.1", "where the store is concerns nobody outside")
		assert.Contains(t, written(), "request_id="+a.header.Get("X-Request-Id"))
	}
	assert.Contains(t, written(), "10.0.0.1:6379")
	assert.Equal(t, 200, s.do("GET", "/healthz", "").status, "the process is alive all the same")
	store.set(nil)
	for _, call := range everyCall {
		a := s.do(call.method, call.path, call.body)
		assert.Less(t, a.status, 300, "%s %s: %s", call.method, call.path, a.body)
	}
}

func TestStoreErrors(t *testing.T) {
	secret := "tel:+13233754866 of Jane"
	tests := []struct {
		name       string
		call       string
		err        error
		method     string
		path       string
		body       string
		status     int
		code       string
		retryAfter string
	}{
		{"deadline", "get", context.DeadlineExceeded, "GET", jane, "", 504, "timeout", "2"},
		{"no kind of ours", "get", errors.New(secret), "GET", jane, "", 500, "internal_error", ""},
		{"damaged record", "get", contactstore.Corrupt(contactstore.UUID{}, secret), "GET", jane, "", 500, "internal_error", ""},
		{"lost too many races", "put", contactstore.Stale(contactstore.UUID{}), "PATCH", jane, `{"name": "J"}`, 409, "stale_version", "1"},
		{"delete lost the race", "delete", contactstore.Stale(contactstore.UUID{}), "DELETE", jane, "", 412, "stale_version", ""},
		{"settings lost too many races", "put settings", contactstore.StaleSettings("default"), "PATCH", "/v1/settings", `{"country": "US"}`, 409, "stale_version", "1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			log, written := logTo()
			s, store := hooked(t, func(o *server.Options) { o.Logger = log })
			store.set(always(tt.call, tt.err))
			a := s.do(tt.method, tt.path, tt.body)
			assert.Equal(t, tt.status, a.status)
			assert.Equal(t, tt.code, a.code())
			assert.Equal(t, tt.retryAfter, a.header.Get("Retry-After"))
			assert.NotContains(t, a.body, secret)
			assert.NotContains(t, written(), secret)
			assert.Equal(t, a.status >= 500, strings.Contains(written(), `msg="request failed"`))
		})
	}
}

func TestStoredSettingsThatCannotBe(t *testing.T) {
	s, store := hooked(t, nil)
	require.NoError(t, store.PutSettings(context.Background(), "default", []byte(`{"timezone": "Mars"}`), 1))
	for _, path := range []string{"/v1/settings", jane + "/destination"} {
		a := s.do("GET", path, "")
		assert.Equal(t, 500, a.status, path)
		assert.NotContains(t, a.body, "Mars")
	}
}

func TestRequestTimeout(t *testing.T) {
	s, store := hooked(t, func(o *server.Options) { o.RequestTimeout = time.Millisecond })
	store.set(func(ctx context.Context, _ string) error {
		<-ctx.Done()
		return ctx.Err()
	})
	a := s.do("GET", jane, "")
	assert.Equal(t, 504, a.status)
	assert.Equal(t, "timeout", a.code())
}

func TestPanic(t *testing.T) {
	log, written := logTo()
	s, store := hooked(t, func(o *server.Options) { o.Logger = log })
	store.set(func(context.Context, string) error { panic("Jane's number is 42") })
	a := s.do("GET", jane, "")
	assert.Equal(t, 500, a.status)
	assert.Equal(t, "internal_error", a.code())
	assert.NotContains(t, a.body, "42")
	assert.Contains(t, written(), "request_id="+a.header.Get("X-Request-Id"))
	assert.Contains(t, written(), "failure_test.go", "the log has the stack")
	assert.NotContains(t, written(), "number is 42")
	store.set(nil)
	assert.Equal(t, 200, s.do("GET", jane, "").status, "the server goes on")
}

// What callers send and what contacts hold stays out of the log, whatever happens.
func TestLogHoldsNoData(t *testing.T) {
	log, written := logTo()
	s, store := hooked(t, func(o *server.Options) { o.Logger = log })
	calls := func() {
		for _, call := range everyCall {
			s.do(call.method, call.path, call.body)
		}
		s.do("GET", "/v1/contacts?urn=tel:%2B13233754866&q=Jane", "")
		s.do("POST", "/v1/evaluate", `{"template": "Hi @contact.name @(1/0)", "contact": {"name": "Bob", "urns": ["tel:+13233754866"]}, "strict": true}`)
		s.raw("GET /v1/contacts/tel:+13233754866/Jane HTTP/1.1\r\nHost: localhost\r\nBad Header Jane\r\n\r\n")
	}
	calls()
	store.set(away)
	calls()
	assert.Contains(t, written(), "route=/v1/contacts/{uuid}/connections/{urn}")
	for _, secret := range []string{"13233754866", "Jane", "Bob", "Hi ", "5d76d86b", "ext:2"} {
		assert.NotContains(t, written(), secret)
	}
}

func TestRequestID(t *testing.T) {
	s := start(t, nil)
	ask := func(given string) string {
		return s.do("GET", "/healthz", "", "X-Request-Id", given).header.Get("X-Request-Id")
	}
	assert.Equal(t, "abc-1.2_3", ask("abc-1.2_3"))
	seen := map[string]bool{}
	for _, given := range []string{"", "two words", strings.Repeat("x", 65), `"quoted"`} {
		made := ask(given)
		assert.Regexp(t, `^00000000-[1-9]\d*$`, made)
		assert.False(t, seen[made], "the id of another request")
		seen[made] = true
	}
}

func TestAnswersAreNotKeptByCaches(t *testing.T) {
	a := start(t, nil).do("GET", jane, "")
	assert.Equal(t, "no-store", a.header.Get("Cache-Control"))
	assert.Equal(t, "nosniff", a.header.Get("X-Content-Type-Options"))
	assert.Empty(t, a.header.Get("Server"))
}

func TestNew(t *testing.T) {
	eng, err := engine.New(engine.Options{})
	require.NoError(t, err)
	store := memstore.New()
	tests := []struct {
		name    string
		options server.Options
		want    string
	}{
		{"no engine", server.Options{Store: store}, "server: got no engine or no store, want both"},
		{"no store", server.Options{Engine: eng}, "server: got no engine or no store, want both"},
		{"a role that is none", server.Options{Engine: eng, Store: store, Tokens: []server.Token{{Token: "t", Workspace: "w", Role: "admin"}}}, `server: token 1 has the role "admin", want read or write`},
		{"no token", server.Options{Engine: eng, Store: store, Tokens: []server.Token{{Token: "", Workspace: "w", Role: "read"}}}, "server: token 1 has no text or no workspace"},
		{"no workspace", server.Options{Engine: eng, Store: store, Tokens: []server.Token{{Token: "t", Workspace: "", Role: "read"}}}, "server: token 1 has no text or no workspace"},
		{"a token twice", server.Options{Engine: eng, Store: store, Tokens: []server.Token{{Token: "t", Workspace: "v", Role: "read"}, {Token: "t", Workspace: "w", Role: "read"}}}, "server: the same token twice"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := server.New(tt.options)
			require.EqualError(t, err, tt.want)
		})
	}
}

func TestCheckListen(t *testing.T) {
	tests := []struct {
		address string
		tokens  int
		code    string
	}{
		{"127.0.0.1:8090", 0, ""}, {"127.8.8.8:0", 0, ""}, {"[::1]:8090", 0, ""}, {"localhost:8090", 0, ""},
		{":8090", 0, "token_needed"}, {"0.0.0.0:8090", 0, "token_needed"}, {"[::]:8090", 0, "token_needed"},
		{"10.0.0.1:8090", 0, "token_needed"}, {"example.org:8090", 0, "token_needed"},
		{":8090", 1, ""}, {"example.org:8090", 1, ""},
		{"8090", 0, "invalid_address"}, {"8090", 1, "invalid_address"}, {"", 0, "invalid_address"},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%s with %d", tt.address, tt.tokens), func(t *testing.T) {
			err := server.CheckListen(tt.address, tt.tokens)
			if tt.code == "" {
				require.NoError(t, err)
				return
			}
			var known *contactstore.Error
			require.ErrorAs(t, err, &known)
			assert.Equal(t, tt.code, known.Code)
			assert.NotEmpty(t, known.Hint)
		})
	}
}

// Without tokens, web pages of other sites are kept out: what they send carries their origin, or a name of theirs.
func TestForeignSites(t *testing.T) {
	s := start(t, nil)
	tests := []struct {
		name    string
		headers []string
		status  int
	}{
		{"no page", nil, 200},
		{"its own page", []string{"Host", "127.0.0.1:8090", "Origin", "http://127.0.0.1:8090"}, 200},
		{"by IPv6", []string{"Host", "[::1]:8090", "Origin", "http://[::1]:8090"}, 200},
		{"by name", []string{"Host", "localhost:8090"}, 200},
		{"another page", []string{"Host", "127.0.0.1:8090", "Origin", "https://example.org"}, 403},
		{"a page without an origin", []string{"Host", "127.0.0.1:8090", "Origin", "null"}, 403},
		{"a name made to lead here", []string{"Host", "example.org:8090", "Origin", "http://example.org:8090"}, 403},
		{"such a name, read", []string{"Host", "example.org"}, 403},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := s.do("POST", "/v1/evaluate", janesEvaluation, tt.headers...)
			assert.Equal(t, tt.status, a.status)
			if tt.status != 200 {
				assert.Equal(t, "foreign_site", a.code())
			}
		})
	}
	tokens := start(t, func(o *server.Options) { o.Tokens = []server.Token{{Token: "t", Workspace: "default", Role: "read"}} })
	a := tokens.do("POST", "/v1/evaluate", janesEvaluation, "Origin", "https://example.org", "Authorization", "Bearer t")
	assert.Equal(t, 200, a.status, "who has a token may come from anywhere")
}
