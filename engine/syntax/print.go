package syntax

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Print writes an expression in its canonical form: one space around operators, keywords in lower case, and such
// parentheses as the tree has or needs. Parsed again, it gives the same tree.
func Print(n Node) string {
	text := string((&printer{}).append(nil, n, 0))
	if tooDeep(text) >= 0 { // brackets in texts count against the limit, so hide them
		text = string((&printer{hideBrackets: true}).append(nil, n, 0))
	}
	return text
}

type printer struct{ hideBrackets bool }

// Levels of what is not a binary operator, above those of level.
const (
	negateLevel  = 7
	literalLevel = 8 // what nothing can be looked up in
	primaryLevel = 9
)

// append appends a node, in parentheses where one of at least that level has to stand.
func (p *printer) append(dst []byte, n Node, least int) []byte {
	if levelOf(n) < least {
		return append(p.append(append(dst, '('), n, 0), ')')
	}
	switch n := n.(type) {
	case *Text:
		return append(dst, p.quote(n.Value)...)
	case *Number:
		return append(dst, n.Raw...)
	case *Boolean:
		return strconv.AppendBool(dst, n.Value)
	case *Null:
		return append(dst, "null"...)
	case *Name:
		return append(dst, n.Name...)
	case *Dot:
		return p.appendDot(dst, n)
	case *Index:
		dst = append(p.append(dst, n.Of, primaryLevel), '[')
		return append(p.append(dst, n.Index, 0), ']')
	case *Call:
		return p.appendCall(dst, n)
	case *Negate:
		return p.appendLast(append(dst, '-'), n.X, negateLevel)
	case *Binary:
		own := level(kind(n.Op))
		left := own
		if endsInLambda(n.X) { // whose body would take the operator
			left = primaryLevel
		}
		dst = append(p.append(dst, n.X, left), " "+n.Op+" "...)
		return p.appendLast(dst, n.Y, own+1)
	case *Paren:
		return append(p.append(append(dst, '('), n.X, 0), ')')
	case *Lambda:
		dst = append(dst, "("+strings.Join(n.Params, ", ")+") => "...)
		return p.append(dst, n.Body, 0)
	}
	return dst
}

// appendLast appends the last operand of an operation. A function needs no parentheses there.
func (p *printer) appendLast(dst []byte, n Node, least int) []byte {
	if _, ok := n.(*Lambda); ok {
		least = 0
	}
	return p.append(dst, n, least)
}

// endsInLambda tells whether a node, printed, ends with the body of a function.
func endsInLambda(n Node) bool {
	switch n := n.(type) {
	case *Lambda:
		return true
	case *Binary:
		return endsInLambda(n.Y)
	case *Negate:
		return endsInLambda(n.X)
	}
	return false
}

// levelOf gives the level of a node: one of a lower level than its place asks for needs parentheses.
func levelOf(n Node) int {
	switch n := n.(type) {
	case *Lambda:
		return 0
	case *Binary:
		return level(kind(n.Op))
	case *Negate:
		return negateLevel
	case *Text, *Number, *Boolean, *Null:
		return literalLevel
	}
	return primaryLevel
}

// appendDot keeps two whole numbers apart, which would be read as a decimal.
func (p *printer) appendDot(dst []byte, n *Dot) []byte {
	dst = p.append(dst, n.Of, primaryLevel)
	if of, ok := n.Of.(*Dot); ok && digits(of.Name) > 0 && digits(n.Name) > 0 {
		dst = append(dst, ' ')
	}
	return append(append(dst, '.'), n.Name...)
}

func (p *printer) appendCall(dst []byte, n *Call) []byte {
	dst = append(p.append(dst, n.Callee, primaryLevel), '(')
	for i, arg := range n.Args {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = p.append(dst, arg, 0)
	}
	return append(dst, ')')
}

// quote writes a text literal: as it is if that stands for the text, as with regular expressions, else with escapes.
func (p *printer) quote(text string) string {
	if p.hideBrackets {
		return strings.NewReplacer("(", `\x28`, "[", `\x5b`, "{", `\x7b`).Replace(escape(text))
	}
	if literal := `"` + text + `"`; isPlain(text) && decodeText(literal) == text {
		return literal
	}
	return escape(text)
}

// escape writes a text literal with escapes. A backslash at its end would hide the quote, so it gets another form.
func escape(text string) string {
	if before, ok := strings.CutSuffix(text, `\`); ok {
		return strings.TrimSuffix(strconv.Quote(before), `"`) + `\x5c"`
	}
	return strconv.Quote(text)
}

// isPlain tells whether a text can stand in quotes as it is.
func isPlain(text string) bool {
	if !utf8.ValidString(text) || strings.HasSuffix(text, `\`) || strings.Contains(text, `"`) {
		return false
	}
	return strings.IndexFunc(text, func(c rune) bool { return !unicode.IsPrint(c) }) < 0
}
