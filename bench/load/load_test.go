package load_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/flowexpr/flowexpr/bench/load"
)

func TestClosed(t *testing.T) {
	var made atomic.Int64
	callers := [3]atomic.Int64{}
	result := load.Closed(t.Context(), 3, 20*time.Millisecond, func(caller int) error {
		callers[caller].Add(1)
		made.Add(1)
		return nil
	})
	assert.Equal(t, made.Load(), result.Calls)
	assert.Zero(t, result.Errors)
	for i := range callers {
		assert.Positive(t, callers[i].Load())
	}
	assert.GreaterOrEqual(t, result.Max(), result.Percentile(50))
}

func TestErrorsAreCountedApart(t *testing.T) {
	broken := errors.New("broken")
	calls := 0
	result := load.Closed(t.Context(), 1, 5*time.Millisecond, func(int) error {
		if calls++; calls%2 == 0 {
			return broken
		}
		return nil
	})
	assert.Equal(t, int64(calls), result.Calls+result.Errors)
	assert.Positive(t, result.Errors)
	assert.Equal(t, broken, result.First)
}

// The open loop makes the calls that are due, and no more.
func TestOpenKeepsItsRate(t *testing.T) {
	result := load.Open(t.Context(), 4, 1000, 100*time.Millisecond, func(int) error { return nil })
	assert.LessOrEqual(t, result.Calls, int64(100))
	assert.Positive(t, result.Calls)
}

// A call that holds others up makes their latencies long: they were due while it ran.
func TestOpenCountsFromWhenACallWasDue(t *testing.T) {
	calls := 0
	result := load.Open(t.Context(), 1, 1000, 60*time.Millisecond, func(int) error {
		if calls++; calls == 1 {
			time.Sleep(50 * time.Millisecond)
		}
		return nil
	})
	assert.Greater(t, result.Calls, int64(10))
	assert.GreaterOrEqual(t, result.Percentile(50), 10*time.Millisecond)
}

func TestStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	assert.Zero(t, load.Closed(ctx, 2, time.Hour, func(int) error { return nil }).Calls)
	assert.Zero(t, load.Open(ctx, 2, 10, time.Hour, func(int) error { return nil }).Calls)
}
