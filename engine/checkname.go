package engine

import (
	"slices"
	"strconv"
	"strings"

	"github.com/flowexpr/flowexpr/engine/diag"
	"github.com/flowexpr/flowexpr/engine/syntax"
	"github.com/flowexpr/flowexpr/engine/value"
	"github.com/flowexpr/flowexpr/vars"
)

// path checks a name, or names joined by dots. It resolves them as lowering does: parameters, roots, functions.
func (c *checker) path(n syntax.Node) fact {
	names, base := c.names(n)
	if base != nil {
		return c.lookups(base, c.node(base), names)
	}
	first := names[0].name
	if c.isParameter(first) {
		return fact{}
	}
	stored, source := c.options.Roots.Find(first)
	switch source {
	case vars.FromContext:
		return c.given(stored, names)
	case vars.FromRecord:
		return c.record(n, names)
	}
	if function, ok := c.engine.library.Lookup(strings.ToLower(first)); ok {
		c.functions[function.Name] = true
		if len(names) > 1 {
			return c.noLookups(nameOf(n), names[1].span)
		}
		return fact{typ: typeFunction}
	}
	c.unknownVariable(names[0])
	return failed
}

// nameOf gives the first name of a path.
func nameOf(n syntax.Node) syntax.Node {
	for {
		switch node := n.(type) {
		case *syntax.Dot:
			n = node.Of
		case *syntax.Paren:
			n = node.X
		default:
			return n
		}
	}
}

// names takes a chain of dots apart; unlike those of dotted, the spans are of the names alone.
func (c *checker) names(n syntax.Node) ([]dottedName, syntax.Node) {
	names, base := dotted(n)
	for i := range names {
		names[i].span.Start = names[i].span.End - len(names[i].name)
	}
	return names, base
}

func (c *checker) isParameter(name string) bool {
	return slices.ContainsFunc(c.params, func(params []string) bool {
		return slices.ContainsFunc(params, func(param string) bool { return strings.EqualFold(param, name) })
	})
}

// deprecatedPaths are properties of session roots that have a successor. Source: section 9.6 of the specification.
var deprecatedPaths = [...]string{"child.run", "parent.run"}

// given notes a variable of a root that the caller gives; what is in it nobody knows yet.
func (c *checker) given(stored string, names []dottedName) fact {
	inside := names[1:]
	if stored == "results" || stored == "locals" { // what these hold has names, what is in that has not
		inside = inside[:min(len(inside), 1)]
	}
	path := joined(stored, inside)
	c.variables[path] = true
	if stored == "legacy_extra" {
		c.deprecated("@legacy_extra is deprecated", "read what is needed from trigger.params, webhook or results", names[0].span, "")
	}
	for _, old := range deprecatedPaths {
		if strings.HasPrefix(path+".", old+".") {
			span := diag.Span{Start: names[0].span.End, End: names[1].span.End}
			c.at(diag.Diagnostic{
				Severity: diag.Warning, Code: "deprecated", Message: "@" + old + " is deprecated", Hint: "leave out .run", Span: span,
				Fix: &diag.Fix{Span: span},
			})
		}
	}
	return fact{path: path}
}

// joined writes a root and names behind it as a path.
func joined(root string, names []dottedName) string {
	var path strings.Builder
	path.WriteString(root)
	for _, name := range names {
		path.WriteByte('.')
		path.WriteString(strings.ToLower(name.name))
	}
	return path.String()
}

// record checks a variable of the contact or the workspace.
func (c *checker) record(n syntax.Node, names []dottedName) fact {
	written := make([]string, len(names))
	for i := range names {
		written[i] = names[i].name
	}
	variable, used := vars.Resolve(written)
	if unknown := c.unknownProperty(variable); unknown != "" {
		c.reportUnknown(unknown, variable, names[:used], diag.Error)
		return failed
	}
	f := c.variable(variable, names[used-1].span)
	return c.lookups(n, f, names[used:])
}

