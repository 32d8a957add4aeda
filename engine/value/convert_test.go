package value_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/engine/value"
)

// sample is one value of each kind, with what every conversion gives; an entry that starts with `!` is an error.
type sample struct {
	name                                          string
	value                                         value.Value
	text, number, integer, boolean, array, object string
	describe, json, function                      string
}

func text(s string) value.Value { return value.NewText(s) }

func num(s string) value.Value {
	d, err := value.ParseDecimal(s)
	if err != nil {
		panic(err)
	}
	return value.NewNumber(d)
}

func array(items ...value.Value) value.Value { return value.NewArray(items) }

func object(pairs ...any) *value.Object { return value.NewObject(properties(pairs)) }

func withDefault(def value.Value, pairs ...any) *value.Object {
	return value.NewObjectWithDefault(def, properties(pairs))
}

func properties(pairs []any) []value.Property {
	var all []value.Property
	for i := 0; i < len(pairs); i += 2 {
		v, _ := pairs[i+1].(value.Value)
		all = append(all, value.Property{Key: pairs[i].(string), Value: v})
	}
	return all
}

var (
	bogota  = time.FixedZone("", -5*3600)
	moment  = time.Date(2018, 4, 11, 13, 24, 30, 123456789, bogota)
	upper   = &value.Function{Name: "upper"}
	anon    = &value.Function{}
	mistake = value.NewError("an error")
)

