package server

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// deadline is a context that ends at a time, and costs no timer until somebody waits for its end: most calls of a
// store look at the time or are answered before it matters.
type deadline struct {
	at       time.Time
	looked   atomic.Bool // by Err
	kept     atomic.Bool // somebody may hold on to the context
	released atomic.Bool // the request is answered

	mu    sync.Mutex
	done  chan struct{} // made by the first call of Done
	timer *time.Timer
}

var _ context.Context = (*deadline)(nil)

func newDeadline(at time.Time) *deadline { return &deadline{at: at} }

// Deadline gives the time.
func (d *deadline) Deadline() (time.Time, bool) {
	d.kept.Store(true)
	return d.at, true
}

// Err tells whether the time has come, or the request is answered. The first look is free of charge: it comes right
// after the request.
func (d *deadline) Err() error {
	switch {
	case !d.looked.Load() && !d.released.Load(): // fast path
		d.looked.Store(true)
	case !time.Now().Before(d.at):
		return context.DeadlineExceeded
	case d.released.Load():
		return context.Canceled
	}
	return nil
}

// Done gives a channel that is closed when the time comes.
func (d *deadline) Done() <-chan struct{} {
	d.kept.Store(true)
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.done == nil {
		d.done = make(chan struct{})
		if d.released.Load() {
			close(d.done)
			return d.done
		}
		d.timer = time.AfterFunc(time.Until(d.at), func() { close(d.done) })
	}
	return d.done
}

// Value gives nothing.
func (d *deadline) Value(any) any {
	d.kept.Store(true)
	return nil
}

// again makes the context of an answered request that of the next one, and reports whether it can: not while somebody may
// hold on to it. What makes a context of another one asks for the end or for values first.
func (d *deadline) again(at time.Time) bool {
	if d.kept.Load() {
		return false
	}
	d.at = at
	d.looked.Store(false)
	d.released.Store(false)
	return true
}

// release ends the context: the request is answered.
func (d *deadline) release() {
	d.released.Store(true)
	if !d.kept.Load() { // fast path: nobody waits
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.timer != nil && d.timer.Stop() {
		close(d.done)
	}
}
