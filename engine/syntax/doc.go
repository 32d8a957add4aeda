// Package syntax reads templates and expressions. Scan takes a template apart into blocks, Parse makes a tree of the
// expression in one of them, and Print writes a tree back.
//
//	for _, block := range syntax.Scan("Hi @contact.name", allowed) {
//		node, mistake := syntax.Parse(block.Text)
//	}
//
// Nothing here knows what names mean. All places are byte offsets from 0, ends exclusive. Neither function can fail in
// any other way than with a Mistake: whatever the input, they end, in linear time and bounded stack.
package syntax
