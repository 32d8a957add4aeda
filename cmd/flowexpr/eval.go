package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/memstore"
	"github.com/flowexpr/flowexpr/engine"
	"github.com/flowexpr/flowexpr/engine/diag"
)

// dialectLegacy is the language of flows made before 2018.
const dialectLegacy = "legacy"

// evalCommand evaluates a template for one contact, or for each contact of a file.
type evalCommand struct {
	Template string            `arg:"" optional:"" help:"The template."`
	File     string            `short:"f" type:"path" placeholder:"FILE" help:"Read the template from a file."`
	Contact  string            `placeholder:"REF" help:"The contact: its UUID or a URN of it in the store, or a file with its JSON (- for standard input)."`
	Contacts string            `placeholder:"FILE" help:"Evaluate for each contact of a file of JSON lines (- for standard input); one line of JSON comes out for each."`
	Context  string            `type:"path" placeholder:"FILE" help:"JSON for results, input, run and other roots."`
	Set      map[string]string `placeholder:"KEY=VALUE" mapsep:"none" help:"A setting: timezone, date_format, time_format, country, redact_urns, contact_urn, now and others. May be repeated."`
	Explain  bool              `help:"Say where each value comes from."`
	Strict   bool              `help:"Fail, and print no text, when there is any error or warning."`
	Dialect  string            `placeholder:"NAME" enum:"excellent,legacy" default:"excellent" help:"The template's language: excellent, or legacy, which is rewritten first."`
	JSON     bool              `name:"json" help:"Print the whole answer as JSON."`
}

// Run evaluates.
func (c *evalCommand) Run(ctx context.Context, io streams, flags *storeFlags) error {
	template, err := c.template(io)
	if err != nil {
		return err
	}
	if c.Contacts != "" {
		if c.Contact != "" || c.Explain || c.Strict {
			return usageError{errors.New("--contacts does not go with --contact, --explain or --strict")}
		}
		return c.evaluateAll(ctx, io, flags, template)
	}
	request, contact, err := c.request(io, template)
	if err != nil {
		return err
	}
	s, err := c.service(ctx, flags, contact)
	if err != nil {
		return err
	}
	defer s.close()
	answer, err := s.call(ctx, "POST", "/v1/evaluate", request)
	if err != nil {
		return told(io, template, err)
	}
	return c.print(io, template, answer.body)
}

// template gives the template of the argument or of the file, whose last line end is not part of it.
func (c *evalCommand) template(io streams) (string, error) {
	if c.File == "" {
		return c.Template, nil
	}
	if c.Template != "" {
		return "", usageError{errors.New("give the template either as the argument or by -f")}
	}
	data, err := readInput(c.File, io)
	return strings.TrimSuffix(strings.TrimSuffix(string(data), "\n"), "\r"), err
}

// reference is how a contact is named.
type reference int

const (
	noContact reference = iota
	storedContact
	inlineContact
)

// request builds the call.
func (c *evalCommand) request(io streams, template string) (map[string]any, reference, error) {
	request := map[string]any{"template": template}
	if c.Explain {
		request["explain"] = true
	}
	if c.Strict {
		request["strict"] = true
	}
	if c.Dialect == dialectLegacy {
		request["dialect"] = c.Dialect
	}
	settings, err := settingValues(c.Set)
	if err != nil {
		return nil, noContact, err
	}
	if len(settings) > 0 {
		request["settings"] = settings
	}
	if c.Context != "" {
		data, err := readInput(c.Context, io)
		if err != nil {
			return nil, noContact, err
		}
		if !json.Valid(data) {
			return nil, noContact, fmt.Errorf("%s is not JSON: want an object with a member for each root", c.Context)
		}
		request["context"] = json.RawMessage(data)
	}
	contact, kind, err := c.contact(io)
	if kind != noContact {
		request["contact"] = contact
	}
	return request, kind, err
}

// contact reads --contact.
func (c *evalCommand) contact(io streams) (any, reference, error) {
	if c.Contact == "" {
		return nil, noContact, nil
	}
	if id, err := contactstore.ParseUUID(c.Contact); err == nil {
		return map[string]string{"uuid": id.String()}, storedContact, nil
	}
	if _, err := os.Stat(c.Contact); err != nil && c.Contact != "-" {
		urn, invalid := contactstore.ParseURN(c.Contact)
		if invalid != nil {
			return nil, noContact, fmt.Errorf("--contact: %q is no UUID, no URN such as tel:+13233754866, and no file", c.Contact)
		}
		return map[string]string{"urn": urn.Full()}, storedContact, nil
	}
	data, err := readInput(c.Contact, io)
	if err != nil {
		return nil, noContact, err
	}
	if _, err := contactstore.ParseContact(data); err != nil {
		return nil, noContact, fmt.Errorf("%s: %w", c.Contact, err)
	}
	return json.RawMessage(data), inlineContact, nil
}

