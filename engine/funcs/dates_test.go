package funcs_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/engine/value"
)

// guayaquil is an environment that is 5 hours behind UTC, and writes the day first.
func guayaquil(t testing.TB) *value.Environment {
	t.Helper()
	zone, err := time.LoadLocation("America/Guayaquil")
	require.NoError(t, err)
	return &value.Environment{Timezone: zone, DateFormat: "DD-MM-YYYY", Languages: []string{"eng"}}
}

func textArgs(list ...string) []value.Value {
	values := make([]value.Value, len(list))
	for i := range list {
		values[i] = text(list[i])
	}
	return values
}

func numberArgs(list ...string) []value.Value {
	values := make([]value.Value, len(list))
	for i := range list {
		values[i] = num(list[i])
	}
	return values
}

func TestClock(t *testing.T) {
	check(t, guayaquil(t), []result{
		{"in the session's zone", "now", nil, "2018-04-11T13:24:30.123456-05:00", ""},
		{"with an argument", "now", textArgs("UTC"), "", "error calling now(...): need 0 argument(s), got 1"},
		{"in the session's zone", "today", nil, "2018-04-11", ""},
		{"with an argument", "today", textArgs("UTC"), "", "error calling today(...): need 0 argument(s), got 1"},
	})
	late := &value.Environment{Timezone: time.FixedZone("", 6*3600)}
	check(t, late, []result{{"already tomorrow", "today", nil, "2018-04-12", ""}})
}

func TestDateTimeDiff(t *testing.T) {
	unknown := "error calling datetime_diff(...): unknown unit: XText(%), must be one of s, m, h, D, W, M, Y"
	check(t, guayaquil(t), []result{
		{"seconds", "datetime_diff", textArgs("2017-01-15T10:00:00.9Z", "2017-01-15T10:00:02.8Z", "s"), "1", ""},
		{"seconds back", "datetime_diff", textArgs("2017-01-15T10:00:02.8Z", "2017-01-15T10:00:00.9Z", "s"), "-1", ""},
		{"seconds of a millennium", "datetime_diff", textArgs("1018-01-01T00:00:00Z", "2018-01-01T00:00:00Z", "s"), "31556995200", ""},
		{"minutes", "datetime_diff", textArgs("15-01-2017 10:50:30", "15-01-2017 10:55", "m"), "4", ""},
		{"hours", "datetime_diff", textArgs("2018-01-01 10:00", "2018-01-01 11:59", "h"), "1", ""},
		{"hours back", "datetime_diff", textArgs("2018-01-01 11:59", "2018-01-01 10:00", "h"), "-1", ""},
		{"hours between zones", "datetime_diff", textArgs("2018-01-01T10:00:00+02:00", "2018-01-01T10:00:00Z", "h"), "2", ""},
		{"days", "datetime_diff", textArgs("15-01-2017 23:59", "16-01-2017 00:00", "D"), "1", ""},
		{"days of each calendar", "datetime_diff", textArgs("2018-01-01T23:00:00Z", "2018-01-02T01:00:00+02:00", "D"), "1", ""},
		{"days back", "datetime_diff", textArgs("2017-02-01", "2017-01-15", "D"), "-17", ""},
		{"days before 1970", "datetime_diff", textArgs("1969-12-30", "1970-01-02", "D"), "3", ""},
		{"weeks", "datetime_diff", textArgs("2018-01-01", "2018-12-31", "W"), "52", ""},
		{"weeks back", "datetime_diff", textArgs("2018-01-14", "2018-01-01", "W"), "-1", ""},
		{"months", "datetime_diff", textArgs("2017-01-31", "2017-02-01", "M"), "1", ""},
		{"months back", "datetime_diff", textArgs("2018-02-01", "2016-12-31", "M"), "-14", ""},
		{"years", "datetime_diff", textArgs("2017-12-31", "2018-01-01", "Y"), "1", ""},
		{"unit in the wrong case", "datetime_diff", textArgs("2017-12-31", "2018-01-01", "d"), "", replaced(unknown, `"d"`)},
		{"empty unit", "datetime_diff", textArgs("2017-12-31", "2018-01-01", ""), "", replaced(unknown, `""`)},
		{"null unit", "datetime_diff", []value.Value{text("2017-12-31"), text("2018-01-01"), nil}, "", replaced(unknown, `""`)},
		{"error as unit", "datetime_diff", []value.Value{text("2017-12-31"), text("2018-01-01"), failing}, "", "error calling datetime_diff(...): no luck"},
		{"error as date", "datetime_diff", []value.Value{text("2017-12-31"), failing, text("D")}, "", "error calling datetime_diff(...): no luck"},
		{"no date", "datetime_diff", textArgs("2017-12-31", "soon", "D"), "", `error calling datetime_diff(...): unable to convert "soon" to a datetime`},
		{"number", "datetime_diff", []value.Value{num("1"), text("2017-12-31"), text("D")}, "", "error calling datetime_diff(...): unable to convert 1 to a datetime"},
		{"two arguments", "datetime_diff", textArgs("2017-12-31", "2018-01-01"), "", "error calling datetime_diff(...): need 3 argument(s), got 2"},
	})
}

