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
	ns            float64 // of CPU time for one evaluation; of the clock where there is no CPU time to be had; or a latency
	bytes, allocs int
}

// measurements are the samples of all rounds.
type measurements map[key][]sample

// measure runs one program of benchmarks so many times.
func (m measurements) measure(ctx context.Context, program, benchmark string, each time.Duration, times int) error {
	command := exec.CommandContext(ctx, program, "-test.run=^$", "-test.bench=^"+benchmark+"$", "-test.benchmem",
		"-test.benchtime="+each.String(), "-test.count="+strconv.Itoa(times), "-test.cpu=1")
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
//	BenchmarkTemplates/T4/flowexpr 	 100	 61.20 ns/op	 60.80 cpu-ns/op	 0 B/op	 0 allocs/op
func parseLine(line string) (key, sample, bool) {
	name, rest, _ := strings.Cut(line, "\t")
	path := strings.Split(strings.TrimSpace(name), "/")
	if len(path) != 3 || !strings.HasPrefix(name, "Benchmark") {
		return key{}, sample{}, false
	}
	metrics := map[string]float64{}
	for metric := range strings.SplitSeq(rest, "\t") {
		number, unit, _ := strings.Cut(strings.TrimSpace(metric), " ")
		if value, err := strconv.ParseFloat(number, 64); err == nil {
			metrics[unit] = value
		}
	}
	for _, unit := range []string{"p99-ns", "cpu-ns/op", "ns/op"} {
		if ns, measured := metrics[unit]; measured {
			return key{path[1], path[2]}, sample{ns, int(metrics["B/op"]), int(metrics["allocs/op"])}, true
		}
	}
	return key{}, sample{}, false
}

// fastest gives the best of the samples; ok is false when there are none.
func (m measurements) fastest(template, system string) (best sample, ok bool) {
	samples := m[key{template, system}]
	if len(samples) == 0 {
		return sample{}, false
	}
	return slices.MinFunc(samples, func(a, b sample) int { return cmp.Compare(a.ns, b.ns) }), true
}

// ratio gives the middle of how many times as long as another system flowexpr took in each round: what disturbs a round
// disturbs both.
func (m measurements) ratio(template, system string) (ratio float64, ok bool) {
	ours, theirs := m[key{template, flowexpr}], m[key{template, system}]
	var ratios []float64
	for i := range min(len(ours), len(theirs)) {
		ratios = append(ratios, ours[i].ns/theirs[i].ns)
	}
	if len(ratios) == 0 {
		return 0, false
	}
	slices.Sort(ratios)
	return ratios[len(ratios)/2], true
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
