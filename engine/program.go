package engine

import (
	"errors"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/vm"

	"github.com/flowexpr/flowexpr/engine/syntax"
	"github.com/flowexpr/flowexpr/engine/value"
	"github.com/flowexpr/flowexpr/vars"
)

// program is a compiled expression: immutable, shared.
type program struct {
	code       *vm.Program // nil when the expression needs no machine
	direct     *simple     // an expression that is one small operation; else nil
	constant   value.Value
	references []*reference
	impure     bool // reads the environment: zone, formats, country
}

// compileProgram lowers and compiles one expression. The error, expr's own, is not for people.
func (e *Engine) compileProgram(n syntax.Node, source string, roots vars.Roots) (*program, error) {
	l := &lowering{engine: e, source: source, roots: roots, operations: map[string]operation{}, conditions: map[string]condition{}, scratch: value.NewRuntime(nil, nil, 0)}
	tree := l.lower(n)
	p := &program{references: l.references, impure: l.impure}
	switch tree := tree.(type) {
	case *ast.NilNode:
		return p, nil
	case *ast.ConstantNode:
		p.constant = tree.Value.(*constantArg).value
		return p, nil
	case *ast.CallNode:
		if _, ok := variable(tree); ok {
			return p, nil
		}
		if p.direct = l.direct(tree); p.direct != nil {
			return p, nil
		}
	}
	code, err := l.assemble(tree)
	p.code = code
	return p, err
}

// isVariable gives the one variable that a program is, if it is one.
func (p *program) isVariable() (vars.Variable, bool) {
	if p.isLeaf() && len(p.references) == 1 && p.references[0].root == "" {
		return p.references[0].variable, true
	}
	return vars.Variable{}, false
}

// isLeaf reports whether a program is a constant or a variable.
func (p *program) isLeaf() bool { return p.code == nil && p.direct == nil }

// assemble compiles a tree by expr's public API: a source of `nil`, whose tree a patch replaces by ours. The types of
// the functions tell expr what is a condition, so that it need not look at run time.
func (l *lowering) assemble(tree ast.Node) (*vm.Program, error) {
	options := []expr.Option{expr.DisableAllBuiltins(), expr.Patch(&graft{tree: tree}), expr.Optimize(false)}
	for name, op := range l.operations {
		options = append(options, expr.Function(name, op.forExpr(), new(func(...any) any)))
	}
	for name, c := range l.conditions {
		options = append(options, expr.Function(name, c.forExpr(), new(func(...any) bool)))
	}
	return expr.Compile("nil", options...)
}

// graft replaces the first node it meets, once.
type graft struct {
	tree ast.Node
	done bool
}

func (g *graft) Visit(n *ast.Node) {
	if !g.done {
		g.done = true
		*n = g.tree
	}
}

// evaluate runs a program. The value lives until the run is released.
func (r *run) evaluate(p *program) value.Value {
	if p.isLeaf() {
		if len(p.references) == 1 {
			return r.read(p.references[0])
		}
		return p.constant
	}
	if p.impure {
		r.prepareEnvironment()
	}
	if p.direct != nil { // measured: the machine costs more than such an operation
		return p.direct.apply(r, p.direct.args)
	}
	return r.execute(p.code)
}

// execute runs code on a machine of its own, so that functions called from it may run code too.
func (r *run) execute(code *vm.Program) value.Value {
	if r.depth >= r.engine.limits.CallDepth {
		return value.ErrTooComplex()
	}
	if r.depth == len(r.machines) {
		r.machines = append(r.machines, &vm.VM{})
	}
	machine := r.machines[r.depth]
	r.depth++
	result, err := machine.Run(code, r)
	r.depth--
	if err != nil {
		return failure(err)
	}
	return r.operand(result)
}

// failure takes our own error out of expr's. Anything else is a fault of ours; its text is not for people.
func failure(err error) *value.Error {
	var own *value.Error
	if errors.As(err, &own) {
		return own
	}
	return &value.Error{Code: "internal", Message: "the expression could not be evaluated", Fatal: true}
}
