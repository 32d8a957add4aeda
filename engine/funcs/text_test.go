package funcs_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/engine/funcs"
	"github.com/flowexpr/flowexpr/engine/value"
)

func TestCharacters(t *testing.T) {
	check(t, nil, []result{
		{"code point", "char", []value.Value{num("65.9")}, "A", ""},
		{"numeric text", "char", []value.Value{text(" 128512 ")}, "😀", ""},
		{"control", "char", []value.Value{num("10")}, "\n", ""},
		{"negative", "char", []value.Value{num("-1")}, "\uFFFD", ""},
		{"surrogate", "char", []value.Value{num("55296")}, "\uFFFD", ""},
		{"beyond Unicode", "char", []value.Value{num("1114112")}, "\uFFFD", ""},
		{"beyond 32 bits", "char", []value.Value{num("3000000000")}, "", "error calling char(...): number value 3000000000 is out of range for an integer"},
		{"null", "char", []value.Value{nil}, "", "error calling char(...): unable to convert null to a number"},
		{"first of many", "code", []value.Value{text("😀b")}, "128512", ""},
		{"number", "code", []value.Value{num("7")}, "55", ""},
		{"empty", "code", []value.Value{text("")}, "", "error calling code(...): requires a string of at least one character"},
		{"null", "code", []value.Value{nil}, "", "error calling code(...): requires a string of at least one character"},

		{"sharp s", "upper", []value.Value{text("straße")}, "STRAßE", ""},
		{"accents", "upper", []value.Value{text("Crème ǆ")}, "CRÈME Ǆ", ""},
		{"null", "upper", []value.Value{nil}, "", ""},
		{"array", "upper", []value.Value{list(text("a"), num("1.50"))}, "[A, 1.5]", ""},
		{"no argument", "upper", nil, "", "error calling upper(...): need 1 argument(s), got 0"},
		{"accents", "lower", []value.Value{text("CRÈME Σ")}, "crème σ", ""},
		{"boolean", "lower", []value.Value{value.Boolean(true)}, "true", ""},

		{"apostrophe and hyphen", "title", []value.Value{text("o'grady MCDONALD-smith")}, "O'Grady Mcdonald-Smith", ""},
		{"title letter", "title", []value.Value{text("ǆ éa")}, "ǅ Éa", ""},
		{"digits and underscore", "title", []value.Value{text("3rd a_b x1y 4.5th")}, "3rd A_b X1y 4.5th", ""},
		{"curly apostrophe", "title", []value.Value{text("o’grady")}, "O’grady", ""},
		{"space without break", "title", []value.Value{text("a\u00a0b\nc")}, "A\u00a0B\nC", ""},
		{"null", "title", []value.Value{nil}, "", ""},

		{"separators and formats", "clean", []value.Value{text("a\r\n\tb\u200b\u00adc\u0000")}, "abc", ""},
		{"private and unassigned", "clean", []value.Value{text("a\ue000\u0378b")}, "ab", ""},
		{"spaces and marks stay", "clean", []value.Value{text("  e\u0301\u00a0❤\ufe0f  ")}, "  e\u0301\u00a0❤\ufe0f  ", ""},
		{"joined emoji come apart", "clean", []value.Value{text("👩\u200d🔧")}, "👩🔧", ""},
		{"null", "clean", []value.Value{nil}, "", ""},
	})
}

func TestTrim(t *testing.T) {
	padded := text("\u2003 \t a b \n\u00a0")
	check(t, nil, []result{
		{"Unicode spaces", "trim", []value.Value{padded}, "a b", ""},
		{"null means spaces", "trim", []value.Value{padded, nil}, "a b", ""},
		{"empty means nothing", "trim", []value.Value{text(" a "), text("")}, " a ", ""},
		{"a set", "trim", []value.Value{text("+é1+"), text("é+")}, "1", ""},
		{"number as text", "trim", []value.Value{num("1.5"), num("5")}, "1.", ""},
		{"null", "trim", []value.Value{nil}, "", ""},
		{"too many", "trim", []value.Value{nil, nil, nil}, "", "error calling trim(...): need 1 to 2 argument(s), got 3"},
		{"Unicode spaces", "trim_left", []value.Value{padded}, "a b \n\u00a0", ""},
		{"null means spaces", "trim_left", []value.Value{text(" a "), nil}, "a ", ""},
		{"empty means nothing", "trim_left", []value.Value{text(" a "), text("")}, " a ", ""},
		{"a set", "trim_left", []value.Value{text("+é1+"), text("é+")}, "1+", ""},
		{"Unicode spaces", "trim_right", []value.Value{padded}, "\u2003 \t a b", ""},
		{"null means spaces", "trim_right", []value.Value{text(" a "), nil}, " a", ""},
		{"empty means nothing", "trim_right", []value.Value{text(" a "), text("")}, " a ", ""},
		{"a set", "trim_right", []value.Value{text("+1é+"), text("é+")}, "+1", ""},
	})
}

