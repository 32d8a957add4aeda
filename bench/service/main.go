// Command service measures the service over HTTP beside a mock that does the least (bench/mock), each in a process of
// its own under the same load, in turns, and prints throughput, CPU time for each request and their ratios as markdown.
//
//	go run ./bench/service
//	go run ./bench/service -write bench/README.md
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

	"github.com/flowexpr/flowexpr/bench/marked"
)

// options are what the command line chooses.
type options struct {
	rounds   int
	each     time.Duration
	callers  int
	contacts int
	write    string
}

func main() {
	var o options
	flag.IntVar(&o.rounds, "rounds", 11, "times that everything is measured")
	flag.DurationVar(&o.each, "time", time.Second, "time for each measurement")
	flag.IntVar(&o.callers, "callers", 64, "connections, each with one request under way")
	flag.IntVar(&o.contacts, "contacts", 10_000, "contacts that the requests are about")
	flag.StringVar(&o.write, "write", "", "file to put the table into, between its marks")
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
	subjects, stop, err := start(ctx, folder, o)
	defer stop()
	if err != nil {
		return err
	}
	for round := range o.rounds {
		fmt.Fprintf(os.Stderr, "round %d of %d\n", round+1, o.rounds)
		for _, s := range subjects {
			if err := s.closed(ctx, o); err != nil {
				return err
			}
		}
	}
	for _, s := range subjects {
		if err := s.open(ctx, o); err != nil {
			return err
		}
	}
	text := fmt.Sprintf("%s, %s/%s, %d cores; %d connections; medians of %d rounds; p99 by an open loop at half of the median rate.\n\n%s",
		runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), o.callers, o.rounds, table(subjects))
	if o.write != "" {
		if err := marked.Replace(o.write, "service", text); err != nil {
			return err
		}
	}
	_, err = io.WriteString(out, text)
	return err
}
