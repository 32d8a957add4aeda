package engine

import (
	"strings"
	"time"

	"github.com/flowexpr/flowexpr/engine/diag"
	"github.com/flowexpr/flowexpr/engine/funcs"
	"github.com/flowexpr/flowexpr/engine/syntax"
	"github.com/flowexpr/flowexpr/engine/value"
	"github.com/flowexpr/flowexpr/vars"
)

// call checks a call.
func (c *checker) call(n *syntax.Call) fact {
	function := c.callee(n.Callee)
	if function == nil {
		return c.callOther(n)
	}
	c.functions[function.Name] = true
	if failure := c.miscounted(function, len(n.Args)); failure != nil {
		c.at(diag.Diagnostic{
			Severity: diag.Error, Code: failure.Code, Message: failure.Message, Hint: "write it as " + function.Signature(), Span: n.Callee.Span(),
		})
		c.arguments(n.Args)
		return failed
	}
	switch function.Name {
	case "if":
		return c.choice(n)
	case "and", "or":
		return c.logic(n, function)
	case "default", "is_error", "has_error", "format": // these take errors as they take values
		c.lenient++
		defer func() { c.lenient-- }()
		c.arguments(n.Args)
		return fact{typ: resultType(function)}
	}
	return c.called(n, function, c.arguments(n.Args))
}

// callee gives the function of the library that a call names, nil when it is called in another way.
func (c *checker) callee(n syntax.Node) *funcs.Function {
	name, ok := n.(*syntax.Name)
	if !ok || c.isParameter(name.Name) {
		return nil
	}
	if _, source := c.options.Roots.Find(name.Name); source != vars.NoRoot {
		return nil
	}
	function, _ := c.engine.library.Lookup(strings.ToLower(name.Name))
	return function
}

// miscounted gives the error of a call with a number of arguments that the function does not take, else nil.
func (c *checker) miscounted(function *funcs.Function, got int) *value.Error {
	least, most := function.Arguments()
	pairs := function.Name == "object" && got%2 != 0
	if got >= least && (most < 0 || got <= most) && !pairs {
		return nil
	}
	failure, _ := c.rt.Invoke(function.Value, make([]value.Value, got)).(*value.Error)
	if failure != nil && failure.Fatal {
		failure = value.WrongArguments(least, most, got)
	}
	if failure != nil && pairs {
		failure = &value.Error{Code: value.CodeWrongArguments, Message: failure.Message}
	}
	return failure
}

func (c *checker) arguments(args []syntax.Node) []fact {
	facts := make([]fact, len(args))
	for i := range args {
		facts[i] = c.node(args[i])
	}
	return facts
}

// called gives what is known of a call's result: its value, where function and arguments are constant.
func (c *checker) called(n *syntax.Call, function *funcs.Function, args []fact) fact {
	constant, values := function.Pure(), make([]value.Value, len(args))
	for i := range args {
		if args[i].failed {
			return failed
		}
		constant = constant && args[i].constant
		values[i] = args[i].value
	}
	if constant {
		return c.computed(n, c.rt.Invoke(function.Value, values))
	}
	if !c.sampled(n, function, args) {
		return failed
	}
	return fact{typ: resultType(function)}
}

// sampled tries a unit or a layout that is constant on sample values: what is wrong with it is wrong whatever the date.
// It reports whether nothing is.
func (c *checker) sampled(n *syntax.Call, function *funcs.Function, args []fact) bool {
	at, values := -1, []value.Value{}
	for i := range min(len(args), len(function.Params)) {
		param := function.Params[i]
		if (param.Name == "unit" || param.Name == "layout") && args[i].constant {
			at = i
			values = append(values, args[i].value)
			break
		}
		v, ok := sample(param.Type)
		if !ok {
			return true
		}
		values = append(values, v)
	}
	if at < 0 {
		return true
	}
	failure, ok := c.rt.Invoke(function.Value, values).(*value.Error)
	if !ok || failure.Fatal {
		return true
	}
	d := diag.Diagnostic{Severity: diag.Error, Code: failure.Code, Message: failure.Message, Span: n.Args[at].Span()}
	if function.Params[at].Name == "unit" {
		d.Hint = "days are D, weeks W, months M, years Y; hours are h, minutes m, seconds s"
	}
	c.at(d)
	return false
}

