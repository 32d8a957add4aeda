package value_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/engine/value"
)

// guayaquil gives a runtime five hours west of UTC, at 13:24:30 on 2018-04-11.
func guayaquil(t testing.TB, dateFormat string) *value.Runtime {
	zone, err := time.LoadLocation("America/Guayaquil")
	require.NoError(t, err)
	now := func() time.Time { return time.Date(2018, 4, 11, 18, 24, 30, 123456789, time.UTC) }
	return value.NewRuntime(&value.Environment{Timezone: zone, DateFormat: dateFormat}, now, 1)
}

// outcome gives the text of a converted value, or the message of the error.
func outcome(v value.Value, failure *value.Error) string {
	if failure != nil {
		return failure.Message
	}
	s, _ := value.ToText(v)
	return s
}

func TestToDateTime(t *testing.T) {
	rt := guayaquil(t, "DD-MM-YYYY")
	for _, c := range []struct {
		name  string
		value value.Value
		want  string
	}{
		{"offset", text("2018-01-02T10:30:00+02:00"), "2018-01-02T10:30:00.000000+02:00"},
		{"offset of zero", text("2018-01-02T10:30:00+00:00"), "2018-01-02T10:30:00.000000Z"},
		{"UTC", text(" 2018-01-02T10:30:00.123456789Z\n"), "2018-01-02T10:30:00.123456Z"},
		{"no seconds", text("2018-01-02T10:30-03:00"), "2018-01-02T10:30:00.000000-03:00"},
		{"no offset", text("2018-01-02T10:30:00"), "2018-01-02T00:00:00.000000-05:00"},
		{"space instead of T", text("2018-01-02 10:30"), "2018-01-02T10:30:00.000000-05:00"},
		{"hour only", text("2018-01-02 3pm"), "2018-01-02T15:00:00.000000-05:00"},
		{"time before the date", text("10:30 1-2-2018"), "2018-02-01T00:00:00.000000-05:00"},
		{"in a sentence", text("meet on 5.6.2018 at 10:30 am"), "2018-06-05T10:30:00.000000-05:00"},
		{"time that is none", text("1/2/2018 25:00"), "2018-02-01T00:00:00.000000-05:00"},
		{"this century", text("1/2/18"), "2018-02-01T00:00:00.000000-05:00"},
		{"last century, before zones", text("1/2/19"), "1919-02-01T00:00:00.000000-05:14"},
		{"ISO beginning, rest glued", text("2018-01-02xyz"), "2018-01-02T00:00:00.000000-05:00"},
		{"ISO not in front", text("on 2018-01-02"), `unable to convert "on 2018-01-02" to a datetime`},
		{"impossible offset date", text("2018-02-30T10:30:00Z"), `unable to convert "2018-02-30T10:30:00Z" to a datetime`},
		{"month first", text("12/31/2018"), `unable to convert "12/31/2018" to a datetime`},
		{"no date", text("soon"), `unable to convert "soon" to a datetime`},
		{"empty", text(""), `unable to convert "" to a datetime`},
		{"date", value.NewDate(2018, 1, 2), "2018-01-02T00:00:00.000000-05:00"},
		{"datetime", value.NewDateTime(time.Date(2018, 1, 2, 0, 0, 0, 0, time.UTC)), "2018-01-02T00:00:00.000000Z"},
		{"default", withDefault(text("1-2-2018")), "2018-02-01T00:00:00.000000-05:00"},
		{"default that is none", withDefault(nil), "unable to convert null to a datetime"},
		{"no default", object("a", text("1-2-2018")), "unable to convert object to a datetime"},
		{"time", value.NewTime(10, 30, 0, 0), "unable to convert time to a datetime"},
		{"number", num("20180102"), "unable to convert 20180102 to a datetime"},
		{"boolean", value.Boolean(true), "unable to convert true to a datetime"},
		{"null", nil, "unable to convert null to a datetime"},
		{"error", value.NewError("no luck"), "no luck"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, failure := value.ToDateTime(rt, c.value)
			assert.Equal(t, c.want, outcome(d, failure))
		})
	}
}

func TestToDateTimeZone(t *testing.T) {
	rt := guayaquil(t, "")
	for text, zone := range map[string]string{
		"2018-01-02T10:30:00Z": "UTC", "2018-01-02T10:30:00-05:00": "", "2018-01-02T10:30:00+00:00": "",
		"2018-01-02 10:30": "America/Guayaquil",
	} {
		d, failure := value.ToDateTime(rt, value.NewText(text))
		require.Nil(t, failure, text)
		assert.Equal(t, zone, d.Time().Location().String(), text)
	}
}

func TestToDateTimeFillTime(t *testing.T) {
	rt := guayaquil(t, "MM-DD-YYYY")
	for input, want := range map[string]string{
		"on 5/6/2018":           "2018-05-06T13:24:30.123456-05:00",
		"on 5/6/2018 at 9":      "2018-05-06T09:00:00.000000-05:00",
		"on 5/6/2018 at 00:00":  "2018-05-06T00:00:00.000000-05:00",
		"2018-05-06":            "2018-05-06T13:24:30.123456-05:00",
		"2018-05-06T00:00:00Z":  "2018-05-06T00:00:00.000000Z",
		"on 31/12/2018":         `unable to convert "on 31/12/2018" to a datetime`,
		"on 31/12/2018, 1_2_18": "2018-01-02T13:24:30.123456-05:00",
	} {
		d, failure := value.ToDateTimeFillTime(rt, text(input))
		assert.Equal(t, want, outcome(d, failure), input)
	}
}

