package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	goio "io"
	"time"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/engine"
	"github.com/flowexpr/flowexpr/engine/syntax/legacy"
	"github.com/flowexpr/flowexpr/server/broadcast"
	"github.com/flowexpr/flowexpr/vars"
)

// evaluateStored evaluates for contacts of the store: the service does, and its lines are printed as they come.
func (c *evalCommand) evaluateStored(ctx context.Context, io streams, flags *storeFlags, template string) error {
	request, err := c.templateFlags.request(io, template)
	if err != nil {
		return err
	}
	if c.Group != "" {
		request["group"] = c.Group
	} else {
		request["all"] = true
	}
	if c.Strict {
		request["strict"] = true
	}
	s, err := openService(ctx, flags)
	if err != nil {
		return err
	}
	defer s.close()
	out := newLines(io, unknownSize)
	summary, err := s.stream(ctx, "/v1/evaluate/batch", request, func(line []byte) error { return out.write(line, 1) })
	if err := errors.Join(told(io, template, err), out.close()); err != nil {
		return err
	}
	var counts broadcast.Counts
	if err := json.Unmarshal(summary, &counts); err != nil {
		return fmt.Errorf("the service's summary: %w", err)
	}
	return c.report(io, counts)
}

// report tells how many texts there are, and fails where some contacts have none.
func (c *evalCommand) report(io streams, counts broadcast.Counts) error {
	fmt.Fprintf(io.err, "%s: %d without warnings, %d with warnings, %d without a text\n", plural(int(counts.Contacts), "contact"), counts.OK, counts.Warnings, counts.Errors)
	switch {
	case counts.Errors > 0:
		return errTold
	case counts.Contacts == 0 && c.Group != "":
		return noGroup(c.Group)
	}
	return nil
}

// noGroup is the failure of a command about a group that nobody is in: the name may be misspelt.
func noGroup(name string) error { return fmt.Errorf("no contact is in the group %s", name) }

// evaluateFile evaluates for each line of a file, in order, in constant memory. A line that is no contact becomes a line
// with an error, and the command fails at the end.
func (c *evalCommand) evaluateFile(ctx context.Context, io streams, flags *storeFlags, template string) error {
	if flags.URL != "" {
		return usageError{errors.New("--contacts evaluates in this process: it does not go with --url")}
	}
	job, err := c.job(io, template)
	if err != nil {
		return err
	}
	file, err := openInput(c.Contacts, io)
	if err != nil {
		return err
	}
	defer file.Close()
	input := &countingReader{Reader: file}
	out := newLines(io, sizeOf(file))
	out.bytes = input.count.Load
	run := broadcast.Start(ctx, broadcast.Lines(input), job, broadcast.Options{})
	defer run.Close()
	for {
		chunk, err := run.Next()
		if err == nil {
			err = out.write(chunk.Lines, chunk.Contacts)
		}
		switch {
		case errors.Is(err, goio.EOF):
			return errors.Join(out.close(), c.report(io, job.Counts()))
		case err != nil:
			return errors.Join(err, out.close())
		}
	}
}

// job readies the evaluation in this process.
func (c *evalCommand) job(io streams, template string) (*broadcast.Texts, error) {
	eng, err := engine.New(engine.Options{})
	if err != nil {
		return nil, err
	}
	scope, err := c.scope()
	if err != nil {
		return nil, err
	}
	roots := vars.Roots{}
	if c.Context != "" {
		data, err := readInput(c.Context, io)
		if err != nil {
			return nil, err
		}
		given, err := engine.ParseContext(data)
		if err != nil {
			return nil, err
		}
		scope.Context, roots = given, vars.NewRoots(given.Names())
	}
	if c.Dialect == dialectLegacy {
		template = legacy.Migrate(template, legacy.Options{}).Template
	}
	compiled, err := eng.Template(template, roots)
	if err != nil {
		return nil, err
	}
	return broadcast.NewTexts([]broadcast.Named{{Template: compiled}}, scope, broadcast.TextOptions{
		Warnings: eng.Limits().Warnings, Strict: c.Strict, Describe: describeLine,
	}), nil
}

// scope makes the settings of --set ready, over the defaults.
func (c *templateFlags) scope() (*vars.Scope, error) {
	settings, err := settingValues(c.Set)
	if err != nil {
		return nil, err
	}
	scope := &vars.Scope{}
	if scope.Now, err = takeNow(settings); err != nil {
		return nil, err
	}
	if seed, ok := settings["random_seed"].(int64); ok {
		scope.RandomSeed = seed
		delete(settings, "random_seed")
	}
	data, err := json.Marshal(settings)
	if err != nil {
		return nil, err
	}
	parsed, err := contactstore.ParseSettings(data)
	if err != nil {
		return nil, err
	}
	scope.Workspace, err = vars.NewWorkspace(parsed)
	return scope, err
}

// takeNow takes the time of the evaluation out of settings.
func takeNow(settings map[string]any) (time.Time, error) {
	text, ok := settings["now"].(string)
	delete(settings, "now")
	if !ok {
		return time.Time{}, nil
	}
	now, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return now, usageError{fmt.Errorf("--set now: got %q, want a time such as 2026-11-24T12:00:00Z", text)}
	}
	return now, nil
}

// describeLine says what is wrong with a line of a file.
func describeLine(err error) (code, message string) {
	code = "invalid_contact"
	var known *contactstore.Error
	if errors.As(err, &known) && known.Code != "" {
		code = known.Code
	}
	return code, err.Error()
}

// lines writes the lines of many contacts, and draws how far it is.
type lines struct {
	out      *bufio.Writer
	bar      *progress
	contacts int64
	bytes    func() int64 // read of the input; nil: there is none
}

// newLines writes to the standard output. The bar is drawn where it does not stand between the lines.
func newLines(io streams, size int64) *lines {
	l := &lines{out: bufio.NewWriterSize(io.out, 64<<10)}
	if terminal(io.out) == nil {
		l.bar = newProgress(io.err, size)
	}
	return l
}

func (l *lines) write(text []byte, contacts int) error {
	l.contacts += int64(contacts)
	done := int64(0)
	if l.bytes != nil {
		done = l.bytes()
	}
	l.bar.show("evaluate", done, l.contacts)
	_, err := l.out.Write(text)
	return err
}

func (l *lines) close() error {
	l.bar.end()
	return l.out.Flush()
}