// replaced puts what is at the percent sign of a message.
func replaced(message, what string) string {
	for i := range message {
		if message[i] == '%' {
			return message[:i] + what + message[i+1:]
		}
	}
	return message
}

func add(date, count, unit string) []value.Value {
	return []value.Value{text(date), num(count), text(unit)}
}

func TestDateTimeAdd(t *testing.T) {
	unknown := "error calling datetime_add(...): unknown unit: XText(%), must be one of s, m, h, D, W, M, Y"
	check(t, guayaquil(t), []result{
		{"seconds", "datetime_add", add("2017-01-15T23:59:59.5Z", "1", "s"), "2017-01-16T00:00:00.500000Z", ""},
		{"minutes", "datetime_add", add("15-01-2017 10:45", "-50", "m"), "2017-01-15T09:55:00.000000-05:00", ""},
		{"hours", "datetime_add", add("2017-01-15T10:45:00+02:00", "24", "h"), "2017-01-16T10:45:00.000000+02:00", ""},
		{"three hundred years of hours", "datetime_add", add("2018-01-01T00:00:00Z", "2629728", "h"), "2318-01-01T00:00:00.000000Z", ""},
		{"days", "datetime_add", add("2017-01-30", "5", "D"), "2017-02-04T00:00:00.000000-05:00", ""},
		{"days back", "datetime_add", add("2017-01-01", "-1", "D"), "2016-12-31T00:00:00.000000-05:00", ""},
		{"weeks", "datetime_add", add("2017-01-30", "2", "W"), "2017-02-13T00:00:00.000000-05:00", ""},
		{"a month too short", "datetime_add", add("2017-01-31", "1", "M"), "2017-03-03T00:00:00.000000-05:00", ""},
		{"months back", "datetime_add", add("2017-03-31", "-1", "M"), "2017-03-03T00:00:00.000000-05:00", ""},
		{"months over years", "datetime_add", add("2017-11-15", "26", "M"), "2020-01-15T00:00:00.000000-05:00", ""},
		{"a year without the day", "datetime_add", add("2016-02-29", "1", "Y"), "2017-03-01T00:00:00.000000-05:00", ""},
		{"years back", "datetime_add", add("2017-01-15", "-17", "Y"), "2000-01-15T00:00:00.000000-05:00", ""},
		{"fraction", "datetime_add", add("2017-01-15", "1.9", "D"), "2017-01-16T00:00:00.000000-05:00", ""},
		{"nothing", "datetime_add", add("2017-01-15", "0", "D"), "2017-01-15T00:00:00.000000-05:00", ""},
		{"date", "datetime_add", []value.Value{value.NewDate(2017, 1, 15), text("2"), text("D")}, "2017-01-17T00:00:00.000000-05:00", ""},
		{"unit in the wrong case", "datetime_add", add("2017-01-15", "1", "S"), "", replaced(unknown, `"S"`)},
		{"unit with a quote", "datetime_add", add("2017-01-15", "1", `"`), "", replaced(unknown, `"\""`)},
		{"null date", "datetime_add", []value.Value{nil, num("1"), text("D")}, "", "error calling datetime_add(...): unable to convert null to a datetime"},
		{"null count", "datetime_add", []value.Value{text("2017-01-15"), nil, text("D")}, "", "error calling datetime_add(...): unable to convert null to a number"},
		{"count", "datetime_add", add("2017-01-15", "2147483648", "D"), "", "error calling datetime_add(...): number value 2147483648 is out of range for an integer"},
		{"one argument", "datetime_add", textArgs("2017-01-15"), "", "error calling datetime_add(...): takes exactly three arguments, received 1"},
		{"error as unit", "datetime_add", []value.Value{text("2017-01-15"), num("1"), failing}, "", "error calling datetime_add(...): no luck"},
		{"error first", "datetime_add", []value.Value{failing, text("x"), text("x")}, "", "error calling datetime_add(...): no luck"},
	})
}

