// Command compare runs the benchmarks of bench and of bench/peers in turns and prints their medians, and how flowexpr
// compares, as markdown.
//
//	go run ./bench/compare                          prints the tables
//	go run ./bench/compare -write bench/README.md   and puts them between the marks in that file
//	go run ./bench/compare -record FILE             and writes allocations and ratios into a file
//	go run ./bench/compare -check FILE              and fails where they got worse than in that file
//	go run ./bench/compare -growth FILE             measures cost against size instead, as CSV
//
// One run of everything is a round. Rounds follow each other, so that a slow moment of the machine touches all systems
// alike, and medians over the rounds leave it out.
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"time"

	"github.com/flowexpr/flowexpr/bench/figures"
	"github.com/flowexpr/flowexpr/bench/marked"
)

func main() {
	var o options
	flag.IntVar(&o.rounds, "rounds", 11, "times that everything is measured")
	flag.DurationVar(&o.each, "time", 100*time.Millisecond, "time for each measurement")
	flag.StringVar(&o.write, "write", "", "file to put the tables into, between its marks")
	flag.StringVar(&o.record, "record", "", "file to write allocations and ratios into")
	flag.StringVar(&o.figures, "figures", "", "file to add what targets are about to")
	flag.StringVar(&o.check, "check", "", "file of recorded allocations and ratios to compare with")
	flag.StringVar(&o.growth, "growth", "", "file to write cost against size into")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := compare(ctx, os.Stdout, o); err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

// options are what the command line chooses.
type options struct {
	rounds                                int
	each                                  time.Duration
	write, record, figures, check, growth string
}

func compare(ctx context.Context, out io.Writer, o options) error {
	root, err := moduleRoot(ctx)
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "flowexpr-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	var programs []string
	sources, benchmark := []string{"bench", "bench/peers"}, "BenchmarkTemplates"
	if o.growth != "" {
		sources, benchmark = []string{"bench"}, "BenchmarkGrowth"
	}
	for i, source := range sources {
		program := filepath.Join(folder, fmt.Sprint("bench", i))
		if err := build(ctx, filepath.Join(root, source), program); err != nil {
			return err
		}
		programs = append(programs, program)
	}
	results, latencies := measurements{}, measurements{}
	rounds := func() error {
		for round := range o.rounds {
			fmt.Fprintf(os.Stderr, "round %d of %d\n", round+1, o.rounds)
			for _, program := range programs {
				if err := results.measure(ctx, program, benchmark, o.each, 1); err != nil {
					return err
				}
			}
		}
		return nil
	}
	if o.growth != "" { // all rounds in one process: it fills large stores
		if err := results.measure(ctx, programs[0], benchmark, o.each, o.rounds); err != nil {
			return err
		}
		return os.WriteFile(o.growth, results.growth(), 0o644)
	}
	if err := rounds(); err != nil {
		return err
	}
	for again := 0; o.check != "" && again < moreChecks && results.recordable().check(o.check) != nil; again++ {
		fmt.Fprintln(os.Stderr, "worse than recorded: once more, to tell a loss from noise")
		if err := rounds(); err != nil {
			return err
		}
	}
	if o.write != "" {
		fmt.Fprintln(os.Stderr, "latency")
		if err := latencies.measure(ctx, programs[0], "BenchmarkLatency", time.Nanosecond, o.rounds); err != nil {
			return err
		}
	}
	return results.report(out, o, latencies.latencyTable())
}

// moreChecks is how often a check that fails is measured again.
const moreChecks = 4

// report prints the tables, and does with them what the options ask for.
func (m measurements) report(out io.Writer, o options, latencies string) error {
	text := fmt.Sprintf("%s, %s/%s, %d cores; medians of %d rounds; ns of CPU time for one evaluation; ratios are medians of each round's.\n\n%s",
		runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), o.rounds, m.tables()) + latencies
	if _, err := io.WriteString(out, text); err != nil {
		return err
	}
	if o.write != "" {
		if err := marked.Replace(o.write, "tables", text); err != nil {
			return err
		}
	}
	if o.figures != "" {
		if err := figures.Add(o.figures, m.targeted()); err != nil {
			return err
		}
	}
	if o.record != "" {
		if err := m.recordable().write(o.record); err != nil {
			return err
		}
	}
	if o.check != "" {
		return m.recordable().check(o.check)
	}
	return nil
}

// moduleRoot is the folder of the module that the command is run in.
func moduleRoot(ctx context.Context) (string, error) {
	path, err := exec.CommandContext(ctx, "go", "env", "GOMOD").Output()
	if err != nil {
		return "", fmt.Errorf("go env GOMOD: %w", err)
	}
	return filepath.Dir(string(bytes.TrimSpace(path))), nil
}

// build compiles the tests of one package.
func build(ctx context.Context, folder, program string) error {
	command := exec.CommandContext(ctx, "go", "test", "-c", "-o", program, ".")
	command.Dir, command.Stderr = folder, os.Stderr
	if err := command.Run(); err != nil {
		return fmt.Errorf("build the benchmarks in %s: %w", folder, err)
	}
	return nil
}
