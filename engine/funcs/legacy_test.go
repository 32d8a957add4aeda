package funcs_test

import (
	"testing"

	"github.com/flowexpr/flowexpr/engine/value"
)

func TestLegacyAdd(t *testing.T) {
	day := value.NewDateTime(now)
	result23 := value.NewObjectWithDefault(text("23"), []value.Property{{Key: "value", Value: text("23")}})
	check(t, guayaquil(t), []result{
		{"numbers", "legacy_add", numberArgs("1", "2.5"), "3.5", ""},
		{"number and text", "legacy_add", []value.Value{num("1"), text(" 2 ")}, "3", ""},
		{"days", "legacy_add", []value.Value{day, num("-12")}, "2018-03-30T18:24:30.123456Z", ""},
		{"days first", "legacy_add", []value.Value{text("2"), text("31-01-2017")}, "2017-02-02T00:00:00.000000-05:00", ""},
		{"fraction of a day", "legacy_add", []value.Value{day, num("1.9")}, "2018-04-12T18:24:30.123456Z", ""},
		{"date", "legacy_add", []value.Value{value.NewDate(2017, 1, 31), num("1")}, "2017-02-01T00:00:00.000000-05:00", ""},
		{"result", "legacy_add", []value.Value{result23, num("1")}, "24", ""},
		{"two datetimes", "legacy_add", []value.Value{day, text("2017-01-31")}, "", "error calling legacy_add(...): can't add two datetimes"},
		{"datetime and word", "legacy_add", []value.Value{day, text("x")}, "", "error calling legacy_add(...): unable to convert datetime to a number"},
		{"null and datetime", "legacy_add", []value.Value{nil, text("2017-01-31")}, "", "error calling legacy_add(...): unable to convert null to a number"},
		{"datetime and too many", "legacy_add", []value.Value{day, num("3000000000")}, "", "error calling legacy_add(...): number value 3000000000 is out of range for an integer"},
		{"words", "legacy_add", textArgs("x", "y"), "", `error calling legacy_add(...): unable to convert "x" to a number`},
		{"null", "legacy_add", []value.Value{num("1"), nil}, "", "error calling legacy_add(...): unable to convert null to a number"},
		{"error", "legacy_add", []value.Value{text("x"), failing}, "", "error calling legacy_add(...): no luck"},
		{"too large", "legacy_add", numberArgs("123456789012345678901234567890123456", "0.1"), "", "error calling legacy_add(...): number value out of range"},
		{"one argument", "legacy_add", numberArgs("1"), "", "error calling legacy_add(...): need 2 argument(s), got 1"},
	})
}
