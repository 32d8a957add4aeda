package soak

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
)

// evaluated is an answer to an evaluation.
type evaluated struct {
	Text     string
	Warnings []struct{ Severity, Code string }
}

// fits says why an evaluation is not that of a template for a contact, "" where it is.
func (e evaluated) fits(t template, c *contact, end string) string {
	if want := t.text(c) + end; e.Text != want {
		return fmt.Sprintf("got the text %q, want %q", e.Text, want)
	}
	for _, w := range e.Warnings {
		if w.Code != "no_connection" {
			return "got the warning " + w.Code
		}
	}
	if got, want := len(e.Warnings), t.warnings(c); got != want {
		return fmt.Sprintf("got %d warnings, want %d", got, want)
	}
	return ""
}

// variants is how many templates are made of each.
const variants = 300

// pick is a template, with an end that makes it one of many.
func (w *worker) pick() (t template, end string) {
	t = templates[rand.N(len(templates))]
	if rand.N(4) == 0 {
		end = fmt.Sprintf(" %d", w.count%variants)
	}
	return t, end
}

// evaluate evaluates for a contact, found by its UUID or by one of its URNs.
func (w *worker) evaluate(c *contact) {
	t, end := w.pick()
	kind, reference := "evaluate", map[string]string{"uuid": c.uuid()}
	if urn, ok := c.some(); ok && rand.N(3) == 0 {
		kind, reference = "evaluate by URN", map[string]string{"urn": urn}
	}
	a := w.call(w.reading(), "POST", "/v1/evaluate", map[string]any{"template": t.source + end, "contact": reference, "explain": rand.N(10) == 0})
	if !w.read(a) {
		return
	}
	w.tally.operation(kind)
	var e evaluated
	if err := json.Unmarshal(a.body, &e); err != nil || a.status != 200 {
		w.wrong(c, kind, a, fmt.Sprintf("want status 200; %v", err))
		return
	}
	if how := e.fits(t, c, end); how != "" {
		w.wrong(c, kind, a, how)
	}
}

// batchLine is a line of a batch.
type batchLine struct {
	Contact  string
	Texts    map[string]string
	Warnings map[string][]struct{ Severity, Code string }
	Error    *struct{ Code string }
	Summary  *struct{ Contacts, OK, Warnings, Errors int }
}

// batch evaluates two templates for contacts of the worker, those that are not there among them.
func (w *worker) batch(*contact) {
	var list []*contact
	for range 1 + rand.N(12) {
		if c := w.own[rand.N(len(w.own))]; c.known() {
			list = append(list, c)
		}
	}
	list = append(list, w.shared[rand.N(len(w.shared))])
	var ids []string
	for _, c := range list {
		ids = append(ids, c.uuid())
	}
	w.batchOf("batch", list, map[string]any{"contacts": ids})
}

// group evaluates for all that share a group.
func (w *worker) group(*contact) {
	w.batchOf("batch of a group", w.shared, map[string]any{"group": sharedGroup})
}

// batchOf makes a batch whose lines must be those of the list.
func (w *worker) batchOf(kind string, list []*contact, body map[string]any) {
	one, endOne := w.pick()
	two, endTwo := w.pick()
	body["templates"] = map[string]string{"one": one.source + endOne, "two": two.source + endTwo}
	a := w.call(w.reading(), "POST", "/v1/evaluate/batch", body)
	if !w.read(a) {
		return
	}
	lines := bytes.Split(bytes.TrimSpace(a.body), []byte("\n"))
	if cutOff(lines[len(lines)-1]) {
		w.tally.count(func() { w.tally.unanswered++ })
		return
	}
	w.tally.operation(kind)
	if a.status != 200 || len(lines) != len(list)+1 {
		w.wrong(list[0], kind, a, fmt.Sprintf("got %d lines, want %d", len(lines), len(list)+1))
		return
	}
	for i, c := range list {
		var l batchLine
		how := ""
		switch err := json.Unmarshal(lines[i], &l); {
		case err != nil:
			how = err.Error()
		case l.Contact != c.uuid():
			how = "the line of another contact"
		case !c.is.exists:
			if l.Error == nil || l.Error.Code != "contact_not_found" {
				how = "want contact_not_found"
			}
		default:
			how = evaluated{l.Texts["one"], l.Warnings["one"]}.fits(one, c, endOne) + evaluated{l.Texts["two"], l.Warnings["two"]}.fits(two, c, endTwo)
		}
		if how != "" {
			w.wrong(c, kind, answer{status: a.status, body: lines[i]}, how)
		}
	}
	var last batchLine
	if err := json.Unmarshal(lines[len(list)], &last); err != nil || last.Summary == nil || last.Summary.Contacts != len(list) {
		w.wrong(list[0], kind, answer{status: a.status, body: lines[len(list)]}, "want a summary of all contacts")
	}
}

