package value

import (
	"math/big"

	"github.com/shopspring/decimal"
)

// Pow gives d to the power of e; ok is false when e is beyond ±100. A whole exponent gives the exact power, a negative
// one its reciprocal to 16 fraction digits. A fractional exponent gives as many digits as the reference does. What has
// no value is 0: 0^0, 0^-1, and fractional powers of negative numbers.
func (d Decimal) Pow(e Decimal) (power Decimal, ok bool) {
	if e.Abs().Cmp(NewInt(maxExponent)) > 0 {
		return Decimal{}, false
	}
	switch {
	case d.IsZero() || d.Sign() < 0 && !e.IsInteger():
		return Decimal{}, true
	case e.IsZero():
		return NewInt(1), true
	}
	n, _ := e.Int64()
	whole := d.powInt(n)
	if e.IsInteger() {
		return whole, true
	}
	return d.powFraction(e, whole)
}

// powInt gives a whole power; |n| is 100 at most.
func (d Decimal) powInt(n int64) Decimal {
	result, factor := NewInt(1), d
	for rest := max(n, -n); rest > 0; rest >>= 1 {
		if rest&1 == 1 {
			result = result.Mul(factor)
		}
		if rest > 1 {
			factor = factor.Mul(factor)
		}
	}
	if n < 0 {
		result, _ = NewInt(1).Div(result)
	}
	return result
}

// guardDigits is how many digits more than the operands have a fractional power is computed with.
const guardDigits = 6

// powFraction gives d^e from d to the whole part of e. The number of digits follows from those of the operands, with
// their trailing zeros, as in shopspring's decimal up to version 1.4: 2^0.5 is 1.4142136. Later versions give 16
// digits always, so that this cannot be left to them.
func (d Decimal) powFraction(e, whole Decimal) (power Decimal, ok bool) {
	precision := d.digits()
	if n := e.digits(); n > precision {
		precision += n
	}
	places := -d.exp + precision + guardDigits
	logarithm, err := d.shopspring().Ln(places)
	if err != nil {
		return Decimal{}, true
	}
	fraction, _ := e.Mod(NewInt(1))
	root, err := logarithm.Mul(fraction.shopspring()).ExpTaylor(places)
	if err != nil {
		return Decimal{}, true
	}
	return whole.Mul(fromBig(root, -places)), true
}

// digits counts the digits of the coefficient that shopspring's decimal would have.
func (d Decimal) digits() int32 {
	s := d.shopspring()
	if zeros := s.Exponent() - d.exp; zeros > 0 {
		s = decimal.NewFromBigInt(new(big.Int).Mul(s.Coefficient(), tenTo(int64(zeros))), d.exp)
	}
	return int32(s.NumDigits())
}

// powCost estimates what d^e costs beyond a plain operation, in units of the budget, taken as 100 ns each: fractional
// powers are series of long numbers, up to half a second for numbers at the edge of the range. Whole ones cost little.
func (d Decimal) powCost(e Decimal) int {
	if e.IsInteger() || d.Sign() <= 0 || e.Abs().Cmp(NewInt(maxExponent)) > 0 {
		return 0
	}
	base, exponent := d.shopspring(), e.shopspring()
	places := int(-d.exp+max(d.digits(), 2*e.digits())) + guardDigits
	magnitude := base.NumDigits() + int(base.Exponent())
	terms := max(places, 0) + 9*max(magnitude, -magnitude)
	length := max(places, 0) + exponent.NumDigits()
	return 60 + terms*terms*length*length/4000
}
