package value

import (
	"strconv"
	"time"
)

// DateTime is a moment with the zone it was given in.
type DateTime struct{ t time.Time }

// NewDateTime makes a datetime; it keeps the zone of t.
func NewDateTime(t time.Time) *DateTime { return &DateTime{t} }

// Time gives the moment, in the value's own zone.
func (d *DateTime) Time() time.Time { return d.t }

// Type is TypeDateTime.
func (*DateTime) Type() Type { return TypeDateTime }

// canonicalDateTime has six fraction digits, cut and not rounded, and Z for no offset.
const canonicalDateTime = "2006-01-02T15:04:05.000000Z07:00"

// AppendCanonical appends the canonical text: `2018-04-11T18:24:30.123456Z`, in the value's own zone.
func (d *DateTime) AppendCanonical(dst []byte) []byte {
	return d.t.AppendFormat(dst, canonicalDateTime)
}

// Date is a day of the calendar, without a zone. Comparable with ==.
type Date struct{ Year, Month, Day int }

// NewDate makes a date; a month or a day beyond its range moves into the next: 2017-02-31 is 2017-03-03.
func NewDate(year, month, day int) *Date {
	if month < 1 || month > 12 || day < 1 || day > 28 {
		t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
		return &Date{t.Year(), int(t.Month()), t.Day()}
	}
	return &Date{year, month, day}
}

// Type is TypeDate.
func (*Date) Type() Type { return TypeDate }

// AppendCanonical appends the canonical text: `2018-04-11`.
func (d *Date) AppendCanonical(dst []byte) []byte {
	dst = append(appendPadded(dst, d.Year, 4), '-')
	dst = append(appendPadded(dst, d.Month, 2), '-')
	return appendPadded(dst, d.Day, 2)
}

// Time is a time of day, without a zone. Comparable with ==.
type Time struct{ Hour, Minute, Second, Nanos int }

// NewTime makes a time of day from parts that the caller has checked.
func NewTime(hour, minute, second, nanos int) *Time { return &Time{hour, minute, second, nanos} }

// Type is TypeTime.
func (*Time) Type() Type { return TypeTime }

// AppendCanonical appends the canonical text, with six fraction digits: `18:24:30.123456`.
func (t *Time) AppendCanonical(dst []byte) []byte {
	dst = append(appendPadded(dst, t.Hour, 2), ':')
	dst = append(appendPadded(dst, t.Minute, 2), ':')
	dst = append(appendPadded(dst, t.Second, 2), '.')
	return appendPadded(dst, t.Nanos/1000, 6)
}

// appendPadded appends n with zeros in front up to width digits.
func appendPadded(dst []byte, n, width int) []byte {
	if n < 0 {
		dst, n = append(dst, '-'), -n
	}
	for digits := n; width > 1; width-- {
		if digits /= 10; digits == 0 {
			dst = append(dst, '0')
		}
	}
	return strconv.AppendInt(dst, int64(n), 10)
}

func (*DateTime) sealed() {}
func (*Date) sealed()     {}
func (*Time) sealed()     {}
