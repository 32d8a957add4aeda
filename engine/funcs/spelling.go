package funcs

import (
	"html"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/flowexpr/flowexpr/engine/value"
)

// spellings has the functions that spell something for people, or for other systems.
func spellings() []entry {
	return []entry{
		{
			name: "percent", params: "number: number", result: "text",
			doc:      "Gives the number as a percentage without fraction: 0.5 is 50%.",
			examples: []Example{{Expression: `percent(0.54234)`, Result: "54%"}, {Expression: `percent(-1.205)`, Result: "-121%"}},
			call: ofNumber(func(rt *value.Runtime, n value.Decimal) value.Value {
				return rt.Text(n.Mul(value.NewInt(100)).Round(0).String() + "%")
			}),
		},
		{
			name: "url_encode", params: "text: text", result: "text",
			doc:      "Escapes the text for use as a parameter in a URL.",
			examples: []Example{{Expression: `url_encode("two & words")`, Result: "two%20%26%20words"}, {Expression: `url_encode("~a-b_c.d")`, Result: "~a-b_c.d"}},
			call: ofText(func(rt *value.Runtime, text string) value.Value {
				return rt.Text(strings.ReplaceAll(url.QueryEscape(text), "+", "%20"))
			}),
		},
		{
			name: "html_decode", params: "text: text", result: "text",
			doc:      "Puts characters in place of the HTML entities in the text. A space that does not break becomes an ordinary one.",
			examples: []Example{{Expression: `html_decode("Red &amp; Blue")`, Result: "Red & Blue"}, {Expression: `html_decode("5 &gt;&nbsp;4")`, Result: "5 > 4"}},
			call: ofText(func(rt *value.Runtime, text string) value.Value {
				return rt.Text(strings.ReplaceAll(html.UnescapeString(text), "\u00a0", " "))
			}),
		},
		{
			name: "read_chars", params: "text: text", result: "text",
			doc: "Spaces out the characters of the text, such as a phone number's, so that a voice reads them one by one: " +
				"in groups of three or of four where that comes out even.",
			examples: []Example{{Expression: `read_chars("+250788")`, Result: "2 5 0 , 7 8 8"}, {Expression: `read_chars("1234abcd")`, Result: "1 2 3 4 , a b c d"}, {Expression: `read_chars("12345")`, Result: "1 , 2 , 3 , 4 , 5"}},
			call:     ofText(func(rt *value.Runtime, text string) value.Value { return rt.Text(readChars(text)) }),
		},
	}
}

func readChars(text string) string {
	text = strings.TrimLeft(text, "+")
	size := groupSize(utf8.RuneCountInString(text))
	b := make([]byte, 0, 4*len(text))
	i := 0
	for _, r := range text {
		switch {
		case i == 0:
		case i%size == 0:
			b = append(b, " , "...)
		default:
			b = append(b, ' ')
		}
		b = utf8.AppendRune(b, r)
		i++
	}
	return string(b)
}

// groupSize gives how many of n characters are read as one group.
func groupSize(n int) int {
	switch {
	case n%3 == 0:
		return 3
	case n%4 == 0:
		return 4
	}
	return 1
}
