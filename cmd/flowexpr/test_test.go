package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A case that fails says where it stands, what differs, and why.
func TestFailures(t *testing.T) {
	tests := []struct{ name, cases, want string }{
		{"a text", `{"id": "hi", "template": "Hi Jane", "expect": "Hi jane"}`, `FAIL cases:1: hi "Hi Jane"
  text
    expected: "Hi jane"
    actual:   "Hi Jane"
                  ^
0 passed, 1 failed
`},
		{"a text that goes on", `{"template": "Hi ", "expect": "Hi"}`, `FAIL cases:1: "Hi "
  text
    expected: "Hi"
    actual:   "Hi "
                 ^
0 passed, 1 failed
`},
		{"a long text", `{"template": "@(repeat(\"0123456789\", 30))!", "expect": "` + strings.Repeat("0123456789", 30) + `?"}`,
			`FAIL cases:1: "@(repeat(\"0123456789\", 30))!"
  text
    expected: …0123456789012345678901234567890123456789?"
    actual:   …0123456789012345678901234567890123456789!"
                                                       ^
0 passed, 1 failed
`},
		{"an error that nobody expects", `{"template": "Hi @contact.nam", "contact": {"urns": []}, "expect": "Hi "}`, `FAIL cases:1: "Hi @contact.nam"
  errors
    expected: ""
    actual:   "error evaluating @contact.nam: object has no property 'nam'"
               ^
    1:4: error: object has no property 'nam' (unknown_property)
      1 | Hi @contact.nam
        |    ^^^^^^^^^^^^
        = did you mean contact.name?
0 passed, 1 failed
`},
		{"an error that does not come", `{"template": "@(1 / 1)", "expect": "1", "expect_error": "error evaluating @(1 / 1): division by zero"}`, `FAIL cases:1: "@(1 / 1)"
  errors
    expected: "error evaluating @(1 / 1): division by zero"
    actual:   ""
               ^
0 passed, 1 failed
`},
		{"a warning", `{"template": "@urns.tel", "contact": {"urns": []}, "expect": "", "expect_warnings": []}`, `FAIL cases:1: "@urns.tel"
  warnings
    expected: ""
    actual:   "no_connection"
               ^
0 passed, 1 failed
`},
		{"a type", `{"template": "@(1)", "expect": "1", "expect_type": "text"}`, `FAIL cases:1: "@(1)"
  type
    expected: "text"
    actual:   "number"
               ^
0 passed, 1 failed
`},
		{"a rewritten template", `{"kind": "migrate", "input": "@flow.x", "expect": "@flow.x"}`, `FAIL cases:1: "@flow.x"
  text
    expected: "@flow.x"
    actual:   "@results.x"
                ^
0 passed, 1 failed
`},
		{"a rewritten template as expected", `{"kind": "migrate", "input": "@date.today", "expect": "@(today())", "options": {"raw_dates": true}}`, "1 passed, 0 failed\n"},
		{"a key that there is not", "\n" + `{"templat": "x", "expect": ""}`, "FAIL cases:2: \"templat\" is no key of a case: did you mean template?\n0 passed, 1 failed\n"},
		{"a key that leaves out a part", `{"template": "x", "expect": "x", "warnings": []}`, "FAIL cases:1: \"warnings\" is no key of a case: did you mean expect_warnings?\n0 passed, 1 failed\n"},
		{"keys for people", `{"template": "x", "expect": "x", "scenario": "letters", "note": "", "notes": [], "source": "", "tags": [], "doc": "", "owner": {"team": 1}}`, "1 passed, 0 failed\n"},
		{"an option that there is not", `{"kind": "migrate", "input": "x", "expect": "x", "options": {"raw": true}}`, "FAIL cases:1: \"raw\" is no key of a step or of the options\n0 passed, 1 failed\n"},
		{"a URN that is valid", `{"kind": "urn_validate", "input": "tel:+250788383383"}`, "1 passed, 0 failed\n"},
		{"a URN that is not", `{"kind": "urn_validate", "input": "tel:+2"}`, `FAIL cases:1: "tel:+2"
  errors
    expected: ""
    actual:   "invalid path component"
               ^
0 passed, 1 failed
`},
		{"a number for a text", `{"template": "x", "expect": 2}`, "FAIL cases:1: expect: got a number, want a text: write it in quotes\n0 passed, 1 failed\n"},
		{"a text for a list", `{"template": "x", "expect": "", "apply": "x"}`, "FAIL cases:1: apply: got a string, want a list\n0 passed, 1 failed\n"},
		{"a kind that there is not", `{"kind": "mirgate", "input": "", "expect": ""}`, "FAIL cases:1: kind: \"mirgate\" is none; the kinds are migrate, urn_validate, urn_normalize, urn_format and urn_parse, and none for a template\n0 passed, 1 failed\n"},
		{"no JSON", `{"template": "x"`, "FAIL cases:1: the case is no JSON: unexpected end of JSON input\n0 passed, 1 failed\n"},
		{"JSON that is no case", "[]\n\n\"x\"", "FAIL cases:1: a case is a JSON object\nFAIL cases:3: a case is a JSON object\n0 passed, 2 failed\n"},
		{"what editors put before the first line", "\ufeff" + `{"template": "x", "expect": "x"}` + "\r\n", "1 passed, 0 failed\n"},
		{"no template", `{"expect": ""}`, "FAIL cases:1: the case has no template\n0 passed, 1 failed\n"},
		{"no input", `{"kind": "migrate", "expect": ""}`, "FAIL cases:1: the case has no input\n0 passed, 1 failed\n"},
		{"a time that is none", `{"template": "x", "expect": "x", "settings": {"now": "noon"}}`, "FAIL cases:1: settings: now: got \"noon\", want a time such as 2026-11-24T12:00:00Z\n0 passed, 1 failed\n"},
		{"nothing expected", `{"template": "x"}`, "FAIL cases:1: the case has no expect and no expect_error\n0 passed, 1 failed\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			require.NoError(t, os.WriteFile("cases", []byte(test.cases), 0o600))
			status, out, errs := outcomeOf(t, "", "test", "cases")
			assert.Equal(t, test.want, out)
			assert.Empty(t, errs)
			assert.Equal(t, strings.Contains(test.want, "FAIL"), status == statusFailed)
		})
	}
}

