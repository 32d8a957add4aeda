package engine_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/engine"
	"github.com/flowexpr/flowexpr/vars"
)

// A workspace that hides URNs hides those of the caller's context too.
func TestRedactedContext(t *testing.T) {
	e := newEngine(t, engine.Limits{})
	hiding, showing := workspace(t, `{"redact_urns":true}`), workspace(t, `{}`)
	const parent = `{"parent":{"contact":{"id":5,"name":"","urn":"tel:+12024562222","urns":["tel:+12024562222"]},"flow":{"name":"Survey"},"urns":{"tel":"tel:+12024562222","ext":null}}}`
	for name, c := range map[string]struct{ template, context, shown, hidden string }{
		"input":            {"@input.urn", `{"input":{"urn":"tel:+12065551212"}}`, "tel:+12065551212", "tel:********"},
		"what people said": {"@input.text @results", `{"input":{"text":"tel:1"},"results":{"a":"tel:2"}}`, "tel:1 a: tel:2", "tel:1 a: tel:2"},
		"runs": {
			"@parent.contact.urn @parent.contact.urns @parent.urns.tel@parent.urns.ext", parent,
			"tel:+12024562222 [tel:+12024562222] tel:+12024562222", "tel:******** [tel:********] tel:********",
		},
		"labels": {"@parent, @parent.contact", parent, "(202) 456-2222@Survey, (202) 456-2222", "5@Survey, 5"},
		"names": {
			"@child, @child.contact", `{"child":{"contact":{"name":"Ann","urn":"tel:1"},"flow":{"name":"F"}}}`, "Ann@F, Ann", "Ann@F, Ann",
		},
		"replaced roots": {"@contact.urn @urns.tel", `{"contact":{"urn":"mailto:a@b.c"},"urns":{"tel":"no urn"}}`, "mailto:a@b.c no urn", "mailto:******** ********"},
		"no objects":     {"@parent @run @contact", `{"parent":null,"run":5,"contact":"x"}`, " 5 x", " 5 x"},
	} {
		t.Run(name, func(t *testing.T) {
			given, err := engine.ParseContext([]byte(c.context))
			require.NoError(t, err)
			tmpl, err := e.Template(c.template, vars.NewRoots(given.Names()))
			require.NoError(t, err)
			assert.Equal(t, c.shown, tmpl.Evaluate(&vars.Scope{Workspace: showing, Context: given}).Text)
			assert.Equal(t, c.hidden, tmpl.Evaluate(&vars.Scope{Workspace: hiding, Context: given}).Text)
		})
	}
}

// The status of a run has moved; what flows wrote years ago still works.
func TestDeprecatedRunStatus(t *testing.T) {
	e := newEngine(t, engine.Limits{})
	given, err := engine.ParseContext([]byte(`{"child":{"status":"completed","run":{"status":"completed"}}}`))
	require.NoError(t, err)
	tmpl, err := e.Template("@child.status @child.run.status", vars.NewRoots(given.Names()))
	require.NoError(t, err)
	result := tmpl.Evaluate(&vars.Scope{Context: given})
	assert.Equal(t, "completed completed", result.Text)
	require.Len(t, result.Warnings, 1)
	assert.Equal(t, "@child.run.status is deprecated, use @child.status instead", result.Warnings[0].Message)
}

// A call of what is no function names it as written, space in texts included.
func TestNotAFunction(t *testing.T) {
	e := newEngine(t, engine.Limits{})
	given, err := engine.ParseContext([]byte(`{"Thing":{"a B":1}}`))
	require.NoError(t, err)
	for template, want := range map[string]string{
		`@(thing["a B"](1))`:     `thing["a b"] is not a function`,
		`@(Thing [ "a B" ] (1))`: `thing["a b"] is not a function`,
		`@((1 + 2)("x"))`:        `(1+2) is not a function`,
		`@(("\" " & 1)("x"))`:    `("\" "&1) is not a function`,
	} {
		tmpl, err := e.Template(template, vars.NewRoots(given.Names()))
		require.NoError(t, err)
		result := tmpl.Evaluate(&vars.Scope{Context: given})
		require.Len(t, result.Warnings, 1, template)
		assert.Equal(t, want, result.Warnings[0].Message, template)
	}
}
