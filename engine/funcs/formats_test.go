package funcs_test

import (
	"testing"
	"time"

	"github.com/flowexpr/flowexpr/engine/value"
)

func TestEncoding(t *testing.T) {
	check(t, nil, []result{
		{"display", "urn_parts", texts("tel:+250788383383?channel=x#disp"), "{display: disp, path: +250788383383, scheme: tel}", ""},
		{"any scheme", "urn_parts", texts("a:b:c"), "{display: , path: b:c, scheme: a}", ""},
		{"escapes", "urn_parts", texts("ext:a%23b%3F%25%20"), "{display: , path: a#b?%%20, scheme: ext}", ""},
		{"redacted", "urn_parts", texts("tel:********"), "{display: , path: ********, scheme: tel}", ""},
		{"no path", "urn_parts", texts("tel"), "", "error calling urn_parts(...): tel is not a valid URN: path cannot be empty"},
		{"two fragments", "urn_parts", texts("tel:1#a#b"), "", "error calling urn_parts(...): tel:1#a#b is not a valid URN: fragment component can only come after path or query components"},
		{"null", "urn_parts", []value.Value{nil}, "", "error calling urn_parts(...):  is not a valid URN: scheme cannot be empty"},
		{"short type", "attachment_parts", texts("image:https://x.com/a.jpg"), "{content_type: image, url: https://x.com/a.jpg}", ""},
		{"media type", "attachment_parts", texts("application/vnd.x-y+json:http://x"), "{content_type: application/vnd.x-y+json, url: http://x}", ""},
		{"place", "attachment_parts", texts("geo:1,2"), "{content_type: geo, url: 1,2}", ""},
		{"no type", "attachment_parts", texts("nope"), "{content_type: , url: nope}", ""},
		{"URL only", "attachment_parts", texts("https://x.com/a:b"), "{content_type: , url: https://x.com/a:b}", ""},
		{"null", "attachment_parts", []value.Value{nil}, "{content_type: , url: }", ""},
		{"number", "json", []value.Value{num("1.50")}, "1.5", ""},
		{"text", "json", texts("<a>&\"é"), `"<a>&\"é"`, ""},
		{"null", "json", []value.Value{nil}, "null", ""},
		{"datetime", "json", []value.Value{value.NewDateTime(now)}, `"2018-04-11T18:24:30.123456Z"`, ""},
		{"array", "json", []value.Value{list(num("1"), nil, value.Boolean(true))}, "[1,null,true]", ""},
		{"array", "parse_json", texts(`[1, 2.50, 1e3, null, true, "x"]`), "[1, 2.5, 1000, , true, x]", ""},
		{"empty", "parse_json", texts(""), "", ""},
		{"null", "parse_json", []value.Value{nil}, "", ""},
		{"space", "parse_json", texts("  "), "", "error calling parse_json(...): invalid JSON"},
		{"broken", "parse_json", texts("{bad"), "", "error calling parse_json(...): invalid JSON"},
		{"out of range", "parse_json", texts("12345678901234567890123456789012345678901234567890"), "", "error calling parse_json(...): number value out of range"},
	})
	for _, name := range []string{"urn_parts", "attachment_parts", "json", "parse_json"} {
		check(t, nil, propagated(name, nil))
	}
}