// A file that holds no cases fails as a whole; its other cases do not pass unseen.
func TestFilesOfNoCases(t *testing.T) {
	for _, test := range []struct{ file, data, out, errs string }{
		{"empty.jsonl", "\n\n", "", "empty.jsonl has no cases"},
		{"empty.yaml", "# nothing yet\n", "", "empty.yaml has no cases"},
		{"broken.yaml", "- template: x\n  expect: [\n", "", "broken.yaml: line 3: it is no YAML: did not find expected node content"},
		{"at.yaml", "- expect: x\n  template: @contact.name\n", "", "at.yaml: line 2: it is no YAML: found character that cannot start any token; a text that begins with @ stands in quotes"},
		{"mapping.yaml", "\ntemplate: x\nexpect: x\n", "", "mapping.yaml: line 2: want a list of cases, each behind a dash"},
		{"scalar.yaml", "- template: x\n  expect: x\n- 1\n", "", "scalar.yaml: line 3: want a case: keys with their values, as in template: Hi @contact"},
		{"documents.yaml", "- {template: x, expect: x}\n---\n- &y {template: y, expect: y}\n- *y\n", "3 passed, 0 failed\n", ""},
	} {
		t.Run(test.file, func(t *testing.T) {
			t.Chdir(t.TempDir())
			require.NoError(t, os.WriteFile(test.file, []byte(test.data), 0o600))
			status, out, errs := outcomeOf(t, "", "test", test.file)
			assert.Equal(t, test.out, out)
			if test.errs == "" {
				assert.Equal(t, statusDone, status)
				assert.Empty(t, errs)
				return
			}
			assert.Equal(t, statusFailed, status)
			assert.Equal(t, "flowexpr: "+test.errs+"\n", errs)
		})
	}
}

// Programs get counts and failures.
func TestFailuresAsJSON(t *testing.T) {
	file := filepath.Join(t.TempDir(), "cases.yaml")
	require.NoError(t, os.WriteFile(file, []byte(`# cases
- {template: a, expect: a}

- id: second
  template: "@(now())"
  settings: {timezone: Africa/Kigali, now: 2026-11-24T12:00:00Z, date_format: DD-MM-YYYY}
  expect: b
`), 0o600))
	status, out, _ := outcomeOf(t, "", "test", file, "--json")
	assert.Equal(t, statusFailed, status)
	var got tally
	require.NoError(t, json.Unmarshal([]byte(out), &got))
	assert.Equal(t, tally{Passed: 1, Failed: 1, Failures: []failure{{
		File: file, Line: 4, ID: "second", Subject: "@(now())",
		Mismatches: []mismatch{{What: "text", Expected: "b", Actual: "2026-11-24T14:00:00.000000+02:00"}},
	}}}, got)
}

func TestLegacyDialect(t *testing.T) {
	status, out, errs := outcomeOf(t, "", "eval", "@(LEN(\"abc\")) @(1/0)", "--dialect", "legacy")
	assert.Equal(t, statusDone, status)
	assert.Equal(t, "3 \n", out)
	assert.Equal(t, "template:1:23: error: division by zero (division_by_zero)\n  1 | @(text_length(\"abc\")) @(1 / 0)\n    |                       ^^^^^^^^\n", errs)

	status, out, errs = outcomeOf(t, "", "eval", "@(LEN(\"abc\")) @(1/0)", "--dialect", "legacy", "--strict")
	assert.Equal(t, statusFailed, status)
	assert.Empty(t, out)
	assert.Contains(t, errs, "  1 | @(text_length(\"abc\")) @(1 / 0)\n")

	status, out, _ = outcomeOf(t, `{"name": "Jane", "uuid": "5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f", "urns": []}`, "eval", "@(LEN(contact))", "--dialect", "legacy", "--contacts", "-")
	assert.Equal(t, statusDone, status)
	assert.Equal(t, `{"contact":"5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f","text":"4"}`+"\n", out)

	status, _, _ = outcomeOf(t, "", "eval", "x", "--dialect", "jinja")
	assert.Equal(t, statusUsage, status)
}
