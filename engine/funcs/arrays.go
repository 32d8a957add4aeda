package funcs

import (
	"slices"

	"github.com/flowexpr/flowexpr/engine/value"
)

func arrays() []entry {
	return append(append(wholeArrays(), eachItem()...), objects()...)
}

// wholeArrays are the functions that give parts, orders and sums of arrays.
func wholeArrays() []entry {
	return []entry{
		{
			name: "slice", params: "array: array, start: integer, end?: integer", result: "array",
			doc: "Gives the items from start up to end, the one at end left out; without end, up to the last. Items are " +
				"counted from 0, or from the end when negative.",
			examples: []Example{
				{Expression: `slice(array("a", "b", "c", "d"), 1, 3)`, Result: "[b, c]"},
				{Expression: `slice(array("a", "b", "c", "d"), -2)`, Result: "[c, d]"},
				{Expression: `slice(array("a", "b"), 5, 9)`, Result: "[]"},
			},
			call: slice,
		},
		{
			name: "contains", params: "array: array, value: any", result: "boolean",
			doc: "Reports whether the value is one of the items. Values of different types are never the same, and texts " +
				"are compared letter by letter, case and all.",
			examples: []Example{{Expression: `contains(array("a", "b"), "b")`, Result: "true"}, {Expression: `contains(array(1, 2), "2")`, Result: "false"}, {Expression: `contains("ab", "a")`, Error: `error calling contains(...): unable to convert "ab" to an array`}},
			call:     contains,
		},
		{
			name: "join", params: "array: array, separator: text", result: "text",
			doc:      "Gives the items as one text, with the separator between them.",
			examples: []Example{{Expression: `join(array("a", 1.50, null, "b"), "|")`, Result: "a|1.5||b"}, {Expression: `join(array("a", "b"))`, Error: "error calling join(...): need 2 argument(s), got 1"}},
			call:     join,
		},
		{
			name: "reverse", params: "array: array", result: "array",
			doc:      "Gives the items from the last to the first.",
			examples: []Example{{Expression: `reverse(array("a", "c", "b"))`, Result: "[b, c, a]"}, {Expression: `reverse("abc")`, Error: `error calling reverse(...): unable to convert "abc" to an array`}},
			call: ofArray(func(_ *value.Runtime, a *value.Array) value.Value {
				reversed := slices.Clone(a.Items())
				slices.Reverse(reversed)
				return value.NewArray(reversed)
			}),
		},
		{
			name: "sort", params: "array: array", result: "array",
			doc: "Gives the items in order. All must be texts, or all numbers, booleans, dates, datetimes or times. In " +
				"texts, capital letters come before small ones.",
			examples: []Example{
				{Expression: `sort(array(3, -1, 2.5))`, Result: "[-1, 2.5, 3]"},
				{Expression: `sort(array("foo", "bar", "Zed"))`, Result: "[Zed, bar, foo]"},
				{Expression: `sort(array(1, "a"))`, Error: "error calling sort(...): can't sort array of different types"},
			},
			call: ofArray(func(_ *value.Runtime, a *value.Array) value.Value {
				ordered, failure := value.Sort(a.Items())
				if failure != nil {
					return failure
				}
				return value.NewArray(ordered)
			}),
		},
		{
			name: "unique", params: "array: array", result: "array",
			doc:      "Gives the items without those that are the same as one before them.",
			examples: []Example{{Expression: `unique(array("a", "b", "a", "A"))`, Result: "[a, b, A]"}, {Expression: `unique(array(1, "1", 1.0))`, Result: "[1, 1]"}},
			call: ofArray(func(_ *value.Runtime, a *value.Array) value.Value {
				return value.NewArray(distinct(a.Items()))
			}),
		},
		{
			name: "concat", params: "array1: array, array2: array", result: "array",
			doc:      "Gives the items of one array with those of another behind them.",
			examples: []Example{{Expression: `concat(array("a", "b"), array("c"))`, Result: "[a, b, c]"}, {Expression: `concat(array(1), 2)`, Error: "error calling concat(...): unable to convert 2 to an array"}},
			call:     concat,
		},
		{
			name: "sum", params: "array: array", result: "number",
			doc:      "Adds up the items, which must be numbers. The sum of no items is 0.",
			examples: []Example{{Expression: `sum(array(1, 2.5, "3"))`, Result: "6.5"}, {Expression: `sum(array())`, Result: "0"}, {Expression: `sum(array(1, null))`, Error: "error calling sum(...): unable to convert null to a number"}},
			call:     ofArray(sum),
		},
	}
}

