package server

import (
	"errors"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// recordingConn remembers how much was written after each deadline.
type recordingConn struct {
	net.Conn
	parts     []int
	deadlines []time.Duration // from when it was set
	failAfter int             // bytes; 0: never
}

func (c *recordingConn) SetWriteDeadline(t time.Time) error {
	c.deadlines = append(c.deadlines, time.Until(t).Round(time.Minute))
	return nil
}

var errFull = errors.New("full")

func (c *recordingConn) Write(p []byte) (int, error) {
	if c.failAfter > 0 && c.failAfter < len(p) {
		return c.failAfter, errFull
	}
	c.parts = append(c.parts, len(p))
	return len(p), nil
}

// While an answer is streamed, each part of it has a time of its own.
func TestPacedWrites(t *testing.T) {
	tests := []struct {
		name  string
		size  int
		pace  time.Duration
		parts []int
	}{
		{"not paced", 3 * maxPart, 0, []int{3 * maxPart}},
		{"nothing", 0, time.Hour, []int{0}},
		{"one part", maxPart, time.Hour, []int{maxPart}},
		{"several", 2*maxPart + 1, time.Hour, []int{maxPart, maxPart, 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			recording := &recordingConn{}
			lazy := newLazyConn(recording)
			c := &countedConn{Conn: lazy}
			c.pace(tt.pace)
			n, err := c.Write(make([]byte, tt.size))
			require.NoError(t, err)
			assert.Equal(t, tt.size, n)
			assert.Equal(t, tt.parts, recording.parts)
			if tt.pace == 0 {
				assert.Empty(t, recording.deadlines)
				return
			}
			assert.Equal(t, []time.Duration{tt.pace}, recording.deadlines, "the first is armed, the later ones are noted")
			assert.GreaterOrEqual(t, time.Duration(lazy.write.wanted.Load()), tt.pace)
		})
	}
	recording := &recordingConn{failAfter: 10}
	c := &countedConn{Conn: newLazyConn(recording)}
	c.pace(time.Hour)
	n, err := c.Write(make([]byte, maxPart))
	require.ErrorIs(t, err, errFull)
	assert.Equal(t, 10, n)
}