// Days keep the time of day where clocks are changed, hours do not.
func TestDateTimeAddOverSummerTime(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	check(t, &value.Environment{Timezone: zone}, []result{
		{"a day", "datetime_add", add("2018-03-24 12:00", "1", "D"), "2018-03-25T12:00:00.000000+02:00", ""},
		{"24 hours", "datetime_add", add("2018-03-24 12:00", "24", "h"), "2018-03-25T13:00:00.000000+02:00", ""},
	})
}

func TestReplaceTime(t *testing.T) {
	check(t, guayaquil(t), []result{
		{"hour", "replace_time", textArgs("2018-01-01", "9"), "2018-01-01T09:00:00.000000-05:00", ""},
		{"keeps the zone", "replace_time", textArgs("2018-01-01T23:30:00+02:00", "10:45:01.5"), "2018-01-01T10:45:01.500000+02:00", ""},
		{"number", "replace_time", []value.Value{text("2018-01-01"), num("14")}, "2018-01-01T14:00:00.000000-05:00", ""},
		{"null time", "replace_time", []value.Value{text("2018-01-01"), nil}, "", "error calling replace_time(...): unable to convert null to a time"},
		{"null date", "replace_time", []value.Value{nil, text("9")}, "", "error calling replace_time(...): unable to convert null to a datetime"},
		{"error", "replace_time", []value.Value{text("2018-01-01"), failing}, "", "error calling replace_time(...): no luck"},
	})
}

func TestParseDateTime(t *testing.T) {
	check(t, guayaquil(t), []result{
		{"session's zone", "parse_datetime", textArgs("1979-07-18", "YYYY-MM-DD"), "1979-07-18T00:00:00.000000-05:00", ""},
		{"zone", "parse_datetime", textArgs("18/07/1979 10:30", "DD/MM/YYYY tt:mm", "Africa/Kigali"), "1979-07-18T10:30:00.000000+02:00", ""},
		{"no zone means UTC", "parse_datetime", textArgs("1979-07-18", "YYYY-MM-DD", ""), "1979-07-18T00:00:00.000000Z", ""},
		{"offset in the text", "parse_datetime", textArgs("1979-07-18T10:30:45.5Z", "YYYY-MM-DDTtt:mm:ssZ", "Africa/Kigali"), "1979-07-18T10:30:45.500000Z", ""},
		{"misfit", "parse_datetime", textArgs("2018-12-01", "DD-MM-YYYY"), "", "error calling parse_datetime(...): cannot parse '18-12-01' as '-'"},
		{"no such month", "parse_datetime", textArgs("2018-13-01", "YYYY-MM-DD"), "", "error calling parse_datetime(...): cannot parse '-01' as 'MM'"},
		{"month by name", "parse_datetime", textArgs("01 Jan 2018", "DD MMM YYYY"), "", "error calling parse_datetime(...): 'MMM' is not valid in a datetime parsing layout"},
		{"null", "parse_datetime", []value.Value{nil, text("YYYY")}, "", "error calling parse_datetime(...): cannot parse '' as 'YYYY'"},
		{"zone that is not there", "parse_datetime", textArgs("2018", "YYYY", "Mars/X"), "", "error calling parse_datetime(...): unknown time zone Mars/X"},
		{"zone of the machine", "parse_datetime", textArgs("2018", "YYYY", "Local"), "", "error calling parse_datetime(...): unknown time zone Local"},
		{"zone by a path", "parse_datetime", textArgs("2018", "YYYY", "../UTC"), "", "error calling parse_datetime(...): time: invalid location name"},
		{"error", "parse_datetime", []value.Value{failing, text("YYYY")}, "", "error calling parse_datetime(...): no luck"},
		{"error as layout", "parse_datetime", []value.Value{text("2018"), failing}, "", "error calling parse_datetime(...): no luck"},
		{"error as zone", "parse_datetime", []value.Value{text("2018"), text("YYYY"), failing}, "", "error calling parse_datetime(...): no luck"},
		{"one argument", "parse_datetime", textArgs("2018"), "", "error calling parse_datetime(...): need 2 to 3 argument(s), got 1"},
	})
}

