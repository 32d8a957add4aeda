// Package load calls a function over and over and tells how long the calls took: in a closed loop, where each caller
// waits for its answer before it asks again, or in an open one, where calls are due at a fixed rate whatever the
// answers do.
//
//	result := load.Closed(ctx, 64, time.Second, call)
//	result := load.Open(ctx, 64, 20_000, time.Second, call)
//	fmt.Println(result.Rate(), result.Percentile(99))
//
//	result := load.Spin(9_000_000, time.Second, call)
//
// Only the open loop tells the truth about latency: it counts from when a call was due, so that a call that had to
// wait behind a slow one says so.
package load

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// Call is one call. Each caller has its own number, from 0, for buffers and connections of its own.
type Call func(caller int) error

// Result is what a loop measured.
type Result struct {
	// Calls are those that were answered, Errors those that failed; First is the first of the failures.
	Calls, Errors int64
	First         error
	Elapsed       time.Duration

	latencies *hdrhistogram.Histogram // of answered calls, in ns
}

// Rate gives the answered calls of a second.
func (r Result) Rate() float64 { return float64(r.Calls) / r.Elapsed.Seconds() }

// Percentile gives the latency that so many of a hundred calls kept within.
func (r Result) Percentile(p float64) time.Duration {
	return time.Duration(r.latencies.ValueAtPercentile(p))
}

// Max gives the longest latency.
func (r Result) Max() time.Duration { return time.Duration(r.latencies.Max()) }

// String is the result in one line.
func (r Result) String() string {
	return fmt.Sprintf("%.0f/s, p50 %s, p99 %s, max %s, %d errors", r.Rate(), r.Percentile(50), r.Percentile(99), r.Max(), r.Errors)
}

// Closed lets callers call one after another until the time is over.
func Closed(ctx context.Context, callers int, length time.Duration, call Call) Result {
	return run(ctx, callers, length, func(ctx context.Context, caller int, m *meter) {
		for started := time.Now(); ctx.Err() == nil; {
			err := call(caller)
			ended := time.Now()
			m.record(ended.Sub(started), err)
			started = ended
		}
	})
}

// Open makes rate calls in a second, shared among callers. A caller that is late makes its calls at once, each
// counted from when it was due; with too few callers for the rate the latencies grow, as they would.
func Open(ctx context.Context, callers int, rate float64, length time.Duration, call Call) Result {
	start := time.Now()
	return run(ctx, callers, length, func(ctx context.Context, caller int, m *meter) {
		timer := time.NewTimer(0)
		defer timer.Stop()
		for n := caller; ; n += callers {
			due := start.Add(time.Duration(float64(n) / rate * float64(time.Second)))
			if wait := time.Until(due); wait > 0 {
				timer.Reset(wait)
				select {
				case <-timer.C:
				case <-ctx.Done():
				}
			}
			if ctx.Err() != nil {
				return
			}
			err := call(caller)
			m.record(time.Since(due), err)
		}
	})
}

// Spin is an open loop for calls that take less than a timer does: one caller watches the clock until a call is due. What
// it measures has a look at the clock in it. With an infinite rate calls follow each other, which tells the rate that they
// can reach.
func Spin(rate float64, length time.Duration, call func()) Result {
	latencies := newHistogram()
	start := time.Now()
	for n := 0; ; n++ {
		due := time.Duration(float64(n) / rate * float64(time.Second))
		now := time.Since(start)
		for now < due {
			now = time.Since(start)
		}
		if now >= length {
			return Result{Elapsed: now, Calls: latencies.TotalCount(), latencies: latencies}
		}
		call()
		_ = latencies.RecordValue(min(int64(time.Since(start)-due), longest)) // within its bounds
	}
}

// meter holds one caller's measurements.
type meter struct {
	latencies *hdrhistogram.Histogram
	errors    int64
	first     error
}

// longest is the longest latency that is told apart; three digits of each are kept.
const longest = int64(time.Minute)

func newHistogram() *hdrhistogram.Histogram { return hdrhistogram.New(1, longest, 3) }

func (m *meter) record(took time.Duration, err error) {
	if err != nil {
		m.errors++
		if m.first == nil {
			m.first = err
		}
		return
	}
	_ = m.latencies.RecordValue(min(int64(took), longest)) // within its bounds
}

// run starts the callers, stops them in time, and adds up what they measured.
func run(ctx context.Context, callers int, length time.Duration, loop func(ctx context.Context, caller int, m *meter)) Result {
	ctx, cancel := context.WithTimeout(ctx, length)
	defer cancel()
	meters := make([]meter, callers)
	start := time.Now()
	var all sync.WaitGroup
	for caller := range callers {
		meters[caller].latencies = newHistogram()
		all.Go(func() { loop(ctx, caller, &meters[caller]) })
	}
	all.Wait()
	result := Result{Elapsed: time.Since(start), latencies: newHistogram()}
	for _, m := range meters {
		result.latencies.Merge(m.latencies)
		result.Errors += m.errors
		if result.First == nil {
			result.First = m.first
		}
	}
	result.Calls = result.latencies.TotalCount()
	return result
}
