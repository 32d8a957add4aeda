package legacy

import (
	"slices"
	"strconv"
	"strings"
)

// rule says what becomes of a function.
type rule struct {
	legacy  string
	current string // the name now, empty for those that become something else than a call
	kind    valueKind
	min     int // arguments that the current form needs
	max     int // arguments that it has a place for
	// build makes the current form; nil where only the name changes. It gets min to max arguments.
	build func(r *rewriter, n *node, args []fragment) fragment
}

const many = 1 << 20 // arguments: more than there can be

// rules are sorted by the legacy name.
var rules = [...]rule{
	{"abs", "abs", numberKind, 0, many, nil},
	{"and", "and", unknownKind, 0, many, nil},
	{"average", "mean", numberKind, 1, many, nil},
	{"char", "char", unknownKind, 0, many, nil},
	{"clean", "clean", unknownKind, 0, many, nil},
	{"code", "code", numberKind, 0, many, nil},
	{"concatenate", "", unknownKind, 1, many, concatenate},
	{"date", "date_from_parts", dateKind, 3, 3, nil},
	{"datedif", "datetime_diff", numberKind, 3, 3, dateDif},
	{"datevalue", "date", dateKind, 1, 1, nil},
	{"day", "format_date", numberKind, 1, 1, withLayout("format_date", "D")},
	{"days", "datetime_diff", numberKind, 2, 2, days},
	{"edate", "datetime_add", dateTimeKind, 2, 2, addMonths},
	{"epoch", "epoch", numberKind, 0, many, nil},
	{"exp", "", numberKind, 1, 1, exp},
	{"false", "", unknownKind, 0, 0, literal("false")},
	{"field", "field", unknownKind, 2, 3, field},
	{"first_word", "word", unknownKind, 1, 2, firstWord},
	{"fixed", "format_number", unknownKind, 1, 3, fixed},
	{"format_date", "format_datetime", unknownKind, 1, 3, nil},
	{"format_location", "format_location", unknownKind, 0, many, nil},
	{"hour", "format_datetime", numberKind, 1, 1, withLayout("format_datetime", "tt")},
	{"if", "if", unknownKind, 1, 3, ifElse},
	{"int", "round_down", numberKind, 1, 1, nil},
	{"left", "text_slice", unknownKind, 2, 2, left},
	{"len", "text_length", numberKind, 1, 1, nil},
	{"lower", "lower", unknownKind, 0, many, nil},
	{"max", "max", numberKind, 0, many, nil},
	{"min", "min", numberKind, 0, many, nil},
	{"minute", "format_datetime", numberKind, 1, 1, withLayout("format_datetime", "m")},
	{"mod", "mod", numberKind, 0, many, nil},
	{"month", "format_date", numberKind, 1, 1, withLayout("format_date", "M")},
	{"now", "now", dateTimeKind, 0, many, nil},
	{"or", "or", unknownKind, 0, many, nil},
	{"percent", "percent", unknownKind, 0, many, nil},
	{"power", "", numberKind, 2, 2, power},
	{"proper", "title", unknownKind, 1, 1, nil},
	{"rand", "rand", numberKind, 0, many, nil},
	{"randbetween", "rand_between", numberKind, 2, 2, nil},
	{"read_digits", "read_chars", unknownKind, 1, 1, nil},
	{"regex_group", "regex_match", unknownKind, 2, 3, nil},
	{"remove_first_word", "remove_first_word", unknownKind, 1, 1, nil},
	{"rept", "repeat", unknownKind, 2, 2, nil},
	{"right", "text_slice", unknownKind, 2, 2, right},
	{"round", "round", numberKind, 0, many, nil},
	{"rounddown", "round_down", numberKind, 1, 2, rounded("round_down")},
	{"roundup", "round_up", numberKind, 1, 2, rounded("round_up")},
	{"second", "format_datetime", numberKind, 1, 1, withLayout("format_datetime", "s")},
	{"substitute", "replace", unknownKind, 3, 4, substitute},
	{"sum", "", numberKind, 1, many, sum},
	{"time", "time_from_parts", timeKind, 3, 3, nil},
	{"timevalue", "time", timeKind, 1, 1, nil},
	{"today", "today", dateKind, 0, many, nil},
	{"true", "", unknownKind, 0, 0, literal("true")},
	{"trunc", "round_down", numberKind, 1, 2, rounded("round_down")},
	{"unichar", "char", unknownKind, 1, 1, nil},
	{"unicode", "code", numberKind, 1, 1, nil},
	{"upper", "upper", unknownKind, 0, many, nil},
	{"weekday", "", numberKind, 1, 1, weekday},
	{"word", "word", unknownKind, 2, 3, word},
	{"word_count", "word_count", numberKind, 1, 2, wordCount},
	{"word_slice", "word_slice", unknownKind, 2, 4, wordSlice},
	{"year", "format_date", numberKind, 1, 1, withLayout("format_date", "YYYY")},
}

// ruleOf finds the rule of a function.
func ruleOf(name string) (*rule, bool) {
	i, ok := slices.BinarySearchFunc(rules[:], name, func(r rule, name string) int { return strings.Compare(r.legacy, name) })
	if !ok {
		return nil, false
	}
	return &rules[i], true
}

// function rewrites a call.
func (r *rewriter) function(n *node) fragment {
	args := make([]fragment, len(n.args))
	for i, arg := range n.args {
		args[i] = r.rewrite(arg)
	}
	found, ok := ruleOf(n.text)
	switch {
	case !ok:
		r.noteAs("unknown_function", n, n.text+" is not a legacy function: it is left as it is", "")
		return r.call(n.text, args...)
	case len(args) < found.min || len(args) > found.max:
		r.noteAs("wrong_argument_count", n, strings.ToUpper(n.text)+" cannot have "+arguments(len(args)), "")
		return r.typed(found.kind, found.name(), args...)
	case found.build == nil:
		return r.typed(found.kind, found.current, args...)
	}
	f := found.build(r, n, args)
	f.kind = found.kind
	return f
}

// name gives the name of a function that is called whatever its arguments are.
func (f *rule) name() string {
	if f.current == "" {
		return f.legacy
	}
	return f.current
}

func arguments(n int) string {
	if n == 1 {
		return "1 argument"
	}
	return strconv.Itoa(n) + " arguments"
}
