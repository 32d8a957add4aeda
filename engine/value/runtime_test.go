package value_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/engine/value"
)

// constant makes a function that gives always the same.
func constant(name string, v value.Value) *value.Function {
	return &value.Function{Name: name, Call: func(*value.Runtime, []value.Value) value.Value { return v }}
}

func TestInvokeWrapsErrors(t *testing.T) {
	rt := value.NewRuntime(nil, nil, 0)
	inner := constant("", value.ErrDivisionByZero())
	outer := &value.Function{Name: "foreach", Call: func(rt *value.Runtime, args []value.Value) value.Value {
		return rt.Invoke(inner, args)
	}}
	got := rt.Invoke(outer, nil).(*value.Error)
	assert.Equal(t, "error calling foreach(...): error calling <anon>(...): division by zero", got.Message)
	assert.Equal(t, value.CodeDivisionByZero, got.Code, "the cause's code stays")
	assert.Equal(t, "division by zero", value.ErrDivisionByZero().Message)

	got = rt.Invoke(constant("word", &value.Error{Message: "no"}), nil).(*value.Error)
	assert.Equal(t, value.CodeFunction, got.Code)

}

func TestFatalErrorsAreNotWrapped(t *testing.T) {
	rt := value.NewRuntime(nil, nil, 0)
	got := rt.Invoke(constant("word", value.ErrTooComplex()), nil).(*value.Error)
	assert.Equal(t, "expression is too complex to evaluate", got.Message)
	assert.True(t, got.Fatal)
}

func TestWrongArguments(t *testing.T) {
	assert.Equal(t, "need 1 argument(s), got 0", value.WrongArguments(1, 1, 0).Message)
	assert.Equal(t, "need 1 to 2 argument(s), got 3", value.WrongArguments(1, 2, 3).Message)
	assert.Equal(t, "need at least 1 argument(s), got 0", value.WrongArguments(1, -1, 0).Message)
	assert.Equal(t, value.CodeWrongArguments, value.WrongArguments(1, 1, 0).Code)
}

func TestBudget(t *testing.T) {
	rt := value.NewRuntime(nil, nil, 0)
	rt.SetBudget(10)
	assert.Nil(t, rt.Charge(text("12345")), "its bytes")
	assert.Nil(t, rt.Charge(text("é")), "two bytes")
	assert.Nil(t, rt.Charge(text("")), "at least one")
	assert.Nil(t, rt.Charge(nil))
	assert.Nil(t, rt.Charge(num("123456")), "one")
	assert.Equal(t, value.ErrTooComplex(), rt.Charge(value.Boolean(true)))
	rt.Reset(0)
	assert.Nil(t, rt.Charge(text("1234567890")))
	assert.Equal(t, value.TypeError, value.TypeOf(value.Eq(rt, nil, nil)), "operators charge")
	rt.Reset(0)
	got := rt.Invoke(constant("repeat", text("12345678901")), nil).(*value.Error)
	assert.True(t, got.Fatal, "functions charge")
}

// A few values that contain each other print as many: they are stopped where they are made.
func TestBudgetBoundsWhatIsShared(t *testing.T) {
	rt := value.NewRuntime(nil, nil, 0)
	double := &value.Function{Name: "array", Call: func(_ *value.Runtime, args []value.Value) value.Value {
		return value.NewArray([]value.Value{args[0], object("again", args[0])})
	}}
	var v value.Value = text("twenty bytes of text")
	for depth := range 100 {
		v = rt.Invoke(double, []value.Value{v})
		if failure, ok := v.(*value.Error); ok {
			assert.True(t, failure.Fatal)
			assert.Less(t, depth, 20)
			return
		}
	}
	t.Fatal("the value grew without end")
}

func TestCostlyPowersAreCharged(t *testing.T) {
	rt := value.NewRuntime(nil, nil, 0)
	rt.SetBudget(1000)
	assert.Equal(t, "1.4142136", printed(value.Pow(rt, num("2"), num("0.5"))))
	assert.Equal(t, "1024", printed(value.Pow(rt, num("2"), num("10"))))
	started := time.Now()
	got := value.Pow(rt, num("0."+strings.Repeat("0", 99)+"3"), num("99."+strings.Repeat("7", 34)))
	assert.Equal(t, "!expression is too complex to evaluate", printed(got))
	assert.Less(t, time.Since(started), 100*time.Millisecond, "it is refused before it is computed")
}

