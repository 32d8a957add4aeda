package funcs

import (
	"slices"
	"strings"

	"github.com/flowexpr/flowexpr/engine/value"
)

// wordTests gives the tests of a text word by word, which compare as the session's collation says.
func wordTests() []entry {
	return []entry{
		{
			name: "has_phrase", params: "text: text, phrase: text", result: "object", ambient: true,
			doc: "Tests whether the words of the phrase are in the text, in that order and with no word between. The empty " +
				"phrase is in every text.",
			examples: []Example{
				{Expression: `has_phrase("The Quick Brown Fox", "quick brown").match`, Result: "Quick Brown"},
				{Expression: `has_phrase("The Quick Brown Fox", "quick fox")`, Result: "false"},
				{Expression: `has_phrase("The Quick Brown Fox", "")`, Result: "true"},
			},
			call: wordTest(hasPhrase),
		},
		{
			name: "has_only_phrase", params: "text: text, phrase: text", result: "object", ambient: true,
			doc: "Tests whether the text has the words of the phrase, in that order, and no others.",
			examples: []Example{
				{Expression: `has_only_phrase("Quick, Brown!", "quick brown").match`, Result: "Quick Brown"},
				{Expression: `has_only_phrase("The Quick Brown Fox", "quick brown")`, Result: "false"},
				{Expression: `has_only_phrase("", "")`, Result: "true"},
			},
			call: wordTest(func(rt *value.Runtime, text, phrase []string, key collation) value.Value {
				if !slices.EqualFunc(text, phrase, func(word, wanted string) bool { return key(word) == wanted }) {
					return noMatch
				}
				return matchedWords(rt, text)
			}),
		},
		{
			name: "has_all_words", params: "text: text, words: text", result: "object", ambient: true,
			doc: "Tests whether each of the words is in the text, in any order. The match is those words as the text has them.",
			examples: []Example{
				{Expression: `has_all_words("The quick brown FOX", "fox the").match`, Result: "The FOX"},
				{Expression: `has_all_words("The quick brown fox", "red fox")`, Result: "false"},
				{Expression: `has_all_words("The quick brown fox", "")`, Result: "true"},
			},
			call: wordTest(func(rt *value.Runtime, text, wanted []string, key collation) value.Value {
				found, missing := commonWords(text, wanted, key)
				if missing > 0 {
					return noMatch
				}
				return matchedWords(rt, found)
			}),
		},
		{
			name: "has_any_word", params: "text: text, words: text", result: "object", ambient: true,
			doc: "Tests whether at least one of the words is in the text. The match is those words as the text has them.",
			examples: []Example{
				{Expression: `has_any_word("The Quick Brown Fox", "fox quick yellow").match`, Result: "Quick Fox"},
				{Expression: `has_any_word("The Quick Brown Fox", "red")`, Result: "false"},
				{Expression: `has_any_word("The Quick Brown Fox", "")`, Result: "false"},
			},
			call: wordTest(func(rt *value.Runtime, text, wanted []string, key collation) value.Value {
				found, _ := commonWords(text, wanted, key)
				if len(found) == 0 {
					return noMatch
				}
				return matchedWords(rt, found)
			}),
		},
	}
}

// wordTest adapts a test of the words of a text; wanted has the keys of the words to look for.
func wordTest(test func(rt *value.Runtime, text, wanted []string, key collation) value.Value) body {
	return ofTexts(func(rt *value.Runtime, text, wanted string) value.Value {
		key, keys := collationOf(rt.Env), words(wanted)
		for i, word := range keys {
			keys[i] = key(word)
		}
		return test(rt, words(text), keys, key)
	})
}

func matchedWords(rt *value.Runtime, words []string) value.Value {
	return matched(rt.Text(strings.Join(words, " ")))
}

// hasPhrase goes through the text once: where the phrase breaks off, it begins anew behind the word that broke it.
func hasPhrase(rt *value.Runtime, text, phrase []string, key collation) value.Value {
	if len(phrase) == 0 {
		return matchedWords(rt, nil)
	}
	found := 0 // words of the phrase
	for i, word := range text {
		if key(word) != phrase[found] {
			found = 0
			continue
		}
		if found++; found == len(phrase) {
			return matchedWords(rt, text[i+1-found:i+1])
		}
	}
	return noMatch
}

// commonWords gives the words of the text that are wanted, and how many wanted ones it does not have.
func commonWords(text, wanted []string, key collation) (found []string, missing int) {
	seen := make(map[string]bool, len(wanted))
	for _, word := range wanted {
		seen[word] = false
	}
	missing = len(seen)
	for _, word := range text {
		k := key(word)
		before, isWanted := seen[k]
		if !isWanted {
			continue
		}
		if !before {
			seen[k] = true
			missing--
		}
		found = append(found, word)
	}
	return found, missing
}
