package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"github.com/flowexpr/flowexpr/contactstore/memstore"
	"github.com/flowexpr/flowexpr/engine"
	"github.com/flowexpr/flowexpr/server"
)

// description is the API's document, ready to hold requests and answers against it.
type description struct {
	data  []byte
	paths map[string]map[string]json.RawMessage // path, then method in lower case

	mu       sync.Mutex
	compiler *jsonschema.Compiler
	schemas  map[string]*jsonschema.Schema // by pointer, compiled when first wanted
}

// apiDocument is what GET /openapi.json gives.
var apiDocument = sync.OnceValues(func() (*description, error) {
	eng, err := engine.New(engine.Options{})
	if err != nil {
		return nil, err
	}
	s, err := server.New(server.Options{Engine: eng, Store: memstore.New()})
	if err != nil {
		return nil, err
	}
	var ctx fasthttp.RequestCtx
	ctx.Request.SetRequestURI("http://localhost/openapi.json")
	s.Handler()(&ctx)
	d := &description{data: ctx.Response.Body(), schemas: map[string]*jsonschema.Schema{}, compiler: jsonschema.NewCompiler()}
	var document struct {
		Paths map[string]map[string]json.RawMessage
	}
	if err := json.Unmarshal(d.data, &document); err != nil {
		return nil, err
	}
	d.paths = document.Paths
	parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(d.data))
	if err != nil {
		return nil, err
	}
	components := parsed.(map[string]any)["components"].(map[string]any)
	closeObjects(components["schemas"])
	d.compiler.AssertFormat()
	return d, d.compiler.AddResource("openapi.json", parsed)
})

// closeObjects refuses members that the document does not name: a client may meet others, a test may not.
func closeObjects(schema any) {
	switch s := schema.(type) {
	case map[string]any:
		if _, says := s["additionalProperties"]; !says && s["type"] == "object" && s["properties"] != nil {
			s["additionalProperties"] = false
		}
		for _, inner := range s {
			closeObjects(inner)
		}
	case []any:
		for _, inner := range s {
			closeObjects(inner)
		}
	}
}

// schema gives the schema at a pointer into the document.
func (d *description) schema(pointer string) (*jsonschema.Schema, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if s, ok := d.schemas[pointer]; ok {
		return s, nil
	}
	s, err := d.compiler.Compile("openapi.json#" + pointer)
	d.schemas[pointer] = s
	return s, err
}

// validate holds JSON against the schema at a pointer.
func (d *description) validate(pointer, text string) error {
	s, err := d.schema(pointer)
	if err != nil {
		return err
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		return err
	}
	if err := s.Validate(value); err != nil {
		return fmt.Errorf("%w in %.500s", err, text)
	}
	return nil
}

// operation is what the tests read of an operation.
type operation struct {
	Parameters  []struct{ Name, In string }
	RequestBody *struct{ Required bool }
	Responses   map[string]struct {
		Content map[string]json.RawMessage
	}
}

// find gives the operation of a request and its pointer; ok is false where there is none.
func (d *description) find(method, path string) (o operation, pointer string, ok bool) {
	got := strings.Split(path, "/")
	for candidate, item := range d.paths {
		want := strings.Split(candidate, "/")
		same := len(want) == len(got)
		for i := 0; same && i < len(want); i++ {
			same = want[i] == got[i] || strings.HasPrefix(want[i], "{") && got[i] != ""
		}
		raw, has := item[strings.ToLower(method)]
		if !same || !has {
			continue
		}
		escaped := strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D").Replace(candidate)
		return o, "/paths/" + escaped + "/" + strings.ToLower(method), json.Unmarshal(raw, &o) == nil
	}
	return operation{}, "", false
}

// described tells where a request that was taken, or an answer, is not what the API's document says.
func described(method, path, body string, a answer) error {
	path, query, _ := strings.Cut(path, "?")
	d, err := apiDocument()
	if err != nil || method == "HEAD" || method == "OPTIONS" || d.paths[path] == nil && !strings.HasPrefix(path, "/v1/") {
		return err
	}
	o, pointer, ok := d.find(method, path)
	if !ok {
		if a.status != 404 && a.status != 405 {
			return fmt.Errorf("%s %s: got %d, and the API's document does not have it", method, path, a.status)
		}
		return d.validate("/components/schemas/Problem", a.body)
	}
	if a.status < 300 {
		if err := d.describesRequest(o, pointer, query, body); err != nil {
			return fmt.Errorf("%s %s: the request is not what the API's document says: %w", method, path, err)
		}
	}
	if err := d.describesAnswer(o, pointer, a); err != nil {
		return fmt.Errorf("%s %s: the answer is not what the API's document says: %w", method, path, err)
	}
	return nil
}

