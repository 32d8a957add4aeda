package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/flowexpr/flowexpr/contactstore/memstore"
	"github.com/flowexpr/flowexpr/engine/diag"
	"github.com/flowexpr/flowexpr/server"
	"github.com/flowexpr/flowexpr/vars"
)

// varsCommand lists the variables, or documents one.
type varsCommand struct {
	Name string `arg:"" optional:"" help:"The variable to document; all are listed without it."`
	JSON bool   `name:"json" help:"Print JSON."`
}

// Run lists or documents.
func (c *varsCommand) Run(ctx context.Context, io streams, flags *storeFlags) error {
	catalog, err := fetchCatalog(ctx, flags)
	if err != nil {
		return err
	}
	if c.Name == "" {
		if c.JSON {
			return printValue(io, catalog.Variables)
		}
		return listVariables(io, catalog.Variables)
	}
	entry, err := findVariable(catalog.Variables, c.Name)
	if err != nil {
		return err
	}
	if c.JSON {
		return printValue(io, entry)
	}
	return describeVariable(io, entry)
}

// fetchCatalog gives the catalog of the chosen store's workspace. Where none is chosen there is no need to open one:
// the language is the same everywhere, only fields and globals are the workspace's own.
func fetchCatalog(ctx context.Context, flags *storeFlags) (*server.Catalog, error) {
	open := openService
	if !flags.chosen() {
		open = func(ctx context.Context, flags *storeFlags) (*service, error) {
			return serviceOver(ctx, memstore.New(), flags.Workspace)
		}
	}
	s, err := open(ctx, flags)
	if err != nil {
		return nil, err
	}
	defer s.close()
	answer, err := s.call(ctx, "GET", "/v1/catalog", nil)
	if err != nil {
		return nil, err
	}
	catalog := &server.Catalog{}
	if err := json.Unmarshal(answer.body, catalog); err != nil {
		return nil, fmt.Errorf("the service's answer: %w", err)
	}
	return catalog, nil
}

// printValue prints a value as JSON.
func printValue(io streams, v any) error {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return err
	}
	return printJSON(io.out, bytes.TrimSpace(b.Bytes()))
}

// findVariable finds a variable by its path, with or without the `@`.
func findVariable(entries []vars.Entry, name string) (*vars.Entry, error) {
	path := strings.ToLower(strings.TrimPrefix(name, "@"))
	paths := make([]string, len(entries))
	for i := range entries {
		paths[i] = entries[i].Path
	}
	if i := documented(paths, path); i >= 0 {
		return &entries[i], nil
	}
	if near := diag.Nearest(path, paths); near != "" {
		return nil, fmt.Errorf("%q is not a variable: did you mean %s?", name, near)
	}
	return nil, fmt.Errorf("%q is not a variable; flowexpr vars lists them", name)
}

// documented gives the place of the entry that documents a path, or -1: its own, or that of what it is a part of, as
// results.NAME is for results.color.category.
func documented(paths []string, path string) int {
	if i := slices.IndexFunc(paths, func(p string) bool { return strings.EqualFold(p, path) }); i >= 0 {
		return i
	}
	for dot := strings.LastIndexByte(path, '.'); dot >= 0; dot = strings.LastIndexByte(path, '.') {
		path = path[:dot]
		if i := slices.IndexFunc(paths, func(p string) bool { return placeholderOf(p) == path }); i >= 0 && !own(paths, path) {
			return i
		}
		if i := slices.Index(paths, path); i >= 0 && !hasProperties(paths, path) {
			return i
		}
	}
	return -1
}

// placeholderOf gives what stands before the part in capitals of a path such as fields.KEY; empty for other paths.
func placeholderOf(path string) string {
	dot := strings.LastIndexByte(path, '.')
	if dot < 0 || strings.ToUpper(path[dot:]) != path[dot:] {
		return ""
	}
	return path[:dot]
}

// hasProperties tells whether a variable's properties are entries of their own.
func hasProperties(paths []string, root string) bool {
	return slices.ContainsFunc(paths, func(p string) bool { return strings.HasPrefix(p, root+".") })
}

// own tells whether the workspace names the properties itself, so that no other exists.
func own(paths []string, root string) bool {
	return slices.ContainsFunc(paths, func(p string) bool { return strings.HasPrefix(p, root+".") && placeholderOf(p) == "" })
}

func listVariables(io streams, entries []vars.Entry) error {
	width := 0
	for i := range entries {
		width = max(width, len(entries[i].Path))
	}
	var b bytes.Buffer
	for i := range entries {
		e := &entries[i]
		doc := firstSentence(e.Doc)
		if e.Deprecated != "" {
			doc = "Deprecated: " + e.Deprecated + "."
		}
		fmt.Fprintf(&b, "@%-*s  %-8s  %s\n", width, e.Path, e.Type, doc)
	}
	_, err := b.WriteTo(io.out)
	return err
}

func describeVariable(io streams, e *vars.Entry) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "@%s: %s\n\n", e.Path, e.Type)
	writeParagraph(&b, e.Doc)
	if e.Deprecated != "" {
		writeParagraph(&b, "Deprecated: "+e.Deprecated+".")
	}
	if e.ConnectionType != "" {
		writeParagraph(&b, "Connection type: "+e.ConnectionType+". Channel types: "+strings.Join(e.ChannelTypes, ", ")+".")
	}
	if e.Example != "" {
		fmt.Fprintf(&b, "\nFor example:\n  @%s  →  %s\n", e.Path, shown(e.Example))
	}
	_, err := b.WriteTo(io.out)
	return err
}

// firstSentence gives the first sentence of a documentation, without what explains it.
func firstSentence(doc string) string {
	first, _, cut := strings.Cut(doc, ". ")
	if cut {
		return first + "."
	}
	return first
}

// shown writes a result so that one can see it: in quotes where it is empty, has spaces at its ends or lines.
func shown(text string) string {
	if text == "" || strings.TrimSpace(text) != text || strings.ContainsAny(text, "\n\t") {
		return fmt.Sprintf("%q", text)
	}
	return text
}

// lineWidth is how wide paragraphs are written, in characters.
const lineWidth = 100

// writeParagraph writes a text in lines of a readable width.
func writeParagraph(b *bytes.Buffer, text string) {
	width := 0
	for i, word := range strings.Fields(text) {
		length := len([]rune(word))
		switch {
		case i > 0 && width+1+length > lineWidth:
			b.WriteByte('\n')
			width = 0
		case i > 0:
			b.WriteByte(' ')
			width++
		}
		b.WriteString(word)
		width += length
	}
	b.WriteByte('\n')
}
