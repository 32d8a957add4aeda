package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/engine/funcs"
	"github.com/flowexpr/flowexpr/server"
	"github.com/flowexpr/flowexpr/vars"
)

// referenceCommand writes the pages of the reference that are generated from the catalog:
//
//	go run ./cmd/flowexpr reference --write docs
type referenceCommand struct {
	Write string `required:"" type:"path" placeholder:"DIR" help:"Folder to write the pages into."`
}

// Run writes the pages.
func (c *referenceCommand) Run() error {
	for name, page := range referencePages() {
		path := filepath.Join(c.Write, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, page, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// referencePages gives the generated pages by their names.
func referencePages() map[string][]byte {
	settings := contactstore.DefaultSettings()
	catalog := server.NewCatalog(&settings, funcs.Standard())
	return map[string][]byte{
		"variables.md": variablesPage(catalog.Variables), "functions.md": functionsPage(catalog.Functions), "errors.md": errorsPage(),
		"limits.md":             limitsPage(),
		"operations/metrics.md": metricsPage(),
	}
}

const generated = "<!-- Written by `go run ./cmd/flowexpr reference --write docs`: change the catalog, not this page. -->\n\n"

const variablesIntroduction = `# Variables

Every name that a template may use. A part in capitals stands for a name of your own: ` + "`@fields.KEY`" + ` is ` + "`@fields.age`" + `
where the workspace has a field with the key age. The results are those of Jane Doe, the first contact of
` + "`flowexpr serve --demo`" + `; a dash means that she has nothing there. How names are written in a template: [language.md](language.md).

`

// variablesPage has a section for each root, with a table of its properties.
func variablesPage(entries []vars.Entry) []byte {
	b := bytes.NewBufferString(generated + variablesIntroduction)
	var roots []string
	byRoot := map[string][]vars.Entry{}
	for _, e := range entries {
		root, _, _ := strings.Cut(e.Path, ".")
		if byRoot[root] == nil {
			roots = append(roots, root)
		}
		byRoot[root] = append(byRoot[root], e)
	}
	for _, root := range firstRoots(roots) {
		fmt.Fprintf(b, "## %s\n\n| variable | type | what it is | for Jane Doe |\n|---|---|---|---|\n", root)
		for _, e := range byRoot[root] {
			if root == "contact" && e.ConnectionType != "" {
				continue
			}
			fmt.Fprintf(b, "| `@%s` | %s | %s | %s |\n", e.Path, e.Type, cell(variableDoc(e)), resultCell(e.Example))
		}
		if root == "contact" {
			b.WriteString(contactSchemes)
		}
		b.WriteByte('\n')
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// contactSchemes stands for as many rows as there are schemes, which the section on urns has.
const contactSchemes = "| `@contact.SCHEME` | text | The same as `@urns.SCHEME`, for each of the schemes below: `@contact.ext`, `@contact.mailto` and so on. | – |\n"

// firstRoots puts the roots that most templates use before the others.
func firstRoots(roots []string) []string {
	common := []string{"contact", "urns", "fields", "globals", "results", "input"}
	rest := slices.DeleteFunc(slices.Clone(roots), func(root string) bool { return slices.Contains(common, root) })
	return append(common, rest...)
}

func variableDoc(e vars.Entry) string {
	doc := e.Doc
	if e.Deprecated != "" {
		doc += " **Deprecated**: " + e.Deprecated + "."
	}
	if len(e.ChannelTypes) > 0 {
		doc += " Channel types: " + strings.Join(e.ChannelTypes, ", ") + "."
	}
	return doc
}

// cell makes a text fit into a cell of a table.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ").Replace(text)
}

func resultCell(text string) string {
	if text == "" {
		return "–"
	}
	return "`" + cell(text) + "`"
}

const functionsIntroduction = `# Functions

Functions stand in expressions: ` + "`@(upper(contact.name))`" + `. Their names may be written in capital letters too. An argument in
brackets may be left out, and dots say that there may be more of the same. Arguments are converted to the type that the
function wants ([language.md](language.md#types)); an argument that is an error makes the result that error, unless
the function says otherwise. ` + "`flowexpr functions NAME`" + ` shows the same on the command line.

`

// families are the headings of the page, in its order.
var families = []struct {
	family funcs.Family
	title  string
}{
	{funcs.Text, "Text"}, {funcs.Logic, "Logic"}, {funcs.Number, "Numbers"}, {funcs.Dates, "Dates and times"},
	{funcs.Arrays, "Arrays and objects"}, {funcs.Formatting, "Formatting"}, {funcs.Conversion, "Conversion"},
	{funcs.Encoding, "Encoded text"}, {funcs.Tests, "Router tests"}, {funcs.Legacy, "Legacy"},
}

// functionsPage has a section for each family.
func functionsPage(functions []server.CatalogFunction) []byte {
	b := bytes.NewBufferString(generated + functionsIntroduction)
	writeParagraph(b, exampleSession+" Functions that read none of this give the same everywhere.")
	b.WriteByte('\n')
	for _, f := range families {
		fmt.Fprintf(b, "[%s](#%s) ·\n", f.title, strings.ReplaceAll(strings.ToLower(f.title), " ", "-"))
	}
	b.Truncate(b.Len() - len(" ·\n"))
	b.WriteByte('\n')
	for _, family := range families {
		fmt.Fprintf(b, "\n## %s\n", family.title)
		if family.family == funcs.Tests {
			b.WriteString("\n" + testsIntroduction + "\n")
		}
		for i := range functions {
			if functions[i].Family == string(family.family) {
				writeFunction(b, &functions[i])
			}
		}
	}
	return b.Bytes()
}

const testsIntroduction = `A router test gives an object that is true or false where a truth is wanted, with what it found in the property
` + "`match`" + ` and more about it, where there is more, in ` + "`extra`" + `.`

func writeFunction(b *bytes.Buffer, f *server.CatalogFunction) {
	fmt.Fprintf(b, "\n### `%s`\n\n%s\n\n", f.Signature, sentence(f.Doc))
	types := make([]string, 0, len(f.Params)+1)
	for _, p := range f.Params {
		types = append(types, p.Name+": "+p.Type)
	}
	fmt.Fprintf(b, "Result: %s.", f.Result)
	if len(types) > 0 {
		fmt.Fprintf(b, " Arguments: %s.", strings.Join(types, ", "))
	}
	b.WriteString("\n\n```\n")
	for _, e := range f.Examples {
		fmt.Fprintf(b, "@(%s)  →  %s\n", e.Expression, outcome(e))
	}
	b.WriteString("```\n")
}

// sentence ends a text with a full stop.
func sentence(text string) string {
	if strings.HasSuffix(text, ".") {
		return text
	}
	return text + "."
}
