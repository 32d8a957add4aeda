package legacy

import (
	"strings"
	"unicode"

	"github.com/flowexpr/flowexpr/engine/diag"
)

// maxGrowth is what a rewritten block may have over four times the length of the old one, in bytes. Adding a time to a
// moment writes the time twice, so that a few lines of nested sums could fill the memory.
const maxGrowth = 32 << 10

// rewriter rewrites one block.
type rewriter struct {
	options Options
	room    int // for source, in bytes
	notes   []diag.Diagnostic
	refusal *diag.Diagnostic // why the block cannot be rewritten
}

func (r *rewriter) refuse(code, message, hint string) {
	if r.refusal == nil {
		r.refusal = &diag.Diagnostic{Code: code, Message: message, Hint: hint}
	}
}

// note adds a note on something that has no exact equivalent.
func (r *rewriter) note(n *node, message, hint string) {
	r.noteAs("no_exact_equivalent", n, message, hint)
}

func (r *rewriter) noteAs(code string, n *node, message, hint string) {
	r.notes = append(r.notes, diag.Diagnostic{Code: code, Message: message, Hint: hint, Span: n.span})
}

// rewrite gives the new source of a tree.
func (r *rewriter) rewrite(n *node) fragment {
	switch n.kind {
	case numberNode:
		return atom(n.text, numberKind)
	case textNode:
		return r.text(n.text)
	case booleanNode:
		return atom(n.text, unknownKind)
	case variableNode:
		return r.variable(n)
	case callNode:
		return r.function(n)
	case negateNode:
		x := r.negate(r.rewrite(n.args[0]))
		x.kind = numberKind
		return x
	case parenNode:
		x := r.rewrite(n.args[0])
		return atom(r.join("(", x.text, ")"), x.kind)
	}
	return r.operation(n)
}

func (r *rewriter) operation(n *node) fragment {
	x, y := r.rewrite(n.args[0]), r.rewrite(n.args[1])
	switch n.text {
	case "+", "-":
		return r.sum(n, x, y)
	case "<>":
		r.noteCase(n)
		return r.binary(x, "!=", y)
	case "=":
		r.noteCase(n)
	case "<", "<=", ">", ">=":
		r.noteOrder(n, x, y)
	}
	return r.binary(x, n.text, y)
}

// noteCase tells of comparisons with a text that has letters.
func (r *rewriter) noteCase(n *node) {
	for _, arg := range n.args {
		if arg = arg.inside(); arg.kind == textNode && strings.ContainsFunc(arg.text, unicode.IsLetter) {
			r.note(n, "texts were equal whatever their letter case, and are now compared exactly",
				"write lower(…) round both sides if the case does not matter")
			return
		}
	}
}

// noteOrder tells of comparisons that are not between numbers.
func (r *rewriter) noteOrder(n *node, x, y fragment) {
	isText := func(arg *node) bool {
		arg = arg.inside()
		return arg.kind == textNode && strings.Trim(arg.text, "0123456789. ") != ""
	}
	if x.kind.isTemporal() || y.kind.isTemporal() || isText(n.args[0]) || isText(n.args[1]) {
		r.note(n, "dates and texts were compared too, `"+n.text+"` now compares numbers only",
			"compare epoch(…) of both dates, or the result of datetime_diff(…) with 0")
	}
}

// sum rewrites additions and subtractions, which the current language knows of numbers only.
func (r *rewriter) sum(n *node, x, y fragment) fragment {
	plus := n.text == "+"
	if plus && addsTo(x, y) {
		x, y = y, x
	}
	switch {
	case x.kind == numberKind && y.kind == numberKind:
		return r.binary(x, n.text, y)
	case x.kind.isMoment() && y.kind == numberKind:
		return r.addDays(x, r.signed(plus, y))
	case x.kind == dateTimeKind && y.kind == timeKind:
		return r.typed(dateTimeKind, "datetime_add", x, r.signed(plus, r.minutes(y)), r.text("m"))
	case plus && y.kind == timeKind && (x.kind == dateKind || x.kind == unknownKind):
		return r.typed(dateTimeKind, "replace_time", x, y)
	}
	if x.kind.isTemporal() && y.kind.isTemporal() || x.kind == timeKind || y.kind == timeKind || !plus && y.kind.isTemporal() {
		r.note(n, "no function of the current language adds or subtracts these", "use datetime_diff(…) to subtract dates")
	}
	return r.call("legacy_add", x, r.signed(plus, y))
}

// addsTo tells whether the first operand of an addition is what is added to the second.
func addsTo(x, y fragment) bool {
	switch x.kind {
	case numberKind:
		return y.kind.isMoment()
	case timeKind:
		return y.kind.isMoment() || y.kind == unknownKind
	}
	return false
}

// addDays adds days to a moment. What was a date prints as one.
func (r *rewriter) addDays(moment, days fragment) fragment {
	sum := r.typed(dateTimeKind, "datetime_add", moment, days, r.text("D"))
	if moment.kind == dateKind {
		return r.date(sum)
	}
	return sum
}

// date makes a moment print as a date.
func (r *rewriter) date(moment fragment) fragment {
	moment.kind = dateKind
	if r.options.RawDates {
		return moment
	}
	return r.typed(dateKind, "format_date", moment)
}

// minutes gives the minutes of a time of day.
func (r *rewriter) minutes(time fragment) fragment {
	hours := r.binary(r.call("format_time", time, r.text("tt")), "*", atom("60", numberKind))
	return r.binary(hours, "+", r.call("format_time", time, r.text("m")))
}

func (r *rewriter) signed(plus bool, x fragment) fragment {
	if plus {
		return x
	}
	return r.negate(x)
}

// finish does to a whole block what the options ask for.
func (r *rewriter) finish(f fragment, source string) fragment {
	if r.options.URLEncode {
		f = r.call("url_encode", f)
	}
	if r.options.EchoOnError {
		f = r.call("if", r.call("is_error", f), r.text(source), f)
	}
	if nesting(f.text) > maxNesting {
		r.refuse("nesting_too_deep", "expression nesting too deep when it is rewritten", "split the expression")
	}
	return f
}

// nesting measures how deep brackets stand inside each other. As the current language counts, those in quotes count
// too.
func nesting(source string) int {
	depth, deepest := 0, 0
	for i := range len(source) {
		switch source[i] {
		case '(', '[', '{':
			depth++
			deepest = max(deepest, depth)
		case ')', ']', '}':
			depth--
		}
	}
	return deepest
}
