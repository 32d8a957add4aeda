package funcs

import (
	"fmt"
	"strings"

	"github.com/flowexpr/flowexpr/engine/value"
)

// wordwise has the functions that take a text apart.
func wordwise() []entry {
	return []entry{
		{
			name: "split", params: "text: text, delimiters?: text", result: "array",
			doc:      "Gives the words of the text; with delimiters, what stands between any of these characters.",
			examples: []Example{{Expression: `split("a b c")`, Result: "[a, b, c]"}, {Expression: `split("a|b c,,d", "|,")`, Result: "[a, b c, d]"}, {Expression: `split("")`, Result: "[]"}},
			call:     split,
		},
		{
			name: "word", params: "text: text, index: integer, delimiters?: text", result: "text",
			doc: "Gives the word with that index: 0 is the first, -1 the last. Delimiters are characters that set words " +
				"apart in place of all but letters and digits.",
			examples: []Example{{Expression: `word("bee cat dog", 0)`, Result: "bee"}, {Expression: `word("O'Grady O'Flaggerty", -1)`, Result: "O'Flaggerty"}, {Expression: `word("bee.*cat", 1, ".*")`, Result: "cat"}, {Expression: `word("bee cat", 2)`, Error: "error calling word(...): index 2 is out of range for the number of words 2"}},
			call:     word,
		},
		{
			name: "word_count", params: "text: text, delimiters?: text", result: "number",
			doc:      "Gives the number of words in the text. For delimiters, see word.",
			examples: []Example{{Expression: `word_count("foo bar")`, Result: "2"}, {Expression: `word_count("O'Grady O'Flaggerty", " ")`, Result: "2"}, {Expression: `word_count("bee.*cat,dog", ".*=|")`, Result: "2"}},
			call: func(rt *value.Runtime, args []value.Value) value.Value {
				list, failure := splitterOf(args)
				if failure != nil {
					return failure
				}
				return integer(rt, list.count())
			},
		},
		{
			name: "word_slice", params: "text: text, start: integer, end?: integer, delimiters?: text", result: "text",
			doc: "Gives the words from start, which counts from 0, up to end, which is not part of it, with a space in " +
				"between. The rest of the words is given when end is left out, 0 or negative. For delimiters, see word.",
			examples: []Example{
				{Expression: `word_slice("bee cat dog", 0, 2)`, Result: "bee cat"},
				{Expression: `word_slice("bee.*cat.*dog", 1, -1, ".*")`, Result: "cat dog"},
				{Expression: `word_slice("bee cat", 5)`, Result: ""},
				{Expression: `word_slice("bee cat", 1, 1)`, Error: "error calling word_slice(...): must have a end which is greater than the start"},
			},
			call: wordSlice,
		},
		{
			name: "remove_first_word", params: "text: text", result: "text",
			doc:      "Gives the text from its second word on.",
			examples: []Example{{Expression: `remove_first_word("foo bar, baz!")`, Result: "bar, baz!"}, {Expression: `remove_first_word("hi")`, Result: ""}},
			call: ofText(func(rt *value.Runtime, text string) value.Value {
				_, end := nextWord(text, 0)
				start, _ := nextWord(text, end)
				return rt.Text(text[start:])
			}),
		},
		{
			name: "field", params: "text: text, index: integer, delimiter: text", result: "text",
			doc: "Gives the part of the text with that index, from 0, between delimiters; of a part that is not there, " +
				"nothing. Spaces around it are taken off, and several spaces are one delimiter.",
			examples: []Example{
				{Expression: `field("a,b, c", 2, ",")`, Result: "c"},
				{Expression: `field("a  b", 1, " ")`, Result: "b"},
				{Expression: `field("a,b", 5, ",")`, Result: ""},
				{Expression: `field("a,b", -1, ",")`, Error: "error calling field(...): index -1 is negative"},
			},
			call: field,
		},
	}
}

// splitterOf takes the first argument apart, by delimiters that the second may give.
func splitterOf(args []value.Value) (s splitter, failure *value.Error) {
	if s.text, failure = value.ToText(args[0]); failure != nil {
		return s, failure
	}
	s.delimiters, failure = optionalText(args, 1, "")
	return s, failure
}

func split(rt *value.Runtime, args []value.Value) value.Value {
	list, failure := splitterOf(args)
	if failure != nil {
		return failure
	}
	var texts []value.Value
	for piece, ok := list.next(); ok; piece, ok = list.next() {
		if len(texts) == maxItems {
			return errTooManyItems()
		}
		texts = append(texts, rt.Text(piece))
	}
	return items(texts)
}

func word(rt *value.Runtime, args []value.Value) value.Value {
	text, index, failure := textAndInteger(args)
	if failure != nil {
		return failure
	}
	delimiters, failure := optionalText(args, 2, "")
	if failure != nil {
		return failure
	}
	list := splitter{text: text, delimiters: delimiters}
	wanted := index
	if index < 0 {
		wanted += list.count()
	}
	n := 0
	for piece, ok := list.next(); ok; piece, ok = list.next() {
		if n == wanted {
			return rt.Text(piece)
		}
		n++
	}
	return &value.Error{Code: value.CodeOutOfRange, Message: fmt.Sprintf("index %d is out of range for the number of words %d", index, n)}
}

func wordSlice(rt *value.Runtime, args []value.Value) value.Value {
	text, start, failure := textAndInteger(args)
	if failure != nil {
		return failure
	}
	end, failure := optionalInteger(args, 2, 0)
	if failure != nil {
		return failure
	}
	delimiters, failure := optionalText(args, 3, "")
	switch {
	case failure != nil:
		return failure
	case start < 0:
		return isNegative("start", start)
	case end > 0 && end <= start:
		return value.NewError("must have a end which is greater than the start")
	}
	return rt.Text(joined(splitter{text: text, delimiters: delimiters}, start, end))
}

// joined gives the pieces from start to end, or to the last when end is not positive, with a space in between.
func joined(list splitter, start, end int) string {
	var b strings.Builder
	n := 0
	for piece, ok := list.next(); ok && (end <= 0 || n < end); piece, ok = list.next() {
		if n > start {
			b.WriteByte(' ')
		}
		if n >= start {
			b.WriteString(piece)
		}
		n++
	}
	return b.String()
}

func field(rt *value.Runtime, args []value.Value) value.Value {
	text, index, failure := textAndInteger(args)
	if failure != nil {
		return failure
	}
	delimiter, failure := value.ToText(args[2])
	switch {
	case failure != nil:
		return failure
	case index < 0:
		return isNegative("index", index)
	}
	return rt.Text(strings.TrimSpace(fieldAt(text, index, delimiter)))
}

// fieldAt gives what stands between two delimiters; several spaces are one delimiter, and an empty one stands between
// all characters.
func fieldAt(text string, index int, delimiter string) string {
	for part := range strings.SplitSeq(text, delimiter) {
		if delimiter == " " && part == "" {
			continue
		}
		if index == 0 {
			return part
		}
		index--
	}
	return ""
}
