// Command gotest runs go test in several modules and counts tests.
//
//	go run ./.ci/gotest . bench/peers -- -race -shuffle=on ./...
//
// It prints a line for each package, the output of what failed, and last the number of tests that passed, failed and
// were skipped; subtests count. Its exit status is 1 when anything failed.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
)

func main() {
	split := slices.Index(os.Args, "--")
	if split < 2 {
		fmt.Fprintln(os.Stderr, "usage: gotest MODULE… -- GO-TEST-ARGUMENT…")
		os.Exit(2)
	}
	r := report{out: os.Stdout, output: map[string][]string{}}
	for _, module := range os.Args[1:split] {
		if err := r.run(module, os.Args[split+1:]); err != nil {
			fmt.Fprintf(os.Stderr, "gotest: %s: %v\n", module, err)
			r.broken = true
		}
	}
	fmt.Printf("\ntests: %d passed, %d failed, %d skipped, in %d packages\n", r.passed, r.failed, r.skipped, r.packages)
	if r.broken || r.failed > 0 {
		os.Exit(1)
	}
}

// event is one line of go test -json.
type event struct {
	Action     string
	Package    string
	ImportPath string // of build output, instead of Package
	Test       string
	Output     string
	Elapsed    float64 // seconds
}

// key names the test or the package that an event belongs to.
func (e event) key() string { return e.Package + e.ImportPath + "\n" + e.Test }

// report counts events and keeps the output of what has not ended yet.
type report struct {
	out                     io.Writer
	output                  map[string][]string // by event.key
	passed, failed, skipped int
	packages                int
	broken                  bool // something failed that is no test: a build, a package's main
}

// run runs go test in the folder of one module.
func (r *report) run(module string, args []string) error {
	command := exec.Command("go", append([]string{"test", "-json"}, args...)...)
	command.Dir = module
	command.Stderr = os.Stderr
	stdout, err := command.StdoutPipe()
	if err != nil {
		return err
	}
	if err := command.Start(); err != nil {
		return err
	}
	lines := bufio.NewReader(stdout)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			r.line(line)
		}
		if err != nil {
			break
		}
	}
	return command.Wait()
}

func (r *report) line(line []byte) {
	var e event
	if json.Unmarshal(line, &e) != nil {
		fmt.Fprintf(r.out, "%s", line) // not an event: go itself speaks
		return
	}
	switch e.Action {
	case "output", "build-output":
		r.output[e.key()] = append(r.output[e.key()], e.Output)
	case "build-fail":
		r.broken = true
		r.print(e)
	case "pass", "fail", "skip":
		r.end(e)
	}
}

// end counts a test or a package that has ended.
func (r *report) end(e event) {
	if e.Test == "" {
		r.endPackage(e)
		return
	}
	switch e.Action {
	case "pass":
		r.passed++
	case "fail":
		r.failed++
		r.print(e)
	case "skip":
		r.skipped++
		r.print(e)
	}
	delete(r.output, e.key())
}

func (r *report) endPackage(e event) {
	switch e.Action {
	case "skip": // no test files
	case "fail":
		r.broken = true
		r.packages++
		r.print(e)
	default:
		r.packages++
		fmt.Fprintf(r.out, "ok    %7.2fs  %s\n", e.Elapsed, e.Package)
	}
	delete(r.output, e.key())
}

// print shows what a test or a package wrote.
func (r *report) print(e event) {
	fmt.Fprint(r.out, strings.Join(r.output[e.key()], ""))
}