// service gives the chosen store's; a contact of a file, or none, needs no store unless one was chosen.
func (c *evalCommand) service(ctx context.Context, flags *storeFlags, contact reference) (*service, error) {
	if contact != storedContact && flags.URL == "" && flags.Redis == "" && flags.Data == "" {
		return serviceOver(ctx, memstore.New(), flags.Workspace)
	}
	return openService(ctx, flags)
}

// settingValues gives settings from the command line their JSON types.
func settingValues(set map[string]string) (map[string]any, error) {
	settings := make(map[string]any, len(set))
	for key, text := range set {
		switch key {
		case "redact_urns":
			truth, err := strconv.ParseBool(text)
			if err != nil {
				return nil, usageError{fmt.Errorf("--set %s: got %q, want true or false", key, text)}
			}
			settings[key] = truth
		case "random_seed":
			seed, err := strconv.ParseInt(text, 10, 64)
			if err != nil {
				return nil, usageError{fmt.Errorf("--set %s: got %q, want a whole number", key, text)}
			}
			settings[key] = seed
		case "languages":
			settings[key] = strings.Split(text, ",")
		case "channels", "globals", "fields", "locations", "number_format":
			if !json.Valid([]byte(text)) {
				return nil, usageError{fmt.Errorf("--set %s: want JSON", key)}
			}
			settings[key] = json.RawMessage(text)
		default:
			settings[key] = text
		}
	}
	return settings, nil
}

// evaluation is the service's answer.
type evaluation struct {
	Text     string               `json:"text"`
	Warnings []diag.Entry         `json:"warnings"`
	Explain  []engine.Explanation `json:"explain"`
	Migrated string               `json:"migrated"` // the template that the rest is about, if it was rewritten
}

// print writes the answer: the text, then what explains it; what there is to warn of goes to the standard error.
func (c *evalCommand) print(io streams, template string, body []byte) error {
	var e evaluation
	if err := json.Unmarshal(body, &e); err != nil {
		return fmt.Errorf("the service's answer: %w", err)
	}
	if e.Migrated != "" {
		template = e.Migrated
	}
	if err := renderEntries(io, template, e.Warnings); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(io.out, body)
	}
	var b bytes.Buffer
	b.WriteString(e.Text + "\n")
	if c.Explain {
		b.WriteByte('\n')
		for _, explanation := range e.Explain {
			explain(&b, "", explanation)
		}
	}
	_, err := b.WriteTo(io.out)
	return err
}

// explain writes one explanation, with what it rests on indented below it.
func explain(b *bytes.Buffer, indent string, e engine.Explanation) {
	shown := strconv.Quote(e.Value)
	if e.Value == "" && e.Type != "text" {
		shown = e.Type
	}
	fmt.Fprintf(b, "%s%s = %s\n%s    %s\n", indent, e.Expression, shown, indent, e.Reason)
	for _, candidate := range e.Candidates {
		fmt.Fprintf(b, "%s    %d. %s\n", indent, candidate.Priority, candidate.URN)
	}
	for _, variable := range e.Variables {
		explain(b, indent+"    ", variable)
	}
}

// renderEntries shows diagnostics under the template's lines.
func renderEntries(io streams, template string, entries []diag.Entry) error {
	if len(entries) == 0 {
		return nil
	}
	list := make([]diag.Diagnostic, len(entries))
	for i, e := range entries {
		list[i] = diag.Diagnostic{
			Severity: e.Severity, Code: e.Code, Message: e.Message, Hint: e.Hint, Expression: e.Expression,
			Span: diag.Span{Start: e.Start, End: e.End},
		}
	}
	return diag.Render(io.err, "template", template, list)
}

// told shows the diagnostics that come with a problem.
func told(io streams, template string, err error) error {
	var p *problem
	if errors.As(err, &p) && len(p.Errors) > 0 {
		if p.Migrated != "" {
			template = p.Migrated
		}
		return errors.Join(renderEntries(io, template, p.Errors), err)
	}
	return err
}
