package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/engine"
	"github.com/flowexpr/flowexpr/engine/diag"
	"github.com/flowexpr/flowexpr/engine/syntax/legacy"
	"github.com/flowexpr/flowexpr/engine/value"
	"github.com/flowexpr/flowexpr/vars"
)

// testCase is one case of `flowexpr test`: a template, what it is evaluated over, and what must come out.
type testCase struct {
	ID          string          `json:"id"`
	Kind        string          `json:"kind"`
	Template    string          `json:"template"`
	Input       string          `json:"input"`
	Context     json.RawMessage `json:"context"`
	ContextRef  string          `json:"context_ref"`
	Contact     json.RawMessage `json:"contact"`
	Settings    json.RawMessage `json:"settings"`
	SettingsRef string          `json:"settings_ref"`
	Apply       []testStep      `json:"apply"`
	Expect      *string         `json:"expect"`
	ExpectError string          `json:"expect_error"`
	ExpectType  string          `json:"expect_type"`
	// Warnings are the codes of what flowexpr adds by itself, in template order; absent means they are not compared.
	Warnings *[]string `json:"expect_warnings"`
	// Options are those of a case of the kind migrate.
	Options caseOptions `json:"options"`
}

// caseOptions say how a legacy template is rewritten, as in POST /v1/migrate.
type caseOptions struct {
	EchoOnError bool `json:"echo_on_error"`
	URLEncode   bool `json:"url_encode"`
	RawDates    bool `json:"raw_dates"`
}

// testStep is something done to the contact before the evaluation.
type testStep struct {
	Affinity  string `json:"affinity"`
	Channel   string `json:"channel"`
	Preferred string `json:"preferred"`
	Clear     bool   `json:"clear"`
}

// testNames are the named contexts, settings and locations that cases refer to.
type testNames struct {
	Settings  map[string]json.RawMessage `json:"settings"`
	Contexts  map[string]json.RawMessage `json:"contexts"`
	Locations map[string]json.RawMessage `json:"locations"`
}

// caseRunner runs cases.
type caseRunner struct {
	engine *engine.Engine
	names  testNames
}

// run runs one case and gives its mismatches; the error says that the case itself is unusable.
func (r *caseRunner) run(c *testCase) ([]mismatch, error) {
	if c.Expect == nil && c.ExpectError == "" && c.Kind != "urn_validate" { // whose success has no text
		return nil, fmt.Errorf("the case has no expect and no expect_error")
	}
	switch c.Kind {
	case "":
		return r.evaluate(c)
	case "migrate":
		return compareOutcome(c, legacy.Migrate(c.Input, legacy.Options(c.Options)).Template, ""), nil
	case "urn_validate", "urn_normalize", "urn_format", "urn_parse":
		text, err := urnCase(c.Kind, c.Input)
		return compareOutcome(c, text, errorText(err)), nil
	}
	return nil, fmt.Errorf("kind: %q is none; the kinds are migrate, urn_validate, urn_normalize, urn_format and urn_parse, and none for a template", c.Kind)
}

func (r *caseRunner) evaluate(c *testCase) ([]mismatch, error) {
	scope, roots, err := r.scope(c)
	if err != nil {
		return nil, err
	}
	tmpl, err := r.engine.Template(c.Template, roots)
	if err != nil {
		return nil, err
	}
	result := tmpl.Evaluate(scope)
	found := compareOutcome(c, result.Text, referenceErrors(result.Warnings))
	explainErrors(found, c, result.Warnings)
	if c.Warnings != nil {
		if expected, actual := strings.Join(*c.Warnings, ", "), adviceCodes(result.Warnings); expected != actual {
			found = append(found, mismatch{What: "warnings", Expected: expected, Actual: actual})
		}
	}
	if c.ExpectType != "" {
		var w engine.Warnings
		if actual := value.TypeOf(tmpl.Value(scope, &w)).String(); actual != c.ExpectType {
			found = append(found, mismatch{What: "type", Expected: c.ExpectType, Actual: actual})
		}
	}
	return found, nil
}

func compareOutcome(c *testCase, text, errors string) []mismatch {
	var found []mismatch
	if c.Expect != nil && *c.Expect != text {
		found = append(found, mismatch{What: "text", Expected: *c.Expect, Actual: text})
	}
	if c.ExpectError != errors {
		found = append(found, mismatch{What: "errors", Expected: c.ExpectError, Actual: errors})
	}
	return found
}

// referenceErrors writes errors as the cases have them: `error evaluating SOURCE: MESSAGE`, joined by commas.
func referenceErrors(warnings []diag.Diagnostic) string {
	var texts []string
	for _, w := range warnings {
		if w.Severity == diag.Error {
			texts = append(texts, "error evaluating "+w.Expression+": "+w.Message)
		}
	}
	return strings.Join(texts, ", ")
}

func adviceCodes(warnings []diag.Diagnostic) string {
	var codes []string
	for _, w := range warnings {
		if w.Severity == diag.Warning {
			codes = append(codes, w.Code)
		}
	}
	return strings.Join(codes, ", ")
}

