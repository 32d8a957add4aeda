package syntax

import "github.com/flowexpr/flowexpr/engine/diag"

// Node is a node of an expression's tree. What a node does not have, such as parentheses, is written by Print where it
// is needed, so that trees can also be built by hand.
type Node interface {
	// Span is the node's place in the expression; zero in trees that were not parsed.
	Span() diag.Span
}

type place struct{ span diag.Span }

// Span is the node's place in the expression.
func (p place) Span() diag.Span { return p.span }

func at(start, end int) place { return place{diag.Span{Start: start, End: end}} }

type (
	// Text is a text literal. Value is what it stands for.
	Text struct {
		place
		Value string
	}
	// Number is a number literal, as written: digits, or digits with a point inside.
	Number struct {
		place
		Raw string
	}
	// Boolean is `true` or `false`.
	Boolean struct {
		place
		Value bool
	}
	// Null is `null`.
	Null struct{ place }
	// Name is a name, as written.
	Name struct {
		place
		Name string
	}
	// Dot is a lookup by a name, or by a whole number: `contact.name`, `items.0`. The name ends the span.
	Dot struct {
		place
		Of   Node
		Name string
	}
	// Index is a lookup by a value: `items[0]`.
	Index struct {
		place
		Of, Index Node
	}
	// Call is a call of a function.
	Call struct {
		place
		Callee Node
		Args   []Node
	}
	// Negate is `-x`.
	Negate struct {
		place
		X Node
	}
	// Binary is an operator between two values. Op is as written.
	Binary struct {
		place
		Op   string
		X, Y Node
	}
	// Paren is an expression in parentheses.
	Paren struct {
		place
		X Node
	}
	// Lambda is a function without a name: `(x) => x * 2`.
	Lambda struct {
		place
		Params []string
		Body   Node
	}
)

// Walk visits a node and, where visit says so, what is below it, from left to right.
func Walk(n Node, visit func(Node) bool) {
	if !visit(n) {
		return
	}
	switch n := n.(type) {
	case *Dot:
		Walk(n.Of, visit)
	case *Index:
		Walk(n.Of, visit)
		Walk(n.Index, visit)
	case *Call:
		Walk(n.Callee, visit)
		for _, arg := range n.Args {
			Walk(arg, visit)
		}
	case *Negate:
		Walk(n.X, visit)
	case *Binary:
		Walk(n.X, visit)
		Walk(n.Y, visit)
	case *Paren:
		Walk(n.X, visit)
	case *Lambda:
		Walk(n.Body, visit)
	}
}
