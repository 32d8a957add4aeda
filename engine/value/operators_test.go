package value_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/flowexpr/flowexpr/engine/value"
)

type operator func(rt *value.Runtime, a, b value.Value) value.Value

// printed gives a value as a test shows it: errors behind `!`.
func printed(v value.Value) string {
	if failure, ok := v.(*value.Error); ok {
		return "!" + failure.Message
	}
	got, failure := value.ToText(v)
	if failure != nil {
		return "!" + failure.Message
	}
	return got
}

func TestOperators(t *testing.T) {
	later := value.NewDateTime(moment.In(time.UTC))
	for _, c := range []struct {
		name  string
		apply operator
		a, b  value.Value
		want  string
		kind  value.Type
	}{
		{"exact sum", value.Add, num("0.1"), num("0.2"), "0.3", value.TypeNumber},
		{"text operand", value.Add, text(" 12 "), num("1"), "13", value.TypeNumber},
		{"36 nines", value.Add, num(strings.Repeat("9", 36)), num("1"), "1" + strings.Repeat("0", 36), value.TypeNumber},
		{"sum out of range", value.Add, num(strings.Repeat("9", 36)), num("0.1"), "!number value out of range", value.TypeError},
		{"left error first", value.Add, mistake, nil, "!an error", value.TypeError},
		{"null operand", value.Add, num("1"), nil, "!unable to convert null to a number", value.TypeError},
		{"boolean operand", value.Sub, value.Boolean(false), num("1"), "!unable to convert false to a number", value.TypeError},
		{"difference", value.Sub, num("5"), num("7.5"), "-2.5", value.TypeNumber},
		{"product", value.Mul, num("100000"), num("100000"), "10000000000", value.TypeNumber},
		{"minus nothing", value.Mul, num("0"), num("-1"), "0", value.TypeNumber},
		{"product out of range", value.Mul, num("1" + strings.Repeat("0", 60)), num("1" + strings.Repeat("0", 60)), "!number value out of range", value.TypeError},
		{"default operand", value.Mul, withDefault(num("2")), num("4"), "8", value.TypeNumber},
		{"quotient", value.Div, num("1000000"), num("7"), "142857.1428571428571429", value.TypeNumber},
		{"by nothing", value.Div, num("1"), text("0"), "!division by zero", value.TypeError},
		{"power", value.Pow, num("10"), num("37"), "1" + strings.Repeat("0", 37), value.TypeNumber},
		{"exponent out of range", value.Pow, num("1"), num("101"), "!number value out of range", value.TypeError},
		{"power out of range", value.Pow, num("11"), num("100"), "!number value out of range", value.TypeError},
		{"texts", value.Concat, text("a"), text("b"), "ab", value.TypeText},
		{"null joined", value.Concat, nil, text("x"), "x", value.TypeText},
		{"nulls joined", value.Concat, nil, nil, "", value.TypeText},
		{"number joined", value.Concat, num("1.50"), text(""), "1.5", value.TypeText},
		{"array joined", value.Concat, array(num("1")), nil, "[1]", value.TypeText},
		{"error joined", value.Concat, text("a"), mistake, "!an error", value.TypeError},
		{"same number", value.Eq, num("1"), num("1.0"), "true", value.TypeBoolean},
		{"number and text", value.Eq, num("1"), text("1"), "true", value.TypeBoolean},
		{"longer text", value.Eq, text("1.0"), num("1"), "false", value.TypeBoolean},
		{"null and empty", value.Eq, nil, text(""), "true", value.TypeBoolean},
		{"letter case", value.Eq, value.Boolean(true), text("TRUE"), "false", value.TypeBoolean},
		{"functions", value.Eq, upper, text("upper"), "true", value.TypeBoolean},
		{"default", value.Eq, withDefault(text("Ryan")), text("Ryan"), "true", value.TypeBoolean},
		{"zones", value.Eq, value.NewDateTime(moment), later, "false", value.TypeBoolean},
		{"boundary", value.Eq, text("ab"), array(text("b")), "false", value.TypeBoolean},
		{"equal to error", value.Eq, text("a"), mistake, "!an error", value.TypeError},
		{"differ", value.Ne, text("a"), text("b"), "true", value.TypeBoolean},
		{"do not differ", value.Ne, num("2"), text("2"), "false", value.TypeBoolean},
		{"less", value.Lt, text("9"), num("10"), "true", value.TypeBoolean},
		{"not less", value.Lt, num("10"), num("10.0"), "false", value.TypeBoolean},
		{"at most", value.Le, num("10"), num("10.0"), "true", value.TypeBoolean},
		{"greater", value.Gt, num("-1"), num("-2"), "true", value.TypeBoolean},
		{"at least", value.Ge, num("-3"), num("-2"), "false", value.TypeBoolean},
		{"words", value.Lt, text("a"), text("b"), `!unable to convert "a" to a number`, value.TypeError},
		{"dates", value.Lt, later, later, "!unable to convert datetime to a number", value.TypeError},
	} {
		rt := value.NewRuntime(nil, nil, 0)
		got := c.apply(rt, c.a, c.b)
		assert.Equal(t, c.want, printed(got), c.name)
		assert.Equal(t, c.kind, value.TypeOf(got), c.name)
	}
}

