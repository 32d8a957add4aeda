package funcs_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/engine/value"
)

func TestSlice(t *testing.T) {
	abcd := list(textArgs("a", "b", "c", "d")...)
	slice := func(places ...string) []value.Value { return append([]value.Value{abcd}, numberArgs(places...)...) }
	check(t, nil, []result{
		{"middle", "slice", slice("1", "3"), "[b, c]", ""},
		{"to the end", "slice", slice("2"), "[c, d]", ""},
		{"from the end", "slice", slice("-3", "-1"), "[b, c]", ""},
		{"beyond", "slice", slice("-9", "9"), "[a, b, c, d]", ""},
		{"end before start", "slice", slice("2", "1"), "[]", ""},
		{"end 0", "slice", slice("0", "0"), "[]", ""},
		{"start behind the end", "slice", slice("4"), "[]", ""},
		{"null", "slice", []value.Value{nil, num("0")}, "[]", ""},
		{"null end", "slice", []value.Value{abcd, num("0"), nil}, "", "error calling slice(...): unable to convert null to a number"},
		{"text", "slice", []value.Value{text("abcd"), num("0")}, "", `error calling slice(...): unable to convert "abcd" to an array`},
		{"error", "slice", []value.Value{failing, num("0")}, "", "error calling slice(...): no luck"},
		{"error as start", "slice", []value.Value{abcd, failing}, "", "error calling slice(...): no luck"},
		{"one argument", "slice", []value.Value{abcd}, "", "error calling slice(...): need 2 to 3 argument(s), got 1"},
	})
}

func TestContains(t *testing.T) {
	kigali := time.FixedZone("", 2*3600)
	mixed := list(num("1"), text("b"), nil, list(num("1.50")), value.NewDateTime(now), value.NewDate(2018, 1, 2))
	check(t, nil, []result{
		{"text", "contains", []value.Value{mixed, text("b")}, "true", ""},
		{"letter case", "contains", []value.Value{mixed, text("B")}, "false", ""},
		{"number", "contains", []value.Value{mixed, num("1.0")}, "true", ""},
		{"number as text", "contains", []value.Value{mixed, text("1")}, "false", ""},
		{"null", "contains", []value.Value{mixed, nil}, "true", ""},
		{"array", "contains", []value.Value{mixed, list(num("1.5"))}, "true", ""},
		{"moment in another zone", "contains", []value.Value{mixed, value.NewDateTime(now.In(kigali))}, "true", ""},
		{"in null", "contains", []value.Value{nil, nil}, "false", ""},
		{"in text", "contains", []value.Value{text("abc"), text("a")}, "", `error calling contains(...): unable to convert "abc" to an array`},
		{"in error", "contains", []value.Value{failing, text("a")}, "", "error calling contains(...): no luck"},
		{"error", "contains", []value.Value{mixed, failing}, "", "error calling contains(...): no luck"},
	})
}

func TestJoin(t *testing.T) {
	check(t, nil, []result{
		{"items", "join", []value.Value{list(text("a"), num("1.50"), nil, value.Boolean(true)), text(", ")}, "a, 1.5, , true", ""},
		{"null separator", "join", []value.Value{list(text("a"), text("b")), nil}, "ab", ""},
		{"null", "join", []value.Value{nil, text(",")}, "", ""},
		{"one item", "join", []value.Value{list(text("a")), text(",")}, "a", ""},
		{"error in it", "join", []value.Value{list(text("a"), failing), text(",")}, "", "error calling join(...): no luck"},
		{"error", "join", []value.Value{failing, text(",")}, "", "error calling join(...): no luck"},
		{"error as separator", "join", []value.Value{list(), failing}, "", "error calling join(...): no luck"},
		{"one argument", "join", []value.Value{list()}, "", "error calling join(...): need 2 argument(s), got 1"},
		{"too much", "join", []value.Value{list(make([]value.Value, 10_000)...), text(strings.Repeat("x", 10_000))}, "", value.TooComplex},
	})
}

