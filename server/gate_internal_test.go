package server

import (
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestGateRefusesWhoWaitsTooLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(1, time.Second)
		require.NoError(t, g.enter())
		begun := time.Now()
		assert.Equal(t, overloaded(), g.enter())
		assert.Equal(t, time.Second, time.Since(begun))
		g.leave()
		assert.NoError(t, g.enter())
	})
}

// Everybody who waits gets the place of somebody who leaves in time.
func TestGateLetsInWhoWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const room, callers = 3, 12
		g := newGate(room, time.Hour)
		var all sync.WaitGroup
		for range callers {
			all.Go(func() {
				assert.NoError(t, g.enter())
				time.Sleep(time.Second)
				g.leave()
			})
		}
		begun := time.Now()
		all.Wait()
		assert.Equal(t, callers/room*time.Second, time.Since(begun))
		assert.Zero(t, g.inside.Load())
		assert.Zero(t, g.waiting.Load())
	})
}

func TestGateHoldsItsBound(t *testing.T) {
	const room = 4
	g := newGate(room, time.Minute)
	var inside, most atomic.Int64
	var all sync.WaitGroup
	for range 4 * room {
		all.Go(func() {
			for range 1000 {
				if g.enter() != nil {
					continue
				}
				if n := inside.Add(1); n > most.Load() {
					most.Store(n)
				}
				inside.Add(-1)
				g.leave()
			}
		})
	}
	all.Wait()
	assert.LessOrEqual(t, most.Load(), int64(room))
	assert.Zero(t, g.inside.Load())
}
