package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/engine"
	"github.com/flowexpr/flowexpr/vars"
)

// fence is a fenced block of a page: its language, the name of a file behind it, and its text.
type fence struct{ language, file, text string }

func fences(t *testing.T, page string) []fence {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(docs, page))
	require.NoError(t, err)
	var found []fence
	parts := strings.Split("\n"+string(data), "\n```")
	require.Equal(t, 1, len(parts)%2, "%s: a fence is not closed", page)
	for i := 1; i < len(parts); i += 2 {
		info, text, _ := strings.Cut(parts[i], "\n")
		language, file, _ := strings.Cut(info, " ")
		found = append(found, fence{language, file, text + "\n"})
	}
	return found
}

// The examples of the language's pages give what they say. The first block of JSON is what they are evaluated over.
func TestLanguageExamples(t *testing.T) {
	var body struct {
		Contact  json.RawMessage
		Context  json.RawMessage
		Settings struct{ Now time.Time }
	}
	eng, err := engine.New(engine.Options{})
	require.NoError(t, err)
	blocks, examples := fences(t, "language.md"), 0
	require.Equal(t, "json", blocks[0].language)
	require.NoError(t, json.Unmarshal([]byte(blocks[0].text), &body))
	contact, err := contactstore.ParseContact(body.Contact)
	require.NoError(t, err)
	record, err := contactstore.Encode(contact)
	require.NoError(t, err)
	given, err := engine.ParseContext(body.Context)
	require.NoError(t, err)
	for _, block := range blocks[1:] {
		if block.language != "" {
			continue
		}
		for line := range strings.Lines(block.text) {
			source, want, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  →  ")
			require.True(t, ok, line)
			template, err := eng.Template(source, vars.NewRoots(given.Names()))
			require.NoError(t, err)
			assert.Equal(t, want, shownResult(template.Evaluate(&vars.Scope{Contact: record, Context: given, Now: body.Settings.Now})), source)
			examples++
		}
	}
	assert.Greater(t, examples, 70)
}

// shownResult writes what an evaluation gives the way the pages do.
func shownResult(result engine.Result) string {
	text := result.Text
	if text == "" {
		text = `""`
	}
	for _, w := range result.Warnings {
		text += fmt.Sprintf("  (%s: %s)", w.Severity, w.Message)
	}
	return text
}

// The commands in the pages print what the pages say. They run in a folder with the files that the pages show, and Jane.
func TestConsoleExamples(t *testing.T) {
	for _, page := range []string{"language.md", "testing.md"} {
		t.Run(page, func(t *testing.T) {
			blocks := fences(t, page)
			jane := demoLines(t)[0]
			t.Chdir(t.TempDir())
			require.NoError(t, os.WriteFile("jane.json", jane, 0o600))
			for _, block := range blocks {
				if block.file != "" {
					require.NoError(t, os.WriteFile(block.file, []byte(block.text), 0o600))
				}
				if block.language == "console" {
					runConsole(t, block.text)
				}
			}
		})
	}
}

// runConsole runs the commands of a block and compares what they print, on either output.
func runConsole(t *testing.T, block string) {
	t.Helper()
	for _, entry := range strings.Split("\n"+block, "\n$ flowexpr ")[1:] {
		command, want, _ := strings.Cut(entry, "\n")
		_, out, errs := outcomeOf(t, "", shellWords(command)...)
		assert.Equal(t, strings.TrimSuffix(want, "\n"), strings.TrimSuffix(out+errs, "\n"), command)
	}
}

// shellWords takes a command apart; text in single quotes is one word.
func shellWords(command string) []string {
	var words []string
	for i, part := range strings.Split(command, "'") {
		if i%2 == 1 {
			words = append(words, part)
			continue
		}
		words = append(words, strings.Fields(part)...)
	}
	return words
}

// The example of CSV gives the contact that the page shows.
func TestImportExample(t *testing.T) {
	blocks := fences(t, "import.md")
	require.Len(t, blocks, 2)
	require.Equal(t, []string{"csv", "jsonl"}, []string{blocks[0].language, blocks[1].language})
	data := t.TempDir()
	status, _, errs := command(t, blocks[0].text, "--data", data, "import", "-")
	require.Zero(t, status, errs)
	assert.Contains(t, errs, `warning: columns that say nothing about a contact: "Shoe size"`)
	_, out, _ := command(t, "", "--data", data, "export")
	assert.Equal(t, 2, strings.Count(out, "\n"))
	assert.Contains(t, out, blocks[1].text)
}
