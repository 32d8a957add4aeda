package engine

import (
	"slices"
	"strings"

	"github.com/flowexpr/flowexpr/engine/diag"
	"github.com/flowexpr/flowexpr/engine/syntax"
	"github.com/flowexpr/flowexpr/vars"
)

// displaySchemes are those whose connections commonly carry a `#display`: an identifier nobody reads, and a name.
var displaySchemes = []string{"facebook", "instagram", "jiochat", "telegram", "twitterid"}

// printed looks for URNs among what a block prints: readers want an address, not `mailto:ann@example.org`.
func (c *checker) printed(n syntax.Node) {
	switch n := n.(type) {
	case *syntax.Paren:
		c.printed(n.X)
	case *syntax.Binary:
		if n.Op == "&" {
			c.printed(n.X)
			c.printed(n.Y)
		}
	case *syntax.Call:
		function := c.callee(n.Callee)
		switch {
		case function == nil:
		case function.Name == "if" && len(n.Args) == 3:
			c.printed(n.Args[1])
			c.printed(n.Args[2])
		case function.Name == "default" && len(n.Args) == 2:
			c.printed(n.Args[0])
			c.printed(n.Args[1])
		}
	case *syntax.Name, *syntax.Dot:
		c.printedPath(n)
	case *syntax.Index:
		if of, _ := c.pathOf(n.Of); of == "contact.urns" {
			c.printedURN(n, "")
		}
	}
}

// pathOf gives a variable of the record by its canonical path; or a path of a session root as it stands.
func (c *checker) pathOf(n syntax.Node) (path string, source vars.Source) {
	names, base := c.names(n)
	if base != nil || c.isParameter(names[0].name) {
		return "", vars.NoRoot
	}
	stored, source := c.options.Roots.Find(names[0].name)
	return joined(stored, names[1:]), source
}

func (c *checker) printedPath(n syntax.Node) {
	path, source := c.pathOf(n)
	switch source {
	case vars.FromRecord:
		root, key, _ := strings.Cut(path, ".")
		connection := root == "urns" && key != "" || root == "contact" && key != "urns" && !strings.HasPrefix(key, "urns.")
		switch {
		case path == "contact.urns":
			c.printedURNs(n)
		case path == "contact.urn" || strings.HasPrefix(path, "contact.urns."):
			c.printedURN(n, "")
		case connection && slices.Contains(vars.Properties("urns"), key):
			c.printedURN(n, key)
		}
	case vars.FromContext:
		if scheme, ok := sessionURN(path); ok {
			c.printedURN(n, scheme)
		}
	}
}

// sessionURN knows the URNs of the session roots; scheme is empty when it is not known.
func sessionURN(path string) (scheme string, ok bool) {
	switch path {
	case "input.urn", "run.contact.urn", "parent.contact.urn", "child.contact.urn":
		return "", true
	}
	for _, prefix := range []string{"parent.urns.", "child.urns."} {
		if scheme, found := strings.CutPrefix(path, prefix); found && slices.Contains(vars.Properties("urns"), scheme) {
			return scheme, true
		}
	}
	return "", false
}

// printedURN notes that a block prints a URN; scheme is empty when it is not known.
func (c *checker) printedURN(n syntax.Node, scheme string) {
	source := c.source(n)
	shown, code := scheme, "urn_printed"
	if shown == "" {
		shown = "tel"
	}
	message := "this prints the scheme too, as in " + c.example(shown)
	if slices.Contains(displaySchemes, scheme) || scheme == "" && c.anyScheme() {
		if scheme == "" {
			shown = "telegram"
		}
		code, message = "display_leak", "this may print the scheme, the identifier and the display name, as in "+shown+":123456#jane"
	}
	c.at(diag.Diagnostic{
		Severity: diag.Warning, Code: code, Message: message, Span: n.Span(),
		Hint: "for people to read, write " + c.inBlock("format_urn("+source+")") + " or " + c.inBlock("urn_parts("+source+").path"),
		Fix:  c.replaceValue(n, "format_urn("+source+")"),
	})
}

// anyScheme reports whether the workspace lets contact.urn be a connection of any type.
func (c *checker) anyScheme() bool {
	return c.options.Workspace != nil && c.options.Workspace.Settings().ContactURN != "phone"
}

// example gives a URN as people may see it.
func (c *checker) example(scheme string) string {
	if shown := c.entry("urns." + scheme).Example; shown != "" {
		return shown
	}
	return scheme + ":…"
}

func (c *checker) printedURNs(n syntax.Node) {
	list := "join(foreach(" + c.source(n) + ", format_urn), \", \")"
	c.at(diag.Diagnostic{
		Severity: diag.Warning, Code: "urn_printed", Span: n.Span(),
		Message: "this prints all connections with their schemes, as in [tel:+13233754866, mailto:jane.doe@example.org]",
		Hint:    "for people to read, write " + c.inBlock(list),
		Fix:     c.replaceValue(n, list),
	})
}

// inBlock writes an expression as it stands in the block: after an @ it needs parentheses.
func (c *checker) inBlock(source string) string {
	if c.block.Kind == syntax.IdentifierBlock {
		return "@(" + source + ")"
	}
	return source
}

// replaceValue puts an expression in the place of one that the block prints.
func (c *checker) replaceValue(n syntax.Node, source string) *diag.Fix {
	span := n.Span()
	if c.block.Kind == syntax.IdentifierBlock {
		span.Start -= len("@")
	}
	return &diag.Fix{Span: span, Replacement: c.inBlock(source)}
}
