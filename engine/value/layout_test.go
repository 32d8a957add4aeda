package value_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/engine/value"
)

func TestFormatDateTimeLayout(t *testing.T) {
	env := &value.Environment{}
	zone := time.FixedZone("", -(5*3600 + 30*60))
	afternoon := time.Date(2018, 1, 2, 13, 5, 9, 120_456_789, zone)
	midnight := time.Date(2018, 12, 31, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		layout, afternoon, midnight string
	}{
		{"YYYY-MM-DD tt:mm:ss.fffffffff ZZZ", "2018-01-02 13:05:09.120456789 -05:30", "2018-12-31 00:00:00.000000000 +00:00"},
		{"YY/M/D", "18/1/2", "18/12/31"},
		{"EEEE D MMMM, EEE D MMM", "Tuesday 2 January, Tue 2 Jan", "Monday 31 December, Mon 31 Dec"},
		{"h:m:s fff Z", "1:5:9 120 -05:30", "12:0:0 000 Z"},
		{"hh:mm aa AA", "01:05 pm PM", "12:00 am AM"},
		{"t:mm", "13:05", ":00"},
		{"ffffff", "120456", "000000"},
		{"TT_-.,:/", "TT_-.,:/", "TT_-.,:/"},
		{"YYYYMMDD", "20180102", "20181231"},
		{"", "", ""},
	} {
		got, failure := value.FormatDateTimeLayout(env, afternoon, c.layout)
		require.Nil(t, failure, c.layout)
		assert.Equal(t, c.afternoon, got, c.layout)
		got, failure = value.FormatDateTimeLayout(env, midnight, c.layout)
		require.Nil(t, failure, c.layout)
		assert.Equal(t, c.midnight, got, c.layout)
	}
}

func TestLayoutErrors(t *testing.T) {
	env := &value.Environment{}
	for _, c := range []struct{ layout, want string }{
		{"YYY", "'YYY' is not valid in a datetime formatting layout"},
		{"YYYYY", "'YYYYY' is not valid in a datetime formatting layout"},
		{"tt 'o", "''' is not valid in a datetime formatting layout"},
		{"dd", "'dd' is not valid in a datetime formatting layout"},
		{"YYYY ñññ", "'ñññ' is not valid in a datetime formatting layout"},
		{"ZZ", "'ZZ' is not valid in a datetime formatting layout"},
		{"a", "'a' is not valid in a datetime formatting layout"},
	} {
		_, failure := value.FormatDateTimeLayout(env, time.Time{}, c.layout)
		assert.Equal(t, c.want, outcome(nil, failure))
	}
	_, failure := value.FormatDateLayout(env, value.NewDate(2018, 1, 2), "YYYY tt:mm")
	assert.Equal(t, "'tt' is not valid in a date formatting layout", outcome(nil, failure))
	_, failure = value.FormatTimeLayout(env, value.NewTime(1, 2, 3, 0), "tt:mm DD")
	assert.Equal(t, "'DD' is not valid in a time formatting layout", outcome(nil, failure))
	_, failure = value.FormatTimeLayout(env, value.NewTime(1, 2, 3, 0), "tt:mm Z")
	assert.Equal(t, "'Z' is not valid in a time formatting layout", outcome(nil, failure))
}

func TestParseDateTime(t *testing.T) {
	rt := guayaquil(t, "")
	for _, c := range []struct{ text, layout, want string }{
		{"2018-12-01", "YYYY-MM-DD", "2018-12-01T00:00:00.000000-05:00"},
		{"1/2/18 9:05", "D/M/YY t:mm", "2018-02-01T09:05:00.000000-05:00"},
		{"01/02/69", "DD/MM/YY", "1969-02-01T00:00:00.000000-05:00"},
		{"2018-12-01T10:30:00.5Z", "YYYY-MM-DDTtt:mm:ssZ", "2018-12-01T10:30:00.500000Z"},
		{"2018-12-01 10:30 +02:00", "YYYY-MM-DD tt:mm ZZZ", "2018-12-01T10:30:00.000000+02:00"},
		{"2018-12-01 10:30 Z", "YYYY-MM-DD tt:mm ZZZ", "cannot parse 'Z' as 'ZZZ'"},
		{"2018-12-01 12:30 am", "YYYY-MM-DD hh:mm aa", "2018-12-01T00:30:00.000000-05:00"},
		{"2018-12-01 12:30 PM", "YYYY-MM-DD hh:mm AA", "2018-12-01T12:30:00.000000-05:00"},
		{"2018-12-01 12:30 PM", "YYYY-MM-DD hh:mm aa", "cannot parse 'PM' as 'aa'"},
		{"2018-12-01 10:30:15.123", "YYYY-MM-DD tt:mm:ss.fff", "2018-12-01T10:30:15.123000-05:00"},
		{"2018-12-01 10:30:15.123456", "YYYY-MM-DD tt:mm:ss.fff", "2018-12-01T10:30:15.123456-05:00"},
		{"2018-12-01 10:30:15.12", "YYYY-MM-DD tt:mm:ss.fff", "cannot parse '12' as 'fff'"},
		{"2018-13-01", "YYYY-MM-DD", "cannot parse '-01' as 'MM'"},
		{"2018-12-01", "DD-MM-YYYY", "cannot parse '18-12-01' as '-'"},
		{"2018-02-30", "YYYY-MM-DD", "cannot parse '' as ''"},
		{"2018-00-10", "YYYY-MM-DD", "cannot parse '-10' as 'MM'"},
		{"2018-12-01 25:00", "YYYY-MM-DD tt:mm", "cannot parse ':00' as 'tt'"},
		{"2018-12-01 13:00", "YYYY-MM-DD hh:mm", "cannot parse ':00' as 'hh'"},
		{"2018-12-01 10:60", "YYYY-MM-DD tt:mm", "cannot parse '' as 'mm'"},
		{"2018-12-01 10:3", "YYYY-MM-DD tt:mm", "cannot parse '3' as 'mm'"},
		{"2018-12-01x", "YYYY-MM-DD", "cannot parse 'x' as ''"},
		{"2018", "YYYY-MM-DD", "cannot parse '' as '-'"},
		{"", "YYYY-MM-DD", "cannot parse '' as 'YYYY'"},
		{"18-1-1", "YYYY-M-D", "cannot parse '18-1-1' as 'YYYY'"},
		{"10:30", "tt:mm", "0000-01-01T10:30:00.000000-05:19"},
		{"2018-12-01  10:30", "YYYY-MM-DD tt:mm", "2018-12-01T10:30:00.000000-05:00"},
		{"2018-12-01 10:30 +25:00", "YYYY-MM-DD tt:mm ZZZ", "cannot parse '' as 'ZZZ'"},
		{"2018-12-01 10:30 +2:00", "YYYY-MM-DD tt:mm ZZZ", "cannot parse '+2:00' as 'ZZZ'"},
		{"01 Jan 2018", "DD MMM YYYY", "'MMM' is not valid in a datetime parsing layout"},
		{"Monday", "EEEE", "'EEEE' is not valid in a datetime parsing layout"},
		{"x", "YYYY xx", "'xx' is not valid in a datetime parsing layout"},
	} {
		d, failure := value.ParseDateTime(rt.Env, c.text, c.layout, rt.Env.Zone())
		assert.Equal(t, c.want, outcome(d, failure), "%s as %s", c.text, c.layout)
	}
}