func TestRandomSeeds(t *testing.T) {
	draw := func(rt *value.Runtime) string {
		return fmt.Sprint(rt.Rand().Float64(), rt.Rand().IntN(1000), rt.Rand().IntN(1000))
	}
	rt := value.NewRuntime(nil, nil, 7)
	first := draw(rt)
	assert.NotEqual(t, first, draw(rt))
	rt.Reset(7)
	assert.Equal(t, first, draw(rt))
	rt.Reset(8)
	assert.NotEqual(t, first, draw(rt))
	rt.Reset(0)
	chance := draw(rt)
	rt.Reset(0)
	assert.NotEqual(t, chance, draw(rt), "no seed is a seed of its own")
}

func TestNow(t *testing.T) {
	kigali, err := time.LoadLocation("Africa/Kigali")
	require.NoError(t, err)
	clock := func() time.Time { return moment }
	rt := value.NewRuntime(&value.Environment{Timezone: kigali}, clock, 0)
	assert.Equal(t, "2018-04-11T20:24:30.123456+02:00", canonical(t, value.NewDateTime(rt.Now())))
	rt = value.NewRuntime(nil, clock, 0)
	assert.Equal(t, "2018-04-11T18:24:30.123456Z", canonical(t, value.NewDateTime(rt.Now())))
	assert.WithinDuration(t, time.Now(), value.NewRuntime(nil, nil, 0).Now(), time.Minute)
}

func TestResetReusesMemory(t *testing.T) {
	rt := value.NewRuntime(nil, nil, 0)
	fill := func() {
		rt.Reset(0)
		for range 1000 {
			rt.Text("a")
			rt.Number(value.NewInt(1))
		}
	}
	fill()
	assert.Zero(t, testing.AllocsPerRun(10, fill))

	rt.Reset(0)
	kept := []value.Value{rt.Text("a"), rt.Number(value.NewInt(1))}
	for i := range 3000 { // more than one chunk, and more than is kept
		kept = append(kept, rt.Number(value.NewInt(int64(i))))
	}
	assert.Equal(t, "2999", printed(kept[len(kept)-1]), "cells do not move")
	assert.Equal(t, "a", printed(kept[0]))
	rt.Clear()
	assert.Equal(t, "", printed(kept[0]), "nothing holds on to the text")
}

func TestDetach(t *testing.T) {
	rt := value.NewRuntime(nil, nil, 0)
	shared := value.NewArray([]value.Value{rt.Text("a"), rt.Number(value.NewInt(1)), nil, upper})
	properties := []value.Property{{Key: "x", Value: shared, Deprecated: "old"}, {Key: "y", Value: shared}}
	lazy := value.NewLazyObject(func() *value.Object {
		return value.NewObjectWithDefault(rt.Text("d"), properties)
	})
	kept := value.Detach(value.NewArray([]value.Value{lazy, shared, value.Boolean(true), mistake}))
	rt.Reset(0)
	rt.Text("overwritten")
	rt.Number(value.NewInt(99))

	items := kept.(*value.Array).Items()
	copied := items[0].(*value.Object)
	assert.Equal(t, "d", printed(copied))
	assert.Equal(t, "[a, 1, , upper]", printed(items[1]))
	assert.Equal(t, "old", copied.Properties()[0].Deprecated)
	x, _ := copied.Get("x")
	assert.Same(t, items[1], x, "what is shared stays shared")
	assert.Same(t, mistake, items[3])
	assert.Nil(t, value.Detach(nil))
	assert.Equal(t, "x", printed(value.Detach(text("x"))))
}

func TestLazyObjects(t *testing.T) {
	loads := 0
	lazy := value.NewLazyObject(func() *value.Object {
		loads++
		return value.NewLazyObject(func() *value.Object { return object("a", num("1")) })
	})
	assert.Zero(t, loads)
	assert.Equal(t, "{a: 1}", printed(lazy))
	assert.Equal(t, 1, lazy.Len())
	_, has := lazy.Default()
	assert.False(t, has)
	assert.Equal(t, `{"a":1}`, mustJSON(t, lazy))
	assert.True(t, value.Equal(lazy, object("a", num("1"))))
	assert.Equal(t, 1, loads)
}

func TestObjectsOrderTheirProperties(t *testing.T) {
	given := []value.Property{
		{Key: "b", Value: num("1")}, {Key: "a", Value: num("2")}, {Key: "b", Value: num("3")},
		{Key: "B", Value: num("4")}, {Key: "b", Value: num("5")},
	}
	assert.Equal(t, "{B: 4, a: 2, b: 5}", printed(value.NewObject(given)))
	ordered := []value.Property{{Key: "a"}, {Key: "b"}}
	value.NewObject(ordered)
	assert.Equal(t, []value.Property{{Key: "a"}, {Key: "b"}}, ordered)
	assert.Equal(t, "{}", printed(value.NewObject(nil)))
}

func mustJSON(t testing.TB, v value.Value) string {
	t.Helper()
	got, failure := value.ToJSON(v)
	require.Nil(t, failure)
	return got
}
