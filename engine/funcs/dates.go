package funcs

import (
	"strconv"

	"github.com/flowexpr/flowexpr/engine/value"
)

func dates() []entry {
	return append(append(clocks(), dateArithmetic()...), dateParts()...)
}

// clocks are the functions that read the clock and the text of dates.
func clocks() []entry {
	return []entry{
		{
			name: "now", result: "datetime", ambient: true,
			doc:      "Gives the current moment, in the session's time zone.",
			examples: []Example{{Expression: `now()`, Result: "2018-04-11T13:24:30.123456-05:00"}, {Expression: `now("UTC")`, Error: "error calling now(...): need 0 argument(s), got 1"}},
			call:     func(rt *value.Runtime, _ []value.Value) value.Value { return value.NewDateTime(rt.Now()) },
		},
		{
			name: "today", result: "date", ambient: true,
			doc:      "Gives the current day, in the session's time zone.",
			examples: []Example{{Expression: `today()`, Result: "2018-04-11"}, {Expression: `weekday(today())`, Result: "3"}},
			call:     func(rt *value.Runtime, _ []value.Value) value.Value { return value.DateOf(rt.Now()) },
		},
		{
			name: "parse_datetime", params: "text: text, layout: text, zone?: text", result: "datetime", ambient: true,
			doc: "Reads a datetime that is written exactly as the layout says. Where the text has no offset, it is in the " +
				"zone, else in the session's. Names of months and days cannot be read.",
			examples: []Example{
				{Expression: `parse_datetime("18/07/1979 10:30", "DD/MM/YYYY tt:mm", "Africa/Kigali")`, Result: "1979-07-18T10:30:00.000000+02:00"},
				{Expression: `parse_datetime("1979-07-18T10:30:45.5Z", "YYYY-MM-DDTtt:mm:ssZ")`, Result: "1979-07-18T10:30:45.500000Z"},
				{Expression: `parse_datetime("1979-13-18", "YYYY-MM-DD")`, Error: "error calling parse_datetime(...): cannot parse '-18' as 'MM'"},
			},
			call: parseDateTime,
		},
		{
			name: "parse_time", params: "text: text, layout: text", result: "time", ambient: true,
			doc: "Reads a time of day that is written exactly as the layout says.",
			examples: []Example{
				{Expression: `parse_time("2:40 pm", "h:mm aa")`, Result: "14:40:00.000000"},
				{Expression: `parse_time("15.28", "tt:mm")`, Error: "error calling parse_time(...): cannot parse '.28' as ':'"},
			},
			call: ofTexts(parseTime),
		},
		{
			name: "datetime_from_epoch", params: "seconds: number", result: "datetime", ambient: true,
			doc: "Gives the moment so many seconds after the start of 1970 in UTC, in the session's time zone.",
			examples: []Example{
				{Expression: `datetime_from_epoch(1497286619.000123)`, Result: "2017-06-12T11:56:59.000123-05:00"},
				{Expression: `datetime_from_epoch(10 ^ 20)`, Error: "error calling datetime_from_epoch(...): number value out of range"},
			},
			call: ofNumber(dateTimeFromEpoch),
		},
		{
			name: "epoch", params: "datetime: datetime", result: "number", ambient: true,
			doc:      "Gives the number of seconds since the start of 1970 in UTC, with their fraction.",
			examples: []Example{{Expression: `epoch("2017-06-12T16:56:59.000123Z")`, Result: "1497286619.000123"}, {Expression: `epoch("1969-12-31T23:59:58Z")`, Result: "-2"}},
			call:     ofDateTime(epoch),
		},
	}
}

