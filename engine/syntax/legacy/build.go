package legacy

import (
	"strconv"
	"strings"
)

// The functions of this file make what becomes of calls that change more than their name. They get as many arguments
// as the rule allows.

type builder = func(r *rewriter, n *node, args []fragment) fragment

func literal(text string) builder {
	return func(*rewriter, *node, []fragment) fragment { return atom(text, unknownKind) }
}

func withLayout(function, layout string) builder {
	return func(r *rewriter, _ *node, args []fragment) fragment {
		return r.call(function, args[0], r.text(layout))
	}
}

func concatenate(r *rewriter, _ *node, args []fragment) fragment { return r.chain("&", args) }

func sum(r *rewriter, _ *node, args []fragment) fragment { return r.chain("+", args) }

// chain joins fragments by an operator.
func (r *rewriter) chain(operator string, args []fragment) fragment {
	whole := args[0]
	for _, arg := range args[1:] {
		whole = r.binary(whole, operator, arg)
	}
	return whole.inExpression()
}

func power(r *rewriter, _ *node, args []fragment) fragment { return r.binary(args[0], "^", args[1]) }

func exp(r *rewriter, _ *node, args []fragment) fragment {
	return r.binary(atom("2.718281828459045", numberKind), "^", args[0])
}

func weekday(r *rewriter, _ *node, args []fragment) fragment {
	return r.binary(r.call("weekday", args[0]), "+", atom("1", numberKind))
}

// dateDif writes the unit in the upper case that the current language wants: there `m` is minutes.
func dateDif(r *rewriter, n *node, args []fragment) fragment {
	unit := r.call("upper", args[2])
	if written := n.args[2].inside(); written.kind == textNode {
		unit = r.dateUnit(n, written.text)
	}
	return r.call("datetime_diff", args[0], args[1], unit)
}

func (r *rewriter) dateUnit(n *node, unit string) fragment {
	switch upper := strings.ToUpper(unit); upper {
	case "D", "M", "Y":
		return r.text(upper)
	}
	r.note(n, "datetime_diff has no such unit as "+unit, "use D, W, M or Y, or h, m or s")
	return r.text(unit)
}

func days(r *rewriter, _ *node, args []fragment) fragment {
	return r.call("datetime_diff", args[1], args[0], r.text("D"))
}

func addMonths(r *rewriter, _ *node, args []fragment) fragment {
	return r.call("datetime_add", args[0], args[1], r.text("M"))
}

// ifElse adds what a legacy IF gave by default.
func ifElse(r *rewriter, _ *node, args []fragment) fragment {
	defaults := []fragment{{}, atom("0", numberKind), atom("false", unknownKind)}
	return r.call("if", append(args, defaults[len(args):]...)...)
}

func left(r *rewriter, _ *node, args []fragment) fragment {
	return r.call("text_slice", args[0], atom("0", numberKind), args[1])
}

func right(r *rewriter, _ *node, args []fragment) fragment {
	return r.call("text_slice", args[0], r.negate(args[1]))
}

// fixed writes the two decimal places of the default. Its last argument asked for no grouping, now it asks for it.
func fixed(r *rewriter, _ *node, args []fragment) fragment {
	switch len(args) {
	case 1:
		args = append(args, atom("2", numberKind))
	case 3:
		args[2] = r.not(args[2])
	}
	return r.call("format_number", args...)
}

func (r *rewriter) not(f fragment) fragment {
	switch f.text {
	case "true":
		return atom("false", unknownKind)
	case "false":
		return atom("true", unknownKind)
	}
	return r.call("if", f, atom("false", unknownKind), atom("true", unknownKind))
}

// rounded tells of numbers below zero, which legacy rounding moved to zero or away from it.
func rounded(function string) builder {
	return func(r *rewriter, n *node, args []fragment) fragment {
		if n.args[0].inside().kind != numberNode {
			r.note(n, function+" rounds numbers below zero the other way than "+strings.ToUpper(n.text),
				"check it if the number can be negative")
		}
		return r.call(function, args...)
	}
}

func substitute(r *rewriter, n *node, args []fragment) fragment {
	if len(args) == 4 && args[3].text != "1" {
		r.note(n, "the last argument said which occurrence to replace, now it says how many", "check the last argument")
	}
	return r.call("replace", args...)
}

// The legacy functions of words and fields count from 1, the current ones from 0.

func field(r *rewriter, _ *node, args []fragment) fragment {
	if len(args) == 2 {
		args = append(args, r.text(" "))
	}
	return r.call("field", args[0], r.lessOne(args[1]), args[2])
}

func firstWord(r *rewriter, _ *node, args []fragment) fragment {
	return r.call("word", append([]fragment{args[0], atom("0", numberKind)}, r.delimiters(args[1:])...)...)
}

func word(r *rewriter, _ *node, args []fragment) fragment {
	return r.call("word", append([]fragment{args[0], r.lessOne(args[1])}, r.delimiters(args[2:])...)...)
}

func wordCount(r *rewriter, _ *node, args []fragment) fragment {
	return r.call("word_count", append(args[:1:1], r.delimiters(args[1:])...)...)
}

func wordSlice(r *rewriter, n *node, args []fragment) fragment {
	changed := []fragment{args[0], r.lessOne(args[1])}
	if len(args) > 2 {
		changed = append(changed, r.lessOne(args[2]))
		if strings.HasPrefix(args[2].text, "-") {
			r.note(n, "an end below zero counted from the last word, now it means the last word", "use word_count(…)")
		}
		changed = append(changed, r.delimiters(args[3:])...)
	}
	return r.call("word_slice", changed...)
}

// lessOne subtracts one from an index. Those below zero count from the end in both languages.
func (r *rewriter) lessOne(index fragment) fragment {
	if positive, negative := strings.CutPrefix(index.text, "-"); negative && isInteger(positive) {
		return index
	}
	if n, ok := integerBefore(index.text); ok {
		return atom(n, numberKind)
	}
	return r.binary(index, "-", atom("1", numberKind))
}

// delimiters rewrites the argument that said whether only spaces part words.
func (r *rewriter) delimiters(bySpaces []fragment) []fragment {
	if len(bySpaces) == 0 {
		return nil
	}
	blanks, none := r.text(" \t"), atom("NULL", unknownKind)
	switch f := bySpaces[0]; f.text {
	case "true":
		return []fragment{blanks}
	case "false":
		return []fragment{none}
	default:
		return []fragment{r.call("if", f, blanks, none)}
	}
}

// integerBefore gives the integer before the one that a text is. One too large to count with is none.
func integerBefore(text string) (before string, ok bool) {
	n, err := strconv.Atoi(text)
	if err != nil || !isInteger(text) {
		return "", false
	}
	return strconv.Itoa(n - 1), true
}