func TestParseTime(t *testing.T) {
	check(t, guayaquil(t), []result{
		{"24 hours", "parse_time", textArgs("15:28", "tt:mm"), "15:28:00.000000", ""},
		{"12 hours", "parse_time", textArgs("2:40 pm", "h:mm aa"), "14:40:00.000000", ""},
		{"date in the layout", "parse_time", textArgs("2018", "YYYY"), "", "error calling parse_time(...): 'YYYY' is not valid in a time parsing layout"},
		{"misfit", "parse_time", textArgs("NOT TIME", "tt:mm"), "", "error calling parse_time(...): cannot parse 'NOT TIME' as 'tt'"},
		{"null", "parse_time", []value.Value{nil, text("tt:mm")}, "", "error calling parse_time(...): cannot parse '' as 'tt'"},
		{"error", "parse_time", []value.Value{text("15:28"), failing}, "", "error calling parse_time(...): no luck"},
	})
}

func TestEpoch(t *testing.T) {
	check(t, guayaquil(t), []result{
		{"fraction", "datetime_from_epoch", numberArgs("1497286619.000123456"), "2017-06-12T11:56:59.000123-05:00", ""},
		{"before 1970", "datetime_from_epoch", numberArgs("-0.5"), "1969-12-31T18:59:59.500000-05:00", ""},
		{"the last", "datetime_from_epoch", numberArgs("9223372036.854775807"), "2262-04-11T18:47:16.854775-05:00", ""},
		{"behind the last", "datetime_from_epoch", numberArgs("9223372036.854775808"), "", "error calling datetime_from_epoch(...): number value out of range"},
		{"before the first", "datetime_from_epoch", numberArgs("-9223372037"), "", "error calling datetime_from_epoch(...): number value out of range"},
		{"null", "datetime_from_epoch", []value.Value{nil}, "", "error calling datetime_from_epoch(...): unable to convert null to a number"},
		{"error", "datetime_from_epoch", []value.Value{failing}, "", "error calling datetime_from_epoch(...): no luck"},
		{"fraction", "epoch", textArgs("1970-01-01T00:00:01.5Z"), "1.5", ""},
		{"nanoseconds", "epoch", textArgs("2017-06-12T16:56:59.123456789Z"), "1497286619.123456789", ""},
		{"before 1970", "epoch", textArgs("1969-12-31T23:59:59.5Z"), "-0.5", ""},
		{"of the year 1000", "epoch", textArgs("1000-01-01T00:00:00Z"), "-30610224000", ""},
		{"null", "epoch", []value.Value{nil}, "", "error calling epoch(...): unable to convert null to a datetime"},
		{"error", "epoch", []value.Value{failing}, "", "error calling epoch(...): no luck"},
	})
}

func TestZone(t *testing.T) {
	check(t, guayaquil(t), []result{
		{"session's", "tz", textArgs("2018-01-01"), "America/Guayaquil", ""},
		{"UTC", "tz", textArgs("2018-01-01T10:00:00Z"), "UTC", ""},
		{"nothing but an offset", "tz", textArgs("2018-01-01T10:00:00+02:00"), "", ""},
		{"null", "tz", []value.Value{nil}, "", "error calling tz(...): unable to convert null to a datetime"},
		{"error", "tz", []value.Value{failing}, "", "error calling tz(...): no luck"},
		{"session's", "tz_offset", textArgs("2018-01-01"), "-0500", ""},
		{"UTC", "tz_offset", textArgs("2018-01-01T10:00:00Z"), "+0000", ""},
		{"half an hour", "tz_offset", textArgs("2018-01-01T10:00:00+05:30"), "+0530", ""},
		{"null", "tz_offset", []value.Value{nil}, "", "error calling tz_offset(...): unable to convert null to a datetime"},
		{"error", "tz_offset", []value.Value{failing}, "", "error calling tz_offset(...): no luck"},
	})
}

