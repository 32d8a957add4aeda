package value

import "time"

// ToDateTime converts to a datetime: datetimes themselves, dates as their midnight in the environment's zone, objects
// by their default, and texts. A text that is ISO 8601 with an offset keeps that offset; else the first date in the
// text is looked for and the first time behind it, midnight if there is none, both in the environment's zone.
func ToDateTime(rt *Runtime, v Value) (*DateTime, *Error) { return toDateTime(rt, v, false) }

// ToDateTimeFillTime is ToDateTime, but a text with a date and no time gets the current time of day.
func ToDateTimeFillTime(rt *Runtime, v Value) (*DateTime, *Error) { return toDateTime(rt, v, true) }

func toDateTime(rt *Runtime, v Value, fill bool) (*DateTime, *Error) {
	switch v := v.(type) {
	case *DateTime:
		return v, nil
	case *Date:
		return NewDateTime(v.in(rt.Env.Zone())), nil
	case *Text:
		if t, ok := dateTimeInText(rt, v.text, fill); ok {
			return NewDateTime(t), nil
		}
	case *Object:
		if def, ok := v.Default(); ok {
			return toDateTime(rt, def, fill)
		}
	case *Error:
		return nil, v
	}
	return nil, CannotConvert(v, "a datetime")
}

// ToDate converts to a date: dates themselves, datetimes as the day they are in the environment's zone, objects by
// their default, and the first date in a text.
func ToDate(rt *Runtime, v Value) (*Date, *Error) {
	switch v := v.(type) {
	case *Date:
		return v, nil
	case *DateTime:
		return DateOf(v.t.In(rt.Env.Zone())), nil
	case *Text:
		if d, _, ok := dateInText(rt, trimBlank(v.text)); ok {
			return &d, nil
		}
	case *Object:
		if def, ok := v.Default(); ok {
			return ToDate(rt, def)
		}
	case *Error:
		return nil, v
	}
	return nil, CannotConvert(v, "a date")
}

// ToTime converts to a time of day: times themselves, datetimes as the clock shows in their own zone, numbers from 0
// to 24 as hours, objects by their default, and the first time in a text. 24 o'clock is 0 o'clock.
func ToTime(_ *Runtime, v Value) (*Time, *Error) {
	switch v := v.(type) {
	case *Time:
		return v, nil
	case *DateTime:
		return TimeOf(v.t), nil
	case *Number:
		if hour, ok := v.Int64(); ok && hour >= 0 && hour <= 24 {
			return NewTime(int(hour)%24, 0, 0, 0), nil
		}
	case *Text:
		if t, ok := timeInText(v.text); ok {
			return &t, nil
		}
	case *Object:
		if def, ok := v.Default(); ok {
			return ToTime(nil, def)
		}
	case *Error:
		return nil, v
	}
	return nil, CannotConvert(v, "a time")
}

// in gives the midnight that begins the day in a zone.
func (d *Date) in(zone *time.Location) time.Time {
	return time.Date(d.Year, time.Month(d.Month), d.Day, 0, 0, 0, 0, zone)
}

// Weekday gives the day of the week.
func (d *Date) Weekday() time.Weekday { return d.in(time.UTC).Weekday() }

// WeekNumber gives the week of the year, 1 to 54: weeks begin on Sundays, and January 1 is in week 1.
func (d *Date) WeekNumber() int {
	first := NewDate(d.Year, 1, 1)
	return (d.in(time.UTC).YearDay()-1+int(first.Weekday()))/7 + 1
}

// Days counts the days since 1970-01-01; before, it is negative.
func (d *Date) Days() int { return int(d.in(time.UTC).Unix() / secondsPerDay) }

const secondsPerDay = 24 * 60 * 60

// DateOf gives the day that t is in its own zone.
func DateOf(t time.Time) *Date {
	year, month, day := t.Date()
	return &Date{year, int(month), day}
}

// TimeOf gives the time of day that a clock shows at t in its own zone.
func TimeOf(t time.Time) *Time {
	hour, minute, second := t.Clock()
	return &Time{hour, minute, second, t.Nanosecond()}
}

// daysIn gives the number of days of a month.
func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}
