package funcs_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/engine/funcs"
	"github.com/flowexpr/flowexpr/engine/value"
)

// library is immutable, so the tests share it.
var library = funcs.Standard()

// call calls a function as an expression would.
func call(t testing.TB, rt *value.Runtime, name string, args ...value.Value) value.Value {
	t.Helper()
	f, ok := library.Lookup(name)
	require.True(t, ok, "function %s", name)
	return rt.Invoke(f.Value, args)
}

// now is the time of the tests.
var now = time.Date(2018, 4, 11, 18, 24, 30, 123456000, time.UTC)

// runtime makes a runtime at that time; a nil environment means the defaults.
func runtime(env *value.Environment) *value.Runtime {
	return value.NewRuntime(env, func() time.Time { return now }, 1)
}

// text makes a text, num a number from its text.
func text(s string) value.Value { return value.NewText(s) }

func num(s string) value.Value {
	d, err := value.ParseDecimal(s)
	if err != nil {
		panic(err)
	}
	return value.NewNumber(d)
}

func list(items ...value.Value) value.Value { return value.NewArray(items) }

// failing is an error as an argument.
var failing = value.NewError("no luck")

// result is a call, and what it gives: canonical text, or the message of an error.
type result struct {
	name string
	fn   string
	args []value.Value
	want string
	fail string
}

// check runs calls in an environment.
func check(t *testing.T, env *value.Environment, calls []result) {
	t.Helper()
	for _, c := range calls {
		t.Run(c.fn+" "+c.name, func(t *testing.T) {
			v := call(t, runtime(env), c.fn, c.args...)
			got, failure := value.ToText(v)
			if c.fail != "" {
				require.NotNil(t, failure, "got %q", got)
				assert.Equal(t, c.fail, failure.Message)
				return
			}
			require.Nil(t, failure)
			assert.Equal(t, c.want, got)
		})
	}
}
