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
	// Place is where the value of a block stands in the text; nil for a variable inside an expression.
	Place *Place `json:"place,omitempty"`
	// Variables explains the variables that an expression reads.
	Variables []Explanation `json:"variables,omitempty"`
}

// Place is where a block's value stands in the text: byte offsets, end exclusive.
type Place struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Explain evaluates as Evaluate does, and explains each block. It is a second reader of the same segments: the hot
// path knows nothing of it.
func (t *Template) Explain(s *vars.Scope) (Result, []Explanation) {
	var w Warnings
	w.Reset(t.engine.limits.Warnings)
	text, places := t.appendPlaces(s, &w)
	explanations := []Explanation{}
	for i := range t.segments {
		seg := &t.segments[i]
		if seg.kind == textSegment {
			continue
		}
		e := t.explain(seg, s)
		if n := len(explanations); n < len(places) {
			e.Place = &places[n]
			if e.Type != value.TypeError.String() {
				e.Value = string(text[e.Place.Start:e.Place.End]) // what it gave, not what it would give a second time
			}
		}
		explanations = append(explanations, e)
	}
	return Result{Text: string(text), Warnings: w.List, Dropped: w.Dropped}, explanations
}

// appendPlaces gives the text, and the place of each block up to where the text was cut.
func (t *Template) appendPlaces(s *vars.Scope, w *Warnings) (text []byte, places []Place) {
	w.spent = 0
	var r *run
	for i := range t.segments {
		seg := &t.segments[i]
		if seg.kind == textSegment {
			text = append(text, seg.text...)
			continue
		}
		start := len(text)
		text, r = t.appendBlock(text, seg, s, w, r)
		if len(text) > t.engine.limits.Output {
			text = t.cutOutput(text, 0, seg, w)
			break
		}
		places = append(places, Place{Start: start, End: len(text)})
	}
	if r != nil {
		t.engine.releaseRun(r)
	}
	return text, places
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
