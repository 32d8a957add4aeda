package value

import (
	"math"
	"math/bits"

	"github.com/shopspring/decimal"
)

// align brings two numbers of the fast path to one scale; ok is false when one of them overflows.
func align(d, e Decimal) (a, b int64, scale int32, ok bool) {
	switch {
	case d.scale == e.scale:
		return d.coef, e.coef, d.scale, true
	case d.scale < e.scale:
		a, ok = multiply(d.coef, powersOf10[e.scale-d.scale])
		return a, e.coef, e.scale, ok
	}
	b, ok = multiply(e.coef, powersOf10[d.scale-e.scale])
	return d.coef, b, d.scale, ok
}

// Add gives d + e, exactly.
func (d Decimal) Add(e Decimal) Decimal {
	exp := min(d.exp, e.exp)
	if d.big == nil && e.big == nil {
		if a, b, scale, ok := align(d, e); ok {
			if sum := a + b; (sum > a) == (b > 0) {
				return small(sum, scale, exp)
			}
		}
	}
	return fromBig(d.shopspring().Add(e.shopspring()), exp)
}

// Sub gives d - e, exactly.
func (d Decimal) Sub(e Decimal) Decimal { return d.Add(e.Neg()) }

// Neg gives -d.
func (d Decimal) Neg() Decimal {
	if d.big != nil {
		negative := d.big.Neg()
		return Decimal{big: &negative, exp: d.exp}
	}
	d.coef = -d.coef
	return d
}

// Abs gives d without its sign.
func (d Decimal) Abs() Decimal {
	if d.Sign() < 0 {
		return d.Neg()
	}
	return d
}

// Mul gives d × e, exactly.
func (d Decimal) Mul(e Decimal) Decimal {
	exp := d.exp + e.exp
	if d.big == nil && e.big == nil {
		if product, ok := multiply(d.coef, e.coef); ok && d.scale+e.scale <= maxScale {
			return small(product, d.scale+e.scale, exp)
		}
		d, e = d.trimmed(), e.trimmed()
		if product, ok := multiply(d.coef, e.coef); ok && d.scale+e.scale <= maxScale {
			return small(product, d.scale+e.scale, exp)
		}
	}
	return fromBig(d.shopspring().Mul(e.shopspring()), exp)
}

// Div gives d ÷ e to 16 fraction digits, rounded half away from zero; ok is false when e is 0.
func (d Decimal) Div(e Decimal) (quotient Decimal, ok bool) {
	if e.IsZero() {
		return Decimal{}, false
	}
	if d.big == nil && e.big == nil {
		if quotient, ok := divSmall(d, e); ok {
			return quotient, true
		}
	}
	return fromBig(d.shopspring().DivRound(e.shopspring(), divisionPlaces), -divisionPlaces), true
}

// divSmall divides on the fast path, in 128 bits; ok is false when that is not enough.
func divSmall(d, e Decimal) (quotient Decimal, ok bool) {
	a, b := magnitude(d.coef), magnitude(e.coef)
	shift := divisionPlaces + e.scale - d.scale // -2 to 34
	if shift < 0 {
		if b, ok = multiplyUnsigned(b, -shift); !ok {
			return Decimal{}, false
		}
		shift = 0
	}
	high, low := bits.Mul64(a, uint64(powersOf10[min(shift, maxScale)]))
	if shift > maxScale {
		var carry uint64
		factor := uint64(powersOf10[shift-maxScale])
		overflow, top := bits.Mul64(high, factor)
		carry, low = bits.Mul64(low, factor)
		if high = top + carry; overflow != 0 || high < top {
			return Decimal{}, false
		}
	}
	if high >= b { // the quotient would have more than 64 bits
		return Decimal{}, false
	}
	q, r := bits.Div64(high, low, b)
	if q >= math.MaxInt64 {
		return Decimal{}, false
	}
	if r >= b-r { // half or more, said without overflow
		q++
	}
	coef := int64(q)
	if (d.coef < 0) != (e.coef < 0) {
		coef = -coef
	}
	return small(coef, divisionPlaces, -divisionPlaces).trimmed(), true
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return uint64(-n)
	}
	return uint64(n)
}

// multiplyUnsigned gives n × 10^places; ok is false on overflow.
func multiplyUnsigned(n uint64, places int32) (product uint64, ok bool) {
	high, low := bits.Mul64(n, uint64(powersOf10[places]))
	return low, high == 0
}

// Mod gives the remainder of d ÷ e, with the sign of d; ok is false when e is 0.
func (d Decimal) Mod(e Decimal) (remainder Decimal, ok bool) {
	if e.IsZero() {
		return Decimal{}, false
	}
	if d.big == nil && e.big == nil {
		if a, b, scale, ok := align(d, e); ok {
			return small(a%b, scale, min(d.exp, e.exp)), true
		}
	}
	return fromBig(d.shopspring().Mod(e.shopspring()), min(d.exp, e.exp)), true
}

// Round rounds to so many fraction digits, half away from zero; negative places round the whole number.
func (d Decimal) Round(places int) Decimal {
	if d.big == nil && places >= 0 {
		return d.roundSmall(places, func(coef, rest, unit int64) int64 {
			switch {
			case rest >= unit-rest:
				return coef + 1
			case -rest >= unit+rest:
				return coef - 1
			}
			return coef
		})
	}
	return d.rounded(places, decimal.Decimal.Round)
}

// RoundUp rounds toward positive infinity.
func (d Decimal) RoundUp(places int) Decimal {
	if d.big == nil && places >= 0 {
		return d.roundSmall(places, func(coef, rest, _ int64) int64 {
			if rest > 0 {
				return coef + 1
			}
			return coef
		})
	}
	return d.rounded(places, decimal.Decimal.RoundCeil)
}

// RoundDown rounds toward negative infinity.
func (d Decimal) RoundDown(places int) Decimal {
	if d.big == nil && places >= 0 {
		return d.roundSmall(places, func(coef, rest, _ int64) int64 {
			if rest < 0 {
				return coef - 1
			}
			return coef
		})
	}
	return d.rounded(places, decimal.Decimal.RoundFloor)
}

// Truncate drops fraction digits beyond places, which are not negative.
func (d Decimal) Truncate(places int) Decimal {
	switch {
	case d.big != nil:
		return d.rounded(places, decimal.Decimal.Truncate)
	case places >= int(d.scale):
		return d
	}
	return d.roundSmall(places, func(coef, _, _ int64) int64 { return coef })
}

// roundSmall rounds a number of the fast path; decide gives the rounded coefficient from the cut one and the rest, out
// of unit, that was cut off.
func (d Decimal) roundSmall(places int, decide func(coef, rest, unit int64) int64) Decimal {
	if places >= int(d.scale) {
		d.exp = tracked(int32(-min(places, maxExponent)), -d.scale)
		return d
	}
	unit := powersOf10[int(d.scale)-places]
	return small(decide(d.coef/unit, d.coef%unit, unit), int32(places), int32(-places))
}

// maxPlaces bounds the places of rounding: no number of the language has digits beyond it.
const maxPlaces = 2 * maxExponent

func (d Decimal) rounded(places int, round func(decimal.Decimal, int32) decimal.Decimal) Decimal {
	places = max(min(places, maxPlaces), -maxPlaces)
	return fromBig(round(d.shopspring(), int32(places)), int32(-places))
}
