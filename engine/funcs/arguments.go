package funcs

import "github.com/flowexpr/flowexpr/engine/value"

// The adapters of this file convert arguments before a function sees them: the first error, from left to right, is
// the function's result.

// ofText adapts a function of one text.
func ofText(f func(rt *value.Runtime, text string) value.Value) body {
	return func(rt *value.Runtime, args []value.Value) value.Value {
		text, failure := value.ToText(args[0])
		if failure != nil {
			return failure
		}
		return f(rt, text)
	}
}

// ofTexts adapts a function of two texts.
func ofTexts(f func(rt *value.Runtime, a, b string) value.Value) body {
	return func(rt *value.Runtime, args []value.Value) value.Value {
		a, failure := value.ToText(args[0])
		if failure != nil {
			return failure
		}
		b, failure := value.ToText(args[1])
		if failure != nil {
			return failure
		}
		return f(rt, a, b)
	}
}

// ofNumber adapts a function of one number.
func ofNumber(f func(rt *value.Runtime, n value.Decimal) value.Value) body {
	return func(rt *value.Runtime, args []value.Value) value.Value {
		n, failure := value.ToNumber(args[0])
		if failure != nil {
			return failure
		}
		return f(rt, n)
	}
}

// ofArray adapts a function of one array.
func ofArray(f func(rt *value.Runtime, a *value.Array) value.Value) body {
	return func(rt *value.Runtime, args []value.Value) value.Value {
		a, failure := value.ToArray(args[0])
		if failure != nil {
			return failure
		}
		return f(rt, a)
	}
}

// optionalText gives argument i as text, or a default where it is left out.
func optionalText(args []value.Value, i int, otherwise string) (string, *value.Error) {
	if i >= len(args) {
		return otherwise, nil
	}
	return value.ToText(args[i])
}

// optionalInteger gives argument i as a whole number, or a default where it is left out.
func optionalInteger(args []value.Value, i, otherwise int) (int, *value.Error) {
	if i >= len(args) {
		return otherwise, nil
	}
	return value.ToInteger(args[i])
}

// number gives a number as a result, checked against the range of the language.
func number(rt *value.Runtime, d value.Decimal) value.Value {
	if !d.InRange() {
		return value.ErrOutOfRange()
	}
	return rt.Number(d)
}

func integer(rt *value.Runtime, n int) value.Value { return rt.Number(value.NewInt(int64(n))) }