func (d *description) describesRequest(o operation, pointer, query, body string) error {
	given, err := url.ParseQuery(query)
	if err != nil {
		return err
	}
	for _, p := range o.Parameters {
		if p.In == "query" {
			delete(given, p.Name)
		}
	}
	switch {
	case len(given) > 0:
		return fmt.Errorf("unknown parameters: %v", given)
	case o.RequestBody == nil:
		return nil
	case body == "" && !o.RequestBody.Required:
		return nil
	}
	return d.validate(pointer+"/requestBody/content/application~1json/schema", body)
}

func (d *description) describesAnswer(o operation, pointer string, a answer) error {
	status := strconv.Itoa(a.status)
	response, ok := o.Responses[status]
	if !ok {
		return fmt.Errorf("it has no status %s: %s", status, a.body)
	}
	if len(response.Content) == 0 {
		if a.body != "" {
			return fmt.Errorf("status %s has no body, got %q", status, a.body)
		}
		return nil
	}
	kind, _, err := mime.ParseMediaType(a.header.Get("Content-Type"))
	if err != nil {
		return err
	}
	if _, ok := response.Content[kind]; !ok {
		return fmt.Errorf("status %s has no content of type %s", status, kind)
	}
	schema := pointer + "/responses/" + status + "/content/" + strings.ReplaceAll(kind, "/", "~1") + "/schema"
	switch kind {
	case "application/x-ndjson":
		for line := range strings.Lines(a.body) {
			if err := d.validate(schema, line); err != nil {
				return err
			}
		}
		return nil
	case "application/json", "application/problem+json":
		return d.validate(schema, a.body)
	}
	return nil
}

// The document is valid OpenAPI 3.1, its examples valid by its own schemas.
func TestAPIDocumentIsValid(t *testing.T) {
	d, err := apiDocument()
	require.NoError(t, err)
	loader := openapi3.NewLoader()
	document, err := loader.LoadFromData(d.data)
	require.NoError(t, err)
	assert.Equal(t, "3.1.0", document.OpenAPI)
	assert.NoError(t, document.Validate(loader.Context, openapi3.EnableExamplesValidation()))
}

// What is not in the document is not served, and what is served is in the document.
func TestRoutesAndDocumentAgree(t *testing.T) {
	d, err := apiDocument()
	require.NoError(t, err)
	s := start(t, func(o *server.Options) {
		o.Tokens = []server.Token{{Token: "reader", Workspace: "default", Role: "read"}}
	})
	described := map[string]bool{}
	for path, item := range d.paths {
		for method := range item {
			if method == "parameters" {
				continue
			}
			described[strings.ToUpper(method)+" "+path] = true
			a := s.do(strings.ToUpper(method), strings.NewReplacer("{uuid}", "1", "{urn}", "tel:1").Replace(path), "", "Authorization", "Bearer reader")
			assert.NotContains(t, []string{"not_found", "method_not_allowed"}, a.code(), method+" "+path)
		}
	}
	for _, route := range server.Routes() {
		assert.True(t, described[route], "%s is not in the document", route)
		delete(described, route)
	}
	assert.Empty(t, described, "in the document only")
}

// Whoever has the document already is told so; everybody may read it.
func TestAPIDocumentIsNotSentTwice(t *testing.T) {
	s := start(t, func(o *server.Options) {
		o.Tokens = []server.Token{{Token: "reader", Workspace: "default", Role: "read"}}
	})
	first := s.do("GET", "/openapi.json", "")
	require.Equal(t, 200, first.status)
	assert.Equal(t, "public, no-cache", first.header.Get("Cache-Control"))
	again := s.do("GET", "/openapi.json", "", "If-None-Match", first.header.Get("ETag"))
	assert.Equal(t, 304, again.status)
	assert.Empty(t, again.body)
}

// The examples of the document are a conversation with the demo workspace; go test -update writes its answers anew.
func TestAPIExamples(t *testing.T) {
	store := memstore.New()
	fillFrom(t, store, server.DefaultWorkspace, "../cmd/flowexpr/demo/contacts.jsonl")
	settings, err := os.ReadFile("../cmd/flowexpr/demo/settings.json")
	require.NoError(t, err)
	require.NoError(t, store.PutSettings(t.Context(), server.DefaultWorkspace, settings, 1))
	const file = "apidoc/examples.http"
	want, got := start(t, func(o *server.Options) { o.Store = store }).conversation(t, file)
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(got), 0o600))
		return
	}
	assert.Equal(t, want, got)
}

// Each call that changes or computes something has an example, and each example a name of its own.
func TestEveryCallHasAnExample(t *testing.T) {
	d, err := apiDocument()
	require.NoError(t, err)
	for path, item := range d.paths {
		for method, raw := range item {
			var o struct {
				Samples []struct{ Source string } `json:"x-codeSamples"`
			}
			if method != "parameters" && path != "/openapi.json" && path != "/v1/catalog" && path != "/metrics" {
				require.NoError(t, json.Unmarshal(raw, &o))
				assert.NotEmpty(t, o.Samples, "%s %s", method, path)
			}
		}
	}
}
