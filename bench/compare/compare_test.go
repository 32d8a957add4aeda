package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseLine(t *testing.T) {
	tests := []struct {
		name, line string
		key        key
		sample     sample
		ok         bool
	}{
		{"a measurement", "BenchmarkTemplates/T4/expr \t  1000\t  61.20 ns/op\t  64 B/op\t  4 allocs/op", key{"T4", "expr"}, sample{61.2, 64, 4}, true},
		{"a heading", "goos: linux", key{}, sample{}, false},
		{"the end", "PASS", key{}, sample{}, false},
		{"another benchmark", "BenchmarkOther \t 1 \t 2 ns/op \t 0 B/op \t 0 allocs/op", key{}, sample{}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			k, s, ok := parseLine(test.line)
			assert.Equal(t, test.ok, ok)
			assert.Equal(t, test.key, k)
			assert.Equal(t, test.sample, s)
		})
	}
}

func TestTables(t *testing.T) {
	m := measurements{
		{"T4", "limit"}:    {{30, 0, 0}, {10, 0, 0}, {20, 0, 0}},
		{"T4", "flowexpr"}: {{50, 0, 0}},
		{"TX", "flowexpr"}: {{300.4, 64, 4}},
	}
	want := `| system | T0 | T1 | T4 | TX | T4 B / allocs | TX B / allocs |
|---|---|---|---|---|---|---|
| hand-coded appends over resolved fields: the limit | – | – | 20 | – | 0 / 0 | – |
| hand-written segments that scan the URN list: the dynamic limit | – | – | – | – | – | – |
| **flowexpr**, from an encoded record | – | – | 50 | 300 | 0 / 0 | 64 / 4 |
| fasttemplate (no semantics at all) | – | – | – | – | – | – |
| expr, one program a block, map environment | – | – | – | – | – | – |

| flowexpr takes, times | T0 | T1 | T4 | TX |
|---|---|---|---|---|
| hand-coded appends over resolved fields: the limit | – | – | 2.50 | – |
| hand-written segments that scan the URN list: the dynamic limit | – | – | – | – |
| fasttemplate (no semantics at all) | – | – | – | – |
| expr, one program a block, map environment | – | – | – | – |
`
	assert.Equal(t, want, m.tables())
}

func TestReplaceMarked(t *testing.T) {
	file := filepath.Join(t.TempDir(), "README.md")
	require.NoError(t, os.WriteFile(file, []byte("before\n"+beginMark+"old\n"+endMark+"after\n"), 0o600))
	for range 2 { // what was written can be replaced again
		require.NoError(t, replaceMarked(file, "new\n"))
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.Equal(t, "before\n"+beginMark+"\nnew\n\n"+endMark+"after\n", string(text))
	}
	require.NoError(t, os.WriteFile(file, []byte("no marks"), 0o600))
	assert.ErrorContains(t, replaceMarked(file, "new\n"), "got no marks")
}