func TestParseDateTimeKnowsItsZone(t *testing.T) {
	rt := guayaquil(t, "")
	for text, zone := range map[string]string{
		"2018-12-01 -05:00": "America/Guayaquil", "2018-12-01 -04:00": "", "2018-12-01 Z": "UTC",
	} {
		d, failure := value.ParseDateTime(rt.Env, text, "YYYY-MM-DD Z", rt.Env.Zone())
		require.Nil(t, failure, text)
		assert.Equal(t, zone, d.Time().Location().String(), text)
	}
}

func TestParseTime(t *testing.T) {
	env := &value.Environment{}
	for _, c := range []struct{ text, layout, want string }{
		{"15:28", "tt:mm", "15:28:00.000000"},
		{"2:40 pm", "h:mm aa", "14:40:00.000000"},
		{"9:05:30.25", "t:mm:ss", "09:05:30.250000"},
		{"NOT TIME", "tt:mm", "cannot parse 'NOT TIME' as 'tt'"},
		{"2018-01-02", "YYYY-MM-DD", "'YYYY' is not valid in a time parsing layout"},
		{"10:00Z", "tt:mmZ", "'Z' is not valid in a time parsing layout"},
	} {
		d, failure := value.ParseTime(env, c.text, c.layout)
		assert.Equal(t, c.want, outcome(d, failure), "%s as %s", c.text, c.layout)
	}
}

// What is printed by a layout with all parts is read back by it.
func FuzzLayoutRoundTrip(f *testing.F) {
	f.Add(int64(1523471070), int64(123456789))
	f.Add(int64(0), int64(0))
	f.Add(int64(-86400*365*1900), int64(1))
	env := &value.Environment{Languages: []string{"spa"}}
	layouts := []string{"YYYY-MM-DD tt:mm:ss.fffffffff ZZZ", "D/M/YYYY h:m:s.fffffffff AA Z", "ss.fffffffff mm hh aa D_M_YYYYTZ"}
	f.Fuzz(func(t *testing.T, seconds, nanos int64) {
		moment := time.Unix(seconds%200_000_000_000, nanos%1_000_000_000).UTC()
		if moment.Year() < 0 || moment.Year() > 9999 {
			return
		}
		for _, layout := range layouts {
			printed, failure := value.FormatDateTimeLayout(env, moment, layout)
			require.Nil(t, failure)
			read, failure := value.ParseDateTime(env, printed, layout, time.UTC)
			require.Nil(t, failure, "%s: %v", printed, failure)
			assert.True(t, moment.Equal(read.Time()), printed)
		}
	})
}

func FuzzParseDateTime(f *testing.F) {
	f.Add("2018-12-01 10:30:15.123 pm +02:00", "YYYY-MM-DD hh:mm:ss.fff aa ZZZ")
	f.Add("1/2/18", "D/M/YY")
	f.Add("ñ", "ñ")
	env := &value.Environment{Languages: []string{"ara"}}
	f.Fuzz(func(t *testing.T, text, layout string) {
		d, failure := value.ParseDateTime(env, text, layout, time.UTC)
		assert.NotEqual(t, d == nil, failure == nil)
	})
}

func BenchmarkFormatDateTimeLayout(b *testing.B) {
	moment := time.Date(2018, 1, 2, 13, 5, 9, 0, time.UTC)
	for name, env := range map[string]*value.Environment{"eng": {}, "spa": {Languages: []string{"spa"}, Country: "EC"}} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = value.FormatDateTimeLayout(env, moment, "EEEE D MMMM YYYY, h:mm aa")
			}
		})
	}
}

func BenchmarkParseDateTime(b *testing.B) {
	env := &value.Environment{}
	b.ReportAllocs()
	for b.Loop() {
		_, _ = value.ParseDateTime(env, "01/02/2018 10:30 pm", "DD/MM/YYYY hh:mm aa", time.UTC)
	}
}
