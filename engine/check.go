package engine

import (
	"cmp"
	"errors"
	"maps"
	"slices"

	"github.com/flowexpr/flowexpr/engine/diag"
	"github.com/flowexpr/flowexpr/engine/syntax"
	"github.com/flowexpr/flowexpr/engine/syntax/legacy"
	"github.com/flowexpr/flowexpr/engine/value"
	"github.com/flowexpr/flowexpr/vars"
)

// CheckOptions say what a template is checked against. The zero value knows the standard roots, and takes every field
// and every global to exist.
type CheckOptions struct {
	// Roots are the names that the template is compiled for. What a caller's own roots hold is not checked.
	Roots vars.Roots
	// Workspace defines the fields and globals; nil leaves them unchecked.
	Workspace *vars.Workspace
}

// Checked is what there is to say about a template without evaluating it.
type Checked struct {
	// Diagnostics are in template order. An error is about what cannot be evaluated for any contact when it is
	// reached; all else is a warning.
	Diagnostics []diag.Diagnostic
	// Errors counts the diagnostics of severity error.
	Errors int
	// More tells that there is more to say: the first 1,000 diagnostics are given.
	More bool
	// Variables and Functions are those that the template names, such as contact.first_name and results.color: sorted,
	// in lower case.
	Variables, Functions []string
}

const (
	// maxFindings bounds the diagnostics of one template, each of which costs a search for near names.
	maxFindings = 1000
	// checkBudget bounds the work on the constants of one template, in the unit of Limits.Budget. Expressions that
	// cost more are not computed.
	checkBudget = 200_000
)

// Check finds what is wrong with a template, and what is likely to go wrong when its text is sent. It agrees with
// evaluation on what is a syntax error, and a template that evaluates without errors for a contact that has
// everything it asks for has no error here.
func (e *Engine) Check(template string, o CheckOptions) Checked {
	compiled, err := e.Compile(template, o.Roots)
	if err != nil {
		return refused(err)
	}
	c := &checker{
		engine: e, template: template, options: o, rt: value.NewRuntime(nil, nil, 1),
		variables: map[string]bool{}, functions: map[string]bool{},
	}
	c.rt.SetBudget(checkBudget)
	c.legacy()
	c.blocks(compiled)
	c.words()
	return c.result()
}

func refused(err error) Checked {
	d := diag.Diagnostic{Severity: diag.Error, Code: "internal", Message: "the template could not be checked"}
	errors.As(err, &d)
	return Checked{Diagnostics: []diag.Diagnostic{d}, Errors: 1, Variables: []string{}, Functions: []string{}}
}

// checker checks one template.
type checker struct {
	engine   *Engine
	template string
	options  CheckOptions
	rt       *value.Runtime // computes constants

	block   *syntax.Block // the one that is looked at; nil between blocks
	params  [][]string    // of the functions without a name around the node, innermost last
	lenient int           // more than 0 where an error does no harm: it is caught, or never reached

	found     Checked
	variables map[string]bool
	functions map[string]bool
	catalogue map[string]vars.Entry // by path; made when first asked for
}

func (c *checker) result() Checked {
	slices.SortStableFunc(c.found.Diagnostics, func(a, b diag.Diagnostic) int { return cmp.Compare(a.Span.Start, b.Span.Start) })
	c.found.Variables, c.found.Functions = slices.Sorted(maps.Keys(c.variables)), slices.Sorted(maps.Keys(c.functions))
	if c.found.Variables == nil {
		c.found.Variables = []string{}
	}
	if c.found.Functions == nil {
		c.found.Functions = []string{}
	}
	return c.found
}

// report keeps a diagnostic. Its span and fix are places in the template.
func (c *checker) report(d diag.Diagnostic) {
	if d.Severity == diag.Error && c.lenient > 0 && d.Code != "syntax_error" {
		d.Severity = diag.Warning
	}
	if d.Severity == diag.Error {
		c.found.Errors++
	}
	if c.full() {
		c.found.More = true
		return
	}
	if d.Expression == "" && c.block != nil {
		d.Expression = c.template[c.block.Span.Start:c.block.Span.End]
	}
	c.found.Diagnostics = append(c.found.Diagnostics, d)
}

// full reports whether what is found from here on is not kept, so that no advice need be sought.
func (c *checker) full() bool { return len(c.found.Diagnostics) >= maxFindings }

// at keeps a diagnostic whose span and fix are places in the expression of the current block.
func (c *checker) at(d diag.Diagnostic) {
	d.Span = d.Span.Shift(c.block.Inner.Start)
	if d.Fix != nil {
		d.Fix = &diag.Fix{Span: d.Fix.Span.Shift(c.block.Inner.Start), Replacement: d.Fix.Replacement}
	}
	c.report(d)
}

// source gives the source of a node of the current block.
func (c *checker) source(n syntax.Node) string {
	span := n.Span()
	return c.block.Text[span.Start:span.End]
}

// legacy offers the rewrite of a template that only the first dialect explains. Where a caller's root has the name of a
// variable of that dialect, nothing tells the two apart.
func (c *checker) legacy() {
	if slices.ContainsFunc(legacy.TopLevels(), c.options.Roots.Allows) || !legacy.Looks(c.template) {
		return
	}
	d := diag.Diagnostic{
		Severity: diag.Warning, Code: "legacy_template", Span: diag.Span{End: len(c.template)},
		Message: "the template is written in the legacy dialect",
		Hint:    "rewrite it, by the fix or by flowexpr migrate",
	}
	if rewritten := legacy.Migrate(c.template, legacy.Options{}).Template; rewritten != c.template {
		d.Fix = &diag.Fix{Span: d.Span, Replacement: rewritten}
	}
	c.report(d)
}

// blocks checks what is evaluated. What the compiled template cannot run for another reason than a mistake of syntax,
// its compilation has found out.
func (c *checker) blocks(compiled *Template) {
	failures := map[int]*value.Error{}
	for i := range compiled.segments {
		if seg := &compiled.segments[i]; seg.kind == failedSegment {
			failures[seg.span.Start] = seg.failure
		}
	}
	blocks := syntax.Scan(c.template, c.options.Roots.Allows)
	for i := range blocks {
		block := &blocks[i]
		switch {
		case block.Unterminated:
			c.unterminated(block)
		case block.Kind != syntax.TextBlock:
			c.expression(block, failures[block.Span.Start])
		}
	}
}

// expression checks the expression of a block; failure is why it cannot be run, if it cannot.
func (c *checker) expression(block *syntax.Block, failure *value.Error) {
	c.block = block
	defer func() { c.block = nil }()
	node, mistake := syntax.Parse(block.Text)
	switch {
	case mistake != nil:
		c.at(diag.Diagnostic{
			Severity: diag.Error, Code: mistake.Code, Message: mistake.Message, Hint: mistake.Hint, Span: mistake.Span, Fix: mistake.Fix,
		})
	case failure != nil:
		c.report(diag.Diagnostic{Severity: diag.Error, Code: failure.Code, Message: failure.Message, Hint: "split the expression", Span: block.Span})
	case c.email(node):
	default:
		if f := c.node(node); !f.failed && !c.indexAsText() {
			c.printed(node)
		}
	}
}

// entry gives the catalogue's entry of a variable; its zero value when there is none.
func (c *checker) entry(path string) vars.Entry {
	if c.catalogue == nil {
		c.catalogue = map[string]vars.Entry{}
		for _, entry := range vars.Catalogue() {
			c.catalogue[entry.Path] = entry
		}
	}
	return c.catalogue[path]
}
