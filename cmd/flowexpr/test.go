package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/flowexpr/flowexpr/engine"
)

// testCommand runs test cases for templates.
type testCommand struct {
	Files    []string `arg:"" type:"path" placeholder:"FILE" help:"Files of cases: JSON lines, or YAML (.yaml, .yml)."`
	Contexts string   `type:"path" placeholder:"FILE" help:"JSON file of the contexts, settings and locations that cases name (default: contexts.json beside the first file, if it is there)."`
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
	total := tally{}
	for _, name := range c.Files {
		t, err := runner.runFile(name, io)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		total.passed, total.failed = total.passed+t.passed, total.failed+t.failed
	}
	fmt.Fprintf(io.out, "%d passed, %d failed\n", total.passed, total.failed)
	if total.failed > 0 {
		return errTold
	}
	return nil
}

// tally counts cases.
type tally struct{ passed, failed int }

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

// runFile runs the cases of one file and tells of those that fail.
func (r *caseRunner) runFile(name string, io streams) (tally, error) {
	data, err := openInput(name, io)
	if err != nil {
		return tally{}, err
	}
	defer data.Close()
	t := tally{}
	each := func(place string, raw []byte) {
		if r.runCase(name, place, raw, io.out) {
			t.passed++
		} else {
			t.failed++
		}
	}
	switch filepath.Ext(name) {
	case ".yaml", ".yml":
		return t, eachYAML(data, each)
	}
	return t, eachLine(data, each)
}

// runCase runs one case and reports whether it passed.
func (r *caseRunner) runCase(file, place string, raw []byte, out io.Writer) bool {
	c, err := parseCase(raw)
	if err != nil {
		fmt.Fprintf(out, "FAIL %s:%s: %v\n", file, place, err)
		return false
	}
	title := c.ID
	if title == "" {
		title = place
	}
	found, err := r.run(c)
	if err != nil {
		fmt.Fprintf(out, "FAIL %s:%s: %s: %v\n", file, place, title, err)
		return false
	}
	for _, m := range found {
		fmt.Fprintf(out, "FAIL %s:%s: %s: %s: %s\n", file, place, title, c.subject(), m)
	}
	return len(found) == 0
}

func (c *testCase) subject() string {
	if c.Kind != "" {
		return c.Kind + " " + c.Input
	}
	return c.Template
}

// caseNotes are the members that a case may have beside those of testCase: notes for people.
var caseNotes = []string{"scenario", "note", "notes", "source", "tags"}

// parseCase reads a case; a member that is not known is a mistake, not a case that passes without being looked at.
func parseCase(raw []byte) (*testCase, error) {
	c := &testCase{}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(raw, &members); err != nil {
		return nil, fmt.Errorf("the case is no JSON object: %w", err)
	}
	for _, note := range caseNotes {
		delete(members, note)
	}
	known, err := json.Marshal(members)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(known))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(c); err != nil {
		return nil, fmt.Errorf("%s", strings.TrimPrefix(err.Error(), "json: "))
	}
	return c, nil
}

func eachLine(r io.Reader, each func(place string, raw []byte)) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 64<<10), maxInputBytes)
	for number := 1; lines.Scan(); number++ {
		if line := bytes.TrimSpace(lines.Bytes()); len(line) > 0 {
			each(fmt.Sprint(number), line)
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return fmt.Errorf("a line is longer than %d bytes", maxInputBytes)
	}
	return lines.Err()
}

// eachYAML takes the cases of a YAML file: a list of them.
func eachYAML(r io.Reader, each func(place string, raw []byte)) error {
	data, err := readLimited(r, maxInputBytes)
	if err != nil {
		return err
	}
	var cases []map[string]any
	if err := yaml.Unmarshal(data, &cases); err != nil {
		return fmt.Errorf("want a YAML list of cases: %w", err)
	}
	for i, c := range cases {
		raw, err := json.Marshal(c)
		if err != nil {
			return fmt.Errorf("case %d: %w", i+1, err)
		}
		each(fmt.Sprintf("case %d", i+1), raw)
	}
	return nil
}
