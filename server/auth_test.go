package server_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"github.com/flowexpr/flowexpr/contactstore/memstore"
	"github.com/flowexpr/flowexpr/engine"
	"github.com/flowexpr/flowexpr/server"
)

// writer is a token that may write.
var writerToken = server.Token{ID: "ci", Token: "secret-of-ci", Workspace: server.DefaultWorkspace, Role: "write"}

func newServer(t testing.TB, change func(*server.Options)) *server.Server {
	t.Helper()
	eng, err := engine.New(engine.Options{})
	require.NoError(t, err)
	options := server.Options{Engine: eng, Store: memstore.New()}
	fill(t, options.Store, server.DefaultWorkspace)
	change(&options)
	s, err := server.New(options)
	require.NoError(t, err)
	return s
}

// statusOf gives the status of an evaluation with a token.
func statusOf(s *server.Server, token string) int {
	var ctx fasthttp.RequestCtx
	ctx.Request.Header.SetMethod("POST")
	ctx.Request.SetRequestURI("http://localhost/v1/evaluate")
	ctx.Request.Header.Set("Authorization", "Bearer "+token)
	ctx.Request.SetBodyString(janesEvaluation)
	s.Handler()(&ctx)
	return ctx.Response.StatusCode()
}

func TestTokensAreReplaced(t *testing.T) {
	s := newServer(t, func(o *server.Options) { o.Tokens = []server.Token{writerToken} })
	hashed := server.Token{ID: "h", Hash: server.HashToken("hashed"), Workspace: server.DefaultWorkspace, Role: "read"}
	assert.Equal(t, []int{200, 401, 401}, []int{statusOf(s, "secret-of-ci"), statusOf(s, "hashed"), statusOf(s, "")})
	require.NoError(t, s.SetTokens([]server.Token{writerToken, hashed}))
	assert.Equal(t, []int{200, 200}, []int{statusOf(s, "secret-of-ci"), statusOf(s, "hashed")})
	require.EqualError(t, s.SetTokens([]server.Token{hashed, {Token: "x", Workspace: "w", Role: "root"}}), `server: token 2 has the role "root", want read or write`)
	assert.Equal(t, 200, statusOf(s, "secret-of-ci"), "those of before stay")
	require.NoError(t, s.SetTokens([]server.Token{hashed}))
	assert.Equal(t, []int{401, 200}, []int{statusOf(s, "secret-of-ci"), statusOf(s, "hashed")})
	require.NoError(t, s.SetTokens(nil))
	assert.Equal(t, []int{401, 401}, []int{statusOf(s, "hashed"), statusOf(s, "")}, "without any token nobody gets in")
}

func TestNeedTokensBeforeThereAreAny(t *testing.T) {
	s := newServer(t, func(o *server.Options) { o.NeedTokens = true })
	assert.Equal(t, 401, statusOf(s, "secret-of-ci"))
	require.NoError(t, s.SetTokens([]server.Token{writerToken}))
	assert.Equal(t, 200, statusOf(s, "secret-of-ci"))
}

func TestReservedWorkspaces(t *testing.T) {
	s := newServer(t, func(*server.Options) {})
	require.NoError(t, s.SetTokens([]server.Token{writerToken}), "a service without tokens")
	assert.Equal(t, 200, statusOf(s, ""), "stays open")
	eng, err := engine.New(engine.Options{})
	require.NoError(t, err)
	_, err = server.New(server.Options{Engine: eng, Store: memstore.New(), Workspace: "flowexpr:tokens"})
	require.EqualError(t, err, `server: the workspace "flowexpr:tokens" is flowexpr's own`)
	_, err = server.New(server.Options{Engine: eng, Store: memstore.New(), Tokens: []server.Token{{Token: "t", Workspace: "flowexpr:tokens", Role: "read"}}})
	require.EqualError(t, err, `server: token 1 is for the workspace "flowexpr:tokens", which is flowexpr's own`)
}

// Each token sends at its own rate, also after the tokens were read anew; 429 says when to come again.
func TestRequestRate(t *testing.T) {
	other := server.Token{Token: "other", Workspace: server.DefaultWorkspace, Role: "read"}
	s := newServer(t, func(o *server.Options) { o.Tokens, o.RequestRate = []server.Token{writerToken, other}, 0.001 })
	assert.Equal(t, 200, statusOf(s, writerToken.Token))
	assert.Equal(t, 429, statusOf(s, writerToken.Token))
	assert.Equal(t, 200, statusOf(s, "other"), "the rate is each token's own")
	require.NoError(t, s.SetTokens([]server.Token{writerToken}))
	assert.Equal(t, 429, statusOf(s, writerToken.Token), "reading tokens anew gives no new rate")
	assert.EqualValues(t, 2, hits(s, "request_rate"))

	served := start(t, func(o *server.Options) { o.RequestRate = 0.4 })
	assert.Equal(t, 200, served.do("GET", jane, "").status)
	a := served.do("GET", jane, "")
	assert.Equal(t, []any{429, "too_many_requests", "3"}, []any{a.status, a.code(), a.header.Get("Retry-After")})
	assert.Equal(t, 200, served.do("GET", "/healthz", "").status, "health is nobody's")
}

