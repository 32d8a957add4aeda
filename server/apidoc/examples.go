package apidoc

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// Examples is a conversation with a service that runs the demo workspace: blocks of a title after ###, the request, the
// line ---, and the answer: status, some headers, body.
//
//go:embed examples.http
var Examples string

// example is one exchange.
type example struct {
	title        string
	method, path string
	headers      []string // Name: value
	body         string
	status       int
	answer       string // body
}

// parseExamples gives the exchanges of the conversation by the operation that each calls.
func parseExamples(operations []Operation) (map[string][]example, error) {
	examples := map[string][]example{}
	for _, block := range strings.Split(Examples, "### ")[1:] {
		e, err := parseExample(block)
		if err != nil {
			return nil, err
		}
		found := false
		for i := range operations {
			if o := &operations[i]; o.Method == e.method && fits(o.Path, e.path) {
				examples[o.key()] = append(examples[o.key()], e)
				found = true
				break
			}
		}
		if !found {
			return nil, fmt.Errorf("apidoc: the example %q calls no route", e.title)
		}
	}
	return examples, nil
}

func parseExample(block string) (example, error) {
	var e example
	request, answer, _ := strings.Cut(block, "\n---\n")
	e.title, request, _ = strings.Cut(request, "\n")
	head, body, _ := strings.Cut(request, "\n\n")
	e.body = strings.TrimSpace(body)
	lines := strings.Split(strings.TrimSpace(head), "\n")
	e.method, e.path, _ = strings.Cut(lines[0], " ")
	e.headers = lines[1:]
	status, rest, _ := strings.Cut(answer, "\n")
	var err error
	if e.status, err = strconv.Atoi(status); err != nil {
		return e, fmt.Errorf("apidoc: the example %q has the status %q", e.title, status)
	}
	for name, _, ok := strings.Cut(rest, ": "); ok && !strings.ContainsAny(name, "{\n"); name, _, ok = strings.Cut(rest, ": ") {
		_, rest, _ = strings.Cut(rest, "\n")
	}
	e.answer = strings.TrimSpace(rest)
	return e, nil
}

// fits reports whether a path, perhaps with a query, is one of a route's.
func fits(route, path string) bool {
	path, _, _ = strings.Cut(path, "?")
	want, got := strings.Split(route, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return false
	}
	for i := range want {
		if want[i] != got[i] && !strings.HasPrefix(want[i], "{") {
			return false
		}
	}
	return true
}

// addExamples adds what text gives of each example. Of lines of JSON the first is the value, as the schema is of one line,
// and all stand in the description.
func addExamples(media object, examples []example, text func(*example) string) error {
	named := object{}
	for i := range examples {
		e := &examples[i]
		data := text(e)
		if data == "" {
			continue
		}
		if _, twice := named[e.name()]; twice {
			return fmt.Errorf("apidoc: two examples are called %q", e.title)
		}
		shown := object{"summary": e.title}
		if first, _, several := strings.Cut(data, "\n"); several && json.Valid([]byte(first)) {
			shown["description"] = "All lines:\n\n```\n" + data + "\n```"
			data = first
		}
		shown["value"] = json.RawMessage(data)
		named[e.name()] = shown
	}
	if len(named) > 0 {
		media["examples"] = named
	}
	return nil
}

// name gives the title as a key of the document may be.
func (e *example) name() string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '_'
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_', r == '.':
			return r
		}
		return -1
	}, e.title)
}

// samplesOf gives the requests as commands, the form that viewers of such documents show beside an operation.
func samplesOf(examples []example) []object {
	var samples []object
	for i := range examples {
		samples = append(samples, object{"lang": "Shell", "label": examples[i].title, "source": examples[i].command()})
	}
	return samples
}

// command gives the request as a command line of curl.
func (e *example) command() string {
	var b strings.Builder
	b.WriteString("curl -s")
	if e.method != "GET" && (e.method != "POST" || e.body == "") {
		b.WriteString(" -X " + e.method)
	}
	for _, line := range e.headers {
		b.WriteString(" -H " + quoted(line))
	}
	if e.body != "" {
		b.WriteString(" --json " + quoted(e.body))
	}
	b.WriteString(" " + quoted("http://127.0.0.1:8090"+e.path))
	return b.String()
}

// quoted writes a text as one word of a shell.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
