package funcs

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/flowexpr/flowexpr/engine/value"
)

func texts(patterns *patternCache) []entry {
	return slices.Concat(characters(), trimming(), wordwise(), wholeTexts(), regexes(patterns), spellings())
}

func wholeTexts() []entry {
	return []entry{
		{
			name: "text_slice", params: "text: text, start: integer, end?: integer", result: "text",
			doc: "Gives the characters from start up to end, which is not part of it. Places count from 0, negative ones " +
				"from the end; without end, the rest of the text is given.",
			examples: []Example{{Expression: `text_slice("hello", 2)`, Result: "llo"}, {Expression: `text_slice("hello", -3, -1)`, Result: "ll"}, {Expression: `text_slice("hello", 7)`, Result: ""}},
			call:     textSlice,
		},
		{
			name: "text_length", params: "value: text", result: "number",
			doc:      "Gives the number of characters in the text.",
			examples: []Example{{Expression: `text_length("crème 😀")`, Result: "7"}, {Expression: `text_length(array(2, 3))`, Result: "6"}},
			call:     ofText(func(rt *value.Runtime, text string) value.Value { return integer(rt, utf8.RuneCountInString(text)) }),
		},
		{
			name: "text_compare", params: "text1: text, text2: text", result: "number",
			doc: "Gives the order of two texts: -1 when the first comes before the second, 1 when it comes after, 0 when " +
				"they are equal. Capital letters come before small ones.",
			examples: []Example{{Expression: `text_compare("abc", "abd")`, Result: "-1"}, {Expression: `text_compare("a", "B")`, Result: "1"}, {Expression: `text_compare("abc", "abc")`, Result: "0"}},
			call:     ofTexts(func(rt *value.Runtime, a, b string) value.Value { return integer(rt, strings.Compare(a, b)) }),
		},
		{
			name: "repeat", params: "text: text, count: integer", result: "text",
			doc: "Gives the text count times in a row, at most 10,000 characters.",
			examples: []Example{
				{Expression: `repeat("*", 8)`, Result: "********"},
				{Expression: `repeat("*", -1)`, Error: "error calling repeat(...): count -1 is negative"},
				{Expression: `repeat("*", 10001)`, Error: "error calling repeat(...): cannot build a string longer than 10000 characters"},
			},
			call: repeat,
		},
		{
			name: "replace", params: "text: text, needle: text, replacement: text, count?: integer", result: "text",
			doc: "Puts the replacement where the text has the needle: the first count times, or everywhere when count is " +
				"left out or negative.",
			examples: []Example{{Expression: `replace("foo and foo", "foo", "zap")`, Result: "zap and zap"}, {Expression: `replace("foo and foo", "foo", "zap", 1)`, Result: "zap and foo"}, {Expression: `replace("abc", "", "-")`, Result: "-a-b-c-"}},
			call:     replace,
		},
	}
}

// maxRepeated is the most characters that repeat gives. Source: section 7 of the language specification.
const maxRepeated = 10_000

func repeat(rt *value.Runtime, args []value.Value) value.Value {
	text, count, failure := textAndInteger(args)
	switch {
	case failure != nil:
		return failure
	case count < 0:
		return isNegative("count", count)
	case text == "":
		return rt.Text("")
	case utf8.RuneCountInString(text)*count > maxRepeated:
		return &value.Error{Code: value.CodeOutOfRange, Message: "cannot build a string longer than 10000 characters"}
	}
	return rt.Text(strings.Repeat(text, count))
}

func replace(rt *value.Runtime, args []value.Value) value.Value {
	text, failure := value.ToText(args[0])
	if failure != nil {
		return failure
	}
	needle, failure := value.ToText(args[1])
	if failure != nil {
		return failure
	}
	replacement, failure := value.ToText(args[2])
	if failure != nil {
		return failure
	}
	count, failure := optionalInteger(args, 3, -1)
	if failure != nil {
		return failure
	}
	if growth(text, needle, replacement, count) > value.DefaultBudget-len(text) {
		return value.ErrTooComplex()
	}
	return rt.Text(strings.Replace(text, needle, replacement, count))
}

// growth gives the bytes that a replacement adds. A result is charged only once it is there, and the product of two
// long texts would be too long to be made at all.
func growth(text, needle, replacement string, count int) int {
	longer := len(replacement) - len(needle)
	if longer <= 0 {
		return 0
	}
	found := strings.Count(text, needle)
	if count >= 0 {
		found = min(found, count)
	}
	return found * longer
}

func textSlice(rt *value.Runtime, args []value.Value) value.Value {
	text, start, failure := textAndInteger(args)
	if failure != nil {
		return failure
	}
	length := utf8.RuneCountInString(text)
	end, failure := optionalInteger(args, 2, length)
	if failure != nil {
		return failure
	}
	start, end = place(start, length), place(end, length)
	if start >= end {
		return rt.Text("")
	}
	from := characterOffset(text, start)
	return rt.Text(text[from : from+characterOffset(text[from:], end-start)])
}

// place gives an index that may count from the end as one from the start, moved into 0 to length.
func place(index, length int) int {
	if index < 0 {
		index += length
	}
	return max(0, min(index, length))
}

// characterOffset gives the byte offset of character n; the text has at least n.
func characterOffset(text string, n int) int {
	offset := 0
	for ; n > 0; n-- {
		_, size := utf8.DecodeRuneInString(text[offset:])
		offset += size
	}
	return offset
}

// textAndInteger converts the first two arguments of a function.
func textAndInteger(args []value.Value) (text string, n int, failure *value.Error) {
	if text, failure = value.ToText(args[0]); failure != nil {
		return "", 0, failure
	}
	n, failure = value.ToInteger(args[1])
	return text, n, failure
}

// isNegative gives the error of an argument that must not be negative.
func isNegative(name string, n int) *value.Error {
	return &value.Error{Code: value.CodeOutOfRange, Message: name + " " + strconv.Itoa(n) + " is negative"}
}
