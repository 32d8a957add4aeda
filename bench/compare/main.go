// Command compare runs the benchmarks of bench and of bench/peers in turns and prints their medians, and how flowexpr
// compares, as markdown.
//
//	go run ./bench/compare                          prints the tables
//	go run ./bench/compare -write bench/README.md   and puts them between the marks in that file
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
)

func main() {
	rounds := flag.Int("rounds", 11, "times that everything is measured")
	each := flag.Duration("time", 100*time.Millisecond, "time for each measurement")
	write := flag.String("write", "", "file to put the tables into, between its marks")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := compare(ctx, os.Stdout, *rounds, *each, *write); err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

func compare(ctx context.Context, out io.Writer, rounds int, each time.Duration, write string) error {
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
	for i, source := range []string{"bench", "bench/peers"} {
		program := filepath.Join(folder, fmt.Sprint("bench", i))
		if err := build(ctx, filepath.Join(root, source), program); err != nil {
			return err
		}
		programs = append(programs, program)
	}
	results := measurements{}
	for round := range rounds {
		fmt.Fprintf(os.Stderr, "round %d of %d\n", round+1, rounds)
		for _, program := range programs {
			if err := results.measure(ctx, program, each); err != nil {
				return err
			}
		}
	}
	text := fmt.Sprintf("%s, %s/%s, %d cores; medians of %d rounds; ns for one evaluation.\n\n%s",
		runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), rounds, results.tables())
	if write != "" {
		if err := replaceMarked(write, text); err != nil {
			return err
		}
	}
	_, err = io.WriteString(out, text)
	return err
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

// The marks between which a file holds the tables.
const (
	beginMark = "<!-- tables: begin -->\n"
	endMark   = "<!-- tables: end -->\n"
)

func replaceMarked(file, text string) error {
	old, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	before, rest, begins := bytes.Cut(old, []byte(beginMark))
	_, after, ends := bytes.Cut(rest, []byte(endMark))
	if !begins || !ends {
		return fmt.Errorf("%s: got no marks %q and %q", file, beginMark, endMark)
	}
	changed := fmt.Appendf(nil, "%s%s\n%s\n%s%s", before, beginMark, text, endMark, after)
	return os.WriteFile(file, changed, 0o644)
}
