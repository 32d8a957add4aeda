package syntax

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/flowexpr/flowexpr/engine/diag"
)

// BlockKind says what a block of a template is.
type BlockKind uint8

const (
	// TextBlock is text that stands for itself.
	TextBlock BlockKind = iota
	// IdentifierBlock is a variable, such as `@contact.name`.
	IdentifierBlock
	// ExpressionBlock is an expression, such as `@(1 + 2)`.
	ExpressionBlock
)

func (k BlockKind) String() string {
	switch k {
	case IdentifierBlock:
		return "identifier"
	case ExpressionBlock:
		return "expression"
	}
	return "text"
}

// Block is a piece of a template.
type Block struct {
	Kind BlockKind
	// Unterminated marks the text that begins with an `@(` whose closing parenthesis never comes.
	Unterminated bool
	// Text is the text with `@@` resolved or, of the other kinds, the source of the expression.
	Text string
	// Span is where the block stands in the template, `@` and parentheses included.
	Span diag.Span
	// Inner is where Text stands in the template; of a text with `@@` in it, the same as Span.
	Inner diag.Span
}

const usualBlocks = 16 // as many have room before the list grows

// Scan takes a template apart. An `@name` is a block only where allowed says so of the name before the first dot, in
// lower case; elsewhere it is text. Two texts stand side by side only where one of them is unterminated.
//
// A NUL counts as the end of the input, as it does in the reference: it ends the text it stands in and is dropped, and
// where a block or a text would begin it ends the template.
func Scan(template string, allowed func(topLevel string) bool) []Block {
	s := scanner{template: template, allowed: allowed}
	s.blocks = make([]Block, 0, min(2*strings.Count(template, "@")+1, usualBlocks))
	for s.pos < len(template) {
		s.end = len(template)
		if nul := strings.IndexByte(template[s.pos:], 0); nul >= 0 {
			s.end = s.pos + nul
		}
		if inText := s.scan(); !inText {
			break
		}
		s.pos = min(s.end+1, len(template))
	}
	s.flush()
	return s.blocks
}

// scanner reads a template up to end, which is the end of the input.
type scanner struct {
	template string
	allowed  func(topLevel string) bool
	blocks   []Block
	pieces   []diag.Span // of the text that is being read: more than one when something in it is left out
	pos, end int
}

// scan reads up to the end of the input, and reports whether it ended in a text.
func (s *scanner) scan() (inText bool) {
	for s.pos < s.end {
		at := strings.IndexByte(s.template[s.pos:s.end], '@')
		if at < 0 {
			s.keep(s.end)
			return true
		}
		if at > 0 {
			s.keep(s.pos + at)
		}
		inText = s.at()
	}
	return inText
}

// at reads what an `@` begins, and reports whether that is text.
func (s *scanner) at() (isText bool) {
	switch next, _ := utf8.DecodeRuneInString(s.template[s.pos+1 : s.end]); {
	case next == '(':
		return s.expression()
	case isNameChar(next):
		return s.identifier()
	case next == '@':
		s.keep(s.pos + 1)
		s.pos++ // the second one is left out
	default:
		s.keep(s.pos + 1)
	}
	return true
}

// identifier reads `@name.name`. A dot belongs to it only before a name.
func (s *scanner) identifier() (isText bool) {
	end := s.pos + 1
	for end < s.end {
		c, size := utf8.DecodeRuneInString(s.template[end:s.end])
		if c == '.' {
			c, _ = utf8.DecodeRuneInString(s.template[end+1 : s.end])
		}
		if !isNameChar(c) {
			break
		}
		end += size
	}
	inner := diag.Span{Start: s.pos + 1, End: end}
	topLevel, _, _ := strings.Cut(s.template[inner.Start:inner.End], ".")
	if !s.allowed(strings.ToLower(topLevel)) {
		s.keep(end)
		return true
	}
	s.block(IdentifierBlock, inner, end)
	return false
}

// expression reads `@(…)` or, if its end never comes, everything as text.
func (s *scanner) expression() (isText bool) {
	inner := diag.Span{Start: s.pos + 2}
	length := balance(s.template[inner.Start:s.end])
	if length < 0 {
		s.flush()
		s.keep(s.end)
		s.flush()
		s.blocks[len(s.blocks)-1].Unterminated = true
		return true
	}
	inner.End = inner.Start + length
	s.block(ExpressionBlock, inner, inner.End+1)
	return false
}

// balance finds the parenthesis that closes one before text: -1 if there is none. Those in quotes do not count. In
// quotes every backslash protects a quote after it, even one that is itself protected: as in the reference.
func balance(text string) int {
	depth, quoted := 1, false
	for i := range len(text) {
		switch c := text[i]; {
		case c == '"':
			quoted = !quoted || text[i-1] == '\\'
		case quoted:
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// keep adds what stands between pos and end to the text that is being read.
func (s *scanner) keep(end int) {
	if last := len(s.pieces) - 1; last >= 0 && s.pieces[last].End == s.pos {
		s.pieces[last].End = end
	} else {
		s.pieces = append(s.pieces, diag.Span{Start: s.pos, End: end})
	}
	s.pos = end
}

// block adds a block that is not text, and goes on after it.
func (s *scanner) block(kind BlockKind, inner diag.Span, end int) {
	s.flush()
	s.blocks = append(s.blocks, Block{
		Kind: kind, Text: s.template[inner.Start:inner.End], Inner: inner, Span: diag.Span{Start: s.pos, End: end},
	})
	s.pos = end
}

// flush makes a block of the text that was read. Only a text in which something is left out is copied.
func (s *scanner) flush() {
	if len(s.pieces) == 0 {
		return
	}
	span := diag.Span{Start: s.pieces[0].Start, End: s.pos}
	text := s.template[s.pieces[0].Start:s.pieces[0].End]
	if len(s.pieces) > 1 {
		var joined strings.Builder
		joined.Grow(span.Len())
		for _, piece := range s.pieces {
			joined.WriteString(s.template[piece.Start:piece.End])
		}
		text = joined.String()
	}
	s.blocks = append(s.blocks, Block{Kind: TextBlock, Text: text, Span: span, Inner: span})
	s.pieces = s.pieces[:0]
}

func isNameChar(c rune) bool {
	return c == '_' || unicode.IsLetter(c) || unicode.IsNumber(c)
}
