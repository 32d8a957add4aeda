package engine_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/engine"
	"github.com/flowexpr/flowexpr/engine/diag"
	"github.com/flowexpr/flowexpr/engine/value"
	"github.com/flowexpr/flowexpr/vars"
)

const janeJSON = `{"uuid":"5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f","name":"Jane Doe","language":"eng","status":"active",` +
	`"timezone":"America/Los_Angeles","created_on":"2026-01-15T09:30:00Z","last_seen_on":null,` +
	`"urns":["tel:+13233754866","twitter:janedoe","mailto:jane.doe@example.org","tel:+4971234567"],` +
	`"groups":[{"uuid":"b7cf0d83-f1c9-411c-96fd-c511a4cfa86d","name":"Testers"}],` +
	`"fields":{"age":34,"balance":12.5,"city":"Los Angeles","gone":null,"joined":"2024-03-02T00:00:00Z"}}`

func record(t testing.TB, data string) contactstore.Record {
	t.Helper()
	contact, err := contactstore.ParseContact([]byte(data))
	require.NoError(t, err)
	r, err := contactstore.Encode(contact)
	require.NoError(t, err)
	return r
}

func workspace(t testing.TB, settings string) *vars.Workspace {
	t.Helper()
	parsed, err := contactstore.ParseSettings([]byte(settings))
	require.NoError(t, err)
	w, err := vars.NewWorkspace(parsed)
	require.NoError(t, err)
	return w
}

func newEngine(t testing.TB, limits engine.Limits) *engine.Engine {
	t.Helper()
	e, err := engine.New(engine.Options{Limits: limits, Clock: func() time.Time { return time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC) }})
	require.NoError(t, err)
	return e
}

func compile(t testing.TB, e *engine.Engine, source string) *engine.Template {
	t.Helper()
	tmpl, err := e.Template(source, vars.Roots{})
	require.NoError(t, err)
	return tmpl
}

// The templates that the figures are measured on.
const (
	t0 = "Dear customer, your order has been shipped today and will arrive within the next three working days."
	t1 = "Your number is @contact.urn"
	t4 = "Hi @contact.name, thanks for joining! We will call you at @contact.urn and write to @urns.mailto, or find you as @urns.twitter. Reply STOP to end this."
	tx = `@(upper(contact.first_name)), you owe @(fields.balance * 2 + 1)@(if(fields.age > 18, " adult", " minor"))`
)

// Texts and variables that are plain text cost no allocation.
func TestAllocations(t *testing.T) {
	e := newEngine(t, engine.Limits{})
	scope := &vars.Scope{Workspace: workspace(t, `{}`), Contact: record(t, janeJSON)}
	dst := make([]byte, 0, 1024)
	var w engine.Warnings
	w.Reset(10)
	for name, c := range map[string]struct{ template, want string }{
		"T0": {t0, t0},
		"T1": {t1, "Your number is tel:+13233754866"},
		"T4": {t4, "Hi Jane Doe, thanks for joining! We will call you at tel:+13233754866 and write to mailto:jane.doe@example.org, or find you as twitter:janedoe. Reply STOP to end this."},
	} {
		t.Run(name, func(t *testing.T) {
			tmpl := compile(t, e, c.template)
			assert.Equal(t, c.want, string(tmpl.Append(dst, scope, &w)))
			assert.Zero(t, testing.AllocsPerRun(200, func() { tmpl.Append(dst, scope, &w) }))
			assert.Empty(t, w.List)
		})
	}
	tmpl := compile(t, e, tx)
	assert.Equal(t, "JANE, you owe 26 adult", string(tmpl.Append(dst, scope, &w)))
	assert.LessOrEqual(t, testing.AllocsPerRun(200, func() { tmpl.Append(dst, scope, &w) }), 9.0)
}

// A cached template costs a look-up, and no allocation.
func TestCache(t *testing.T) {
	e, err := engine.New(engine.Options{CacheBytes: 20_000})
	require.NoError(t, err)
	first := compile(t, e, t4)
	assert.Same(t, first, compile(t, e, t4))
	other, err := e.Template(t4, vars.NewRoots([]string{"shop"}))
	require.NoError(t, err)
	assert.NotSame(t, first, other, "other roots, another template")
	assert.Zero(t, testing.AllocsPerRun(100, func() { _, _ = e.Template(t4, vars.Roots{}) }))
	for i := range 200 {
		compile(t, e, fmt.Sprintf("%s %d", t4, i))
	}
	assert.Eventually(t, func() bool { return e.CacheStats().Bytes <= 20_000 }, 5*time.Second, time.Millisecond, "the cache is bounded")
}

