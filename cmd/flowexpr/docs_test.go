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
