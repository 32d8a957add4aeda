package funcs

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// words gives the words of a text: the longest runs of letters, marks, digits, `_` and `'`; and each symbol, such as
// an emoji, as a word of its own. Whatever else there is sets words apart.
func words(text string) []string {
	var list []string
	s := splitter{text: text}
	for word, ok := s.next(); ok; word, ok = s.next() {
		list = append(list, word)
	}
	return list
}

// splitter goes through the words of a text, or, where it has delimiters, through what stands between any of them.
type splitter struct {
	text, delimiters string
	at               int // byte offset behind the piece that was given last
}

// next gives the next piece; ok is false when there is none.
func (s *splitter) next() (piece string, ok bool) {
	var start int
	if s.delimiters == "" {
		start, s.at = nextWord(s.text, s.at)
	} else {
		start, s.at = nextBetween(s.text, s.delimiters, s.at)
	}
	return s.text[start:s.at], start < s.at
}

// count gives the number of all pieces, wherever the splitter is.
func (s splitter) count() int {
	s.at = 0
	n := 0
	for _, ok := s.next(); ok; _, ok = s.next() {
		n++
	}
	return n
}

// nextWord gives the place of the first word that begins at from or behind it: byte offsets, end exclusive; an empty
// place when there is none.
func nextWord(text string, from int) (start, end int) {
	for start = from; start < len(text); {
		r, size := utf8.DecodeRuneInString(text[start:])
		switch {
		case inWord(r):
			return start, endOfWord(text, start+size)
		case unicode.IsSymbol(r):
			return start, start + size
		}
		start += size
	}
	return start, start
}

// endOfWord gives the offset of the first character at or behind from that does not continue a word.
func endOfWord(text string, from int) int {
	n := strings.IndexFunc(text[from:], func(r rune) bool { return !inWord(r) })
	if n < 0 {
		return len(text)
	}
	return from + n
}

func inWord(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '_' || r == '\''
	}
	return unicode.In(r, unicode.L, unicode.M, unicode.N)
}

// nextBetween gives the place of the first piece without delimiters at from or behind it, as nextWord does.
func nextBetween(text, delimiters string, from int) (start, end int) {
	start = len(text) - len(strings.TrimLeft(text[from:], delimiters))
	n := strings.IndexAny(text[start:], delimiters)
	if n < 0 {
		return start, len(text)
	}
	return start, start + n
}
