package funcs

import (
	"strconv"
	"strings"

	"github.com/flowexpr/flowexpr/engine/value"
)

// textTests gives the tests of a text as a whole.
func textTests(patterns *patternCache) []entry {
	return []entry{
		{
			name: "has_text", params: "text: text", result: "object",
			doc: "Tests whether the text has anything but white space. The match is the text, trimmed.",
			examples: []Example{
				{Expression: `has_text(" quick ").match`, Result: "quick"},
				{Expression: `has_text(" \n")`, Result: "false"},
				{Expression: `has_text(123)`, Result: "true"},
			},
			call: ofText(hasText),
		},
		{
			name: "has_value", params: "value: text", result: "object",
			doc: "Tests whether there is a value: another name of has_text.",
			examples: []Example{
				{Expression: `has_value(0).match`, Result: "0"},
				{Expression: `has_value(null)`, Result: "false"},
			},
			call: ofText(hasText),
		},
		{
			name: "has_error", params: "value: any", result: "object",
			doc: "Tests whether the value is an error. The match is its message.",
			examples: []Example{
				{Expression: `has_error(1 / 0).match`, Result: "division by zero"},
				{Expression: `has_error("fine")`, Result: "false"},
			},
			call: func(rt *value.Runtime, args []value.Value) value.Value {
				if failure, ok := args[0].(*value.Error); ok {
					return matched(rt.Text(failure.Message))
				}
				return noMatch
			},
		},
		{
			name: "has_only_text", params: "text: text, expected: text", result: "object",
			doc: "Tests whether two texts are equal, letter case and spaces included.",
			examples: []Example{
				{Expression: `has_only_text("foo", "foo").match`, Result: "foo"},
				{Expression: `has_only_text("foo", "Foo")`, Result: "false"},
				{Expression: `has_only_text("foo", 1 / 0)`, Error: "error calling has_only_text(...): division by zero"},
			},
			call: ofTexts(func(rt *value.Runtime, text, expected string) value.Value {
				if text != expected {
					return noMatch
				}
				return matched(rt.Text(text))
			}),
		},
		{
			name: "has_beginning", params: "text: text, beginning: text", result: "object",
			doc: "Tests whether the text begins with another one, whatever the letter case and the white space around both. " +
				"Nothing begins with the empty text.",
			examples: []Example{
				{Expression: `has_beginning("The Quick Brown", "the quick").match`, Result: "The Quick"},
				{Expression: `has_beginning("The Quick Brown", "the  quick")`, Result: "false"},
				{Expression: `has_beginning("The Quick Brown", "")`, Result: "false"},
			},
			call: ofTexts(hasBeginning),
		},
		{
			name: "has_pattern", params: "text: text, pattern: text", result: "object",
			doc: "Tests whether the text fits a regular expression somewhere, whatever the letter case. Extra has the groups " +
				"by their numbers, 0 the whole match.",
			examples: []Example{
				{Expression: `has_pattern("Buy cheese please", "buy (\w+)").match`, Result: "Buy cheese"},
				{Expression: `has_pattern("Buy cheese please", "buy (\w+)").extra`, Result: "{0: Buy cheese, 1: cheese}"},
				{Expression: `has_pattern("Buy cheese please", "buy (")`, Error: "error calling has_pattern(...): must be called with a valid regular expression"},
			},
			call: ofTexts(func(rt *value.Runtime, text, pattern string) value.Value {
				return hasPattern(rt, patterns, text, pattern)
			}),
		},
	}
}

func hasText(rt *value.Runtime, text string) value.Value {
	if text = strings.TrimSpace(text); text == "" {
		return noMatch
	}
	return matched(rt.Text(text))
}

// hasBeginning compares as many bytes as the beginning has.
func hasBeginning(rt *value.Runtime, text, beginning string) value.Value {
	text, beginning = strings.TrimSpace(text), strings.TrimSpace(beginning)
	if beginning == "" || len(text) < len(beginning) || !strings.EqualFold(text[:len(beginning)], beginning) {
		return noMatch
	}
	return matched(rt.Text(text[:len(beginning)]))
}

func hasPattern(rt *value.Runtime, patterns *patternCache, text, pattern string) value.Value {
	re, failure := patterns.compile(strings.TrimSpace(pattern))
	if failure != nil {
		return value.NewError("must be called with a valid regular expression")
	}
	groups := re.FindStringSubmatch(strings.TrimSpace(text))
	if groups == nil {
		return noMatch
	}
	extra := make([]value.Property, len(groups))
	for i, group := range groups {
		extra[i] = value.Property{Key: strconv.Itoa(i), Value: rt.Text(group)}
	}
	return matchedWith(extra[0].Value, extra)
}
