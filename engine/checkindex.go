package engine

import (
	"strings"

	"github.com/flowexpr/flowexpr/engine/diag"
	"github.com/flowexpr/flowexpr/engine/syntax"
)

// indexAsText warns of an index behind a variable that stands without parentheses: `@contact.urns[0]` prints the whole
// list and then the text `[0]`. It reports whether there is one.
func (c *checker) indexAsText() bool {
	if c.block.Kind != syntax.IdentifierBlock {
		return false
	}
	length := indexLength(c.template[c.block.Span.End:])
	if length == 0 {
		return false
	}
	span := diag.Span{Start: c.block.Inner.Start, End: c.block.Span.End + length}
	source := c.template[span.Start:span.End]
	c.report(diag.Diagnostic{
		Severity: diag.Warning, Code: "index_as_text", Span: span,
		Message: c.template[c.block.Span.End:span.End] + " stays text: indexes belong inside @( )",
		Hint:    "write @(" + shorten(source) + ")",
		Fix:     &diag.Fix{Span: span, Replacement: "(" + source + ")"},
	})
	return true
}

// indexLength measures the indexes that a text begins with, and the properties that follow them: `[0].name`. It is 0
// when there are none: what stands in the brackets has to be a number or a text.
func indexLength(text string) int {
	length := 0
	for {
		end := strings.IndexByte(text[length:min(len(text), length+maxCall)], ']') + 1
		if !strings.HasPrefix(text[length:], "[") || end == 0 {
			return length
		}
		node, mistake := syntax.Parse("x" + text[length:length+end])
		if mistake != nil || !isLiteralIndex(node) {
			return length
		}
		length += end
		if property := syntax.Scan("@x"+text[length:min(len(text), length+maxCall)], func(string) bool { return true }); len(property) > 0 {
			length += property[0].Span.Len() - len("@x")
		}
	}
}

func isLiteralIndex(n syntax.Node) bool {
	index, ok := n.(*syntax.Index)
	if !ok {
		return false
	}
	switch literal := index.Index.(type) {
	case *syntax.Number, *syntax.Text:
		return true
	case *syntax.Negate:
		_, ok := literal.X.(*syntax.Number)
		return ok
	}
	return false
}
