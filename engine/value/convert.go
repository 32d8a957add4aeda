package value

import (
	"math"
	"strings"
	"unicode/utf8"
)

// CannotConvert gives the error of a conversion that is not possible; to names the wanted type with its article, as
// in `a number`.
func CannotConvert(v Value, to string) *Error {
	return &Error{Code: CodeConversion, Message: "unable to convert " + Describe(v) + " to " + to}
}

// ToNumber converts to a number: numbers themselves, texts that hold nothing but one, objects by their default.
// Booleans, null and dates do not convert.
func ToNumber(v Value) (Decimal, *Error) {
	switch v := v.(type) {
	case *Number:
		return v.Decimal, nil
	case *Text:
		if d, err := ParseDecimal(trimSpace(v.text)); err == nil {
			return d, nil
		}
	case *Object:
		if def, ok := v.Default(); ok {
			return ToNumber(def)
		}
	case *Error:
		return Decimal{}, v
	}
	return Decimal{}, CannotConvert(v, "a number")
}

// trimSpace trims Unicode space; most texts have none, which the fast path sees at once.
func trimSpace(s string) string {
	if s != "" && isWord(s[0]) && isWord(s[len(s)-1]) {
		return s
	}
	return strings.TrimSpace(s)
}

// isWord reports whether c is certainly no part of a space.
func isWord(c byte) bool { return c > ' ' && c < utf8.RuneSelf }

// ToInteger converts to a whole number of 32 bits: a number without its fraction.
func ToInteger(v Value) (int, *Error) {
	d, failure := ToNumber(v)
	if failure != nil {
		return 0, failure
	}
	n, ok := d.Int64()
	if !ok || n < math.MinInt32 || n > math.MaxInt32 {
		return 0, &Error{Code: CodeOutOfRange, Message: "number value " + d.String() + " is out of range for an integer"}
	}
	return int(n), nil
}

// ToBoolean gives the truth of a value. False are null, the empty text and `false` in any letter case, 0, an empty
// array, an object whose default is false or that has neither default nor properties, and midnight. Only errors fail.
func ToBoolean(v Value) (bool, *Error) {
	switch v := v.(type) {
	case nil:
		return false, nil
	case *Text:
		return v.text != "" && !strings.EqualFold(v.text, "false"), nil
	case *Number:
		return !v.IsZero(), nil
	case Boolean:
		return bool(v), nil
	case *DateTime:
		return !v.t.IsZero(), nil
	case *Date:
		return *v != Date{}, nil
	case *Time:
		return *v != Time{}, nil
	case *Array:
		return len(v.items) > 0, nil
	case *Object:
		if def, ok := v.Default(); ok {
			return ToBoolean(def)
		}
		return v.Len() > 0, nil
	case *Error:
		return false, v
	}
	return true, nil
}

// ToArray converts to an array: arrays themselves, and null as the empty one.
func ToArray(v Value) (*Array, *Error) {
	switch v := v.(type) {
	case nil:
		return &Array{weight: 1}, nil
	case *Array:
		return v, nil
	case *Error:
		return nil, v
	}
	return nil, CannotConvert(v, "an array")
}

// ToObject converts to an object: objects themselves, and null as the one without properties.
func ToObject(v Value) (*Object, *Error) {
	switch v := v.(type) {
	case nil:
		return &Object{weight: 1}, nil
	case *Object:
		return v, nil
	case *Error:
		return nil, v
	}
	return nil, CannotConvert(v, "an object")
}

// ToFunction gives the function that a value is.
func ToFunction(v Value) (*Function, *Error) {
	switch v := v.(type) {
	case *Function:
		return v, nil
	case *Error:
		return nil, v
	}
	return nil, &Error{Code: CodeNotAFunction, Message: Describe(v) + " is not a function"}
}
