package main

import (
	"errors"
	"fmt"

	"github.com/flowexpr/flowexpr/engine/diag"
	"github.com/flowexpr/flowexpr/engine/syntax/legacy"
)

// migrateCommand rewrites a legacy template into the current language.
type migrateCommand struct {
	Template    string `arg:"" optional:"" help:"The legacy template."`
	File        string `short:"f" type:"path" placeholder:"FILE" help:"Read the template from a file (- for standard input)."`
	EchoOnError bool   `help:"Make a part that fails print its source, as the legacy engine did."`
	URLEncode   bool   `name:"url-encode" help:"URL-encode what each part prints."`
	RawDates    bool   `help:"Leave dates as they are, where the legacy engine printed them in the workspace's format."`
	JSON        bool   `name:"json" help:"Print template and notes as JSON."`
}

// migration is the answer, as POST /v1/migrate has it.
type migration struct {
	Template string       `json:"template"`
	Notes    []diag.Entry `json:"notes"`
}

// Run rewrites; what has no exact equivalent is told on the standard error and is no failure.
func (c *migrateCommand) Run(io streams) error {
	if c.Template == "" && c.File == "" {
		return usageError{errors.New("give the template as the argument or by -f")}
	}
	template, err := (&templateFlags{Template: c.Template, File: c.File}).template(io)
	if err != nil {
		return err
	}
	result := legacy.Migrate(template, legacy.Options{EchoOnError: c.EchoOnError, URLEncode: c.URLEncode, RawDates: c.RawDates})
	if c.JSON {
		return printValue(io, migration{Template: result.Template, Notes: diag.JSON(template, result.Notes)})
	}
	if err := diag.Render(io.err, "template", template, result.Notes); err != nil {
		return err
	}
	_, err = fmt.Fprintln(io.out, result.Template)
	return err
}
