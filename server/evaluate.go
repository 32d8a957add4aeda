package server

import (
	"bytes"
	"context"
	"errors"
	"strconv"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/engine"
	"github.com/flowexpr/flowexpr/engine/diag"
	"github.com/flowexpr/flowexpr/engine/syntax/legacy"
	"github.com/flowexpr/flowexpr/server/jsontext"
	"github.com/flowexpr/flowexpr/vars"
)

// The languages that templates are in: the current one, and the one of flows made before 2018, which is rewritten first.
const (
	dialectExcellent = "excellent"
	dialectLegacy    = "legacy"
)

// evaluation is what one evaluation reads and makes. Its buffers serve the next one.
type evaluation struct {
	source   string
	template *engine.Template
	scope    vars.Scope
	explain  bool
	preview  bool
	strict   bool
	migrated bool // source is the rewritten form of what the caller sent

	text         []byte
	answer       []byte
	warnings     engine.Warnings
	explanations []engine.Explanation // with explain
}

// maxKeptBytes bounds the buffers that an evaluation keeps: large ones are left to the garbage collector.
const maxKeptBytes = 64 << 10

// end makes the evaluation ready for the next one.
func (e *evaluation) end() {
	if cap(e.text)+cap(e.answer) > maxKeptBytes {
		*e = evaluation{}
		return
	}
	clear(e.warnings.List)
	e.warnings.Reset(0)
	*e = evaluation{text: e.text[:0], answer: e.answer[:0], warnings: e.warnings}
}

// evaluate answers POST /v1/evaluate.
func (s *Server) evaluate(r *request) error {
	e := &r.evaluation
	defer e.end()
	body, err := r.body()
	if err != nil {
		return err
	}
	if err := s.readEvaluation(r, &body, e); err != nil {
		return err
	}
	s.runMeasured(r, e)
	s.limits.warnings(e.warnings.List, e.warnings.Dropped)
	if e.strict && len(e.warnings.List) > 0 {
		return e.strictProblem()
	}
	if e.answer, err = s.appendEvaluation(e.answer, e); err != nil {
		return err
	}
	e.answer = r.jsonOf(200, e.answer)
	return nil
}

// run evaluates. Fast path: without explanations, into the buffers of before.
func (e *evaluation) run(maxWarnings int) {
	e.warnings.Reset(maxWarnings)
	if !e.explain {
		e.text = e.template.Append(e.text, &e.scope, &e.warnings)
		return
	}
	var result engine.Result
	result, e.explanations = e.template.Explain(&e.scope)
	e.text = append(e.text, result.Text...)
	e.warnings.List, e.warnings.Dropped = append(e.warnings.List, result.Warnings...), result.Dropped
}

// readEvaluation reads the request's body into an evaluation, and fetches what its template needs.
func (s *Server) readEvaluation(r *request, o *object, e *evaluation) error {
	err := o.only("template", "contact", "context", "settings", "explain", "preview", "strict", "dialect")
	if err != nil {
		return err
	}
	if e.explain, err = o.boolean("explain"); err != nil {
		return err
	}
	if e.preview, err = o.boolean("preview"); err != nil {
		return err
	}
	if e.strict, err = o.boolean("strict"); err != nil {
		return err
	}
	source, err := e.readTemplate(o)
	if err != nil {
		return err
	}
	roots, err := readContext(o, &e.scope)
	if err != nil {
		return err
	}
	if e.template, err = s.engine.TemplateBytes(source, roots, r.lastTemplate); err != nil {
		return templateProblem(err)
	}
	r.lastTemplate = e.template
	e.source = e.template.Source()
	if err := s.readScope(r, o, &e.scope); err != nil {
		return err
	}
	return s.readContact(r, o, e)
}

// readTemplate reads the template, and rewrites one of the legacy dialect: places in diagnostics are those of the
// rewritten one.
func (e *evaluation) readTemplate(o *object) (source []byte, err error) {
	if e.migrated, err = readDialect(o); err != nil {
		return nil, err
	}
	if source, err = o.textBytes("template"); err != nil {
		return nil, err
	}
	if source == nil {
		return nil, o.missing("template", `the template's text, such as "Hi @contact.first_name"`)
	}
	if e.migrated {
		return []byte(legacy.Migrate(string(source), legacy.Options{}).Template), nil
	}
	return source, nil
}

// readDialect reports whether the template is in the legacy dialect.
func readDialect(o *object) (bool, error) {
	switch dialect, err := o.text("dialect"); {
	case err != nil:
		return false, err
	case dialect == "", dialect == dialectExcellent:
		return false, nil
	case dialect == dialectLegacy:
		return true, nil
	}
	m, _ := o.find("dialect")
	return false, bodyProblem(o.body, m.start, "unknown_dialect", "dialect: got one that this service does not evaluate", "known here: "+dialectExcellent+", "+dialectLegacy)
}

// readContext reads the roots that the caller gives.
func readContext(o *object, scope *vars.Scope) (vars.Roots, error) {
	raw := o.raw("context")
	if raw == nil {
		return vars.Roots{}, nil
	}
	if raw[0] != '{' {
		return vars.Roots{}, o.wrong("context", "an object with a member for each root, such as results")
	}
	given, err := engine.ParseContext(raw)
	if err != nil {
		m, _ := o.find("context")
		return vars.Roots{}, bodyProblem(o.body, m.start, "invalid_context", err.Error(), "")
	}
	scope.Context = given
	return vars.NewRoots(given.Names()), nil
}

