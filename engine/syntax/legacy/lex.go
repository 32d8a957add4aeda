package legacy

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// tokenKind is the kind of a token: one of these or, of symbols, the symbol itself.
type tokenKind string

const (
	tokenEnd     tokenKind = "end"
	tokenName    tokenKind = "name" // its dots included
	tokenNumber  tokenKind = "number"
	tokenText    tokenKind = "text"
	tokenUnknown tokenKind = "unknown" // a character that begins no token
)

// token is a word of an expression. Places are bytes in the source.
type token struct {
	kind       tokenKind
	start, end int
}

// lexer reads the tokens of an expression.
type lexer struct {
	source string
	pos    int
}

// next reads a token. At the end of the source it gives the end, again and again.
func (l *lexer) next() token {
	rest := strings.TrimLeft(l.source[l.pos:], " \t\r\n")
	start := len(l.source) - len(rest)
	kind, length := scanToken(rest)
	l.pos = start + length
	return token{kind: kind, start: start, end: l.pos}
}

// scanToken gives the token that a text begins with, and its length.
func scanToken(text string) (tokenKind, int) {
	if text == "" {
		return tokenEnd, 0
	}
	switch c := text[0]; {
	case isDigit(c):
		return tokenNumber, numberLength(text)
	case c == '"':
		return scanText(text)
	}
	c, size := utf8.DecodeRuneInString(text)
	if c == '_' || unicode.IsLetter(c) {
		return tokenName, dottedLength(text)
	}
	for _, symbol := range [...]string{"<>", "<=", ">=", "<", ">", "=", ",", "(", ")", "+", "-", "*", "/", "^", "&"} {
		if strings.HasPrefix(text, symbol) {
			return tokenKind(symbol), len(symbol)
		}
	}
	return tokenUnknown, size
}

// scanText reads a text literal: to the next quote that has no other one behind it.
func scanText(text string) (tokenKind, int) {
	for i := 1; i < len(text); i++ {
		if text[i] != '"' {
			continue
		}
		if i+1 == len(text) || text[i+1] != '"' {
			return tokenText, i + 1
		}
		i++
	}
	return tokenUnknown, 1
}

// decodeText gives what a text literal stands for.
func decodeText(literal string) string {
	return strings.ReplaceAll(literal[1:len(literal)-1], `""`, `"`)
}

func numberLength(text string) int {
	whole := digits(text)
	if whole < len(text) && text[whole] == '.' {
		if fraction := digits(text[whole+1:]); fraction > 0 {
			return whole + 1 + fraction
		}
	}
	return whole
}

// digits counts the digits that a text begins with.
func digits(text string) int {
	n := 0
	for n < len(text) && isDigit(text[n]) {
		n++
	}
	return n
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// isInteger tells whether a text is made of digits.
func isInteger(text string) bool { return text != "" && digits(text) == len(text) }
