package funcs

import "github.com/flowexpr/flowexpr/engine/value"

// objects are the functions of objects, and count, which is of arrays as well.
func objects() []entry {
	return []entry{
		{
			name: "foreach_value", params: "object: object, function: function, arguments...: any", result: "object", ambient: true,
			doc: "Calls the function with the value of each property, and the further arguments behind it, and gives an " +
				"object of the results.",
			examples: []Example{
				{Expression: `foreach_value(object("a", "x", "b", "y"), upper)`, Result: "{a: X, b: Y}"},
				{Expression: `foreach_value(object("a", "hi there"), word, 1)`, Result: "{a: there}"},
				{Expression: `foreach_value(object("a", "x"), number)`, Error: `error calling foreach_value(...): error calling number(...): unable to convert "x" to a number`},
			},
			call: forEachValue,
		},
		{
			name: "keys", params: "object: object", result: "array",
			doc:      "Gives the names of the properties, sorted.",
			examples: []Example{{Expression: `keys(object("b", 1, "a", 2))`, Result: "[a, b]"}, {Expression: `keys(null)`, Result: "[]"}, {Expression: `keys(array(1))`, Error: "error calling keys(...): unable to convert array to an object"}},
			call:     keys,
		},
		{
			name: "extract", params: "object: object, name: text", result: "any",
			doc:      "Gives the value of a property, or null where the object does not have it. Letter case does not count.",
			examples: []Example{{Expression: `extract(object("a", 1, "b", 2), "B")`, Result: "2"}, {Expression: `extract(object("a", 1), "c")`, Result: ""}, {Expression: `extract("abc", "c")`, Error: `error calling extract(...): unable to convert "abc" to an object`}},
			call:     extract,
		},
		{
			name: "extract_object", params: "object: object, name: text, names...: text", result: "object",
			doc:      "Gives an object of only the properties that are named; those that the object does not have are null.",
			examples: []Example{{Expression: `extract_object(object("a", 1, "b", 2, "c", 3), "a", "c")`, Result: "{a: 1, c: 3}"}, {Expression: `extract_object(object("a", 1), "z")`, Result: "{z: }"}, {Expression: `extract_object(object("a", 1))`, Error: "error calling extract_object(...): need at least 2 argument(s), got 1"}},
			call:     extractObject,
		},
		{
			name: "count", params: "value: any", result: "number",
			doc:      "Gives the number of items of an array, or of properties of an object. Null has none.",
			examples: []Example{{Expression: `count(array("a", "b"))`, Result: "2"}, {Expression: `count(object("a", 1))`, Result: "1"}, {Expression: `count("abc")`, Error: "error calling count(...): value isn't countable"}},
			call:     count,
		},
	}
}

func forEachValue(rt *value.Runtime, args []value.Value) value.Value {
	o, failure := value.ToObject(args[0])
	if failure != nil {
		return failure
	}
	call, failure := eachCall(rt, args)
	if failure != nil {
		return failure
	}
	properties := make([]value.Property, o.Len())
	for i, p := range o.Properties() {
		result := call(p.Value)
		if failure, ok := result.(*value.Error); ok {
			return failure
		}
		properties[i] = value.Property{Key: p.Key, Value: result}
	}
	return value.NewObject(properties)
}

func keys(rt *value.Runtime, args []value.Value) value.Value {
	o, failure := value.ToObject(args[0])
	if failure != nil {
		return failure
	}
	names := make([]value.Value, o.Len())
	for i, p := range o.Properties() {
		names[i] = rt.Text(p.Key)
	}
	return value.NewArray(names)
}

func extract(rt *value.Runtime, args []value.Value) value.Value {
	o, failure := value.ToObject(args[0])
	if failure != nil {
		return failure
	}
	return value.LookupIndex(rt, o, args[1])
}

func extractObject(rt *value.Runtime, args []value.Value) value.Value {
	o, failure := value.ToObject(args[0])
	if failure != nil {
		return failure
	}
	properties := make([]value.Property, len(args)-1)
	for i, arg := range args[1:] {
		name, failure := value.ToText(arg)
		if failure != nil {
			return failure
		}
		v := value.LookupIndex(rt, o, arg)
		if failure, ok := v.(*value.Error); ok {
			return failure
		}
		properties[i] = value.Property{Key: name, Value: v}
	}
	return value.NewObject(properties)
}

func count(rt *value.Runtime, args []value.Value) value.Value {
	switch v := args[0].(type) {
	case nil:
		return integer(rt, 0)
	case *value.Array:
		return integer(rt, v.Len())
	case *value.Object:
		return integer(rt, v.Len())
	case *value.Error:
		return v
	}
	return value.NewError("value isn't countable")
}
