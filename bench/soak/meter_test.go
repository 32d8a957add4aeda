package soak

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// sample is a service at one moment.
type sample struct {
	memory     float64 // resident set, in MiB
	goroutines int
}

// meter is what was measured of one service.
type meter struct {
	idle, after int      // goroutines before and after the work
	faulted     []sample // while processes were taken away
	steady      []sample // after that, over one process
}

// look asks a service how it is; false where it does not say.
func (c *client) look() (s sample, ok bool) {
	a := c.call("", "GET", "/metrics", nil)
	memory, found := metric(a.body, "process_resident_memory_bytes")
	goroutines, also := metric(a.body, "go_goroutines")
	return sample{memory / (1 << 20), int(goroutines)}, a.status == 200 && found && also
}

// metric finds the value of a metric that has no labels.
func metric(text []byte, name string) (float64, bool) {
	for l := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(l, name+" "); ok {
			n, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			return n, err == nil
		}
	}
	return 0, false
}

// watch samples a service until it is done.
func (c *client) watch(every time.Duration, done func() bool) (samples []sample) {
	for !done() {
		if s, ok := c.look(); ok {
			samples = append(samples, s)
		}
		time.Sleep(every)
	}
	return samples
}

// memory is the median of a third of the steady time, counted from 0, in MiB.
func (m *meter) memory(third int) float64 {
	n := len(m.steady)
	part := slices.Clone(m.steady[n*third/3 : n*(third+1)/3])
	if len(part) == 0 {
		return math.NaN()
	}
	slices.SortFunc(part, func(a, b sample) int { return int(math.Copysign(1, a.memory-b.memory)) })
	return part[len(part)/2].memory
}

// What memory may grow by from the second third to the last: by this factor, and some MiB that the garbage collector
// may be late with.
const (
	growth = 1.3
	slack  = 16
)

// flat says how memory grew, "" where it did not.
func (m *meter) flat() string {
	before, after := m.memory(1), m.memory(2)
	if after <= before*growth+slack {
		return ""
	}
	return fmt.Sprintf("memory grew from %.0f to %.0f MiB, of %d samples", before, after, len(m.steady))
}

func (m *meter) all() []sample { return append(slices.Clone(m.faulted), m.steady...) }

func (m *meter) peakMemory() (most float64) {
	for _, s := range m.all() {
		most = max(most, s.memory)
	}
	return most
}

func (m *meter) peakGoroutines() (most int) {
	for _, s := range m.all() {
		most = max(most, s.goroutines)
	}
	return most
}
