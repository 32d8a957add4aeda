package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/flowexpr/flowexpr/engine"
	"github.com/flowexpr/flowexpr/engine/diag"
	"github.com/flowexpr/flowexpr/vars"
)

// checkCommand checks templates without evaluating them. Without a chosen store it knows no workspace, and takes every
// field and global to exist.
type checkCommand struct {
	Templates []string `arg:"" optional:"" name:"template" help:"Templates."`
	Files     []string `short:"f" name:"file" type:"path" placeholder:"FILE" help:"Read a template from a file (- for standard input). May be repeated."`
	Context   string   `type:"path" placeholder:"FILE" help:"JSON of the roots that templates may use beside the standard ones."`
	JSON      bool     `name:"json" help:"Print the diagnostics as JSON: an object for each template."`
	Strict    bool     `help:"Let warnings fail, as errors do."`
}

// checkedTemplate is what is said about one template.
type checkedTemplate struct {
	Name        string       `json:"name"`
	Diagnostics []diag.Entry `json:"diagnostics"`
	More        bool         `json:"more,omitempty"`
	Variables   []string     `json:"variables"`
	Functions   []string     `json:"functions"`
}

// Run checks all templates; it fails when one of them has an error.
func (c *checkCommand) Run(ctx context.Context, io streams, flags *storeFlags) error {
	if len(c.Templates)+len(c.Files) == 0 {
		return usageError{errors.New("check: give a template, or a file with -f")}
	}
	check, done, err := c.checker(ctx, io, flags)
	if err != nil {
		return err
	}
	total := severities{}
	err = c.each(io, func(name, template string) error {
		checked, err := check(template)
		if err != nil {
			return err
		}
		checked.Name = name
		total.count(checked.Diagnostics)
		return c.show(io, template, checked)
	})
	if err = errors.Join(err, done()); err != nil {
		return err
	}
	if total.errors+total.warnings > 0 && !c.JSON {
		fmt.Fprintln(io.err, total)
	}
	if total.errors > 0 || c.Strict && total.warnings > 0 {
		return errTold
	}
	return nil
}

// each gives the templates with their names: those of arguments, then those of files, whose last line end is no part
// of the template.
func (c *checkCommand) each(io streams, do func(name, template string) error) error {
	for i, template := range c.Templates {
		name := "template"
		if len(c.Templates) > 1 {
			name = fmt.Sprintf("template %d", i+1)
		}
		if err := do(name, template); err != nil {
			return err
		}
	}
	for _, file := range c.Files {
		data, err := readInput(file, io)
		if err != nil {
			return err
		}
		if err := do(file, strings.TrimSuffix(strings.TrimSuffix(string(data), "\n"), "\r")); err != nil {
			return err
		}
	}
	return nil
}

// checker gives what checks one template: the service over the chosen store, or the engine alone; and what ends it.
func (c *checkCommand) checker(ctx context.Context, io streams, flags *storeFlags) (check func(string) (*checkedTemplate, error), done func() error, err error) {
	var given json.RawMessage
	if c.Context != "" {
		if given, err = readInput(c.Context, io); err != nil {
			return nil, nil, err
		}
		if !json.Valid(given) {
			return nil, nil, fmt.Errorf("%s is not JSON: want an object with a member for each root", c.Context)
		}
	}
	if !flags.chosen() {
		check, err = checkAlone(given)
		return check, func() error { return nil }, err
	}
	s, err := openService(ctx, flags)
	if err != nil {
		return nil, nil, err
	}
	return func(template string) (*checkedTemplate, error) { return s.check(ctx, template, given) }, s.close, nil
}

// checkAlone checks without a workspace.
func checkAlone(given json.RawMessage) (func(string) (*checkedTemplate, error), error) {
	eng, err := engine.New(engine.Options{})
	if err != nil {
		return nil, err
	}
	options := engine.CheckOptions{}
	if given != nil {
		roots, err := engine.ParseContext(given)
		if err != nil {
			return nil, err
		}
		options.Roots = vars.NewRoots(roots.Names())
	}
	return func(template string) (*checkedTemplate, error) {
		found := eng.Check(template, options)
		return &checkedTemplate{
			Diagnostics: diag.JSON(template, found.Diagnostics), More: found.More, Variables: found.Variables, Functions: found.Functions,
		}, nil
	}, nil
}

// check checks a template by the settings of the service's workspace.
func (s *service) check(ctx context.Context, template string, given json.RawMessage) (*checkedTemplate, error) {
	request := map[string]any{"template": template}
	if given != nil {
		request["context"] = given
	}
	a, err := s.call(ctx, "POST", "/v1/check", request)
	if err != nil {
		return nil, err
	}
	checked := &checkedTemplate{}
	if err := json.Unmarshal(a.body, checked); err != nil {
		return nil, fmt.Errorf("the service's answer: %w", err)
	}
	return checked, nil
}

// show prints what is said about a template.
func (c *checkCommand) show(io streams, template string, checked *checkedTemplate) error {
	if c.JSON {
		data, err := json.Marshal(checked)
		if err != nil {
			return err
		}
		return printJSON(io.out, data)
	}
	list := make([]diag.Diagnostic, len(checked.Diagnostics))
	for i, e := range checked.Diagnostics {
		list[i] = diag.Diagnostic{Severity: e.Severity, Code: e.Code, Message: e.Message, Hint: e.Hint, Span: diag.Span{Start: e.Start, End: e.End}}
	}
	if err := diag.Render(io.out, checked.Name, template, list); err != nil {
		return err
	}
	if checked.More {
		fmt.Fprintf(io.err, "flowexpr: %s: there is more; these are the first %d\n", checked.Name, len(list))
	}
	return nil
}

// severities counts diagnostics.
type severities struct{ errors, warnings int }

func (s *severities) count(entries []diag.Entry) {
	for _, e := range entries {
		if e.Severity == diag.Error {
			s.errors++
		} else {
			s.warnings++
		}
	}
}

// String gives the counts as people say them.
func (s severities) String() string {
	return plural(s.errors, "error") + ", " + plural(s.warnings, "warning")
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
