package funcs

import "github.com/flowexpr/flowexpr/engine/value"

func numbers() []entry {
	return []entry{
		{
			name: "abs", params: "number: number", result: "number",
			doc:      "Gives the number without its sign.",
			examples: []Example{{Expression: `abs(-10)`, Result: "10"}, {Expression: `abs("foo")`, Error: `error calling abs(...): unable to convert "foo" to a number`}},
			call:     ofNumber(func(rt *value.Runtime, n value.Decimal) value.Value { return rt.Number(n.Abs()) }),
		},
		{
			name: "round", params: "number: number, places?: integer", result: "number",
			doc: "Rounds the number to so many places behind the point, 0 unless given; negative ones are places before " +
				"the point. Halves go away from zero.",
			examples: []Example{{Expression: `round(-12.5)`, Result: "-13"}, {Expression: `round(12.141, 2)`, Result: "12.14"}, {Expression: `round(1250, -2)`, Result: "1300"}},
			call:     rounding(value.Decimal.Round),
		},
		{
			name: "round_up", params: "number: number, places?: integer", result: "number",
			doc:      "Rounds the number to so many places, 0 unless given: up to the next one that is not less.",
			examples: []Example{{Expression: `round_up(12.141)`, Result: "13"}, {Expression: `round_up(-1.5)`, Result: "-1"}, {Expression: `round_up(12.141, 2)`, Result: "12.15"}},
			call:     rounding(value.Decimal.RoundUp),
		},
		{
			name: "round_down", params: "number: number, places?: integer", result: "number",
			doc:      "Rounds the number to so many places, 0 unless given: down to the next one that is not greater.",
			examples: []Example{{Expression: `round_down(12.9)`, Result: "12"}, {Expression: `round_down(-1.5)`, Result: "-2"}, {Expression: `round_down(12.146, 2)`, Result: "12.14"}},
			call:     rounding(value.Decimal.RoundDown),
		},
		{
			name: "max", params: "number: number, numbers...: number", result: "number",
			doc:      "Gives the greatest of the numbers.",
			examples: []Example{{Expression: `max(1, 10, "-20")`, Result: "10"}, {Expression: `max()`, Error: "error calling max(...): need at least 1 argument(s), got 0"}},
			call: folding(func(a, b value.Decimal) value.Decimal {
				if b.Cmp(a) > 0 {
					return b
				}
				return a
			}),
		},
		{
			name: "min", params: "number: number, numbers...: number", result: "number",
			doc:      "Gives the least of the numbers.",
			examples: []Example{{Expression: `min(2, 10, "-20")`, Result: "-20"}, {Expression: `min(1, null)`, Error: "error calling min(...): unable to convert null to a number"}},
			call: folding(func(a, b value.Decimal) value.Decimal {
				if b.Cmp(a) < 0 {
					return b
				}
				return a
			}),
		},
		{
			name: "mean", params: "number: number, numbers...: number", result: "number",
			doc:      "Gives the mean of the numbers, to 16 places.",
			examples: []Example{{Expression: `mean(1, 2)`, Result: "1.5"}, {Expression: `mean(1, 2, 4)`, Result: "2.3333333333333333"}, {Expression: `mean(1, "x")`, Error: `error calling mean(...): unable to convert "x" to a number`}},
			call:     mean,
		},
		{
			name: "mod", params: "dividend: number, divisor: number", result: "number",
			doc:      "Gives what remains of the dividend when it is divided by the divisor. It has the dividend's sign.",
			examples: []Example{{Expression: `mod(5, 2)`, Result: "1"}, {Expression: `mod(-5.5, 3)`, Result: "-2.5"}, {Expression: `mod(5, 0)`, Error: "error calling mod(...): division by zero"}},
			call:     mod,
		},
		{
			name: "rand", params: "", result: "number", ambient: true,
			doc:      "Gives a random number: 0, or greater, but less than 1.",
			examples: []Example{{Expression: `rand() < 1`, Result: "true"}, {Expression: `rand(1)`, Error: "error calling rand(...): need 0 argument(s), got 1"}},
			call:     func(rt *value.Runtime, _ []value.Value) value.Value { return rt.Number(random(rt)) },
		},
		{
			name: "rand_between", params: "least: number, most: number", result: "number", ambient: true,
			doc:      "Gives a random whole number from least to most, both possible.",
			examples: []Example{{Expression: `rand_between(1, 10) <= 10`, Result: "true"}, {Expression: `rand_between(7, 7)`, Result: "7"}},
			call:     randBetween,
		},
	}
}

// rounding makes a function of a number and, if given, a number of places.
func rounding(round func(n value.Decimal, places int) value.Decimal) body {
	return func(rt *value.Runtime, args []value.Value) value.Value {
		n, failure := value.ToNumber(args[0])
		if failure != nil {
			return failure
		}
		places, failure := optionalInteger(args, 1, 0)
		if failure != nil {
			return failure
		}
		return number(rt, round(n, places))
	}
}

// folding makes a function that puts numbers together, pair by pair.
func folding(join func(a, b value.Decimal) value.Decimal) body {
	return func(rt *value.Runtime, args []value.Value) value.Value {
		n, failure := fold(args, join)
		if failure != nil {
			return failure
		}
		return number(rt, n)
	}
}

// fold puts numbers together, of which there is at least one.
func fold(args []value.Value, join func(a, b value.Decimal) value.Decimal) (value.Decimal, *value.Error) {
	result, failure := value.ToNumber(args[0])
	for _, arg := range args[1:] {
		if failure != nil {
			break
		}
		var n value.Decimal
		n, failure = value.ToNumber(arg)
		result = join(result, n)
	}
	return result, failure
}

func mean(rt *value.Runtime, args []value.Value) value.Value {
	sum, failure := fold(args, value.Decimal.Add)
	if failure != nil {
		return failure
	}
	quotient, _ := sum.Div(value.NewInt(int64(len(args))))
	return number(rt, quotient)
}

// twoNumbers converts the arguments of a function of two numbers.
func twoNumbers(args []value.Value) (a, b value.Decimal, failure *value.Error) {
	if a, failure = value.ToNumber(args[0]); failure != nil {
		return a, b, failure
	}
	b, failure = value.ToNumber(args[1])
	return a, b, failure
}

func mod(rt *value.Runtime, args []value.Value) value.Value {
	dividend, divisor, failure := twoNumbers(args)
	if failure != nil {
		return failure
	}
	remainder, ok := dividend.Mod(divisor)
	if !ok {
		return value.ErrDivisionByZero()
	}
	return number(rt, remainder)
}

// random gives a number from 0 to 1, which it never is, in steps of the last of 16 places.
func random(rt *value.Runtime) value.Decimal {
	return value.NewDecimal(rt.Rand().Int64N(1e16), -16)
}

func randBetween(rt *value.Runtime, args []value.Value) value.Value {
	least, most, failure := twoNumbers(args)
	if failure != nil {
		return failure
	}
	width := most.Sub(least).Add(value.NewInt(1))
	return number(rt, random(rt).Mul(width).Add(least).RoundDown(0))
}
