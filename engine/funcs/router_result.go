package funcs

import (
	"strings"

	"github.com/flowexpr/flowexpr/engine/value"
)

// resultTests gives the tests of what a contact belongs to, and of results.
func resultTests() []entry {
	return []entry{
		{
			name: "has_group", params: "groups: array, uuid: text", result: "object",
			doc: "Tests whether the group with that UUID is among the groups. The match is the group.",
			examples: []Example{
				{Expression: `has_group(array(object("uuid", "b7cf0d83", "name", "Testers")), "b7cf0d83").match.name`, Result: "Testers"},
				{Expression: `has_group(array(), "b7cf0d83")`, Result: "false"},
				{Expression: `has_group("Testers", "b7cf0d83")`, Error: `error calling has_group(...): unable to convert "Testers" to an array`},
			},
			call: hasGroup,
		},
		{
			name: "has_category", params: "result: object, category: text, categories...: text", result: "object",
			doc: "Tests whether a flow result is in one of the categories. The match is its category.",
			examples: []Example{
				{Expression: `has_category(object("category", "Success"), "Success", "Failure").match`, Result: "Success"},
				{Expression: `has_category(object("category", "Success"), "Failure")`, Result: "false"},
				{Expression: `has_category("Success", "Success")`, Error: `error calling has_category(...): unable to convert "Success" to an object`},
			},
			call: hasCategory,
		},
		{
			name: "has_intent", params: "result: object, name: text, confidence: number", result: "object",
			doc: "Tests whether a classifier's result has the intent with at least that confidence. The match is the intent's " +
				"name, extra has the entities' values.",
			examples: []Example{
				{Expression: `has_intent(object("extra", parse_json("{\"intents\":[{\"name\":\"book\",\"confidence\":0.5}]}")), "book", 0.4).match`, Result: "book"},
				{Expression: `has_intent(object("extra", null), "book", 0.4)`, Result: "false"},
			},
			call: intentTest(false),
		},
		{
			name: "has_top_intent", params: "result: object, name: text, confidence: number", result: "object",
			doc: "Tests whether the intent that a classifier is surest of is the named one, with at least that confidence.",
			examples: []Example{
				{Expression: `has_top_intent(object("extra", parse_json("{\"intents\":[{\"name\":\"book\",\"confidence\":0.5}]}")), "book", 0.5)`, Result: "true"},
				{Expression: `has_top_intent(object("extra", parse_json("{\"intents\":[{\"name\":\"book\",\"confidence\":0.5}]}")), "book", 0.6)`, Result: "false"},
			},
			call: intentTest(true),
		},
	}
}

func hasGroup(_ *value.Runtime, args []value.Value) value.Value {
	groups, failure := value.ToArray(args[0])
	if failure != nil {
		return failure
	}
	uuid, failure := value.ToText(args[1])
	if failure != nil {
		return failure
	}
	for _, item := range groups.Items() {
		group, failure := value.ToObject(item)
		if failure != nil {
			return failure
		}
		if v, ok := group.Get("uuid"); ok {
			if id, failure := value.ToText(v); failure == nil && id == uuid {
				return matched(group)
			}
		}
	}
	return noMatch
}

func hasCategory(rt *value.Runtime, args []value.Value) value.Value {
	result, failure := value.ToObject(args[0])
	if failure != nil {
		return failure
	}
	category, failure := value.ToText(property(result, "category"))
	if failure != nil {
		return failure
	}
	found := false
	for _, arg := range args[1:] {
		wanted, failure := value.ToText(arg)
		if failure != nil {
			return failure
		}
		found = found || wanted == category
	}
	if !found || category == "" {
		return noMatch
	}
	return matched(rt.Text(category))
}

// property gives what an object has under a name; null when it has nothing, or v is no object.
func property(v value.Value, name string) value.Value {
	o, ok := v.(*value.Object)
	if !ok {
		return nil
	}
	of, _ := o.Get(name)
	return of
}

// intentTest makes a test of `intents`, a list of objects with name and confidence, in the extra of a result.
func intentTest(topOnly bool) body {
	return func(rt *value.Runtime, args []value.Value) value.Value {
		result, failure := value.ToObject(args[0])
		if failure != nil {
			return failure
		}
		name, failure := value.ToText(args[1])
		if failure != nil {
			return failure
		}
		confidence, failure := value.ToNumber(args[2])
		if failure != nil {
			return failure
		}
		extra := property(result, "extra")
		for _, it := range intentsOf(extra, topOnly) {
			if strings.EqualFold(it.name, name) && it.confidence.Cmp(confidence) >= 0 {
				return matchedWith(rt.Text(it.name), entitiesOf(extra))
			}
		}
		return noMatch
	}
}

// intent is what a classifier made of a text, and how sure it is.
type intent struct {
	name       string
	confidence value.Decimal
}

// intentsOf gives the intents of an extra, or only the first of those it is surest of.
func intentsOf(extra value.Value, topOnly bool) []intent {
	array, ok := property(extra, "intents").(*value.Array)
	if !ok {
		return nil
	}
	var intents []intent
	for _, item := range array.Items() {
		confidence, failure := value.ToNumber(property(item, "confidence"))
		if failure != nil {
			continue
		}
		name, _ := value.ToText(property(item, "name"))
		it := intent{name, confidence}
		switch {
		case !topOnly || len(intents) == 0:
			intents = append(intents, it)
		case confidence.Cmp(intents[0].confidence) > 0:
			intents[0] = it
		}
	}
	return intents
}

// entitiesOf gives the first value of each entity of an extra.
func entitiesOf(extra value.Value) []value.Property {
	entities, ok := property(extra, "entities").(*value.Object)
	if !ok {
		return nil
	}
	var first []value.Property
	for _, p := range entities.Properties() {
		if values, ok := p.Value.(*value.Array); ok && values.Len() > 0 {
			first = append(first, value.Property{Key: p.Key, Value: property(values.Items()[0], "value")})
		}
	}
	return first
}