// scope builds what a case evaluates over: a contact with the standard roots, or a context and nothing else.
func (r *caseRunner) scope(c *testCase) (*vars.Scope, vars.Roots, error) {
	scope := &vars.Scope{}
	settings, err := r.settings(c, scope)
	if err != nil {
		return nil, vars.Roots{}, fmt.Errorf("settings: %w", err)
	}
	if scope.Workspace, err = vars.NewWorkspace(settings); err != nil {
		return nil, vars.Roots{}, fmt.Errorf("settings: %w", err)
	}
	data := c.Context
	if c.ContextRef != "" {
		var ok bool
		if data, ok = r.names.Contexts[c.ContextRef]; !ok {
			return nil, vars.Roots{}, fmt.Errorf("context_ref: there is no context %q", c.ContextRef)
		}
	}
	roots := vars.Roots{}
	if data != nil {
		given, err := r.engine.ParseTaggedContext(data)
		if err != nil {
			return nil, roots, fmt.Errorf("context: %w", err)
		}
		if c.Contact == nil { // the context is all there is
			scope.Context, roots = given, vars.BareRoots(given.Names())
		} else {
			scope.Context, roots = given.Shaped(), vars.NewRoots(given.Names())
		}
	}
	if c.Contact != nil {
		if scope.Contact, err = caseContact(c, settings.Channels); err != nil {
			return nil, roots, fmt.Errorf("contact: %w", err)
		}
	}
	return scope, roots, nil
}

// settings lays a case's own settings over the named ones, and takes out what belongs to one evaluation.
func (r *caseRunner) settings(c *testCase, scope *vars.Scope) (contactstore.Settings, error) {
	merged := map[string]json.RawMessage{}
	if c.SettingsRef != "" {
		named, ok := r.names.Settings[c.SettingsRef]
		if !ok {
			return contactstore.Settings{}, fmt.Errorf("there are no settings %q", c.SettingsRef)
		}
		if err := json.Unmarshal(named, &merged); err != nil {
			return contactstore.Settings{}, err
		}
	}
	if c.Settings != nil {
		var own map[string]json.RawMessage
		if err := json.Unmarshal(c.Settings, &own); err != nil {
			return contactstore.Settings{}, err
		}
		maps.Copy(merged, own)
	}
	if err := takeEvaluation(merged, scope); err != nil {
		return contactstore.Settings{}, err
	}
	if err := r.nameLocations(merged); err != nil {
		return contactstore.Settings{}, err
	}
	data, err := json.Marshal(merged)
	if err != nil {
		return contactstore.Settings{}, err
	}
	return contactstore.ParseSettings(data)
}

// takeEvaluation moves `now` and `random_seed` from settings to the scope.
func takeEvaluation(settings map[string]json.RawMessage, scope *vars.Scope) error {
	if data, ok := settings["now"]; ok {
		var now time.Time
		if err := json.Unmarshal(data, &now); err != nil {
			return fmt.Errorf("now: got %s, want a time such as 2026-11-24T12:00:00Z", data)
		}
		scope.Now = now
		delete(settings, "now")
	}
	if data, ok := settings["random_seed"]; ok {
		if err := json.Unmarshal(data, &scope.RandomSeed); err != nil {
			return fmt.Errorf("random_seed: %w", err)
		}
		delete(settings, "random_seed")
	}
	return nil
}

// nameLocations replaces the name of a set of locations by the set.
func (r *caseRunner) nameLocations(settings map[string]json.RawMessage) error {
	var name string
	if data, ok := settings["locations"]; !ok || json.Unmarshal(data, &name) != nil {
		return nil
	}
	named, ok := r.names.Locations[name]
	if !ok {
		return fmt.Errorf("there are no locations %q; there are %s", name, strings.Join(slices.Sorted(maps.Keys(r.names.Locations)), ", "))
	}
	settings["locations"] = named
	return nil
}

// caseContact reads a case's contact and does to it what the case asks.
func caseContact(c *testCase, channels []contactstore.Channel) (contactstore.Record, error) {
	contact, err := contactstore.ParseContactLenient(c.Contact)
	if err != nil {
		return contactstore.Record{}, err
	}
	for i := range c.Apply {
		if err := applyStep(contact, &c.Apply[i], channels); err != nil {
			return contactstore.Record{}, fmt.Errorf("apply[%d]: %w", i, err)
		}
	}
	return contactstore.Encode(contact)
}

func applyStep(contact *contactstore.Contact, step *testStep, channels []contactstore.Channel) error {
	switch {
	case step.Affinity != "":
		urn, err := contactstore.ParseURN(step.Affinity)
		if err != nil {
			return err
		}
		contact.SetAffinity(urn, step.Channel)
	case step.Preferred != "":
		for _, channel := range channels {
			if channel.UUID == step.Preferred {
				contact.Prefer(channel)
				return nil
			}
		}
		return fmt.Errorf("there is no channel %s", step.Preferred)
	case step.Clear:
		contact.ClearPreference()
	}
	return nil
}

// urnCase gives the answer of one operation on a URN. What gives a URN gives all of it: it is printing in a template that
// leaves out the query.
func urnCase(kind, input string) (string, error) {
	urn, err := contactstore.ParseURN(input)
	if err != nil {
		return "", err
	}
	switch kind {
	case "urn_validate":
		return "", urn.Validate()
	case "urn_normalize":
		return urn.Normalize().Full(), nil
	case "urn_format":
		return urn.Format(), nil
	}
	return urn.Full(), nil
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
