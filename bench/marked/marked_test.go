package marked_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/bench/marked"
)

func TestReplace(t *testing.T) {
	file := filepath.Join(t.TempDir(), "README.md")
	require.NoError(t, os.WriteFile(file, []byte("before\n<!-- a: begin -->\nold\n<!-- a: end -->\n<!-- b: begin -->\n<!-- b: end -->\nafter\n"), 0o600))
	for range 2 { // what was written can be replaced again
		require.NoError(t, marked.Replace(file, "a", "new\n"))
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.Equal(t, "before\n<!-- a: begin -->\n\nnew\n\n<!-- a: end -->\n<!-- b: begin -->\n<!-- b: end -->\nafter\n", string(text))
	}
	assert.ErrorContains(t, marked.Replace(file, "c", "new\n"), "got no marks")
	assert.Error(t, marked.Replace(file+".not", "a", "new\n"))
}
