// Command service measures the service over HTTP beside a mock that does the least (bench/mock), each in a process of
// its own under the same load, in turns, and prints throughput, CPU time and their ratios as markdown. Then it measures
// latency at half of the rate that was reached, and the memory of batches over more and more contacts.
//
//	go run ./bench/service
//	go run ./bench/service -write bench/README.md -figures bench/results/figures.json -memory bench/results/memory.csv
//
// Client and servers share the machine, so that the CPU time that the operating system counts for a server says more
// than its throughput.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"time"

	"github.com/flowexpr/flowexpr/bench/figures"
	"github.com/flowexpr/flowexpr/bench/marked"
)

// options are what the command line chooses.
type options struct {
	rounds                 int
	each                   time.Duration
	contacts, many         int
	write, figures, memory string
}

func main() {
	var o options
	flag.IntVar(&o.rounds, "rounds", 11, "times that everything is measured")
	flag.DurationVar(&o.each, "time", time.Second, "time for each measurement")
	flag.IntVar(&o.contacts, "contacts", 10_000, "contacts that the requests are about")
	flag.IntVar(&o.many, "many", 1_000_000, "contacts of the large dry run, and of the largest batch")
	flag.StringVar(&o.write, "write", "", "file to put the tables into, between their marks")
	flag.StringVar(&o.figures, "figures", "", "file to add what targets are about to")
	flag.StringVar(&o.memory, "memory", "", "file to write the memory of batches into, as CSV")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := measure(ctx, os.Stdout, o); err != nil {
		fmt.Fprintln(os.Stderr, "service:", err)
		os.Exit(1)
	}
}

func measure(ctx context.Context, out io.Writer, o options) error {
	folder, err := os.MkdirTemp("", "flowexpr-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	machine := &machine{folder: folder}
	defer machine.stop()
	subjects, err := prepare(ctx, machine, o)
	if err != nil {
		return err
	}
	if err := run(ctx, subjects, o); err != nil {
		return err
	}
	sizes, err := memory(ctx, machine, o)
	if err != nil {
		return err
	}
	return report(out, subjects, sizes, o)
}

// run measures all subjects in turns, in closed loops, and then the latency of each.
func run(ctx context.Context, subjects []*subject, o options) error {
	for _, s := range subjects { // caches and pools fill
		if err := s.warm(); err != nil {
			return err
		}
	}
	for round := range o.rounds {
		fmt.Fprintf(os.Stderr, "round %d of %d\n", round+1, o.rounds)
		for _, s := range subjects {
			if err := s.closed(ctx, o.each); err != nil {
				return err
			}
		}
	}
	for _, s := range subjects {
		fmt.Fprintf(os.Stderr, "latency of %s\n", s.name)
		if err := s.open(ctx, 5*o.each); err != nil {
			return err
		}
	}
	return nil
}

// report writes what was measured to wherever the options say.
func report(out io.Writer, subjects []*subject, sizes []size, o options) error {
	text := fmt.Sprintf("%s, %s/%s, %d cores; medians of %d rounds, ratios of each round's; p99 of a call by an open loop at half of the median rate.\n\n%s",
		runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), o.rounds, table(subjects))
	text += "\n" + memoryTable(sizes)
	if o.write != "" {
		if err := marked.Replace(o.write, "service", text); err != nil {
			return err
		}
	}
	if o.figures != "" {
		if err := figures.Add(o.figures, targeted(subjects, sizes)); err != nil {
			return err
		}
	}
	if o.memory != "" {
		if err := os.WriteFile(o.memory, memoryCSV(sizes), 0o644); err != nil {
			return err
		}
	}
	_, err := io.WriteString(out, text)
	return err
}
