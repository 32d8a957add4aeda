package server

import (
	"hash/fnv"
	"slices"
	"strings"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/engine/funcs"
	"github.com/flowexpr/flowexpr/vars"
)

// Catalog is all that a template of one workspace may name, for an editor's completion and for references.
type Catalog struct {
	Variables []vars.Entry      `json:"variables"`
	Functions []CatalogFunction `json:"functions"`
}

// CatalogFunction documents one function.
type CatalogFunction struct {
	Name      string `json:"name"`
	Family    string `json:"family"`
	Signature string `json:"signature"`
	// Params are the parameters in order; never nil.
	Params   []funcs.Param   `json:"params"`
	Result   string          `json:"result"` // type of the result
	Doc      string          `json:"doc"`
	Examples []funcs.Example `json:"examples"`
	// Ambient functions read the session: its time zone, formats, languages, country, clock or random source.
	Ambient bool `json:"ambient,omitempty"`
}

// NewCatalog makes the catalog of a workspace: the variables by path, its own fields and globals among them, and the
// functions by name.
func NewCatalog(settings *contactstore.Settings, library *funcs.Library) Catalog {
	c := Catalog{Variables: append(vars.Catalogue(), workspaceVariables(settings)...)}
	slices.SortStableFunc(c.Variables, func(a, b vars.Entry) int { return strings.Compare(a.Path, b.Path) })
	for _, f := range library.All() {
		c.Functions = append(c.Functions, CatalogFunction{
			Name: f.Name, Family: string(f.Family), Signature: f.Signature(), Params: append([]funcs.Param{}, f.Params...),
			Result: f.Result, Doc: f.Doc, Examples: f.Examples, Ambient: f.Ambient,
		})
	}
	return c
}

// workspaceVariables are the fields that the workspace defines, and its globals.
func workspaceVariables(settings *contactstore.Settings) []vars.Entry {
	var entries []vars.Entry
	for _, field := range settings.Fields {
		entries = append(entries, vars.Entry{
			Path: "fields." + field.Key, Type: fieldType(field.Type),
			Doc: "The contact's custom field " + orElse(field.Name, field.Key) + ". Null when it is not set.",
		})
	}
	for _, global := range settings.Globals {
		entries = append(entries, vars.Entry{
			Path: "globals." + global.Key, Type: "text", Example: global.Value,
			Doc: "The workspace's global value " + orElse(global.Name, global.Key) + ".",
		})
	}
	return entries
}

// fieldType is the type of a field's values: places are texts.
func fieldType(defined string) string {
	if defined == "number" || defined == "datetime" {
		return defined
	}
	return "text"
}

// catalog answers GET /v1/catalog. Its ETag changes when what it says does.
func (s *Server) catalog(r *request) error {
	current, err := r.workspace.settings(r.context(), r.now())
	if err != nil {
		return err
	}
	body, err := appendJSON(nil, NewCatalog(current.vars.Settings(), s.engine.Library()))
	if err != nil {
		return err
	}
	sum := fnv.New64a()
	_, _ = sum.Write(body)
	if r.notModified(sum.Sum64()) {
		return nil
	}
	r.json(200, body)
	return nil
}
