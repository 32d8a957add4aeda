package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// conformanceFolder names the environment variable of the folder that holds a reference engine's answers.
const conformanceFolder = "FLOWEXPR_CONFORMANCE"

// TestConformance runs every file of cases in the folder. Without the folder there is nothing to run: the cases of
// testdata, which TestCases runs, are always here.
func TestConformance(t *testing.T) {
	folder := os.Getenv(conformanceFolder)
	if folder == "" {
		t.Log(conformanceFolder + " is not set: no cases to run")
		return
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.jsonl"))
	require.NoError(t, err)
	require.NotEmpty(t, files, "files of cases in %s", folder)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) { passes(t, "test", file) })
	}
}

// TestCases runs the cases of this repository.
func TestCases(t *testing.T) {
	for _, pattern := range []string{"testdata/*.jsonl", "testdata/*.yaml"} {
		files, err := filepath.Glob(pattern)
		require.NoError(t, err)
		require.NotEmpty(t, files)
		for _, file := range files {
			t.Run(filepath.Base(file), func(t *testing.T) { passes(t, "test", file) })
		}
	}
}

// passes runs a command that must succeed and say nothing but its result.
func passes(t *testing.T, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	status := run(context.Background(), args, streams{bytes.NewReader(nil), &out, &errs})
	assert.Equal(t, statusDone, status, "%s%s", out.String(), errs.String())
	return out.String()
}
