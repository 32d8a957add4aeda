package funcs

import (
	"slices"

	"github.com/flowexpr/flowexpr/engine/value"
)

// tests gives the tests that routers send contacts by. Each gives an object that stands for true or false; `match` is
// what made the test true, `extra` more about it where there is more.
func tests(patterns *patternCache) []entry {
	return slices.Concat(textTests(patterns), wordTests(), numberTests(), dateTests(), addressTests(), resultTests(), locationTests())
}

// noMatch is what a test gives that is not passed. It is immutable.
var noMatch value.Value = value.NewObjectWithDefault(value.Boolean(false), []value.Property{{Key: "match", Value: value.NewText("")}})

// matched gives the result of a test that is passed.
func matched(match value.Value) value.Value {
	return value.NewObjectWithDefault(value.Boolean(true), []value.Property{{Key: "match", Value: match}})
}

// matchedWith gives the result of a test that is passed, with extra.
func matchedWith(match value.Value, extra []value.Property) value.Value {
	return value.NewObjectWithDefault(value.Boolean(true), []value.Property{
		{Key: "extra", Value: value.NewObject(extra)}, {Key: "match", Value: match},
	})
}