// One template serves many goroutines, each with its own scope.
func TestConcurrency(t *testing.T) {
	e := newEngine(t, engine.Limits{})
	tmpl := compile(t, e, `@contact.name @(upper(contact.name)) @(join(foreach(array(1,2,3), (x) => x * fields.age), ","))`)
	var done sync.WaitGroup
	for n := range 8 {
		scope := &vars.Scope{Contact: record(t, fmt.Sprintf(`{"name":"n%d","fields":{"age":%d}}`, n, n))}
		want := fmt.Sprintf("n%d N%d %d,%d,%d", n, n, n, 2*n, 3*n)
		done.Go(func() {
			for range 300 {
				if got := tmpl.Evaluate(scope).Text; got != want {
					t.Errorf("got %q, want %q", got, want)
					return
				}
			}
		})
	}
	done.Wait()
}

// Hostile templates end in time, in bounds, and with a word about why.
func TestHostile(t *testing.T) {
	e := newEngine(t, engine.Limits{})
	scope := &vars.Scope{Contact: record(t, janeJSON)}
	nested := func(n int) string { return "@(" + strings.Repeat("(", n) + "1" + strings.Repeat(")", n) + ")" }
	for name, c := range map[string]struct{ template, want, code string }{
		"deep":            {nested(101), "", "nesting_too_deep"},
		"deep enough":     {nested(99), "1", ""},
		"long repeat":     {`@(repeat("x", 10001))`, "", "out_of_range"},
		"repeated repeat": {`@(foreach(split(repeat("x ", 4000), " "), (x) => repeat("y", 10000)))`, "", "too_complex"},
		"doubling":        {"@(((a) => a(a))((a) => a(a)))", "", "too_complex"},
		"many minus":      {"@(" + strings.Repeat("-", 30_000) + "1)", "", "too_complex"},
		"many plus":       {"@(1" + strings.Repeat("+1", 20_000) + ")", "", "too_complex"},
		"much reading":    {`@(foreach(split(repeat("x ", 4000), " "), (x) => foreach(split(repeat("x ", 4000), " "), (y) => 1 = 2)))`, "", "too_complex"},
		"a power":         {"@(9^99^99)", "", "out_of_range"},
		"not UTF-8":       {"a\xff@contact.name\xfe@(\"\xff\")", "a\xffJane Doe\xfe\xff", ""},
		"NUL":             {"a\x00b@contact.name\x00c", "abJane Doe", ""},
	} {
		t.Run(name, func(t *testing.T) {
			result := compile(t, e, c.template).Evaluate(scope)
			assert.Equal(t, c.want, result.Text)
			if c.code == "" {
				assert.Empty(t, result.Warnings)
				return
			}
			require.NotEmpty(t, result.Warnings)
			assert.Equal(t, c.code, result.Warnings[0].Code, result.Warnings[0].Message)
		})
	}
}

func TestLimits(t *testing.T) {
	e := newEngine(t, engine.Limits{Template: 100, Blocks: 3, Output: 50, Warnings: 2})
	scope := &vars.Scope{Contact: record(t, janeJSON)}
	_, err := e.Template(strings.Repeat("x", 101), vars.Roots{})
	require.EqualError(t, err, "the template has 101 bytes, more than the limit of 100 bytes; shorten the template, or raise the limit on template size")
	_, err = e.Template("@contact @contact @contact @contact @contact", vars.Roots{})
	var d diag.Diagnostic
	require.ErrorAs(t, err, &d)
	assert.Equal(t, "template_too_large", d.Code)

	result := compile(t, e, `@(repeat("ä", 40))`).Evaluate(scope)
	assert.Equal(t, strings.Repeat("ä", 25), result.Text, "cut on a whole character")
	assert.Equal(t, "output_too_large", result.Warnings[0].Code)

	e = newEngine(t, engine.Limits{Budget: 1000, Total: 1500})
	result = compile(t, e, strings.Repeat(`@(text_length(repeat("x", 900))) `, 3)+"@contact.name").Evaluate(scope)
	assert.Equal(t, "900 900  Jane Doe", result.Text, "the third block is one too many; variables cost nothing")
	assert.Equal(t, "too_complex", result.Warnings[0].Code)

	e = newEngine(t, engine.Limits{Warnings: 2})
	result = compile(t, e, "@fields.x @fields.y @fields.z").Evaluate(scope)
	assert.Len(t, result.Warnings, 2)
	assert.Equal(t, 1, result.Dropped)
}

