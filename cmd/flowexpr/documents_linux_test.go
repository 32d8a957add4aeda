package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The README and all pages below docs are run, each by a shell of its own with processes and network of its own, so that
// a page may use the ports that it names and leaves nothing running:
//
//   - a block of "sh" is commands; each must succeed;
//   - a block of "console" has them behind "$ ", and below each what it prints: "…" is any part of a line, and on a line
//     of its own any number of lines. A command whose output is shown may fail, as the output says why;
//   - in a block of "console figures" numbers are those of one machine: any others will do;
//   - a block with any other name behind its language is a file of that name;
//   - "flowexpr serve" in the foreground is left running, as in a terminal of its own.
//
// The folder looks like a clone with jane.json, a file of Jane Doe's, beside it.

// notRun are the commands of the pages that no test can run as they stand, by how they begin.
var notRun = []struct{ begins, reason string }{
	{"sudo ", "changes the machine: .ci/release installs, starts, removes and purges the package"},
	{"make ", "CI runs the targets that belong to it; the others take minutes"},
	{"flowexpr serve --redis redis://redis.example", "names servers of the reader"},
	{"flowexpr serve --redis redis://10.0.0.1", "names servers of the reader"},
	{"flowexpr serve --redis redis-sentinel://", "names servers of the reader"},
	{"flowexpr serve --postgres postgres://flowexpr@db.example", "names servers of the reader"},
	{"flowexpr migrate-store --postgres postgres://flowexpr@db.example", "names servers of the reader"},
	{"curl -s -H \"Authorization: Token", "asks RapidPro over the internet"},
}

// unprivileged pages start servers that refuse to run as root.
var unprivileged = map[string]bool{"docs/operations/guide.md": true}

func TestDocuments(t *testing.T) {
	machine := newDocumentMachine(t)
	used := map[string]bool{}
	for _, page := range documents(t) {
		blocks := fences(t, filepath.Join("..", page))
		for _, line := range indentedCommands(t, page) {
			assert.True(t, excused(line, used), "%s: nothing runs %q: put it into a block of sh or console, or into notRun with the reason", page, line)
		}
		steps := documentSteps(t, blocks, used)
		if len(steps) == 0 {
			continue
		}
		t.Run(page, func(t *testing.T) {
			t.Parallel()
			shell := machine.shell(t, unprivileged[page])
			for _, step := range steps {
				shell.run(t, step)
			}
		})
	}
	for _, entry := range notRun {
		assert.True(t, used[entry.begins], "no page has a command that begins with %q", entry.begins)
	}
}

// documents are the pages, as paths from the root of the repository.
func documents(t *testing.T) []string {
	t.Helper()
	pages := []string{"README.md"}
	require.NoError(t, filepath.WalkDir(docs, func(path string, _ fs.DirEntry, err error) error {
		if filepath.Ext(path) == ".md" {
			pages = append(pages, strings.TrimPrefix(filepath.ToSlash(path), "../../"))
		}
		return err
	}))
	return pages
}

// excused says whether a command is one of notRun.
func excused(command string, used map[string]bool) bool {
	for _, entry := range notRun {
		if strings.HasPrefix(command, entry.begins) {
			used[entry.begins] = true
			return true
		}
	}
	return false
}

// commandLike is the beginning of a line that is a command, with its environment.
var commandLike = regexp.MustCompile(`^(\$ |([A-Z_]+=\S* )*(flowexpr|go|make|curl|sudo|docker|openssl|redis-server|redis-cli|psql|prometheus|promtool|apt-get|systemctl) )`)

// indentedCommands are the commands of a page's blocks that are no fences: nothing runs them.
func indentedCommands(t *testing.T, page string) []string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("../..", page))
	require.NoError(t, err)
	var found []string
	for i, part := range strings.Split("\n"+string(data), "\n```") {
		for line := range strings.Lines(part) {
			text, indented := strings.CutPrefix(line, "    ")
			if i%2 == 0 && indented && commandLike.MatchString(text) {
				found = append(found, strings.TrimSpace(text))
			}
		}
	}
	return found
}

// documentStep is something that a page makes its reader do: write a file, or run a command.
type documentStep struct {
	file, text string // without a file, text is the command
	want       string // what it prints
	shown      bool   // whether the page says so
	figures    bool   // whether other numbers will do
}

