package broadcast

import (
	"context"
	"errors"
	"time"

	"github.com/flowexpr/flowexpr/contactstore"
)

// Reading says how patient reads of a store are. The zero value works.
type Reading struct {
	// Timeout bounds one read. Default 10 s.
	Timeout time.Duration
	// Pauses are waited, one after another, before a store that is away is asked again. Default 100 ms, 500 ms, 2 s, as
	// long as a failover takes; an empty slice asks once.
	Pauses []time.Duration
}

var defaultPauses = []time.Duration{100 * time.Millisecond, 500 * time.Millisecond, 2 * time.Second}

func (r Reading) withDefaults() Reading {
	if r.Timeout <= 0 {
		r.Timeout = 10 * time.Second
	}
	if r.Pauses == nil {
		r.Pauses = defaultPauses
	}
	return r
}

// read runs one read of a store, again after each pause while the store is away.
func read[T any](ctx context.Context, r Reading, ask func(context.Context) (T, error)) (T, error) {
	for attempt := 0; ; attempt++ {
		answer, err := within(ctx, r.Timeout, ask)
		if !isAway(err) || ctx.Err() != nil || attempt == len(r.Pauses) {
			return answer, err
		}
		if err := wait(ctx, r.Pauses[attempt]); err != nil {
			return answer, err
		}
	}
}

func within[T any](ctx context.Context, timeout time.Duration, ask func(context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	return ask(ctx)
}

// isAway tells a store that cannot be asked from one that has an answer, if a bad one.
func isAway(err error) bool {
	return errors.Is(err, contactstore.ErrUnavailable) || errors.Is(err, context.DeadlineExceeded)
}

func wait(ctx context.Context, pause time.Duration) error {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