// eachItem are the functions that call a function with each item. They are ambient because that one may be.
func eachItem() []entry {
	return []entry{
		{
			name: "filter", params: "array: array, function: function", result: "array", ambient: true,
			doc: "Gives the items for which the function is true.",
			examples: []Example{
				{Expression: `filter(array(1, 2, 3, 4), (x) => x > 2)`, Result: "[3, 4]"},
				{Expression: `filter(array("a", "", "b"), boolean)`, Result: "[a, b]"},
				{Expression: `filter(array("x"), number)`, Error: `error calling filter(...): error calling number(...): unable to convert "x" to a number`},
			},
			call: filter,
		},
		{
			name: "foreach", params: "array: array, function: function, arguments...: any", result: "array", ambient: true,
			doc: "Calls the function with each item, and the further arguments behind it, and gives the results.",
			examples: []Example{
				{Expression: `foreach(array("a", "b"), upper)`, Result: "[A, B]"},
				{Expression: `foreach(array(1, 2), (x, y) => x + y, 10)`, Result: "[11, 12]"},
				{Expression: `foreach(array(1, 2), (x) => 1 / 0)`, Error: "error calling foreach(...): error calling <anon>(...): division by zero"},
			},
			call: forEach,
		},
	}
}

func slice(_ *value.Runtime, args []value.Value) value.Value {
	a, failure := value.ToArray(args[0])
	if failure != nil {
		return failure
	}
	start, failure := value.ToInteger(args[1])
	if failure != nil {
		return failure
	}
	end, failure := optionalInteger(args, 2, a.Len())
	if failure != nil {
		return failure
	}
	start, end = within(start, a.Len()), within(end, a.Len())
	if start >= end {
		return value.NewArray(nil)
	}
	return value.NewArray(a.Items()[start:end])
}

// within gives a place among n items, 0 to n, for an index that counts from the end when it is negative.
func within(index, n int) int {
	if index < 0 {
		index += n
	}
	return min(max(index, 0), n)
}

func contains(_ *value.Runtime, args []value.Value) value.Value {
	a, failure := value.ToArray(args[0])
	if failure != nil {
		return failure
	}
	if failure, ok := args[1].(*value.Error); ok {
		return failure
	}
	return value.Boolean(slices.ContainsFunc(a.Items(), func(item value.Value) bool { return value.Equal(item, args[1]) }))
}

// maxJoined is the most bytes that join builds: more than any budget has room for, it is not worth the memory.
const maxJoined = value.DefaultBudget

func join(rt *value.Runtime, args []value.Value) value.Value {
	a, failure := value.ToArray(args[0])
	if failure != nil {
		return failure
	}
	separator, failure := value.ToText(args[1])
	if failure != nil {
		return failure
	}
	var joined []byte
	for i, item := range a.Items() {
		if i > 0 {
			joined = append(joined, separator...)
		}
		if joined, failure = value.AppendText(joined, item); failure != nil {
			return failure
		}
		if len(joined) > maxJoined {
			return value.ErrTooComplex()
		}
	}
	return rt.Text(string(joined))
}

func concat(_ *value.Runtime, args []value.Value) value.Value {
	a, failure := value.ToArray(args[0])
	if failure != nil {
		return failure
	}
	b, failure := value.ToArray(args[1])
	if failure != nil {
		return failure
	}
	if a.Len()+b.Len() > maxItems {
		return errTooManyItems()
	}
	return value.NewArray(slices.Concat(a.Items(), b.Items()))
}

func sum(rt *value.Runtime, a *value.Array) value.Value {
	var total value.Decimal
	for _, item := range a.Items() {
		n, failure := value.ToNumber(item)
		if failure != nil {
			return failure
		}
		total = total.Add(n)
	}
	return number(rt, total)
}

func filter(rt *value.Runtime, args []value.Value) value.Value {
	a, failure := value.ToArray(args[0])
	if failure != nil {
		return failure
	}
	call, failure := eachCall(rt, args)
	if failure != nil {
		return failure
	}
	var kept []value.Value
	for _, item := range a.Items() {
		truth, failure := value.ToBoolean(call(item))
		if failure != nil {
			return failure
		}
		if truth {
			kept = append(kept, item)
		}
	}
	return value.NewArray(kept)
}

func forEach(rt *value.Runtime, args []value.Value) value.Value {
	a, failure := value.ToArray(args[0])
	if failure != nil {
		return failure
	}
	call, failure := eachCall(rt, args)
	if failure != nil {
		return failure
	}
	results := make([]value.Value, a.Len())
	for i, item := range a.Items() {
		results[i] = call(item)
		if failure, ok := results[i].(*value.Error); ok {
			return failure
		}
	}
	return value.NewArray(results)
}

// eachCall gives what filter, foreach and foreach_value do with each value: call argument 1 with it and the arguments
// from 2 on, errors included. The function called does not keep its arguments, so that all calls share their place.
func eachCall(rt *value.Runtime, args []value.Value) (func(value.Value) value.Value, *value.Error) {
	f, failure := value.ToFunction(args[1])
	if failure != nil {
		return nil, failure
	}
	given := slices.Clone(args[1:]) // the item stands where the function stood
	return func(item value.Value) value.Value {
		given[0] = item
		return rt.Invoke(f, given)
	}, nil
}
