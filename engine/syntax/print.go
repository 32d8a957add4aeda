package syntax

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Print writes an expression in its canonical form: one space around operators, keywords in lower case, and such
// parentheses as the tree has or needs. Parsed again, it gives the same tree.
func Print(n Node) string { return string(appendNode(nil, n, 0)) }

// Levels of what is not a binary operator, above those of level.
const (
	negateLevel  = 7
	literalLevel = 8 // what nothing can be looked up in
	primaryLevel = 9
)

// appendNode appends a node, in parentheses where one of at least that level has to stand.
func appendNode(dst []byte, n Node, least int) []byte {
	if levelOf(n) < least {
		dst = append(dst, '(')
		dst = appendNode(dst, n, 0)
		return append(dst, ')')
	}
	switch n := n.(type) {
	case *Text:
		return append(dst, quote(n.Value)...)
	case *Number:
		return append(dst, n.Raw...)
	case *Boolean:
		return strconv.AppendBool(dst, n.Value)
	case *Null:
		return append(dst, "null"...)
	case *Name:
		return append(dst, n.Name...)
	case *Dot:
		dst = append(appendNode(dst, n.Of, primaryLevel), '.')
		return append(dst, n.Name...)
	case *Index:
		dst = append(appendNode(dst, n.Of, primaryLevel), '[')
		return append(appendNode(dst, n.Index, 0), ']')
	case *Call:
		return appendCall(dst, n)
	case *Negate:
		return appendNode(append(dst, '-'), n.X, negateLevel)
	case *Binary:
		own := level(kind(n.Op))
		dst = appendNode(dst, n.X, own)
		dst = append(dst, " "+n.Op+" "...)
		return appendNode(dst, n.Y, own+1)
	case *Paren:
		return append(appendNode(append(dst, '('), n.X, 0), ')')
	case *Lambda:
		dst = append(dst, "("+strings.Join(n.Params, ", ")+") => "...)
		return appendNode(dst, n.Body, 0)
	}
	return dst
}

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

func appendCall(dst []byte, n *Call) []byte {
	dst = append(appendNode(dst, n.Callee, primaryLevel), '(')
	for i, arg := range n.Args {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = appendNode(dst, arg, 0)
	}
	return append(dst, ')')
}

// quote writes a text literal: as it is if that stands for the text, as with regular expressions, else with escapes.
// A backslash before the closing quote would hide it, and brackets count against the nesting limit even in quotes.
func quote(text string) string {
	if literal := `"` + text + `"`; isPlain(text) && decodeText(literal) == text {
		return literal
	}
	if last, ok := strings.CutSuffix(text, `\`); ok {
		return strings.TrimSuffix(quoteEscaped(last), `"`) + `\x5c"`
	}
	return quoteEscaped(text)
}

func quoteEscaped(text string) string { return strconv.Quote(text) }

// isPlain tells whether a text can stand in quotes as it is.
func isPlain(text string) bool {
	if !utf8.ValidString(text) || strings.HasSuffix(text, `\`) || strings.Contains(text, `"`) {
		return false
	}
	return strings.IndexFunc(text, func(c rune) bool { return !unicode.IsPrint(c) }) < 0
}
