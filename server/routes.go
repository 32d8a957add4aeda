package server

import (
	"net/url"
	"slices"
	"strings"

	"github.com/flowexpr/flowexpr/server/apidoc"
	"github.com/flowexpr/flowexpr/server/preview"
)

// handler answers a request, or returns the error to answer it with.
type handler func(*Server, *request) error

// route is one call of the API. A part of the path in braces is a parameter.
type route struct {
	method  string
	path    string
	role    role
	handler handler
	doc     string
	api     apidoc.Call // what the API's document says beside

	*found
}

// found is what a router adds to a route.
type found struct {
	parts []string // of the path
	meter *meter
}

// Parameters of paths.
const (
	paramUUID = "{uuid}"
	paramURN  = "{urn}"
)

// routes lists every call, with the evaluation first.
func routes() []route {
	return []route{
		{"POST", "/v1/evaluate", read, (*Server).evaluate, "Evaluate one template for one contact.",
			apidoc.Call{Tag: "Templates", Takes: "EvaluationRequest", Gives: "Evaluation", Fails: evaluationCodes}, nil},
		{"POST", "/v1/evaluate/batch", read, (*Server).batch, "Evaluate one or several templates for many contacts: a line of JSON for each.",
			apidoc.Call{Tag: "Templates", Takes: "BatchRequest", Gives: "BatchLine", Lines: true, Fails: batchCodes}, nil},
		{"POST", "/v1/dryrun", read, (*Server).dryRun, "Evaluate a template for many contacts and count what comes out, examples included.",
			apidoc.Call{Tag: "Templates", Takes: "DryRunRequest", Gives: "DryRunLine", Lines: true, Fails: batchCodes}, nil},
		{"POST", "/v1/check", read, (*Server).check, "Find what is wrong with a template, without evaluating it.",
			apidoc.Call{Tag: "Templates", Takes: "CheckRequest", Gives: "Checked", Fails: templateCodes}, nil},
		{"POST", "/v1/migrate", read, (*Server).migrate, "Rewrite a legacy template into the current language.",
			apidoc.Call{Tag: "Templates", Takes: "MigrateRequest", Gives: "Migrated"}, nil},
		{"GET", "/v1/catalog", read, (*Server).catalog, "List every variable and function, with documentation and examples.",
			apidoc.Call{Tag: "Templates", Gives: "Catalog", Tagged: true}, nil},

		{"GET", "/v1/access", read, (*Server).getAccess, "Say which workspace and role the caller has.",
			apidoc.Call{Tag: "Service", Gives: "Access"}, nil},

		{"GET", "/v1/contacts", read, (*Server).listContacts, "List contacts (cursor, limit, q, group), or give the one that has a URN (urn).",
			apidoc.Call{Tag: "Contacts", Gives: "ContactList", Tagged: true, Query: listParameters, Fails: listCodes}, nil},
		{"POST", "/v1/contacts", write, (*Server).createContact, "Create a contact.",
			apidoc.Call{Tag: "Contacts", Takes: "Contact", Gives: "Contact", Statuses: []int{201}, Fails: createCodes}, nil},
		{"GET", "/v1/contacts/{uuid}", read, (*Server).getContact, "Give a contact; its ETag is its version, and Age says how far it may be behind.",
			apidoc.Call{Tag: "Contacts", Gives: "Contact", Tagged: true, Aged: true}, nil},
		{"PUT", "/v1/contacts/{uuid}", write, (*Server).putContact, "Create or replace a contact.",
			apidoc.Call{Tag: "Contacts", Takes: "Contact", Gives: "Contact", Statuses: []int{200, 201}, Guarded: true, Fails: contactCodes}, nil},
		{"PATCH", "/v1/contacts/{uuid}", write, (*Server).patchContact, "Change some members of a contact (JSON merge patch).",
			apidoc.Call{Tag: "Contacts", Takes: "ContactPatch", Gives: "Contact", Guarded: true, Fails: contactCodes}, nil},
		{"DELETE", "/v1/contacts/{uuid}", write, (*Server).deleteContact, "Delete a contact and give its connections back.",
			apidoc.Call{Tag: "Contacts", Statuses: []int{204}, Guarded: true}, nil},

		{"POST", "/v1/contacts/{uuid}/connections", write, (*Server).addConnection, "Add a connection: last, or at a priority.",
			apidoc.Call{Tag: "Connections", Takes: "NewConnection", Gives: "Changed", Statuses: []int{200, 201}, Guarded: true, Fails: connectionCodes}, nil},
		{"PATCH", "/v1/contacts/{uuid}/connections/{urn}", write, (*Server).editConnection, "Replace a connection by another URN, in its place.",
			apidoc.Call{Tag: "Connections", Takes: "ConnectionEdit", Gives: "Changed", Guarded: true, Fails: connectionCodes}, nil},
		{"DELETE", "/v1/contacts/{uuid}/connections/{urn}", write, (*Server).removeConnection, "Remove a connection.",
			apidoc.Call{Tag: "Connections", Gives: "Changed", Guarded: true}, nil},
		{"POST", "/v1/contacts/{uuid}/connections/{urn}/promote", write, (*Server).promoteConnection, "Move a connection one place up, or to a place.",
			apidoc.Call{Tag: "Connections", Takes: "Promotion", BodyOptional: true, Gives: "Changed", Guarded: true, Fails: []string{"invalid_priority"}}, nil},
		{"POST", "/v1/contacts/{uuid}/interactions", write, (*Server).interact, "The contact used a connection: last used wins.",
			apidoc.Call{Tag: "Connections", Takes: "Interaction", Gives: "Changed", Guarded: true, Fails: []string{"invalid_urn", "invalid_time", "connection_not_found"}}, nil},
		{"GET", "/v1/contacts/{uuid}/destination", read, (*Server).destination, "Say where a message to the contact goes, and why.",
			apidoc.Call{Tag: "Connections", Gives: "Destination"}, nil},

		{"POST", "/v1/whatif", read, (*Server).whatIf, "Give a contact as it would be after a change of its connections; store nothing.",
			apidoc.Call{Tag: "Connections", Takes: "WhatIfRequest", Gives: "Changed", Fails: whatIfCodes}, nil},

		{"GET", "/v1/settings", read, (*Server).getSettings, "Give the workspace's settings.",
			apidoc.Call{Tag: "Settings", Gives: "Settings", Tagged: true}, nil},
		{"PATCH", "/v1/settings", write, (*Server).patchSettings, "Change some of the workspace's settings (JSON merge patch).",
			apidoc.Call{Tag: "Settings", Takes: "SettingsPatch", Gives: "Settings", Guarded: true, Fails: []string{"unknown_setting", "invalid_settings"}}, nil},

		{"GET", "/openapi.json", public, (*Server).openAPI, "Describe this API as OpenAPI 3.1.",
			apidoc.Call{Tag: "Service", Gives: "Document", Tagged: true}, nil},
		{"GET", "/metrics", public, (*Server).metrics, "Say how the service is doing, as Prometheus reads it.",
			apidoc.Call{Tag: "Service", Gives: "Metrics", Type: "text/plain"}, nil},
		{"GET", "/healthz", public, (*Server).healthz, "Say that the service is alive.",
			apidoc.Call{Tag: "Service", Gives: "Health"}, nil},
		{"GET", "/readyz", public, (*Server).readyz, "Say whether the store answers.",
			apidoc.Call{Tag: "Service", Gives: "Health", Fails: []string{"store_unavailable", "shutting_down"}}, nil},
	}
}

