package value

import (
	"errors"
	"math/big"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// What ParseDecimal returns: the text is no number, or it is one that the language has no room for.
var (
	ErrSyntax = errors.New("not a number: want digits, with an optional - before and an optional fraction")
	ErrRange  = errors.New("number value out of range")
)

// ParseDecimal reads a number as texts have them: an optional `-`, then digits, digits `.` digits, or `.` digits, all
// of them ASCII. There is no `+`, no grouping, no exponent and no space around.
func ParseDecimal(s string) (Decimal, error) {
	number, ok := splitNumber(s, false)
	if !ok {
		return Decimal{}, ErrSyntax
	}
	return number.decimal()
}

// parseJSONNumber reads a number as JSON has them, exponents included.
func parseJSONNumber(s string) (Decimal, error) {
	number, ok := splitNumber(s, true)
	if !ok || number.whole == "" {
		return Decimal{}, ErrSyntax
	}
	return number.decimal()
}

// writtenNumber is a number taken apart: -whole.fraction × 10^exponent.
type writtenNumber struct {
	negative        bool
	whole, fraction string
	exponent        int
}

func splitNumber(s string, exponents bool) (n writtenNumber, ok bool) {
	if s != "" && s[0] == '-' {
		n.negative, s = true, s[1:]
	}
	end := leadingDigits(s)
	n.whole, s = s[:end], s[end:]
	if s != "" && s[0] == '.' {
		s = s[1:]
		end = leadingDigits(s)
		if end == 0 {
			return n, false
		}
		n.fraction, s = s[:end], s[end:]
	}
	if exponents && s != "" && (s[0] == 'e' || s[0] == 'E') {
		var err error
		if n.exponent, err = strconv.Atoi(s[1:]); err != nil && !errors.Is(err, strconv.ErrRange) {
			return n, false
		}
		s = ""
	}
	return n, s == "" && len(n.whole)+len(n.fraction) > 0
}

func leadingDigits(s string) int {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return i
		}
	}
	return len(s)
}

// decimal puts the number together, or gives ErrRange.
func (n writtenNumber) decimal() (Decimal, error) {
	if n.exponent == 0 && len(n.fraction) <= maxScale {
		if coef, ok := appendDigits(0, n.whole); ok {
			if coef, ok = appendDigits(coef, n.fraction); ok {
				if n.negative {
					coef = -coef
				}
				return small(coef, int32(len(n.fraction)), -int32(len(n.fraction))), nil
			}
		}
	}
	return n.bigDecimal()
}

// appendDigits continues a number with digits; ok is false when it does not fit.
func appendDigits(n int64, digits string) (continued int64, ok bool) {
	for i := range len(digits) {
		digit := int64(digits[i] - '0')
		if n > (1<<63-1-digit)/10 {
			return 0, false
		}
		n = n*10 + digit
	}
	return n, true
}

// bigDecimal is the slow path of decimal. It looks at the digits before it builds a number of them: a text of a
// million digits costs no more than reading it.
func (n writtenNumber) bigDecimal() (Decimal, error) {
	digits := strings.TrimLeft(n.whole+n.fraction, "0")
	significant := strings.TrimRight(digits, "0")
	if significant == "" {
		return small(0, 0, n.writtenExponent()), nil
	}
	if len(significant) > maxDigits || n.exponent > 1<<30 || n.exponent < -1<<30 {
		return Decimal{}, ErrRange
	}
	exponent := n.exponent - len(n.fraction) + len(digits) - len(significant)
	if adjusted := exponent + len(significant) - 1; adjusted < -maxExponent || adjusted > maxExponent {
		return Decimal{}, ErrRange
	}
	coefficient, _ := new(big.Int).SetString(significant, 10)
	if n.negative {
		coefficient.Neg(coefficient)
	}
	return fromBig(decimal.NewFromBigInt(coefficient, int32(exponent)), n.writtenExponent()), nil
}

// writtenExponent is the exponent as written, bounded.
func (n writtenNumber) writtenExponent() int32 {
	return int32(max(min(n.exponent-len(n.fraction), maxExponent), minTrackedExponent-1))
}

// String gives the number in plain decimals: no exponent, no grouping, no trailing zeros of the fraction.
func (d Decimal) String() string { return string(d.Append(make([]byte, 0, 24))) }

// Append appends what String gives.
func (d Decimal) Append(dst []byte) []byte {
	if d.big == nil {
		return appendSmall(dst, d.trimmed())
	}
	return append(dst, d.big.String()...)
}

func appendSmall(dst []byte, d Decimal) []byte {
	if d.scale == 0 {
		return strconv.AppendInt(dst, d.coef, 10)
	}
	coef := d.coef
	if coef < 0 {
		dst, coef = append(dst, '-'), -coef
	}
	unit := powersOf10[d.scale]
	dst = append(strconv.AppendInt(dst, coef/unit, 10), '.')
	fraction := coef % unit
	for unit /= 10; unit > 1 && fraction < unit; unit /= 10 {
		dst = append(dst, '0')
	}
	return strconv.AppendInt(dst, fraction, 10)
}
