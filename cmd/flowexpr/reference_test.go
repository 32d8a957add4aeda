package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/engine"
	"github.com/flowexpr/flowexpr/vars"
)

// outcomeOf runs a command and gives all that it does.
func outcomeOf(t *testing.T, stdin string, args ...string) (status int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	status = run(context.Background(), args, streams{bytes.NewReader([]byte(stdin)), &o, &e})
	return status, o.String(), e.String()
}

// docs is the folder of the reference.
const docs = "../../docs"

// The pages of the reference say what the catalog says.
func TestReferenceIsFresh(t *testing.T) {
	for name, page := range referencePages() {
		stored, err := os.ReadFile(filepath.Join(docs, name))
		require.NoError(t, err)
		assert.True(t, bytes.Equal(stored, page), "docs/%s is stale: go run ./cmd/flowexpr reference --write docs", name)
	}
}

func TestReferenceIsWritten(t *testing.T) {
	folder := t.TempDir()
	passes(t, "reference", "--write", folder)
	for name, page := range referencePages() {
		written, err := os.ReadFile(filepath.Join(folder, name))
		require.NoError(t, err)
		assert.Equal(t, string(page), string(written))
	}
}

// Each family of functions has a heading in the reference, and each function its section.
func TestReferenceIsComplete(t *testing.T) {
	page := string(referencePages()["functions.md"])
	eng, err := engine.New(engine.Options{})
	require.NoError(t, err)
	for _, f := range eng.Library().All() {
		assert.Contains(t, page, "\n### `"+f.Signature()+"`\n")
	}
	page = string(referencePages()["variables.md"])
	for _, e := range vars.Catalogue() {
		if e.ConnectionType == "" || e.Path == "contact.urn" {
			assert.Contains(t, page, "| `@"+e.Path+"` |")
		}
	}
}

// What the catalog says of Jane Doe is what her variables give.
func TestVariableExamples(t *testing.T) {
	eng, err := engine.New(engine.Options{})
	require.NoError(t, err)
	settings := contactstore.DefaultSettings()
	workspace, err := vars.NewWorkspace(settings)
	require.NoError(t, err)
	jane, err := contactstore.ParseContact(demoLines(t)[0])
	require.NoError(t, err)
	record, err := contactstore.Encode(jane)
	require.NoError(t, err)
	for _, e := range vars.Catalogue() {
		if e.Example == "" {
			continue
		}
		template, err := eng.Template("@"+e.Path, vars.Roots{})
		require.NoError(t, err)
		assert.Equal(t, e.Example, template.Evaluate(&vars.Scope{Workspace: workspace, Contact: record}).Text, e.Path)
	}
}

