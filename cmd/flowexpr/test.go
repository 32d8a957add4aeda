package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/flowexpr/flowexpr/engine"
	"github.com/flowexpr/flowexpr/engine/diag"
)

// testCommand runs test cases for templates.
type testCommand struct {
	Files    []string `arg:"" placeholder:"FILE" help:"Files of cases: JSON lines, or YAML (.yaml, .yml)."`
	Contexts string   `type:"path" placeholder:"FILE" help:"JSON file of the contexts, settings and locations that cases name (default: contexts.json beside the first file, if it is there)."`
	JSON     bool     `name:"json" help:"Print counts and failures as JSON."`
}

// Run runs all cases; it fails when one of them does.
func (c *testCommand) Run(io streams) error {
	runner, err := newCaseRunner()
	if err != nil {
		return err
	}
	if err := c.loadNames(runner, io); err != nil {
		return err
	}
	total := tally{Failures: []failure{}}
	for _, name := range c.Files {
		before := total.Passed + total.Failed
		if err := runner.runFile(name, io, &total); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if total.Passed+total.Failed == before {
			return fmt.Errorf("%s has no cases", name)
		}
	}
	if err := c.print(io, &total); err != nil {
		return err
	}
	if total.Failed > 0 {
		return errTold
	}
	return nil
}

// tally counts cases and keeps those that failed.
type tally struct {
	Passed   int       `json:"passed"`
	Failed   int       `json:"failed"`
	Failures []failure `json:"failures"`
}

func (c *testCommand) print(io streams, total *tally) error {
	if c.JSON {
		return printValue(io, total)
	}
	for i := range total.Failures {
		fmt.Fprint(io.out, total.Failures[i].String())
	}
	_, err := fmt.Fprintf(io.out, "%d passed, %d failed\n", total.Passed, total.Failed)
	return err
}

// contextsFile is where named contexts are when --contexts does not say.
const contextsFile = "contexts.json"

func (c *testCommand) loadNames(runner *caseRunner, io streams) error {
	name := c.Contexts
	if name == "" {
		name = filepath.Join(filepath.Dir(c.Files[0]), contextsFile)
	}
	data, err := readInput(name, io)
	if err != nil {
		if c.Contexts == "" {
			return nil // there need not be one
		}
		return err
	}
	if err := json.Unmarshal(data, &runner.names); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func newCaseRunner() (*caseRunner, error) {
	eng, err := engine.New(engine.Options{})
	if err != nil {
		return nil, err
	}
	return &caseRunner{engine: eng}, nil
}

// runFile runs the cases of one file.
func (r *caseRunner) runFile(name string, io streams, total *tally) error {
	data, err := openInput(name, io)
	if err != nil {
		return err
	}
	defer data.Close()
	each := func(line int, raw []byte) {
		f := r.runCase(raw)
		if f == nil {
			total.Passed++
			return
		}
		f.File, f.Line = name, line
		total.Failed++
		total.Failures = append(total.Failures, *f)
	}
	switch filepath.Ext(name) {
	case ".yaml", ".yml":
		return eachYAML(data, each)
	}
	return eachLine(data, each)
}

// byteOrderMark is what some editors put before the first line.
const byteOrderMark = "\ufeff"

// runCase runs one case; nil means that it passed.
func (r *caseRunner) runCase(raw []byte) *failure {
	c, err := parseCase(raw)
	if err != nil {
		return &failure{Error: err.Error()}
	}
	found, err := r.run(c)
	switch {
	case err != nil:
		return &failure{ID: c.ID, Error: err.Error()}
	case len(found) > 0:
		return &failure{ID: c.ID, Subject: c.subject(), Mismatches: found}
	}
	return nil
}

func (c *testCase) subject() string {
	if c.Kind != "" {
		return c.Input
	}
	return c.Template
}

// parseCase reads a case. A member that is not known is a note for people, unless it is like one that is: that is a
// mistake, not a case that passes without being looked at.
func parseCase(raw []byte) (*testCase, error) {
	c := &testCase{}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(raw, &members); err != nil {
		if json.Valid(raw) {
			return nil, errors.New("a case is a JSON object")
		}
		return nil, fmt.Errorf("the case is no JSON: %w", err)
	}
	for _, key := range slices.Sorted(maps.Keys(members)) {
		if slices.Contains(caseKeys, key) {
			continue
		}
		if near := nearestKey(key); near != "" {
			return nil, fmt.Errorf("%q is no key of a case: did you mean %s?", key, near)
		}
		delete(members, key)
	}
	known, err := json.Marshal(members)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(known))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(c); err != nil {
		return nil, caseError(err)
	}
	subject := "template"
	if c.Kind != "" {
		subject = "input"
	}
	if _, ok := members[subject]; !ok {
		return nil, fmt.Errorf("the case has no %s", subject)
	}
	return c, nil
}

// caseKeys are the members that a case may have.
var caseKeys = []string{
	"id", "kind", "template", "input", "context", "context_ref", "contact", "settings", "settings_ref", "apply", "expect",
	"expect_error", "expect_type", "expect_warnings", "options",
}

// nearestKey gives the key that was most likely meant, or nothing: `warnings` is meant to be expect_warnings.
func nearestKey(key string) string {
	for _, known := range caseKeys {
		if strings.HasSuffix(known, "_"+key) {
			return known
		}
	}
	return diag.Nearest(key, caseKeys)
}

// caseError says in a flow author's words what is wrong with a case.
func caseError(err error) error {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		if wrong.Type.Kind() == reflect.String {
			return fmt.Errorf("%s: got a %s, want a text: write it in quotes", wrong.Field, wrong.Value)
		}
		return fmt.Errorf("%s: got a %s, want %s", wrong.Field, wrong.Value, kindNames[wrong.Type.Kind()])
	}
	if quoted, unknown := strings.CutPrefix(err.Error(), "json: unknown field "); unknown {
		return fmt.Errorf("%s is no key of a step or of the options", quoted)
	}
	return errors.New(strings.TrimPrefix(err.Error(), "json: "))
}

// kindNames are the types of members other than texts.
var kindNames = map[reflect.Kind]string{reflect.Bool: "true or false", reflect.Slice: "a list", reflect.Struct: "an object"}

func eachLine(r io.Reader, each func(line int, raw []byte)) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 64<<10), maxInputBytes)
	for number := 1; lines.Scan(); number++ {
		line := lines.Bytes()
		if number == 1 {
			line = bytes.TrimPrefix(line, []byte(byteOrderMark))
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			each(number, line)
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return fmt.Errorf("a line is longer than %d bytes", maxInputBytes)
	}
	return lines.Err()
}
