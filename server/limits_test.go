package server_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp/fasthttputil"

	"github.com/flowexpr/flowexpr/contactstore/memstore"
	"github.com/flowexpr/flowexpr/engine"
	"github.com/flowexpr/flowexpr/server"
)

func TestLimits(t *testing.T) {
	s := start(t, func(o *server.Options) { o.MaxBody, o.MaxHeader = 1000, 2000 })
	exactly := janesEvaluation + strings.Repeat(" ", 1000-len(janesEvaluation))
	tests := []struct {
		name    string
		body    string
		headers []string
		status  int
		code    string
	}{
		{"a body of the limit", exactly, nil, 200, ""},
		{"a body beyond", exactly + " ", nil, 413, "body_too_large"},
		{"headers beyond", janesEvaluation, []string{"X-Long", strings.Repeat("x", 2000)}, 431, "header_too_large"},
		{"announced and waited for", exactly + " ", []string{"Expect", "100-continue"}, 413, "body_too_large"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := s.do("POST", "/v1/evaluate", tt.body, tt.headers...)
			assert.Equal(t, tt.status, a.status)
			assert.Equal(t, tt.code, a.code())
			assert.NotEmpty(t, a.header.Get("X-Request-Id"))
			if tt.status >= 400 {
				assert.Equal(t, "application/problem+json", a.header.Get("Content-Type"))
			}
		})
	}
	chunked := "POST /v1/evaluate HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" + exactly + " \r\n0\r\n\r\n"
	assert.Contains(t, s.raw(chunked), "body_too_large", "a body that does not say how long it is")
}

func TestTemplateTooLarge(t *testing.T) {
	a := start(t, nil).do("POST", "/v1/evaluate", `{"template": "`+strings.Repeat("x", 64<<10+1)+`"}`)
	assert.Equal(t, 413, a.status)
	assert.JSONEq(t, `{"type": "about:blank", "title": "Request Entity Too Large", "status": 413, "code": "template_too_large",
		"detail": "the template has 65537 bytes, more than the limit of 65536 bytes", "hint": "shorten the template, or raise the limit on template size"}`, a.body)
}

func TestHostileBodies(t *testing.T) {
	s := start(t, nil)
	deep := func(open, end string) string {
		return `{"template": "Hi", "context": {"a": ` + strings.Repeat(open, 100_000) + strings.Repeat(end, 100_000) + `}}`
	}
	tests := []struct {
		name   string
		body   string
		status int
		code   string
	}{
		{"no UTF-8", "{\"template\": \"Hi \xff\"}", 400, "invalid_utf8"},
		{"a lone surrogate", `{"template": "Hi \ud800"}`, 200, ""},
		{"NUL, escaped", `{"template": "Hi \u0000@contact.name"}`, 200, ""},
		{"NUL, as it is", "{\"template\": \"Hi \x00\"}", 400, "invalid_json"},
		{"nothing but NUL", "\x00", 400, "invalid_json"},
		{"deep arrays", deep("[", "]"), 400, "invalid_json"},
		{"deep objects", deep(`{"a":`, "}"), 400, "invalid_json"},
		{"deep arrays without an end", `{"context": ` + strings.Repeat("[", 500_000), 400, "invalid_json"},
		{"deep expression", `{"template": "@(` + strings.Repeat("(", 60_000) + `"}`, 200, ""},
		{"a huge number", `{"template": "@x", "context": {"x": 1e999999999}}`, 200, ""},
		{"many members", `{"template": "Hi", "context": {` + strings.Repeat(`"a":1,`, 100_000) + `"b":1}}`, 200, ""},
		{"many unknown members", `{` + members(20_000) + `"template": "Hi"}`, 400, "invalid_json"},
		{"many roots", `{"template": "Hi @m7", "context": {` + members(60_000) + `"b":1}}`, 200, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := s.do("POST", "/v1/evaluate", tt.body)
			assert.Equal(t, tt.status, a.status, a.body)
			assert.Equal(t, tt.code, a.code())
		})
	}
}

// members writes members of different names.
func members(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `"m%d":1,`, i)
	}
	return b.String()
}