func TestNegate(t *testing.T) {
	rt := value.NewRuntime(nil, nil, 0)
	assert.Equal(t, "-5", printed(value.Negate(rt, text("5"))))
	assert.Equal(t, "0", printed(value.Negate(rt, num("0"))))
	assert.Equal(t, "9223372036854775808", printed(value.Negate(rt, num("-9223372036854775808"))))
	assert.Equal(t, "!unable to convert true to a number", printed(value.Negate(rt, value.Boolean(true))))
}

func TestLookups(t *testing.T) {
	thing := object("Foo", num("1"), "foo", num("2"), "FOO", num("3"), "nothing", nil, "1", text("one"))
	items := array(text("a"), text("b"), text("c"))
	for _, c := range []struct {
		name       string
		container  value.Value
		key        value.Value
		dot, index string
	}{
		{"exact", thing, text("foo"), "2", "2"},
		{"exact capital", thing, text("Foo"), "1", "1"},
		{"first of the others", thing, text("fOO"), "3", "3"},
		{"null property", thing, text("nothing"), "", ""},
		{"missing", thing, text("zed"), "!object has no property 'zed'", ""},
		{"empty name", thing, nil, "!object has no property ''", ""},
		{"number as name", thing, num("1"), "one", "one"},
		{"default not followed", withDefault(thing), text("foo"), "!object has no property 'foo'", ""},
		{"item", items, text("1"), "b", "b"},
		{"cut index", items, num("1.9"), "b", "b"},
		{"from the end", items, num("-3"), "a", "a"},
		{"too far", items, num("3"), "!index 3 out of range for 3 items", "!index 3 out of range for 3 items"},
		{"too far back", items, num("-4"), "!index -4 out of range for 3 items", "!index -4 out of range for 3 items"},
		{"no index", items, text("x"), `!unable to convert "x" to a number`, `!unable to convert "x" to a number`},
		{"huge index", items, num("3000000000"), "!number value 3000000000 is out of range for an integer", "!number value 3000000000 is out of range for an integer"},
		{"text", text("Hi"), num("0"), `!"Hi" doesn't support lookups`, `!"Hi" doesn't support lookups`},
		{"null", nil, text("x"), "!null doesn't support lookups", "!null doesn't support lookups"},
		{"datetime", value.NewDateTime(moment), text("year"), "!datetime doesn't support lookups", "!datetime doesn't support lookups"},
		{"function", upper, text("x"), "!upper(...) doesn't support lookups", "!upper(...) doesn't support lookups"},
		{"error", mistake, text("x"), "!an error", "!an error"},
	} {
		rt := value.NewRuntime(nil, nil, 0)
		assert.Equal(t, c.dot, printed(value.LookupProperty(rt, c.container, canonical(t, c.key))), c.name)
		assert.Equal(t, c.index, printed(value.LookupIndex(rt, c.container, c.key)), c.name)
	}
	rt := value.NewRuntime(nil, nil, 0)
	assert.Equal(t, "!an error", printed(value.LookupIndex(rt, thing, mistake)))
	assert.Equal(t, "!an error", printed(value.LookupIndex(rt, thing, array(mistake))))
	assert.Equal(t, "!unable to convert null to a number", printed(value.LookupIndex(rt, items, nil)))
}

func TestDeprecatedLookups(t *testing.T) {
	contact := value.NewObject([]value.Property{
		{Key: "id", Value: text("123"), Deprecated: "@contact.id is deprecated, use @contact.ref instead"},
		{Key: "tickets", Deprecated: "@contact.tickets is deprecated, use @ticket instead"},
	})
	rt := value.NewRuntime(nil, nil, 0)
	for range 2 {
		assert.Equal(t, "123", printed(value.LookupProperty(rt, contact, "ID")))
		assert.Nil(t, value.LookupIndex(rt, contact, text("tickets")))
	}
	assert.Equal(t, []string{
		"@contact.id is deprecated, use @contact.ref instead",
		"@contact.tickets is deprecated, use @ticket instead",
	}, rt.Warnings())
	rt.Reset(0)
	assert.Empty(t, rt.Warnings())
}