func TestValue(t *testing.T) {
	e := newEngine(t, engine.Limits{})
	scope := &vars.Scope{Contact: record(t, janeJSON)}
	for template, want := range map[string]value.Type{
		"@fields.age": value.TypeNumber, "@(1 = 1)": value.TypeBoolean, "@contact.created_on": value.TypeDateTime, "@urns.ext": value.TypeNil,
		"@contact.urns": value.TypeArray, "@contact": value.TypeObject, "@(upper)": value.TypeFunction, "@(1/0)": value.TypeError,
		"@()": value.TypeError, "@fields.age!": value.TypeText, "plain": value.TypeText, "  @fields.age \n": value.TypeNumber,
	} {
		var w engine.Warnings
		assert.Equal(t, want, value.TypeOf(compile(t, e, template).Value(scope, &w)), template)
	}
}

// Of a template that is more than one block, the space around it goes, and that of the values stays.
func TestValueTrimsTheTemplate(t *testing.T) {
	e := newEngine(t, engine.Limits{})
	for template, want := range map[string]string{
		" @(\" a\")b \n": " ab", "\tx @(\"b \")\u00a0": "x b ", "  ": "", "": "", " @@ ": "@", " @(1 ": "@(1", "\x00 ": "", " @(1)@(2) ": "12",
	} {
		var w engine.Warnings
		got := compile(t, e, template).Value(&vars.Scope{}, &w)
		text, failure := value.ToText(got)
		assert.Nil(t, failure)
		assert.Equal(t, want, text, "%q", template)
	}
}

func TestNeeds(t *testing.T) {
	e := newEngine(t, engine.Limits{})
	for template, want := range map[string]bool{
		"text": false, "@globals.x @(1+1) @results.a": false, "@contact.name": true, "@(upper(fields.x))": true, "@(foreach(array(1), (x) => urns.tel))": true,
	} {
		assert.Equal(t, want, compile(t, e, template).Needs().Contact, template)
	}
	assert.False(t, compile(t, e, "mail a@b.org").HasExpressions())
	assert.True(t, compile(t, e, "@contact").HasExpressions())
}

func TestVariables(t *testing.T) {
	tests := []struct {
		source string
		want   []string
	}{
		{"no variables at all, @@contact.name neither", nil},
		{"@urns.mailto @contact.name @URNS.mailto", []string{"urns.mailto", "contact.name"}},
		{`@(upper(contact.first_name) & fields.age) @(if(globals.open, contact.urn, "-"))`, []string{"contact.first_name", "fields.age", "globals.open", "contact.urn"}},
		{`@(foreach(contact.groups, (g) => g.name & contact.name))`, []string{"contact.groups", "contact.name"}},
		{"@contact.frist_name @results.color @(", nil},
	}
	e := newEngine(t, engine.Limits{})
	for _, tt := range tests {
		template, err := e.Template(tt.source, vars.NewRoots([]string{"results"}))
		require.NoError(t, err)
		var got []string
		for _, v := range template.Variables() {
			got = append(got, v.Path())
		}
		assert.Equal(t, tt.want, got, tt.source)
	}
}

