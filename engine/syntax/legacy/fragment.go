package legacy

import (
	"strconv"
	"strings"
	"unicode"
)

// valueKind is what is known about the type of a fragment's value.
type valueKind uint8

const (
	unknownKind valueKind = iota
	numberKind
	dateTimeKind
	dateKind
	timeKind
)

// isMoment tells whether days can be added to a value.
func (k valueKind) isMoment() bool { return k == dateTimeKind || k == dateKind }

func (k valueKind) isTemporal() bool { return k.isMoment() || k == timeKind }

// The levels of operators go on, to the tightest.
const (
	unaryLevel = 7
	atomLevel  = 8
)

// fragment is source of the current language.
type fragment struct {
	text  string
	level int // of the operator that binds least
	kind  valueKind
	plain bool // a variable that can stand in a template without parentheses
}

// atom gives a fragment that never needs parentheses round it.
func atom(text string, kind valueKind) fragment {
	return fragment{text: text, level: atomLevel, kind: kind}
}

// join joins source, unless it grows too long: see maxGrowth.
func (r *rewriter) join(parts ...string) string {
	length := 0
	for _, part := range parts {
		length += len(part)
	}
	if length > r.room {
		r.refuse("too_complex", "expression grows too long when it is rewritten", "split the expression")
	}
	if r.refusal != nil {
		return ""
	}
	return strings.Join(parts, "")
}

// call gives a call of a function of the current language.
func (r *rewriter) call(name string, args ...fragment) fragment {
	parts := make([]string, 0, 2*len(args)+2)
	parts = append(parts, name, "(")
	for i, arg := range args {
		if i > 0 {
			parts = append(parts, ", ")
		}
		parts = append(parts, arg.text)
	}
	return atom(r.join(append(parts, ")")...), unknownKind)
}

// typed gives a call whose result has a known type.
func (r *rewriter) typed(kind valueKind, name string, args ...fragment) fragment {
	f := r.call(name, args...)
	f.kind = kind
	return f
}

// binary gives an operation. Operands that bind less get parentheses; so does an equal one on the right, except where
// that makes no difference to the value.
func (r *rewriter) binary(x fragment, operator string, y fragment) fragment {
	own := level(tokenKind(operator))
	least := own + 1
	if operator == "&" || operator == "+" {
		least = own
	}
	f := fragment{text: r.join(r.within(x, own), " ", operator, " ", r.within(y, least)), level: own}
	switch operator {
	case "+", "-", "*", "/", "^":
		f.kind = numberKind
	}
	return f
}

func (r *rewriter) negate(x fragment) fragment {
	return fragment{text: r.join("-", r.within(x, unaryLevel)), level: unaryLevel, kind: x.kind}
}

// within gives the source of an operand, in parentheses if it binds less than it has to.
func (r *rewriter) within(f fragment, least int) string {
	if f.level < least {
		return r.join("(", f.text, ")")
	}
	return f.text
}

// path gives a lookup. Segments that are no names go into brackets.
func (r *rewriter) path(root string, segments ...string) fragment {
	parts := append(make([]string, 0, 1+3*len(segments)), root)
	plain := true
	for _, segment := range segments {
		if isName(segment) {
			parts = append(parts, ".", segment)
			continue
		}
		parts = append(parts, "[", strconv.Quote(segment), "]")
		plain = false
	}
	return fragment{text: r.join(parts...), level: atomLevel, plain: plain}
}

// isName tells whether a text is a name in the current language. Keywords are none, and `½` counts as a digit only in
// templates.
func isName(text string) bool {
	for i, c := range text {
		if c != '_' && !unicode.IsLetter(c) && (i == 0 || !unicode.IsDigit(c)) {
			return false
		}
	}
	return text != "" && !isKeyword(text)
}

func isKeyword(name string) bool {
	switch strings.ToLower(name) {
	case "true", "false", "null":
		return true
	}
	return false
}

// text gives a text literal. No literal can end in a backslash, since the backslash would protect the quote behind it.
func (r *rewriter) text(value string) fragment {
	head := strings.TrimRight(value, `\`)
	backslashes := len(value) - len(head)
	if backslashes == 0 {
		return atom(r.join(quote(head)), unknownKind)
	}
	tail := r.join(strings.Repeat(" & char(92)", backslashes))
	if head == "" {
		tail = strings.TrimPrefix(tail, " & ")
	} else {
		tail = r.join(quote(head), tail)
	}
	return fragment{text: tail, level: lowest}
}

// quote writes a text literal. It stays as the author wrote it where that stands for itself: `"\d+"` does, since a
// literal in which any escape is not legal is not decoded at all.
func quote(value string) string {
	if isVerbatim(value) {
		return `"` + value + `"`
	}
	var quoted strings.Builder
	quoted.WriteByte('"')
	for i := range len(value) {
		quoteByte(&quoted, value[i])
	}
	quoted.WriteByte('"')
	return quoted.String()
}

func quoteByte(quoted *strings.Builder, c byte) {
	switch {
	case c == '"' || c == '\\':
		quoted.WriteByte('\\')
		quoted.WriteByte(c)
	case isControl(rune(c)):
		escaped := strconv.Quote(string(rune(c)))
		quoted.WriteString(escaped[1 : len(escaped)-1])
	default:
		quoted.WriteByte(c)
	}
}

func isVerbatim(value string) bool {
	if strings.ContainsRune(value, '"') || strings.ContainsFunc(value, isControl) {
		return false
	}
	decoded, err := strconv.Unquote(`"` + value + `"`)
	return err != nil || decoded == value
}

func isControl(c rune) bool { return c < ' ' || c == 0x7f }
