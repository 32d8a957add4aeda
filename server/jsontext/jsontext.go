// Package jsontext appends texts as JSON strings, for answers that are built without values in between.
//
//	dst = jsontext.Append(dst, name)
package jsontext

import "unicode/utf8"

// plain are the bytes that stand in a string as they are, without a look at the next.
var plain = func() (table [256]bool) {
	for c := ' '; c < utf8.RuneSelf; c++ {
		table[c] = c != '"' && c != '\\'
	}
	return table
}()

const hexDigits = "0123456789abcdef"

// Append appends a JSON string. Bytes that are no UTF-8 become U+FFFD, so that an answer always is UTF-8.
func Append[T string | []byte](dst []byte, text T) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(text); {
		if i+8 <= len(text) && allPlain(eight(text, i)) { // fast path
			i += 8
			continue
		}
		c := text[i]
		if plain[c] {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(string(text[i:min(i+utf8.UTFMax, len(text))]))
			if r == utf8.RuneError && size == 1 {
				dst = append(append(dst, text[start:i]...), "\uFFFD"...)
				start = i + 1
			}
			i += size
			continue
		}
		dst = appendEscape(append(dst, text[start:i]...), c)
		i++
		start = i
	}
	return append(append(dst, text[start:]...), '"')
}

// Plain gives how many bytes at the start of a text stand in a JSON string as they are: those of whole groups of eight, so
// that others may follow.
func Plain(text []byte) int {
	n := 0
	for n+8 <= len(text) && allPlain(eight(text, n)) {
		n += 8
	}
	return n
}

// eight gives eight bytes as a number, which costs one load.
func eight[T string | []byte](text T, i int) uint64 {
	_ = text[i+7]
	return uint64(text[i]) | uint64(text[i+1])<<8 | uint64(text[i+2])<<16 | uint64(text[i+3])<<24 |
		uint64(text[i+4])<<32 | uint64(text[i+5])<<40 | uint64(text[i+6])<<48 | uint64(text[i+7])<<56
}

// allPlain reports whether eight bytes are plain, all at once: what is subtracted borrows from the highest bit of a byte
// that is too small, or the one that is looked for.
func allPlain(x uint64) bool {
	const each, high = 0x0101010101010101, 0x8080808080808080
	quotes, slashes := x^each*'"', x^each*'\\'
	return (x|(x-each*' ')|(quotes-each)|(slashes-each))&high == 0
}

func appendEscape(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\n':
		return append(dst, '\\', 'n')
	case '\r':
		return append(dst, '\\', 'r')
	case '\t':
		return append(dst, '\\', 't')
	}
	return append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
}