func TestWords(t *testing.T) {
	check(t, nil, []result{
		{"words", "split", []value.Value{text(" a  b,c ")}, "[a, b, c]", ""},
		{"empty delimiters mean words", "split", []value.Value{text("a,b"), text("")}, "[a, b]", ""},
		{"null delimiters mean words", "split", []value.Value{text("a,b"), nil}, "[a, b]", ""},
		{"any of the delimiters", "split", []value.Value{text("--a b–c,"), text("-–,")}, "[a b, c]", ""},
		{"nothing", "split", []value.Value{nil}, "[]", ""},
		{"delimiters only", "split", []value.Value{text(",,"), text(",")}, "[]", ""},

		{"first", "word", []value.Value{text("bee cat"), num("0")}, "bee", ""},
		{"index cut", "word", []value.Value{text("bee cat"), num("1.9")}, "cat", ""},
		{"index as text", "word", []value.Value{text("bee cat"), text("1")}, "cat", ""},
		{"first from the end", "word", []value.Value{text("bee cat"), num("-2")}, "bee", ""},
		{"before the first", "word", []value.Value{text("bee cat"), num("-3")}, "", "error calling word(...): index -3 is out of range for the number of words 2"},
		{"behind the last", "word", []value.Value{text("bee cat"), num("2")}, "", "error calling word(...): index 2 is out of range for the number of words 2"},
		{"of nothing", "word", []value.Value{nil, num("0")}, "", "error calling word(...): index 0 is out of range for the number of words 0"},
		{"emoji", "word", []value.Value{text("it's 5pm 😀😁"), num("3")}, "😁", ""},
		{"delimiters", "word", []value.Value{text("a b|c d"), num("-1"), text("|")}, "c d", ""},
		{"null delimiters", "word", []value.Value{text("a b|c d"), num("-1"), nil}, "d", ""},
		{"null index", "word", []value.Value{text("a"), nil}, "", "error calling word(...): unable to convert null to a number"},
		{"one argument", "word", []value.Value{text("a")}, "", "error calling word(...): need 2 to 3 argument(s), got 1"},

		{"words", "word_count", []value.Value{text("don't stop-it 12.5")}, "5", ""},
		{"delimiters", "word_count", []value.Value{text("don't stop-it 12.5"), text(" ")}, "3", ""},
		{"null delimiters", "word_count", []value.Value{text("a-b"), nil}, "2", ""},
		{"null", "word_count", []value.Value{nil}, "0", ""},

		{"to the end", "word_slice", []value.Value{text("a-b c_d"), num("1")}, "b c_d", ""},
		{"to an end", "word_slice", []value.Value{text("a b c d"), num("1"), num("3")}, "b c", ""},
		{"end 0", "word_slice", []value.Value{text("a b c"), num("1"), num("0")}, "b c", ""},
		{"end below 0", "word_slice", []value.Value{text("a b c"), num("1"), num("-2")}, "b c", ""},
		{"end behind the last", "word_slice", []value.Value{text("a b c"), num("1"), num("9")}, "b c", ""},
		{"start behind the last", "word_slice", []value.Value{text("a b c"), num("3")}, "", ""},
		{"end at the start", "word_slice", []value.Value{text("a b c"), num("1"), num("1")}, "", "error calling word_slice(...): must have a end which is greater than the start"},
		{"end before the start", "word_slice", []value.Value{text("a b c"), num("2"), num("1")}, "", "error calling word_slice(...): must have a end which is greater than the start"},
		{"negative start", "word_slice", []value.Value{text("a b c"), num("-1")}, "", "error calling word_slice(...): start -1 is negative"},
		{"delimiters", "word_slice", []value.Value{text("a b|c|d"), num("0"), num("2"), text("|")}, "a b c", ""},
		{"null end", "word_slice", []value.Value{text("a"), num("0"), nil}, "", "error calling word_slice(...): unable to convert null to a number"},
		{"null", "word_slice", []value.Value{nil, num("0")}, "", ""},

		{"keeps what follows", "remove_first_word", []value.Value{text("  hello,  big (world)! ")}, "big (world)! ", ""},
		{"symbol", "remove_first_word", []value.Value{text("😀a b")}, "a b", ""},
		{"symbol next", "remove_first_word", []value.Value{text("a, 😀!")}, "😀!", ""},
		{"one word", "remove_first_word", []value.Value{text("hello!!")}, "", ""},
		{"no word", "remove_first_word", []value.Value{text("...")}, "", ""},
		{"null", "remove_first_word", []value.Value{nil}, "", ""},
	})
}

