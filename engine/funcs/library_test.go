package funcs_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/flowexpr/flowexpr/engine/value"
)

func TestConversion(t *testing.T) {
	check(t, nil, []result{
		{"number", "text", []value.Value{num("1.50")}, "1.5", ""},
		{"null", "text", []value.Value{nil}, "", ""},
		{"error", "text", []value.Value{failing}, "", "error calling text(...): no luck"},
		{"no", "boolean", []value.Value{text("no")}, "true", ""},
		{"False", "boolean", []value.Value{text("False")}, "false", ""},
		{"error", "boolean", []value.Value{failing}, "", "error calling boolean(...): no luck"},
		{"text", "number", []value.Value{text(" -1.20 ")}, "-1.2", ""},
		{"null", "number", []value.Value{nil}, "", "error calling number(...): unable to convert null to a number"},
		{"datetime", "date", []value.Value{value.NewDateTime(now)}, "2018-04-11", ""},
		{"date", "datetime", []value.Value{value.NewDate(2018, 4, 11)}, "2018-04-11T00:00:00.000000Z", ""},
		{"hour", "time", []value.Value{num("24")}, "00:00:00.000000", ""},
		{"items", "array", []value.Value{num("1"), nil, text("x")}, "[1, , x]", ""},
		{"error", "array", []value.Value{num("1"), failing}, "", "error calling array(...): no luck"},
		{"pairs", "object", []value.Value{text("b"), num("1"), text("a"), nil}, "{a: , b: 1}", ""},
		{"default", "object", []value.Value{text("__default__"), text("me"), text("a"), num("1")}, "me", ""},
		{"odd", "object", []value.Value{text("b")}, "", "error calling object(...): requires an even number of arguments"},
	})
}

func TestLogic(t *testing.T) {
	yes, no := value.Boolean(true), value.Boolean(false)
	check(t, nil, []result{
		{"all", "and", []value.Value{yes, num("1"), text("0")}, "true", ""},
		{"error behind the decision", "and", []value.Value{no, failing}, "false", ""},
		{"error before it", "and", []value.Value{failing, no}, "", "error calling and(...): no luck"},
		{"none", "or", []value.Value{no, nil, text("")}, "false", ""},
		{"error behind the decision", "or", []value.Value{yes, failing}, "true", ""},
		{"yes", "if", []value.Value{yes, text("a"), failing}, "a", ""},
		{"no", "if", []value.Value{nil, failing, text("b")}, "b", ""},
		{"two arguments", "if", []value.Value{nil, nil}, "", "error calling if(...): need 3 argument(s), got 2"},
		{"empty", "default", []value.Value{text(""), text("d")}, "d", ""},
		{"space", "default", []value.Value{text(" "), text("d")}, " ", ""},
		{"error", "default", []value.Value{failing, text("d")}, "d", ""},
		{"error", "is_error", []value.Value{failing}, "true", ""},
		{"null", "is_error", []value.Value{nil}, "false", ""},
	})
}

func TestSignature(t *testing.T) {
	for name, want := range map[string]string{
		"text": "text(value)", "array": "array([values...])", "and": "and(value [, values...])", "if": "if(test, yes, no)",
	} {
		f, ok := library.Lookup(name)
		assert.True(t, ok, name)
		assert.Equal(t, want, f.Signature())
	}
}

// Every function is documented, and has an example.
func TestDocumented(t *testing.T) {
	for _, f := range library.All() {
		assert.NotEmpty(t, f.Doc, f.Name)
		assert.NotEmpty(t, f.Examples, f.Name)
		assert.NotEmpty(t, f.Result, f.Name)
		for _, p := range f.Params {
			assert.Contains(t, paramTypes, p.Type, "%s(%s)", f.Name, p.Name)
		}
	}
}

var paramTypes = []string{"text", "number", "integer", "boolean", "date", "datetime", "time", "array", "object", "function", "any"}
