package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"
)

// manCommand prints the manual page.
type manCommand struct{}

// Run prints it.
func (*manCommand) Run(io streams, parser *kong.Kong) error {
	return writeMan(io.out, parser.Model.Node, buildVersion())
}

// writeMan writes the manual page of a command line, in the man macros of roff. Like the help it is made from the
// model that also parses.
func writeMan(w io.Writer, root *kong.Node, version string) error {
	p := &manPage{}
	title, _, _ := strings.Cut(root.Help, "\n")
	p.line(`.TH %s 1 "" "%s %s"`, strings.ToUpper(root.Name), root.Name, roff(version))
	p.section("Name")
	p.line(`%s \- evaluate flow templates for contacts`, root.Name)
	p.section("Synopsis")
	p.line(`.B %s`, root.Name)
	p.line(`.I command`)
	p.line(`[\fIflags\fP] [\fIarguments\fP]`)
	p.section("Description")
	p.text(title)
	for paragraph := range strings.SplitSeq(strings.TrimSpace(strings.TrimPrefix(root.Help, title)), "\n\n") {
		p.line(".PP")
		p.text(paragraph)
	}
	p.section("Commands")
	p.commands(root, "")
	p.section("Global flags")
	p.flags(root.Flags)
	p.section("Environment")
	p.text("Each flag is also an environment variable: " + envar(root.Name) + " and the flag's name in capitals, with _ for each dash. What the command line says comes first, then the environment, then the file of --config.")
	p.section("Exit status")
	for _, status := range []struct {
		code int
		help string
	}{
		{statusDone, "Done."},
		{statusFailed, "The work failed: a contact not found, a store out of reach, a template with errors."},
		{statusUsage, "Wrong usage."},
	} {
		p.line(".TP")
		p.line(".B %d", status.code)
		p.text(status.help)
	}
	_, err := w.Write(p.b.Bytes())
	return err
}

// manPage is a page being written.
type manPage struct{ b bytes.Buffer }

// line writes a line of roff.
func (p *manPage) line(format string, args ...any) { fmt.Fprintf(&p.b, format+"\n", args...) }

// text writes words as they are, and no line of them as a request to roff.
func (p *manPage) text(words string) {
	for line := range strings.SplitSeq(words, "\n") {
		line = roff(line)
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			line = `\&` + line
		}
		p.line("%s", line)
	}
}

func (p *manPage) section(name string) { p.line(".SH %s", strings.ToUpper(name)) }

// commands writes what each command does and takes; one that has commands of its own only lists those.
func (p *manPage) commands(node *kong.Node, path string) {
	for _, child := range shownChildren(node) {
		name := strings.TrimSpace(path + " " + child.Name)
		if len(child.Children) > 0 {
			p.commands(child, name)
			continue
		}
		p.line(".SS %s", roff(strings.TrimSpace(name+" "+argumentsSummary(child))))
		p.text(child.Help)
		if child.Detail != "" {
			p.line(".PP")
			p.line(".nf")
			p.text(child.Detail)
			p.line(".fi")
		}
		for _, argument := range child.Positional {
			p.line(".TP")
			p.line(`\fI%s\fP`, roff(argumentName(argument)))
			p.text(argument.Help)
		}
		p.flags(child.Flags)
	}
}

func (p *manPage) flags(flags []*kong.Flag) {
	for _, flag := range flags {
		if flag.Hidden {
			continue
		}
		p.line(".TP")
		name := `\fB` + roff("--"+flag.Name) + `\fP`
		if flag.Short != 0 {
			name = `\fB` + roff("-"+string(flag.Short)) + `\fP, ` + name
		}
		if takesValue(flag) {
			name += `=\fI` + roff(flag.FormatPlaceHolder()) + `\fP`
		}
		p.line("%s", name)
		p.text(flag.Help)
	}
}

// argumentsSummary writes a command's arguments as its help does: FILE, [NAME], FILE….
func argumentsSummary(node *kong.Node) string {
	var words []string
	for _, argument := range node.Positional {
		word := argumentName(argument)
		if argument.IsCumulative() {
			word += "..."
		}
		if !argument.Required {
			word = "[" + word + "]"
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

func argumentName(argument *kong.Positional) string { return strings.ToUpper(argument.Name) }

func envar(name string) string { return strings.ToUpper(name) + "_" }

// roff escapes what roff reads as its own.
func roff(s string) string { return strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(s) }