func TestExplain(t *testing.T) {
	e := newEngine(t, engine.Limits{})
	scope := &vars.Scope{Contact: record(t, janeJSON)}
	result, explanations := compile(t, e, "@contact.urn @urns.ext @(upper(contact.first_name) & fields.nope) @(1/0)").Explain(scope)
	assert.Equal(t, "tel:+13233754866   ", result.Text)
	require.Len(t, explanations, 4)
	assert.Equal(t, engine.Explanation{
		Expression: "@contact.urn", Start: 0, End: 12, Value: "tel:+13233754866", Type: "text",
		Reason:     "highest-priority Phone Number: 1 of 2, first of 4 connections",
		Candidates: []vars.Candidate{{URN: "tel:+13233754866", Priority: 1}, {URN: "tel:+4971234567", Priority: 4}},
		Place:      &engine.Place{Start: 0, End: 16},
	}, explanations[0])
	assert.Equal(t, engine.Explanation{
		Expression: "@urns.ext", Start: 13, End: 22, Type: "nil", Reason: "the contact has no External Identifier among 4 connections",
		Place: &engine.Place{Start: 17, End: 17},
	}, explanations[1])
	assert.Equal(t, "error", explanations[2].Type)
	require.Len(t, explanations[2].Variables, 2)
	assert.Equal(t, engine.Explanation{
		Expression: "contact.first_name", Start: 31, End: 49, Value: "Jane", Type: "text", Reason: "the first word of the contact's name",
	}, explanations[2].Variables[0])
	assert.Equal(t, "object has no property 'nope'", explanations[2].Variables[1].Reason)
	assert.Equal(t, "division by zero", explanations[3].Reason)
}

// What an explanation gives stands at its place, also where each evaluation gives something else.
func TestExplainGivesPlaces(t *testing.T) {
	e := newEngine(t, engine.Limits{})
	result, explanations := compile(t, e, "é @(rand()) @contact.first_name.").Explain(&vars.Scope{Contact: record(t, janeJSON)})
	require.Len(t, explanations, 2)
	for _, explanation := range explanations {
		assert.Equal(t, explanation.Value, result.Text[explanation.Place.Start:explanation.Place.End])
	}
	assert.Equal(t, "é "+explanations[0].Value+" Jane.", result.Text)
}

func TestExplainGivesNoPlacesBehindACut(t *testing.T) {
	e := newEngine(t, engine.Limits{Output: 10})
	result, explanations := compile(t, e, "@contact.first_name @(repeat(\"x\", 9)) @contact.name").Explain(&vars.Scope{Contact: record(t, janeJSON)})
	assert.Equal(t, "Jane xxxxx", result.Text)
	require.Len(t, explanations, 3)
	assert.Equal(t, &engine.Place{Start: 0, End: 4}, explanations[0].Place)
	assert.Nil(t, explanations[1].Place)
	assert.Nil(t, explanations[2].Place)
	assert.Len(t, result.Warnings, 1)
}

func FuzzEvaluate(f *testing.F) {
	for _, seed := range []string{t1, t4, tx, "@(", "@(1/0)@contact..x", "@(((x) => x)(1))", "@(json(contact))", "@fields @globals @urns", "\x00@\xff"} {
		f.Add(seed)
	}
	e := newEngine(f, engine.Limits{Budget: 100_000, Output: 10_000})
	scope := &vars.Scope{Workspace: workspace(f, `{}`), Contact: record(f, janeJSON), RandomSeed: 1}
	f.Fuzz(func(t *testing.T, source string) {
		tmpl, err := e.Compile(source, vars.Roots{})
		if err != nil {
			return
		}
		result := tmpl.Evaluate(scope)
		if !strings.ContainsAny(source, "@\x00") && result.Text != source {
			t.Fatalf("a template without @ gives %q", result.Text)
		}
		if len(result.Text) > 10_000 {
			t.Fatalf("%d bytes", len(result.Text))
		}
		for _, d := range result.Warnings {
			if d.Span.Start < 0 || d.Span.End > len(source) || d.Span.Start > d.Span.End {
				t.Fatalf("%v is no place in the template", d.Span)
			}
		}
	})
}

func Example() {
	contact, err := contactstore.ParseContact([]byte(`{"name": "Jane Doe", "urns": ["tel:+13233754866"]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	record, err := contactstore.Encode(contact)
	if err != nil {
		fmt.Println(err)
		return
	}
	eng, err := engine.New(engine.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	tmpl, err := eng.Template("Hi @contact.first_name, we will write to @contact.urn or @urns.mailto", vars.Roots{})
	if err != nil {
		fmt.Println(err)
		return
	}
	result := tmpl.Evaluate(&vars.Scope{Contact: record})
	fmt.Printf("%q\n", result.Text)
	fmt.Println(result.Warnings[0].Message)
	// Output:
	// "Hi Jane, we will write to tel:+13233754866 or "
	// the contact has no connection for urns.mailto
}
