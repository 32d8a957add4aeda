package server

import (
	"github.com/flowexpr/flowexpr/engine"
	"github.com/flowexpr/flowexpr/engine/diag"
	"github.com/flowexpr/flowexpr/vars"
)

// checked is the answer of POST /v1/check.
type checked struct {
	Diagnostics []diag.Entry `json:"diagnostics"`
	// More tells that there are more diagnostics than are given.
	More      bool     `json:"more,omitempty"`
	Variables []string `json:"variables"`
	Functions []string `json:"functions"`
}

// check answers POST /v1/check: what there is to say about a template by the workspace's settings, or by those laid
// over them. Of a context only the names of its roots count.
func (s *Server) check(r *request) error {
	body, err := r.body()
	if err != nil {
		return err
	}
	if err := body.only("template", "settings", "context"); err != nil {
		return err
	}
	template, err := body.text("template")
	if err != nil {
		return err
	}
	if !body.has("template") {
		return body.missing("template", `the template's text, such as "Hi @contact.first_name"`)
	}
	var scope vars.Scope
	roots, err := readContext(&body, &scope)
	if err != nil {
		return err
	}
	if err := s.readScope(r, &body, &scope); err != nil {
		return err
	}
	found := s.engine.Check(template, engine.CheckOptions{Roots: roots, Workspace: scope.Workspace})
	answer, err := appendJSON(nil, checked{
		Diagnostics: diag.JSON(template, found.Diagnostics), More: found.More, Variables: found.Variables, Functions: found.Functions,
	})
	if err != nil {
		return err
	}
	r.json(200, answer)
	return nil
}
