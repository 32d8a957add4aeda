package legacy

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/flowexpr/flowexpr/engine/diag"
)

const maxLookBack = 256 // bytes: what is removed often must not cost the length of the template each time

// blockKind says what a piece of a legacy template is.
type blockKind uint8

const (
	textBlock blockKind = iota
	identifierBlock
	expressionBlock
	// currentBlock is text that the current language takes for a variable.
	currentBlock
	// unterminatedBlock is the rest of a template from an `@(` that is never closed.
	unterminatedBlock
)

// block is a piece of a legacy template.
type block struct {
	kind    blockKind
	span    diag.Span // all of it
	inner   diag.Span // the variable or the expression
	filters []filter  // of a variable
}

// scan takes a template apart. The blocks lie side by side and cover it.
func scan(template string) []block {
	s := scanner{template: template}
	for s.pos < len(template) {
		at := strings.IndexByte(template[s.pos:], '@')
		if at < 0 {
			break
		}
		s.pos += at
		s.at()
	}
	s.pos = len(template)
	s.flush()
	return s.blocks
}

// scanner reads a template. What lies between text and pos is text.
type scanner struct {
	template  string
	blocks    []block
	text, pos int
}

// at reads what an `@` begins.
func (s *scanner) at() {
	next, size := utf8.DecodeRuneInString(s.template[s.pos+1:])
	switch {
	case next == '(':
		s.expression()
	case isNameChar(next):
		s.identifier()
	default: // another `@`, or anything that makes this one text
		s.pos += 1 + size
	}
}

func (s *scanner) expression() {
	start := s.pos + len("@(")
	length := balance(s.template[start:])
	if length < 0 {
		s.add(block{kind: unterminatedBlock}, len(s.template))
		return
	}
	inner := diag.Span{Start: start, End: start + length}
	s.add(block{kind: expressionBlock, inner: inner}, inner.End+1)
}

// balance finds the parenthesis that closes one before text: -1 if there is none. Those in quotes do not count; that
// quotes in quotes are doubled makes no difference.
func balance(text string) int {
	depth, quoted := 1, false
	for i := range len(text) {
		switch c := text[i]; {
		case c == '"':
			quoted = !quoted
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

func (s *scanner) identifier() {
	inner := diag.Span{Start: s.pos + 1}
	inner.End = inner.Start + dottedLength(s.template[inner.Start:])
	topLevel, _, _ := strings.Cut(s.template[inner.Start:inner.End], ".")
	switch topLevel = strings.ToLower(topLevel); {
	case isTopLevel(topLevel):
		filters, length := scanFilters(s.template[inner.End:])
		s.add(block{kind: identifierBlock, inner: inner, filters: filters}, inner.End+length)
	case isCurrentTopLevel(topLevel):
		s.add(block{kind: currentBlock, inner: inner}, inner.End)
	default:
		s.pos = inner.End
	}
}

// dottedLength measures the names, joined by dots, that a text begins with.
func dottedLength(text string) int {
	end := 0
	for continuesName(text[end:]) {
		_, size := utf8.DecodeRuneInString(text[end:])
		end += size
	}
	return end
}

// continuesName tells whether a text, behind a name, is more of it.
func continuesName(text string) bool {
	c, _ := utf8.DecodeRuneInString(text)
	if c == '.' {
		c, _ = utf8.DecodeRuneInString(text[1:])
	}
	return isNameChar(c)
}

// endsInCandidate tells whether a text ends in an `@` with or without a name. It looks back as far as a name can be
// expected to reach, and takes the rest for one.
func endsInCandidate(text []byte) bool {
	for name := len(text); name > 0 && len(text)-name < maxLookBack; {
		c, size := utf8.DecodeLastRune(text[:name])
		if c != '.' && !isNameChar(c) {
			return c == '@'
		}
		name -= size
	}
	return len(text) >= maxLookBack
}

// add adds a block that reaches from pos to end, and the text before it.
func (s *scanner) add(b block, end int) {
	s.flush()
	b.span = diag.Span{Start: s.pos, End: end}
	s.blocks = append(s.blocks, b)
	s.pos, s.text = end, end
}

func (s *scanner) flush() {
	if s.text < s.pos {
		s.blocks = append(s.blocks, block{span: diag.Span{Start: s.text, End: s.pos}})
	}
}

func isNameChar(c rune) bool {
	return c == '_' || unicode.IsLetter(c) || unicode.IsNumber(c)
}

// TopLevels gives the first words of variables that only the legacy dialect has.
func TopLevels() []string { return []string{"channel", "date", "extra", "flow", "step"} }

func isTopLevel(name string) bool {
	switch name {
	case "child", "contact", "parent":
		return true
	}
	return slices.Contains(TopLevels(), name)
}

// isCurrentTopLevel knows the variables that only the current language has.
func isCurrentTopLevel(name string) bool {
	switch name {
	case "fields", "globals", "input", "legacy_extra", "locals", "node", "results", "resume", "run", "ticket",
		"trigger", "urns", "webhook":
		return true
	}
	return false
}
