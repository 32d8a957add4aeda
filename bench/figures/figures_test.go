package figures_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/bench/figures"
)

func TestAdd(t *testing.T) {
	file := filepath.Join(t.TempDir(), "figures.json")
	none, err := figures.Read(file)
	require.NoError(t, err)
	assert.Empty(t, none)

	require.NoError(t, figures.Add(file, figures.Figures{"a": 1, "b": 2}))
	require.NoError(t, figures.Add(file, figures.Figures{"b": 3.5}))
	all, err := figures.Read(file)
	require.NoError(t, err)
	assert.Equal(t, figures.Figures{"a": 1, "b": 3.5}, all)

	require.NoError(t, os.WriteFile(file, []byte("no"), 0o600))
	require.ErrorContains(t, figures.Add(file, figures.Figures{"a": 1}), file)
}