func TestOrder(t *testing.T) {
	check(t, nil, []result{
		{"items", "reverse", []value.Value{list(num("1"), text("b"), nil)}, "[, b, 1]", ""},
		{"null", "reverse", []value.Value{nil}, "[]", ""},
		{"text", "reverse", []value.Value{text("abc")}, "", `error calling reverse(...): unable to convert "abc" to an array`},
		{"error", "reverse", []value.Value{failing}, "", "error calling reverse(...): no luck"},
		{"texts", "sort", []value.Value{list(textArgs("b", "B", "a")...)}, "[B, a, b]", ""},
		{"numbers", "sort", []value.Value{list(numberArgs("3", "-1", "2.50", "10")...)}, "[-1, 2.5, 3, 10]", ""},
		{"booleans", "sort", []value.Value{list(value.Boolean(true), value.Boolean(false))}, "[false, true]", ""},
		{"dates", "sort", []value.Value{list(value.NewDate(2018, 2, 1), value.NewDate(2018, 1, 2))}, "[2018-01-02, 2018-02-01]", ""},
		{"times", "sort", []value.Value{list(value.NewTime(9, 0, 0, 0), value.NewTime(8, 59, 0, 0))}, "[08:59:00.000000, 09:00:00.000000]", ""},
		{"one item of any type", "sort", []value.Value{list(nil)}, "[]", ""},
		{"null in it", "sort", []value.Value{list(num("1"), nil)}, "", "error calling sort(...): null isn't a comparable type"},
		{"array in it", "sort", []value.Value{list(list(), list())}, "", "error calling sort(...): array isn't a comparable type"},
		{"two types", "sort", []value.Value{list(num("1"), text("a"))}, "", "error calling sort(...): can't sort array of different types"},
		{"null", "sort", []value.Value{nil}, "[]", ""},
		{"error", "sort", []value.Value{failing}, "", "error calling sort(...): no luck"},
	})
}

// What is sorted or reversed is a copy.
func TestOrderLeavesTheArrayAlone(t *testing.T) {
	items := numberArgs("3", "1", "2")
	for _, name := range []string{"sort", "reverse"} {
		call(t, runtime(nil), name, list(items...))
		got, failure := value.ToText(list(items...))
		require.Nil(t, failure)
		assert.Equal(t, "[3, 1, 2]", got, name)
	}
}

func TestUnique(t *testing.T) {
	unnamed := &value.Function{Call: func(*value.Runtime, []value.Value) value.Value { return nil }}
	upper := func() value.Value { return &value.Function{Name: "upper"} }
	object := func(def value.Value, key string) value.Value {
		properties := []value.Property{{Key: key, Value: num("1")}}
		if def == nil {
			return value.NewObject(properties)
		}
		return value.NewObjectWithDefault(def, properties)
	}
	check(t, nil, []result{
		{"texts", "unique", []value.Value{list(textArgs("a", "b", "a", "A")...)}, "[a, b, A]", ""},
		{"types", "unique", []value.Value{list(num("1"), text("1"), num("1.0"))}, "[1, 1]", ""},
		{"null", "unique", []value.Value{list(nil, text(""), nil)}, "[, ]", ""},
		{"booleans", "unique", []value.Value{list(value.Boolean(true), text("true"), value.Boolean(true))}, "[true, true]", ""},
		{"moments", "unique", []value.Value{list(value.NewDateTime(now), value.NewDateTime(now.In(time.FixedZone("", 3600))))}, "[2018-04-11T18:24:30.123456Z]", ""},
		{"dates and times", "unique", []value.Value{list(value.NewDate(2018, 1, 2), value.NewDate(2018, 1, 2), value.NewTime(1, 2, 3, 1), value.NewTime(1, 2, 3, 1))}, "[2018-01-02, 01:02:03.000000]", ""},
		{"arrays", "unique", []value.Value{list(list(num("1"), num("2")), list(num("1.0"), num("2")), list(list(num("1")), num("2")))}, "[[1, 2], [[1], 2]]", ""},
		{"objects", "unique", []value.Value{list(object(nil, "a"), object(nil, "a"), object(nil, "b"), object(text("x"), "a"), object(text("x"), "a"))}, "[{a: 1}, {b: 1}, x]", ""},
		{"functions", "unique", []value.Value{list(unnamed, unnamed, upper(), upper())}, "[<anon>, <anon>, upper]", ""},
		{"of null", "unique", []value.Value{nil}, "[]", ""},
		{"of text", "unique", []value.Value{text("aa")}, "", `error calling unique(...): unable to convert "aa" to an array`},
		{"error", "unique", []value.Value{failing}, "", "error calling unique(...): no luck"},
	})
	same := call(t, runtime(nil), "unique", list(failing, failing))
	assert.Equal(t, 1, same.(*value.Array).Len())
}

