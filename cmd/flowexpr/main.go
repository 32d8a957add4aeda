// Command flowexpr evaluates flow templates: on the command line, and as a service.
//
// Each command is a struct with a Run method, in a file of its own; cli.go lists them. A command that works on
// contacts speaks to a service: a running one (--url), or one in this process over the chosen store (service.go), so
// that both behave the same.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // time zones work on machines without the database

	"github.com/flowexpr/flowexpr/contactstore"
)

// Exit statuses, as the contract gives them.
const (
	statusDone   = 0
	statusFailed = 1
	statusUsage  = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	os.Exit(run(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr}))
}

// streams are a command's input and outputs: results go to out, everything else to err.
type streams struct {
	in  io.Reader
	out io.Writer
	err io.Writer
}

// usageError is a mistake in how a command was called.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// quietError ends a command with a failure that has been told already.
var errTold = errors.New("told already")

// run runs one command and gives its exit status.
func run(ctx context.Context, args []string, io streams) int {
	err := execute(ctx, args, io)
	var usage usageError
	switch {
	case err == nil:
		return statusDone
	case errors.Is(err, errTold):
		return statusFailed
	case errors.As(err, &usage):
		tell(io.err, err)
		return statusUsage
	default:
		tell(io.err, err)
		return statusFailed
	}
}

// tell writes an error and, where there is one, what to do about it.
func tell(w io.Writer, err error) {
	hint := ""
	var known *contactstore.Error
	if errors.As(err, &known) && known.Hint != "" {
		hint = " (" + known.Hint + ")"
	}
	fmt.Fprintf(w, "flowexpr: %v%s\n", err, hint)
}
