package value

import (
	"math"
	"math/big"

	"github.com/shopspring/decimal"
)

// Decimal is a decimal number with the arithmetic of the language: exact addition and multiplication, division to 16
// fraction digits. The zero value is 0. It is immutable, and compared with Cmp, never with ==.
//
// Small numbers are an int64 and a scale and need no memory of their own; any other is a shopspring decimal. Which one
// a number is cannot be seen from outside.
type Decimal struct {
	coef  int64            // the number is coef / 10^scale, unless big is set
	big   *decimal.Decimal // normal: its coefficient has no trailing zeros
	scale int32            // 0 to maxScale
	// exp is the exponent that the number would have in shopspring's decimal, which keeps trailing zeros. Nothing but
	// the number of digits of a fractional power depends on it.
	exp int32
}

const (
	// maxScale is the number of fraction digits that the fast path handles: 10^18 is the largest power in an int64.
	maxScale = 18
	// divisionPlaces is how many fraction digits a quotient has.
	divisionPlaces = 16
	// maxDigits and maxExponent bound the numbers of the language; see InRange.
	maxDigits   = 36
	maxExponent = 100
	// minTrackedExponent is the least exponent that is kept for the sake of fractional powers: digits beyond the range
	// of the language would only cost time.
	minTrackedExponent = -maxExponent
)

var powersOf10 = [maxScale + 1]int64{
	1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000,
	1000000000000, 10000000000000, 100000000000000, 1000000000000000, 10000000000000000, 100000000000000000,
	1000000000000000000,
}

// NewInt makes a whole number.
func NewInt(n int64) Decimal { return small(n, 0, 0) }

// NewDecimal makes the number coefficient × 10^exponent.
func NewDecimal(coefficient int64, exponent int) Decimal {
	if exponent <= 0 && exponent >= -maxScale {
		return small(coefficient, int32(-exponent), int32(exponent))
	}
	return fromBig(decimal.New(coefficient, int32(exponent)), int32(exponent))
}

// small makes a number of the fast path. The least int64 has no negative, so it is left to the slow path.
func small(coef int64, scale, exp int32) Decimal {
	if coef == math.MinInt64 {
		return slow(decimal.New(coef, -scale), exp)
	}
	return Decimal{coef: coef, scale: scale, exp: tracked(exp, -scale)}
}

// tracked gives exp, or least where exp is of no use for the digits of a fractional power.
func tracked(exp, least int32) int32 {
	if exp < minTrackedExponent {
		return least
	}
	return exp
}

// slow wraps a decimal that does not fit the fast path.
func slow(d decimal.Decimal, exp int32) Decimal {
	d = d.Normalize()
	return Decimal{big: &d, exp: tracked(exp, d.Exponent())}
}

// fromBig makes a number of a decimal; exp is the exponent to remember.
func fromBig(d decimal.Decimal, exp int32) Decimal {
	d = d.Normalize()
	scale := -d.Exponent()
	if scale > maxScale || scale < -maxScale || d.NumDigits() > maxScale {
		return Decimal{big: &d, exp: tracked(exp, d.Exponent())}
	}
	coef := d.CoefficientInt64()
	if scale < 0 {
		product, ok := multiply(coef, powersOf10[-scale])
		if !ok {
			return Decimal{big: &d, exp: tracked(exp, d.Exponent())}
		}
		coef, scale = product, 0
	}
	return small(coef, scale, exp)
}

// shopspring gives the number as a shopspring decimal.
func (d Decimal) shopspring() decimal.Decimal {
	if d.big != nil {
		return *d.big
	}
	return decimal.New(d.coef, -d.scale)
}

// trimmed drops trailing zeros of the fraction from a number of the fast path.
func (d Decimal) trimmed() Decimal {
	for d.scale > 0 && d.coef%10 == 0 {
		d.coef /= 10
		d.scale--
	}
	return d
}

// multiply gives a × b; ok is false on overflow.
func multiply(a, b int64) (product int64, ok bool) {
	if a == 0 || b == 0 {
		return 0, true
	}
	product = a * b
	if product/b != a || product == math.MinInt64 {
		return 0, false
	}
	return product, true
}

// IsZero reports whether the number is 0.
func (d Decimal) IsZero() bool { return d.Sign() == 0 }

// Sign gives -1, 0 or 1.
func (d Decimal) Sign() int {
	switch {
	case d.big != nil:
		return d.big.Sign()
	case d.coef > 0:
		return 1
	case d.coef < 0:
		return -1
	}
	return 0
}

// Cmp gives -1 when d is less than e, 0 when they are equal, 1 when d is greater.
func (d Decimal) Cmp(e Decimal) int {
	if d.big == nil && e.big == nil {
		if a, b, _, ok := align(d, e); ok {
			switch {
			case a < b:
				return -1
			case a > b:
				return 1
			}
			return 0
		}
	}
	return d.shopspring().Cmp(e.shopspring())
}

// IsInteger reports whether the number has no fraction.
func (d Decimal) IsInteger() bool {
	if d.big != nil {
		return d.big.IsInteger()
	}
	return d.coef%powersOf10[d.scale] == 0
}

// Int64 gives the number without its fraction; ok is false when that does not fit.
func (d Decimal) Int64() (n int64, ok bool) {
	if d.big == nil {
		return d.coef / powersOf10[d.scale], true
	}
	if d.big.Exponent() > maxScale+1 { // do not build numbers of a hundred digits to find that they are too large
		return 0, false
	}
	whole := d.big.BigInt()
	if !whole.IsInt64() {
		return 0, false
	}
	return whole.Int64(), true
}

// InRange reports whether the language allows the number: at most 36 significant digits, where trailing zeros do not
// count, and a first digit within 10^-100 and 10^100.
func (d Decimal) InRange() bool {
	if d.big == nil { // 19 digits and a scale of 18 at most
		return true
	}
	digits := d.big.NumDigits()
	adjusted := int64(digits) + int64(d.big.Exponent()) - 1
	return digits <= maxDigits && adjusted >= -maxExponent && adjusted <= maxExponent
}

// Float64 gives the nearest float64.
func (d Decimal) Float64() float64 {
	if d.big == nil && d.scale == 0 {
		return float64(d.coef)
	}
	return d.shopspring().InexactFloat64()
}

// tenTo gives 10^n; n is not negative.
func tenTo(n int64) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(n), nil) }
