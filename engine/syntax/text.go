package syntax

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// decodeText gives what a text literal stands for. Escapes are Go's; if one of them is not legal, or the literal spans
// lines, none is decoded: that is what lets `"\d+"` be written with one backslash.
func decodeText(literal string) string {
	inner := literal[1 : len(literal)-1]
	if !strings.Contains(inner, `\`) || strings.Contains(inner, "\n") {
		return inner
	}
	var decoded strings.Builder
	for rest := inner; rest != ""; {
		plain := strings.IndexAny(rest, `\"`)
		if plain < 0 {
			plain = len(rest)
		}
		decoded.WriteString(rest[:plain])
		if rest = rest[plain:]; rest == "" {
			break
		}
		c, multibyte, tail, err := strconv.UnquoteChar(rest, '"')
		if err != nil {
			return inner
		}
		if c < utf8.RuneSelf || !multibyte {
			decoded.WriteByte(byte(c))
		} else {
			decoded.WriteRune(c)
		}
		rest = tail
	}
	return decoded.String()
}