// hits gives how often a limit was hit.
func hits(s *server.Server, name string) uint64 {
	for _, l := range s.Stats().Limits {
		if l.Limit == name {
			return l.Count
		}
	}
	return 1 << 40 // no such limit
}

func TestCORS(t *testing.T) {
	s := start(t, func(o *server.Options) {
		o.Tokens, o.CORSOrigins = []server.Token{writerToken}, []string{"https://app.example.org"}
	})
	bearer := []string{"Authorization", "Bearer " + writerToken.Token}
	preflight := []string{"Access-Control-Request-Method", "PATCH"}
	tests := []struct {
		name, method, origin string
		headers              []string
		status               int
		allowed              string
	}{
		{"a page that may", "GET", "https://app.example.org", bearer, 200, "https://app.example.org"},
		{"the reason of a refusal is seen", "GET", "https://app.example.org", nil, 401, "https://app.example.org"},
		{"another page", "GET", "https://evil.example.org", bearer, 200, ""},
		{"no page", "GET", "", bearer, 200, ""},
		{"asked before", "OPTIONS", "https://app.example.org", preflight, 204, "https://app.example.org"},
		{"asked before by another", "OPTIONS", "https://evil.example.org", preflight, 405, ""},
		{"OPTIONS that asks nothing", "OPTIONS", "https://app.example.org", nil, 405, "https://app.example.org"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			headers := tt.headers
			if tt.origin != "" {
				headers = append([]string{"Origin", tt.origin}, headers...)
			}
			a := s.do(tt.method, jane, "", headers...)
			assert.Equal(t, tt.status, a.status)
			assert.Equal(t, tt.allowed, a.header.Get("Access-Control-Allow-Origin"))
			assert.Contains(t, a.header.Values("Vary"), "Origin", "caches keep the answers apart")
			assert.Empty(t, a.header.Get("Access-Control-Allow-Credentials"))
			if a.status == 204 {
				assert.Equal(t, "Authorization, Content-Type, If-Match, If-None-Match, X-Request-Id", a.header.Get("Access-Control-Allow-Headers"))
				assert.Equal(t, "GET, POST, PUT, PATCH, DELETE", a.header.Get("Access-Control-Allow-Methods"))
				assert.NotEmpty(t, a.header.Get("X-Request-Id"))
			}
		})
	}
}

func TestCORSIsOffUnlessConfigured(t *testing.T) {
	s := start(t, func(o *server.Options) { o.Tokens = []server.Token{writerToken} })
	a := s.do("GET", jane, "", "Authorization", "Bearer "+writerToken.Token, "Origin", "https://app.example.org")
	assert.Equal(t, 200, a.status)
	for name := range a.header {
		assert.False(t, strings.HasPrefix(name, "Access-Control"), name)
	}
	assert.Equal(t, 405, s.do("OPTIONS", jane, "", "Origin", "https://app.example.org", "Access-Control-Request-Method", "GET").status)
}

// Without tokens a named site may call, and "every site" is refused.
func TestCORSWithoutTokens(t *testing.T) {
	s := start(t, func(o *server.Options) { o.CORSOrigins = []string{"http://localhost:3000"} })
	assert.Equal(t, 200, s.do("GET", jane, "", "Origin", "http://localhost:3000").status)
	assert.Equal(t, 403, s.do("GET", jane, "", "Origin", "http://localhost:3001").status)
	eng, err := engine.New(engine.Options{})
	require.NoError(t, err)
	for origin, want := range map[string]string{
		"*":                     "wants tokens",
		"app.example.org":       "is no origin",
		"https://a.example/x":   "is no origin",
		"https://A.example.org": "is no origin",
	} {
		_, err = server.New(server.Options{Engine: eng, Store: memstore.New(), CORSOrigins: []string{origin}})
		require.ErrorContains(t, err, want, origin)
	}
	every := newServer(t, func(o *server.Options) { o.Tokens, o.CORSOrigins = []server.Token{writerToken}, []string{"*"} })
	assert.Equal(t, 200, statusOf(every, writerToken.Token))
}