func TestConcat(t *testing.T) {
	full := list(make([]value.Value, 10_000)...)
	check(t, nil, []result{
		{"items", "concat", []value.Value{list(num("1"), nil), list(text("b"))}, "[1, , b]", ""},
		{"null", "concat", []value.Value{list(num("1")), nil}, "[1]", ""},
		{"text", "concat", []value.Value{list(), text("b")}, "", `error calling concat(...): unable to convert "b" to an array`},
		{"error", "concat", []value.Value{list(), failing}, "", "error calling concat(...): no luck"},
		{"error first", "concat", []value.Value{failing, text("b")}, "", "error calling concat(...): no luck"},
		{"too many", "concat", []value.Value{full, list(nil)}, "", "error calling concat(...): cannot build an array with more than 10000 items"},
	})
	most := call(t, runtime(nil), "concat", full, nil)
	assert.Equal(t, 10_000, most.(*value.Array).Len())
}

func TestSum(t *testing.T) {
	check(t, nil, []result{
		{"numbers", "sum", []value.Value{list(num("1"), text(" 2.5"), num("-0.5"))}, "3", ""},
		{"none", "sum", []value.Value{list()}, "0", ""},
		{"null", "sum", []value.Value{nil}, "0", ""},
		{"null in it", "sum", []value.Value{list(num("1"), text("2"), nil)}, "", "error calling sum(...): unable to convert null to a number"},
		{"number", "sum", []value.Value{num("1")}, "", "error calling sum(...): unable to convert 1 to an array"},
		{"too large", "sum", []value.Value{list(numberArgs("123456789012345678901234567890123456", "0.1")...)}, "", "error calling sum(...): number value out of range"},
		{"error", "sum", []value.Value{failing}, "", "error calling sum(...): no luck"},
		{"error in it", "sum", []value.Value{list(failing)}, "", "error calling sum(...): no luck"},
	})
}

// function gives a function of the library as an argument.
func function(t testing.TB, name string) value.Value {
	t.Helper()
	f, ok := library.Lookup(name)
	require.True(t, ok, name)
	return f.Value
}

func TestFilter(t *testing.T) {
	check(t, nil, []result{
		{"by truth", "filter", []value.Value{list(text("a"), text(""), num("0"), num("1")), function(t, "boolean")}, "[a, 1]", ""},
		{"truth of results", "filter", []value.Value{list(textArgs("a", "")...), function(t, "text")}, "[a]", ""},
		{"none", "filter", []value.Value{list(nil), function(t, "boolean")}, "[]", ""},
		{"null", "filter", []value.Value{nil, function(t, "boolean")}, "[]", ""},
		{"error inside", "filter", []value.Value{list(text("x")), function(t, "number")}, "", `error calling filter(...): error calling number(...): unable to convert "x" to a number`},
		{"no function", "filter", []value.Value{list(), text("x")}, "", `error calling filter(...): "x" is not a function`},
		{"null as function", "filter", []value.Value{list(), nil}, "", "error calling filter(...): null is not a function"},
		{"error", "filter", []value.Value{failing, function(t, "boolean")}, "", "error calling filter(...): no luck"},
		{"error as function", "filter", []value.Value{list(), failing}, "", "error calling filter(...): no luck"},
	})
}