func TestFormat(t *testing.T) {
	check(t, session(t), []result{
		{"number", "format", []value.Value{num("-1234567.50")}, "-1,234,567.5", ""},
		{"datetime", "format", []value.Value{value.NewDateTime(now)}, "11-04-2018 13:24", ""},
		{"date", "format", []value.Value{value.NewDate(2018, 4, 11)}, "11-04-2018", ""},
		{"time", "format", []value.Value{value.NewTime(14, 30, 0, 0)}, "14:30", ""},
		{"array", "format", []value.Value{list(num("1000"), text("x"))}, "1,000, x", ""},
		{"null", "format", []value.Value{nil}, "", ""},
		{"error", "format", []value.Value{failing}, "", ""},
		{"path", "format_location", texts("Rwanda > Kigali City > Gasabo "), "Gasabo", ""},
		{"name", "format_location", texts(" Rwanda"), "Rwanda", ""},
		{"null", "format_location", []value.Value{nil}, "", ""},
		{"phone", "format_urn", texts("tel:+12065551212"), "(206) 555-1212", ""},
		{"short code", "format_urn", texts("tel:12345"), "12345", ""},
		{"display", "format_urn", texts("tel:+250788383383?channel=x#disp"), "disp", ""},
		{"any scheme", "format_urn", texts("xyz:abc"), "abc", ""},
		{"redacted", "format_urn", texts("tel:********"), "********", ""},
		{"null", "format_urn", []value.Value{nil}, "", "error calling format_urn(...):  is not a valid URN: scheme cannot be empty"},
		{"unknown", "prompt", texts("xx"), "", "error calling prompt(...): unknown LLM prompt xx"},
		{"null", "prompt", []value.Value{nil}, "", "error calling prompt(...): unknown LLM prompt "},
		{"none", "prompt", nil, "", "error calling prompt(...): need 1 to 11 argument(s), got 0"},
		{"too many", "prompt", texts("a", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"), "", "error calling prompt(...): need 1 to 11 argument(s), got 12"},
	})
	for _, name := range []string{"format_location", "format_urn"} {
		check(t, nil, propagated(name, nil))
	}
	check(t, nil, propagated("prompt", text("a"), text("b")))
}

func TestFormatDates(t *testing.T) {
	check(t, session(t), []result{
		{"default", "format_date", []value.Value{value.NewDateTime(now)}, "11-04-2018", ""},
		{"the day that a text begins with", "format_date", texts("2017-12-02T00:00:00-02:00"), "02-12-2017", ""},
		{"layout", "format_date", texts("10-05-2018", "EEE, D MMMM YY"), "Thu, 10 May 18", ""},
		{"null layout", "format_date", []value.Value{text("10-05-2018"), nil}, "", ""},
		{"time layout", "format_date", texts("10-05-2018", "tt:mm"), "", "error calling format_date(...): 'tt' is not valid in a date formatting layout"},
		{"no date", "format_date", texts("soon"), "", `error calling format_date(...): unable to convert "soon" to a date`},
		{"null", "format_date", []value.Value{nil}, "", "error calling format_date(...): unable to convert null to a date"},
		{"default", "format_datetime", []value.Value{value.NewDateTime(now)}, "11-04-2018 13:24", ""},
		{"midnight", "format_datetime", texts("2018-01-01T00:30:00Z", "t:mm", "UTC"), ":30", ""},
		{"zone", "format_datetime", texts("2018-01-01T00:00:00Z", "hh:mm aa ZZZ", "UTC"), "12:00 am +00:00", ""},
		{"session's zone", "format_datetime", texts("2018-01-01T00:00:00Z", "tt Z", "America/Guayaquil"), "19 -05:00", ""},
		{"null zone", "format_datetime", []value.Value{text("2018-01-01T00:00:00Z"), text("tt Z"), nil}, "00 Z", ""},
		{"unknown zone", "format_datetime", texts("2018-01-01T13:05:09Z", "YY/M/D", "Mars/X"), "", "error calling format_datetime(...): unknown time zone Mars/X"},
		{"the machine's zone", "format_datetime", texts("2018-01-01T13:05:09Z", "YY/M/D", "Local"), "", "error calling format_datetime(...): unknown time zone Local"},
		{"layout", "format_datetime", texts("2018-01-01T13:05:09Z", "q"), "", "error calling format_datetime(...): 'q' is not valid in a datetime formatting layout"},
		{"null", "format_datetime", []value.Value{nil}, "", "error calling format_datetime(...): unable to convert null to a datetime"},
		{"default", "format_time", texts("14:30"), "14:30", ""},
		{"layout", "format_time", texts("14:30", "h:mm aa"), "2:30 pm", ""},
		{"date layout", "format_time", texts("14:30", "YYYY"), "", "error calling format_time(...): 'YYYY' is not valid in a time formatting layout"},
		{"null", "format_time", []value.Value{nil}, "", "error calling format_time(...): unable to convert null to a time"},
	})
	check(t, session(t), propagated("format_date", text("10-05-2018"), text("YYYY")))
	check(t, session(t), propagated("format_datetime", text("10-05-2018"), text("YYYY"), text("UTC")))
	check(t, session(t), propagated("format_time", text("10:30"), text("tt")))
}

func TestFormatNumber(t *testing.T) {
	check(t, nil, []result{
		{"natural", "format_number", texts("1234.50"), "1,234.5", ""},
		{"half up", "format_number", []value.Value{num("1234.5"), num("0")}, "1,235", ""},
		{"half down", "format_number", []value.Value{num("-1234.5"), num("0")}, "-1,235", ""},
		{"padded", "format_number", []value.Value{num("-1234567.8"), num("2")}, "-1,234,567.80", ""},
		{"ungrouped", "format_number", []value.Value{num("1234567.891"), num("1.9"), text("false")}, "1234567.9", ""},
		{"null places", "format_number", []value.Value{num("1"), nil}, "", "error calling format_number(...): unable to convert null to a number"},
		{"too many places", "format_number", []value.Value{num("1"), num("10")}, "", "error calling format_number(...): places must be from 0 to 9, got 10"},
		{"negative places", "format_number", []value.Value{num("1"), num("-1")}, "", "error calling format_number(...): places must be from 0 to 9, got -1"},
		{"null", "format_number", []value.Value{nil}, "", "error calling format_number(...): unable to convert null to a number"},
	})
	check(t, nil, propagated("format_number", num("1"), num("1"), value.Boolean(true)))
	check(t, &value.Environment{NumberFormat: value.NumberFormat{DecimalSymbol: ",", DigitGroupingSymbol: "."}}, []result{
		{"symbols", "format_number", []value.Value{num("1234.5"), num("2")}, "1.234,50", ""},
	})
}

func BenchmarkFormatDateTime(b *testing.B) {
	rt := runtime(session(b))
	f, _ := library.Lookup("format_datetime")
	for name, args := range map[string][]value.Value{
		"default":      {value.NewDateTime(now)},
		"layout":       {value.NewDateTime(now), text("EEEE D MMMM YYYY h:mm aa")},
		"another zone": {value.NewDateTime(now.In(time.UTC)), text("YYYY-MM-DD tt:mm"), text("Asia/Tokyo")},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				rt.Reset(1)
				rt.Invoke(f.Value, args)
			}
		})
	}
}

func BenchmarkFormatNumber(b *testing.B) {
	rt := runtime(nil)
	args := []value.Value{num("1234567.891"), num("2")}
	f, _ := library.Lookup("format_number")
	b.ReportAllocs()
	for b.Loop() {
		rt.Reset(1)
		rt.Invoke(f.Value, args)
	}
}
