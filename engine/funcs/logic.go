package funcs

import "github.com/flowexpr/flowexpr/engine/value"

func logic() []entry {
	return []entry{
		{
			name: "and", params: "value: any, values...: any", result: "boolean",
			doc:      "Reports whether all values are true. It stops at the first that is not, so a later error does no harm.",
			examples: []Example{{Expression: `and(true, 1 < 2)`, Result: "true"}, {Expression: `and(true, false, 1 / 0)`, Result: "false"}, {Expression: `and()`, Error: "error calling and(...): need at least 1 argument(s), got 0"}},
			call:     func(_ *value.Runtime, args []value.Value) value.Value { return firstTruth(args, false) },
		},
		{
			name: "or", params: "value: any, values...: any", result: "boolean",
			doc:      "Reports whether any of the values is true. It stops at the first that is, so a later error does no harm.",
			examples: []Example{{Expression: `or(true, false)`, Result: "true"}, {Expression: `or(1 = 2, "yes", 1 / 0)`, Result: "true"}},
			call:     func(_ *value.Runtime, args []value.Value) value.Value { return firstTruth(args, true) },
		},
		{
			name: "if", params: "test: any, yes: any, no: any", result: "any",
			doc:      "Gives yes if the test is true, else no. Only the one that it gives is evaluated.",
			examples: []Example{{Expression: `if(1 = 1, "foo", "bar")`, Result: "foo"}, {Expression: `if(false, 1 / 0, "fine")`, Result: "fine"}, {Expression: `if(1 / 0, "foo", "bar")`, Error: "error calling if(...): division by zero"}},
			call: func(_ *value.Runtime, args []value.Value) value.Value {
				truth, failure := value.ToBoolean(args[0])
				switch {
				case failure != nil:
					return failure
				case truth:
					return args[1]
				}
				return args[2]
			},
		},
		{
			name: "default", params: "value: any, otherwise: any", result: "any",
			doc:      "Gives the value, unless it is an error, null or empty text: then the other one.",
			examples: []Example{{Expression: `default("", "hello")`, Result: "hello"}, {Expression: `default(1 / 0, "sorry")`, Result: "sorry"}, {Expression: `default(" ", "hello")`, Result: " "}},
			call: func(_ *value.Runtime, args []value.Value) value.Value {
				if text, failure := value.ToText(args[0]); failure != nil || text == "" {
					return args[1]
				}
				return args[0]
			},
		},
		{
			name: "is_error", params: "value: any", result: "boolean",
			doc:      "Reports whether the value is an error.",
			examples: []Example{{Expression: `is_error(datetime("foo"))`, Result: "true"}, {Expression: `is_error("hello")`, Result: "false"}},
			call: func(_ *value.Runtime, args []value.Value) value.Value {
				_, failed := args[0].(*value.Error)
				return value.Boolean(failed)
			},
		},
	}
}

// firstTruth gives the truth that decides, as soon as one value has it; else the other.
func firstTruth(args []value.Value, deciding bool) value.Value {
	for _, arg := range args {
		truth, failure := value.ToBoolean(arg)
		if failure != nil {
			return failure
		}
		if truth == deciding {
			return value.Boolean(deciding)
		}
	}
	return value.Boolean(!deciding)
}
