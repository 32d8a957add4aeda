package funcs

import "github.com/flowexpr/flowexpr/engine/value"

func legacies() []entry {
	return []entry{
		{
			name: "legacy_add", params: "a: any, b: any", result: "any", ambient: true,
			doc: "Adds as the + of old templates did: days to a datetime, where one of the values is a datetime and the " +
				"other a number; else two numbers. New templates have no use for it.",
			examples: []Example{
				{Expression: `legacy_add("2017-01-15T10:45:00Z", 7)`, Result: "2017-01-22T10:45:00.000000Z"},
				{Expression: `legacy_add(1, "2")`, Result: "3"},
				{Expression: `legacy_add("2017-01-15", "2017-01-16")`, Error: "error calling legacy_add(...): can't add two datetimes"},
				{Expression: `legacy_add(1, "x")`, Error: `error calling legacy_add(...): unable to convert "x" to a number`},
			},
			call: legacyAdd,
		},
	}
}

func legacyAdd(rt *value.Runtime, args []value.Value) value.Value {
	for _, arg := range args {
		if failure, ok := arg.(*value.Error); ok {
			return failure
		}
	}
	a, notA := value.ToDateTime(rt, args[0])
	b, notB := value.ToDateTime(rt, args[1])
	switch {
	case notA == nil && notB == nil:
		return value.NewError("can't add two datetimes")
	case notA == nil && isNumber(args[1]):
		return addDays(a, args[1])
	case notB == nil && isNumber(args[0]):
		return addDays(b, args[0])
	}
	return addNumbers(rt, args[0], args[1])
}

func isNumber(v value.Value) bool {
	_, failure := value.ToNumber(v)
	return failure == nil
}

func addDays(d *value.DateTime, days value.Value) value.Value {
	n, failure := value.ToInteger(days)
	if failure != nil {
		return failure
	}
	return value.NewDateTime(d.Time().AddDate(0, 0, n))
}

func addNumbers(rt *value.Runtime, a, b value.Value) value.Value {
	x, failure := value.ToNumber(a)
	if failure != nil {
		return failure
	}
	y, failure := value.ToNumber(b)
	if failure != nil {
		return failure
	}
	return number(rt, x.Add(y))
}
