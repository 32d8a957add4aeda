package value_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/engine/value"
)

func TestFormat(t *testing.T) {
	env := &value.Environment{}
	groups := array(
		object("name", text("Testers"), "uuid", text("b7cf")),
		object("name", text("Males"), "uuid", text("4f1f")),
	)
	for _, c := range []struct {
		name  string
		value value.Value
		want  string
	}{
		{"null", nil, ""},
		{"error", mistake, ""},
		{"text", text("abc"), "abc"},
		{"boolean", value.Boolean(true), "true"},
		{"number", num("-1234567.8910"), "-1,234,567.891"},
		{"function", upper, "upper"},
		{"array", array(num("1000"), text("x"), nil, mistake), "1,000, x, , "},
		{"empty array", array(), ""},
		{"nested array", array(array(num("1"), num("2")), num("3")), "1, 2, 3"},
		{"object", object("b", num("2000"), "a", array(num("1"))), "a: 1\nb: 2,000"},
		{"empty object", object(), ""},
		{"default", withDefault(num("2000"), "a", nil), "2,000"},
		{"null default", withDefault(nil, "a", nil), ""},
		{"groups", groups, "- name: Testers\n  uuid: b7cf\n- name: Males\n  uuid: 4f1f"},
		{"one of several lines", array(text("a"), text("b\n\nc")), "- a\n- b\n\n  c"},
		{"empty item among lines", array(text(""), text("b\nc"), text("\nd")), "-\n- b\n  c\n-\n  d"},
		{"object in object", object("groups", groups, "name", text("x")),
			"groups:\n  - name: Testers\n    uuid: b7cf\n  - name: Males\n    uuid: 4f1f\nname: x"},
		{"error property", object("a", mistake, "b", nil), "a: \nb: "},
	} {
		assert.Equal(t, c.want, value.Format(env, c.value), c.name)
	}
	guayaquil, err := time.LoadLocation("America/Guayaquil")
	require.NoError(t, err)
	dmy := &value.Environment{Timezone: guayaquil, DateFormat: "DD-MM-YYYY", TimeFormat: "h:mm aa"}
	for _, c := range []struct {
		value         value.Value
		plain, custom string
	}{
		{value.NewDateTime(moment), "2018-04-11 18:24", "11-04-2018 1:24 pm"},
		{value.NewDate(2018, 4, 1), "2018-04-01", "01-04-2018"},
		{value.NewTime(14, 30, 5, 0), "14:30", "2:30 pm"},
		{array(value.NewDate(2018, 4, 1), num("1000")), "2018-04-01, 1,000", "01-04-2018, 1,000"},
	} {
		assert.Equal(t, c.plain, value.Format(env, c.value))
		assert.Equal(t, c.custom, value.Format(dmy, c.value))
	}
	env.NumberFormat = value.NumberFormat{DecimalSymbol: ",", DigitGroupingSymbol: "."}
	assert.Equal(t, "1.234,5", value.Format(env, num("1234.5")))
}

func TestFormatNumber(t *testing.T) {
	none := value.NumberFormat{DecimalSymbol: ","}
	for _, c := range []struct {
		format value.NumberFormat
		number string
		places int
		group  bool
		want   string
	}{
		{value.NumberFormat{}, "1234.5", 0, true, "1,235"},
		{value.NumberFormat{}, "1235.5", 0, true, "1,236"},
		{value.NumberFormat{}, "-1234567.891", 2, true, "-1,234,567.89"},
		{value.NumberFormat{}, "1234.5", 2, true, "1,234.50"},
		{value.NumberFormat{}, "1234567.891", 1, false, "1234567.9"},
		{value.NumberFormat{}, "1234.5", value.NaturalPlaces, true, "1,234.5"},
		{value.NumberFormat{}, "999", value.NaturalPlaces, true, "999"},
		{value.NumberFormat{}, "999999", value.NaturalPlaces, true, "999,999"},
		{value.NumberFormat{}, "-0.001", 2, true, "0.00"},
		{value.NumberFormat{}, "0", 9, true, "0.000000000"},
		{value.NumberFormat{DecimalSymbol: ",", DigitGroupingSymbol: " "}, "1234567.5", 1, true, "1 234 567,5"},
		{value.NumberFormat{DigitGroupingSymbol: "'"}, "1234567.5", 1, true, "1'234'567.5"},
		{none, "1234567.5", 1, true, "1234567,5"},
		{value.NumberFormat{}, "123456789012345678901234567890", 0, true, "123,456,789,012,345,678,901,234,567,890"},
	} {
		assert.Equal(t, c.want, value.FormatNumber(c.format, dec(t, c.number), c.places, c.group), c.number)
	}
}
