package engine

import (
	"github.com/expr-lang/expr/vm"

	"github.com/flowexpr/flowexpr/engine/value"
)

// operation is what an operator or a call does; args are what operand takes. It keeps and changes none of them.
type operation func(r *run, args []any) value.Value

// condition is an operation whose result decides which branch runs.
type condition func(r *run, args []any) bool

// constantArg is a constant as an argument: a type of its own, which operand recognizes at once.
type constantArg struct{ value value.Value }

// simple is an operation all of whose arguments are constants, variables, or simple operations on those.
type simple struct {
	apply operation
	args  []any
}

// operand gives the value of an argument: what expr holds, or what the operation gets by itself, which saves the machine
// a call.
func (r *run) operand(arg any) value.Value {
	switch arg := arg.(type) {
	case nil:
		return nil
	case *constantArg:
		return arg.value
	case *reference:
		return r.read(arg)
	case *simple:
		return arg.apply(r, arg.args)
	default:
		return arg.(value.Value)
	}
}

// forExpr gives an operation as expr calls it: the first argument is the run, and an overrun budget is expr's own
// error, which ends the program.
func (op operation) forExpr() func(args ...any) (any, error) {
	return func(args ...any) (any, error) {
		v := op(args[0].(*run), args[1:])
		if v == nil {
			return nil, nil
		}
		if failure, ok := v.(*value.Error); ok && failure.Fatal {
			return nil, failure
		}
		return v, nil
	}
}

func (c condition) forExpr() func(args ...any) (any, error) {
	return func(args ...any) (any, error) { return c(args[0].(*run), args[1:]), nil }
}

func readVariable(r *run, args []any) value.Value { return r.read(args[0].(*reference)) }

func lookupProperty(r *run, args []any) value.Value {
	return value.LookupProperty(r.rt, r.operand(args[0]), args[1].(*propertyName).name)
}

// propertyName is the name behind a dot, as written.
type propertyName struct{ name string }

func lookupIndex(r *run, args []any) value.Value {
	return value.LookupIndex(r.rt, r.operand(args[0]), r.operand(args[1]))
}

func negate(r *run, args []any) value.Value { return value.Negate(r.rt, r.operand(args[0])) }

// binary gives the operation of a binary operator.
func binary(op string) operation {
	apply := binaryOperator(op)
	return func(r *run, args []any) value.Value {
		x, y := r.operand(args[0]), r.operand(args[1])
		if failure := r.rt.Read(x, y); failure != nil {
			return failure
		}
		return apply(r.rt, x, y)
	}
}

func binaryOperator(op string) func(*value.Runtime, value.Value, value.Value) value.Value {
	switch op {
	case "+":
		return value.Add
	case "-":
		return value.Sub
	case "*":
		return value.Mul
	case "/":
		return value.Div
	case "^":
		return value.Pow
	case "&":
		return value.Concat
	case "=":
		return value.Eq
	case "!=":
		return value.Ne
	case "<":
		return value.Lt
	case "<=":
		return value.Le
	case ">":
		return value.Gt
	default:
		return value.Ge
	}
}

// callFunction gives the operation that calls one function of the library.
func callFunction(function *value.Function) operation {
	return func(r *run, args []any) value.Value {
		base := len(r.args)
		for _, arg := range args {
			r.args = append(r.args, r.operand(arg))
		}
		v := r.rt.Invoke(function, r.args[base:])
		r.args = r.args[:base]
		return v
	}
}

// callee is the source of what is called, for the message when it is no function.
type callee struct{ source string }

// callValue calls whatever its first argument's value is: (value, its source, arguments...).
func callValue(r *run, args []any) value.Value {
	switch v := r.operand(args[0]).(type) {
	case *value.Error:
		return v
	case *value.Function:
		return callFunction(v)(r, args[2:])
	}
	return &value.Error{Code: value.CodeNotAFunction, Message: args[1].(*callee).source + " is not a function"}
}

// testTrue is the test of `if`. An error counts as not true and waits for finishIf.
func testTrue(r *run, args []any) bool {
	truth, failure := value.ToBoolean(r.operand(args[0]))
	r.failedTest = failure
	return failure == nil && truth
}

// testFailed reports whether the test before was an error: then neither branch runs.
func testFailed(r *run, _ []any) bool { return r.failedTest != nil }

// finishIf does for `if` what Invoke does for other functions: it charges the result and names errors.
func finishIf(r *run, args []any) value.Value {
	if failure := r.failedTest; failure != nil {
		r.failedTest = nil
		return r.rt.Finish("if", failure)
	}
	return r.rt.Finish("if", r.operand(args[0]))
}

// choose is `if` whose branches need no running.
func choose(r *run, args []any) value.Value {
	chosen := args[2]
	truth, failure := value.ToBoolean(r.operand(args[0]))
	switch {
	case failure != nil:
		return r.rt.Finish("if", failure)
	case truth:
		chosen = args[1]
	}
	return r.rt.Finish("if", r.operand(chosen))
}

// closureBody is a function without a name, compiled.
type closureBody struct {
	params int
	code   *vm.Program
}

// frame holds the arguments of a call of a function without a name; parent is the call it was made in.
type frame struct {
	args   []value.Value
	parent *frame
}

// paramPlace is where a parameter stands: how many frames out, and its index there.
type paramPlace struct{ depth, index int }

func parameter(r *run, args []any) value.Value {
	place := args[0].(*paramPlace)
	f := r.frame
	for range place.depth {
		f = f.parent
	}
	return f.args[place.index]
}

// makeClosure makes the function value of a closureBody: it sees the arguments of the calls around it.
func makeClosure(r *run, args []any) value.Value {
	body := args[0].(*closureBody)
	around := r.frame
	return &value.Function{Call: func(_ *value.Runtime, given []value.Value) value.Value {
		if len(given) != body.params {
			return value.WrongArguments(body.params, body.params, len(given))
		}
		caller := r.frame
		r.frame = &frame{args: append([]value.Value(nil), given...), parent: around}
		v := r.execute(body.code)
		r.frame = caller
		return v
	}}
}
