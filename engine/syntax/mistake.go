package syntax

import (
	"strings"

	"github.com/flowexpr/flowexpr/engine/diag"
)

// Mistake says why an expression cannot be parsed.
type Mistake struct {
	// Code is syntax_error, nesting_too_deep or too_complex.
	Code    string
	Message string
	// Hint is advice, empty when there is none.
	Hint string
	// Span is the place in the expression. At its end the span is empty.
	Span diag.Span
	// Fix is an edit of the expression, nil where only a person can tell what was meant.
	Fix *diag.Fix
}

func (m *Mistake) Error() string { return m.Message }

const snippetLength = 10 // characters; part of the message, which is the reference's

// unexpected records that the next token cannot stand where it stands.
func (p *parser) unexpected() {
	if p.mistake != nil {
		return
	}
	advice := p.advise()
	p.fail(&Mistake{
		Code: "syntax_error", Message: "syntax error at " + snippet(p.source[p.token.span.Start:]),
		Hint: advice.hint, Span: p.token.span, Fix: advice.fix,
	})
}

func (p *parser) tooComplex() {
	p.fail(&Mistake{
		Code: "too_complex", Message: "expression is too complex to evaluate", Span: p.token.span,
		Hint: "split the expression",
	})
}

// fail records the first mistake, and makes everything after it the end.
func (p *parser) fail(m *Mistake) {
	if p.mistake == nil {
		p.mistake = m
	}
	p.pos = len(p.source)
	p.token = token{kind: kindEnd, span: diag.Span{Start: p.pos, End: p.pos}}
}

// snippet cuts a text at the end of the line, and to the length that messages have.
func snippet(text string) string {
	text, _, _ = strings.Cut(text, "\n")
	n := 0
	for i := range text {
		if n == snippetLength {
			return text[:i]
		}
		n++
	}
	return text
}
