package legacy_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/engine/diag"
	"github.com/flowexpr/flowexpr/engine/syntax"
	"github.com/flowexpr/flowexpr/engine/syntax/legacy"
)

// migrateCase is a line of the case files. Those of this package name the codes of the notes too.
type migrateCase struct {
	ID      string `json:"id"`
	Kind    string `json:"kind"`
	Options struct {
		EchoOnError bool `json:"echo_on_error"`
		URLEncode   bool `json:"url_encode"`
		RawDates    bool `json:"raw_dates"`
	} `json:"options"`
	Input  string   `json:"input"`
	Expect string   `json:"expect"`
	Notes  []string `json:"notes"`
}

func readCases(t testing.TB, path string) (cases []migrateCase) {
	t.Helper()
	file, err := os.Open(path)
	require.NoError(t, err)
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var c migrateCase
		require.NoError(t, json.Unmarshal(lines.Bytes(), &c), lines.Text())
		cases = append(cases, c)
	}
	require.NoError(t, lines.Err())
	return cases
}

func (c *migrateCase) run() legacy.Result { return legacy.Migrate(c.Input, legacy.Options(c.Options)) }

func TestMigrate(t *testing.T) {
	for _, c := range readCases(t, "testdata/migrate.jsonl") {
		t.Run(c.ID, func(t *testing.T) {
			result := c.run()
			assert.Equal(t, c.Expect, result.Template)
			assert.Equal(t, c.Notes, codes(result.Notes))
			checkNotes(t, c.Input, result.Notes)
			checkParses(t, result)
		})
	}
}

func codes(notes []diag.Diagnostic) (codes []string) {
	for i := range notes {
		codes = append(codes, notes[i].Code)
	}
	return codes
}

func checkNotes(t *testing.T, template string, notes []diag.Diagnostic) {
	t.Helper()
	for _, note := range notes {
		assert.Equal(t, diag.Warning, note.Severity)
		assert.NotEmpty(t, note.Message)
		assert.True(t, 0 <= note.Span.Start && note.Span.Start <= note.Span.End && note.Span.End <= len(template), note.Span)
		assert.Contains(t, template, note.Expression)
	}
}

// checkParses holds the result against the current grammar, where nothing was left as it stood.
func checkParses(t *testing.T, result legacy.Result) {
	t.Helper()
	if len(result.Notes) > 0 {
		return
	}
	for _, b := range syntax.Scan(result.Template, allowed) {
		if b.Kind == syntax.TextBlock {
			assert.False(t, b.Unterminated, result.Template)
			continue
		}
		_, mistake := syntax.Parse(b.Text)
		assert.Nil(t, mistake, b.Text)
	}
}

func allowed(topLevel string) bool { return slices.Contains(roots, topLevel) }

var roots = strings.Fields("child contact fields globals input legacy_extra locals node parent results resume run ticket trigger urns webhook")

// TestConformance runs the shared cases where they are at hand.
func TestConformance(t *testing.T) {
	folder := os.Getenv("FLOWEXPR_CONFORMANCE")
	if folder == "" {
		return
	}
	paths, err := filepath.Glob(filepath.Join(folder, "*.jsonl"))
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for _, path := range paths {
		for _, c := range readCases(t, path) {
			if c.Kind == "migrate" {
				assert.Equal(t, c.Expect, c.run().Template, c.ID)
			}
		}
	}
}

