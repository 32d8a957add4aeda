package funcs

import (
	"fmt"
	"strings"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/engine/value"
)

func formats() []entry {
	return []entry{
		{
			name: "format", params: "value: any", result: "text", ambient: true,
			doc: "Gives the value as people in the session read it: numbers with grouped digits, dates and times in the " +
				"workspace's formats, lists without brackets. An error gives the empty text.",
			examples: []Example{
				{Expression: `format(1234567.50)`, Result: "1,234,567.5"},
				{Expression: `format(array("red", 1000, null))`, Result: "red, 1,000, "},
				{Expression: `format(1 / 0)`, Result: ""},
			},
			call: func(rt *value.Runtime, args []value.Value) value.Value { return rt.Text(value.Format(rt.Env, args[0])) },
		},
		{
			name: "format_date", params: "date: date, layout?: text", result: "text", ambient: true,
			doc: "Writes a date in a layout, or else in the workspace's date format. Layouts have YY YYYY M MM MMM MMMM D DD " +
				"EEE EEEE, and the separators space : / . , T - _",
			examples: []Example{
				{Expression: `format_date("1979-07-18")`, Result: "18-07-1979"},
				{Expression: `format_date("1979-07-18", "EEEE, D MMM YYYY")`, Result: "Wednesday, 18 Jul 1979"},
				{Expression: `format_date("1979-07-18", "tt:mm")`, Error: "error calling format_date(...): 'tt' is not valid in a date formatting layout"},
			},
			call: formatDate,
		},
		{
			name: "format_datetime", params: "datetime: datetime, layout?: text, timezone?: text", result: "text", ambient: true,
			doc: "Writes a datetime in a layout, or else in the workspace's formats, as clocks show it in a time zone, or else in " +
				"the session's. Layouts have all that those of format_date and format_time have, and Z ZZZ.",
			examples: []Example{
				{Expression: `format_datetime("1979-07-18T15:00:00Z")`, Result: "18-07-1979 10:00"},
				{Expression: `format_datetime("2010-05-10T19:50:00Z", "YYYY M D, h:mm aa ZZZ", "Asia/Tokyo")`, Result: "2010 5 11, 4:50 am +09:00"},
				{Expression: `format_datetime("2010-05-10T19:50:00Z", "YYYY", "Moon/Base")`, Error: "error calling format_datetime(...): unknown time zone Moon/Base"},
			},
			call: formatDateTime,
		},
		{
			name: "format_time", params: "time: time, layout?: text", result: "text", ambient: true,
			doc: "Writes a time of day in a layout, or else in the workspace's time format. Layouts have h hh t tt m mm s ss fff " +
				"ffffff fffffffff aa AA, and the separators space : / . , T - _",
			examples: []Example{
				{Expression: `format_time("14:50:30.000000")`, Result: "14:50"},
				{Expression: `format_time("14:50", "h:mm AA")`, Result: "2:50 PM"},
				{Expression: `format_time("tea time")`, Error: `error calling format_time(...): unable to convert "tea time" to a time`},
			},
			call: formatTime,
		},
		{
			name: "format_number", params: "number: number, places?: integer, grouped?: boolean", result: "text", ambient: true,
			doc: "Writes a number with the workspace's symbols, rounded to 0 to 9 fraction digits if places are given. Thousands " +
				"are set apart unless grouped is false.",
			examples: []Example{
				{Expression: `format_number(31337.45)`, Result: "31,337.45"},
				{Expression: `format_number(31337, 2, false)`, Result: "31337.00"},
				{Expression: `format_number("many")`, Error: `error calling format_number(...): unable to convert "many" to a number`},
			},
			call: formatNumber,
		},
		{
			name: "format_location", params: "location: text", result: "text",
			doc: "Gives the last name of a location's path.",
			examples: []Example{
				{Expression: `format_location("Ecuador > Azuay > Cuenca")`, Result: "Cuenca"},
				{Expression: `format_location("Cuenca")`, Result: "Cuenca"},
			},
			call: ofText(func(rt *value.Runtime, path string) value.Value {
				return rt.Text(strings.TrimSpace(path[strings.LastIndexByte(path, '>')+1:]))
			}),
		},
		{
			name: "format_urn", params: "urn: text", result: "text",
			doc: "Writes a URN for people: what it displays, else a phone number as its own country writes it, else its path.",
			examples: []Example{
				{Expression: `format_urn("tel:+12065550142")`, Result: "(206) 555-0142"},
				{Expression: `format_urn("twitterid:54321#jane")`, Result: "jane"},
				{Expression: `format_urn("")`, Error: "error calling format_urn(...):  is not a valid URN: scheme cannot be empty"},
			},
			call: ofText(func(rt *value.Runtime, text string) value.Value {
				formatted, err := contactstore.FormatURN(text)
				if err != nil {
					return invalidURN(text, err)
				}
				return rt.Text(formatted)
			}),
		},
		{
			name: "prompt", params: "name: text, values...: any", result: "text", ambient: true,
			doc:      "Fills up to 10 values into the workspace's prompt of that name. This engine has no prompts, so every name is unknown.",
			examples: []Example{{Expression: `prompt("poem")`, Error: "error calling prompt(...): unknown LLM prompt poem"}},
			call:     fillPrompt,
			miscount: countPrompt,
		},
	}
}

