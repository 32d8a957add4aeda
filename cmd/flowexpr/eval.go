package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/memstore"
	"github.com/flowexpr/flowexpr/engine"
	"github.com/flowexpr/flowexpr/engine/diag"
)

// evalCommand evaluates a template for one contact, or for many.
type evalCommand struct {
	templateFlags
	Contact  string `placeholder:"REF" help:"The contact: its UUID or a URN of it in the store, or a file with its JSON (- for standard input)."`
	Contacts string `placeholder:"FILE" help:"Evaluate for each contact of a file of JSON lines (- for standard input); one line of JSON comes out for each."`
	All      bool   `help:"Evaluate for all contacts of the store; one line of JSON comes out for each."`
	Group    string `placeholder:"NAME" help:"Evaluate for the contacts of a group; one line of JSON comes out for each."`
	Explain  bool   `help:"Say where each value comes from."`
	Strict   bool   `help:"Fail, and print no text, when there is any error or warning."`
	JSON     bool   `name:"json" help:"Print the whole answer as JSON."`
}

// Run evaluates.
func (c *evalCommand) Run(ctx context.Context, io streams, flags *storeFlags) error {
	template, err := c.template(io)
	if err != nil {
		return err
	}
	many, err := c.many()
	if err != nil {
		return err
	}
	switch {
	case c.Contacts != "":
		return c.evaluateFile(ctx, io, flags, template)
	case many:
		return c.evaluateStored(ctx, io, flags, template)
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

// many reports whether the command is about many contacts.
func (c *evalCommand) many() (bool, error) {
	chosen := 0
	for _, given := range []bool{c.Contact != "", c.Contacts != "", c.All, c.Group != ""} {
		if given {
			chosen++
		}
	}
	many := chosen > 0 && c.Contact == ""
	switch {
	case chosen > 1:
		return false, usageError{errors.New("--contact, --contacts, --all and --group exclude each other: give one")}
	case many && c.Explain:
		return false, usageError{errors.New("--explain is about one contact: give --contact")}
	}
	return many, nil
}

// reference is how a contact is named.
type reference int

const (
	noContact reference = iota
	storedContact
	inlineContact
)

// request builds the call about one contact.
func (c *evalCommand) request(io streams, template string) (map[string]any, reference, error) {
	request, err := c.templateFlags.request(io, template)
	if err != nil {
		return nil, noContact, err
	}
	if c.Explain {
		request["explain"] = true
	}
	if c.Strict {
		request["strict"] = true
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
	if contact != storedContact && !flags.chosen() {
		return serviceOver(ctx, memstore.New(), flags.Workspace)
	}
	return openService(ctx, flags)
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
