// Package apidoc describes the HTTP API as OpenAPI 3.1.
//
//	document, err := apidoc.Build(operations) // JSON; the server serves it at GET /openapi.json
//
// The server's table of routes gives the operations. What they take and give is in schemas.json, what they answer with
// when something is wrong in codes.go, and examples.http holds a conversation with a service that runs the demo
// workspace: each request in it is an example of the operation it calls. Tests have the conversation with a server, and
// hold every request and answer of the server's tests against the document.
package apidoc

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Call is what the table of routes says of a call beside method, path and role.
type Call struct {
	// Tag groups calls in the document.
	Tag string
	// Takes names the schema of the body; empty without one.
	Takes string
	// BodyOptional tells that the body may be left out.
	BodyOptional bool
	// Gives names the schema of the answer, or of one line of it; empty without a body.
	Gives string
	// Lines tells that the answer is a stream of JSON lines.
	Lines bool
	// Type is the content type of an answer that is not JSON.
	Type string
	// Statuses are those of success. Default 200.
	Statuses []int
	// Query are the parameters after the path.
	Query []Parameter
	// Tagged tells that the answer has an ETag, and that If-None-Match is honoured with 304.
	Tagged bool
	// Aged tells that the answer has the header Age.
	Aged bool
	// Guarded tells that If-Match is honoured with 412.
	Guarded bool
	// Fails lists the codes of errors beside those that follow from the rest.
	Fails []string
}

// Parameter is a parameter of the query.
type Parameter struct {
	Name string
	// Schema names a schema.
	Schema string
	Doc    string
}

// Operation is a call with its place in the table of routes.
type Operation struct {
	Method string
	Path   string // its parameters in braces
	Role   string // public, read or write
	Doc    string // a sentence
	Call
}

//go:embed schemas.json
var schemas []byte

// object is an object of JSON; encoding/json writes its members in the order of their names.
type object = map[string]any

// about opens the document.
const about = `Evaluates flow templates for contacts, and keeps the contacts.

Requests and answers are JSON in UTF-8. Errors are problem+json (RFC 9457) with a stable code and, where there is one, a
hint at the next step. A token belongs to one workspace and has a role: read evaluates and reads, write may change
contacts and settings too. A service without tokens listens on its own machine only, and asks for none.

The examples are those of a service with the demo workspace: flowexpr serve --demo.`

// Build gives the document.
func Build(operations []Operation) ([]byte, error) {
	examples, err := parseExamples(operations)
	if err != nil {
		return nil, err
	}
	paths, ids := object{}, map[string]bool{}
	for i := range operations {
		o := &operations[i]
		item, ok := paths[o.Path].(object)
		if !ok {
			item = object{}
			if parameters := o.pathParameters(); len(parameters) > 0 {
				item["parameters"] = parameters
			}
			paths[o.Path] = item
		}
		if ids[o.id()] {
			return nil, fmt.Errorf("apidoc: two calls have the id %s", o.id())
		}
		ids[o.id()] = true
		if item[strings.ToLower(o.Method)], err = o.describe(examples[o.key()]); err != nil {
			return nil, err
		}
	}
	return json.Marshal(object{
		"openapi": "3.1.0",
		"info":    object{"title": "flowexpr", "version": "1", "description": about, "license": object{"name": "MIT", "identifier": "MIT"}},
		"servers": []object{{"url": "/"}},
		"tags":    tagsOf(operations),
		"paths":   paths,
		"components": object{
			"schemas": json.RawMessage(schemas),
			"securitySchemes": object{"token": object{
				"type": "http", "scheme": "bearer", "description": "Authorization: Bearer TOKEN. Token TOKEN is accepted too.",
			}},
		},
	})
}

func tagsOf(operations []Operation) []object {
	var tags []object
	for i, o := range operations {
		if !slices.ContainsFunc(operations[:i], func(before Operation) bool { return before.Tag == o.Tag }) {
			tags = append(tags, object{"name": o.Tag})
		}
	}
	return tags
}

func (o *Operation) key() string { return o.Method + " " + o.Path }

// id names the operation in generated clients: get_contacts_uuid.
func (o *Operation) id() string {
	path := strings.TrimPrefix(strings.TrimPrefix(o.Path, "/"), "v1/")
	return strings.ToLower(o.Method) + "_" + strings.NewReplacer("/", "_", ".", "_", "{", "", "}", "").Replace(path)
}

// pathDocs tell of the parameters in paths.
var pathDocs = map[string]object{
	"uuid": {"description": "The contact's UUID.", "schema": ref("UUID")},
	"urn":  {"description": "The connection's URN, percent-encoded.", "schema": ref("URN")},
}

