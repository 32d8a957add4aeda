package engine

import (
	"strings"

	"github.com/expr-lang/expr/ast"

	"github.com/flowexpr/flowexpr/engine/diag"
	"github.com/flowexpr/flowexpr/engine/syntax"
	"github.com/flowexpr/flowexpr/engine/value"
	"github.com/flowexpr/flowexpr/vars"
)

// lowering turns one expression's syntax tree into a tree of expr. Each operation becomes a call of a function of
// ours whose first argument is the environment, the run; only `if` becomes expr's own conditional, so that the branch
// not taken does not run. Names are resolved here, in this order: parameters, roots, functions.
type lowering struct {
	engine     *Engine
	source     string
	roots      vars.Roots
	params     [][]string // of the functions around the node, innermost last
	conditions map[string]condition
	operations map[string]operation // what the tree calls: functions by name, our own under names no function can have
	references []*reference         // the variables it reads
	impure     bool                 // calls something that reads the environment
	scratch    *value.Runtime       // folds constants
}

// reference is one place where an expression reads a variable.
type reference struct {
	variable vars.Variable
	root     string // of a root that the caller's context gives; the variable is then zero
	written  string // the last name, as written
	span     diag.Span
}

var environment = &ast.IdentifierNode{Value: "$env"}

func (l *lowering) lower(n syntax.Node) ast.Node {
	switch n := n.(type) {
	case *syntax.Text:
		return constant(value.NewText(n.Value))
	case *syntax.Number:
		return constant(number(n.Raw))
	case *syntax.Boolean:
		return constant(value.Boolean(n.Value))
	case *syntax.Null:
		return &ast.NilNode{}
	case *syntax.Paren:
		return l.lower(n.X)
	case *syntax.Name, *syntax.Dot:
		return l.path(n)
	case *syntax.Index:
		return l.call("[]", lookupIndex, l.lower(n.Of), l.lower(n.Index))
	case *syntax.Negate:
		return l.fold(l.call("$neg", negate, l.lower(n.X)))
	case *syntax.Binary:
		return l.fold(l.call(n.Op, binary(n.Op), l.lower(n.X), l.lower(n.Y)))
	case *syntax.Call:
		return l.lowerCall(n)
	case *syntax.Lambda:
		return l.lambda(n)
	}
	return constant(&value.Error{Code: "syntax_error", Message: "syntax error at " + l.source})
}

// call makes the call of an operation with the run as its first argument. Arguments that are variables, or operations on
// nothing but constants and variables, are handed over as what they are, for the operation to evaluate.
func (l *lowering) call(name string, op operation, args ...ast.Node) ast.Node {
	l.operations[name] = op
	return l.callNode(name, args)
}

// condition makes the call of a condition.
func (l *lowering) condition(name string, c condition, args ...ast.Node) ast.Node {
	l.conditions[name] = c
	return l.callNode(name, args)
}

func (l *lowering) callNode(name string, args []ast.Node) ast.Node {
	call := &ast.CallNode{Callee: &ast.IdentifierNode{Value: name}, Arguments: []ast.Node{environment}}
	for _, arg := range args {
		if place, ok := variable(arg); ok {
			arg = place
		} else if place, ok := l.simple(arg); ok {
			arg = place
		}
		call.Arguments = append(call.Arguments, arg)
	}
	return call
}

// variable gives the *reference of a node that does nothing but read a variable.
func variable(n ast.Node) (*ast.ConstantNode, bool) {
	call, ok := n.(*ast.CallNode)
	if !ok || call.Callee.(*ast.IdentifierNode).Value != readName {
		return nil, false
	}
	return call.Arguments[1].(*ast.ConstantNode), true
}

// simple gives the *simple of a node that is an operation on constants and variables, as a constant.
func (l *lowering) simple(n ast.Node) (*ast.ConstantNode, bool) {
	s := l.direct(n)
	if s == nil {
		return nil, false
	}
	for _, arg := range s.args {
		if _, nested := arg.(*simple); nested {
			return nil, false
		}
	}
	return &ast.ConstantNode{Value: s}, true
}

