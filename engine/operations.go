package engine

import (
	"github.com/expr-lang/expr/vm"

	"github.com/flowexpr/flowexpr/engine/value"
)

// operand gives the value of an argument: what expr holds, or a variable that the operation reads by itself, which
// saves the machine a call.
func (r *run) operand(arg any) value.Value {
	switch arg := arg.(type) {
	case nil:
		return nil
	case *reference:
		return r.read(arg)
	default:
		return arg.(value.Value)
	}
}

// result hands a value to expr: an overrun budget as expr's own error, which ends the program.
func result(v value.Value) (any, error) {
	if v == nil {
		return nil, nil
	}
	if failure, ok := v.(*value.Error); ok && failure.Fatal {
		return nil, failure
	}
	return v, nil
}

func readVariable(args ...any) (any, error) {
	return result(args[0].(*run).read(args[1].(*reference)))
}

func lookupProperty(args ...any) (any, error) {
	r := args[0].(*run)
	return result(value.LookupProperty(r.rt, r.operand(args[1]), args[2].(string)))
}

func lookupIndex(args ...any) (any, error) {
	r := args[0].(*run)
	return result(value.LookupIndex(r.rt, r.operand(args[1]), r.operand(args[2])))
}

func negate(args ...any) (any, error) {
	r := args[0].(*run)
	return result(value.Negate(r.rt, r.operand(args[1])))
}

// binary gives the operation of a binary operator.
func binary(op string) operation {
	apply := binaryOperator(op)
	return func(args ...any) (any, error) {
		r := args[0].(*run)
		x, y := r.operand(args[1]), r.operand(args[2])
		if failure := r.rt.Read(x, y); failure != nil {
			return nil, failure
		}
		return result(apply(r.rt, x, y))
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
	return func(args ...any) (any, error) {
		r := args[0].(*run)
		base := len(r.args)
		for _, arg := range args[1:] {
			r.args = append(r.args, r.operand(arg))
		}
		v := r.rt.Invoke(function, r.args[base:])
		r.args = r.args[:base]
		return result(v)
	}
}

// callValue calls whatever the callee's value is: (run, callee, callee's text, arguments...).
func callValue(args ...any) (any, error) {
	switch callee := args[0].(*run).operand(args[1]).(type) {
	case *value.Error:
		return result(callee)
	case *value.Function:
		return callFunction(callee)(append([]any{args[0]}, args[3:]...)...)
	}
	return result(&value.Error{Code: "not_a_function", Message: args[2].(string) + " is not a function"})
}

// test gives the truth of if's first argument. An error counts as not true and waits for finishIf.
func test(args ...any) (any, error) {
	r := args[0].(*run)
	truth, failure := value.ToBoolean(r.operand(args[1]))
	r.failedTest = failure
	return failure == nil && truth, nil
}

// testFailed reports whether the test before was an error: then neither branch runs.
func testFailed(args ...any) (any, error) { return args[0].(*run).failedTest != nil, nil }

// finishIf does for `if` what Invoke does for other functions: it charges the result and names errors.
func finishIf(args ...any) (any, error) {
	r := args[0].(*run)
	if failure := r.failedTest; failure != nil {
		r.failedTest = nil
		return result(r.rt.Finish("if", failure))
	}
	return result(r.rt.Finish("if", r.operand(args[1])))
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

func parameter(args ...any) (any, error) {
	r, place := args[0].(*run), args[1].(paramPlace)
	f := r.frame
	for range place.depth {
		f = f.parent
	}
	return result(f.args[place.index])
}

// makeClosure makes the function value of a closureBody: it sees the arguments of the calls around it.
func makeClosure(args ...any) (any, error) {
	r, body := args[0].(*run), args[1].(*closureBody)
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
	}}, nil
}
