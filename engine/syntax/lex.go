package syntax

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/flowexpr/flowexpr/engine/diag"
)

// kind is the kind of a token: one of these or, of symbols and keywords, the symbol or keyword itself.
type kind string

const (
	kindEnd     kind = "end"
	kindName    kind = "name"
	kindInteger kind = "integer"
	kindDecimal kind = "decimal"
	kindText    kind = "text"
	kindUnknown kind = "unknown" // a character that begins no token
)

// token is a word of an expression.
type token struct {
	kind kind
	span diag.Span
}

// lexer reads the tokens of a source. Copies of it read on independently.
type lexer struct {
	source string
	pos    int
}

// symbols are the symbols, longer ones before those that they begin with.
var symbols = [...]kind{"=>", "!=", "<=", ">=", ",", "(", ")", "[", "]", ".", "+", "-", "*", "/", "^", "=", "<", ">", "&"}

// next reads a token. At the end of the source it gives the end, again and again.
func (l *lexer) next() token {
	rest := strings.TrimLeft(l.source[l.pos:], " \t\r\n")
	start := len(l.source) - len(rest)
	k, length := scanToken(rest)
	l.pos = start + length
	return token{kind: k, span: diag.Span{Start: start, End: l.pos}}
}

// scanToken gives the token that a text begins with.
func scanToken(text string) (kind, int) {
	if text == "" {
		return kindEnd, 0
	}
	switch c := text[0]; {
	case '0' <= c && c <= '9':
		return scanNumber(text)
	case c == '"':
		return scanText(text)
	}
	if length := nameLength(text); length > 0 {
		return keyword(text[:length]), length
	}
	for _, symbol := range symbols {
		if strings.HasPrefix(text, string(symbol)) {
			return symbol, len(symbol)
		}
	}
	_, size := utf8.DecodeRuneInString(text)
	return kindUnknown, size
}

// scanNumber reads digits, and a point with more of them if there are any after it.
func scanNumber(text string) (kind, int) {
	whole := digits(text)
	if whole < len(text) && text[whole] == '.' {
		if fraction := digits(text[whole+1:]); fraction > 0 {
			return kindDecimal, whole + 1 + fraction
		}
	}
	return kindInteger, whole
}

func digits(text string) int {
	n := 0
	for n < len(text) && '0' <= text[n] && text[n] <= '9' {
		n++
	}
	return n
}

// scanText reads a text literal: to the next quote that does not follow a backslash.
func scanText(text string) (kind, int) {
	for i := 1; i < len(text); i++ {
		if text[i] == '"' && text[i-1] != '\\' {
			return kindText, i + 1
		}
	}
	return kindUnknown, 1
}

// nameLength measures the name that a text begins with: a letter or `_`, then those and digits.
func nameLength(text string) int {
	for i, c := range text {
		if c != '_' && !unicode.IsLetter(c) && (i == 0 || !unicode.IsDigit(c)) {
			return i
		}
	}
	return len(text)
}

// keyword tells a keyword, in any letter case, from a name.
func keyword(name string) kind {
	if len(name) != len("true") && len(name) != len("false") {
		return kindName
	}
	switch k := kind(strings.ToLower(name)); k {
	case "true", "false", "null":
		return k
	}
	return kindName
}
