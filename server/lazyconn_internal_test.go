package server

import (
	"io"
	"net"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// armedConn remembers the deadlines of reads that it was given.
type armedConn struct {
	net.Conn
	armed []time.Time
}

func (c *armedConn) SetReadDeadline(t time.Time) error {
	c.armed = append(c.armed, t)
	return c.Conn.SetReadDeadline(t)
}

func TestLazyDeadlines(t *testing.T) {
	now := time.Now()
	at := now.Add
	tests := []struct {
		name       string
		set, armed []time.Time
	}{
		{"the first is armed", []time.Time{at(time.Hour)}, []time.Time{at(time.Hour)}},
		{"later ones are noted", []time.Time{at(time.Hour), at(time.Hour), at(2 * time.Hour)}, []time.Time{at(time.Hour)}},
		{"earlier ones are armed", []time.Time{at(2 * time.Hour), at(time.Hour)}, []time.Time{at(2 * time.Hour), at(time.Hour)}},
		{"none is armed", []time.Time{at(time.Hour), {}, at(2 * time.Hour)}, []time.Time{at(time.Hour), {}, at(2 * time.Hour)}},
		{"the past is armed", []time.Time{at(time.Hour), at(-time.Hour)}, []time.Time{at(time.Hour), at(-time.Hour)}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			one, other := net.Pipe()
			defer one.Close()
			defer other.Close()
			armed := &armedConn{Conn: one}
			c := newLazyConn(armed)
			for _, deadline := range tt.set {
				require.NoError(t, c.SetReadDeadline(deadline))
			}
			assert.Equal(t, tt.armed, armed.armed)
		})
	}
}

// A read or a write that an old deadline ends goes on until the one that is wanted.
func TestLazyDeadlinesAreExtended(t *testing.T) {
	one, other := net.Pipe()
	defer one.Close()
	defer other.Close()
	c := newLazyConn(one)
	require.NoError(t, c.SetDeadline(time.Now().Add(time.Millisecond)))
	require.NoError(t, c.SetDeadline(time.Now().Add(time.Hour)))
	time.Sleep(2 * time.Millisecond) // the armed deadline is over
	go func() { _, _ = other.Write([]byte("ab")) }()
	data := make([]byte, 2)
	n, err := c.Read(data)
	require.NoError(t, err)
	assert.Equal(t, "ab", string(data[:n]))
	go func() { _, _ = io.ReadFull(other, make([]byte, 2)) }()
	n, err = c.Write([]byte("cd"))
	require.NoError(t, err)
	assert.Equal(t, 2, n)

	require.NoError(t, c.SetDeadline(time.Now().Add(time.Millisecond)))
	require.NoError(t, c.SetDeadline(time.Now().Add(2*time.Millisecond)))
	_, err = c.Read(data)
	require.ErrorIs(t, err, os.ErrDeadlineExceeded, "the wanted deadline ends a read")
	_, err = c.Write(data)
	require.ErrorIs(t, err, os.ErrDeadlineExceeded, "and a write")
}