func TestField(t *testing.T) {
	check(t, nil, []result{
		{"trimmed", "field", []value.Value{text("a,\t b ,c"), num("1"), text(",")}, "b", ""},
		{"empty part", "field", []value.Value{text("a,,c"), num("1"), text(",")}, "", ""},
		{"long delimiter", "field", []value.Value{text("a, b,c"), num("1"), text(", ")}, "b,c", ""},
		{"spaces", "field", []value.Value{text(" a b  c "), num("2"), text(" ")}, "c", ""},
		{"two spaces", "field", []value.Value{text("a  b    c"), num("2"), text("  ")}, "", ""},
		{"characters", "field", []value.Value{text("aé😀"), num("2"), text("")}, "😀", ""},
		{"null delimiter", "field", []value.Value{text("abc"), num("1"), nil}, "b", ""},
		{"out of range", "field", []value.Value{text("a,b"), num("2"), text(",")}, "", ""},
		{"of nothing", "field", []value.Value{nil, num("0"), text(",")}, "", ""},
		{"negative", "field", []value.Value{text("a,b"), num("-1"), text(",")}, "", "error calling field(...): index -1 is negative"},
		{"null index", "field", []value.Value{text("a,b"), nil, text(",")}, "", "error calling field(...): unable to convert null to a number"},
	})
}

func TestWholeTexts(t *testing.T) {
	check(t, nil, []result{
		{"from", "text_slice", []value.Value{text("héllo"), num("1")}, "éllo", ""},
		{"to", "text_slice", []value.Value{text("héllo"), num("1"), num("3")}, "él", ""},
		{"end before start", "text_slice", []value.Value{text("hello"), num("3"), num("1")}, "", ""},
		{"end 0", "text_slice", []value.Value{text("hello"), num("0"), num("0")}, "", ""},
		{"from the end", "text_slice", []value.Value{text("héllo😀"), num("-3"), num("-1")}, "lo", ""},
		{"far before", "text_slice", []value.Value{text("hello"), num("-9"), num("2")}, "he", ""},
		{"far behind", "text_slice", []value.Value{text("hello"), num("3"), num("99")}, "lo", ""},
		{"start behind", "text_slice", []value.Value{text("hello"), num("5")}, "", ""},
		{"both before", "text_slice", []value.Value{text("hello"), num("-9"), num("-7")}, "", ""},
		{"number", "text_slice", []value.Value{num("12345"), num("-2")}, "45", ""},
		{"null", "text_slice", []value.Value{nil, num("0")}, "", ""},
		{"null start", "text_slice", []value.Value{text("a"), nil}, "", "error calling text_slice(...): unable to convert null to a number"},

		{"characters", "text_length", []value.Value{text("é😀")}, "2", ""},
		{"array", "text_length", []value.Value{list(num("2"), num("3"))}, "6", ""},
		{"null", "text_length", []value.Value{nil}, "0", ""},

		{"before", "text_compare", []value.Value{text("B"), text("a")}, "-1", ""},
		{"after", "text_compare", []value.Value{text("é"), text("z")}, "1", ""},
		{"prefix", "text_compare", []value.Value{text("ab"), text("abc")}, "-1", ""},
		{"equal as text", "text_compare", []value.Value{num("1.0"), text("1")}, "0", ""},
		{"null", "text_compare", []value.Value{nil, text("")}, "0", ""},

		{"count cut", "repeat", []value.Value{text("ab"), num("2.9")}, "abab", ""},
		{"not once", "repeat", []value.Value{text("ab"), num("0")}, "", ""},
		{"nothing, often", "repeat", []value.Value{text(""), num("2000000000")}, "", ""},
		{"null", "repeat", []value.Value{nil, num("5")}, "", ""},
		{"negative", "repeat", []value.Value{text("ab"), num("-1")}, "", "error calling repeat(...): count -1 is negative"},
		{"null count", "repeat", []value.Value{text("ab"), nil}, "", "error calling repeat(...): unable to convert null to a number"},
		{"at the limit", "repeat", []value.Value{text("é"), num("10000")}, strings.Repeat("é", 10_000), ""},
		{"beyond the limit", "repeat", []value.Value{text("ab"), num("5001")}, "", "error calling repeat(...): cannot build a string longer than 10000 characters"},
		{"far beyond", "repeat", []value.Value{text("ab"), num("2147483647")}, "", "error calling repeat(...): cannot build a string longer than 10000 characters"},

		{"everywhere", "replace", []value.Value{text("a.b.c"), text("."), text("")}, "abc", ""},
		{"first", "replace", []value.Value{text("aaa"), text("a"), text("bb"), num("2")}, "bbbba", ""},
		{"not once", "replace", []value.Value{text("aaa"), text("a"), text("b"), num("0")}, "aaa", ""},
		{"negative count", "replace", []value.Value{text("aaa"), text("a"), text("b"), num("-7")}, "bbb", ""},
		{"empty needle", "replace", []value.Value{text("é😀"), text(""), text("-")}, "-é-😀-", ""},
		{"nulls", "replace", []value.Value{nil, nil, nil}, "", ""},
		{"null count", "replace", []value.Value{text("a"), text("a"), text("b"), nil}, "", "error calling replace(...): unable to convert null to a number"},
	})
}

