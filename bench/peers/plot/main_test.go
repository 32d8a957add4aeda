package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot/plotter"
)

func TestRun(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "growth.csv")
	require.NoError(t, os.WriteFile(file, []byte("series,size,ns,bytes,allocations\nfields,1,10,0,0\nfields,10,40.5,0,0\nconnections,1,41,8,1\n"), 0o600))
	unit, series, err := read(file)
	require.NoError(t, err)
	assert.Equal(t, "ns", unit)
	assert.Equal(t, map[string]plotter.XYs{"fields": {{X: 1, Y: 10}, {X: 10, Y: 40.5}}, "connections": {{X: 1, Y: 41}}}, series)
	require.NoError(t, run(file, folder))
	for _, name := range []string{"fields.svg", "connections.svg"} {
		text, err := os.ReadFile(filepath.Join(folder, name))
		require.NoError(t, err)
		assert.Contains(t, string(text), "<svg ")
	}
}

func TestRunRefuses(t *testing.T) {
	folder := t.TempDir()
	for name, text := range map[string]string{
		"empty": "", "no rows": "series,size,ns,bytes,allocations\n", "other columns": "a,b,c,d,e\n1,2,3,4,5\n",
		"no number": "series,size,ns,bytes,allocations\nfields,x,10,0,0\n",
	} {
		file := filepath.Join(folder, name)
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		assert.ErrorContains(t, run(file, folder), name, name)
	}
	assert.Error(t, run(filepath.Join(folder, "not there"), folder))
}

func TestInProportion(t *testing.T) {
	assert.Equal(t, plotter.XYs{{X: 1, Y: 5}, {X: 10, Y: 50}}, inProportion(plotter.XYs{{X: 1, Y: 40}, {X: 10, Y: 50}}))
}
