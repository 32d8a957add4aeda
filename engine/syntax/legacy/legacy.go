// Package legacy rewrites templates of the language's first dialect, the one of flows made before 2018, into the
// current language. The main call is [Migrate]; [Looks] tells whether a template needs it.
//
// The dialect resembles a spreadsheet's formulas: `@(IF(contact.age <> 18, PROPER(contact), "a ""guest"""))`. A name
// holds its dots, a quote in a text is doubled, and there are neither brackets nor null nor functions without a name.
// Variables begin with channel, child, contact, date, extra, flow, parent or step. Templates older still put filters
// behind a variable: `@contact.name|upper_case`.
//
// A template is scanned into blocks, a block parsed into a tree, and the tree rewritten from its leaves to its root
// into fragments: source of the current language that knows how tightly it binds and what type it has. Tables say what
// becomes of variables and functions.
package legacy

import (
	"strconv"

	"github.com/flowexpr/flowexpr/engine/diag"
)

const (
	// maxTemplate is the size of the templates that are rewritten, in bytes: four times what the engine evaluates by
	// default.
	maxTemplate = 256 << 10
	// maxNotes bounds the list of notes, which nobody reads to such a length.
	maxNotes = 1000
)

// Options say how the blocks of a template are rewritten. The zero value gives what people write by hand.
type Options struct {
	// EchoOnError makes a block that fails print its legacy source, as the legacy engine did: the current language
	// prints nothing.
	EchoOnError bool
	// URLEncode makes each block URL-encode what it prints.
	URLEncode bool
	// RawDates leaves dates as they are where the legacy engine printed them in the workspace's date format.
	RawDates bool
}

// Result is a rewritten template.
type Result struct {
	Template string
	// Notes are warnings on the places that have no exact equivalent, or that were left as they stood. Their spans are
	// in the legacy template. Not more than 1,000 are given.
	Notes []diag.Diagnostic
}

// Migrate rewrites a template. Blocks that cannot be parsed stay as they are, with a note.
func Migrate(template string, o Options) Result {
	if len(template) > maxTemplate {
		return Result{Template: template, Notes: []diag.Diagnostic{{
			Severity: diag.Warning, Code: "template_too_large",
			Message: "template is too large to be rewritten: it is left as it is",
			Hint:    "split it into templates of at most " + strconv.Itoa(maxTemplate) + " bytes",
		}}}
	}
	m := migrator{template: template, options: o}
	for _, b := range scan(template) {
		m.block(b)
	}
	return Result{Template: string(m.out), Notes: m.notes}
}

// migrator writes the new template, block by block.
type migrator struct {
	template string
	options  Options
	out      []byte
	notes    []diag.Diagnostic
}

func (m *migrator) block(b block) {
	switch b.kind {
	case identifierBlock, expressionBlock:
		m.rewrite(b)
		return
	case currentBlock:
		m.note(b, diag.Diagnostic{
			Code: "now_evaluated", Message: "was text in the legacy dialect, is a variable in the current language",
			Hint: "write @" + m.source(b) + " if it is to stay text", Span: b.span,
		})
	case unterminatedBlock:
		m.note(b, diag.Diagnostic{
			Code: "syntax_error", Message: "the parenthesis is never closed: all that follows is text",
			Hint: "add the missing `)`", Span: diag.Span{Start: b.span.Start, End: b.span.Start + len("@(")},
		})
	}
	m.out = append(m.out, m.source(b)...)
}

func (m *migrator) source(b block) string { return m.template[b.span.Start:b.span.End] }

// rewrite writes the new form of a block or, where there is none, the old one.
func (m *migrator) rewrite(b block) {
	tree, mistake := b.tree(m.template)
	if mistake != nil {
		m.leave(b, *mistake)
		return
	}
	r := rewriter{options: m.options, room: maxGrowth + 4*b.span.Len()}
	whole := r.rewrite(tree)
	if whole.text == `""` && m.removable(b) {
		return
	}
	whole = r.finish(whole, m.source(b))
	if r.refusal != nil {
		r.refusal.Span = b.inner
		m.leave(b, *r.refusal)
		return
	}
	for i := range r.notes {
		m.note(b, r.notes[i])
	}
	m.write(whole, b.kind)
}

func (m *migrator) write(f fragment, kind blockKind) {
	if f.plain && kind == identifierBlock {
		m.out = append(append(m.out, '@'), f.text...)
		return
	}
	m.out = append(append(append(m.out, "@("...), f.text...), ')')
}

// removable tells whether a block that prints nothing can go. It cannot where it holds two names apart, as in
// `@contact.name@("")s`.
func (m *migrator) removable(b block) bool {
	return !continuesName(m.template[b.span.End:]) || !endsInCandidate(m.out)
}

// leave keeps a block as it is and says why.
func (m *migrator) leave(b block, d diag.Diagnostic) {
	m.note(b, d)
	m.out = append(m.out, m.source(b)...)
}

func (m *migrator) note(b block, d diag.Diagnostic) {
	if len(m.notes) == maxNotes {
		return
	}
	d.Severity = diag.Warning
	if b.kind != unterminatedBlock {
		d.Expression = m.source(b)
	}
	m.notes = append(m.notes, d)
}
