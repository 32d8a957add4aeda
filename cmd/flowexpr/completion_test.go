package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// smallCLI has one of each thing that scripts and the manual page show, so that their golden files change only when
// they themselves do.
type smallCLI struct {
	Data  string `placeholder:"DIR" help:"Folder (default: here)."`
	Quiet bool   `short:"q" help:"Say less. And nothing more."`

	Load struct {
		File   string `arg:"" help:"What to load."`
		Format string `enum:"auto,csv" default:"auto" help:"Its format, 'auto' or csv."`
	} `cmd:"" help:"Load a file."`
	Item struct {
		Add struct {
			Name []string `arg:"" optional:"" help:".names begin with a dot or a \\."`
			From string   `short:"f" placeholder:"FILE" help:"Where from."`
		} `cmd:"" help:"Add an item."`
		Secret struct{} `cmd:"" hidden:"" help:"Not shown."`
	} `cmd:"" help:"Work on items."`
}

func smallModel(t *testing.T) *kong.Node {
	t.Helper()
	parser, err := kong.New(&smallCLI{}, kong.Name("flowexpr"), kong.Description("A small one.\n\nIt shows everything."))
	require.NoError(t, err)
	return parser.Model.Node
}

func TestCompletionAndManGolden(t *testing.T) {
	for file, write := range map[string]func(b *bytes.Buffer) error{
		"completion.bash": func(b *bytes.Buffer) error { return writeCompletion(b, "bash", smallModel(t)) },
		"completion.zsh":  func(b *bytes.Buffer) error { return writeCompletion(b, "zsh", smallModel(t)) },
		"completion.fish": func(b *bytes.Buffer) error { return writeCompletion(b, "fish", smallModel(t)) },
		"small.1":         func(b *bytes.Buffer) error { return writeMan(b, smallModel(t), "v1.2.3") },
	} {
		t.Run(file, func(t *testing.T) {
			var b bytes.Buffer
			require.NoError(t, write(&b))
			path := filepath.Join("testdata", file)
			if *update {
				require.NoError(t, os.WriteFile(path, b.Bytes(), 0o600))
			}
			want, err := os.ReadFile(path)
			require.NoError(t, err)
			assert.Equal(t, string(want), b.String())
		})
	}
}

// What the real command line has is in its scripts and its page: every command and every flag.
func TestCompletionAndManAreWhole(t *testing.T) {
	parser, err := newParser(&cli{}, streams{})
	require.NoError(t, err)
	page := output(t, "man")
	scripts := map[string]string{}
	for _, shell := range []string{"bash", "zsh", "fish"} {
		scripts[shell] = output(t, "completion", shell)
	}
	commands, flags := 0, 0
	for _, command := range completionOf(parser.Model.Node).Commands {
		commands++
		for shell, script := range scripts {
			assert.Contains(t, script, "'"+command.Path+"'", shell)
		}
		if len(command.Children) == 0 {
			assert.Contains(t, page, "\n.SS "+roff(command.Path))
		}
		for _, flag := range command.Own {
			flags++
			assert.Contains(t, scripts["bash"], " --"+flag.Name)
			assert.Contains(t, scripts["zsh"], "'--"+flag.Name+":")
			assert.Contains(t, scripts["fish"], " -l "+flag.Name)
			assert.Contains(t, page, `\fB`+roff("--"+flag.Name)+`\fP`)
		}
	}
	assert.Greater(t, commands, 20)
	assert.Greater(t, flags, 40)
	assert.NotContains(t, page, "reference", "hidden commands stay hidden")
}

func output(t *testing.T, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	require.Equal(t, statusDone, run(context.Background(), args, streams{strings.NewReader(""), &out, &errs}), errs.String())
	return out.String()
}

// The script is tried in bash itself: what it offers for a line with the cursor at its end. The words are those that
// bash makes of the line; it makes three of --flag=value.
func TestBashCompletes(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "completion.bash"), []byte(output(t, "completion", "bash")), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "my contacts.csv"), nil, 0o600))
	require.NoError(t, os.Mkdir(filepath.Join(dir, "my folder"), 0o700))
	for _, c := range []struct {
		name  string
		words []string
		want  []string
	}{
		{"commands", []string{"ex"}, []string{"export"}},
		{"commands of a command", []string{"contact", "connection", ""}, []string{"add", "edit", "promote", "remove"}},
		{"after a global flag and its value", []string{"--data", "serve", "imp"}, []string{"import"}},
		{"after a flag that takes none", []string{"serve", "--demo", "--tok"}, []string{"--token", "--token-file", "--tokens", "--tokens-in-store"}},
		{"flags of the program", []string{"--works"}, []string{"--workspace"}},
		{"flags of a command and those above", []string{"contact", "interact", "--at"}, []string{"--at"}},
		{"values of a flag", []string{"import", "--format", "j"}, []string{"jsonl"}},
		{"values of a flag with =", []string{"import", "--format", "=", "j"}, []string{"jsonl"}},
		{"values of a flag just behind =", []string{"export", "--format", "="}, []string{"auto", "csv", "jsonl"}},
		{"values of an argument", []string{"completion", ""}, []string{"bash", "fish", "zsh"}},
		{"files with spaces", []string{"import", "my"}, []string{"my contacts.csv", "my folder"}},
		{"folders only", []string{"--data", "my"}, []string{"my folder"}},
		{"a value that may be anything", []string{"serve", "--listen", "m"}, nil},
		{"an unknown word changes nothing", []string{"fly", "--near"}, []string{"--near-cache-bytes"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			const script = `. ./completion.bash; COMP_WORDS=(flowexpr "$@"); COMP_CWORD=$#; _flowexpr; printf '%s\n' "${COMPREPLY[@]}" | sort`
			command := exec.Command("bash", append([]string{"--norc", "-c", script, "bash"}, c.words...)...)
			command.Dir = dir
			out, err := command.CombinedOutput()
			require.NoError(t, err, "%s", out)
			got := strings.FieldsFunc(string(out), func(r rune) bool { return r == '\n' })
			assert.ElementsMatch(t, c.want, got)
		})
	}
}

func TestCompletionWantsAShell(t *testing.T) {
	var out, errs bytes.Buffer
	assert.Equal(t, statusUsage, run(context.Background(), []string{"completion", "tcsh"}, streams{nil, &out, &errs}))
	assert.Contains(t, errs.String(), "tcsh")
}

func TestVersionIsTheReleases(t *testing.T) {
	defer func(was string) { version = was }(version)
	version = "v1.2.3"
	assert.True(t, strings.HasPrefix(output(t, "version"), "flowexpr v1.2.3, go"))
	assert.Contains(t, output(t, "man"), `"flowexpr v1.2.3"`)
}
