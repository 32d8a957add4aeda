package engine

import (
	"github.com/flowexpr/flowexpr/engine/diag"
	"github.com/flowexpr/flowexpr/engine/syntax"
	"github.com/flowexpr/flowexpr/engine/value"
)

// fact is what is known of a node's value before any evaluation.
type fact struct {
	// typ is the type, as the catalogue names it; empty when it is not known. The value may also be null.
	typ string
	// constant tells that the value is known.
	constant bool
	value    value.Value
	// failed tells that it always is an error, which has been reported.
	failed bool
	// path is the variable it is, if it is one, as the catalogue names it.
	path string
}

// Types of the catalogue that matter here.
const (
	typeText     = "text"
	typeNumber   = "number"
	typeBoolean  = "boolean"
	typeDate     = "date"
	typeDateTime = "datetime"
	typeTime     = "time"
	typeArray    = "array"
	typeObject   = "object"
	typeFunction = "function"
)

var failed = fact{failed: true}

// isDate reports whether a value is one that never converts to a number.
func (f fact) isDate() bool { return f.typ == typeDate || f.typ == typeDateTime || f.typ == typeTime }

// isPlain reports whether a value has neither properties nor items, and is no function.
func (f fact) isPlain() bool {
	return f.isDate() || f.typ == typeText || f.typ == typeNumber || f.typ == typeBoolean
}

// node checks a node and what is below it.
func (c *checker) node(n syntax.Node) fact {
	switch n := n.(type) {
	case *syntax.Text:
		return c.computed(n, value.NewText(n.Value))
	case *syntax.Number:
		return c.computed(n, number(n.Raw))
	case *syntax.Boolean:
		return c.computed(n, value.Boolean(n.Value))
	case *syntax.Null:
		return fact{constant: true}
	case *syntax.Paren:
		return c.node(n.X)
	case *syntax.Name, *syntax.Dot:
		return c.path(n)
	case *syntax.Index:
		return c.index(n)
	case *syntax.Negate:
		return c.negate(n)
	case *syntax.Binary:
		return c.binary(n)
	case *syntax.Call:
		return c.call(n)
	case *syntax.Lambda:
		c.params = append(c.params, n.Params)
		c.node(n.Body)
		c.params = c.params[:len(c.params)-1]
		return fact{typ: typeFunction}
	}
	return fact{}
}

// computed gives the fact of a value that is the same in every evaluation; an error is reported at the node.
func (c *checker) computed(n syntax.Node, v value.Value) fact {
	failure, ok := v.(*value.Error)
	switch {
	case !ok:
		f := fact{constant: true, value: v}
		if v != nil {
			f.typ = value.TypeOf(v).String()
		}
		return f
	case failure.Fatal: // costs more than is spent here
		return fact{}
	}
	d := diag.Diagnostic{Severity: diag.Error, Code: failure.Code, Message: failure.Message, Span: n.Span()}
	if _, literal := n.(*syntax.Number); !literal {
		d.Hint = "this is so in every evaluation"
	}
	c.at(d)
	return failed
}

func (c *checker) negate(n *syntax.Negate) fact {
	x := c.node(n.X)
	switch {
	case x.failed:
		return failed
	case x.constant:
		return c.computed(n, value.Negate(c.rt, x.value))
	case x.isDate():
		return c.dateArithmetic(n)
	}
	return fact{typ: typeNumber}
}

func (c *checker) binary(n *syntax.Binary) fact {
	x, y := c.node(n.X), c.node(n.Y)
	dates := x.isDate() || y.isDate()
	switch {
	case x.failed || y.failed:
		return failed
	case isOrdering(n.Op) && dates:
		return c.dateCompared(n, x, y)
	case isArithmetic(n.Op) && dates:
		return c.dateArithmetic(n)
	case x.constant && y.constant:
		return c.computed(n, binaryOperator(n.Op)(c.rt, x.value, y.value))
	case n.Op == "&":
		return fact{typ: typeText}
	case isArithmetic(n.Op):
		return fact{typ: typeNumber}
	}
	return fact{typ: typeBoolean}
}

func isOrdering(op string) bool { return op == "<" || op == "<=" || op == ">" || op == ">=" }

func isArithmetic(op string) bool {
	return op == "+" || op == "-" || op == "*" || op == "/" || op == "^"
}

// dateCompared is about `<` and the like, which compare numbers only: whatever the dates, it fails.
func (c *checker) dateCompared(n *syntax.Binary, x, y fact) fact {
	d := diag.Diagnostic{
		Severity: diag.Error, Code: "date_compared", Span: n.Span(),
		Message: n.Op + " compares numbers, and a date is none",
		Hint:    `compare epoch(…) of both, or write datetime_diff(a, b, "D") ` + n.Op + " 0",
	}
	if hasEpoch(x) && hasEpoch(y) {
		d.Fix = &diag.Fix{Span: n.Span(), Replacement: "epoch(" + c.source(n.X) + ") " + n.Op + " epoch(" + c.source(n.Y) + ")"}
	} else if x.typ == typeTime || y.typ == typeTime {
		d.Hint = "compare their texts: text_compare(text(a), text(b)) " + n.Op + " 0"
	}
	c.at(d)
	return failed
}

// hasEpoch reports whether epoch(…) of a value can be taken, as far as is known.
func hasEpoch(f fact) bool {
	return f.typ == typeDate || f.typ == typeDateTime || f.typ == typeText || f.typ == "" && !f.constant
}

// dateArithmetic is about dates as operands of arithmetic, which always fails.
func (c *checker) dateArithmetic(n syntax.Node) fact {
	c.at(diag.Diagnostic{
		Severity: diag.Error, Code: "date_arithmetic", Span: n.Span(), Message: "a date is not a number to compute with",
		Hint: `write datetime_add(date, 1, "D") to move a date, or datetime_diff(a, b, "D") for the days between two`,
	})
	return failed
}

// index checks `of[key]`.
func (c *checker) index(n *syntax.Index) fact {
	of, key := c.node(n.Of), c.node(n.Index)
	switch {
	case of.failed || key.failed:
		return failed
	case of.constant && of.value == nil || of.isPlain() || of.typ == typeFunction:
		return c.noLookups(n.Of, diag.Span{Start: n.Of.Span().End, End: n.Span().End})
	case of.constant && key.constant:
		return c.computed(n, value.LookupIndex(c.rt, of.value, key.value))
	}
	if text, ok := key.value.(*value.Text); ok && key.constant {
		return c.indexed(n, of, text.String())
	}
	if of.path == "contact.urns" {
		return fact{typ: typeText}
	}
	return fact{}
}

// noLookups is about a lookup in a value that has neither properties nor items.
func (c *checker) noLookups(of syntax.Node, span diag.Span) fact {
	source := c.source(of)
	d := diag.Diagnostic{
		Severity: diag.Error, Code: value.CodeUnknownProperty, Span: span,
		Message: source + " has no properties to look up",
	}
	if c.block.Kind == syntax.IdentifierBlock {
		d.Hint = "write @(" + source + ") where a full stop follows"
		whole := diag.Span{Start: -1, End: of.Span().End} // the @ included
		d.Fix = &diag.Fix{Span: whole, Replacement: "@(" + source + ")"}
	}
	c.at(d)
	return failed
}
