// Package containers holds the tests of Dockerfile and compose.yaml: what can be seen of them without an engine.
package containers

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"
)

const root = "../.."

// instruction is one of a Dockerfile, its lines joined.
type instruction struct{ name, rest string }

func dockerfile(t *testing.T) []instruction {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, "Dockerfile"))
	require.NoError(t, err)
	var list []instruction
	for line := range strings.SplitSeq(strings.ReplaceAll(string(data), "\\\n", " "), "\n") {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, rest, _ := strings.Cut(line, " ")
		list = append(list, instruction{name, rest})
	}
	return list
}

func TestDockerfile(t *testing.T) {
	stage := map[string]string{}
	for _, i := range dockerfile(t) {
		require.Contains(t, []string{"FROM", "WORKDIR", "COPY", "RUN", "ARG", "ENV", "VOLUME", "EXPOSE", "USER", "ENTRYPOINT", "CMD"}, i.name)
		if i.name == "FROM" {
			stage = map[string]string{}
			assert.NotContains(t, i.rest, ":latest")
			assert.Contains(t, i.rest, ":", "an image is named with its version")
		}
		stage[i.name] = i.rest
		if i.name == "COPY" && !strings.HasPrefix(i.rest, "--from") {
			files := strings.Fields(i.rest)
			for _, file := range files[:len(files)-1] {
				_, err := os.Stat(filepath.Join(root, file))
				assert.NoError(t, err)
			}
		}
	}
	assert.Equal(t, "gcr.io/distroless/static-debian12:nonroot", stage["FROM"], "the last stage has no shell")
	assert.NotContains(t, stage, "RUN", "the last stage has nothing that runs")
	assert.Equal(t, "65532:65532", stage["USER"])
	assert.Equal(t, "8090", stage["EXPOSE"])
	assert.True(t, strings.HasPrefix(stage["ENTRYPOINT"], "["), "no shell takes apart the command")
	assert.True(t, strings.HasPrefix(stage["CMD"], "["))
}

// The commands at the head of the compose file make the secrets that it names; the last one starts the engine that is not here.
func TestComposeHead(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(root, "compose.yaml"))
	require.NoError(t, err)
	var commands []string
	for line := range strings.Lines(string(data)) {
		if command, ok := strings.CutPrefix(line, "#   "); ok {
			commands = append(commands, strings.TrimSpace(command))
		}
	}
	last := len(commands) - 1
	require.Positive(t, last)
	assert.Equal(t, "docker compose up", commands[last])
	shell := exec.Command("bash", "-euc", "umask 022\n"+strings.Join(commands[:last], "\n"))
	shell.Dir = t.TempDir()
	output, err := shell.CombinedOutput()
	require.NoError(t, err, "%s", output)
	var file struct {
		Secrets map[string]struct{ File string }
	}
	require.NoError(t, yaml.Unmarshal(data, &file))
	for name, secret := range file.Secrets {
		info, err := os.Stat(filepath.Join(shell.Dir, secret.File))
		require.NoError(t, err, name)
		assert.Equal(t, os.FileMode(0o644), info.Mode().Perm(), "%s: containers read it as users of their own", name)
		assert.Positive(t, info.Size(), name)
	}
	var tokens []struct{ Token, Workspace, Role string }
	data, err = os.ReadFile(filepath.Join(shell.Dir, file.Secrets["tokens"].File))
	require.NoError(t, err)
	require.NoError(t, yaml.Unmarshal(data, &tokens))
	require.Len(t, tokens, 1)
	assert.Len(t, tokens[0].Token, 48)
	assert.Equal(t, []string{"default", "write"}, []string{tokens[0].Workspace, tokens[0].Role})
}

// service is what the test looks at of a service of the compose file.
type service struct {
	Image       string
	Build       string
	ReadOnly    bool     `yaml:"read_only"`
	CapDrop     []string `yaml:"cap_drop"`
	SecurityOpt []string `yaml:"security_opt"`
	Ports       []string
	Environment map[string]string
	Secrets     []string
	Volumes     []string
	DependsOn   map[string]struct{ Condition string } `yaml:"depends_on"`
	Healthcheck *struct{ Test []string }
}

func TestCompose(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(root, "compose.yaml"))
	require.NoError(t, err)
	var file struct {
		Services map[string]service
		Volumes  map[string]any
		Secrets  map[string]struct{ File string }
	}
	require.NoError(t, yaml.Unmarshal(data, &file))
	require.Len(t, file.Services, 3)
	used := map[string]bool{}
	for name, s := range file.Services {
		assert.True(t, s.ReadOnly, "%s: the root is read only", name)
		assert.Equal(t, []string{"ALL"}, s.CapDrop, name)
		assert.Equal(t, []string{"no-new-privileges:true"}, s.SecurityOpt, name)
		for _, port := range s.Ports {
			assert.True(t, strings.HasPrefix(port, "127.0.0.1:"), "%s: %s is open beyond this machine", name, port)
		}
		for key, value := range s.Environment {
			secret, isFile := strings.CutPrefix(value, "/run/secrets/")
			if isFile {
				assert.Contains(t, s.Secrets, secret, "%s: %s", name, key)
			}
			assert.False(t, strings.Contains(strings.ToLower(key), "password") && !isFile, "%s: a password stands in %s", name, key)
		}
		for _, secret := range s.Secrets {
			assert.Contains(t, file.Secrets, secret)
			used[secret] = true
		}
		for _, volume := range s.Volumes {
			source, _, _ := strings.Cut(volume, ":")
			assert.Contains(t, file.Volumes, source)
		}
		for dependency, on := range s.DependsOn {
			require.Contains(t, file.Services, dependency)
			if on.Condition == "service_healthy" {
				assert.NotNil(t, file.Services[dependency].Healthcheck, "%s waits for the health of %s", name, dependency)
			}
		}
		if s.Build == "" {
			assert.NotContains(t, s.Image, "latest")
			assert.Contains(t, s.Image, ":", "%s: an image is named with its version", name)
		}
	}
	assert.Len(t, used, len(file.Secrets), "each secret is used")
}
