package server_test

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/server"
)

// An encrypted connection that waits for longer than an answer may take to be written is still good: nothing of the last
// answer's deadline is left on it, although TLS has no way on after a write that timed out.
func TestTLSConnectionsOutliveTheWriteTimeout(t *testing.T) {
	const writeTimeout = 500 * time.Millisecond
	keys := httptest.NewTLSServer(http.NotFoundHandler()) // for its certificate
	keys.Close()
	s := newServer(t, func(o *server.Options) {
		o.WriteTimeout = writeTimeout
		o.TLS = &tls.Config{Certificates: keys.TLS.Certificates}
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx, listener) }()
	client := keys.Client()
	reused := 0
	for i, call := range []struct{ path, body, want string }{
		{"/v1/evaluate", janesEvaluation, `{"text":"Hi Jane`},
		{"/v1/evaluate/batch", `{"template":"Hi @contact.name","all":true}`, `"summary":{`},
		{"/v1/evaluate", janesEvaluation, `{"text":"Hi Jane`},
	} {
		if i > 0 {
			time.Sleep(2 * writeTimeout) // the connection is older than any deadline by now
		}
		ctx := httptrace.WithClientTrace(context.Background(), &httptrace.ClientTrace{GotConn: func(c httptrace.GotConnInfo) {
			if c.Reused {
				reused++
			}
		}})
		request, err := http.NewRequestWithContext(ctx, "POST", "https://"+listener.Addr().String()+call.path, strings.NewReader(call.body))
		require.NoError(t, err)
		response, err := client.Do(request)
		require.NoError(t, err)
		got, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		assert.Contains(t, string(got), call.want)
	}
	assert.Equal(t, 2, reused, "it is one connection")
	client.CloseIdleConnections()
	stop()
	require.NoError(t, <-served)
}
