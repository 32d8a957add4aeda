package funcs

import (
	"fmt"
	"strconv"
	"time"

	"github.com/flowexpr/flowexpr/engine/value"
)

// ofDateTime adapts a function of one datetime.
func ofDateTime(f func(rt *value.Runtime, t time.Time) value.Value) body {
	return func(rt *value.Runtime, args []value.Value) value.Value {
		d, failure := value.ToDateTime(rt, args[0])
		if failure != nil {
			return failure
		}
		return f(rt, d.Time())
	}
}

// ofDate adapts a function of one date.
func ofDate(f func(rt *value.Runtime, d *value.Date) value.Value) body {
	return func(rt *value.Runtime, args []value.Value) value.Value {
		d, failure := value.ToDate(rt, args[0])
		if failure != nil {
			return failure
		}
		return f(rt, d)
	}
}

// Lengths of what is measured by the clock, in seconds.
const (
	secondsPerMinute = 60
	secondsPerHour   = 60 * secondsPerMinute
)

func unknownUnit(unit string) *value.Error {
	return value.NewError("unknown unit: XText(" + strconv.Quote(unit) + "), must be one of s, m, h, D, W, M, Y")
}

func dateTimeDiff(rt *value.Runtime, args []value.Value) value.Value {
	from, failure := value.ToDateTime(rt, args[0])
	if failure != nil {
		return failure
	}
	to, failure := value.ToDateTime(rt, args[1])
	if failure != nil {
		return failure
	}
	unit, failure := value.ToText(args[2])
	if failure != nil {
		return failure
	}
	n, ok := unitsBetween(from.Time(), to.Time(), unit)
	if !ok {
		return unknownUnit(unit)
	}
	return rt.Number(value.NewInt(n))
}

// unitsBetween counts units from one moment to another. Days, months and years are those that the calendar shows at
// each moment in its own zone. ok is false when there is no such unit.
func unitsBetween(from, to time.Time, unit string) (n int64, ok bool) {
	switch unit {
	case "s":
		return secondsBetween(from, to), true
	case "m":
		return secondsBetween(from, to) / secondsPerMinute, true
	case "h":
		return secondsBetween(from, to) / secondsPerHour, true
	}
	a, b := value.DateOf(from), value.DateOf(to)
	switch unit {
	case "D":
		return int64(b.Days() - a.Days()), true
	case "W":
		return int64(b.Days()-a.Days()) / 7, true
	case "M":
		return int64((b.Year-a.Year)*12 + b.Month - a.Month), true
	case "Y":
		return int64(b.Year - a.Year), true
	}
	return 0, false
}

// secondsBetween counts full seconds. A time.Duration would have room for 292 years only.
func secondsBetween(from, to time.Time) int64 {
	seconds, nanos := to.Unix()-from.Unix(), to.Nanosecond()-from.Nanosecond()
	switch {
	case seconds > 0 && nanos < 0:
		seconds--
	case seconds < 0 && nanos > 0:
		seconds++
	}
	return seconds
}

func dateTimeAdd(rt *value.Runtime, args []value.Value) value.Value {
	d, failure := value.ToDateTime(rt, args[0])
	if failure != nil {
		return failure
	}
	n, failure := value.ToInteger(args[1])
	if failure != nil {
		return failure
	}
	unit, failure := value.ToText(args[2])
	if failure != nil {
		return failure
	}
	t, ok := addUnits(d.Time(), n, unit)
	if !ok {
		return unknownUnit(unit)
	}
	return value.NewDateTime(t)
}

// addUnits moves a moment: by the clock for seconds, minutes and hours, by the calendar of its zone for longer units.
// ok is false when there is no such unit.
func addUnits(t time.Time, n int, unit string) (moved time.Time, ok bool) {
	switch unit {
	case "s":
		return addSeconds(t, int64(n)), true
	case "m":
		return addSeconds(t, int64(n)*secondsPerMinute), true
	case "h":
		return addSeconds(t, int64(n)*secondsPerHour), true
	case "D":
		return t.AddDate(0, 0, n), true
	case "W":
		return t.AddDate(0, 0, n*7), true
	case "M":
		return t.AddDate(0, n, 0), true
	case "Y":
		return t.AddDate(n, 0, 0), true
	}
	return t, false
}