func TestDateParts(t *testing.T) {
	check(t, guayaquil(t), []result{
		{"date", "date_from_parts", numberArgs("2017", "1", "5"), "2017-01-05", ""},
		{"day beyond the month", "date_from_parts", numberArgs("2017", "2", "31"), "2017-03-03", ""},
		{"day 0", "date_from_parts", numberArgs("2017", "3", "0"), "2017-02-28", ""},
		{"fractions", "date_from_parts", numberArgs("2017.9", "1.9", "5.9"), "2017-01-05", ""},
		{"month 13", "date_from_parts", numberArgs("2017", "13", "1"), "", "error calling date_from_parts(...): month 13 is out of range, must be 1 to 12"},
		{"month 0", "date_from_parts", numberArgs("2017", "0", "1"), "", "error calling date_from_parts(...): month 0 is out of range, must be 1 to 12"},
		{"null", "date_from_parts", []value.Value{num("2017"), nil, num("1")}, "", "error calling date_from_parts(...): unable to convert null to a number"},
		{"error", "date_from_parts", []value.Value{num("2017"), num("1"), failing}, "", "error calling date_from_parts(...): no luck"},
		{"time", "time_from_parts", numberArgs("14", "40", "15"), "14:40:15.000000", ""},
		{"hour 24", "time_from_parts", numberArgs("24", "0", "0"), "", "error calling time_from_parts(...): hour 24 is out of range, must be 0 to 23"},
		{"minute -1", "time_from_parts", numberArgs("1", "-1", "0"), "", "error calling time_from_parts(...): minute -1 is out of range, must be 0 to 59"},
		{"second 60", "time_from_parts", numberArgs("1", "0", "60"), "", "error calling time_from_parts(...): second 60 is out of range, must be 0 to 59"},
		{"null", "time_from_parts", []value.Value{nil, num("1"), num("1")}, "", "error calling time_from_parts(...): unable to convert null to a number"},
		{"error", "time_from_parts", []value.Value{failing, num("1"), num("1")}, "", "error calling time_from_parts(...): no luck"},
		{"Sunday", "weekday", textArgs("2017-01-15"), "0", ""},
		{"Saturday", "weekday", textArgs("14-01-2017"), "6", ""},
		{"day beyond the month", "weekday", []value.Value{value.NewDate(2017, 2, 31)}, "5", ""},
		{"in the session's zone", "weekday", textArgs("2018-01-01T02:00:00Z"), "1", ""},
		{"null", "weekday", []value.Value{nil}, "", "error calling weekday(...): unable to convert null to a date"},
		{"error", "weekday", []value.Value{failing}, "", "error calling weekday(...): no luck"},
		{"first", "week_number", textArgs("2019-01-01"), "1", ""},
		{"second", "week_number", textArgs("2019-01-06"), "2", ""},
		{"in the session's zone", "week_number", []value.Value{value.NewDateTime(time.Date(2019, 1, 6, 2, 0, 0, 0, time.UTC))}, "1", ""},
		{"54", "week_number", textArgs("2000-12-31"), "54", ""},
		{"null", "week_number", []value.Value{nil}, "", "error calling week_number(...): unable to convert null to a date"},
		{"error", "week_number", []value.Value{failing}, "", "error calling week_number(...): no luck"},
	})
}

func TestDatesThatReadTheSession(t *testing.T) {
	for _, f := range library.All() {
		if f.Family == "dates" {
			assert.Equal(t, f.Name == "date_from_parts" || f.Name == "time_from_parts", f.Pure(), f.Name)
		}
	}
}

func BenchmarkDateTimeAdd(b *testing.B) {
	rt := runtime(nil)
	given := []value.Value{value.NewDateTime(now), num("5"), text("D")}
	b.ReportAllocs()
	for b.Loop() {
		rt.Reset(1)
		if _, failed := call(b, rt, "datetime_add", given...).(*value.Error); failed {
			b.Fatal("failed")
		}
	}
}
