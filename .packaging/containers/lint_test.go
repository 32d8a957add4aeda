package containers

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Compose's own loader takes the file: its schema, and what refers to what.
func TestComposeLoads(t *testing.T) {
	options, err := cli.NewProjectOptions([]string{filepath.Join(root, "compose.yaml")}, cli.WithWorkingDirectory(root))
	require.NoError(t, err)
	project, err := options.LoadProject(t.Context())
	require.NoError(t, err)
	assert.ElementsMatch(t, []string{"flowexpr", "postgres", "redis"}, project.ServiceNames())
}

// The parser of docker build takes the Dockerfile, and its linter has nothing to say.
func TestDockerfileParses(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(root, "Dockerfile"))
	require.NoError(t, err)
	parsed, err := parser.Parse(bytes.NewReader(data))
	require.NoError(t, err)
	assert.Empty(t, parsed.Warnings)
	var findings []string
	lint := linter.New(&linter.Config{Warn: func(rule, _, _, message string, _ []parser.Range) {
		findings = append(findings, rule+": "+message)
	}})
	stages, _, err := instructions.Parse(parsed.AST, lint)
	require.NoError(t, err)
	assert.Len(t, stages, 2)
	assert.Empty(t, findings)
}
