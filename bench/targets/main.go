// Command targets says which targets the figures of the other commands of bench meet.
//
//	go run ./bench/targets -figures bench/results/figures.json -write bench/README.md
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/flowexpr/flowexpr/bench/figures"
	"github.com/flowexpr/flowexpr/bench/marked"
)

// target is a limit of one figure.
type target struct {
	what, figure string
	atLeast      bool // else at most
	limit        float64
}

func targets() []target {
	return []target{
		{what: "T0: CPU time, times copying its bytes", figure: "T0/limit", limit: 2},
		{what: "T1 from a record: CPU time, times the hand-coded segments", figure: "T1/segments", limit: 2},
		{what: "T4 from a record: CPU time, times the hand-coded segments", figure: "T4/segments", limit: 2},
		{what: "T1: allocations", figure: "T1/allocations", limit: 0},
		{what: "T4: allocations", figure: "T4/allocations", limit: 0},
		{what: "TX: CPU time, times expr with a map environment", figure: "TX/expr", limit: 0.8},
		{what: "TX: allocations for each of its three expressions", figure: "TX/allocations per expression", limit: 1},
		{what: "one evaluation over HTTP, contact at hand: CPU time of the server, times the mock", figure: "http/cpu", limit: 1.2},
		{what: "the same: throughput, part of the mock's", figure: "http/rate", atLeast: true, limit: 0.85},
		{what: "with a read of Redis for each request: CPU time of the server, times the mock", figure: "http-redis/cpu", limit: 1.2},
		{what: "batches over Redis: contacts/s, part of the MGET mock's", figure: "batch-redis/rate", atLeast: true, limit: 0.85},
		{what: "batch over Redis: memory for 1,000,000 contacts, times that for 1,000", figure: "batch-memory", limit: 2},
		{what: "dry run of 1,000,000 contacts in the embedded store: contacts/s", figure: "dryrun/rate", atLeast: true, limit: 300_000},
	}
}

func main() {
	file := flag.String("figures", "", "file of figures")
	write := flag.String("write", "", "file to put the table into, between its marks")
	flag.Parse()
	if err := run(os.Stdout, *file, *write); err != nil {
		fmt.Fprintln(os.Stderr, "targets:", err)
		os.Exit(1)
	}
}

func run(out io.Writer, file, write string) error {
	measured, err := figures.Read(file)
	if err != nil {
		return err
	}
	text := table(targets(), measured)
	if write != "" {
		if err := marked.Replace(write, "targets", text); err != nil {
			return err
		}
	}
	_, err = io.WriteString(out, text)
	return err
}

func table(targets []target, measured figures.Figures) string {
	var b strings.Builder
	b.WriteString("| target | limit | measured | |\n|---|---|---|---|\n")
	for _, t := range targets {
		limit := "at most "
		if t.atLeast {
			limit = "at least "
		}
		value, verdict := "–", "not measured"
		if v, ok := measured[t.figure]; ok {
			value, verdict = short(v), "**missed**"
			if t.met(v) {
				verdict = "met"
			}
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", t.what, limit+short(t.limit), value, verdict)
	}
	return b.String()
}

func (t target) met(v float64) bool {
	if t.atLeast {
		return v >= t.limit
	}
	return v <= t.limit
}

// short prints small numbers with two decimals where they have some, and large ones whole.
func short(v float64) string {
	if v >= 1000 {
		return fmt.Sprintf("%.0f", v)
	}
	text := fmt.Sprintf("%.2f", v)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}
