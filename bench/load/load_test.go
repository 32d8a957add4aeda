package load_test

import (
	"context"
	"errors"
	"math"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/flowexpr/flowexpr/bench/load"
)

// long is a loop's time where the test itself ends it, after enough calls: a busy machine makes it take longer, not fail.
const long = time.Minute

func TestClosed(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var made, waiting atomic.Int64
	callers := [3]atomic.Int64{}
	waiting.Store(int64(len(callers)))
	result := load.Closed(ctx, len(callers), long, func(caller int) error {
		made.Add(1)
		if callers[caller].Add(1) == 10 && waiting.Add(-1) == 0 {
			cancel()
		}
		return nil
	})
	assert.Equal(t, made.Load(), result.Calls)
	assert.Zero(t, result.Errors)
	for i := range callers {
		assert.GreaterOrEqual(t, callers[i].Load(), int64(10))
	}
	assert.GreaterOrEqual(t, result.Max(), result.Percentile(50))
}

func TestErrorsAreCountedApart(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	broken := errors.New("broken")
	calls := 0
	result := load.Closed(ctx, 1, long, func(int) error {
		if calls++; calls == 9 {
			cancel()
		}
		if calls%2 == 0 {
			return broken
		}
		return nil
	})
	assert.Equal(t, int64(5), result.Calls)
	assert.Equal(t, int64(4), result.Errors)
	assert.Equal(t, broken, result.First)
}

func TestSpin(t *testing.T) {
	made := int64(0)
	result := load.Spin(1e5, 10*time.Millisecond, func() { made++ })
	assert.Equal(t, made, result.Calls)
	assert.LessOrEqual(t, made, int64(1000))
	assert.Positive(t, made)
	assert.GreaterOrEqual(t, result.Elapsed, 10*time.Millisecond)
	assert.GreaterOrEqual(t, result.Max(), result.Percentile(50))

	made = 0
	result = load.Spin(math.Inf(1), 10*time.Millisecond, func() { made++ })
	assert.Equal(t, made, result.Calls)
	assert.Positive(t, result.Rate())
}

// The open loop makes the calls that are due, and no more.
func TestOpenKeepsItsRate(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var calls atomic.Int64
	result := load.Open(ctx, 4, 1000, long, func(int) error {
		if calls.Add(1) == 50 {
			cancel()
		}
		return nil
	})
	assert.GreaterOrEqual(t, result.Calls, int64(50))
	assert.LessOrEqual(t, float64(result.Calls), result.Elapsed.Seconds()*1000+1, "the first is due at once")
}

// A call that holds others up makes their latencies long: they were due while it ran.
func TestOpenCountsFromWhenACallWasDue(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	calls := 0
	result := load.Open(ctx, 1, 1000, long, func(int) error {
		if calls++; calls == 1 {
			time.Sleep(50 * time.Millisecond)
		}
		if calls == 20 {
			cancel()
		}
		return nil
	})
	assert.Equal(t, int64(20), result.Calls)
	assert.GreaterOrEqual(t, result.Percentile(50), 10*time.Millisecond)
}

func TestStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	assert.Zero(t, load.Closed(ctx, 2, time.Hour, func(int) error { return nil }).Calls)
	assert.Zero(t, load.Open(ctx, 2, 10, time.Hour, func(int) error { return nil }).Calls)
}