// addSeconds moves by more than the 292 years that a time.Duration has room for.
func addSeconds(t time.Time, seconds int64) time.Time {
	return time.Unix(t.Unix()+seconds, int64(t.Nanosecond())).In(t.Location())
}

func replaceTime(rt *value.Runtime, args []value.Value) value.Value {
	d, failure := value.ToDateTime(rt, args[0])
	if failure != nil {
		return failure
	}
	clock, failure := value.ToTime(rt, args[1])
	if failure != nil {
		return failure
	}
	t := d.Time()
	return value.NewDateTime(clock.On(value.DateOf(t), t.Location()))
}

func parseDateTime(rt *value.Runtime, args []value.Value) value.Value {
	text, failure := value.ToText(args[0])
	if failure != nil {
		return failure
	}
	layout, failure := value.ToText(args[1])
	if failure != nil {
		return failure
	}
	zone, failure := optionalZone(rt, args, 2)
	if failure != nil {
		return failure
	}
	d, failure := value.ParseDateTime(rt.Env, text, layout, zone)
	if failure != nil {
		return failure
	}
	return d
}

// optionalZone gives argument i as a time zone, or the session's where it is left out.
func optionalZone(rt *value.Runtime, args []value.Value, i int) (*time.Location, *value.Error) {
	session := rt.Env.Zone()
	name, failure := optionalText(args, i, session.String())
	if failure != nil {
		return nil, failure
	}
	if name == session.String() { // the usual case, without reading the database
		return session, nil
	}
	zone, err := time.LoadLocation(name)
	switch {
	case err != nil:
		return nil, value.NewError(err.Error())
	case zone == time.Local: // what the machine is set to is nobody's business
		return nil, value.NewError("unknown time zone " + name)
	}
	return zone, nil
}

func parseTime(rt *value.Runtime, text, layout string) value.Value {
	t, failure := value.ParseTime(rt.Env, text, layout)
	if failure != nil {
		return failure
	}
	return t
}

// dateTimeFromEpoch has nanoseconds at most; they must fit an int64, which is from 1677 to 2262.
func dateTimeFromEpoch(rt *value.Runtime, seconds value.Decimal) value.Value {
	nanos, ok := seconds.Mul(value.NewInt(int64(time.Second))).Int64()
	if !ok {
		return value.ErrOutOfRange()
	}
	return value.NewDateTime(time.Unix(0, nanos).In(rt.Env.Zone()))
}

func epoch(rt *value.Runtime, t time.Time) value.Value {
	return rt.Number(value.NewInt(t.Unix()).Add(value.NewDecimal(int64(t.Nanosecond()), -9)))
}

func zoneName(rt *value.Runtime, t time.Time) value.Value { return rt.Text(t.Location().String()) }

func zoneOffset(rt *value.Runtime, t time.Time) value.Value { return rt.Text(t.Format("-0700")) }

func dateFromParts(_ *value.Runtime, args []value.Value) value.Value {
	parts, failure := threeIntegers(args)
	if failure != nil {
		return failure
	}
	if failure := checkPart("month", parts[1], 1, 12); failure != nil {
		return failure
	}
	return value.NewDate(parts[0], parts[1], parts[2])
}

func timeFromParts(_ *value.Runtime, args []value.Value) value.Value {
	parts, failure := threeIntegers(args)
	if failure != nil {
		return failure
	}
	for i, name := range [...]string{"hour", "minute", "second"} {
		if failure := checkPart(name, parts[i], 0, [...]int{23, 59, 59}[i]); failure != nil {
			return failure
		}
	}
	return value.NewTime(parts[0], parts[1], parts[2], 0)
}

func threeIntegers(args []value.Value) (parts [3]int, failure *value.Error) {
	for i := range parts {
		if parts[i], failure = value.ToInteger(args[i]); failure != nil {
			return parts, failure
		}
	}
	return parts, nil
}

// checkPart gives the error of a part of a date or a time that is outside of its bounds, both of them allowed.
func checkPart(name string, n, least, most int) *value.Error {
	if n < least || n > most {
		return &value.Error{Code: value.CodeOutOfRange, Message: fmt.Sprintf("%s %d is out of range, must be %d to %d", name, n, least, most)}
	}
	return nil
}