// direct gives a node that is an operation on constants, variables and simple operations; else nil.
func (l *lowering) direct(n ast.Node) *simple {
	call, ok := n.(*ast.CallNode)
	if !ok {
		return nil
	}
	apply, ok := l.operations[call.Callee.(*ast.IdentifierNode).Value]
	if !ok {
		return nil
	}
	s := &simple{apply: apply}
	for _, arg := range call.Arguments[1:] {
		switch arg := arg.(type) {
		case *ast.NilNode:
			s.args = append(s.args, nil)
		case *ast.ConstantNode:
			s.args = append(s.args, arg.Value)
		default:
			return nil
		}
	}
	return s
}

// readName is the name of the operation that reads a variable.
const readName = "$ref"

// constant makes a node of a value; a nil value is null.
func constant(v value.Value) ast.Node {
	if v == nil {
		return &ast.NilNode{}
	}
	return &ast.ConstantNode{Value: &constantArg{v}}
}

// number makes the value of a number literal.
func number(raw string) value.Value {
	d, err := value.ParseDecimal(raw)
	if err != nil || !d.InRange() {
		return &value.Error{Code: "out_of_range", Message: "number " + raw + " is out of range"}
	}
	return value.NewNumber(d)
}

// path lowers a name, or names joined by dots: to the longest variable that the catalogue has, then lookups.
func (l *lowering) path(n syntax.Node) ast.Node {
	names, base := dotted(n)
	if base != nil { // the dots follow something that is not a name
		return l.lookups(l.lower(base), names)
	}
	if depth, index, ok := l.parameter(names[0].name); ok {
		return l.lookups(l.call("$param", parameter, &ast.ConstantNode{Value: &paramPlace{depth, index}}), names[1:])
	}
	stored, source := l.roots.Find(names[0].name)
	switch source {
	case vars.FromContext:
		ref := &reference{root: stored, written: names[0].name, span: names[0].span}
		return l.lookups(l.reference(ref), names[1:])
	case vars.FromRecord:
		texts := make([]string, len(names))
		for i := range names {
			texts[i] = names[i].name
		}
		variable, used := vars.Resolve(texts)
		ref := &reference{variable: variable, written: texts[used-1], span: diag.Span{Start: names[0].span.Start, End: names[used-1].span.End}}
		return l.lookups(l.reference(ref), names[used:])
	}
	if function, ok := l.engine.library.Lookup(strings.ToLower(names[0].name)); ok {
		l.impure = true // called from wherever it is passed to
		return l.lookups(constant(function.Value), names[1:])
	}
	return l.lookups(constant(&value.Error{
		Code: "unknown_variable", Message: "context has no property '" + names[0].name + "'",
	}), names[1:])
}

// dottedName is one name of a path, with its place in the expression.
type dottedName struct {
	name string
	span diag.Span
}

// dotted takes a chain of dots apart. base is what the first name is looked up in, nil when it is a name itself.
func dotted(n syntax.Node) (names []dottedName, base syntax.Node) {
	for {
		switch node := n.(type) {
		case *syntax.Name:
			names = append(names, dottedName{node.Name, node.Span()})
			reverse(names)
			return names, nil
		case *syntax.Dot:
			names = append(names, dottedName{node.Name, node.Span()})
			n = node.Of
		case *syntax.Paren:
			n = node.X
		default:
			reverse(names)
			return names, n
		}
	}
}

func reverse(names []dottedName) {
	for i, j := 0, len(names)-1; i < j; i, j = i+1, j-1 {
		names[i], names[j] = names[j], names[i]
	}
}

func (l *lowering) reference(ref *reference) ast.Node {
	l.references = append(l.references, ref)
	return l.call(readName, readVariable, &ast.ConstantNode{Value: ref})
}

func (l *lowering) lookups(of ast.Node, names []dottedName) ast.Node {
	for _, name := range names {
		of = l.call(".", lookupProperty, of, &ast.ConstantNode{Value: &propertyName{name.name}})
	}
	return of
}

// parameter finds a name among the parameters of the functions around it: how many functions out, and its index.
func (l *lowering) parameter(name string) (depth, index int, ok bool) {
	for depth := range l.params {
		params := l.params[len(l.params)-1-depth]
		for i := len(params) - 1; i >= 0; i-- { // of equal names the last wins
			if strings.EqualFold(params[i], name) {
				return depth, i, true
			}
		}
	}
	return 0, 0, false
}

