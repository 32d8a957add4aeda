package diag_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/engine/diag"
)

func TestPosition(t *testing.T) {
	index := diag.NewIndex("ab\né😀c\n")
	for _, c := range []struct {
		name   string
		offset int
		want   diag.Position
	}{
		{"start", 0, diag.Position{Line: 1, Column: 1}},
		{"line end", 2, diag.Position{Line: 1, Column: 3}},
		{"next line", 3, diag.Position{Line: 2, Column: 1}},
		{"behind two bytes", 5, diag.Position{Line: 2, Column: 2}},
		{"inside a character", 7, diag.Position{Line: 2, Column: 2}},
		{"behind four bytes", 9, diag.Position{Line: 2, Column: 3}},
		{"last line end", 10, diag.Position{Line: 2, Column: 4}},
		{"end", 11, diag.Position{Line: 3, Column: 1}},
		{"beyond", 99, diag.Position{Line: 3, Column: 1}},
		{"before", -1, diag.Position{Line: 1, Column: 1}},
	} {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, index.Position(c.offset)) })
	}
}

func TestNearest(t *testing.T) {
	names := []string{"first_name", "name", "language", "urn", "urns", "uuid", "created_on", "Straße"}
	for _, c := range []struct{ name, written, want string }{
		{"itself", "urn", "urn"},
		{"swapped letters", "frist_name", "first_name"},
		{"missing letter", "nam", "name"},
		{"missing underscore", "firstname", "first_name"},
		{"letter too many", "uuuid", "uuid"},
		{"another letter", "crested_on", "created_on"},
		{"letter case", "LANGUAGE", "language"},
		{"swap in a short name", "uudi", "uuid"},
		{"a third of the letters", "fxrstxnxme", "first_name"},
		{"more than that", "fxrxtxnxme", ""},
		{"beginning", "lang", "language"},
		{"beginning of two, the shorter", "urnx", "urn"},
		{"too short a beginning", "cr", ""},
		{"longer", "language_code", "language"},
		{"other letters", "strase", "Straße"},
		{"nothing like it", "zzzz", ""},
		{"one letter", "x", ""},
		{"nothing", "", ""},
		{"longer than anybody writes", strings.Repeat("urn", 1000), ""},
	} {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, diag.Nearest(c.written, names)) })
	}
	assert.Equal(t, diag.Nearest("ab", []string{"ax", "ay"}), diag.Nearest("ab", []string{"ay", "ax"}), "the order does not matter")
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

// The golden file shows carets under places in lines that are short, long, wide, or meant to mislead. UPDATE=1 writes it.
func TestRender(t *testing.T) {
	var out bytes.Buffer
	for _, c := range []struct {
		name, before, place, after string
		message, hint              string
	}{
		{"short", "Hi ", "@contact.nam", ",\nyou", "object has no property 'nam'", "did you mean contact.name?"},
		{"second line", "Hi\n\té you owe ", "@(1 / 0)", "\r\nbye", "division by zero", ""},
		{"long after", "Hi ", "@(1 / 0)", strings.Repeat(" long", 40), "division by zero", ""},
		{"long before", strings.Repeat("long ", 40), "@(1 / 0)", "", "division by zero", ""},
		{"long place", strings.Repeat("long ", 20), "@(" + strings.Repeat("1 + ", 40) + "x)", " long", "context has no property 'x'", ""},
		{"wide", "日本 👩‍👩‍👧 e\u0301 ", "@(日)", " x", "context has no property '日'", ""},
		{"over lines", "a ", "@(1 +\n x)", " b", "context has no property 'x'", ""},
		{"nothing at the end", "@(1 +", "", "", "syntax error at ", "a value is missing after +"},
		{"tenth line", strings.Repeat("\n", 9), "@x", "", "no", "yes"},
		{"commands", "\x1b[31mred\u202e ", "@(\"\x07\")", "\xff", "text \"\x1b[0m\nerror: none\"", "remove\x1b"},
	} {
		d := diag.Diagnostic{
			Severity: diag.Error, Code: "the_code", Message: c.message, Hint: c.hint,
			Span: diag.Span{Start: len(c.before), End: len(c.before) + len(c.place)},
		}
		require.NoError(t, diag.Render(&out, c.name, c.before+c.place+c.after, []diag.Diagnostic{d}))
	}
	whole := diag.Diagnostic{Severity: diag.Warning, Message: "about all of it", Hint: "a hint"}
	require.NoError(t, diag.Render(&out, "whole", "text", []diag.Diagnostic{whole}))
	require.NoError(t, diag.Render(&out, "", "text", []diag.Diagnostic{whole, {Severity: diag.Error, Message: "no name", Span: diag.Span{Start: 1, End: 3}}}))
	require.NoError(t, diag.Render(&out, "nothing", "text", nil))

	const golden = "testdata/render.golden"
	if os.Getenv("UPDATE") != "" {
		require.NoError(t, os.WriteFile(golden, out.Bytes(), 0o600))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Equal(t, string(want), out.String())
}

func TestSpan(t *testing.T) {
	span := diag.Span{Start: 2, End: 5}
	assert.Equal(t, diag.Span{Start: 12, End: 15}, span.Shift(10))
	assert.Equal(t, 3, span.Len())
}

func ExampleDiagnostic() {
	d := diag.Diagnostic{Severity: diag.Error, Code: "unknown_field", Message: "object has no property 'aeg'", Hint: "did you mean fields.age?"}
	fmt.Println(d.Error())
	// Output: object has no property 'aeg'; did you mean fields.age?
}

// Whatever the template and the place, rendering ends, and nothing in it could be a command to a terminal.
func FuzzRender(f *testing.F) {
	f.Add("Hi @contact.nam,\nyou", "no such thing", 3, 12)
	f.Add("\xff\t\x00\x1b[0m", "\x07\n", 0, 3)
	f.Add("日本\u202e", "", 1, 4)
	f.Fuzz(func(t *testing.T, template, message string, start, end int) {
		d := diag.Diagnostic{Severity: diag.Error, Message: message, Hint: message, Span: diag.Span{Start: start, End: end}}
		rendered := string(diag.Append(nil, template, template, []diag.Diagnostic{d}))
		require.True(t, utf8.ValidString(rendered))
		require.Equal(t, -1, strings.IndexFunc(rendered, func(c rune) bool { return c != '\n' && unicode.IsControl(c) }))
		require.LessOrEqual(t, strings.Count(rendered, "\n"), 4)
	})
}

func FuzzNearest(f *testing.F) {
	f.Add("frist_name", "first_name", "name")
	f.Add("\xff", "é", "")
	f.Fuzz(func(t *testing.T, name, a, b string) {
		near := diag.Nearest(name, []string{a, b})
		require.Contains(t, []string{"", a, b}, near)
		require.Equal(t, near, diag.Nearest(name, []string{b, a}))
	})
}

func BenchmarkNearest(b *testing.B) {
	names := make([]string, 200)
	for i := range names {
		names[i] = fmt.Sprintf("field_number_%d", i)
	}
	b.ReportAllocs()
	for b.Loop() {
		diag.Nearest("feild_number_77", names)
	}
}

func BenchmarkAppend(b *testing.B) {
	template := strings.Repeat("Hi @contact.nam,\n", 100)
	d := diag.Diagnostic{Severity: diag.Error, Code: "unknown_property", Message: "object has no property 'nam'", Span: diag.Span{Start: 3, End: 15}}
	var dst []byte
	b.ReportAllocs()
	for b.Loop() {
		dst = diag.Append(dst[:0], "greeting.txt", template, []diag.Diagnostic{d})
	}
}