func samples() []sample {
	const nan, noArray, noObject, noFunction = "!unable to convert %s to a number", "!unable to convert %s to an array", "!unable to convert %s to an object", "!%s is not a function"
	return []sample{
		{"null", nil, "", nan, nan, "false", "[]", "{}", "null", "null", noFunction},
		{"empty text", text(""), "", nan, nan, "false", noArray, noObject, `""`, `""`, noFunction},
		{"word", text("abc"), "abc", nan, nan, "true", noArray, noObject, `"abc"`, `"abc"`, noFunction},
		{"quoted text", text("a\"b\n"), "a\"b\n", nan, nan, "true", noArray, noObject, `"a\"b\n"`, `"a\"b\n"`, noFunction},
		{"number text", text(" 12.90\u00a0\n"), " 12.90\u00a0\n", "12.9", "12", "true", noArray, noObject, `" 12.90\u00a0\n"`, `" 12.90` + "\u00a0" + `\n"`, noFunction},
		{"huge text", text(strings.Repeat("9", 37)), strings.Repeat("9", 37), nan, nan, "true", noArray, noObject, `"` + strings.Repeat("9", 37) + `"`, `"` + strings.Repeat("9", 37) + `"`, noFunction},
		{"zero text", text("0"), "0", "0", "0", "true", noArray, noObject, `"0"`, `"0"`, noFunction},
		{"space", text(" "), " ", nan, nan, "true", noArray, noObject, `" "`, `" "`, noFunction},
		{"false text", text("FALSE"), "FALSE", nan, nan, "false", noArray, noObject, `"FALSE"`, `"FALSE"`, noFunction},
		{"arabic digit", text("٤"), "٤", nan, nan, "true", noArray, noObject, `"٤"`, `"٤"`, noFunction},
		{"number", num("1.50"), "1.5", "1.5", "1", "true", noArray, noObject, "1.5", "1.5", noFunction},
		{"negative", num("-1.9"), "-1.9", "-1.9", "-1", "true", noArray, noObject, "-1.9", "-1.9", noFunction},
		{"zero", num("0.00"), "0", "0", "0", "false", noArray, noObject, "0", "0", noFunction},
		{"large", num("2147483648"), "2147483648", "2147483648", "!number value 2147483648 is out of range for an integer", "true", noArray, noObject, "2147483648", "2147483648", noFunction},
		{"true", value.Boolean(true), "true", nan, nan, "true", noArray, noObject, "true", "true", noFunction},
		{"false", value.Boolean(false), "false", nan, nan, "false", noArray, noObject, "false", "false", noFunction},
		{"datetime", value.NewDateTime(moment), "2018-04-11T13:24:30.123456-05:00", nan, nan, "true", noArray, noObject, "datetime", `"2018-04-11T13:24:30.123456-05:00"`, noFunction},
		{"datetime utc", value.NewDateTime(moment.UTC()), "2018-04-11T18:24:30.123456Z", nan, nan, "true", noArray, noObject, "datetime", `"2018-04-11T18:24:30.123456Z"`, noFunction},
		{"datetime zero", value.NewDateTime(time.Time{}), "0001-01-01T00:00:00.000000Z", nan, nan, "false", noArray, noObject, "datetime", `"0001-01-01T00:00:00.000000Z"`, noFunction},
		{"date", value.NewDate(2018, 4, 1), "2018-04-01", nan, nan, "true", noArray, noObject, "date", `"2018-04-01"`, noFunction},
		{"date beyond", value.NewDate(2017, 2, 31), "2017-03-03", nan, nan, "true", noArray, noObject, "date", `"2017-03-03"`, noFunction},
		{"date early", value.NewDate(33, 4, 1), "0033-04-01", nan, nan, "true", noArray, noObject, "date", `"0033-04-01"`, noFunction},
		{"time", value.NewTime(9, 5, 0, 1999), "09:05:00.000001", nan, nan, "true", noArray, noObject, "time", `"09:05:00.000001"`, noFunction},
		{"midnight", value.NewTime(0, 0, 0, 0), "00:00:00.000000", nan, nan, "false", noArray, noObject, "time", `"00:00:00.000000"`, noFunction},
		{"empty array", array(), "[]", nan, nan, "false", "[]", noObject, "array", "[]", noFunction},
		{"array", array(num("1"), text("x"), nil, value.Boolean(true), array(num("2"))), "[1, x, , true, [2]]", nan, nan, "true", "[1, x, , true, [2]]", noObject, "array", `[1,"x",null,true,[2]]`, noFunction},
		{"empty object", object(), "{}", nan, nan, "false", noArray, "{}", "object", "{}", noFunction},
		{"object", object("b", num("1"), "a", nil), "{a: , b: 1}", nan, nan, "true", noArray, "{a: , b: 1}", "object", `{"a":null,"b":1}`, noFunction},
		{"default number", withDefault(num("7.5"), "a", nil), "7.5", "7.5", "7", "true", noArray, "7.5", "object", `{"a":null}`, noFunction},
		{"default false", withDefault(value.Boolean(false), "a", nil), "false", "!unable to convert false to a number", "!unable to convert false to a number", "false", noArray, "false", "object", `{"a":null}`, noFunction},
		{"default null", withDefault(nil, "a", nil), "", "!unable to convert null to a number", "!unable to convert null to a number", "false", noArray, "", "object", `{"a":null}`, noFunction},
		{"default text", withDefault(text("Ryan")), "Ryan", `!unable to convert "Ryan" to a number`, `!unable to convert "Ryan" to a number`, "true", noArray, "Ryan", "object", `{}`, noFunction},
		{"function", upper, "upper", nan, nan, "true", noArray, noObject, "upper(...)", "null", "upper"},
		{"anonymous", anon, "<anon>", nan, nan, "true", noArray, noObject, "<anon>(...)", "null", "<anon>"},
		{"error", mistake, "!an error", "!an error", "!an error", "!an error", "!an error", "!an error", "error", "!an error", "!an error"},
		{"error inside", array(mistake, num("1")), "!an error", nan, nan, "true", "!an error", noObject, "array", "[null,1]", noFunction},
		{"error property", object("a", mistake, "b", num("1")), "!an error", nan, nan, "true", noArray, "!an error", "object", `{"b":1}`, noFunction},
	}
}

// is compares one cell of the table.
func is(t *testing.T, s sample, what, want, got string, failure *value.Error) {
	t.Helper()
	if failure != nil {
		got = "!" + failure.Message
	}
	want = strings.Replace(want, "%s", s.describe, 1)
	assert.Equal(t, want, got, "%s of %s", what, s.name)
}