func TestVarsAndFunctions(t *testing.T) {
	tests := []struct {
		name   string
		args   []string
		status int
		out    string // is part of the output
		errs   string
	}{
		{"a list of variables", []string{"vars"}, statusDone, "@contact.first_name    text      The first word of the contact's name.\n", ""},
		{"a variable", []string{"vars", "contact.first_name"}, statusDone, "@contact.first_name: text\n\nThe first word of the contact's name. Null when the name has no word.\n\nFor example:\n  @contact.first_name  →  Jane\n", ""},
		{"a variable as it stands in templates", []string{"vars", "@Contact.First_Name"}, statusDone, "@contact.first_name: text\n", ""},
		{"a connection", []string{"vars", "urns.telegram"}, statusDone, "Connection type: Telegram Identifier. Channel types: Telegram.\n", ""},
		{"a deprecated one", []string{"vars", "contact.id"}, statusDone, "Deprecated: @contact.id is deprecated, use @contact.ref instead.\n", ""},
		{"a field", []string{"vars", "fields.age"}, statusDone, "@fields.KEY: text\n", ""},
		{"a part of a result", []string{"vars", "results.color.category"}, statusDone, "@results.NAME: object\n", ""},
		{"a part of the input", []string{"vars", "input.text"}, statusDone, "@input: object\n", ""},
		{"an unknown property", []string{"vars", "contact.frist_name"}, statusFailed, "", "flowexpr: \"contact.frist_name\" is not a variable: did you mean contact.first_name?\n"},
		{"an unknown variable", []string{"vars", "xyzzy"}, statusFailed, "", "flowexpr: \"xyzzy\" is not a variable; flowexpr vars lists them\n"},
		{"a list of functions", []string{"functions"}, statusDone, "if(test, yes, no) ", ""},
		{"a function", []string{"functions", "code"}, statusDone, "code(text): number  (text)\n\nGives the number that the text's first character has in Unicode.\n\nArguments:\n  text         text\n\nExamples:\n  @(code(\"a\"))  →  97\n", ""},
		{"a function as it stands in templates", []string{"functions", "@(WORD("}, statusDone, "delimiters   text, may be left out\n", ""},
		{"any number of arguments", []string{"functions", "max"}, statusDone, "numbers      number, any number of them\n", ""},
		{"an example that fails", []string{"functions", "code"}, statusDone, "@(code(\"\"))  →  error: error calling code(...): requires a string of at least one character\n", ""},
		{"an example that gives nothing", []string{"functions", "text_slice"}, statusDone, "@(text_slice(\"hello\", 7))  →  \"\"\n", ""},
		{"a function that reads the session", []string{"functions", "today"}, statusDone, "The examples are of 11 April 2018", ""},
		{"an unknown function", []string{"functions", "uper"}, statusFailed, "", "flowexpr: \"uper\" is not a function: did you mean upper?\n"},
		{"a function like no other", []string{"functions", "xyzzy"}, statusFailed, "", "flowexpr: \"xyzzy\" is not a function; flowexpr functions lists them\n"},
		{"a variable as JSON", []string{"vars", "contact.status", "--json"}, statusDone, "{\n  \"name\": \"contact.status\",\n  \"type\": \"text\",\n", ""},
		{"a function as JSON", []string{"functions", "code", "--json"}, statusDone, "\"signature\": \"code(text)\"", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			status, out, errs := outcomeOf(t, "", test.args...)
			assert.Equal(t, test.status, status)
			assert.Contains(t, out, test.out)
			assert.Equal(t, test.errs, errs)
		})
	}
}

// A chosen store's workspace has fields of its own, and then no others.
func TestVarsOfAWorkspace(t *testing.T) {
	catalog := []vars.Entry{{Path: "fields", Type: "object"}, {Path: "fields.KEY", Type: "text"}, {Path: "fields.age", Type: "number"}}
	entry, err := findVariable(catalog, "fields.age")
	require.NoError(t, err)
	assert.Equal(t, "number", entry.Type)
	_, err = findVariable(catalog, "fields.aeg")
	assert.EqualError(t, err, `"fields.aeg" is not a variable: did you mean fields.age?`)
}

func TestMigrate(t *testing.T) {
	status, out, errs := outcomeOf(t, "", "migrate", "Hi @(PROPER(contact)), @(FOO(1))")
	assert.Equal(t, statusDone, status)
	assert.Equal(t, "Hi @(title(contact)), @(foo(1))\n", out)
	assert.Equal(t, "template:1:26: warning: foo is not a legacy function: it is left as it is (unknown_function)\n"+
		"  1 | Hi @(PROPER(contact)), @(FOO(1))\n    |                          ^^^^^^\n", errs)

	status, out, errs = outcomeOf(t, "@date.today @contact.gender\n", "migrate", "-f", "-", "--raw-dates", "--url-encode", "--echo-on-error", "--json")
	assert.Equal(t, statusDone, status)
	assert.Empty(t, errs)
	var got migration
	require.NoError(t, json.Unmarshal([]byte(out), &got))
	assert.Equal(t, `@(if(is_error(url_encode(today())), "@date.today", url_encode(today()))) `+
		`@(if(is_error(url_encode(fields.gender)), "@contact.gender", url_encode(fields.gender)))`, got.Template)
	assert.Empty(t, got.Notes)

	status, _, errs = outcomeOf(t, "", "migrate")
	assert.Equal(t, statusUsage, status)
	assert.Equal(t, "flowexpr: give the template as the argument or by -f\n", errs)
}