func TestSpellings(t *testing.T) {
	check(t, nil, []result{
		{"text", "percent", []value.Value{text("0.5")}, "50%", ""},
		{"half", "percent", []value.Value{num("0.125")}, "13%", ""},
		{"negative half", "percent", []value.Value{num("-0.125")}, "-13%", ""},
		{"above one", "percent", []value.Value{num("12.34567")}, "1235%", ""},
		{"null", "percent", []value.Value{nil}, "", "error calling percent(...): unable to convert null to a number"},

		{"reserved", "url_encode", []value.Value{text("é&=?/+ ")}, "%C3%A9%26%3D%3F%2F%2B%20", ""},
		{"unreserved", "url_encode", []value.Value{text("Az09~-_.")}, "Az09~-_.", ""},
		{"others", "url_encode", []value.Value{text("!*'()@:,")}, "%21%2A%27%28%29%40%3A%2C", ""},
		{"null", "url_encode", []value.Value{nil}, "", ""},

		{"entities", "html_decode", []value.Value{text("&lt;b&gt; &copy; &#39;x&#x27;")}, "<b> © 'x'", ""},
		{"space without break", "html_decode", []value.Value{text("a&nbsp;b\u00a0c")}, "a b c", ""},
		{"no entity", "html_decode", []value.Value{text("a & b &foo;")}, "a & b &foo;", ""},
		{"once", "html_decode", []value.Value{text("&amp;lt;")}, "&lt;", ""},
		{"null", "html_decode", []value.Value{nil}, "", ""},

		{"threes", "read_chars", []value.Value{text("123456789012")}, "1 2 3 , 4 5 6 , 7 8 9 , 0 1 2", ""},
		{"fours", "read_chars", []value.Value{text("12345678")}, "1 2 3 4 , 5 6 7 8", ""},
		{"one by one", "read_chars", []value.Value{text("+12024561111")}, "1 , 2 , 0 , 2 , 4 , 5 , 6 , 1 , 1 , 1 , 1", ""},
		{"all pluses in front", "read_chars", []value.Value{text("++12+")}, "1 2 +", ""},
		{"characters", "read_chars", []value.Value{text("é😀x")}, "é 😀 x", ""},
		{"number", "read_chars", []value.Value{num("123")}, "1 2 3", ""},
		{"pluses only", "read_chars", []value.Value{text("++")}, "", ""},
		{"null", "read_chars", []value.Value{nil}, "", ""},
	})
}

func TestRegexMatch(t *testing.T) {
	check(t, nil, []result{
		{"first match", "regex_match", []value.Value{text("sda34dfddg67"), text(`\d+`)}, "34", ""},
		{"letter case", "regex_match", []value.Value{text("ABC"), text("b")}, "B", ""},
		{"lines", "regex_match", []value.Value{text("one\ntwo"), text("^t.*$")}, "two", ""},
		{"dot and line break", "regex_match", []value.Value{text("a\nb"), text("a.b")}, "", "error calling regex_match(...): invalid regular expression group"},
		{"group", "regex_match", []value.Value{text("Bob Smith"), text(`(\w+) (\w+)`), num("2")}, "Smith", ""},
		{"group without part", "regex_match", []value.Value{text("b"), text("(a)|(b)"), num("1")}, "", ""},
		{"empty match", "regex_match", []value.Value{text("b"), text("")}, "", ""},
		{"group too high", "regex_match", []value.Value{text("Bob"), text(`(\w+)`), num("2")}, "", "error calling regex_match(...): invalid regular expression group"},
		{"group negative", "regex_match", []value.Value{text("Bob"), text(`(\w+)`), num("-1")}, "", "error calling regex_match(...): invalid regular expression group"},
		{"no match", "regex_match", []value.Value{text("abc"), text("x")}, "", "error calling regex_match(...): invalid regular expression group"},
		{"null", "regex_match", []value.Value{nil, text("x")}, "", "error calling regex_match(...): invalid regular expression group"},
		{"bad pattern", "regex_match", []value.Value{text("abc"), text("[")}, "", "error calling regex_match(...): invalid regular expression"},
		{"bare repetition", "regex_match", []value.Value{text("abc"), text("*")}, "", "error calling regex_match(...): invalid regular expression"},
		{"no lookahead in RE2", "regex_match", []value.Value{text("abc"), text("a(?=b)")}, "", "error calling regex_match(...): invalid regular expression"},
		{"null group", "regex_match", []value.Value{text("a"), text("a"), nil}, "", "error calling regex_match(...): unable to convert null to a number"},
	})
}

