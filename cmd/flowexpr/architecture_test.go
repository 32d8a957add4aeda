package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const module = "github.com/flowexpr/flowexpr"

// arrows says which packages of ours a package may import: cmd → server → engine → vars → contactstore, and nothing
// back. Folders end in /…; the first entry that fits a package holds for it.
var arrows = []struct {
	from string
	to   []string
}{
	{"cmd/flowexpr", []string{"server/…", "engine/…", "vars", "contactstore/…", "cmd/…", "bench/corpus", "bench/cputime", "bench/load"}},
	{"server/jsontext", nil},
	{"server/metrics", nil},
	{"server/apidoc", nil},
	{"server/broadcast", []string{"server/jsontext", "engine", "engine/diag", "engine/sms", "vars", "contactstore"}},
	{"server/…", []string{"server/…", "engine", "engine/diag", "engine/funcs", "engine/sms", "engine/syntax/…", "vars", "contactstore"}},
	{"engine", []string{"engine/…", "vars"}},
	{"engine/funcs", []string{"engine/value", "contactstore"}},
	{"engine/syntax/…", []string{"engine/syntax/…", "engine/diag"}},
	{"engine/value", nil},
	{"engine/diag", nil},
	{"engine/sms", nil},
	{"vars", []string{"contactstore"}},
	{"contactstore", nil},
	{"contactstore/redisstore/redistest", nil},
	{"contactstore/pgstore/pgtest", nil},
	{"contactstore/tiered", []string{"contactstore", "contactstore/tiered/rediscache"}},
	{"contactstore/…", []string{"contactstore"}},
	{"bench/…", []string{"…"}},
}

// owners says which packages of others belong to one place of ours: a driver to its store, HTTP to the server.
var owners = []struct {
	imported string
	by       []string
}{
	{"github.com/expr-lang/expr", []string{"engine"}},
	{"github.com/redis/go-redis", []string{"contactstore/redisstore/…", "contactstore/rediswatch", "contactstore/tiered/rediscache"}},
	{"go.etcd.io/bbolt", []string{"contactstore/embedded"}},
	{"github.com/jackc/pgx", []string{"contactstore/pgstore/…"}},
	{"github.com/pressly/goose", []string{"contactstore/pgstore"}},
	{"github.com/valyala/fasthttp", []string{"server/…", "cmd/flowexpr"}},
	{"github.com/prometheus", []string{"server/metrics"}},
	{"go.opentelemetry.io/otel", []string{"server", "cmd/flowexpr"}},
	{"github.com/lmittmann/tint", []string{"cmd/flowexpr"}},
	{"github.com/alecthomas/kong", []string{"cmd/flowexpr"}},
}

func TestImportsFollowTheArrows(t *testing.T) {
	for _, p := range packages(t, "./...") {
		allowed, known := arrowsFrom(p.name())
		if !assert.True(t, known, "%s has no arrows: give it an entry in arrows", p.name()) {
			continue
		}
		for _, imported := range p.Imports {
			if name, ours := strings.CutPrefix(imported, module+"/"); ours {
				assert.True(t, fits(name, allowed), "%s imports %s", p.name(), name)
			}
		}
	}
}

func TestLibrariesStayInTheirPlace(t *testing.T) {
	for _, p := range packages(t, "./...") {
		for _, owner := range owners {
			if strings.HasPrefix(p.name(), "bench") || fits(p.name(), owner.by) {
				continue
			}
			for _, imported := range p.Imports {
				assert.False(t, under(imported, owner.imported), "%s imports %s", p.name(), imported)
			}
		}
	}
}

// What the evaluation needs must stay usable in programs that have no server: not even by way of others.
func TestEngineCarriesNoServerAndNoStore(t *testing.T) {
	for _, p := range packages(t, "./engine/...", "./vars", "./contactstore") {
		for _, dependency := range p.Deps {
			for _, foreign := range []string{"github.com/valyala/fasthttp", "github.com/prometheus", "go.opentelemetry.io/otel", "github.com/lmittmann/tint", "github.com/redis/go-redis", "go.etcd.io/bbolt"} {
				assert.False(t, under(dependency, foreign), "%s depends on %s", p.name(), dependency)
			}
		}
	}
}

func TestLoggersStayAboveTheEngine(t *testing.T) {
	for _, p := range packages(t, "./engine/...", "./vars", "./contactstore") {
		assert.NotContains(t, p.Imports, "log", p.name())
		assert.NotContains(t, p.Imports, "log/slog", p.name())
	}
}

func TestFewFilesOfTheEngineImportExpr(t *testing.T) {
	files, err := filepath.Glob("../../engine/*.go")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	var importing []string
	for _, file := range files {
		if slices.ContainsFunc(importsOf(t, file), func(path string) bool { return under(path, "github.com/expr-lang/expr") }) {
			importing = append(importing, filepath.Base(file))
		}
	}
	assert.Subset(t, []string{"lower.go", "operations.go", "program.go", "run.go"}, importing)
}

// listed is what go list says of a package.
type listed struct {
	ImportPath string
	Imports    []string
	Deps       []string
}

// name is the package's folder in the repository.
func (p listed) name() string { return strings.TrimPrefix(p.ImportPath, module+"/") }

func packages(t *testing.T, patterns ...string) []listed {
	t.Helper()
	command := exec.Command("go", append([]string{"list", "-json=ImportPath,Imports,Deps"}, patterns...)...)
	command.Dir = filepath.Join("..", "..")
	output, err := command.Output()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		t.Fatalf("go list: %s", failed.Stderr)
	}
	require.NoError(t, err)
	var all []listed
	for decoder := json.NewDecoder(bytes.NewReader(output)); decoder.More(); {
		var p listed
		require.NoError(t, decoder.Decode(&p))
		all = append(all, p)
	}
	require.NotEmpty(t, all)
	return all
}

func importsOf(t *testing.T, file string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	require.NoError(t, err)
	var paths []string
	for _, spec := range parsed.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		require.NoError(t, err)
		paths = append(paths, path)
	}
	return paths
}

func arrowsFrom(name string) (allowed []string, known bool) {
	for _, arrow := range arrows {
		if fits(name, []string{arrow.from}) {
			return arrow.to, true
		}
	}
	return nil, false
}

// fits reports whether a package is one of those that patterns name.
func fits(name string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		folder, whole := strings.CutSuffix(pattern, "…")
		folder = strings.TrimSuffix(folder, "/")
		return name == folder || whole && (folder == "" || strings.HasPrefix(name, folder+"/"))
	})
}

// under reports whether an import path is a library or a package in it.
func under(path, library string) bool { return path == library || strings.HasPrefix(path, library+"/") }