func TestConversions(t *testing.T) {
	for _, s := range samples() {
		got, failure := value.ToText(s.value)
		is(t, s, "text", s.text, got, failure)

		appended, failure := value.AppendText([]byte("before "), s.value)
		if failure != nil {
			assert.Equal(t, "before ", string(appended))
		} else {
			assert.Equal(t, "before "+s.text, string(appended), s.name)
		}

		number, failure := value.ToNumber(s.value)
		is(t, s, "number", s.number, number.String(), failure)

		integer, failure := value.ToInteger(s.value)
		is(t, s, "integer", s.integer, value.NewInt(int64(integer)).String(), failure)

		truth, failure := value.ToBoolean(s.value)
		is(t, s, "boolean", s.boolean, canonical(t, value.Boolean(truth)), failure)

		got, failure = value.ToJSON(s.value)
		is(t, s, "json", s.json, got, failure)

		assert.Equal(t, s.describe, value.Describe(s.value), s.name)
	}
}

func TestContainerConversions(t *testing.T) {
	for _, s := range samples() {
		items, failure := value.ToArray(s.value)
		got := ""
		if failure == nil {
			got, failure = value.ToText(items)
		}
		is(t, s, "array", s.array, got, failure)

		properties, failure := value.ToObject(s.value)
		if failure == nil {
			got, failure = value.ToText(properties)
		}
		is(t, s, "object", s.object, got, failure)

		function, failure := value.ToFunction(s.value)
		if failure == nil {
			got = function.PrintedName()
		}
		is(t, s, "function", s.function, got, failure)
	}
}

// canonical gives the text of a value that has one.
func canonical(t testing.TB, v value.Value) string {
	t.Helper()
	got, failure := value.ToText(v)
	require.Nil(t, failure)
	return got
}

func TestErrorCodes(t *testing.T) {
	_, failure := value.ToNumber(nil)
	assert.Equal(t, value.CodeConversion, failure.Code)
	_, failure = value.ToInteger(num("2147483648"))
	assert.Equal(t, value.CodeOutOfRange, failure.Code)
	_, failure = value.ToFunction(nil)
	assert.Equal(t, value.CodeNotAFunction, failure.Code)
	var err error = failure
	assert.EqualError(t, err, "null is not a function")
}

func TestTypes(t *testing.T) {
	for _, c := range []struct {
		value value.Value
		want  string
	}{
		{nil, "nil"}, {text(""), "text"}, {num("0"), "number"}, {value.Boolean(true), "boolean"},
		{value.NewDateTime(moment), "datetime"}, {value.NewDate(2018, 1, 1), "date"}, {value.NewTime(0, 0, 0, 0), "time"},
		{array(), "array"}, {object(), "object"}, {upper, "function"}, {mistake, "error"},
	} {
		assert.Equal(t, c.want, value.TypeOf(c.value).String())
	}
	assert.Equal(t, "unknown", value.Type(99).String())
}

func TestConversionAllocations(t *testing.T) {
	number, word, flag, big := num("1234.5"), text(" 12.5 "), text("false"), num("123456789.123")
	keyed := object("name", text("Ann"), "age", num("5"))
	rt := value.NewRuntime(nil, nil, 0)
	buffer := make([]byte, 0, 256)
	for name, run := range map[string]func(){
		"number to number": func() { _, _ = value.ToNumber(number) },
		"text to number":   func() { _, _ = value.ToNumber(word) },
		"text to text":     func() { _, _ = value.ToText(flag) },
		"text to boolean":  func() { _, _ = value.ToBoolean(flag) },
		"append text":      func() { buffer, _ = value.AppendText(buffer[:0], keyed) },
		"append JSON":      func() { buffer, _ = value.AppendJSON(buffer[:0], keyed) },
		"arithmetic":       func() { rt.Reset(0); value.Mul(rt, value.Add(rt, number, word), number) },
		"comparison":       func() { rt.Reset(0); value.Lt(rt, number, big); value.Eq(rt, number, big) },
		"lookup":           func() { value.LookupProperty(rt, keyed, "NAME") },
		"joining nothing":  func() { rt.Reset(0); value.Concat(rt, word, nil) },
	} {
		run()
		assert.Zero(t, testing.AllocsPerRun(100, run), name)
	}
}
