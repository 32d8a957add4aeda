package server

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/vars"
)

// settingsAge is how old settings may be before they are read again: somebody else may change them in the store.
const settingsAge = time.Second

// workspace holds one workspace's settings, ready for evaluation. Many requests share it; one at a time reads them.
type workspace struct {
	name    string
	store   contactstore.Store
	clock   func() time.Time
	current atomic.Pointer[compiled]
	reading chan struct{} // holds a token while somebody reads
}

// compiled are settings of one version. Immutable.
type compiled struct {
	vars    *vars.Workspace
	version uint64
	readAt  time.Time
}

func newWorkspace(name string, store contactstore.Store, clock func() time.Time) *workspace {
	return &workspace{name: name, store: store, clock: clock, reading: make(chan struct{}, 1)}
}

// settings gives the settings as they were at most settingsAge before now; while one request reads them anew, the others
// go on with those they have.
func (w *workspace) settings(ctx context.Context, now time.Time) (*compiled, error) {
	c := w.current.Load()
	if c != nil && now.Sub(c.readAt).Abs() < settingsAge { // requests that began before the reading may come after it
		return c, nil
	}
	select {
	case w.reading <- struct{}{}:
	default:
		if c != nil {
			return c, nil
		}
		select {
		case w.reading <- struct{}{}:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	defer func() { <-w.reading }()
	if again := w.current.Load(); again != c { // somebody read them while this one waited
		return again, nil
	}
	return w.read(ctx, c, now)
}

// read reads the settings from the store, and compiles them where they changed.
func (w *workspace) read(ctx context.Context, before *compiled, now time.Time) (*compiled, error) {
	data, version, err := w.store.Settings(ctx, w.name)
	if err != nil {
		return nil, err
	}
	next := &compiled{version: version, readAt: now}
	if before != nil && before.version == version {
		next.vars = before.vars
	} else if next.vars, err = compileSettings(data); err != nil {
		return nil, err
	}
	if !w.current.CompareAndSwap(before, next) { // a change of this server's own is newer
		return w.current.Load(), nil
	}
	return next, nil
}

func compileSettings(data []byte) (*vars.Workspace, error) {
	settings, err := storedSettings(data)
	if err != nil {
		return nil, err
	}
	w, err := vars.NewWorkspace(settings)
	if err != nil {
		return nil, internal("stored settings", err)
	}
	return w, nil
}

// storedSettings parses settings as the store has them; none are the defaults.
func storedSettings(data []byte) (contactstore.Settings, error) {
	if data == nil {
		return contactstore.DefaultSettings(), nil
	}
	settings, err := contactstore.ParseSettings(data)
	if err != nil {
		return contactstore.Settings{}, internal("stored settings", err)
	}
	return settings, nil
}

// set makes settings that were just stored the current ones, unless newer ones are there already.
func (w *workspace) set(v *vars.Workspace, version uint64) {
	next := &compiled{vars: v, version: version, readAt: w.clock()}
	for {
		before := w.current.Load()
		if before != nil && before.version >= version {
			return
		}
		if w.current.CompareAndSwap(before, next) {
			return
		}
	}
}