func documentSteps(t *testing.T, blocks []fence, used map[string]bool) []documentStep {
	t.Helper()
	var steps []documentStep
	for _, block := range blocks {
		switch {
		case block.file != "" && block.file != "figures":
			steps = append(steps, documentStep{file: block.file, text: block.text})
		case block.language == "sh":
			for _, command := range joinedLines(block.text) {
				steps = append(steps, documentStep{text: command})
			}
		case block.language == "console":
			require.True(t, strings.HasPrefix(block.text, "$ "), "a block of console begins with a command: %s", block.text)
			for _, entry := range strings.Split("\n"+block.text, "\n$ ")[1:] {
				lines := joinedLines(entry)
				want := strings.TrimPrefix(entry, lines[0])
				want = strings.TrimSuffix(strings.TrimPrefix(want, "\n"), "\n")
				steps = append(steps, documentStep{text: lines[0], want: want, shown: want != "", figures: block.file == "figures"})
			}
		}
	}
	var run []documentStep
	for _, step := range steps {
		if step.file != "" || !excused(step.text, used) {
			run = append(run, step)
		}
	}
	return run
}

// joinedLines are the lines of a text, those that end in a backslash together with the next; comments and empty ones
// are left out.
func joinedLines(text string) []string {
	var lines []string
	pending := ""
	for line := range strings.SplitSeq(text, "\n") {
		pending += line
		switch {
		case strings.HasSuffix(line, "\\"):
			pending += "\n"
			continue
		case strings.TrimSpace(pending) != "" && !strings.HasPrefix(pending, "#"):
			lines = append(lines, pending)
		}
		pending = ""
	}
	return lines
}

// columns are the spaces between them.
var columns = regexp.MustCompile(` +`)

// figure is a number with its unit of time, and the spaces that put it into its column.
var figure = regexp.MustCompile(`(?: \+)?[0-9]+(\\\.[0-9]+)?(e-?[0-9]+)?(( \+)?(ns|µs|ms|s|m[0-9.\\]+s)\b)?`)

// outputPattern is what a page shows as an expression: "…" stands for what it leaves out.
func outputPattern(want string, figures bool) *regexp.Regexp {
	var b strings.Builder
	b.WriteString(`^`)
	for line := range strings.SplitSeq(want, "\n") {
		if strings.TrimSpace(line) == "…" {
			b.WriteString(`(?:[^\n]*\n)*`)
			continue
		}
		parts := strings.Split(line, "…")
		for i, part := range parts {
			parts[i] = regexp.QuoteMeta(part)
			if figures {
				parts[i] = figure.ReplaceAllLiteralString(columns.ReplaceAllLiteralString(parts[i], ` +`), ` *[0-9–][0-9.e+-]*(?: ?(?:ns|µs|ms|s|m[0-9.]+s))?`)
			}
		}
		b.WriteString(strings.Join(parts, `[^\n]*`) + `\n`)
	}
	b.WriteString(`$`)
	return regexp.MustCompile(b.String())
}

func TestOutputPattern(t *testing.T) {
	for _, test := range []struct {
		name, want, output string
		matches, figures   bool
	}{
		{"the same", "a\nb", "a\nb\n", true, false},
		{"more", "a", "a\nb\n", false, false},
		{"less", "a\nb", "a\n", false, false},
		{"part of a line", "took … ms", "took 12 ms\n", true, false},
		{"not more than a line", "took … ms", "took 1\n2 ms\n", false, false},
		{"lines", "a\n…\nd", "a\nb\nc\nd\n", true, false},
		{"no lines", "a\n…\nd", "a\nd\n", true, false},
		{"lines at the end", "a\n…", "a\nb\nc\n", true, false},
		{"signs are themselves", "a.b*", "axbb\n", false, false},
		{"other figures", "p50  p90\n76 ns  1.5 ms", "p50     p90\n  12.5 µs  3 s\n", true, true},
		{"no figures", "took 5 ms", "took long\n", false, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			assert.Equal(t, test.matches, outputPattern(test.want, test.figures).MatchString(test.output))
		})
	}
}