func TestToDate(t *testing.T) {
	rt := guayaquil(t, "YYYY-MM-DD")
	for _, c := range []struct {
		name  string
		value value.Value
		want  string
	}{
		{"text", text("2018-01-02"), "2018-01-02"},
		{"offset counts for nothing", text("2018-01-01T02:00:00Z"), "2018-01-01"},
		{"two digits", text("18.1.2"), "2018-01-02"},
		{"in a sentence", text("on 2018/1/2, I think"), "2018-01-02"},
		{"wrong order", text("1/2/2018"), `unable to convert "1/2/2018" to a date`},
		{"leap day", text("2016-02-29"), "2016-02-29"},
		{"no leap day", text("2018-02-29"), `unable to convert "2018-02-29" to a date`},
		{"datetime, in the environment's zone", value.NewDateTime(time.Date(2018, 1, 1, 2, 0, 0, 0, time.UTC)), "2017-12-31"},
		{"date", value.NewDate(2018, 1, 2), "2018-01-02"},
		{"default", withDefault(text("2018-01-02")), "2018-01-02"},
		{"array", array(), "unable to convert array to a date"},
		{"number", num("1"), "unable to convert 1 to a date"},
		{"null", nil, "unable to convert null to a date"},
		{"error", value.NewError("no luck"), "no luck"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, failure := value.ToDate(rt, c.value)
			assert.Equal(t, c.want, outcome(d, failure))
		})
	}
}

func TestToDateNeedsKnownFormat(t *testing.T) {
	rt := guayaquil(t, "D/M/YY")
	_, failure := value.ToDate(rt, text("on 1/2/2018"))
	assert.Equal(t, `unable to convert "on 1/2/2018" to a date`, outcome(nil, failure))
}

func TestToTime(t *testing.T) {
	rt := guayaquil(t, "")
	for _, c := range []struct {
		name  string
		value value.Value
		want  string
	}{
		{"hour", text("10"), "10:00:00.000000"},
		{"no colon", text("1030"), "10:30:00.000000"},
		{"three digits", text("103"), "01:03:00.000000"},
		{"all parts", text("10:30:45.123456789"), "10:30:45.123456"},
		{"pm", text("10:30pm"), "22:30:00.000000"},
		{"in a sentence", text("3 PM please"), "15:00:00.000000"},
		{"noon", text("12 pm"), "12:00:00.000000"},
		{"midnight", text("12 AM"), "00:00:00.000000"},
		{"afternoon twice", text("15:00 pm"), "15:00:00.000000"},
		{"24:00", text("24:00"), "00:00:00.000000"},
		{"after 24:00", text("24:01"), `unable to convert "24:01" to a time`},
		{"first that is one", text("25:00 or 7:15"), "07:15:00.000000"},
		{"no word boundary", text("T10"), `unable to convert "T10" to a time`},
		{"empty", text(""), `unable to convert "" to a time`},
		{"number", num("14"), "14:00:00.000000"},
		{"fraction of an hour", num("14.9"), "14:00:00.000000"},
		{"24", num("24"), "00:00:00.000000"},
		{"25", num("25"), "unable to convert 25 to a time"},
		{"negative", num("-1"), "unable to convert -1 to a time"},
		{"time", value.NewTime(1, 2, 3, 4000), "01:02:03.000004"},
		{"datetime, in its own zone", value.NewDateTime(time.Date(2018, 1, 1, 2, 3, 4, 0, time.UTC)), "02:03:04.000000"},
		{"date", value.NewDate(2018, 1, 2), "unable to convert date to a time"},
		{"default", withDefault(num("9")), "09:00:00.000000"},
		{"null", nil, "unable to convert null to a time"},
		{"error", value.NewError("no luck"), "no luck"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, failure := value.ToTime(rt, c.value)
			assert.Equal(t, c.want, outcome(d, failure))
		})
	}
}

func TestWeekNumber(t *testing.T) {
	for _, c := range []struct {
		date    *value.Date
		week    int
		weekday time.Weekday
	}{
		{value.NewDate(2017, 1, 1), 1, time.Sunday},
		{value.NewDate(2018, 1, 1), 1, time.Monday},
		{value.NewDate(2018, 1, 7), 2, time.Sunday},
		{value.NewDate(2018, 12, 31), 53, time.Monday},
		{value.NewDate(2000, 12, 31), 54, time.Sunday}, // a leap year that begins on a Saturday
	} {
		assert.Equal(t, c.week, c.date.WeekNumber(), c.date)
		assert.Equal(t, c.weekday, c.date.Weekday(), c.date)
	}
}

func TestDays(t *testing.T) {
	assert.Equal(t, 0, value.NewDate(1970, 1, 1).Days())
	assert.Equal(t, -1, value.NewDate(1969, 12, 31).Days())
	assert.Equal(t, 17532, value.NewDate(2018, 1, 1).Days())
}

func BenchmarkToDateTime(b *testing.B) {
	rt := guayaquil(b, "DD-MM-YYYY")
	for name, input := range map[string]string{"ISO": "2018-01-02T10:30:00+02:00", "sentence": "meet on 5.6.2018 at 10:30 am"} {
		v := text(input)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = value.ToDateTime(rt, v)
			}
		})
	}
}
