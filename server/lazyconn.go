package server

import (
	"errors"
	"net"
	"os"
	"sync/atomic"
	"time"
)

// lazyConn is a connection whose deadlines cost little: the HTTP library moves three of them for each request, nearly
// always to later, and each move goes through the runtime's locks. Here a move to later is only noted; when the deadline
// that is armed comes, what it ended goes on until the one that was noted.
type lazyConn struct {
	net.Conn
	read, write lazyDeadline
}

func newLazyConn(c net.Conn) *lazyConn {
	opened := time.Now()
	return &lazyConn{Conn: c, read: lazyDeadline{opened: opened}, write: lazyDeadline{opened: opened}}
}

// SetReadDeadline moves the deadline of reads.
func (c *lazyConn) SetReadDeadline(t time.Time) error { return c.read.set(t, c.Conn.SetReadDeadline) }

// SetWriteDeadline moves the deadline of writes.
func (c *lazyConn) SetWriteDeadline(t time.Time) error {
	return c.write.set(t, c.Conn.SetWriteDeadline)
}

// SetDeadline moves both.
func (c *lazyConn) SetDeadline(t time.Time) error {
	return errors.Join(c.SetReadDeadline(t), c.SetWriteDeadline(t))
}

// CloseWrite tells the other side that nothing more comes, where the connection can.
func (c *lazyConn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return errors.ErrUnsupported
}

// Read reads until the deadline.
func (c *lazyConn) Read(p []byte) (int, error) {
	for {
		n, err := c.Conn.Read(p)
		if err == nil || n > 0 || !c.read.extend(err, c.Conn.SetReadDeadline) { // fast path
			return n, err
		}
	}
}

// Write writes until the deadline.
func (c *lazyConn) Write(p []byte) (written int, err error) {
	for {
		n, err := c.Conn.Write(p[written:])
		written += n
		if err == nil || !c.write.extend(err, c.Conn.SetWriteDeadline) { // fast path
			return written, err
		}
	}
}

// lazyDeadline is one deadline of a connection.
type lazyDeadline struct {
	opened time.Time    // times count from here, so that they do not follow a clock that is set
	wanted atomic.Int64 // in ns; 0: none
	armed  atomic.Int64 // likewise, what the connection has
}

// set notes a deadline, and arms it when it is before the one that is armed.
func (d *lazyDeadline) set(t time.Time, arm func(time.Time) error) error {
	wanted := int64(0)
	if !t.IsZero() {
		wanted = int64(t.Sub(d.opened))
	}
	d.wanted.Store(wanted)
	if armed := d.armed.Load(); wanted != 0 && armed != 0 && wanted >= armed { // fast path
		return nil
	}
	d.armed.Store(wanted)
	return arm(t)
}

// extend arms the deadline that is wanted, when err says no more than that an earlier one has come.
func (d *lazyDeadline) extend(err error, arm func(time.Time) error) bool {
	wanted := d.wanted.Load()
	if !errors.Is(err, os.ErrDeadlineExceeded) || wanted == d.armed.Load() {
		return false
	}
	d.armed.Store(wanted)
	return arm(d.opened.Add(time.Duration(wanted))) == nil
}
