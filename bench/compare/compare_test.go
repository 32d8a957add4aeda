package main

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/bench/figures"
)

func TestParseLine(t *testing.T) {
	tests := []struct {
		name, line string
		key        key
		sample     sample
		ok         bool
	}{
		{"a measurement", "BenchmarkTemplates/T4/expr \t  1000\t  61.20 ns/op\t  64 B/op\t  4 allocs/op", key{"T4", "expr"}, sample{61.2, 64, 4}, true},
		{"CPU time", "BenchmarkTemplates/T4/expr \t  1000\t  61.20 ns/op\t  50.5 cpu-ns/op\t  64 B/op\t  4 allocs/op", key{"T4", "expr"}, sample{50.5, 64, 4}, true},
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
		{"T4", "flowexpr"}: {{45, 0, 0}, {50, 0, 0}, {50, 0, 0}},
		{"TX", "flowexpr"}: {{300.4, 64, 4}},
	}
	want := `| system | T0 | T1 | T4 | TX | T4 B / allocs | TX B / allocs |
|---|---|---|---|---|---|---|
| hand-coded appends over resolved fields: the limit (T0: copying the bytes) | – | – | 20 | – | 0 / 0 | – |
| hand-written segments that scan the URN list: the dynamic limit | – | – | – | – | – | – |
| **flowexpr**, from an encoded record | – | – | 50 | 300 | 0 / 0 | 64 / 4 |
| fasttemplate (no semantics at all) | – | – | – | – | – | – |
| expr, one program a block, map environment | – | – | – | – | – | – |
| cel-go, one program a block, map environment | – | – | – | – | – | – |
| text/template, maps | – | – | – | – | – | – |
| liquid (osteele), maps | – | – | – | – | – | – |

| flowexpr takes, times | T0 | T1 | T4 | TX |
|---|---|---|---|---|
| hand-coded appends over resolved fields: the limit (T0: copying the bytes) | – | – | 2.50 | – |
| hand-written segments that scan the URN list: the dynamic limit | – | – | – | – |
| fasttemplate (no semantics at all) | – | – | – | – |
| expr, one program a block, map environment | – | – | – | – |
| cel-go, one program a block, map environment | – | – | – | – |
| text/template, maps | – | – | – | – |
| liquid (osteele), maps | – | – | – | – |
`
	assert.Equal(t, want, m.tables())
}

func TestTargeted(t *testing.T) {
	m := measurements{
		{"TX", "expr"}:     {{100, 88, 7}, {200, 88, 7}, {100, 88, 7}},
		{"TX", "flowexpr"}: {{80, 8, 1}, {140, 8, 1}, {90, 8, 1}},
	}
	assert.Equal(t, figures.Figures{"TX/allocations": 1, "TX/allocations per expression": 1.0 / 3, "TX/expr": 0.8}, m.targeted())
}

func TestRecorded(t *testing.T) {
	m := measurements{
		{"T4", "limit"}:    {{30, 0, 0}, {20, 0, 0}},
		{"T4", "flowexpr"}: {{50, 0, 0}},
		{"TX", "expr"}:     {{400, 88, 7}},
		{"TX", "flowexpr"}: {{300, 8, 1}},
	}
	f := m.recordable()
	assert.Equal(t, recorded{Allocations: map[string]int{"T4": 0, "TX": 1}, Ratios: map[string]float64{"T4/limit": 2.5, "TX/expr": 0.75}}, f)
	file := filepath.Join(t.TempDir(), "recorded.json")
	require.NoError(t, f.write(file))
	require.NoError(t, f.check(file))

	m[key{"T4", "flowexpr"}] = []sample{{90, 0, 0}, {100, 0, 0}}
	m[key{"TX", "flowexpr"}] = []sample{{401, 16, 2}}
	assert.EqualError(t, m.recordable().check(file), "TX allocates 2 times, recorded are 1\nT4/limit takes 4.50 times as long, recorded are 2.50 and at most 4.38 is noise")
	delete(m, key{"TX", "expr"})
	assert.ErrorContains(t, m.recordable().check(file), "TX/expr takes 0.00 times as long", "what is not measured is no success")
	assert.Error(t, m.recordable().check(file+".not"))
}

func TestGrowth(t *testing.T) {
	m := measurements{
		{"fields", "100"}:    {{49.83, 0, 0}, {70, 0, 0}, {40, 0, 0}},
		{"fields", "10"}:     {{40, 0, 0}},
		{"connections", "1"}: {{41, 8, 1}},
	}
	assert.Equal(t, "series,size,ns,bytes,allocations\nconnections,1,41.0,8,1\nfields,10,40.0,0,0\nfields,100,49.8,0,0\n", string(m.growth()))
}