func (o *Operation) pathParameters() []object {
	var list []object
	for part := range strings.SplitSeq(o.Path, "/") {
		if !strings.HasPrefix(part, "{") {
			continue
		}
		name := strings.Trim(part, "{}")
		p := object{"name": name, "in": "path", "required": true}
		for key, value := range pathDocs[name] {
			p[key] = value
		}
		list = append(list, p)
	}
	return list
}

func ref(schema string) object { return object{"$ref": "#/components/schemas/" + schema} }

// describe gives the Operation Object.
func (o *Operation) describe(examples []example) (object, error) {
	d := object{"operationId": o.id(), "summary": strings.TrimSuffix(o.Doc, "."), "tags": []string{o.Tag}}
	if o.Role == "public" {
		d["security"] = []object{}
	} else {
		d["security"] = []object{{"token": []string{o.Role}}, {}} // the second: a service without tokens
		d["description"] = "Needs a token with the role " + o.Role + "."
	}
	if parameters := o.parameters(); len(parameters) > 0 {
		d["parameters"] = parameters
	}
	if o.Takes != "" {
		media := object{"schema": ref(o.Takes)}
		if err := addExamples(media, examples, takenBody); err != nil {
			return nil, err
		}
		d["requestBody"] = object{"required": !o.BodyOptional, "content": object{"application/json": media}}
	}
	if samples := samplesOf(examples); len(samples) > 0 {
		d["x-codeSamples"] = samples
	}
	var err error
	d["responses"], err = o.responses(examples)
	return d, err
}

func (o *Operation) parameters() []object {
	var list []object
	for _, p := range o.Query {
		list = append(list, object{"name": p.Name, "in": "query", "description": p.Doc, "schema": ref(p.Schema)})
	}
	if o.Tagged {
		list = append(list, header("If-None-Match", "Answers 304 where the ETag is one of these."))
	}
	if o.Guarded {
		list = append(list, header("If-Match", "Changes nothing, and answers 412, unless the ETag is one of these."))
	}
	return list
}

func header(name, doc string) object {
	return object{"name": name, "in": "header", "description": doc, "schema": object{"type": "string"}}
}

// responses gives an answer for each status: those of success, and one for the codes of each status of errors.
func (o *Operation) responses(examples []example) (object, error) {
	all := object{}
	for _, status := range o.successes() {
		response := object{"description": statusDocs[status]}
		if o.Tagged || o.Guarded {
			headers := object{"ETag": object{"description": "The version.", "schema": object{"type": "string"}}}
			if o.Aged {
				headers["Age"] = object{"description": "How far the contact may be behind, in seconds, rounded up.", "schema": object{"type": "integer"}}
			}
			response["headers"] = headers
		}
		if o.Gives != "" && status != 204 && status != 304 {
			media := object{"schema": ref(o.Gives)}
			if err := addExamples(media, examples, answersWith(status)); err != nil {
				return nil, err
			}
			response["content"] = object{o.contentType(): media}
			if o.Lines {
				response["description"] = "A stream: each line is a JSON object of this schema, and the last has the summary. A stream without its summary was cut off."
			}
		}
		all[strconv.Itoa(status)] = response
	}
	for status, codes := range o.failures() {
		media := object{"schema": object{
			"allOf": []object{ref("Problem"), {"properties": object{"code": object{"enum": codes}, "status": object{"const": status}}}},
		}}
		if err := addExamples(media, examples, answersWith(status)); err != nil {
			return nil, err
		}
		all[strconv.Itoa(status)] = object{
			"description": statusDocs[status] + ": " + strings.Join(codes, ", ") + ".",
			"content":     object{"application/problem+json": media},
		}
	}
	return all, nil
}

func (o *Operation) contentType() string {
	switch {
	case o.Lines:
		return "application/x-ndjson"
	case o.Type != "":
		return o.Type
	}
	return "application/json"
}

func (o *Operation) successes() []int {
	statuses := o.Statuses
	if statuses == nil {
		statuses = []int{200}
	}
	if o.Tagged {
		statuses = append(slices.Clone(statuses), 304)
	}
	return statuses
}

// takenBody gives the body of a request that is as it should be.
func takenBody(e *example) string {
	if e.status == 400 {
		return ""
	}
	return e.body
}

func answersWith(status int) func(*example) string {
	return func(e *example) string {
		if e.status != status {
			return ""
		}
		return e.answer
	}
}
