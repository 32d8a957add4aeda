package engine

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/flowexpr/flowexpr/engine/diag"
	"github.com/flowexpr/flowexpr/engine/value"
	"github.com/flowexpr/flowexpr/vars"
)

// Template is a compiled template: immutable, shared by any number of evaluations.
type Template struct {
	engine   *Engine
	source   string
	roots    vars.Roots
	segments []segment
	needs    Needs
}

// Needs says what a template reads, so that a caller fetches no more than that.
type Needs struct {
	// Contact is true when a contact's record is read.
	Contact bool
}

// segmentKind says what a segment adds to the text.
type segmentKind uint8

const (
	textSegment     segmentKind = iota // text that stands in the template
	variableSegment                    // a variable, read in place
	programSegment                     // an expression, run
	failedSegment                      // a block that cannot be evaluated; failure says why
)

// segment is one piece of a template: a text or a block.
type segment struct {
	text     string        // of a textSegment
	variable vars.Variable // of a variableSegment
	kind     segmentKind
	program  *program // of programSegments, and of variableSegments for when their value is not plain text
	span     diag.Span
	source   string       // of the expression in the block; spans of references count from its start
	inner    diag.Span    // where source stands in the template
	failure  *value.Error // of a failedSegment
	at       diag.Span    // of a failedSegment: the place of the mistake, empty for the whole block
	hint     string
}

// Result is what one evaluation gives.
type Result struct {
	Text     string
	Warnings []diag.Diagnostic
	// Dropped counts the warnings beyond the limit, which are not in Warnings.
	Dropped int
}

// Source gives the template's text.
func (t *Template) Source() string { return t.source }

// Needs tells what the template reads.
func (t *Template) Needs() Needs { return t.needs }

// Variables gives the variables of the contact and the workspace that the template names, each once, in the order in
// which they stand. Names that cannot exist are not among them.
func (t *Template) Variables() []vars.Variable {
	var found []vars.Variable
	for i := range t.segments {
		if t.segments[i].program == nil {
			continue
		}
		for _, ref := range t.segments[i].program.references {
			if ref.root == "" && ref.variable.Exists() && !slices.Contains(found, ref.variable) {
				found = append(found, ref.variable)
			}
		}
	}
	return found
}

// HasExpressions reports whether anything in the template is evaluated.
func (t *Template) HasExpressions() bool {
	for i := range t.segments {
		if t.segments[i].kind != textSegment {
			return true
		}
	}
	return false
}

// Evaluate gives the template's text for a scope. Append does the same without allocating.
func (t *Template) Evaluate(s *vars.Scope) Result {
	var w Warnings
	w.Reset(t.engine.limits.Warnings)
	text := t.Append(nil, s, &w)
	return Result{Text: string(text), Warnings: w.List, Dropped: w.Dropped}
}

// Append appends the template's text for a scope to dst and what there is to say about it to w.
// A block that fails appends nothing; the rest is still evaluated. Fast path: texts, and variables that are plain text.
func (t *Template) Append(dst []byte, s *vars.Scope, w *Warnings) []byte {
	start := len(dst)
	w.spent = 0
	var r *run // taken for the first block that needs it
	for i := range t.segments {
		seg := &t.segments[i]
		if seg.kind == textSegment {
			dst = append(dst, seg.text...)
			continue
		}
		if seg.kind == variableSegment {
			if text, status := seg.variable.Text(s); status == vars.Present {
				dst = append(dst, text...)
				continue
			}
		}
		dst, r = t.appendBlock(dst, seg, s, w, r)
		if len(dst)-start > t.engine.limits.Output {
			dst = t.cutOutput(dst, start, seg, w)
			break
		}
	}
	if r != nil {
		t.engine.releaseRun(r)
	}
	return dst
}

// appendBlock is the slow path: whatever is not text already. It gives back the run that it took, or was given.
func (t *Template) appendBlock(dst []byte, seg *segment, s *vars.Scope, w *Warnings, r *run) ([]byte, *run) {
	switch seg.kind {
	case failedSegment:
		w.add(t.failureOf(seg, seg.failure))
		return dst, r
	case variableSegment:
		if _, status := seg.variable.Text(s); status == vars.Null {
			return dst, r
		} else if status == vars.NoConnection {
			w.add(t.noConnection(seg, seg.variable))
			return dst, r
		}
	}
	if w.spent > t.engine.limits.Total {
		w.add(t.failureOf(seg, value.ErrTooComplex()))
		return dst, r
	}
	if r == nil {
		r = t.engine.acquireRun(s)
	} else {
		r.begin()
	}
	return t.appendProgram(dst, seg, w, r), r
}

// appendProgram runs a block's program.
func (t *Template) appendProgram(dst []byte, seg *segment, w *Warnings, r *run) []byte {
	length := len(dst)
	v := r.evaluate(seg.program)
	w.spent += r.rt.Spent()
	dst, failure := value.AppendText(dst, v)
	if failure != nil {
		dst = dst[:length]
		w.add(t.failureIn(seg, failure, r))
	} else if len(dst) == length {
		for _, variable := range r.absent {
			w.add(t.noConnection(seg, variable))
		}
	}
	for _, message := range r.rt.Warnings() {
		w.add(t.diagnostic(seg, diag.Warning, "deprecated", message))
	}
	return dst
}

// Value gives the typed value of a template that is one single block but for space around it, and the text of any
// other; warnings go to w. An error of a single block is its value, not a warning. The value may be kept.
func (t *Template) Value(s *vars.Scope, w *Warnings) value.Value {
	seg := t.single()
	if seg == nil {
		return value.NewText(string(t.trimmed().Append(nil, s, w)))
	}
	if seg.kind == failedSegment {
		return seg.failure
	}
	r := t.engine.acquireRun(s)
	defer t.engine.releaseRun(r)
	return value.Detach(r.evaluate(seg.program))
}

// single gives the one block of a template that is nothing but that block and space around it; else nil.
func (t *Template) single() *segment {
	var found *segment
	for i := range t.segments {
		seg := &t.segments[i]
		switch {
		case seg.kind == textSegment && strings.TrimSpace(seg.text) == "":
		case seg.kind == textSegment, found != nil:
			return nil
		default:
			found = seg
		}
	}
	return found
}

// trimmed gives the template without the space around it. What blocks give keeps its space.
func (t *Template) trimmed() *Template {
	last := len(t.segments) - 1
	if last < 0 || strings.TrimSpace(t.source) == t.source {
		return t
	}
	trimmed := *t
	trimmed.segments = slices.Clone(t.segments)
	if seg := &trimmed.segments[0]; seg.kind == textSegment {
		seg.text = strings.TrimLeftFunc(seg.text, unicode.IsSpace)
	}
	if seg := &trimmed.segments[last]; seg.kind == textSegment {
		seg.text = strings.TrimRightFunc(seg.text, unicode.IsSpace)
	}
	return &trimmed
}

// cutOutput ends an evaluation whose output is over the limit: the text up to the limit stays, on a whole character.
func (t *Template) cutOutput(dst []byte, start int, seg *segment, w *Warnings) []byte {
	end := start + t.engine.limits.Output
	for end > start && !utf8.RuneStart(dst[end]) {
		end--
	}
	d := t.diagnostic(seg, diag.Error, "output_too_large",
		"the text is longer than the limit of "+bytesText(t.engine.limits.Output)+" and was cut here")
	d.Hint = "shorten what this expression gives"
	w.add(d)
	return dst[:end]
}

func bytesText(n int) string { return strconv.Itoa(n) + " bytes" }