func formatDate(rt *value.Runtime, args []value.Value) value.Value {
	d, failure := value.ToDate(rt, args[0])
	if failure != nil {
		return failure
	}
	layout, failure := optionalText(args, 1, rt.Env.DateLayout())
	if failure != nil {
		return failure
	}
	return laidOut(rt)(value.FormatDateLayout(rt.Env, d, layout))
}

func formatDateTime(rt *value.Runtime, args []value.Value) value.Value {
	d, failure := value.ToDateTime(rt, args[0])
	if failure != nil {
		return failure
	}
	layout, failure := optionalText(args, 1, rt.Env.DateTimeLayout())
	if failure != nil {
		return failure
	}
	zone, failure := optionalZone(rt, args, 2)
	if failure != nil {
		return failure
	}
	return laidOut(rt)(value.FormatDateTimeLayout(rt.Env, d.Time().In(zone), layout))
}

func formatTime(rt *value.Runtime, args []value.Value) value.Value {
	t, failure := value.ToTime(rt, args[0])
	if failure != nil {
		return failure
	}
	layout, failure := optionalText(args, 1, rt.Env.TimeLayout())
	if failure != nil {
		return failure
	}
	return laidOut(rt)(value.FormatTimeLayout(rt.Env, t, layout))
}

// laidOut makes a result of a formatted text, or of the error of its layout.
func laidOut(rt *value.Runtime) func(string, *value.Error) value.Value {
	return func(text string, failure *value.Error) value.Value {
		if failure != nil {
			return failure
		}
		return rt.Text(text)
	}
}

// maxPlaces is the most fraction digits of format_number. Source: section 10 of the language specification.
const maxPlaces = 9

func formatNumber(rt *value.Runtime, args []value.Value) value.Value {
	n, failure := value.ToNumber(args[0])
	if failure != nil {
		return failure
	}
	places := value.NaturalPlaces
	if len(args) > 1 {
		if places, failure = value.ToInteger(args[1]); failure != nil {
			return failure
		}
		if places < 0 || places > maxPlaces {
			return value.NewError(fmt.Sprintf("places must be from 0 to %d, got %d", maxPlaces, places))
		}
	}
	grouped := true
	if len(args) > 2 {
		if grouped, failure = value.ToBoolean(args[2]); failure != nil {
			return failure
		}
	}
	return rt.Text(value.FormatNumber(rt.Env.NumberFormat, n, places, grouped))
}

// maxPromptValues is the most values that a prompt takes. Source: section 10 of the language specification.
const maxPromptValues = 10

// countPrompt names the bound, which a variadic parameter does not have.
func countPrompt(got int) *value.Error { return value.WrongArguments(1, 1+maxPromptValues, got) }

func fillPrompt(_ *value.Runtime, args []value.Value) value.Value {
	if len(args) > 1+maxPromptValues {
		return countPrompt(len(args))
	}
	name, failure := value.ToText(args[0])
	if failure != nil {
		return failure
	}
	for _, arg := range args[1:] {
		if failure, ok := arg.(*value.Error); ok {
			return failure
		}
	}
	return value.NewError("unknown LLM prompt " + name)
}
