package diag

import (
	"sort"
	"strings"
	"unicode/utf8"
)

// Position is a place as people count it: lines and columns from 1, columns in characters.
type Position struct {
	Line, Column int
}

// Index finds lines and columns in one text. It is immutable.
type Index struct {
	text   string
	starts []int // where each line begins
}

// NewIndex makes the index of a text. Lines end with a line feed.
func NewIndex(text string) *Index {
	starts := make([]int, 1, 1+strings.Count(text, "\n"))
	for i := range len(text) {
		if text[i] == '\n' {
			starts = append(starts, i+1)
		}
	}
	return &Index{text: text, starts: starts}
}

// Position gives the place of a byte offset. An offset beyond the text counts as its end, one inside a character as
// the character.
func (x *Index) Position(offset int) Position {
	offset = min(max(offset, 0), len(x.text))
	for offset > 0 && offset < len(x.text) && !utf8.RuneStart(x.text[offset]) {
		offset--
	}
	line := sort.SearchInts(x.starts, offset+1)
	start := x.starts[line-1]
	return Position{Line: line, Column: utf8.RuneCountInString(x.text[start:offset]) + 1}
}

// line gives the span of a line, counted from 1, without what ends it.
func (x *Index) line(number int) Span {
	s := Span{Start: x.starts[number-1], End: len(x.text)}
	if number < len(x.starts) {
		s.End = x.starts[number] - 1
	}
	if s.Len() > 0 && x.text[s.End-1] == '\r' {
		s.End--
	}
	return s
}
