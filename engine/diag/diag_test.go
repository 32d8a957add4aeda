package diag_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/engine/diag"
)

func TestPosition(t *testing.T) {
	index := diag.NewIndex("ab\né😀c\n")
	for offset, want := range map[int]diag.Position{
		0: {1, 1}, 2: {1, 3}, 3: {2, 1}, 5: {2, 2}, 9: {2, 3}, 10: {2, 4}, 11: {3, 1},
	} {
		assert.Equal(t, want, index.Position(offset), offset)
	}
}

func TestNearest(t *testing.T) {
	names := []string{"first_name", "name", "language", "urn", "urns", "uuid"}
	for name, want := range map[string]string{
		"frist_name": "first_name", "nam": "name", "lang": "language", "uudi": "uuid", "zzzz": "", "": "", "urn": "urn", "firstname": "first_name",
	} {
		assert.Equal(t, want, diag.Nearest(name, names), name)
	}
}

func TestJSON(t *testing.T) {
	entries := diag.JSON("é @contact.x", []diag.Diagnostic{{
		Severity: diag.Error, Code: "unknown_property", Message: "no such thing", Hint: "did you mean y?", Expression: "@contact.x",
		Span: diag.Span{Start: 3, End: 13}, Fix: &diag.Fix{Span: diag.Span{Start: 12, End: 13}, Replacement: "y"},
	}})
	data, err := json.Marshal(entries)
	require.NoError(t, err)
	assert.JSONEq(t, `[{"severity":"error","code":"unknown_property","message":"no such thing","expression":"@contact.x","start":3,"end":13,
		"line":1,"column":3,"hint":"did you mean y?","fix":{"start":12,"end":13,"replacement":"y"}}]`, string(data))
	data, err = json.Marshal(diag.JSON("", nil))
	require.NoError(t, err)
	assert.Equal(t, "[]", string(data))
}

// The golden file shows carets under the places, in lines that are short, long, and not ASCII.
func TestRender(t *testing.T) {
	template := "Hi @contact.nam,\n\té you owe @(1 / 0) since " + string(bytes.Repeat([]byte("long "), 40)) + "@contact.urn"
	at := func(part string) diag.Span {
		start := bytes.Index([]byte(template), []byte(part))
		return diag.Span{Start: start, End: start + len(part)}
	}
	var out bytes.Buffer
	require.NoError(t, diag.Render(&out, "greeting.txt", template, []diag.Diagnostic{
		{Severity: diag.Error, Code: "unknown_property", Message: "object has no property 'nam'", Hint: "did you mean contact.name?", Span: at("@contact.nam")},
		{Severity: diag.Error, Code: "division_by_zero", Message: "division by zero", Span: at("@(1 / 0)")},
		{Severity: diag.Warning, Code: "no_connection", Message: "the contact has no connection for contact.urn", Span: at("@contact.urn")},
	}))
	const golden = "testdata/render.golden"
	if os.Getenv("UPDATE") != "" {
		require.NoError(t, os.MkdirAll("testdata", 0o750))
		require.NoError(t, os.WriteFile(golden, out.Bytes(), 0o600))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Equal(t, string(want), out.String())
}

func ExampleDiagnostic() {
	d := diag.Diagnostic{Severity: diag.Error, Code: "unknown_field", Message: "object has no property 'aeg'", Hint: "did you mean fields.age?"}
	fmt.Println(d.Error())
	// Output: object has no property 'aeg'; did you mean fields.age?
}

func FuzzRender(f *testing.F) {
	f.Add("Hi @contact.nam,\nyou", 3, 12)
	f.Add("\xff\t\x00", 0, 3)
	f.Fuzz(func(t *testing.T, template string, start, end int) {
		if start < 0 || end < start || end > len(template) {
			return
		}
		_ = diag.Append(nil, "x", template, []diag.Diagnostic{{Severity: diag.Error, Message: "m", Span: diag.Span{Start: start, End: end}}})
	})
}