// variable notes a variable that exists, and gives what is known of it. span is its last name.
func (c *checker) variable(variable vars.Variable, span diag.Span) fact {
	path := strings.TrimPrefix(variable.Path(), "contact.fields.")
	if path != variable.Path() {
		path = "fields." + path
	}
	c.variables[path] = true
	if message := variable.Deprecated(); message != "" {
		replacement := ""
		if path == "contact.id" && strings.EqualFold(c.block.Text[span.Start:span.End], "id") {
			replacement = "ref"
		}
		c.deprecated(message, "", span, replacement)
	}
	return fact{typ: c.typeOf(path), path: path}
}

// deprecated warns of a name that still works; replacement is the name that takes its place, if one does.
func (c *checker) deprecated(message, hint string, span diag.Span, replacement string) {
	d := diag.Diagnostic{Severity: diag.Warning, Code: "deprecated", Message: message, Hint: hint, Span: span}
	if replacement != "" {
		d.Fix = &diag.Fix{Span: span, Replacement: replacement}
	}
	c.at(d)
}

// typeOf gives the type of a variable of the record, empty when it is not known.
func (c *checker) typeOf(path string) string {
	if key, ok := strings.CutPrefix(path, "fields."); ok {
		return c.fieldType(key)
	}
	if strings.HasPrefix(path, "globals.") {
		return typeText
	}
	return c.entry(path).Type
}

// fieldType gives the type of a field that the workspace defines.
func (c *checker) fieldType(key string) string {
	if c.options.Workspace == nil {
		return ""
	}
	for _, field := range c.options.Workspace.Settings().Fields {
		if strings.EqualFold(field.Key, key) {
			if field.Type == typeNumber || field.Type == typeDateTime {
				return field.Type
			}
			return typeText
		}
	}
	return ""
}

// channelProperties are what contact.channel has.
var channelProperties = []string{"address", "name", "uuid"}

// lookups checks the names after a value; n is the node that they belong to.
func (c *checker) lookups(n syntax.Node, of fact, names []dottedName) fact {
	switch {
	case len(names) == 0 || of.failed:
		return of
	case of.constant && of.value == nil || of.isPlain() || of.typ == typeFunction:
		return c.noLookups(cut(n, names[0]), names[0].span)
	case of.typ == typeArray:
		return c.item(of, names)
	case of.path == "contact.channel" && !slices.Contains(channelProperties, strings.ToLower(names[0].name)):
		c.unknownName(diag.Error, value.CodeUnknownProperty, "contact.channel has no property "+names[0].name, "contact.channel.", names[0], channelProperties)
		return failed
	case of.path == "contact.channel":
		return c.lookups(n, fact{typ: typeText}, names[1:])
	}
	return fact{}
}

// cut gives the part of a path before a name.
func cut(n syntax.Node, before dottedName) syntax.Node {
	for {
		switch node := n.(type) {
		case *syntax.Dot:
			if node.Of.Span().End < before.span.Start {
				return node.Of
			}
			n = node.Of
		case *syntax.Paren:
			n = node.X
		default:
			return n
		}
	}
}

// item checks a number after a list.
func (c *checker) item(of fact, names []dottedName) fact {
	if _, err := strconv.Atoi(names[0].name); err != nil {
		c.at(diag.Diagnostic{
			Severity: diag.Error, Code: value.CodeUnknownProperty, Span: names[0].span,
			Message: "a list has items, not the property " + names[0].name, Hint: "write the number of an item, the first is 0",
		})
		return failed
	}
	if of.path == "contact.urns" && len(names) == 1 {
		return fact{typ: typeText, path: of.path + "." + names[0].name}
	}
	return fact{}
}

// indexed checks a lookup by a text that is known: what the container does not have is null, not an error.
func (c *checker) indexed(n *syntax.Index, of fact, key string) fact {
	path := append(strings.Split(of.path, "."), key)
	if of.path == "" || of.typ != typeObject || strings.Contains(key, ".") {
		return fact{}
	}
	variable, used := vars.Resolve(path)
	if used != len(path) {
		return fact{}
	}
	span := diag.Span{Start: n.Index.Span().Start, End: n.Index.Span().End}
	if unknown := c.unknownProperty(variable); unknown != "" {
		c.at(diag.Diagnostic{
			Severity: diag.Warning, Code: unknown, Span: span, Message: c.unknownMessage(unknown, variable, key) + ": this is always null",
			Hint: c.nearHint(key, c.candidates(variable)),
		})
		return fact{}
	}
	return c.variable(variable, span)
}