// sample gives a value of a type; those of which any will do.
func sample(typ string) (value.Value, bool) {
	day := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	switch typ {
	case typeDate, typeDateTime:
		return value.NewDateTime(day), true
	case typeTime:
		return value.NewTime(day.Hour(), 0, 0, 0), true
	case "integer":
		return value.NewNumber(value.NewInt(1)), true
	}
	return nil, false
}

// resultType gives the type of a function's result, empty where it has several.
func resultType(function *funcs.Function) string {
	switch function.Result {
	case "any":
		return ""
	case "integer":
		return typeNumber
	}
	return function.Result
}

// choice checks `if`: the branch that a constant test never takes may hold what it will.
func (c *checker) choice(n *syntax.Call) fact {
	test := c.node(n.Args[0])
	truth, known := truthOf(test)
	var branches [2]fact
	for i := range branches {
		unreached := known && truth == (i == 1)
		if unreached {
			c.lenient++
		}
		branches[i] = c.node(n.Args[i+1])
		if unreached {
			c.lenient--
		}
	}
	taken := branches[0]
	if known {
		c.constantCondition(n, n.Args[0], truth)
		if !truth {
			taken = branches[1]
		}
		return taken
	}
	if test.failed || branches[0].failed && branches[1].failed {
		return failed
	}
	if branches[0].typ == branches[1].typ {
		return fact{typ: branches[0].typ}
	}
	return fact{}
}

// truthOf gives the truth of a value that is known.
func truthOf(f fact) (truth, known bool) {
	if !f.constant {
		return false, false
	}
	b, failure := value.ToBoolean(f.value)
	return b, failure == nil
}

// logic checks `and` and `or`: after the argument that decides, nothing is looked at.
func (c *checker) logic(n *syntax.Call, function *funcs.Function) fact {
	decided := false
	allFailed := false
	for i, arg := range n.Args {
		if decided {
			c.lenient++
		}
		f := c.node(arg)
		if decided {
			c.lenient--
		}
		allFailed = allFailed || i == 0 && f.failed
		if truth, known := truthOf(f); known {
			c.constantCondition(n, arg, truth)
			decided = decided || truth == (function.Name == "or")
		}
	}
	if allFailed {
		return failed
	}
	return fact{typ: typeBoolean}
}

// constantCondition warns of a test that gives the same in every evaluation.
func (c *checker) constantCondition(call *syntax.Call, test syntax.Node, truth bool) {
	d := diag.Diagnostic{Severity: diag.Warning, Code: "constant_condition", Message: "this condition is never met", Span: test.Span(), Hint: "test a variable, or leave it out"}
	if truth {
		d.Message = "this condition is always met"
	}
	if name, _ := call.Callee.(*syntax.Name); strings.EqualFold(name.Name, "if") {
		branch := call.Args[1]
		if !truth {
			branch = call.Args[2]
		}
		d.Fix = &diag.Fix{Span: call.Span(), Replacement: c.operand(branch, call)}
		d.Hint = "write " + shorten(d.Fix.Replacement) + " alone, or a test that reads a variable"
	}
	c.at(d)
}

// operand gives the source of a node to be put in the place of another, in parentheses where it could join with what
// stands around that.
func (c *checker) operand(n, place syntax.Node) string {
	if strings.TrimSpace(c.block.Text) == c.source(place) {
		return c.source(n)
	}
	switch n.(type) {
	case *syntax.Binary, *syntax.Negate, *syntax.Lambda:
		return "(" + c.source(n) + ")"
	}
	return c.source(n)
}

const maxQuoted = 60 // bytes of source in a hint

func shorten(source string) string {
	if len(source) > maxQuoted || strings.Contains(source, "\n") {
		return "what it gives"
	}
	return source
}

// callOther checks a call of something else than a function of the library.
func (c *checker) callOther(n *syntax.Call) fact {
	if name, ok := n.Callee.(*syntax.Name); ok && !c.isParameter(name.Name) {
		if _, source := c.options.Roots.Find(name.Name); source == vars.NoRoot {
			c.unknownFunction(dottedName{name.Name, name.Span()})
			c.arguments(n.Args)
			return failed
		}
	}
	callee := c.node(n.Callee)
	c.arguments(n.Args)
	switch {
	case callee.failed:
		return failed
	case callee.constant || callee.typ != "" && callee.typ != typeFunction:
		source := strings.ToLower(withoutSpace(c.source(n.Callee)))
		c.at(diag.Diagnostic{Severity: diag.Error, Code: value.CodeNotAFunction, Message: source + " is not a function", Span: n.Callee.Span()})
		return failed
	}
	return fact{}
}
