package server

import (
	"sync/atomic"
	"time"
)

// gate bounds the requests that are worked on at once. The others wait for a short time, and are then told to come
// again, before anything was done for them: what is inside stays fast, and a store that is slow is not buried. One number
// that both ways in and out change is all that a request costs while there is room.
type gate struct {
	room    int64
	wait    time.Duration
	inside  atomic.Int64
	waiting atomic.Int64
	left    chan struct{} // as many as there is room for: told to who waits
}

func newGate(room int, wait time.Duration) *gate {
	return &gate{room: int64(room), wait: wait, left: make(chan struct{}, room)}
}

// enter takes a place, or gives the problem to answer with. Fast path: there is one.
func (g *gate) enter() error {
	if g.tryEnter() {
		return nil
	}
	g.waiting.Add(1) // before the next look, so that whoever leaves after it tells
	defer g.waiting.Add(-1)
	patience := time.NewTimer(g.wait)
	defer patience.Stop()
	for !g.tryEnter() {
		select {
		case <-g.left:
		case <-patience.C:
			return overloaded()
		}
	}
	return nil
}

func (g *gate) tryEnter() bool {
	for {
		inside := g.inside.Load()
		if inside >= g.room {
			return false
		}
		if g.inside.CompareAndSwap(inside, inside+1) {
			return true
		}
	}
}

func (g *gate) leave() {
	g.inside.Add(-1)
	if g.waiting.Load() == 0 { // fast path
		return
	}
	select {
	case g.left <- struct{}{}:
	default: // everybody who waits is told already
	}
}