func (l *lowering) lowerCall(n *syntax.Call) ast.Node {
	args := make([]ast.Node, len(n.Args))
	for i := range n.Args {
		args[i] = l.lower(n.Args[i])
	}
	name, ok := l.functionName(n.Callee)
	if !ok {
		l.impure = true
		source := strings.ToLower(withoutSpace(l.source[n.Callee.Span().Start:n.Callee.Span().End]))
		called := []ast.Node{l.lower(n.Callee), &ast.ConstantNode{Value: &callee{source}}}
		return l.call("$call", callValue, append(called, args...)...)
	}
	function, _ := l.engine.library.Lookup(name)
	if name == "if" && len(args) == 3 {
		return l.conditional(args)
	}
	l.impure = l.impure || !function.Pure()
	return l.call(name, callFunction(function.Value), args...)
}

// functionName gives the library's name of a callee, unless a parameter or a root hides it.
func (l *lowering) functionName(callee syntax.Node) (string, bool) {
	name, ok := callee.(*syntax.Name)
	if !ok {
		return "", false
	}
	if _, _, hidden := l.parameter(name.Name); hidden {
		return "", false
	}
	if _, source := l.roots.Find(name.Name); source != vars.NoRoot {
		return "", false
	}
	lower := strings.ToLower(name.Name)
	_, ok = l.engine.library.Lookup(lower)
	return lower, ok
}

// conditional lowers if(test, a, b) so that only one branch runs, and none when the test is an error. Branches that are
// constants or variables need no jumps: one operation chooses, and reads no more than what it chose.
func (l *lowering) conditional(args []ast.Node) ast.Node {
	if isLeaf(args[1]) && isLeaf(args[2]) {
		return l.call("$choose", choose, args...)
	}
	otherwise := &ast.ConditionalNode{Cond: l.condition("$failed", testFailed), Exp1: &ast.NilNode{}, Exp2: args[2]}
	return l.call("$if", finishIf, &ast.ConditionalNode{Cond: l.condition("$test", testTrue, args[0]), Exp1: args[1], Exp2: otherwise})
}

// isLeaf reports whether a node is a constant or a variable.
func isLeaf(n ast.Node) bool {
	switch n.(type) {
	case *ast.ConstantNode, *ast.NilNode:
		return true
	}
	_, ok := variable(n)
	return ok
}

// lambda lowers a function without a name to a program of its own.
func (l *lowering) lambda(n *syntax.Lambda) ast.Node {
	inner := *l
	inner.params = append(append([][]string{}, l.params...), n.Params)
	inner.operations, inner.conditions = map[string]operation{}, map[string]condition{}
	body := inner.lower(n.Body)
	l.references, l.impure = inner.references, l.impure || inner.impure
	code, err := inner.assemble(body)
	if err != nil {
		return constant(&value.Error{Code: "too_complex", Message: value.TooComplex})
	}
	return l.call("=>", makeClosure, &ast.ConstantNode{Value: &closureBody{params: len(n.Params), code: code}})
}

// fold replaces an operation on constants by its value.
func (l *lowering) fold(n ast.Node) ast.Node {
	s := l.direct(n)
	if s == nil {
		return n
	}
	for _, arg := range s.args {
		if _, ok := arg.(*constantArg); !ok && arg != nil {
			return n
		}
	}
	v := value.Detach(s.apply(&run{engine: l.engine, rt: l.scratch}, s.args))
	if failure, ok := v.(*value.Error); ok && failure.Fatal {
		return n // over the budget: said when it runs
	}
	return constant(v)
}

// withoutSpace drops the space between tokens; that inside text literals stays.
func withoutSpace(source string) string {
	quoted, before := false, rune(0)
	return strings.Map(func(c rune) rune {
		if c == '"' && (!quoted || before != '\\') {
			quoted = !quoted
		}
		before = c
		if !quoted && strings.ContainsRune(" \t\r\n", c) {
			return -1
		}
		return c
	}, source)
}
