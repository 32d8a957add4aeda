package server

import (
	"context"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"
)

// gate bounds the requests that are worked on at once. The others wait for a short time, and are then told to come
// again, before anything was done for them: what is inside stays fast, and a store that is slow is not buried.
type gate struct {
	room   *semaphore.Weighted
	wait   time.Duration
	inside atomic.Int64
}

func newGate(room int, wait time.Duration) *gate {
	return &gate{room: semaphore.NewWeighted(int64(room)), wait: wait}
}

// enter takes a place, or gives the problem to answer with. Fast path: there is one.
func (g *gate) enter() error {
	if !g.room.TryAcquire(1) {
		patience, cancel := context.WithTimeout(context.Background(), g.wait)
		defer cancel()
		if g.room.Acquire(patience, 1) != nil {
			return overloaded()
		}
	}
	g.inside.Add(1)
	return nil
}

func (g *gate) leave() {
	g.inside.Add(-1)
	g.room.Release(1)
}
