package server

import (
	"hash/fnv"
	"slices"
	"sync"

	"github.com/flowexpr/flowexpr/server/apidoc"
)

// Codes of errors that calls answer with beside those that follow from what they take.
var (
	templateCodes   = []string{"template_too_large", "invalid_context", "unknown_setting", "invalid_settings", "invalid_time"}
	recordCodes     = []string{"invalid_contact", "invalid_uuid", "invalid_urn", "connection_repeated", "too_many_connections", "contact_too_large"}
	evaluationCodes = slices.Concat(templateCodes, recordCodes, []string{"template_errors", "contact_not_found", "unknown_dialect"})
	batchCodes      = slices.Concat(templateCodes, []string{"unknown_dialect", "member_conflict", "too_many_contacts", "too_many_templates", "invalid_uuid", "invalid_urn"})
	contactCodes    = slices.Concat(recordCodes, []string{"uuid_mismatch", "urn_taken"})
	createCodes     = slices.Concat(recordCodes, []string{"contact_exists", "urn_taken"})
	connectionCodes = []string{"invalid_urn", "unknown_connection_type", "invalid_priority", "too_many_connections", "connection_exists", "urn_taken", "contact_too_large"}
	whatIfCodes     = slices.Concat(recordCodes, connectionCodes, []string{"connection_not_found", "invalid_time"})
	listCodes       = []string{"invalid_cursor", "invalid_limit", "invalid_parameter", "unknown_parameter", "invalid_urn", "contact_not_found"}
)

var listParameters = []apidoc.Parameter{
	{Name: "urn", Schema: "URN", Doc: "Gives the one contact that has this URN; goes with no other parameter."},
	{Name: "q", Schema: "Text", Doc: "Lists contacts whose name or URNs have this text, in any letter case; at most 200 bytes."},
	{Name: "group", Schema: "Text", Doc: "Lists those in a group, by its name or UUID."},
	{Name: "cursor", Schema: "Text", Doc: "The next_cursor of the page before."},
	{Name: "limit", Schema: "Limit", Doc: "How many contacts a page has at most."},
}

// operations gives the routes of the API as its document describes them.
func operations() []apidoc.Operation {
	var list []apidoc.Operation
	for _, r := range routes() {
		list = append(list, apidoc.Operation{Method: r.method, Path: r.path, Role: r.role.String(), Doc: r.doc, Call: r.api})
	}
	return list
}

// document is the API's document and its version.
type document struct {
	body    []byte
	version uint64
}

// newDocument gives a function that builds the document when it is first asked for.
func newDocument() func() (document, error) {
	return sync.OnceValues(func() (document, error) {
		body, err := apidoc.Build(operations())
		if err != nil {
			return document{}, internal("describe the API", err)
		}
		sum := fnv.New64a()
		_, _ = sum.Write(body)
		return document{body: body, version: sum.Sum64()}, nil
	})
}

// openAPI answers GET /openapi.json.
func (s *Server) openAPI(r *request) error {
	d, err := s.document()
	if err != nil {
		return err
	}
	r.http.Response.Header.SetCanonical(nameCacheControl, valueRevalidate)
	if r.notModified(d.version) {
		return nil
	}
	r.json(200, d.body)
	return nil
}

// valueRevalidate lets caches keep an answer, and ask whether it is still the one.
var valueRevalidate = []byte("public, no-cache")
