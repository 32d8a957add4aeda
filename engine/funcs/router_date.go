package funcs

import "github.com/flowexpr/flowexpr/engine/value"

// dateTests gives the tests of the date or the time in a text.
func dateTests() []entry {
	return []entry{
		{
			name: "has_date", params: "text: text", result: "object", ambient: true,
			doc: "Tests whether there is a date in the text, in the workspace's date format. The match is a datetime, with the " +
				"current time where the text has none.",
			examples: []Example{
				{Expression: `has_date("born on 18/7/1979 at 15:30").match`, Result: "1979-07-18T15:30:00.000000-05:00"},
				{Expression: `has_date("born on 18/7/1979").match`, Result: "1979-07-18T13:24:30.123456-05:00"},
				{Expression: `has_date("no date here, just a year 2017")`, Result: "false"},
			},
			call: ofText(func(rt *value.Runtime, text string) value.Value {
				return dateIn(rt, text, func(*value.Date) bool { return true })
			}),
		},
		comparingDates("has_date_lt", "before", func(sign int) bool { return sign < 0 }, "14/01/2017"),
		comparingDates("has_date_eq", "on", func(sign int) bool { return sign == 0 }, "15/01/2017"),
		comparingDates("has_date_gt", "after", func(sign int) bool { return sign > 0 }, "16/01/2017"),
		{
			name: "has_time", params: "text: text", result: "object",
			doc: "Tests whether there is a time of day in the text. The match is the first one.",
			examples: []Example{
				{Expression: `has_time("tomorrow at 9:05 pm").match`, Result: "21:05:00.000000"},
				{Expression: `has_time("10 PM")`, Result: "true"},
				{Expression: `has_time("before dinner")`, Result: "false"},
			},
			call: ofText(func(rt *value.Runtime, text string) value.Value {
				t, failure := value.ToTime(rt, value.NewText(text))
				if failure != nil {
					return noMatch
				}
				return matched(t)
			}),
		},
	}
}

// comparingDates makes the entry of a test against a day; passing is a day that passes where the limit is 2017-01-15.
func comparingDates(name, relation string, holds func(sign int) bool, passing string) entry {
	return entry{
		name: name, params: "text: text, day: datetime", result: "object", ambient: true,
		doc: "Tests whether the date in the text is " + relation + " the day, as the session's time zone has both. The match is a " +
			"datetime, as in has_date.",
		examples: []Example{
			{Expression: name + `("see you ` + passing + `", "2017-01-15")`, Result: "true"},
			{Expression: name + `("see you soon", "2017-01-15")`, Result: "false"},
			{Expression: name + `("see you ` + passing + `", "today")`, Error: "error calling " + name + `(...): unable to convert "today" to a datetime`},
		},
		call: func(rt *value.Runtime, args []value.Value) value.Value {
			text, failure := value.ToText(args[0])
			if failure != nil {
				return failure
			}
			limit, failure := value.ToDateTime(rt, args[1]) // a text with an offset may be of the day before or after here
			if failure != nil {
				return failure
			}
			day := value.DateOf(limit.Time().In(rt.Env.Zone()))
			return dateIn(rt, text, func(d *value.Date) bool { return holds(value.Compare(d, day)) })
		},
	}
}

// dateIn tests the date of a text, as calendars show it in the session's zone.
func dateIn(rt *value.Runtime, text string, passes func(d *value.Date) bool) value.Value {
	t, failure := value.ToDateTimeFillTime(rt, value.NewText(text))
	if failure != nil || !passes(value.DateOf(t.Time().In(rt.Env.Zone()))) {
		return noMatch
	}
	return matched(t)
}