func TestWhatIsNoHTTP(t *testing.T) {
	patient := start(t, nil)
	hasty := start(t, func(o *server.Options) { o.ReadTimeout = 20 * time.Millisecond })
	tests := []struct{ name, sent, status, code string }{
		{"noise", "\x16\x03\x01\x02\x00\x01\r\n\r\n", "400", "invalid_http"},
		{"no header end in time", "GET / HTTP/1.1\r\nHost: x\r\n", "408", "request_timeout"},
		{"no body in time", "POST /v1/evaluate HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{", "408", "request_timeout"},
		{"two lengths", "POST /v1/evaluate HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}", "400", "invalid_http"},
		{"a URN with a broken escape", "DELETE " + jane + "/connections/tel%2 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "400", "invalid_path"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := patient
			if tt.status == "408" {
				s = hasty
			}
			got := s.raw(tt.sent)
			assert.True(t, strings.HasPrefix(got, "HTTP/1.1 "+tt.status), got)
			assert.Contains(t, got, `"code":"`+tt.code+`"`)
			assert.Contains(t, got, "Content-Type: application/problem+json")
		})
	}
}

func TestTooManyConnections(t *testing.T) {
	s := start(t, func(o *server.Options) { o.MaxConnections = 1 })
	const request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
	first, err := s.listener.Dial()
	require.NoError(t, err)
	_, err = io.WriteString(first, request)
	require.NoError(t, err)
	_, err = first.Read(make([]byte, 1)) // it is served
	require.NoError(t, err)
	got := s.raw("")
	assert.True(t, strings.HasPrefix(got, "HTTP/1.1 503 Service Unavailable\r\n"), got)
	assert.Contains(t, got, `"code":"too_many_connections"`)
	assert.Contains(t, got, "Retry-After: 1\r\n")
	require.NoError(t, first.Close())
	for got = s.raw(strings.Replace(request, "\r\n\r\n", "\r\nConnection: close\r\n\r\n", 1)); !strings.Contains(got, `{"status":"ok"}`); { // once the server noticed
		got = s.raw(strings.Replace(request, "\r\n\r\n", "\r\nConnection: close\r\n\r\n", 1))
	}
}

// A client that sends a large body all at once must be able to read why it was refused, over real sockets too.
func TestRefusalReachesTheSender(t *testing.T) {
	eng, err := engine.New(engine.Options{})
	require.NoError(t, err)
	handler, err := server.New(server.Options{Engine: eng, Store: memstore.New()})
	require.NoError(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- handler.Serve(ctx, listener) }()
	client := &http.Client{Transport: &http.Transport{}}
	for range 5 {
		response, err := client.Post("http://"+listener.Addr().String()+"/v1/evaluate", "application/json", strings.NewReader(strings.Repeat(" ", 3<<20)))
		require.NoError(t, err)
		body, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		assert.Equal(t, 413, response.StatusCode)
		assert.Contains(t, string(body), "body_too_large")
	}
	client.CloseIdleConnections()
	stop()
	require.NoError(t, <-served)
}

// addressed is a listener whose connections come from addresses that the test chooses.
type addressed struct {
	net.Listener
	from chan net.Addr
}

type addressedConn struct {
	net.Conn
	from net.Addr
}

func (c addressedConn) RemoteAddr() net.Addr { return c.from }

func (l addressed) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return addressedConn{c, <-l.from}, nil
}

// One client cannot take the connections of all: an address of IPv4, or a network of IPv6.
func TestConnectionsOfOneAddress(t *testing.T) {
	s := newServer(t, func(o *server.Options) { o.MaxConnections, o.MaxConnectionsPerAddress = 10, 1 })
	inner := fasthttputil.NewInmemoryListener()
	listener := addressed{inner, make(chan net.Addr, 1)}
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx, listener) }()
	// ask sends a request over a new connection from an address, and gives the first line of what comes back.
	ask := func(from string) (net.Conn, string) {
		listener.from <- net.TCPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr(from), 1))
		c, err := inner.Dial()
		require.NoError(t, err)
		_, _ = io.WriteString(c, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n") // who is refused at once need not be heard
		answer := make([]byte, 12)
		_, err = io.ReadFull(c, answer)
		require.NoError(t, err)
		return c, string(answer)
	}
	first, got := ask("192.0.2.1")
	assert.Equal(t, "HTTP/1.1 200", got)
	for from, want := range map[string]string{"192.0.2.1": "503", "::ffff:192.0.2.1": "503", "192.0.2.2": "200"} {
		_, got := ask(from)
		assert.Equal(t, "HTTP/1.1 "+want, got, from)
	}
	_, got = ask("2001:db8::1")
	assert.Equal(t, "HTTP/1.1 200", got)
	_, got = ask("2001:db8::ffff:2")
	assert.Equal(t, "HTTP/1.1 503", got, "the same network")
	_, got = ask("2001:db8:0:1::1")
	assert.Equal(t, "HTTP/1.1 200", got)
	assert.EqualValues(t, 3, hits(s, "connections_per_address"))
	assert.EqualValues(t, 4, s.Stats().Connections)
	require.NoError(t, first.Close())
	require.Eventually(t, func() bool {
		c, got := ask("192.0.2.1")
		return got == "HTTP/1.1 200" || c.Close() != nil
	}, time.Minute, time.Millisecond, "the address is free again")
	stop()
	require.NoError(t, <-served)
	assert.Zero(t, s.Stats().Connections)
}