// pageRoutes lists the preview page and its assets, for everybody: there is no data in them.
func pageRoutes() []route {
	list := []route{{"GET", "/", public, (*Server).page, "The preview page.", apidoc.Call{}, nil}}
	for _, path := range preview.Paths() {
		list = append(list, route{"GET", path, public, (*Server).asset, "An asset of the preview page.", apidoc.Call{}, nil})
	}
	return list
}

// router finds routes. It is immutable.
type router struct {
	all      []*route
	fixed    map[string][]*route // by path, for paths without parameters
	patterns []*route
}

func newRouter(list []route) *router {
	r := &router{fixed: map[string][]*route{}}
	for i := range list {
		route := &list[i]
		route.found = &found{parts: strings.Split(route.path[1:], "/"), meter: newMeter()}
		r.all = append(r.all, route)
		if strings.Contains(route.path, "{") {
			r.patterns = append(r.patterns, route)
			continue
		}
		r.fixed[route.path] = append(r.fixed[route.path], route)
	}
	return r
}

// params are the values of a path's parameters, decoded.
type params struct{ uuid, urn string }

// find gives the route of a request, whose path is as it was sent: not decoded, so that a URN may hold an escaped
// slash. HEAD finds GET. Fast path: a path without parameters is one look-up.
func (r *router) find(method, path []byte) (*route, params, error) {
	if list, ok := r.fixed[string(path)]; ok {
		found, err := choose(list, method)
		return found, params{}, err
	}
	parts := strings.Split(strings.TrimPrefix(string(path), "/"), "/")
	var matching []*route
	for _, candidate := range r.patterns {
		if candidate.matches(parts) {
			matching = append(matching, candidate)
		}
	}
	if len(matching) == 0 {
		return nil, params{}, errNoRoute
	}
	found, err := choose(matching, method)
	if err != nil {
		return nil, params{}, err
	}
	values, err := found.values(parts)
	return found, values, err
}

// choose gives the route of a method among those of one path.
func choose(list []*route, method []byte) (*route, error) {
	wanted := string(method)
	if wanted == "HEAD" {
		wanted = "GET"
	}
	for _, candidate := range list {
		if candidate.method == wanted {
			return candidate, nil
		}
	}
	return nil, methodNotAllowed(allowed(list))
}

// allowed lists the methods of one path, as the header Allow has them.
func allowed(list []*route) string {
	var methods []string
	for _, candidate := range list {
		methods = append(methods, candidate.method)
		if candidate.method == "GET" {
			methods = append(methods, "HEAD")
		}
	}
	slices.Sort(methods)
	return strings.Join(methods, ", ")
}

func (r *route) matches(parts []string) bool {
	if len(parts) != len(r.parts) {
		return false
	}
	for i, part := range r.parts {
		if part[0] == '{' && parts[i] != "" {
			continue
		}
		if part != parts[i] {
			return false
		}
	}
	return true
}

// values decodes the parameters of a path that matches.
func (r *route) values(parts []string) (params, error) {
	var p params
	for i, part := range r.parts {
		if part[0] != '{' {
			continue
		}
		text, err := url.PathUnescape(parts[i])
		if err != nil {
			return params{}, errPathEscape
		}
		switch part {
		case paramUUID:
			p.uuid = text
		case paramURN:
			p.urn = text
		}
	}
	return p, nil
}
