package funcs

import (
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWordsOf(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"empty":                      {"", nil},
		"separators":                 {" ,.-\n", nil},
		"apostrophe, hyphen, dot":    {"don't stop-it 12.5", []string{"don't", "stop", "it", "12", "5"}},
		"underscore":                 {"a_b c", []string{"a_b", "c"}},
		"letters and marks":          {"e\u0301té नमस्ते", []string{"e\u0301té", "नमस्ते"}},
		"numbers that are no digits": {"½ Ⅷ", []string{"½", "Ⅷ"}},
		"emoji":                      {"😀😁 a😀b", []string{"😀", "😁", "a", "😀", "b"}},
		"ASCII symbols":              {"1+2=$3", []string{"1", "+", "2", "=", "$", "3"}},
		"variation selector":         {"❤\ufe0f", []string{"❤", "\ufe0f"}},
		"curly apostrophe":           {"don’t", []string{"don", "t"}},
		"@ and #":                    {"a@b.com #x", []string{"a", "b", "com", "x"}},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, c.want, words(c.text)) })
	}
}

// FuzzWords checks that words are parts of the text in order, and that nothing between them could be one.
func FuzzWords(f *testing.F) {
	for _, seed := range []string{"", "don't stop-it 12.5", "it's 5pm 😀😀", "e\u0301 \xff\xf0 x", "$a_b$", "नमस्ते, दुनिया", "\U0001f7fd\xbd"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var list []string
		at := 0 // behind the word before
		for start, end := nextWord(text, at); start < end; start, end = nextWord(text, at) {
			require.False(t, strings.ContainsFunc(text[at:start], startsWord), "%q before %q", text[at:start], text[start:end])
			list, at = append(list, text[start:end]), end
		}
		require.False(t, strings.ContainsFunc(text[at:], startsWord), "%q at the end", text[at:])
		require.Equal(t, list, words(text))
		require.Equal(t, len(list), splitter{text: text}.count())
	})
}

func startsWord(r rune) bool { return inWord(r) || unicode.IsSymbol(r) }

func TestCompileRegex(t *testing.T) {
	re, failure := compileRegex("^b$")
	require.Nil(t, failure)
	assert.True(t, re.MatchString("a\nB"))
	_, failure = compileRegex("(")
	assert.Equal(t, "invalid regular expression", failure.Message)
}

func TestPatternCache(t *testing.T) {
	cache := &patternCache{}
	first, failure := cache.compile(`\d+`)
	require.Nil(t, failure)
	again, _ := cache.compile(`\d+`)
	assert.Same(t, first, again)

	_, failure = cache.compile("(")
	assert.NotNil(t, failure)
	long := strings.Repeat("a", maxPatternLength+1)
	_, failure = cache.compile(long)
	assert.Nil(t, failure)
	assert.Len(t, cache.compiled, 1, "neither bad nor long patterns are kept")

	for i := range 3 * maxPatterns {
		_, failure := cache.compile(strconv.Itoa(i))
		require.Nil(t, failure)
		require.LessOrEqual(t, len(cache.compiled), maxPatterns)
	}
}

func TestPatternCacheShared(t *testing.T) {
	cache := &patternCache{}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for i := range 2 * maxPatterns {
				re, failure := cache.compile(strconv.Itoa(i))
				assert.Nil(t, failure)
				assert.True(t, re.MatchString(strconv.Itoa(i)))
			}
		})
	}
	group.Wait()
}