func TestForEach(t *testing.T) {
	check(t, nil, []result{
		{"items", "foreach", []value.Value{list(text("1"), nil, num("2")), function(t, "text")}, "[1, , 2]", ""},
		{"further arguments", "foreach", []value.Value{list(list(num("1")), nil), function(t, "concat"), list(num("2"))}, "[[1, 2], [2]]", ""},
		{"each its own array", "foreach", []value.Value{list(num("1"), num("2")), function(t, "array"), text("x")}, "[[1, x], [2, x]]", ""},
		{"in each other", "foreach", []value.Value{list(list(num("1")), list(num("0"))), function(t, "foreach"), function(t, "boolean")}, "[[true], [false]]", ""},
		{"null", "foreach", []value.Value{nil, function(t, "text")}, "[]", ""},
		{"first error", "foreach", []value.Value{list(textArgs("1", "x", "y")...), function(t, "number")}, "", `error calling foreach(...): error calling number(...): unable to convert "x" to a number`},
		{"error handed on", "foreach", []value.Value{list(nil), function(t, "default"), failing}, "", "error calling foreach(...): error calling default(...): no luck"},
		{"wrong arguments", "foreach", []value.Value{list(nil), function(t, "text"), nil}, "", "error calling foreach(...): error calling text(...): need 1 argument(s), got 2"},
		{"text", "foreach", []value.Value{text("abc"), function(t, "text")}, "", `error calling foreach(...): unable to convert "abc" to an array`},
		{"no function", "foreach", []value.Value{list(), num("1")}, "", "error calling foreach(...): 1 is not a function"},
		{"error", "foreach", []value.Value{failing, function(t, "text")}, "", "error calling foreach(...): no luck"},
		{"one argument", "foreach", []value.Value{list()}, "", "error calling foreach(...): need at least 2 argument(s), got 1"},
	})
}

// An evaluation that runs over its budget inside says so, and nothing else.
func TestForEachOverBudget(t *testing.T) {
	rt := runtime(nil)
	rt.SetBudget(5)
	got := call(t, rt, "foreach", list(textArgs("abc", "def")...), function(t, "text"))
	assert.Equal(t, value.ErrTooComplex(), got)
}

func TestForEachValue(t *testing.T) {
	object := value.NewObjectWithDefault(text("me"), []value.Property{{Key: "b", Value: text("0")}, {Key: "a", Value: nil}})
	check(t, nil, []result{
		{"properties", "foreach_value", []value.Value{object, function(t, "boolean")}, "{a: false, b: true}", ""},
		{"further arguments", "foreach_value", []value.Value{object, function(t, "array"), num("1")}, "{a: [, 1], b: [0, 1]}", ""},
		{"null", "foreach_value", []value.Value{nil, function(t, "boolean")}, "{}", ""},
		{"error inside", "foreach_value", []value.Value{object, function(t, "number")}, "", "error calling foreach_value(...): error calling number(...): unable to convert null to a number"},
		{"array", "foreach_value", []value.Value{list(), function(t, "boolean")}, "", "error calling foreach_value(...): unable to convert array to an object"},
		{"no function", "foreach_value", []value.Value{object, nil}, "", "error calling foreach_value(...): null is not a function"},
		{"error", "foreach_value", []value.Value{failing, function(t, "boolean")}, "", "error calling foreach_value(...): no luck"},
	})
}

