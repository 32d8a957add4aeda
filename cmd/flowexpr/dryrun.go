package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/flowexpr/flowexpr/server/broadcast"
)

// dryrunCommand evaluates a template for many contacts and tells what would come out.
type dryrunCommand struct {
	templateFlags
	Group    string `placeholder:"NAME" help:"Only the contacts of a group (default: all)."`
	Examples int    `default:"3" placeholder:"N" help:"Contacts to name for each finding, 0 to 20 (default: 3)."`
	FailOn   string `placeholder:"LEVEL" enum:",warning,error" default:"" help:"Fail where any contact gives a warning or an error, or an error."`
	JSON     bool   `name:"json" help:"Print the summary as JSON, with the texts of examples."`
}

// forecast is what the service tells at the end.
type forecast struct {
	broadcast.Findings
	Elapsed int64 `json:"elapsed_ms"`
}

// Run evaluates; nothing is sent.
func (c *dryrunCommand) Run(ctx context.Context, io streams, flags *storeFlags) error {
	template, err := c.template(io)
	if err != nil {
		return err
	}
	request, err := c.request(io, template)
	if err != nil {
		return err
	}
	request["examples"] = c.Examples
	if c.Group != "" {
		request["group"] = c.Group
	}
	s, err := openService(ctx, flags)
	if err != nil {
		return err
	}
	defer s.close()
	drawn := newProgress(io.err, unknownSize)
	summary, err := s.stream(ctx, "/v1/dryrun", request, func(line []byte) error { return drawProgress(drawn, line) })
	drawn.end()
	if err != nil {
		return told(io, template, err)
	}
	return c.tell(io, summary)
}

func drawProgress(drawn *progress, line []byte) error {
	var p struct {
		Progress struct {
			Contacts int64 `json:"contacts"`
		} `json:"progress"`
	}
	if err := json.Unmarshal(line, &p); err != nil {
		return err
	}
	drawn.show("dry run", 0, p.Progress.Contacts)
	return nil
}

// tell prints the summary, and decides whether it is a failure.
func (c *dryrunCommand) tell(io streams, summary json.RawMessage) error {
	var o forecast
	if err := json.Unmarshal(summary, &o); err != nil {
		return fmt.Errorf("the service's summary: %w", err)
	}
	var err error
	if c.JSON {
		err = printJSON(io.out, summary)
	} else {
		err = o.print(io)
	}
	switch {
	case err != nil:
		return err
	case o.Contacts == 0 && c.Group != "":
		return noGroup(c.Group)
	case c.FailOn != "" && o.Errors > 0:
		return fmt.Errorf("%s of %d with errors", plural(int(o.Errors), "contact"), o.Contacts)
	case c.FailOn == "warning" && o.Warnings > 0:
		return fmt.Errorf("%s of %d with warnings", plural(int(o.Warnings), "contact"), o.Contacts)
	}
	return nil
}

// print writes the findings to read: counts in columns, and the contacts that show them below.
func (o *forecast) print(io streams) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s in %.1f s\n\n", plural(int(o.Contacts), "contact"), float64(o.Elapsed)/1000)
	t := table{Writer: tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0), of: o.Contacts}
	t.row("clean", o.Clean, nil)
	t.row("with warnings", o.Warnings, nil)
	t.row("with errors", o.Errors, nil)
	t.row("unroutable", o.Unroutable.Contacts, o.Unroutable.Examples)
	o.printFindings(&t)
	o.printSMS(&t)
	if err := t.Flush(); err != nil {
		return err
	}
	o.printExamples(&b)
	_, err := b.WriteTo(io.out)
	return err
}

func (o *forecast) printFindings(t *table) {
	if len(o.Problems) > 0 {
		t.title("warnings and errors")
		for _, p := range o.Problems {
			t.row(strings.TrimSpace(fmt.Sprintf("%s %s %s", p.Severity, p.Code, p.Expression)), p.Contacts, p.Examples)
		}
	}
	if len(o.Variables) > 0 {
		t.title("variables that are empty")
		for _, v := range o.Variables {
			t.row(v.Variable, v.Empty, v.Examples)
		}
	}
	if len(o.Destinations) > 0 {
		t.title("destinations")
		for _, d := range o.Destinations {
			t.row(d.Scheme, d.Contacts, nil)
		}
	}
}

func (o *forecast) printSMS(t *table) {
	l := o.Lengths
	t.title("length in characters")
	fmt.Fprintf(t, "  min %d, median %d, mean %.1f, max %d\n", l.Min, l.Median, l.Mean, l.Max)
	if o.SMS.Contacts == 0 {
		return
	}
	t.title(fmt.Sprintf("SMS: %s for %s by phone", plural(int(o.SMS.Total), "segment"), plural(int(o.SMS.Contacts), "contact")))
	t.of = o.SMS.Contacts
	for _, e := range o.SMS.Encodings {
		t.row(e.Encoding, e.Contacts, e.Examples)
	}
	for _, s := range o.SMS.Segments {
		t.row(plural(s.Segments, "segment"), s.Contacts, nil)
	}
}

func (o *forecast) printExamples(b *bytes.Buffer) {
	show := func(title string, examples ...broadcast.Example) {
		if len(examples) == 0 {
			return
		}
		fmt.Fprintf(b, "\n%s\n", title)
		for _, e := range examples {
			fmt.Fprintf(b, "  %s  %q\n", e.Contact, e.Text)
		}
	}
	show("clean", o.Examples...)
	if o.Lengths.Longest != nil {
		show("shortest", *o.Lengths.Shortest)
		show("longest", *o.Lengths.Longest)
	}
}

// table is rows of a name, a count, its share, and the contacts that show it.
type table struct {
	*tabwriter.Writer
	of int64
}

func (t *table) title(text string) { fmt.Fprintf(t, "\n%s\n", text) }

func (t *table) row(name string, count int64, examples []broadcast.Example) {
	share := 0.0
	if t.of > 0 {
		share = 100 * float64(count) / float64(t.of)
	}
	fmt.Fprintf(t, "  %s\t%*d\t%5.1f %%", name, width, count, share)
	for i, e := range examples {
		separator := " "
		if i == 0 {
			separator = "\t"
		}
		fmt.Fprint(t, separator+e.Contact)
	}
	fmt.Fprintln(t)
}

// width is that of counts: a hundred million contacts stay in their column.
const width = 9
