package value_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/engine/value"
)

func TestEqual(t *testing.T) {
	for _, c := range []struct {
		name string
		a, b value.Value
		want bool
	}{
		{"nulls", nil, nil, true},
		{"null and empty", nil, text(""), false},
		{"texts", text("a"), text("a"), true},
		{"letter case", text("a"), text("A"), false},
		{"numbers", num("1.0"), num("1"), true},
		{"number and text", num("1"), text("1"), false},
		{"booleans", value.Boolean(true), value.Boolean(true), true},
		{"booleans differ", value.Boolean(true), value.Boolean(false), false},
		{"same moment", value.NewDateTime(moment), value.NewDateTime(moment.In(time.UTC)), true},
		{"other moment", value.NewDateTime(moment), value.NewDateTime(moment.Add(1)), false},
		{"dates", value.NewDate(2017, 2, 31), value.NewDate(2017, 3, 3), true},
		{"dates differ", value.NewDate(2017, 2, 3), value.NewDate(2017, 3, 3), false},
		{"times", value.NewTime(1, 2, 3, 4), value.NewTime(1, 2, 3, 4), true},
		{"times differ", value.NewTime(1, 2, 3, 4), value.NewTime(1, 2, 3, 5), false},
		{"arrays", array(num("1"), array(nil)), array(num("1.0"), array(nil)), true},
		{"array order", array(num("1"), num("2")), array(num("2"), num("1")), false},
		{"array length", array(num("1")), array(num("1"), nil), false},
		{"objects", object("a", nil, "b", num("1")), object("b", num("1"), "a", nil), true},
		{"keys", object("a", nil), object("A", nil), false},
		{"properties", object("a", nil), object("a", text("")), false},
		{"missing property", object("a", nil), object(), false},
		{"defaults", withDefault(num("1"), "a", nil), withDefault(num("1.0"), "a", nil), true},
		{"defaults differ", withDefault(num("1")), withDefault(num("2")), false},
		{"default or not", withDefault(nil), object(), false},
		{"default and text", withDefault(text("a")), text("a"), false},
		{"functions", upper, &value.Function{Name: "upper"}, true},
		{"functions differ", upper, &value.Function{Name: "lower"}, false},
		{"without name", anon, anon, false},
		{"errors", mistake, value.NewError("an error"), true},
		{"errors differ", mistake, value.NewError("another"), false},
	} {
		assert.Equal(t, c.want, value.Equal(c.a, c.b), c.name)
		assert.Equal(t, c.want, value.Equal(c.b, c.a), c.name)
	}
}

func TestCompare(t *testing.T) {
	for _, c := range []struct {
		name string
		a, b value.Value
		want int
	}{
		{"texts by bytes", text("B"), text("a"), -1},
		{"numbers", num("10"), num("9"), 1},
		{"same numbers", num("1.0"), num("1"), 0},
		{"booleans", value.Boolean(false), value.Boolean(true), -1},
		{"moments", value.NewDateTime(moment), value.NewDateTime(moment.Add(-1)), 1},
		{"years", value.NewDate(2018, 1, 1), value.NewDate(2017, 12, 31), 1},
		{"months", value.NewDate(2018, 1, 31), value.NewDate(2018, 2, 1), -1},
		{"days", value.NewDate(2018, 1, 1), value.NewDate(2018, 1, 1), 0},
		{"times", value.NewTime(9, 59, 59, 0), value.NewTime(10, 0, 0, 0), -1},
		{"fractions", value.NewTime(9, 0, 0, 2), value.NewTime(9, 0, 0, 1), 1},
		{"types", num("1"), text("1"), 0},
		{"arrays", array(), array(nil), 0},
	} {
		assert.Equal(t, c.want, value.Compare(c.a, c.b), c.name)
		assert.Equal(t, -c.want, value.Compare(c.b, c.a), c.name)
	}
}

func TestSort(t *testing.T) {
	for _, c := range []struct {
		name  string
		items []value.Value
		want  string
	}{
		{"texts", []value.Value{text("b"), text("B"), text("a")}, "[B, a, b]"},
		{"numbers", []value.Value{num("10"), num("9"), num("-1")}, "[-1, 9, 10]"},
		{"booleans", []value.Value{value.Boolean(true), value.Boolean(false)}, "[false, true]"},
		{"dates", []value.Value{value.NewDate(2018, 1, 2), value.NewDate(2018, 1, 1)}, "[2018-01-01, 2018-01-02]"},
		{"one of no order", []value.Value{nil}, "[]"},
		{"none", nil, "[]"},
		{"null", []value.Value{num("1"), nil}, "!null isn't a comparable type"},
		{"array", []value.Value{array(), array()}, "!array isn't a comparable type"},
		{"function", []value.Value{upper, upper}, "!upper(...) isn't a comparable type"},
		{"mixed", []value.Value{num("1"), text("1")}, "!can't sort array of different types"},
		{"error", []value.Value{num("1"), mistake}, "!an error"},
	} {
		sorted, failure := value.Sort(c.items)
		if failure != nil {
			assert.Equal(t, c.want, "!"+failure.Message, c.name)
			continue
		}
		assert.Equal(t, c.want, printed(value.NewArray(sorted)), c.name)
	}
	items := []value.Value{num("2"), num("1")}
	_, failure := value.Sort(items)
	require.Nil(t, failure)
	assert.Equal(t, "[2, 1]", printed(value.NewArray(items)), "the given items stay")
}