func TestObjects(t *testing.T) {
	object := value.NewObjectWithDefault(text("me"), []value.Property{
		{Key: "b", Value: text("0")}, {Key: "A", Value: num("1")}, {Key: "broken", Value: failing}, {Key: "none", Value: nil},
	})
	check(t, nil, []result{
		{"names", "keys", []value.Value{object}, "[A, b, broken, none]", ""},
		{"null", "keys", []value.Value{nil}, "[]", ""},
		{"text", "keys", textArgs("abc"), "", `error calling keys(...): unable to convert "abc" to an object`},
		{"error", "keys", []value.Value{failing}, "", "error calling keys(...): no luck"},
		{"letter case", "extract", []value.Value{object, text("a")}, "1", ""},
		{"missing", "extract", []value.Value{object, text("z")}, "", ""},
		{"not the default", "extract", []value.Value{object, text("__default__")}, "", ""},
		{"null", "extract", []value.Value{nil, text("a")}, "", ""},
		{"null name", "extract", []value.Value{object, nil}, "", ""},
		{"text", "extract", textArgs("abc", "a"), "", `error calling extract(...): unable to convert "abc" to an object`},
		{"array", "extract", []value.Value{list(), num("0")}, "", "error calling extract(...): unable to convert array to an object"},
		{"error", "extract", []value.Value{failing, text("a")}, "", "error calling extract(...): no luck"},
		{"error as name", "extract", []value.Value{object, failing}, "", "error calling extract(...): no luck"},
		{"error inside", "extract", []value.Value{object, text("broken")}, "", "error calling extract(...): no luck"},
		{"names", "extract_object", []value.Value{object, text("b"), text("z"), text("a")}, "{a: 1, b: 0, z: }", ""},
		{"a name twice", "extract_object", []value.Value{object, text("b"), text("b")}, "{b: 0}", ""},
		{"null", "extract_object", []value.Value{nil, text("a")}, "{a: }", ""},
		{"text", "extract_object", textArgs("abc", "a"), "", `error calling extract_object(...): unable to convert "abc" to an object`},
		{"error", "extract_object", []value.Value{object, text("a"), failing}, "", "error calling extract_object(...): no luck"},
		{"error inside", "extract_object", []value.Value{object, text("broken")}, "", "error calling extract_object(...): no luck"},
		{"no names", "extract_object", []value.Value{object}, "", "error calling extract_object(...): need at least 2 argument(s), got 1"},
		{"object", "count", []value.Value{object}, "4", ""},
		{"array", "count", []value.Value{list(nil, nil)}, "2", ""},
		{"null", "count", []value.Value{nil}, "0", ""},
		{"text", "count", textArgs("abc"), "", "error calling count(...): value isn't countable"},
		{"error", "count", []value.Value{failing}, "", "error calling count(...): no luck"},
	})
}

// Reading a deprecated property by its name warns; walking through all does not.
func TestDeprecatedProperties(t *testing.T) {
	object := value.NewObject([]value.Property{{Key: "id", Value: text("1"), Deprecated: "use ref"}, {Key: "ref", Value: text("X")}})
	for _, c := range []struct {
		fn   string
		args []value.Value
		want []string
	}{
		{"extract", []value.Value{object, text("ID")}, []string{"use ref"}},
		{"extract", []value.Value{object, text("ref")}, nil},
		{"extract_object", []value.Value{object, text("ref"), text("id")}, []string{"use ref"}},
		{"foreach_value", []value.Value{object, function(t, "text")}, nil},
		{"keys", []value.Value{object}, nil},
		{"count", []value.Value{object}, nil},
	} {
		rt := runtime(nil)
		call(t, rt, c.fn, c.args...)
		assert.Equal(t, c.want, rt.Warnings(), c.fn)
	}
}

func BenchmarkForEach(b *testing.B) {
	rt := runtime(nil)
	given := []value.Value{list(textArgs("a", "b", "c", "d", "e", "f", "g", "h", "i", "j")...), function(b, "text")}
	b.ReportAllocs()
	for b.Loop() {
		rt.Reset(1)
		if _, failed := call(b, rt, "foreach", given...).(*value.Error); failed {
			b.Fatal("failed")
		}
	}
}

// thousand gives numbers that are in no order.
func thousand() value.Value {
	items := make([]value.Value, 1000)
	for i := range items {
		items[i] = num(strconv.Itoa(i * 7919 % 1000))
	}
	return list(items...)
}

func BenchmarkSort(b *testing.B) { benchmarkArray(b, "sort") }

func BenchmarkUnique(b *testing.B) { benchmarkArray(b, "unique") }

func benchmarkArray(b *testing.B, name string) {
	rt, items := runtime(nil), thousand()
	b.ReportAllocs()
	for b.Loop() {
		rt.Reset(1)
		if got := call(b, rt, name, items); got.(*value.Array).Len() != 1000 {
			b.Fatal("items are lost")
		}
	}
}
