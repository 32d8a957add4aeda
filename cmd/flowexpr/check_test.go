package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// runCheck runs flowexpr check and gives its status and outputs.
func runCheck(in string, args ...string) (status int, out, errs string) {
	var o, e bytes.Buffer
	status = run(context.Background(), append([]string{"check"}, args...), streams{strings.NewReader(in), &o, &e})
	return status, o.String(), e.String()
}

func TestCheck(t *testing.T) {
	file := filepath.Join(t.TempDir(), "greeting.txt")
	require.NoError(t, os.WriteFile(file, []byte("Hi @contact.first_name,\nhi @(uper(fields.any))\n"), 0o600))
	for name, c := range map[string]struct {
		in     string
		args   []string
		status int
		out    string
		errs   string
	}{
		"nothing to say": {args: []string{"Hi @contact.name"}},
		"an error": {
			args: []string{"Hi @contact.frist_name"}, status: statusFailed,
			out: "template:1:13: error: contact has no property frist_name (unknown_property)\n" +
				"  1 | Hi @contact.frist_name\n    |             ^^^^^^^^^^\n    = did you mean contact.first_name?\n",
			errs: "1 error, 0 warnings\n",
		},
		"a warning": {
			args: []string{"@contcat.name"},
			out: "template:1:2: warning: @contcat.name stays text: there is no variable contcat (unknown_word)\n" +
				"  1 | @contcat.name\n    |  ^^^^^^^^^^^^\n    = did you mean @contact.name? write @@contcat.name for the text\n",
			errs: "0 errors, 1 warning\n",
		},
		"a file": {
			args: []string{"-f", file}, status: statusFailed,
			out: file + ":2:6: error: there is no function uper (unknown_function)\n" +
				"  2 | hi @(uper(fields.any))\n    |      ^^^^\n    = did you mean upper?\n",
			errs: "1 error, 0 warnings\n",
		},
		"several, and the standard input": {
			in: "@()", args: []string{"@(1)", "@(1 + 2", "-f", "-"}, status: statusFailed,
			out: "template 2:1:1: warning: this @( is never closed: it and all that follows stays text (unterminated)\n" +
				"  1 | @(1 + 2\n    | ^^\n    = close it with ), or write @@( for the text\n" +
				"-:1:3: error: syntax error at  (syntax_error)\n" +
				"  1 | @()\n    |   ^\n    = write an expression between the parentheses\n",
			errs: "1 error, 1 warning\n",
		},
		"nothing to check": {status: statusUsage, errs: "flowexpr: check: give a template, or a file with -f\n"},
		"no such file":     {args: []string{"-f", file + "x"}, status: statusFailed, errs: "flowexpr: there is no file " + file + "x\n"},
	} {
		t.Run(name, func(t *testing.T) {
			status, out, errs := runCheck(c.in, c.args...)
			assert.Equal(t, c.status, status)
			assert.Equal(t, c.out, out)
			assert.Equal(t, c.errs, errs)
		})
	}
}

func TestCheckStrict(t *testing.T) {
	status, _, _ := runCheck("", "--strict", "@contcat.name")
	assert.Equal(t, statusFailed, status)
	status, _, _ = runCheck("", "--strict", "@contact.name")
	assert.Equal(t, statusDone, status)
}

// The same over a store, whose settings say which fields and globals there are, and with a caller's roots.
func TestCheckJSON(t *testing.T) {
	roots := filepath.Join(t.TempDir(), "context.json")
	require.NoError(t, os.WriteFile(roots, []byte(`{"shop": {"name": "ACME"}}`), 0o600))
	for name, flags := range map[string][]string{"alone": nil, "over a store": {"--data", t.TempDir()}} {
		t.Run(name, func(t *testing.T) {
			status, out, errs := runCheck("", append(flags, "--json", "--context", roots, "@globals.org @(upper(shop.name)) @contact.id")...)
			var got checkedTemplate
			require.NoError(t, json.Unmarshal([]byte(out), &got), errs)
			codes := []string{}
			for _, d := range got.Diagnostics {
				codes = append(codes, d.Code)
			}
			if flags == nil {
				assert.Equal(t, statusDone, status)
				assert.Equal(t, []string{"deprecated"}, codes)
				assert.Equal(t, []string{"contact.id", "globals.org", "shop.name"}, got.Variables)
			} else {
				assert.Equal(t, statusFailed, status)
				assert.Equal(t, []string{"unknown_global", "deprecated"}, codes)
				assert.Equal(t, []string{"contact.id", "shop.name"}, got.Variables)
			}
			assert.Equal(t, []string{"upper"}, got.Functions)
			assert.Equal(t, "template", got.Name)
			assert.Empty(t, errs)
		})
	}
}

// mistakes are what goes wrong when templates are sent, one kind in each.
var mistakes = []string{
	`Hi @contcat.name`,
	`Write to bob@contact.com`,
	`Hi @(contact.name, bye`,
	`mail @urns.mailto`,
	`You are @urns.telegram`,
	`Your id is @contact.id`,
	`@(if(fields.joined < now(), "old", "new"))`,
	`@(if(1 = 1, contact.name, "you"))`,
	`You are @fields.agge`,
}

// Each mistake gets its diagnostic, its place and its fix, which leaves nothing to say.
func TestCheckMistakes(t *testing.T) {
	data := demoData(t)
	var got strings.Builder
	for _, template := range mistakes {
		_, out, errs := runCheck("", "--data", data, template)
		fmt.Fprintf(&got, "### %s\n%s%s", template, out, errs)
		status, out, _ := runCheck("", "--data", data, "--json", template)
		var checked checkedTemplate
		require.NoError(t, json.Unmarshal([]byte(out), &checked))
		require.Len(t, checked.Diagnostics, 1, template)
		fix := checked.Diagnostics[0].Fix
		require.NotNil(t, fix, template)
		mended := template[:fix.Start] + fix.Replacement + template[fix.End:]
		mendedStatus, out, errs := runCheck("", "--data", data, mended)
		assert.Equal(t, statusDone, mendedStatus, mended)
		assert.Empty(t, out+errs, mended)
		fmt.Fprintf(&got, "status %d\nfixed: %s\n\n", status, mended)
	}
	matchesGolden(t, "check_mistakes.txt", got.String())
}
