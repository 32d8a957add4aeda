package tiered

import (
	"context"
	"errors"
	"sync"
)

// flights lets one load of a contact run at a time, over all goroutines. Nobody is given what was asked for before they
// came: whoever finds a load under way waits for the next one, together with all others that wait. So a read that
// begins after a write was acknowledged never gets what was there before it.
type flights struct {
	counters *counters
	shards   [shards]struct {
		mu    sync.Mutex
		lines map[key]*line
	}
}

// line is a contact that is being loaded: one load runs, at most one waits for it to end. It is guarded by its shard.
type line struct{ next *flight }

// flight is one load.
type flight struct {
	turn    chan struct{} // holds a token once the load may begin; whoever takes it runs the load
	waiting int           // callers, guarded by the shard
	done    chan struct{} // closed at the end; then the rest is set
	entry   entry
	err     error
}

var errAborted = errors.New("the load was broken off")

// do gives what load gives, run by this caller or by another one that waited as well.
func (g *flights) do(ctx context.Context, k key, load func() (entry, error)) (entry, error) {
	for {
		f := g.join(k)
		select {
		case <-f.turn:
			g.run(k, f, load)
			return f.entry, f.err
		default:
			g.counters.waits.Add(1)
		}
		select {
		case <-f.turn:
			g.run(k, f, load)
			return f.entry, f.err
		case <-f.done:
			if !isContext(f.err) || ctx.Err() != nil {
				return f.entry, f.err
			} // whoever ran it left; this caller did not
		case <-ctx.Done():
			g.leave(k, f)
			return entry{}, ctx.Err()
		}
	}
}

// join gives the load to wait for, which has not begun.
func (g *flights) join(k key) *flight {
	shard := &g.shards[k.Shard()%shards]
	shard.mu.Lock()
	defer shard.mu.Unlock()
	l := shard.lines[k]
	if l == nil {
		if shard.lines == nil {
			shard.lines = map[key]*line{}
		}
		l = &line{next: newFlight()}
		l.next.turn <- struct{}{}
		shard.lines[k] = l
	}
	if l.next == nil {
		l.next = newFlight()
	}
	l.next.waiting++
	return l.next
}

func newFlight() *flight {
	return &flight{turn: make(chan struct{}, 1), done: make(chan struct{})}
}

// leave takes back a join.
func (g *flights) leave(k key, f *flight) {
	shard := &g.shards[k.Shard()%shards]
	shard.mu.Lock()
	defer shard.mu.Unlock()
	f.waiting--
	if f.waiting == 0 && len(f.turn) == 1 { // nobody would run it
		delete(shard.lines, k)
	}
}

// run carries out a load, and lets the next one begin.
func (g *flights) run(k key, f *flight, load func() (entry, error)) {
	shard := &g.shards[k.Shard()%shards]
	shard.mu.Lock()
	l := shard.lines[k]
	l.next = nil // from here on nobody joins
	shard.mu.Unlock()
	defer func() {
		shard.mu.Lock()
		if l.next != nil && l.next.waiting > 0 {
			l.next.turn <- struct{}{}
		} else {
			delete(shard.lines, k)
		}
		shard.mu.Unlock()
		close(f.done)
	}()
	f.err = errAborted // where load panics
	f.entry, f.err = load()
}

// isContext reports whether a caller's leaving ended a load.
func isContext(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