// dateArithmetic are the functions that move moments and measure between them.
func dateArithmetic() []entry {
	return []entry{
		{
			name: "datetime_diff", params: "from: datetime, to: datetime, unit: text", result: "number", ambient: true,
			doc: "Counts the units from one moment to another, negative when the other is earlier. s, m and h are full " +
				"seconds, minutes and hours; D and W are days of the calendar and seven of them; M and Y look at months and years only.",
			examples: []Example{
				{Expression: `datetime_diff("2017-01-15", "2017-02-01", "D")`, Result: "17"},
				{Expression: `datetime_diff("2017-01-31", "2017-02-01", "M")`, Result: "1"},
				{Expression: `datetime_diff("2017-01-15 10:50", "2017-01-15 09:00", "h")`, Result: "-1"},
				{Expression: `datetime_diff("2017-01-15", "2017-02-01", "d")`, Error: `error calling datetime_diff(...): unknown unit: XText("d"), must be one of s, m, h, D, W, M, Y`},
			},
			call: dateTimeDiff,
		},
		{
			name: "datetime_add", params: "datetime: datetime, count: integer, unit: text", result: "datetime", ambient: true,
			doc: "Moves a moment by so many units, back when the count is negative. s, m and h are seconds, minutes and " +
				"hours; D, W, M and Y are days, weeks, months and years of the calendar. A day that a month does not have is one of the next month.",
			examples: []Example{
				{Expression: `datetime_add("2017-01-15T23:30:00Z", 5, "D")`, Result: "2017-01-20T23:30:00.000000Z"},
				{Expression: `datetime_add("2017-01-31T10:45:00+02:00", 1, "M")`, Result: "2017-03-03T10:45:00.000000+02:00"},
				{Expression: `datetime_add("2017-01-15T10:45:00Z", -30, "m")`, Result: "2017-01-15T10:15:00.000000Z"},
				{Expression: `datetime_add("2017-01-15", 1, "x")`, Error: `error calling datetime_add(...): unknown unit: XText("x"), must be one of s, m, h, D, W, M, Y`},
			},
			call: dateTimeAdd,
			// The reference says this in words of its own, which templates' tests may hold.
			miscount: func(got int) *value.Error {
				return &value.Error{Code: value.CodeWrongArguments, Message: "takes exactly three arguments, received " + strconv.Itoa(got)}
			},
		},
		{
			name: "replace_time", params: "datetime: datetime, time: time", result: "datetime", ambient: true,
			doc: "Gives the datetime with another time of day, in its own time zone.",
			examples: []Example{
				{Expression: `replace_time("2017-01-15T23:30:00+02:00", "10:45")`, Result: "2017-01-15T10:45:00.000000+02:00"},
				{Expression: `replace_time("2017-01-15", "late")`, Error: `error calling replace_time(...): unable to convert "late" to a time`},
			},
			call: replaceTime,
		},
	}
}

// dateParts are the functions that take dates and times to pieces, and put them together.
func dateParts() []entry {
	return []entry{
		{
			name: "tz", params: "datetime: datetime", result: "text", ambient: true,
			doc:      "Gives the name of the datetime's time zone, empty where it has nothing but an offset.",
			examples: []Example{{Expression: `tz("2017-01-15")`, Result: "America/Guayaquil"}, {Expression: `tz("2017-01-15T02:15:18Z")`, Result: "UTC"}, {Expression: `tz("2017-01-15T02:15:18+02:00")`, Result: ""}},
			call:     ofDateTime(zoneName),
		},
		{
			name: "tz_offset", params: "datetime: datetime", result: "text", ambient: true,
			doc:      "Gives how far the datetime's time zone is from UTC at that moment, as hours and minutes.",
			examples: []Example{{Expression: `tz_offset("2017-01-15T02:15:18+05:30")`, Result: "+0530"}, {Expression: `tz_offset("2017-01-15T02:15:18Z")`, Result: "+0000"}},
			call:     ofDateTime(zoneOffset),
		},
		{
			name: "date_from_parts", params: "year: integer, month: integer, day: integer", result: "date",
			doc: "Gives the date of a year, a month from 1 to 12, and a day. A day that the month does not have is one of " +
				"the months before or behind it.",
			examples: []Example{
				{Expression: `date_from_parts(2017, 1, 15)`, Result: "2017-01-15"},
				{Expression: `date_from_parts(2017, 2, 31)`, Result: "2017-03-03"},
				{Expression: `date_from_parts(2017, 13, 15)`, Error: "error calling date_from_parts(...): month 13 is out of range, must be 1 to 12"},
			},
			call: dateFromParts,
		},
		{
			name: "time_from_parts", params: "hour: integer, minute: integer, second: integer", result: "time",
			doc: "Gives the time of day of an hour from 0 to 23, a minute and a second.",
			examples: []Example{
				{Expression: `time_from_parts(14, 40, 15)`, Result: "14:40:15.000000"},
				{Expression: `time_from_parts(14, 60, 0)`, Error: "error calling time_from_parts(...): minute 60 is out of range, must be 0 to 59"},
			},
			call: timeFromParts,
		},
		{
			name: "weekday", params: "date: date", result: "number", ambient: true,
			doc:      "Gives the day of the week: 0 is Sunday, 6 is Saturday.",
			examples: []Example{{Expression: `weekday("2017-01-15")`, Result: "0"}, {Expression: `weekday("xx")`, Error: `error calling weekday(...): unable to convert "xx" to a date`}},
			call: ofDate(func(rt *value.Runtime, d *value.Date) value.Value {
				return integer(rt, int(d.Weekday()))
			}),
		},
		{
			name: "week_number", params: "date: date", result: "number", ambient: true,
			doc:      "Gives the week of the year, 1 to 54. Weeks begin on Sundays, and January 1 is in week 1.",
			examples: []Example{{Expression: `week_number("2019-01-01")`, Result: "1"}, {Expression: `week_number("2022-12-31")`, Result: "53"}, {Expression: `week_number("xx")`, Error: `error calling week_number(...): unable to convert "xx" to a date`}},
			call: ofDate(func(rt *value.Runtime, d *value.Date) value.Value {
				return integer(rt, d.WeekNumber())
			}),
		},
	}
}
