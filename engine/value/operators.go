package value

import (
	"bytes"
)

// arithmetic converts both operands, computes, checks the range and charges the result.
func arithmetic(rt *Runtime, a, b Value, compute func(x, y Decimal) (Decimal, *Error)) Value {
	x, y, failure := operands(a, b)
	if failure == nil {
		var result Decimal
		if result, failure = compute(x, y); failure == nil && result.InRange() {
			return rt.charged(rt.Number(result))
		}
	}
	if failure == nil {
		failure = ErrOutOfRange()
	}
	return rt.charged(failure)
}

// operands converts the operands of arithmetic and ordering to numbers; an error on the left comes first.
func operands(a, b Value) (x, y Decimal, failure *Error) {
	if x, failure = ToNumber(a); failure != nil {
		return x, y, failure
	}
	y, failure = ToNumber(b)
	return x, y, failure
}

// Add is `a + b`: exact.
func Add(rt *Runtime, a, b Value) Value {
	return arithmetic(rt, a, b, func(x, y Decimal) (Decimal, *Error) { return x.Add(y), nil })
}

// Sub is `a - b`: exact.
func Sub(rt *Runtime, a, b Value) Value {
	return arithmetic(rt, a, b, func(x, y Decimal) (Decimal, *Error) { return x.Sub(y), nil })
}

// Mul is `a * b`: exact.
func Mul(rt *Runtime, a, b Value) Value {
	return arithmetic(rt, a, b, func(x, y Decimal) (Decimal, *Error) { return x.Mul(y), nil })
}

// Div is `a / b`: 16 fraction digits.
func Div(rt *Runtime, a, b Value) Value {
	return arithmetic(rt, a, b, func(x, y Decimal) (Decimal, *Error) {
		quotient, ok := x.Div(y)
		if !ok {
			return quotient, ErrDivisionByZero()
		}
		return quotient, nil
	})
}

// Pow is `a ^ b`; see Decimal.Pow. Fractional powers are charged for their work.
func Pow(rt *Runtime, a, b Value) Value {
	return arithmetic(rt, a, b, func(x, y Decimal) (Decimal, *Error) {
		if cost := x.powCost(y); cost > 0 {
			if failure := rt.spend(cost); failure != nil {
				return x, failure
			}
		}
		power, ok := x.Pow(y)
		if !ok {
			return power, ErrOutOfRange()
		}
		return power, nil
	})
}

// Negate is `-a`. It is no binary operator, so its result is not charged.
func Negate(rt *Runtime, a Value) Value {
	d, failure := ToNumber(a)
	if failure != nil {
		return failure
	}
	return rt.Number(d.Neg())
}

// Concat is `a & b`: the two canonical texts, joined.
func Concat(rt *Runtime, a, b Value) Value {
	x, textA := a.(*Text)
	y, textB := b.(*Text)
	switch {
	case textA && textB:
		return rt.charged(rt.Text(x.text + y.text))
	case textA && b == nil:
		return rt.charged(a)
	case textB && a == nil:
		return rt.charged(b)
	}
	joined, failure := AppendText(rt.scratch[:0], a)
	if failure == nil {
		joined, failure = AppendText(joined, b)
	}
	rt.keepScratch(joined)
	if failure != nil {
		return rt.charged(failure)
	}
	return rt.charged(rt.Text(string(joined)))
}

// Eq is `a = b`: whether the canonical texts are equal, letter case and all.
func Eq(rt *Runtime, a, b Value) Value { return equalTexts(rt, a, b, true) }

// Ne is `a != b`: whether the canonical texts differ.
func Ne(rt *Runtime, a, b Value) Value { return equalTexts(rt, a, b, false) }

func equalTexts(rt *Runtime, a, b Value, want bool) Value {
	if x, ok := a.(*Text); ok {
		if y, ok := b.(*Text); ok {
			return rt.charged(Boolean((x.text == y.text) == want))
		}
	}
	texts, failure := AppendText(rt.scratch[:0], a)
	cut := len(texts)
	if failure == nil {
		texts, failure = AppendText(texts, b)
	}
	rt.keepScratch(texts)
	if failure == nil && (isContainer(a) || isContainer(b)) {
		failure = rt.spend(len(texts)) // printing large values only to compare them is work as well
	}
	if failure != nil {
		return rt.charged(failure)
	}
	return rt.charged(Boolean(bytes.Equal(texts[:cut], texts[cut:]) == want))
}

func isContainer(v Value) bool {
	switch v.(type) {
	case *Array, *Object:
		return true
	}
	return false
}

// ordering converts both operands to numbers and charges the comparison.
func ordering(rt *Runtime, a, b Value, holds func(sign int) bool) Value {
	x, y, failure := operands(a, b)
	if failure != nil {
		return rt.charged(failure)
	}
	return rt.charged(Boolean(holds(x.Cmp(y))))
}

// Lt is `a < b`, of numbers.
func Lt(rt *Runtime, a, b Value) Value {
	return ordering(rt, a, b, func(sign int) bool { return sign < 0 })
}

// Le is `a <= b`, of numbers.
func Le(rt *Runtime, a, b Value) Value {
	return ordering(rt, a, b, func(sign int) bool { return sign <= 0 })
}

// Gt is `a > b`, of numbers.
func Gt(rt *Runtime, a, b Value) Value {
	return ordering(rt, a, b, func(sign int) bool { return sign > 0 })
}

// Ge is `a >= b`, of numbers.
func Ge(rt *Runtime, a, b Value) Value {
	return ordering(rt, a, b, func(sign int) bool { return sign >= 0 })
}