func TestMigrateNotes(t *testing.T) {
	tests := []struct {
		name     string
		template string
		want     diag.Diagnostic
	}{
		{"syntax", `Hi @(1 + * 2)`, diag.Diagnostic{
			Code: "syntax_error", Message: "got `*`, want a value", Expression: "@(1 + * 2)", Span: diag.Span{Start: 9, End: 10}}},
		{"end", `Hi @(UPPER(1) &)`, diag.Diagnostic{
			Code: "syntax_error", Message: "got the end, want a value", Expression: "@(UPPER(1) &)", Span: diag.Span{Start: 15, End: 15}}},
		{"unterminated", `Hi @(1 + 2`, diag.Diagnostic{
			Code: "syntax_error", Message: "the parenthesis is never closed: all that follows is text",
			Hint: "add the missing `)`", Span: diag.Span{Start: 3, End: 5}}},
		{"variable", `@(1 = colour)`, diag.Diagnostic{
			Code: "unknown_variable", Message: "colour is not a legacy variable: it is left as it is", Expression: "@(1 = colour)",
			Span: diag.Span{Start: 6, End: 12}}},
		{"function", `@(LEN(FOO(1)))`, diag.Diagnostic{
			Code: "unknown_function", Message: "foo is not a legacy function: it is left as it is", Expression: "@(LEN(FOO(1)))",
			Span: diag.Span{Start: 6, End: 12}}},
		{"arguments", `@(LEN(1, 2))`, diag.Diagnostic{
			Code: "wrong_argument_count", Message: "LEN cannot have 2 arguments", Expression: "@(LEN(1, 2))", Span: diag.Span{Start: 2, End: 11}}},
		{"now a variable", `Hi @results.x`, diag.Diagnostic{
			Code: "now_evaluated", Message: "was text in the legacy dialect, is a variable in the current language",
			Hint: "write @@results.x if it is to stay text", Expression: "@results.x", Span: diag.Span{Start: 3, End: 13}}},
		{"nesting", "@(" + strings.Repeat("(", 101) + "1" + strings.Repeat(")", 101) + ")", diag.Diagnostic{
			Code: "nesting_too_deep", Message: "expression nesting too deep", Hint: "split the expression",
			Expression: "@(" + strings.Repeat("(", 101) + "1" + strings.Repeat(")", 101) + ")", Span: diag.Span{Start: 102, End: 103}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.want.Severity = diag.Warning
			assert.Equal(t, []diag.Diagnostic{tt.want}, legacy.Migrate(tt.template, legacy.Options{}).Notes)
		})
	}
}

func TestMigrateBounds(t *testing.T) {
	doubling := "@(date.now" + strings.Repeat(" + TIME(HOUR(date.now", 30) + strings.Repeat("), 0, 0)", 30) + ")"
	tests := []struct {
		name     string
		template string
		code     string
	}{
		{"template", strings.Repeat("x", 256<<10+1), "template_too_large"},
		{"tokens", "@(1" + strings.Repeat("+1", 1000) + ")", "too_complex"},
		{"parentheses", "@(" + strings.Repeat("(", 101) + "1" + strings.Repeat(")", 101) + ")", "nesting_too_deep"},
		{"signs", "@(" + strings.Repeat("-", 101) + "1)", "nesting_too_deep"},
		{"nesting of the result", "@(contact.a" + strings.Repeat("+1", 101) + ")", "nesting_too_deep"},
		{"doubling", doubling, "too_complex"},
		{"backslashes", `@("` + strings.Repeat(`\`, 100_000) + `")`, "too_complex"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			result := legacy.Migrate(tt.template, legacy.Options{})
			assert.Equal(t, tt.template, result.Template)
			assert.Equal(t, []string{tt.code}, codes(result.Notes))
		})
	}
}

func TestMigrateGivesAtMostAThousandNotes(t *testing.T) {
	template := strings.Repeat("@()", 2000)
	result := legacy.Migrate(template, legacy.Options{})
	assert.Equal(t, template, result.Template)
	assert.Len(t, result.Notes, 1000)
}

func TestMigrateAtTheLimits(t *testing.T) {
	nested := "@(" + strings.Repeat("(", 99) + "1" + strings.Repeat(")", 99) + ")"
	assert.Equal(t, legacy.Result{Template: nested}, legacy.Migrate(nested, legacy.Options{}))
	long := "@(1" + strings.Repeat(" + 1", 900) + ")"
	assert.Equal(t, legacy.Result{Template: long}, legacy.Migrate(long, legacy.Options{}))
}
