package funcs

import "github.com/flowexpr/flowexpr/engine/value"

func conversions() []entry {
	return []entry{
		{
			name: "text", params: "value: any", result: "text",
			doc:      "Gives the value as text, as a template would print it.",
			examples: []Example{{Expression: `text(3 = 3)`, Result: "true"}, {Expression: `text(1.50)`, Result: "1.5"}, {Expression: `text(array(1, "a"))`, Result: "[1, a]"}},
			call:     ofText(func(rt *value.Runtime, text string) value.Value { return rt.Text(text) }),
		},
		{
			name: "boolean", params: "value: any", result: "boolean",
			doc: "Gives the truth of the value. False are null, the empty text, the text false in any letter case, 0, an " +
				"empty array, an object without properties, and midnight.",
			examples: []Example{{Expression: `boolean("false")`, Result: "false"}, {Expression: `boolean("no")`, Result: "true"}, {Expression: `boolean(array())`, Result: "false"}},
			call: func(_ *value.Runtime, args []value.Value) value.Value {
				truth, failure := value.ToBoolean(args[0])
				if failure != nil {
					return failure
				}
				return value.Boolean(truth)
			},
		},
		{
			name: "number", params: "value: any", result: "number",
			doc:      "Gives the value as a number. A text converts when it holds nothing but a number.",
			examples: []Example{{Expression: `number(" 12.50 ")`, Result: "12.5"}, {Expression: `number("what?")`, Error: `error calling number(...): unable to convert "what?" to a number`}},
			call:     ofNumber(func(rt *value.Runtime, n value.Decimal) value.Value { return rt.Number(n) }),
		},
		{
			name: "date", params: "value: any", result: "date", ambient: true,
			doc:      "Gives the value as a date: of a text, the first date in it, read in the workspace's date format.",
			examples: []Example{{Expression: `date("2017-01-20")`, Result: "2017-01-20"}, {Expression: `date("NOT DATE")`, Error: `error calling date(...): unable to convert "NOT DATE" to a date`}},
			call: func(rt *value.Runtime, args []value.Value) value.Value {
				d, failure := value.ToDate(rt, args[0])
				if failure != nil {
					return failure
				}
				return d
			},
		},
		{
			name: "datetime", params: "value: any", result: "datetime", ambient: true,
			doc: "Gives the value as a datetime. A text without an offset is in the session's time zone, and is midnight " +
				"when it has no time.",
			examples: []Example{{Expression: `datetime("1979-07-18T10:30:45.123Z")`, Result: "1979-07-18T10:30:45.123000Z"}, {Expression: `datetime(null)`, Error: "error calling datetime(...): unable to convert null to a datetime"}},
			call: func(rt *value.Runtime, args []value.Value) value.Value {
				d, failure := value.ToDateTime(rt, args[0])
				if failure != nil {
					return failure
				}
				return d
			},
		},
		{
			name: "time", params: "value: any", result: "time", ambient: true,
			doc:      "Gives the value as a time of day: of a number, that hour; of a text, the first time in it.",
			examples: []Example{{Expression: `time("10:30")`, Result: "10:30:00.000000"}, {Expression: `time("3 PM")`, Result: "15:00:00.000000"}, {Expression: `time("what?")`, Error: `error calling time(...): unable to convert "what?" to a time`}},
			call: func(rt *value.Runtime, args []value.Value) value.Value {
				t, failure := value.ToTime(rt, args[0])
				if failure != nil {
					return failure
				}
				return t
			},
		},
		{
			name: "array", params: "values...: any", result: "array",
			doc:      "Gives an array of its arguments.",
			examples: []Example{{Expression: `array("a", "b", 356)[1]`, Result: "b"}, {Expression: `count(array())`, Result: "0"}},
			call:     makeArray,
		},
		{
			name: "object", params: "pairs...: any", result: "object",
			doc:      "Gives an object of keys and values, which alternate. The key __default__ sets what the object has as text.",
			examples: []Example{{Expression: `object("a", 123, "b", "hello")`, Result: "{a: 123, b: hello}"}, {Expression: `object("a")`, Error: "error calling object(...): requires an even number of arguments"}},
			call:     makeObject,
		},
	}
}

// maxItems is the most items that a function builds an array of. Source: section 7 of the language specification.
const maxItems = 10_000

func errTooManyItems() *value.Error {
	return &value.Error{Code: value.CodeOutOfRange, Message: "cannot build an array with more than 10000 items"}
}

// items makes an array of items that nobody else holds.
func items(list []value.Value) value.Value {
	if len(list) > maxItems {
		return errTooManyItems()
	}
	return value.NewArray(list)
}

func makeArray(_ *value.Runtime, args []value.Value) value.Value {
	list := make([]value.Value, len(args))
	for i, arg := range args {
		if failure, ok := arg.(*value.Error); ok {
			return failure
		}
		list[i] = arg
	}
	return items(list)
}

func makeObject(_ *value.Runtime, args []value.Value) value.Value {
	if len(args)%2 != 0 {
		return value.NewError("requires an even number of arguments")
	}
	var def value.Value
	hasDefault := false
	properties := make([]value.Property, 0, len(args)/2)
	for i := 0; i < len(args); i += 2 {
		key, failure := value.ToText(args[i])
		if failure != nil {
			return failure
		}
		if failure, ok := args[i+1].(*value.Error); ok {
			return failure
		}
		if key == value.DefaultKey {
			def, hasDefault = args[i+1], true
			continue
		}
		properties = append(properties, value.Property{Key: key, Value: args[i+1]})
	}
	if hasDefault {
		return value.NewObjectWithDefault(def, properties)
	}
	return value.NewObject(properties)
}
