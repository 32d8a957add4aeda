package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"
)

// key names one measurement: BenchmarkTemplates/T4/flowexpr, or BenchmarkGrowth/fields/100, where the size takes the
// place of the system.
type key struct{ template, system string }

// sample is what one round measured.
type sample struct {
	ns            float64 // for one evaluation
	bytes, allocs int
}

// measurements are the samples of all rounds.
type measurements map[key][]sample

// measure runs one program of benchmarks once.
func (m measurements) measure(ctx context.Context, program, benchmark string, each time.Duration) error {
	command := exec.CommandContext(ctx, program, "-test.run=^$", "-test.bench=^"+benchmark+"$", "-test.benchmem",
		"-test.benchtime="+each.String(), "-test.cpu=1")
	command.Stderr = os.Stderr
	output, err := command.Output()
	if err != nil {
		return fmt.Errorf("run the benchmarks: %w\n%s", err, output)
	}
	for lines := bufio.NewScanner(bytes.NewReader(output)); lines.Scan(); {
		if k, s, ok := parseLine(lines.Text()); ok {
			m[k] = append(m[k], s)
		}
	}
	return nil
}

// parseLine reads a line such as
//
//	BenchmarkTemplates/T4/flowexpr 	 100	 61.20 ns/op	 0 B/op	 0 allocs/op
func parseLine(line string) (key, sample, bool) {
	fields := strings.Fields(line)
	if len(fields) != 8 {
		return key{}, sample{}, false
	}
	path := strings.Split(fields[0], "/")
	ns, err := strconv.ParseFloat(fields[2], 64)
	if len(path) != 3 || err != nil {
		return key{}, sample{}, false
	}
	bytes, errBytes := strconv.Atoi(fields[4])
	allocs, errAllocs := strconv.Atoi(fields[6])
	return key{path[1], path[2]}, sample{ns, bytes, allocs}, errBytes == nil && errAllocs == nil
}

// fastest gives the best of the samples; ok is false when there are none.
func (m measurements) fastest(template, system string) (best sample, ok bool) {
	samples := m[key{template, system}]
	if len(samples) == 0 {
		return sample{}, false
	}
	return slices.MinFunc(samples, func(a, b sample) int { return cmp.Compare(a.ns, b.ns) }), true
}

// median gives the middle of the samples; ok is false when there are none.
func (m measurements) median(template, system string) (middle sample, ok bool) {
	samples := slices.Clone(m[key{template, system}])
	if len(samples) == 0 {
		return sample{}, false
	}
	slices.SortFunc(samples, func(a, b sample) int { return cmp.Compare(a.ns, b.ns) })
	return samples[len(samples)/2], true
}
