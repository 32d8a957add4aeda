package main

import (
	"embed"
	"io"
	"slices"
	"strings"
	"text/template"

	"github.com/alecthomas/kong"
)

// completionCommand prints what makes a shell complete flowexpr's commands, flags and their values.
type completionCommand struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"The shell: bash, zsh or fish."`
}

// Help says how each shell takes it.
func (*completionCommand) Help() string {
	return `bash: source <(flowexpr completion bash), in ~/.bashrc
zsh: flowexpr completion zsh >"${fpath[1]}/_flowexpr"
fish: flowexpr completion fish >~/.config/fish/completions/flowexpr.fish`
}

// Run prints the script.
func (c *completionCommand) Run(io streams, parser *kong.Kong) error {
	return writeCompletion(io.out, c.Shell, parser.Model.Node)
}

//go:embed completion
var completionScripts embed.FS

// writeCompletion writes a shell's script for a command line. All that a script knows comes from the model that also
// parses, so that it cannot lag behind.
func writeCompletion(w io.Writer, shell string, root *kong.Node) error {
	scripts, err := template.New("").Funcs(template.FuncMap{
		"quote": quotePOSIX, "fishquote": quoteFish,
	}).ParseFS(completionScripts, "completion/*")
	if err != nil {
		return err
	}
	return scripts.ExecuteTemplate(w, shell, completionOf(root))
}

// completion is what a script completes.
type completion struct {
	Commands []completedCommand // the program itself is the first, with an empty path
}

// completedCommand is a command with what may follow it.
type completedCommand struct {
	Path     string // "contact connection"
	Name     string // "connection"
	Parent   string // "contact"
	Help     string
	Children []completedCommand
	Own      []completedFlag // those it declares
	Flags    []completedFlag // those it takes: its own and those of the commands above
	Argument completedValue
}

// completedFlag is a flag; Words are the ways to write it: --file, -f.
type completedFlag struct {
	Name, Short, Help string
	Words             []string
	Takes             bool // a value follows
	Value             completedValue
}

// valuedFlag is a flag that takes a value, with the path of the command that declares it.
type valuedFlag struct {
	Path string
	completedFlag
}

// Valued gives the flags after which a value follows.
func (c completion) Valued() []valuedFlag {
	var list []valuedFlag
	for _, command := range c.Commands {
		for _, flag := range command.Own {
			if flag.Takes {
				list = append(list, valuedFlag{command.Path, flag})
			}
		}
	}
	return list
}

// completedValue is what a value may be: one of a few words, a file, a folder, or anything.
type completedValue struct {
	Words        []string
	File, Folder bool
}

func completionOf(root *kong.Node) completion {
	var c completion
	var visit func(node *kong.Node, parent string)
	visit = func(node *kong.Node, parent string) {
		command := commandOf(node, parent)
		for _, child := range shownChildren(node) {
			command.Children = append(command.Children, commandOf(child, command.Path))
		}
		c.Commands = append(c.Commands, command)
		for _, child := range shownChildren(node) {
			visit(child, command.Path)
		}
	}
	visit(root, "")
	return c
}

func commandOf(node *kong.Node, parent string) completedCommand {
	command := completedCommand{Parent: parent, Help: shortHelp(node.Help)}
	if node.Type != kong.ApplicationNode {
		command.Name = node.Name
		command.Path = strings.TrimSpace(parent + " " + node.Name)
	}
	command.Own = flagsOf(node.Flags)
	for _, group := range node.AllFlags(true) {
		command.Flags = append(command.Flags, flagsOf(group)...)
	}
	for _, argument := range node.Positional {
		if value := valueOf(argument, argument.Tag.PlaceHolder); value.File || value.Folder || value.Words != nil {
			command.Argument = value
		}
	}
	return command
}

// shownChildren are the commands that help shows.
func shownChildren(node *kong.Node) []*kong.Node {
	return slices.DeleteFunc(slices.Clone(node.Children), func(child *kong.Node) bool { return child.Hidden })
}

func flagsOf(flags []*kong.Flag) []completedFlag {
	var list []completedFlag
	for _, flag := range flags {
		if flag.Hidden {
			continue
		}
		f := completedFlag{Name: flag.Name, Help: shortHelp(flag.Help), Words: []string{"--" + flag.Name}, Takes: takesValue(flag)}
		if flag.Short != 0 {
			f.Short = string(flag.Short)
			f.Words = append(f.Words, "-"+f.Short)
		}
		if f.Takes {
			f.Value = valueOf(flag.Value, flag.PlaceHolder)
		}
		list = append(list, f)
	}
	return list
}

func takesValue(flag *kong.Flag) bool { return !flag.IsBool() && !flag.IsCounter() }

// valueOf tells what a value may be by its enumeration, or by how help calls it: FILE, DIR, or REF, which may be a file.
func valueOf(value *kong.Value, placeholder string) completedValue {
	if value.Enum != "" {
		words := slices.DeleteFunc(value.EnumSlice(), func(word string) bool { return word == "" })
		return completedValue{Words: words}
	}
	called := strings.ToUpper(value.Name)
	if placeholder != "" {
		called = placeholder
	}
	switch called {
	case "FILE", "FILES", "REF":
		return completedValue{File: true}
	case "DIR":
		return completedValue{Folder: true}
	}
	return completedValue{}
}

// shortHelp is what of a help text fits beside a word.
func shortHelp(help string) string {
	sentence, _, _ := strings.Cut(help, ". ")
	sentence, _, _ = strings.Cut(sentence, " (default")
	return strings.TrimSuffix(sentence, ".")
}

// quotePOSIX quotes for bash and zsh.
func quotePOSIX(words ...string) string {
	return "'" + strings.ReplaceAll(strings.Join(words, ""), "'", `'\''`) + "'"
}

// quoteFish quotes for fish.
func quoteFish(words ...string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(strings.Join(words, "")) + "'"
}
