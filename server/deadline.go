package server

import (
	"context"
	"sync"
	"time"
)

// deadline is a context that ends at a time, and costs no timer until somebody waits for its end: most calls of a
// store look at the time or are answered before it matters.
type deadline struct {
	at time.Time

	mu       sync.Mutex
	done     chan struct{} // made by the first call of Done
	timer    *time.Timer
	released bool
}

var _ context.Context = (*deadline)(nil)

func newDeadline(at time.Time) *deadline { return &deadline{at: at} }

// Deadline gives the time.
func (d *deadline) Deadline() (time.Time, bool) { return d.at, true }

// Err tells whether the time has come, or the request is answered.
func (d *deadline) Err() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case !time.Now().Before(d.at):
		return context.DeadlineExceeded
	case d.released:
		return context.Canceled
	}
	return nil
}

// Done gives a channel that is closed when the time comes.
func (d *deadline) Done() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.done == nil {
		d.done = make(chan struct{})
		if d.released {
			close(d.done)
			return d.done
		}
		d.timer = time.AfterFunc(time.Until(d.at), func() { close(d.done) })
	}
	return d.done
}

// Value gives nothing.
func (d *deadline) Value(any) any { return nil }

// release ends the context: the request is answered.
func (d *deadline) release() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.released = true
	if d.timer != nil && d.timer.Stop() {
		close(d.done)
	}
}
