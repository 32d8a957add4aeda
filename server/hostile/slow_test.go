package hostile_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/flowexpr/flowexpr/server"
)

// slowClients are ways to send so that the service waits: what is sent at once, and then byte by byte.
var slowClients = []struct{ name, first, drip string }{
	{"nothing", "", ""},
	{"half a first line", "GET /hea", ""},
	{"headers byte by byte", "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: ", "x"},
	{"headers for ever", "GET /healthz HTTP/1.1\r\nHost: localhost\r\n", "X: y\r\n"},
	{"a body that does not come", "POST /v1/evaluate HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n", ""},
	{"a body byte by byte", "POST /v1/evaluate HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n", " "},
	{"chunks byte by byte", "POST /v1/evaluate HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\n \r\n"},
	{"a chunk's size byte by byte", "POST /v1/evaluate HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n", "0"},
	{"empty lines for ever", "", "\r\n"},
	{"a second request that does not come", get("/healthz"), ""},
	{"a second request byte by byte", get("/healthz") + "GET /", "x"},
}

// Slow clients are sent away in time, and the others are answered meanwhile.
func TestSlowClients(t *testing.T) {
	s := start(t, func(o *server.Options) { o.ReadTimeout, o.IdleTimeout = 500*time.Millisecond, 500*time.Millisecond })
	const each = 10
	var all sync.WaitGroup
	ended := make(chan string, each*len(slowClients))
	for _, client := range slowClients {
		for range each {
			all.Go(func() {
				got, err := drip(s.address, client.first, client.drip)
				if err != nil {
					ended <- client.name + ": " + err.Error()
				} else if list, err := answers(got, false); err != nil {
					ended <- fmt.Sprintf("%s: %v: %q", client.name, err, got)
				} else if n := len(list); n > 0 && list[n-1].status >= 500 {
					ended <- fmt.Sprintf("%s: %q", client.name, got)
				}
			})
		}
	}
	for range 20 {
		s.weCall()
	}
	all.Wait()
	close(ended)
	for problem := range ended {
		assert.Fail(t, problem)
	}
	s.weCall()
	assert.Empty(t, s.log.take())
	t.Logf("%d slow clients of %d kinds", each*len(slowClients), len(slowClients))
}

// drip sends first, and then drip over and over until the service closes; it gives what came back.
func drip(address, first, drip string) (got []byte, err error) {
	c, err := net.DialTimeout("tcp", address, patience)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		return nil, err
	}
	if _, err := io.WriteString(c, first); err != nil {
		return nil, err
	}
	done := make(chan struct{})
	var writing sync.WaitGroup
	writing.Go(func() {
		pace := time.NewTicker(20 * time.Millisecond)
		defer pace.Stop()
		for drip != "" {
			select {
			case <-pace.C:
			case <-done:
				return
			}
			if _, err := io.WriteString(c, drip); err != nil {
				return // closed: reading tells
			}
		}
	})
	var all bytes.Buffer
	_, err = io.Copy(&all, c)
	close(done)
	writing.Wait()
	if err != nil && strings.Contains(err.Error(), "reset") {
		err = nil // closed on a client that was still sending
	}
	return all.Bytes(), err
}

// Clients that go away in the middle leave nothing behind.
func TestClientsThatGoAway(t *testing.T) {
	before := goleak.IgnoreCurrent()
	s := start(t, nil)
	for _, sent := range []string{
		"", "GET", "POST /v1/evaluate HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{", post("/v1/evaluate", evaluation),
		post("/v1/evaluate/batch", `{"template":"@(repeat(\"x\",50000))","contacts":["`+janeUUID+strings.Repeat(`","`+janeUUID, 2000)+`"]}`),
		post("/v1/dryrun", `{"template":"Hi @contact.name"}`), strings.Repeat(get("/v1/catalog"), 20),
	} {
		for _, abrupt := range []bool{false, true} {
			for range 5 {
				c, err := net.Dial("tcp", s.address)
				require.NoError(t, err)
				if abrupt {
					require.NoError(t, c.(*net.TCPConn).SetLinger(0)) // a reset instead of an orderly end
				}
				_, err = io.WriteString(c, sent)
				require.NoError(t, err)
				require.NoError(t, c.Close())
			}
		}
		s.weCall()
	}
	s.stop()
	assert.Empty(t, s.log.take())
	assert.NoError(t, goleak.Find(append(libraryGoroutines(), before)...))
}
