package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/bench/figures"
)

func TestTable(t *testing.T) {
	list := []target{
		{what: "a ratio", figure: "a", limit: 2},
		{what: "another", figure: "b", limit: 2},
		{what: "a rate", figure: "c", atLeast: true, limit: 300_000},
		{what: "another rate", figure: "d", atLeast: true, limit: 0.85},
		{what: "nobody knows", figure: "e"},
	}
	want := `| target | limit | measured | |
|---|---|---|---|
| a ratio | at most 2 | 2 | met |
| another | at most 2 | 2.01 | **missed** |
| a rate | at least 300000 | 299999 | **missed** |
| another rate | at least 0.85 | 0.9 | met |
| nobody knows | at most 0 | – | not measured |
`
	assert.Equal(t, want, table(list, figures.Figures{"a": 2, "b": 2.01, "c": 299_999, "d": 0.9}))
}

func TestRun(t *testing.T) {
	folder := t.TempDir()
	file, readme := filepath.Join(folder, "figures.json"), filepath.Join(folder, "README.md")
	require.NoError(t, figures.Add(file, figures.Figures{"T4/segments": 1.5}))
	require.NoError(t, os.WriteFile(readme, []byte("<!-- targets: begin -->\n<!-- targets: end -->\n"), 0o600))
	var out bytes.Buffer
	require.NoError(t, run(&out, file, readme))
	assert.Contains(t, out.String(), "| T4 from a record: CPU time, times the hand-coded segments | at most 2 | 1.5 | met |")
	written, err := os.ReadFile(readme)
	require.NoError(t, err)
	assert.Contains(t, string(written), out.String())
}
