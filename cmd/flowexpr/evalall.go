package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/engine"
	"github.com/flowexpr/flowexpr/engine/diag"
	"github.com/flowexpr/flowexpr/engine/syntax/legacy"
	"github.com/flowexpr/flowexpr/vars"
)

// maxLineBytes bounds one contact of a file.
const maxLineBytes = 1 << 20

// evaluateAll evaluates for each line of a file, in order, in constant memory. A line that is no contact becomes a line
// with an error, and the command fails at the end.
func (c *evalCommand) evaluateAll(ctx context.Context, io streams, flags *storeFlags, template string) error {
	if flags.URL != "" {
		return usageError{errors.New("--contacts evaluates in this process: it does not go with --url")}
	}
	each, err := c.newEach(io, template)
	if err != nil {
		return err
	}
	file, err := openInput(c.Contacts, io)
	if err != nil {
		return err
	}
	defer file.Close()
	out := bufio.NewWriterSize(io.out, 64<<10)
	failed, err := each.run(ctx, file, out)
	if err := errors.Join(err, out.Flush()); err != nil {
		return err
	}
	if failed > 0 {
		fmt.Fprintf(io.err, "flowexpr: %d lines could not be read as contacts\n", failed)
		return errTold
	}
	return nil
}

// eachContact evaluates one template for one contact after another.
type eachContact struct {
	template *engine.Template
	scope    vars.Scope
	warnings engine.Warnings
	limit    int
	text     []byte
	line     bytes.Buffer
}

func (c *evalCommand) newEach(io streams, template string) (*eachContact, error) {
	each := &eachContact{}
	settings, err := settingValues(c.Set)
	if err != nil {
		return nil, err
	}
	if each.scope.Now, err = takeNow(settings); err != nil {
		return nil, err
	}
	if seed, ok := settings["random_seed"].(int64); ok {
		each.scope.RandomSeed = seed
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
	if each.scope.Workspace, err = vars.NewWorkspace(parsed); err != nil {
		return nil, err
	}
	return each, each.compile(c, io, template)
}

func (e *eachContact) compile(c *evalCommand, io streams, template string) error {
	eng, err := engine.New(engine.Options{})
	if err != nil {
		return err
	}
	e.limit = eng.Limits().Warnings
	roots := vars.Roots{}
	if c.Context != "" {
		data, err := readInput(c.Context, io)
		if err != nil {
			return err
		}
		given, err := engine.ParseContext(data)
		if err != nil {
			return err
		}
		e.scope.Context, roots = given, vars.NewRoots(given.Names())
	}
	if c.Dialect == dialectLegacy {
		template = legacy.Migrate(template, legacy.Options{}).Template
	}
	e.template, err = eng.Template(template, roots)
	return err
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

func (e *eachContact) run(ctx context.Context, in io.Reader, out *bufio.Writer) (failed int, err error) {
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 0, 64<<10), maxLineBytes)
	for number := 1; lines.Scan(); number++ {
		if err := ctx.Err(); err != nil {
			return failed, err
		}
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 {
			continue
		}
		if err := e.evaluate(line); err != nil {
			failed++
			e.fail(number, err)
		}
		if _, err := e.line.WriteTo(out); err != nil {
			return failed, err
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return failed, fmt.Errorf("a line is longer than %d bytes", maxLineBytes)
	}
	return failed, lines.Err()
}

// evaluatedLine is a line of the output.
type evaluatedLine struct {
	Contact  string       `json:"contact,omitempty"`
	Line     int          `json:"line,omitempty"`
	Text     *string      `json:"text,omitempty"`
	Warnings []diag.Entry `json:"warnings,omitempty"`
	Error    *lineError   `json:"error,omitempty"`
}

type lineError struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

func (e *eachContact) evaluate(line []byte) error {
	contact, err := contactstore.ParseContact(line)
	if err != nil {
		return err
	}
	if e.scope.Contact, err = contactstore.Encode(contact); err != nil {
		return err
	}
	e.warnings.Reset(e.limit)
	e.text = e.template.Append(e.text[:0], &e.scope, &e.warnings)
	text := string(e.text)
	return e.write(evaluatedLine{
		Contact: contact.UUID.String(), Text: &text, Warnings: diag.JSON(e.template.Source(), e.warnings.List),
	})
}

func (e *eachContact) fail(number int, err error) {
	code := "invalid_contact"
	var known *contactstore.Error
	if errors.As(err, &known) && known.Code != "" {
		code = known.Code
	}
	_ = e.write(evaluatedLine{Line: number, Error: &lineError{Code: code, Message: err.Error()}}) // texts always encode
}

func (e *eachContact) write(line evaluatedLine) error {
	e.line.Reset()
	encoder := json.NewEncoder(&e.line)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(line)
}