// readScope reads the workspace's settings and lays the caller's over them: settings as the workspace has them, and
// now and random_seed, which only an evaluation has.
func (s *Server) readScope(r *request, o *object, scope *vars.Scope) error {
	current, err := r.workspace.settings(r.context(), r.now())
	if err != nil {
		return err
	}
	scope.Workspace = current.vars
	overlay, ok, err := o.object("settings")
	if err != nil || !ok {
		return err
	}
	if scope.Now, err = overlay.time("now"); err != nil {
		return err
	}
	if scope.RandomSeed, err = overlay.integer("random_seed"); err != nil {
		return err
	}
	patch := overlay.without(nil, "now", "random_seed")
	if bytes.Equal(patch, []byte("{}")) {
		return nil
	}
	settings, err := scope.Workspace.Settings().Merge(patch)
	if err != nil {
		return o.in("settings", err)
	}
	scope.Workspace, err = scope.Workspace.With(settings)
	return o.in("settings", err)
}

// readContact fetches or reads the contact. One that the template does not need is checked for its form only.
func (s *Server) readContact(r *request, o *object, e *evaluation) error {
	contact, ok, err := o.object("contact")
	if err != nil || !ok {
		return err
	}
	needed := e.template.Needs().Contact || e.preview
	id, urn := contact.raw("uuid"), contact.raw("urn")
	if len(contact.members) == 1 && (id != nil || urn != nil) {
		e.scope.Contact, err = s.contactByReference(r, &contact, needed)
		return err
	}
	if !needed {
		return nil
	}
	e.scope.Contact, err = inlineContact(r, o.raw("contact"))
	return o.in("contact", err)
}

// contactByReference fetches the contact that {"uuid"} or {"urn"} names.
func (s *Server) contactByReference(r *request, o *object, needed bool) (contactstore.Record, error) {
	if text, err := o.textBytes("uuid"); err != nil || len(text) > 0 {
		if err != nil {
			return contactstore.Record{}, err
		}
		id, err := contactstore.ParseUUIDBytes(text)
		if err != nil || !needed {
			return contactstore.Record{}, o.in("uuid", err)
		}
		return s.store.Get(r.context(), r.workspace.name, id)
	}
	urn, err := o.urn("urn")
	if err != nil || !needed {
		return contactstore.Record{}, err
	}
	return s.store.Find(r.context(), r.workspace.name, urn)
}

// inlineContact makes a record of a contact that comes with the request and is not stored.
func inlineContact(r *request, raw []byte) (contactstore.Record, error) {
	contact, err := contactstore.ParseContact(raw)
	if err != nil {
		return contactstore.Record{}, err
	}
	contact.Workspace, contact.Version = r.workspace.name, 1
	return contactstore.Encode(contact)
}

// appendEvaluation appends the answer. Fast path: a text without warnings and explanations.
func (s *Server) appendEvaluation(dst []byte, e *evaluation) ([]byte, error) {
	dst = append(dst, `{"text":`...)
	dst = jsontext.Append(dst, e.text)
	dst, err := appendWarnings(append(dst, `,"warnings":`...), e)
	if err != nil {
		return dst, err
	}
	if e.warnings.Dropped > 0 {
		dst = strconv.AppendInt(append(dst, `,"warnings_dropped":`...), int64(e.warnings.Dropped), 10)
	}
	if e.migrated {
		dst = jsontext.Append(append(dst, `,"migrated":`...), e.source)
	}
	if e.explain {
		if dst, err = s.appendExplain(dst, e); err != nil {
			return dst, err
		}
	}
	if e.preview {
		facts, err := factsOf(&e.scope)
		if err != nil {
			return dst, err
		}
		if dst, err = appendJSON(append(dst, `,"preview":`...), facts); err != nil {
			return dst, err
		}
	}
	return append(dst, '}'), nil
}

func appendWarnings(dst []byte, e *evaluation) ([]byte, error) {
	if len(e.warnings.List) == 0 {
		return append(dst, "[]"...), nil
	}
	return appendJSON(dst, diag.JSON(e.source, e.warnings.List))
}

func (s *Server) appendExplain(dst []byte, e *evaluation) ([]byte, error) {
	dst, err := appendJSON(append(dst, `,"explain":`...), e.explanations)
	if err != nil || s.smsFacts == nil {
		return dst, err
	}
	return appendJSON(append(dst, `,"sms":`...), s.smsFacts(string(e.text)))
}

// strictProblem is the answer to a template that has anything to complain of, where the caller wants none.
func (e *evaluation) strictProblem() error {
	entries, err := appendWarnings(nil, e)
	if err != nil {
		return err
	}
	detail := "the template gives 1 error or warning"
	if n := len(e.warnings.List) + e.warnings.Dropped; n != 1 {
		detail = "the template gives " + strconv.Itoa(n) + " errors and warnings"
	}
	p := &problem{status: 422, code: "template_errors", detail: detail, hint: "mend them, or evaluate without strict", errors: entries}
	if e.migrated {
		p.migrated = e.source
	}
	return p
}

// templateProblem answers for a template that is beyond a limit.
func templateProblem(err error) error {
	var d diag.Diagnostic
	if errors.As(err, &d) {
		return &problem{status: 413, code: d.Code, detail: d.Message, hint: d.Hint}
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return internal("compile a template", err)
}
