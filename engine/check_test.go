package engine_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/engine"
	"github.com/flowexpr/flowexpr/engine/diag"
	"github.com/flowexpr/flowexpr/vars"
)

var updateChecks = flag.Bool("update-checks", false, "write what check says into testdata/check instead of comparing it")

// checkSettings are the workspace of the golden files.
const checkSettings = `{"globals": [{"key": "org_name", "name": "Org Name", "value": "ACME"}], "fields": [` +
	`{"key": "age", "name": "Age", "type": "number"}, {"key": "balance", "name": "Balance", "type": "number"}, ` +
	`{"key": "city", "name": "City", "type": "text"}, {"key": "gone", "name": "Gone", "type": "text"}, ` +
	`{"key": "joined", "name": "Joined", "type": "datetime"}]}`

// Each testdata/check/*.txt has templates, each under a title (###), followed by --- and what check says of it: the
// diagnostics as a terminal shows them, the template as each fix leaves it, the variables and functions.
func TestCheck(t *testing.T) {
	files, err := filepath.Glob("testdata/check/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	e := newEngine(t, engine.Limits{})
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			require.NoError(t, err)
			var got strings.Builder
			for _, block := range strings.Split(string(data), "### ")[1:] {
				title, rest, _ := strings.Cut(block, "\n")
				template, _, _ := strings.Cut(rest, "\n---\n")
				fmt.Fprintf(&got, "### %s\n%s\n---\n%s\n", title, template, showCheck(t, e, template))
			}
			if *updateChecks {
				require.NoError(t, os.WriteFile(file, []byte(got.String()), 0o600))
				return
			}
			assert.Equal(t, string(data), got.String())
		})
	}
}

func showCheck(t *testing.T, e *engine.Engine, template string) string {
	t.Helper()
	o := engine.CheckOptions{Workspace: workspace(t, checkSettings)}
	checked := e.Check(template, o)
	var b strings.Builder
	for _, d := range checked.Diagnostics {
		b.Write(diag.Append(nil, "", template, []diag.Diagnostic{d}))
		if d.Fix != nil {
			mended := fixed(template, d.Fix)
			fmt.Fprintf(&b, "  fix: %s\n", mended)
			assert.LessOrEqual(t, e.Check(mended, o).Errors, checked.Errors, mended)
		}
	}
	fmt.Fprintf(&b, "variables: %s\nfunctions: %s\n", strings.Join(checked.Variables, " "), strings.Join(checked.Functions, " "))
	return b.String()
}

func fixed(template string, fix *diag.Fix) string {
	return template[:fix.Span.Start] + fix.Replacement + template[fix.Span.End:]
}

// Without a workspace, fields and globals are not checked; a caller's own roots hold what they hold.
func TestCheckOptions(t *testing.T) {
	e := newEngine(t, engine.Limits{})
	assert.Empty(t, e.Check("@fields.anything @globals.anything", engine.CheckOptions{}).Diagnostics)
	undefined := engine.CheckOptions{Workspace: workspace(t, `{}`)}
	assert.Empty(t, e.Check("@fields.anything @contact.name", undefined).Diagnostics, "a workspace that defines no fields takes those that contacts have")
	assert.Equal(t, 2, e.Check("@globals.anything @contact.frist_name", undefined).Errors)
	shop := engine.CheckOptions{Roots: vars.NewRoots([]string{"shop"})}
	checked := e.Check("@shop.items.0.price @(shop.open(1))", shop)
	assert.Empty(t, checked.Diagnostics)
	assert.Equal(t, []string{"shop.items.0.price", "shop.open"}, checked.Variables)
	assert.Equal(t, []string{}, checked.Functions)
	routable := engine.CheckOptions{Workspace: workspace(t, `{"contact_urn": "routable"}`)}
	assert.Equal(t, "display_leak", e.Check("@contact.urn", routable).Diagnostics[0].Code)
	bare := engine.CheckOptions{Roots: vars.BareRoots([]string{"contact"})}
	assert.Empty(t, e.Check("@contact.phone_number_of_mother @fields.x", bare).Diagnostics, "a contact of the caller's own")
}

// A template beyond a limit gives one diagnostic, and one with very many mistakes not more than a bounded number.
func TestCheckBounds(t *testing.T) {
	e := newEngine(t, engine.Limits{Template: 60_000})
	checked := e.Check(strings.Repeat("x", 60_001), engine.CheckOptions{})
	require.Len(t, checked.Diagnostics, 1)
	assert.Equal(t, "template_too_large", checked.Diagnostics[0].Code)
	assert.Equal(t, 1, checked.Errors)

	checked = e.Check(strings.Repeat("@contcat.name ", 4000), engine.CheckOptions{})
	assert.Len(t, checked.Diagnostics, 1000)
	assert.True(t, checked.More)

	checked = e.Check("@("+strings.Repeat("f(x)+", 4000)+"1)", engine.CheckOptions{})
	assert.Len(t, checked.Diagnostics, 1)
	assert.Equal(t, "too_complex", checked.Diagnostics[0].Code)
}

// What a check allocates grows no faster than the template, for names joined by as many dots as fit, and for more of anything else.
func TestCheckGrows(t *testing.T) {
	e, err := engine.New(engine.Options{})
	require.NoError(t, err)
	roots := engine.CheckOptions{Roots: vars.NewRoots([]string{"a"})}
	for name, template := range map[string]func(n int) string{
		"a path":                  func(n int) string { return "@a" + strings.Repeat(".a", n) },
		"a path in parentheses":   func(n int) string { return "@(a" + strings.Repeat(".a", n) + ")" },
		"a path of results":       func(n int) string { return "@results" + strings.Repeat(".a", n) },
		"a path of another run":   func(n int) string { return "@parent" + strings.Repeat(".a", n) },
		"a path of the contact":   func(n int) string { return "@contact" + strings.Repeat(".a", n) },
		"a path of nothing known": func(n int) string { return "@(nope" + strings.Repeat(".a", n) + ")" },
		"indexes":                 func(n int) string { return "@(a" + strings.Repeat("[0]", n) + ")" },
		"joins":                   func(n int) string { return "@(a" + strings.Repeat("&a", n) + ")" },
		"sums":                    func(n int) string { return "@(a" + strings.Repeat("+1", n) + ")" },
		"comparisons":             func(n int) string { return "@(a" + strings.Repeat("=1", n) + ")" },
		"arguments":               func(n int) string { return "@(max(a" + strings.Repeat(",1", n) + "))" },
		"commas":                  func(n int) string { return "@(f(" + strings.Repeat(",", n) + "))" },
		"words":                   func(n int) string { return strings.Repeat("x@a ", n/8) },
		"at signs":                func(n int) string { return strings.Repeat("@", n) },
	} {
		t.Run(name, func(t *testing.T) {
			allocated := func(n int) uint64 {
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				e.Check(template(n), roots)
				runtime.ReadMemStats(&after)
				return after.TotalAlloc - before.TotalAlloc
			}
			allocated(1250) // what is made once
			short, long := allocated(1250), allocated(5000)
			assert.Less(t, long, 6*short, "four times the template: %d and %d bytes", short, long)
		})
	}
}
