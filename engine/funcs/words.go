package funcs

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// words gives the words of a text: the longest runs of letters, marks, digits, `_` and `'`; and each symbol, such as
// an emoji, as a word of its own. Whatever else there is sets words apart.
func words(text string) []string {
	var list []string
	for word := range eachWord(text) {
		list = append(list, word)
	}
	return list
}

// eachWord goes through the words of a text without a list of them.
func eachWord(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		start, end := nextWord(text, 0)
		for start < end && yield(text[start:end]) {
			start, end = nextWord(text, end)
		}
	}
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

// pieces goes through the words of a text, or, where there are delimiters, through what stands between any of them.
func pieces(text, delimiters string) iter.Seq[string] {
	if delimiters == "" {
		return eachWord(text)
	}
	return strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(delimiters, r) })
}
