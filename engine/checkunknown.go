package engine

import (
	"slices"
	"strings"

	"github.com/flowexpr/flowexpr/engine/diag"
	"github.com/flowexpr/flowexpr/engine/value"
	"github.com/flowexpr/flowexpr/vars"
)

// The codes of names that do not exist, beside value.CodeUnknownProperty.
const (
	codeUnknownVariable = "unknown_variable"
	codeUnknownFunction = "unknown_function"
	codeUnknownField    = "unknown_field"
	codeUnknownGlobal   = "unknown_global"
)

// unknownProperty gives the code of a variable of the record that does not exist, empty for one that does or may.
func (c *checker) unknownProperty(variable vars.Variable) string {
	root, key := rootAndKey(variable)
	w := c.options.Workspace
	switch {
	case !variable.Exists():
		return value.CodeUnknownProperty
	case key == "":
		return ""
	case root == "urns" && !slices.Contains(vars.Properties(root), key):
		return value.CodeUnknownProperty
	case root == "fields" && w != nil && w.Settings().Fields != nil && !containsFold(c.fields(), key):
		return codeUnknownField
	case root == "globals" && w != nil && !containsFold(c.globals(), key):
		return codeUnknownGlobal
	}
	return ""
}

// rootAndKey splits a variable's path; those of contact.fields belong to fields.
func rootAndKey(variable vars.Variable) (root, key string) {
	path, _ := strings.CutPrefix(variable.Path(), "contact.fields.")
	if path != variable.Path() {
		return "fields", path
	}
	root, key, _ = strings.Cut(path, ".")
	return root, key
}

func containsFold(names []string, name string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) })
}

// fields gives the keys of the fields that the workspace defines, none when there is no workspace.
func (c *checker) fields() []string {
	if c.options.Workspace == nil {
		return nil
	}
	var keys []string
	for _, field := range c.options.Workspace.Settings().Fields {
		keys = append(keys, field.Key)
	}
	return keys
}

func (c *checker) globals() []string {
	if c.options.Workspace == nil {
		return nil
	}
	return (&vars.Scope{Workspace: c.options.Workspace}).GlobalKeys()
}

// candidates gives the names that could stand in the place of a variable's last one.
func (c *checker) candidates(variable vars.Variable) []string {
	switch root, _ := rootAndKey(variable); root {
	case "fields":
		return c.fields()
	case "globals":
		return c.globals()
	default:
		return vars.Properties(root)
	}
}

func (c *checker) unknownMessage(code string, variable vars.Variable, written string) string {
	switch root, _ := rootAndKey(variable); {
	case code == codeUnknownField:
		return "the workspace defines no field " + written
	case code == codeUnknownGlobal:
		return "the workspace defines no global " + written
	case root == "urns":
		return "there is no type of connection " + written
	default:
		return root + " has no property " + written
	}
}

// reportUnknown says that a variable does not exist; names are the path as written.
func (c *checker) reportUnknown(code string, variable vars.Variable, names []dottedName, severity diag.Severity) {
	last := names[len(names)-1]
	root, key := rootAndKey(variable)
	message := c.unknownMessage(code, variable, last.name)
	if root == "contact" && containsFold(c.fields(), key) {
		c.at(diag.Diagnostic{
			Severity: severity, Code: code, Message: message, Hint: "did you mean fields." + key + "?", Span: last.span,
			Fix: &diag.Fix{Span: diag.Span{Start: names[0].span.Start, End: last.span.End}, Replacement: "fields." + key},
		})
		return
	}
	prefix := strings.TrimSuffix(variable.Path(), key)
	c.unknownName(severity, code, message, prefix, last, c.candidates(variable))
}

// unknownName says that a name does not exist, with the nearest that does. prefix stands before it in the hint.
func (c *checker) unknownName(severity diag.Severity, code, message, prefix string, name dottedName, candidates []string) {
	d := diag.Diagnostic{Severity: severity, Code: code, Message: message, Span: name.span}
	if near := c.nearest(name.name, candidates); near != "" {
		d.Hint = "did you mean " + prefix + near + "?"
		d.Fix = &diag.Fix{Span: name.span, Replacement: near}
	} else {
		d.Hint = missingHint(code)
	}
	c.at(d)
}

// missingHint is the advice on a name that resembles none.
func missingHint(code string) string {
	switch code {
	case codeUnknownField:
		return "define the field in the workspace's settings, or remove it from the template"
	case codeUnknownGlobal:
		return "define the global in the workspace's settings, or remove it from the template"
	}
	return ""
}

func (c *checker) nearHint(name string, candidates []string) string {
	if near := c.nearest(name, candidates); near != "" {
		return "did you mean " + near + "?"
	}
	return ""
}

func (c *checker) nearest(name string, candidates []string) string {
	if c.full() {
		return ""
	}
	return diag.Nearest(strings.ToLower(name), candidates)
}

// unknownVariable says that a name in an expression is neither a variable nor a function.
func (c *checker) unknownVariable(name dottedName) {
	candidates := c.options.Roots.Names()
	for _, params := range c.params {
		candidates = append(candidates, params...)
	}
	c.unknownName(diag.Error, codeUnknownVariable, "there is no variable "+name.name, "", name, candidates)
}

// unknownFunction says that what is called does not exist.
func (c *checker) unknownFunction(name dottedName) {
	c.unknownName(diag.Error, codeUnknownFunction, "there is no function "+name.name, "", name, c.engine.library.Names())
}
