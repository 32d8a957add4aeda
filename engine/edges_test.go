package engine_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/engine"
	"github.com/flowexpr/flowexpr/engine/funcs"
	"github.com/flowexpr/flowexpr/vars"
)

var updateEdges = flag.Bool("update-edges", false, "write what functions answer into testdata/edges instead of comparing it")

// usual are arguments of each type that a call may well have.
var usual = map[string]string{
	"text": `"ab cd"`, "number": "2", "integer": "1", "boolean": "true", "any": `"x"`, "array": "array(2, 1)", "object": `object("a", 1)`,
	"date": `"2018-04-11"`, "datetime": `"2018-04-11T18:24:30Z"`, "time": `"10:30"`, "function": "(x) => x",
}

// Every function, with null and with an error in the place of each argument, and with too few and too many arguments,
// answers as the golden files say.
func TestFunctionEdges(t *testing.T) {
	e := newEngine(t, engine.Limits{})
	scope := session(t)
	families := map[funcs.Family]*strings.Builder{}
	for _, f := range e.Library().All() {
		if families[f.Family] == nil {
			families[f.Family] = &strings.Builder{}
		}
		for _, expression := range edges(f) {
			answer(families[f.Family], compile(t, e, "@("+expression+")"), expression, scope)
		}
	}
	require.Len(t, families, 10)
	for family, got := range families {
		t.Run(string(family), func(t *testing.T) {
			file := filepath.Join("testdata", "edges", strings.ReplaceAll(string(family), " ", "_")+".txt")
			if *updateEdges {
				require.NoError(t, os.WriteFile(file, []byte(got.String()), 0o644))
			}
			want, err := os.ReadFile(file)
			require.NoError(t, err, "write it with go test ./engine -run Edges -update-edges, and read it")
			assert.Equal(t, string(want), got.String())
		})
	}
}

// edges are the calls of a function that are worth a look.
func edges(f *funcs.Function) []string {
	least, most := f.Arguments()
	full := most
	if most < 0 {
		full = max(least, len(f.Params))
	}
	call := func(n, at int, odd string) string {
		args := make([]string, n)
		for i := range args {
			args[i] = usual[f.Params[min(i, len(f.Params)-1)].Type]
		}
		if at >= 0 {
			args[at] = odd
		}
		return f.Name + "(" + strings.Join(args, ", ") + ")"
	}
	calls := []string{call(full, -1, "")}
	for i := range full {
		calls = append(calls, call(full, i, "null"), call(full, i, "1 / 0"))
	}
	if least > 0 {
		calls = append(calls, call(least-1, -1, ""))
	}
	if most > 0 {
		calls = append(calls, call(most+1, -1, ""))
	}
	return calls
}

// answer writes what became of a call: its text, and the messages.
func answer(b *strings.Builder, template *engine.Template, expression string, scope *vars.Scope) {
	result := template.Evaluate(scope)
	fmt.Fprintf(b, "%s  →", expression)
	if result.Text != "" {
		fmt.Fprintf(b, "  %s", result.Text)
	}
	for _, w := range result.Warnings {
		fmt.Fprintf(b, "  %s: %s", w.Severity, w.Message)
	}
	b.WriteByte('\n')
}