// cutOff reports whether the last line of a stream says that it is not complete: the service is being stopped, or the
// store does not answer.
func cutOff(last []byte) bool {
	var l struct {
		Summary *struct{ Complete *bool }
	}
	return json.Unmarshal(last, &l) == nil && l.Summary != nil && l.Summary.Complete != nil && !*l.Summary.Complete
}

// dryRun evaluates for contacts that share a group, and counts.
func (w *worker) dryRun(*contact) {
	t, end := w.pick()
	a := w.call(w.reading(), "POST", "/v1/dryrun", map[string]any{"template": t.source + end, "group": sharedGroup})
	if !w.read(a) {
		return
	}
	lines := bytes.Split(bytes.TrimSpace(a.body), []byte("\n"))
	last := lines[len(lines)-1]
	if cutOff(last) {
		w.tally.count(func() { w.tally.unanswered++ })
		return
	}
	w.tally.operation("dry run")
	shortest := slices.MinFunc(w.shared, func(a, b *contact) int { return len(t.text(a)) - len(t.text(b)) })
	var got struct {
		Summary struct {
			Contacts, Clean, Errors int
			Lengths                 struct{ Min int }
		}
	}
	if err := json.Unmarshal(last, &got); err != nil || got.Summary.Contacts != len(w.shared) || got.Summary.Clean != len(w.shared) || got.Summary.Errors != 0 ||
		got.Summary.Lengths.Min != len(t.text(shortest)+end) {
		w.wrong(w.shared[0], "dry run", answer{status: a.status, body: last}, fmt.Sprintf("want %d clean contacts, the shortest of %d; %v", len(w.shared), len(t.text(shortest)+end), err))
	}
}

// list reads all pages of the list. Contacts come and go, but for those that are shared.
func (w *worker) list(*contact) {
	found := map[string]string{} // connections by UUID
	for cursor := ""; ; {
		a := w.call(w.reading(), "GET", "/v1/contacts?limit=50&cursor="+url.QueryEscape(cursor), nil)
		if !w.read(a) {
			return
		}
		w.tally.operation("list")
		var page struct {
			Contacts   []struct{ UUID, Name, Connection string }
			NextCursor string `json:"next_cursor"`
		}
		if err := json.Unmarshal(a.body, &page); err != nil || a.status != 200 {
			w.wrong(w.shared[0], "list", a, fmt.Sprintf("want status 200; %v", err))
			return
		}
		for _, row := range page.Contacts {
			found[row.UUID] = row.Name + " " + row.Connection
		}
		if cursor = page.NextCursor; cursor == "" {
			break
		}
	}
	for _, c := range w.shared {
		if got, want := found[c.uuid()], c.is.name+" "+c.is.lines[0].urn; got != want {
			w.wrong(c, "list", answer{}, fmt.Sprintf("got the row %q, want %q", got, want))
		}
	}
}

// destination asks where a message goes: to the first connection, as the workspace declares no channels.
func (w *worker) destination(c *contact) {
	a := w.call(w.reading(), "GET", c.path()+"/destination", nil)
	if !w.read(a) {
		return
	}
	w.tally.operation("destination")
	var got struct{ URN string }
	want := ""
	if len(c.is.lines) > 0 {
		want = c.is.lines[0].urn
	}
	if err := json.Unmarshal(a.body, &got); err != nil || a.status != 200 || got.URN != want {
		w.wrong(c, "destination", a, fmt.Sprintf("got %q, want %q; %v", got.URN, want, err))
	}
}
