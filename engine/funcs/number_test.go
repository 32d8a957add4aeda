package funcs_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/engine/value"
)

func TestNumbers(t *testing.T) {
	large := "999999999999999999999999999999999999"
	check(t, nil, []result{
		{"text", "abs", []value.Value{text("-3.50")}, "3.5", ""},
		{"positive", "abs", []value.Value{num("3")}, "3", ""},
		{"null", "abs", []value.Value{nil}, "", "error calling abs(...): unable to convert null to a number"},
		{"boolean", "abs", []value.Value{value.Boolean(true)}, "", "error calling abs(...): unable to convert true to a number"},

		{"half", "round", []value.Value{num("2.5")}, "3", ""},
		{"negative half", "round", []value.Value{num("-2.5")}, "-3", ""},
		{"exact decimals", "round", []value.Value{num("1.005"), num("2")}, "1.01", ""},
		{"text", "round", []value.Value{text("2.345"), text("2")}, "2.35", ""},
		{"before the point", "round", []value.Value{num("-1250"), num("-2")}, "-1300", ""},
		{"before all digits", "round", []value.Value{num("12"), num("-3")}, "0", ""},
		{"more places than digits", "round", []value.Value{num("12.5"), num("2000000000")}, "12.5", ""},
		{"far before the point", "round", []value.Value{num("12.5"), num("-2000000000")}, "0", ""},
		{"large", "round", []value.Value{num(large), num("-1")}, "1000000000000000000000000000000000000", ""},
		{"null", "round", []value.Value{nil}, "", "error calling round(...): unable to convert null to a number"},
		{"null places", "round", []value.Value{num("1"), nil}, "", "error calling round(...): unable to convert null to a number"},
		{"three arguments", "round", []value.Value{num("1"), num("1"), num("1")}, "", "error calling round(...): need 1 to 2 argument(s), got 3"},

		{"up", "round_up", []value.Value{num("1.01")}, "2", ""},
		{"toward positive infinity", "round_up", []value.Value{num("-1.5")}, "-1", ""},
		{"whole", "round_up", []value.Value{num("2.0")}, "2", ""},
		{"places", "round_up", []value.Value{num("1.231"), num("2")}, "1.24", ""},
		{"before the point", "round_up", []value.Value{num("101"), num("-2")}, "200", ""},
		{"null", "round_up", []value.Value{nil}, "", "error calling round_up(...): unable to convert null to a number"},

		{"down", "round_down", []value.Value{num("1.99")}, "1", ""},
		{"toward negative infinity", "round_down", []value.Value{num("-1.5")}, "-2", ""},
		{"places", "round_down", []value.Value{num("1.239"), num("2")}, "1.23", ""},
		{"before the point", "round_down", []value.Value{num("199"), num("-2")}, "100", ""},
		{"null", "round_down", []value.Value{nil}, "", "error calling round_down(...): unable to convert null to a number"},

		{"one", "max", []value.Value{num("-1")}, "-1", ""},
		{"text", "max", []value.Value{text("5"), num("3"), num("4.9")}, "5", ""},
		{"null", "max", []value.Value{num("1"), nil}, "", "error calling max(...): unable to convert null to a number"},
		{"word", "max", []value.Value{text("a")}, "", `error calling max(...): unable to convert "a" to a number`},
		{"first error", "max", []value.Value{num("1"), text("a"), text("b")}, "", `error calling max(...): unable to convert "a" to a number`},
		{"none", "max", nil, "", "error calling max(...): need at least 1 argument(s), got 0"},
		{"many", "min", []value.Value{num("3"), text("-5"), num("4.9")}, "-5", ""},
		{"null", "min", []value.Value{nil}, "", "error calling min(...): unable to convert null to a number"},
		{"none", "min", nil, "", "error calling min(...): need at least 1 argument(s), got 0"},

		{"16 places", "mean", []value.Value{num("1"), num("2"), num("4")}, "2.3333333333333333", ""},
		{"rounded", "mean", []value.Value{num("1"), num("1"), num("0")}, "0.6666666666666667", ""},
		{"one", "mean", []value.Value{text("7")}, "7", ""},
		{"null", "mean", []value.Value{num("1"), nil}, "", "error calling mean(...): unable to convert null to a number"},
		{"too many digits", "mean", []value.Value{num(large), num("0")}, "", "error calling mean(...): number value out of range"},
		{"none", "mean", nil, "", "error calling mean(...): need at least 1 argument(s), got 0"},

		{"sign of the dividend", "mod", []value.Value{num("-5"), num("3")}, "-2", ""},
		{"negative divisor", "mod", []value.Value{num("5"), num("-3")}, "2", ""},
		{"decimals", "mod", []value.Value{num("5.5"), num("0.4")}, "0.3", ""},
		{"zero", "mod", []value.Value{num("5"), num("0.0")}, "", "error calling mod(...): division by zero"},
		{"null", "mod", []value.Value{num("5"), nil}, "", "error calling mod(...): unable to convert null to a number"},

		{"arguments", "rand", []value.Value{nil}, "", "error calling rand(...): need 0 argument(s), got 1"},
		{"one number", "rand_between", []value.Value{num("-4"), num("-4")}, "-4", ""},
		{"null", "rand_between", []value.Value{num("1"), nil}, "", "error calling rand_between(...): unable to convert null to a number"},
		{"null first", "rand_between", []value.Value{nil, text("x")}, "", "error calling rand_between(...): unable to convert null to a number"},
	})
}

// Random numbers stay within their bounds, reach them, and return with the seed.
func TestRandom(t *testing.T) {
	rt := runtime(nil)
	draw := func(name string, args ...value.Value) value.Decimal {
		n, failure := value.ToNumber(call(t, rt, name, args...))
		require.Nil(t, failure)
		return n
	}
	seen := map[string]bool{}
	for range 200 {
		n := draw("rand")
		assert.True(t, n.Sign() >= 0 && n.Cmp(value.NewInt(1)) < 0, n.String())
		seen[draw("rand_between", num("-1"), num("1")).String()] = true
	}
	assert.Equal(t, map[string]bool{"-1": true, "0": true, "1": true}, seen)

	rt.Reset(123456)
	first, second := draw("rand").String(), draw("rand").String()
	assert.NotEqual(t, first, second)
	rt.Reset(123456)
	assert.Equal(t, first, draw("rand").String())
	assert.Equal(t, second, draw("rand").String())
}
