package engine_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/engine"
	"github.com/flowexpr/flowexpr/engine/diag"
	"github.com/flowexpr/flowexpr/vars"
)

// completeJSON is a contact that has all that a template can ask for.
const completeJSON = `{"uuid":"5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f","id":7,"ref":"AB12CD","name":"Jane Doe","language":"eng","status":"active",` +
	`"timezone":"America/Los_Angeles","created_on":"2026-01-15T09:30:00Z","last_seen_on":"2026-02-15T09:30:00Z",` +
	`"urns":["tel:+13233754866","twitter:janedoe","mailto:jane.doe@example.org","tel:+4971234567","telegram:12345#jane","ext:a",` +
	`"facebook:1","instagram:1","twitterid:1#jane","whatsapp:4971234567","viber:a","line:a","vk:1","jiochat:1","fcm:a","slack:a",` +
	`"wechat:a","discord:1","rocketchat:a"],` +
	`"groups":[{"uuid":"b7cf0d83-f1c9-411c-96fd-c511a4cfa86d","name":"Testers"}],` +
	`"fields":{"age":34,"balance":12.5,"city":"Los Angeles","gone":"x","joined":"2024-03-02T00:00:00Z"}}`

// FuzzCheck: check and evaluation agree on syntax errors; what evaluates without error for a contact that has
// everything has no error; every place lies in the template; and every fix can be applied.
func FuzzCheck(f *testing.F) {
	for _, template := range checkSeeds {
		f.Add(template)
	}
	e := newEngine(f, engine.Limits{Warnings: 100_000})
	w := workspace(f, checkSettings)
	scope := &vars.Scope{Workspace: w, Contact: record(f, completeJSON)}
	f.Fuzz(func(t *testing.T, template string) {
		checked := e.Check(template, engine.CheckOptions{Workspace: w})
		requirePlaces(t, template, checked.Diagnostics)
		tmpl, err := e.Compile(template, vars.Roots{})
		if err != nil {
			require.Equal(t, 1, checked.Errors)
			return
		}
		result := tmpl.Evaluate(scope)
		if cut(result.Warnings) || checked.More {
			return
		}
		require.Equal(t, count(result.Warnings, "syntax_error"), count(checked.Diagnostics, "syntax_error"))
		require.Equal(t, count(result.Warnings, "nesting_too_deep"), count(checked.Diagnostics, "nesting_too_deep"))
		if !hasErrors(result.Warnings) && !mayBranch(template, checked.Functions) {
			require.Zero(t, checked.Errors, "%v", checked.Diagnostics)
		}
	})
}

var checkSeeds = []string{
	"Hi @contact.name", "@(upper(contact.frist_name))", "bob@contact.com @contcat.name @(x", "@(1 +) @results.2factor",
	"mail @urns.mailto @contact.urns", `@(if(1 > 2, contact.created_on < now(), "x") & 1/0)`, "@(foreach(contact.urns, (x) => y(x)[0]))",
	`@(contact["name"].x) @fields.age.x @contact.groups.0.name @contact.channel.x @contact.id`, "@upper(1) @age @@x @\x00@(1\x00+)",
	`@(PROPER(contact.age) <> "a""b")`, "@(((a) => a(a))((a) => a(a)))", "@(-(-now()) ^ 2) @(upper.x) @(null[0]) @(-contact.name)",
	`@(object("a")) @(default(1/0, word("a", 3))) @(text_slice("abc", 1, 2, 3, 4, 5))`, "@contact.fields.age.b @contact.urns.first @(fields.joined-1)",
}

// requirePlaces holds places against the template.
func requirePlaces(t *testing.T, template string, diagnostics []diag.Diagnostic) {
	t.Helper()
	last := 0
	for _, d := range diagnostics {
		inside := func(s diag.Span) bool { return 0 <= s.Start && s.Start <= s.End && s.End <= len(template) }
		require.True(t, inside(d.Span), "%v", d)
		require.LessOrEqual(t, last, d.Span.Start, "in template order")
		last = d.Span.Start
		if d.Fix != nil {
			require.True(t, inside(d.Fix.Span), "%v", d)
			require.NotEqual(t, template, fixed(template, d.Fix), "%v", d)
		}
	}
}

func count(diagnostics []diag.Diagnostic, code string) int {
	n := 0
	for _, d := range diagnostics {
		if d.Code == code {
			n++
		}
	}
	return n
}

func hasErrors(diagnostics []diag.Diagnostic) bool {
	for _, d := range diagnostics {
		if d.Severity == diag.Error {
			return true
		}
	}
	return false
}

// cut tells whether an evaluation ended before its end.
func cut(diagnostics []diag.Diagnostic) bool {
	return count(diagnostics, "output_too_large")+count(diagnostics, "too_complex") > 0
}

// mayBranch tells whether an evaluation may leave something out that fails.
func mayBranch(template string, functions []string) bool {
	for _, name := range functions {
		if name == "if" || name == "and" || name == "or" {
			return true
		}
	}
	return strings.Contains(template, "=>")
}

// What a fix makes of a template evaluates: dates compared by their epochs, URNs formatted.
func TestCheckFixes(t *testing.T) {
	e := newEngine(t, engine.Limits{})
	w := workspace(t, checkSettings)
	scope := &vars.Scope{Workspace: w, Contact: record(t, completeJSON)}
	for template, want := range map[string]string{
		`@(contact.created_on < now())`:       "true",
		`@(fields.joined >= "2024-01-01")`:    "true",
		`@(today() > contact.created_on)`:     "true",
		`mail @urns.mailto`:                   "mail jane.doe@example.org",
		`@contact.telegram`:                   "jane",
		`@(contact.urns[1])`:                  "janedoe",
		`bob@contact.com`:                     "bob@contact.com",
		`a@contact-x.org`:                     "a@contact-x.org",
		`Hi @contcat.first_name`:              "Hi Jane",
		`Hi @upper(contact.first_name)!`:      "Hi JANE!",
		`Hi @(contact.first_name`:             "Hi Jane",
		`@(if(true, contact.first_name, ""))`: "Jane",
		`Dear @contact.first_name.Welcome`:    "Dear Jane.Welcome",
		`@contact.id`:                         "AB12CD",
		`@(PROPER(contact.name))`:             "Jane Doe",
	} {
		t.Run(template, func(t *testing.T) {
			checked := e.Check(template, engine.CheckOptions{Workspace: w})
			require.NotEmpty(t, checked.Diagnostics)
			require.NotNil(t, checked.Diagnostics[0].Fix)
			result := compile(t, e, fixed(template, checked.Diagnostics[0].Fix)).Evaluate(scope)
			assert.Equal(t, want, result.Text)
			assert.Empty(t, result.Warnings)
		})
	}
}