// Each limit that is hit is counted under its name.
func TestLimitsAreCounted(t *testing.T) {
	counted := newServer(t, func(o *server.Options) {
		o.MaxBody, o.MaxHeader, o.MaxBatchContacts, o.MaxBatchTemplates = 100_000, 4000, 1, 1
		o.ReadTimeout = 2 * time.Second // one request below runs into it, the others must not on a busy machine
	})
	listener := fasthttputil.NewInmemoryListener()
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- counted.Serve(ctx, listener) }()
	send := func(request string) {
		c, err := listener.Dial()
		require.NoError(t, err)
		_, _ = io.WriteString(c, request)
		_, err = io.ReadAll(c)
		require.NoError(t, err)
		require.NoError(t, c.Close())
	}
	post := func(path, body string) string {
		return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s", path, len(body), body)
	}
	for name, request := range map[string]string{
		"body":            post("/v1/evaluate", strings.Repeat(" ", 100_001)),
		"header":          "GET / HTTP/1.1\r\nX-Long: " + strings.Repeat("x", 5000) + "\r\n\r\n",
		"read_time":       "GET / HTTP/1.1\r\n",
		"template":        post("/v1/evaluate", `{"template":"`+strings.Repeat("x", 70_000)+`"}`),
		"nesting":         post("/v1/evaluate", `{"template":"@(`+strings.Repeat("(", 200)+"1"+strings.Repeat(")", 200)+`)"}`),
		"batch_contacts":  post("/v1/evaluate/batch", `{"template":"Hi","urns":["tel:+13233754866","tel:+13233754867"]}`),
		"batch_templates": post("/v1/evaluate/batch", `{"templates":{"a":"Hi","b":"Ho"},"all":true}`),
	} {
		before := hits(counted, name)
		send(request)
		assert.Equal(t, before+1, hits(counted, name), name)
	}
	stop()
	require.NoError(t, <-served)
}

// What a stream's evaluations run into counts as it does for one evaluation.
func TestLimitsOfStreamsAreCounted(t *testing.T) {
	s := newServer(t, func(*server.Options) {})
	listener := fasthttputil.NewInmemoryListener()
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx, listener) }()
	client := &http.Client{Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return listener.Dial() }}}
	for _, call := range []struct{ path, audience string }{
		{"/v1/evaluate", `"contact":{"urn":"tel:+13233754866"}`}, {"/v1/evaluate/batch", `"urns":["tel:+13233754866"]`}, {"/v1/dryrun", `"urns":["tel:+13233754866"]`},
	} {
		for limit, template := range map[string]string{
			"budget":   `@(join(foreach(split(repeat(\"a \", 5000), \" \"), (x) => repeat(\"x\", 5000)), \"\"))`,
			"output":   strings.Repeat(`@(repeat(\"x\", 10000))`, 105),
			"warnings": strings.Repeat("@urns.line ", 101),
		} {
			before := hits(s, limit)
			response, err := client.Post("http://localhost"+call.path, "application/json", strings.NewReader(`{"template":"`+template+`",`+call.audience+`}`))
			require.NoError(t, err)
			_, err = io.Copy(io.Discard, response.Body)
			require.NoError(t, err)
			require.NoError(t, response.Body.Close())
			assert.Equal(t, 200, response.StatusCode)
			assert.Equal(t, before+1, hits(s, limit), "%s of %s", limit, call.path)
		}
	}
	client.CloseIdleConnections()
	stop()
	require.NoError(t, <-served)
}
