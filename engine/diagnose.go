package engine

import (
	"strings"

	"github.com/flowexpr/flowexpr/engine/diag"
	"github.com/flowexpr/flowexpr/engine/value"
	"github.com/flowexpr/flowexpr/vars"
)

// diagnostic makes a diagnostic about a block as a whole.
func (t *Template) diagnostic(seg *segment, severity diag.Severity, code, message string) diag.Diagnostic {
	return diag.Diagnostic{
		Severity: severity, Code: code, Message: message,
		Expression: t.source[seg.span.Start:seg.span.End], Span: seg.span,
	}
}

// failureOf makes the diagnostic of a block that can never be evaluated.
func (t *Template) failureOf(seg *segment, failure *value.Error) diag.Diagnostic {
	d := t.diagnostic(seg, diag.Error, failure.Code, failure.Message)
	d.Hint = seg.hint
	return d
}

// failureIn makes the diagnostic of a block whose evaluation gave an error.
func (t *Template) failureIn(seg *segment, failure *value.Error, r *run) diag.Diagnostic {
	d := t.failureOf(seg, failure)
	if seg.program != nil && d.Hint == "" {
		d.Code, d.Hint = r.nearest(seg.program, failure)
	}
	return d
}

// noConnection advises that a variable gave nothing because the contact has no such connection.
func (t *Template) noConnection(seg *segment, variable vars.Variable) diag.Diagnostic {
	return t.diagnostic(seg, diag.Warning, "no_connection", "the contact has no connection for "+variable.Path())
}

// nearest refines the error of a name that does not exist: its code, and a hint with the name that may be meant.
func (r *run) nearest(p *program, failure *value.Error) (code, hint string) {
	for i := range p.references {
		ref := p.references[i]
		if _, status := ref.variable.Text(r.scope); status != vars.Unknown || !strings.Contains(failure.Message, "'"+ref.written+"'") {
			continue
		}
		root, _, _ := strings.Cut(ref.variable.Path(), ".")
		prefix, candidates := root+".", vars.Properties(root)
		code = failure.Code
		if strings.HasPrefix(ref.variable.Path(), "fields.") || strings.HasPrefix(ref.variable.Path(), "contact.fields.") {
			code, prefix, candidates = "unknown_field", strings.TrimSuffix(ref.variable.Path(), strings.ToLower(ref.written)), r.scope.FieldKeys()
		}
		if root == "globals" {
			candidates = r.scope.GlobalKeys()
		}
		if name := diag.Nearest(strings.ToLower(ref.written), candidates); name != "" {
			return code, "did you mean " + prefix + name + "?"
		}
		return code, unknownHint(code, root)
	}
	return failure.Code, ""
}

func unknownHint(code, root string) string {
	switch {
	case code == "unknown_field":
		return "define the field in the workspace's settings, or remove it from the template"
	case root == "globals":
		return "define the global in the workspace's settings, or remove it from the template"
	}
	return ""
}