// Each write leaves a line that says who did what to which contact, and nothing of what the contact is.
func TestAudit(t *testing.T) {
	log, written := logTo()
	reader := server.Token{ID: "viewer", Token: "secret-of-viewer", Workspace: server.DefaultWorkspace, Role: "read"}
	s, store := hooked(t, func(o *server.Options) { o.Audit, o.Tokens = log, []server.Token{writerToken, reader} })
	const contact = "contact=5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f"
	tests := []struct {
		method, path, body, token string
		want                      string // empty: no line
	}{
		{"GET", jane, "", "ci", ""},
		{"POST", "/v1/evaluate", janesEvaluation, "ci", ""},
		{"POST", "/v1/whatif", "{}", "ci", ""},
		{"PATCH", jane, `{"name": "Janet"}`, "ci", `action="PATCH /v1/contacts/{uuid}" result=done status=200 ` + contact},
		{"PATCH", jane, `{"name": 1}`, "ci", `action="PATCH /v1/contacts/{uuid}" result=refused status=400 code=invalid_contact ` + contact},
		{"PATCH", jane, `{"name": "Mallory"}`, "viewer", `action="PATCH /v1/contacts/{uuid}" result=denied status=403 code=read_only`},
		{"PATCH", jane, `{"name": "Mallory"}`, "guessed", ""},
		{"POST", jane + "/connections", `{"urn": "mailto:new@example.org"}`, "ci", `action="POST /v1/contacts/{uuid}/connections" result=done status=201 ` + contact},
		{"DELETE", jane + "/connections/mailto:new@example.org", "", "ci", `action="DELETE /v1/contacts/{uuid}/connections/{urn}" result=done status=200 ` + contact},
		{"POST", "/v1/contacts", `{"name": "Bob", "urns": ["tel:+493011112222"]}`, "ci", `action="POST /v1/contacts" result=done status=201 contact=`},
		{"PATCH", "/v1/settings", `{"country": "DE"}`, "ci", `action="PATCH /v1/settings" result=done status=200`},
		{"DELETE", jane, "", "ci", `action="DELETE /v1/contacts/{uuid}" result=done status=204 ` + contact},
	}
	for _, tt := range tests {
		before := len(written())
		a := s.do(tt.method, tt.path, tt.body, "Authorization", "Bearer secret-of-"+tt.token)
		line := written()[before:]
		if tt.want == "" {
			assert.Empty(t, line, tt.path)
			continue
		}
		assert.Contains(t, line, "request_id="+a.header.Get("X-Request-Id")+" token="+tt.token+" workspace=default "+tt.want, line)
		assert.Equal(t, 1, strings.Count(line, "\n"))
	}
	store.set(away)
	s.do("PUT", jane, `{"name": "Jane"}`, "Authorization", "Bearer secret-of-ci")
	assert.Contains(t, written(), "result=failed status=503 code=store_unavailable "+contact)
	for _, secret := range []string{"secret", "Janet", "Mallory", "Bob", "mailto", "example.org", "4930"} {
		assert.NotContains(t, written(), secret)
	}
}

// A request costs no allocation for who it is from, what it is called and which limits hold for it.
func TestEvaluateAllocations(t *testing.T) {
	s := newServer(t, func(o *server.Options) { o.Tokens, o.RequestRate = []server.Token{writerToken}, 1e9 })
	handler := s.Handler()
	var ctx fasthttp.RequestCtx
	ctx.Request.Header.SetMethod("POST")
	ctx.Request.SetRequestURI("http://localhost/v1/evaluate")
	ctx.Request.Header.Set("Authorization", "Bearer "+writerToken.Token)
	ctx.Request.SetBodyString(`{"template": "Hi @contact.first_name", "contact": {"uuid": "5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f"}}`)
	const settled = 6 // 2 without the race detector, whose pools lose some of what is put back
	assert.LessOrEqual(t, testing.AllocsPerRun(1000, func() {
		ctx.Response.Reset()
		handler(&ctx)
	}), float64(settled))
	assert.Equal(t, 200, ctx.Response.StatusCode())
}

// While all places are taken the others wait for their turn, and after that are told to come again; health is answered.
func TestOverload(t *testing.T) {
	s, store := hooked(t, func(o *server.Options) { o.MaxRequests, o.RequestWait = 1, 30*time.Millisecond })
	arrived, release := held(store)
	first := make(chan answer, 1)
	go func() {
		a, err := s.try("GET", jane, "")
		assert.NoError(t, err)
		first <- a
	}()
	<-arrived
	store.set(nil)
	a := s.do("POST", "/v1/check", `{"template": "Hi"}`)
	assert.Equal(t, []any{503, "overloaded", "1"}, []any{a.status, a.code(), a.header.Get("Retry-After")})
	assert.Equal(t, 200, s.do("GET", "/healthz", "").status)
	close(release)
	assert.Equal(t, 200, (<-first).status)
	assert.Equal(t, 200, s.do("GET", jane, "").status, "the place is free again")
}

func TestARequestWaitsForItsTurn(t *testing.T) {
	s, store := hooked(t, func(o *server.Options) { o.MaxRequests, o.RequestWait = 1, time.Minute })
	arrived, release := held(store)
	answers := make(chan int, 2)
	ask := func() {
		a, err := s.try("GET", jane, "")
		assert.NoError(t, err)
		answers <- a.status
	}
	go ask()
	<-arrived
	store.set(nil)
	go ask()
	close(release)
	assert.Equal(t, []int{200, 200}, []int{<-answers, <-answers})
}
