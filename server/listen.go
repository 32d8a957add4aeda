package server

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/netip"
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
		Hint: "make one with flowexpr token create and name its file with --tokens, or listen on 127.0.0.1", Err: contactstore.ErrInvalid,
	}
}

func isLoopback(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// connections counts open connections, all and for each client, and says which may be opened.
type connections struct {
	max, maxOfOne int
	open          atomic.Int64
	limits        *limitCounts

	mu sync.Mutex
	of map[netip.Prefix]int // by client; as many as there are open connections, at most
}

func newConnections(limit, ofOne int, limits *limitCounts) *connections {
	return &connections{max: limit, maxOfOne: ofOne, limits: limits, of: map[netip.Prefix]int{}}
}

// add counts a connection, or gives the problem that there is no room for it.
func (c *connections) add(client netip.Prefix) *problem {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case int(c.open.Load()) >= c.max:
		return tooManyConnections()
	case client.IsValid() && c.of[client] >= c.maxOfOne:
		return tooManyOfAddress()
	}
	c.open.Add(1)
	if client.IsValid() {
		c.of[client]++
	}
	return nil
}

func (c *connections) remove(client netip.Prefix) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open.Add(-1)
	if c.of[client]--; c.of[client] <= 0 {
		delete(c.of, client)
	}
}

// Bits of an address that tell one client from another: who has an address of IPv6 has a whole network.
const (
	clientBits4 = 32
	clientBits6 = 64
)

// clientOf gives the client at the other end; the zero Prefix where it has no address of IP.
func clientOf(address net.Addr) netip.Prefix {
	tcp, ok := address.(*net.TCPAddr)
	if !ok {
		return netip.Prefix{}
	}
	ip := tcp.AddrPort().Addr().Unmap()
	bits := clientBits6
	if ip.Is4() {
		bits = clientBits4
	}
	client, _ := ip.WithZone("").Prefix(bits) // no address: the zero Prefix
	return client
}

// limitedListener refuses connections beyond a limit, in words that a client understands.
type limitedListener struct {
	net.Listener
	connections *connections
	tls         *tls.Config // nil: not encrypted
	once        sync.Once
	closed      error
}

func (s *Server) newListener(l net.Listener) *limitedListener {
	return &limitedListener{Listener: l, connections: s.connections, tls: s.options.TLS}
}

// Accept gives the next connection that there is room for. Encrypted ones shake hands when they are first read.
func (l *limitedListener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		client := clientOf(c.RemoteAddr())
		if p := l.connections.add(client); p != nil {
			l.refuse(c, p)
			continue
		}
		c = newLazyConn(c)
		if l.tls != nil { // above: a write that timed out could not go on
			c = tls.Server(c, l.tls)
		}
		return &countedConn{Conn: c, connections: l.connections, client: client}, nil
	}
}

// Close closes the listener once; again it gives the same error.
func (l *limitedListener) Close() error {
	l.once.Do(func() { l.closed = l.Listener.Close() })
	return l.closed
}

// refuseTimeout bounds the writing of a refusal; it holds up the listener.
const refuseTimeout = time.Second

// refuse closes a connection. Where it is encrypted it cannot say why: shaking hands would hold up the listener.
func (l *limitedListener) refuse(c net.Conn, p *problem) {
	l.connections.limits.hit(limitOf(p.code))
	if l.tls == nil {
		_ = c.SetWriteDeadline(time.Now().Add(refuseTimeout))
		body := string(p.append(nil))
		_, _ = fmt.Fprintf(c, "HTTP/1.1 503 Service Unavailable\r\nContent-Type: %s\r\nContent-Length: %d\r\nRetry-After: 1\r\nConnection: close\r\n\r\n%s",
			problemType, len(body), body)
	}
	_ = c.Close()
}

// countedConn is a connection that leaves the count when it is closed.
type countedConn struct {
	net.Conn
	connections *connections
	client      netip.Prefix
	once        sync.Once
	linger      atomic.Bool
	paced       atomic.Int64 // ns that each part of an answer may take to be written; 0: the library's deadline holds
}

// pace gives each part of what is written a time of its own from now on, instead of one for the whole answer; 0 ends it.
func (c *countedConn) pace(timeout time.Duration) { c.paced.Store(int64(timeout)) }

// maxPart bounds the bytes that are written under one deadline: a client may read slowly, if it reads at all.
const maxPart = 32 << 10

// Write writes p; where the connection is paced, part by part.
func (c *countedConn) Write(p []byte) (written int, err error) {
	timeout := time.Duration(c.paced.Load())
	if timeout <= 0 { // fast path
		return c.Conn.Write(p)
	}
	for first := true; first || len(p) > 0; first = false {
		if err := c.SetWriteDeadline(time.Now().Add(timeout)); err != nil {
			return written, err
		}
		n, err := c.Conn.Write(p[:min(len(p), maxPart)])
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
	c.once.Do(func() { c.connections.remove(c.client) })
	if c.linger.Swap(false) {
		if half, ok := c.Conn.(interface{ CloseWrite() error }); ok && half.CloseWrite() == nil {
			_ = c.SetReadDeadline(time.Now().Add(lingerTime))
			_, _ = io.CopyN(io.Discard, c.Conn, lingerBytes)
		}
	}
	return c.Conn.Close()
}
