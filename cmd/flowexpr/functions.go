package main

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/flowexpr/flowexpr/engine/diag"
	"github.com/flowexpr/flowexpr/engine/funcs"
	"github.com/flowexpr/flowexpr/server"
)

// functionsCommand lists the functions, or documents one.
type functionsCommand struct {
	Name string `arg:"" optional:"" help:"The function to document; all are listed without it."`
	JSON bool   `name:"json" help:"Print JSON."`
}

// Run lists or documents.
func (c *functionsCommand) Run(ctx context.Context, io streams, flags *storeFlags) error {
	catalog, err := fetchCatalog(ctx, flags)
	if err != nil {
		return err
	}
	if c.Name == "" {
		if c.JSON {
			return printValue(io, catalog.Functions)
		}
		return listFunctions(io, catalog.Functions)
	}
	f, err := findFunction(catalog.Functions, c.Name)
	if err != nil {
		return err
	}
	if c.JSON {
		return printValue(io, f)
	}
	return describeFunction(io, f)
}

// findFunction finds a function by its name, in whatever form people have it at hand: WORD, word(), @(word(.
func findFunction(functions []server.CatalogFunction, given string) (*server.CatalogFunction, error) {
	name, _, _ := strings.Cut(strings.ToLower(strings.TrimLeft(given, "@(")), "(")
	names := make([]string, len(functions))
	for i := range functions {
		if functions[i].Name == name {
			return &functions[i], nil
		}
		names[i] = functions[i].Name
	}
	if near := diag.Nearest(name, names); near != "" {
		return nil, fmt.Errorf("%q is not a function: did you mean %s?", given, near)
	}
	return nil, fmt.Errorf("%q is not a function; flowexpr functions lists them", given)
}

func listFunctions(io streams, functions []server.CatalogFunction) error {
	width := 0
	for i := range functions {
		width = max(width, len(functions[i].Signature))
	}
	var b bytes.Buffer
	for i := range functions {
		fmt.Fprintf(&b, "%-*s  %s\n", width, functions[i].Signature, firstSentence(functions[i].Doc))
	}
	_, err := b.WriteTo(io.out)
	return err
}

// exampleSession says what the examples of functions that read the session were evaluated in: engine's tests set it up.
const exampleSession = "The examples are of 11 April 2018, 18:24:30 UTC, in the time zone America/Guayaquil with the date format DD-MM-YYYY, " +
	"the language eng, the country US and the locations of Rwanda."

func describeFunction(io streams, f *server.CatalogFunction) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s: %s  (%s)\n\n", f.Signature, f.Result, f.Family)
	writeParagraph(&b, f.Doc)
	if len(f.Params) > 0 {
		b.WriteString("\nArguments:\n")
		for _, p := range f.Params {
			fmt.Fprintf(&b, "  %-12s %s\n", p.Name, describeParam(p))
		}
	}
	b.WriteString("\nExamples:\n")
	for _, e := range f.Examples {
		fmt.Fprintf(&b, "  @(%s)  →  %s\n", e.Expression, outcome(e))
	}
	if f.Ambient {
		b.WriteByte('\n')
		writeParagraph(&b, exampleSession)
	}
	_, err := b.WriteTo(io.out)
	return err
}

// describeParam gives a parameter's type, and whether it has to be there.
func describeParam(p funcs.Param) string {
	switch {
	case p.Variadic:
		return p.Type + ", any number of them"
	case p.Optional:
		return p.Type + ", may be left out"
	}
	return p.Type
}

// outcome gives what an example comes to.
func outcome(e funcs.Example) string {
	if e.Error != "" {
		return "error: " + e.Error
	}
	return shown(e.Result)
}
