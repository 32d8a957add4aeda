package engine

import (
	"strconv"

	"github.com/flowexpr/flowexpr/engine/diag"
	"github.com/flowexpr/flowexpr/engine/syntax"
	"github.com/flowexpr/flowexpr/engine/value"
	"github.com/flowexpr/flowexpr/vars"
)

// compile turns a source into segments. What is wrong with one block becomes that block's failure.
func (e *Engine) compile(source string, roots vars.Roots) (*Template, error) {
	t := &Template{engine: e, source: source, roots: roots}
	blocks := syntax.Scan(source, roots.Allows)
	if len(blocks) > 2*e.limits.Blocks+1 { // as many texts may stand between
		return nil, diag.Diagnostic{
			Severity: diag.Error, Code: "template_too_large",
			Message: "the template has more than the limit of " + strconv.Itoa(e.limits.Blocks) + " variables and expressions",
			Hint:    "split the template, or raise the limit",
		}
	}
	for i := range blocks {
		t.segments = append(t.segments, e.compileBlock(&blocks[i], roots))
	}
	t.segments = joinTexts(t.segments)
	for i := range t.segments {
		t.needs.Contact = t.needs.Contact || t.segments[i].needsContact()
	}
	return t, nil
}

func (e *Engine) compileBlock(block *syntax.Block, roots vars.Roots) segment {
	if block.Kind == syntax.TextBlock {
		return segment{kind: textSegment, text: block.Text, span: block.Span}
	}
	node, mistake := syntax.Parse(block.Text)
	if mistake != nil {
		return segment{
			kind: failedSegment, span: block.Span, hint: mistake.Hint,
			failure: &value.Error{Code: mistake.Code, Message: mistake.Message},
			at:      diag.Span{Start: block.Inner.Start + mistake.Span.Start, End: block.Inner.Start + mistake.Span.End},
		}
	}
	compiled, err := e.compileProgram(node, block.Text, roots)
	if err != nil {
		return segment{kind: failedSegment, span: block.Span, failure: &value.Error{Code: "too_complex", Message: value.TooComplex}}
	}
	seg := segment{kind: programSegment, span: block.Span, source: block.Text, inner: block.Inner, program: compiled}
	if variable, ok := compiled.isVariable(); ok && variable.Deprecated() == "" {
		seg.kind, seg.variable = variableSegment, variable
	}
	return seg
}

func (s *segment) needsContact() bool {
	if s.program == nil {
		return false
	}
	for _, ref := range s.program.references {
		if ref.root == "" && ref.variable.NeedsContact() {
			return true
		}
	}
	return false
}

// joinTexts makes one segment of texts that stand side by side.
func joinTexts(segments []segment) []segment {
	joined := segments[:0]
	for _, seg := range segments {
		if last := len(joined) - 1; seg.kind == textSegment && last >= 0 && joined[last].kind == textSegment {
			joined[last].text += seg.text
			joined[last].span.End = seg.span.End
			continue
		}
		joined = append(joined, seg)
	}
	return joined
}

// weight estimates the memory of a compiled template, in bytes.
func (t *Template) weight() uint32 {
	return uint32(templateOverhead + 2*len(t.source) + blockOverhead*len(t.segments))
}
