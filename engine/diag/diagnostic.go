// Package diag says what is wrong with a template: what, where and what to do about it. A Diagnostic is data, and an
// error value too; JSON gives the form that the HTTP API answers with, Render the form that people read.
//
// Inside the program a place is a span of bytes. Line and column exist only in what is shown.
package diag

// Severity says how bad it is.
type Severity string

const (
	// Error is about a part of the template that cannot be evaluated.
	Error Severity = "error"
	// Warning advises; the template was evaluated as it stands.
	Warning Severity = "warning"
)

// Span is a piece of a text: byte offsets from 0, end exclusive.
type Span struct{ Start, End int }

// Shift moves a span, from a text inside another one to the outer text.
func (s Span) Shift(by int) Span { return Span{Start: s.Start + by, End: s.End + by} }

// Len is the number of bytes in the span.
func (s Span) Len() int { return s.End - s.Start }

// Fix is an edit that puts it right: the text in Span becomes Replacement.
type Fix struct {
	Span        Span
	Replacement string
}

// Diagnostic is one thing to say about a template.
type Diagnostic struct {
	Severity Severity
	// Code is a stable name for the kind of problem, such as syntax_error.
	Code    string
	Message string
	// Hint is advice, empty when there is none.
	Hint string
	// Expression is the block as written, such as `@contact.name`; empty when it is about the whole template.
	Expression string
	// Span is the place in the template; zero when it is about the whole template.
	Span Span
	// Fix is nil where only a person can tell what was meant.
	Fix *Fix
}

// Error gives the diagnostic in one line.
func (d Diagnostic) Error() string {
	text := d.Message
	if d.Expression != "" {
		text = d.Expression + ": " + text
	}
	if d.Hint != "" {
		text += "; " + d.Hint
	}
	return text
}

// located tells whether the diagnostic is about a place rather than the whole template.
func (d *Diagnostic) located() bool { return d.Span != Span{} }
