package server

import (
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/flowexpr/flowexpr/contactstore"
)

// CheckListen refuses an address that other machines reach while no token is configured.
func CheckListen(address string, tokens int) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return &contactstore.Error{
			Code: "invalid_address", Message: fmt.Sprintf("%q is no address to listen on", address),
			Hint: "write it as HOST:PORT, such as 127.0.0.1:8090", Err: contactstore.ErrInvalid,
		}
	}
	if tokens > 0 || isLoopback(host) {
		return nil
	}
	return &contactstore.Error{
		Code: "token_needed", Message: fmt.Sprintf("will not listen on %s without a token: whoever reaches it could read and change all contacts", address),
		Hint: "configure a token, or listen on 127.0.0.1", Err: contactstore.ErrInvalid,
	}
}

func isLoopback(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// limitedListener refuses connections beyond a number, in words that a client understands.
type limitedListener struct {
	net.Listener
	max    int64
	open   atomic.Int64
	once   sync.Once
	closed error
}

func newLimitedListener(l net.Listener, limit int) *limitedListener {
	return &limitedListener{Listener: l, max: int64(limit)}
}

// Accept gives the next connection that there is room for.
func (l *limitedListener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if l.open.Add(1) <= l.max {
			return &countedConn{lazyConn: newLazyConn(c), listener: l}, nil
		}
		l.open.Add(-1)
		refuseConn(c)
	}
}

// Close closes the listener once; again it gives the same error.
func (l *limitedListener) Close() error {
	l.once.Do(func() { l.closed = l.Listener.Close() })
	return l.closed
}

// refuseTimeout bounds the writing of a refusal; it holds up the listener.
const refuseTimeout = time.Second

func refuseConn(c net.Conn) {
	_ = c.SetWriteDeadline(time.Now().Add(refuseTimeout))
	body := string(tooManyConnections().append(nil))
	_, _ = fmt.Fprintf(c, "HTTP/1.1 503 Service Unavailable\r\nContent-Type: %s\r\nContent-Length: %d\r\nRetry-After: 1\r\nConnection: close\r\n\r\n%s",
		problemType, len(body), body)
	_ = c.Close()
}

// countedConn is a connection that leaves its listener's count when it is closed.
type countedConn struct {
	lazyConn
	listener *limitedListener
	once     sync.Once
	linger   atomic.Bool
	paced    atomic.Int64 // ns that each part of an answer may take to be written; 0: the library's deadline holds
}

// pace gives each part of what is written a time of its own from now on, instead of one for the whole answer; 0 ends it.
func (c *countedConn) pace(timeout time.Duration) { c.paced.Store(int64(timeout)) }

// maxPart bounds the bytes that are written under one deadline: a client may read slowly, if it reads at all.
const maxPart = 32 << 10

// Write writes p; where the connection is paced, part by part.
func (c *countedConn) Write(p []byte) (written int, err error) {
	timeout := time.Duration(c.paced.Load())
	if timeout <= 0 { // fast path
		return c.lazyConn.Write(p)
	}
	for first := true; first || len(p) > 0; first = false {
		if err := c.SetWriteDeadline(time.Now().Add(timeout)); err != nil {
			return written, err
		}
		n, err := c.lazyConn.Write(p[:min(len(p), maxPart)])
		written += n
		if err != nil {
			return written, err
		}
		p = p[n:]
	}
	return written, nil
}

// Limits of what is read and thrown away before a connection is closed on a client that is still sending: closing at
// once would make the client's system drop the answer that says why.
const (
	lingerTime  = 500 * time.Millisecond
	lingerBytes = 4 << 20
)

// Close closes the connection.
func (c *countedConn) Close() error {
	c.once.Do(func() { c.listener.open.Add(-1) })
	if c.linger.Swap(false) {
		if half, ok := c.Conn.(interface{ CloseWrite() error }); ok && half.CloseWrite() == nil {
			_ = c.SetReadDeadline(time.Now().Add(lingerTime))
			_, _ = io.CopyN(io.Discard, &c.lazyConn, lingerBytes)
		}
	}
	return c.Conn.Close()
}
