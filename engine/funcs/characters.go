package funcs

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/flowexpr/flowexpr/engine/value"
)

// characters has the functions that look at a text character by character.
func characters() []entry {
	return []entry{
		{
			name: "char", params: "code: integer", result: "text",
			doc:      "Gives the character with that number in Unicode.",
			examples: []Example{{Expression: `char(33)`, Result: "!"}, {Expression: `char(128512)`, Result: "😀"}, {Expression: `char("!")`, Error: `error calling char(...): unable to convert "!" to a number`}},
			call: func(rt *value.Runtime, args []value.Value) value.Value {
				code, failure := value.ToInteger(args[0])
				if failure != nil {
					return failure
				}
				return rt.Text(string(rune(code)))
			},
		},
		{
			name: "code", params: "text: text", result: "number",
			doc:      "Gives the number that the text's first character has in Unicode.",
			examples: []Example{{Expression: `code("a")`, Result: "97"}, {Expression: `code("abc")`, Result: "97"}, {Expression: `code("")`, Error: "error calling code(...): requires a string of at least one character"}},
			call: ofText(func(rt *value.Runtime, text string) value.Value {
				if text == "" {
					return value.NewError("requires a string of at least one character")
				}
				r, _ := utf8.DecodeRuneInString(text)
				return integer(rt, int(r))
			}),
		},
		{
			name: "upper", params: "text: text", result: "text",
			doc:      "Gives the text in capital letters.",
			examples: []Example{{Expression: `upper("Asdf")`, Result: "ASDF"}, {Expression: `upper("straße")`, Result: "STRAßE"}, {Expression: `upper(null)`, Result: ""}},
			call:     ofText(func(rt *value.Runtime, text string) value.Value { return rt.Text(strings.ToUpper(text)) }),
		},
		{
			name: "lower", params: "text: text", result: "text",
			doc:      "Gives the text in small letters.",
			examples: []Example{{Expression: `lower("HellO")`, Result: "hello"}, {Expression: `lower(upper)`, Result: "upper"}},
			call:     ofText(func(rt *value.Runtime, text string) value.Value { return rt.Text(strings.ToLower(text)) }),
		},
		{
			name: "title", params: "text: text", result: "text",
			doc:      "Gives the text with a capital letter at the start of each word, and small letters behind.",
			examples: []Example{{Expression: `title("ryan LEWIS")`, Result: "Ryan Lewis"}, {Expression: `title("o'grady 3rd")`, Result: "O'Grady 3rd"}, {Expression: `title(123)`, Result: "123"}},
			call:     ofText(func(rt *value.Runtime, text string) value.Value { return rt.Text(titled(text)) }),
		},
		{
			name: "clean", params: "text: text", result: "text",
			doc:      "Drops the characters that do not print, such as line breaks, tabs and spaces without width.",
			examples: []Example{{Expression: `clean("a\nb\tc")`, Result: "abc"}, {Expression: `clean("😀 hi\u200b!")`, Result: "😀 hi!"}},
			call:     ofText(func(rt *value.Runtime, text string) value.Value { return rt.Text(cleaned(text)) }),
		},
	}
}

// titled goes over the text once; nothing is allocated when it stays as it is.
func titled(text string) string {
	previous := ' '
	return strings.Map(func(r rune) rune {
		r = unicode.ToLower(r)
		first := separatesTitles(previous)
		previous = r
		if first {
			return unicode.ToTitle(r)
		}
		return r
	}, text)
}

// separatesTitles reports whether a letter behind r is the first of a word: r is an ASCII character other than a
// letter, a digit and `_`, or any space.
func separatesTitles(r rune) bool {
	if r < utf8.RuneSelf {
		return r == '\'' || !inWord(r)
	}
	return unicode.IsSpace(r)
}

func cleaned(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.C, r) {
			return -1
		}
		return r
	}, text)
}

// trimming has the functions that take characters off the ends of a text.
func trimming() []entry {
	left := func(text string) string { return strings.TrimLeftFunc(text, unicode.IsSpace) }
	right := func(text string) string { return strings.TrimRightFunc(text, unicode.IsSpace) }
	return []entry{
		{
			name: "trim", params: "text: text, chars?: text", result: "text",
			doc:      "Takes white space, or any of the given characters, off both ends of the text.",
			examples: []Example{{Expression: `trim("  hello  ")`, Result: "hello"}, {Expression: `trim("+123157568", "+8")`, Result: "12315756"}, {Expression: `trim(" a ", "")`, Result: " a "}},
			call:     trim(strings.TrimSpace, strings.Trim),
		},
		{
			name: "trim_left", params: "text: text, chars?: text", result: "text",
			doc:      "Takes white space, or any of the given characters, off the start of the text.",
			examples: []Example{{Expression: `trim_left("  hello  ") & "!"`, Result: "hello  !"}, {Expression: `trim_left("+12345+", "+")`, Result: "12345+"}},
			call:     trim(left, strings.TrimLeft),
		},
		{
			name: "trim_right", params: "text: text, chars?: text", result: "text",
			doc:      "Takes white space, or any of the given characters, off the end of the text.",
			examples: []Example{{Expression: `trim_right("  hello  ")`, Result: "  hello"}, {Expression: `trim_right("+12345+", "+")`, Result: "+12345"}},
			call:     trim(right, strings.TrimRight),
		},
	}
}

// trim makes a function that trims white space when it is given no characters or null, else those characters: of the
// empty text, none.
func trim(space func(text string) string, chars func(text, chars string) string) body {
	return func(rt *value.Runtime, args []value.Value) value.Value {
		text, failure := value.ToText(args[0])
		if failure != nil {
			return failure
		}
		if len(args) == 1 || args[1] == nil {
			return rt.Text(space(text))
		}
		set, failure := value.ToText(args[1])
		if failure != nil {
			return failure
		}
		return rt.Text(chars(text, set))
	}
}