func TestSplitLimit(t *testing.T) {
	assert.Equal(t, 10_000, call(t, runtime(nil), "split", text(strings.Repeat("a ", 10_000))).(*value.Array).Len())
	failure := call(t, runtime(nil), "split", text(strings.Repeat("a ", 10_001))).(*value.Error)
	assert.Equal(t, "error calling split(...): cannot build an array with more than 10000 items", failure.Message)
	assert.Equal(t, value.CodeOutOfRange, failure.Code)
}

// A replacement that no budget could pay for is not even made.
func TestReplaceLimit(t *testing.T) {
	long := text(strings.Repeat("a", 10_000))
	failure := call(t, runtime(nil), "replace", long, text("a"), long).(*value.Error)
	assert.Equal(t, value.TooComplex, failure.Message)
	assert.True(t, failure.Fatal)
	some, bad := value.ToText(call(t, runtime(nil), "replace", long, text("a"), long, num("1")))
	require.Nil(t, bad)
	assert.Len(t, some, 19_999)
}

// An error is passed on from each argument of each function; the first, if there are several.
func TestErrorsPass(t *testing.T) {
	for _, f := range library.All() {
		if f.Family != funcs.Text && f.Family != funcs.Number {
			continue
		}
		for i := range f.Params {
			args := make([]value.Value, len(f.Params))
			for j := range args {
				args[j] = text("1")
				if j > i {
					args[j] = value.NewError("too late")
				}
			}
			args[i] = failing
			failure, ok := call(t, runtime(nil), f.Name, args...).(*value.Error)
			require.True(t, ok, "%s, argument %d", f.Name, i)
			assert.Equal(t, "error calling "+f.Name+"(...): no luck", failure.Message, "argument %d", i)
		}
	}
}

// The hot path allocates no more than the text it makes.
func TestTextAllocations(t *testing.T) {
	rt := runtime(nil)
	for _, c := range []struct {
		fn   string
		args []value.Value
		want float64
	}{
		{"upper", []value.Value{text("Ryan Lewis")}, 1},
		{"upper", []value.Value{text("RYAN LEWIS")}, 0},
		{"lower", []value.Value{text("Crème")}, 1},
		{"title", []value.Value{text("ryan lewis")}, 1},
		{"title", []value.Value{text("Ryan Lewis")}, 0},
		{"word", []value.Value{text("Ryan Lewis"), num("-1")}, 0},
		{"field", []value.Value{text("tel:+12024561111"), num("1"), text(":")}, 0},
		{"text_slice", []value.Value{text("Crème"), num("1"), num("3")}, 0},
		{"remove_first_word", []value.Value{text("Ryan Lewis")}, 0},
	} {
		f, _ := library.Lookup(c.fn)
		got := testing.AllocsPerRun(100, func() {
			rt.Invoke(f.Value, c.args)
			rt.Reset(1)
		})
		assert.Equal(t, c.want, got, c.fn)
	}
}

func BenchmarkTexts(b *testing.B) {
	for name, args := range map[string][]value.Value{
		"upper":       {text("Ryan Lewis")},
		"title":       {text("ryan lewis")},
		"word":        {text("Ryan Lewis"), num("1")},
		"regex_match": {text("since 1999"), text(`\d{4}`)},
	} {
		b.Run(name, func(b *testing.B) {
			rt := runtime(nil)
			f, _ := library.Lookup(name)
			b.ReportAllocs()
			for b.Loop() {
				rt.Invoke(f.Value, args)
				rt.Reset(1)
			}
		})
	}
}
