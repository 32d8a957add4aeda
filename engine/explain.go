package engine

import (
	"github.com/flowexpr/flowexpr/engine/value"
	"github.com/flowexpr/flowexpr/vars"
)

// Explanation says what one block of a template, or one variable inside an expression, gave and why.
type Explanation struct {
	// Expression is the source as written: `@contact.urn`, or `contact.urn` inside an expression.
	Expression string `json:"expression"`
	// Start and End are byte offsets in the template, end exclusive.
	Start int `json:"start"`
	End   int `json:"end"`
	// Value is the canonical text; empty for null and for errors.
	Value string `json:"value"`
	// Type is the value's type in the language: text, number, …; nil for null.
	Type string `json:"type"`
	// Reason says where the value comes from.
	Reason string `json:"reason,omitempty"`
	// Candidates are the connections that the variable could have given, the one it gave first.
	Candidates []vars.Candidate `json:"candidates,omitempty"`
	// Variables explains the variables that an expression reads.
	Variables []Explanation `json:"variables,omitempty"`
}

// Explain evaluates as Evaluate does, and explains each block. It is a second reader of the same segments: the hot
// path knows nothing of it.
func (t *Template) Explain(s *vars.Scope) (Result, []Explanation) {
	result := t.Evaluate(s)
	explanations := []Explanation{}
	for i := range t.segments {
		if seg := &t.segments[i]; seg.kind != textSegment {
			explanations = append(explanations, t.explain(seg, s))
		}
	}
	return result, explanations
}

func (t *Template) explain(seg *segment, s *vars.Scope) Explanation {
	e := Explanation{Expression: t.source[seg.span.Start:seg.span.End], Start: seg.span.Start, End: seg.span.End}
	if seg.kind == failedSegment {
		e.Type, e.Reason = value.TypeError.String(), seg.failure.Message
		return e
	}
	r := t.engine.acquireRun(s)
	defer t.engine.releaseRun(r)
	e.describe(r.evaluate(seg.program))
	if variable, ok := seg.program.isVariable(); ok {
		e.because(variable.Reason(s))
		return e
	}
	for _, ref := range seg.program.references {
		e.Variables = append(e.Variables, r.explain(ref, seg))
	}
	switch {
	case e.Reason != "":
	case len(e.Variables) == 0:
		e.Reason = "an expression that reads no variables"
	default:
		e.Reason = "computed from the variables it reads"
	}
	return e
}

// explain explains one variable inside the expression of a block.
func (r *run) explain(ref *reference, seg *segment) Explanation {
	offset := seg.inner.Start
	source := seg.source[ref.span.Start:ref.span.End]
	e := Explanation{Expression: source, Start: offset + ref.span.Start, End: offset + ref.span.End}
	e.describe(r.read(ref))
	if ref.root != "" {
		if e.Reason == "" {
			e.Reason = "given by the caller's context"
		}
		return e
	}
	e.because(ref.variable.Reason(r.scope))
	return e
}

func (e *Explanation) because(reason string, candidates []vars.Candidate) {
	if e.Type != value.TypeError.String() {
		e.Reason = reason
	}
	e.Candidates = candidates
}

// describe sets value and type; an error's message is the reason.
func (e *Explanation) describe(v value.Value) {
	e.Type = value.TypeOf(v).String()
	text, failure := value.ToText(v)
	if failure != nil {
		e.Type, e.Reason = value.TypeError.String(), failure.Message
		return
	}
	e.Value = text
}
