package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/bench/corpus"
	"github.com/flowexpr/flowexpr/contactstore/memstore"
	"github.com/flowexpr/flowexpr/engine"
)

// bench runs the command and gives its output.
func bench(t *testing.T, args ...string) (status int, out, err string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	status = run(t.Context(), append([]string{"bench", "--time", "30ms", "--callers", "2", "--contacts", "20"}, args...), streams{strings.NewReader(""), &stdout, &stderr})
	return status, stdout.String(), stderr.String()
}

func TestBench(t *testing.T) {
	for name, args := range map[string][]string{
		"closed loop":  {"--sample", "--json"},
		"open loop":    {"--sample", "--json", "--rate", "2000"},
		"own template": {"--sample", "--json", "Hi @(upper(contact.name))"},
	} {
		t.Run(name, func(t *testing.T) {
			status, out, err := bench(t, args...)
			require.Equal(t, 0, status, err)
			var rows []benched
			require.NoError(t, json.Unmarshal([]byte(out), &rows))
			require.Len(t, rows, 3)
			for i, path := range []string{"in this process", "with the store", "over HTTP"} {
				assert.Equal(t, path, rows[i].Path)
				assert.Positive(t, rows[i].Rate)
				assert.LessOrEqual(t, rows[i].P50, rows[i].P99)
				assert.LessOrEqual(t, rows[i].P99, rows[i].Max)
				assert.NotNil(t, rows[i].Allocs)
			}
		})
	}
}

func TestBenchTable(t *testing.T) {
	status, out, err := bench(t, "--sample")
	require.Equal(t, 0, status, err)
	assert.Contains(t, out, "20 contacts, made up, in memory; go")
	assert.Contains(t, out, "evaluations/s")
	assert.Contains(t, out, "over HTTP")
}

func TestBenchOfAService(t *testing.T) {
	store := memstore.New()
	require.NoError(t, corpus.Fill(t.Context(), "default", 0, 7, store))
	b := &hotPath{command: &benchCommand{Template: "x"}, store: store, name: "default"}
	eng, err := engine.New(engine.Options{})
	require.NoError(t, err)
	stop, err := b.serve(t.Context(), eng)
	require.NoError(t, err)
	defer stop()

	status, out, stderr := bench(t, "--url", b.address, "--json")
	require.Equal(t, 0, status, stderr)
	var rows []benched
	require.NoError(t, json.Unmarshal([]byte(out), &rows))
	require.Len(t, rows, 1)
	assert.Equal(t, "over HTTP", rows[0].Path)

	status, out, _ = bench(t, "--url", b.address)
	assert.Equal(t, 0, status)
	assert.Contains(t, out, "7 contacts, the service at "+b.address)
}

func TestBenchRefuses(t *testing.T) {
	empty := t.TempDir()
	for _, c := range []struct {
		name   string
		args   []string
		status int
		want   string
	}{
		{"no contacts", []string{"--data", empty}, 1, "the store has no contacts to evaluate for: import some, or use --sample"},
		{"no callers", []string{"--sample", "--callers", "0"}, 2, "--callers: got 0, want 1 to 10000"},
		{"too many contacts", []string{"--sample", "--contacts", "1000001"}, 2, "--contacts: got 1000001, want 1 to 1000000"},
		{"no time", []string{"--sample", "--time", "0s"}, 2, "--time and --rate must be more than 0"},
		{"sample of a service", []string{"--sample", "--url", "http://127.0.0.1:1"}, 2, "--sample does not go with --url"},
		{"no service", []string{"--url", "http://127.0.0.1:1"}, 1, "the service at http://127.0.0.1:1 does not answer"},
		{"a template beyond the limit", []string{"--sample", strings.Repeat("x", 1<<20)}, 1, "more than the limit"},
	} {
		t.Run(c.name, func(t *testing.T) {
			status, out, err := bench(t, c.args...)
			assert.Equal(t, c.status, status)
			assert.Empty(t, out)
			assert.Contains(t, err, c.want)
		})
	}
}

func TestShort(t *testing.T) {
	for ns, want := range map[int64]string{5: "5 ns", 1500: "1.5 µs", 12345: "12.3 µs", 8_160_000: "8.16 ms", 921_000_000: "921 ms", 999_700: "1 ms", 999_700_000: "1 s", 1_240_000_000: "1.24 s"} {
		assert.Equal(t, want, short(&ns))
	}
	assert.Equal(t, "–", short(nil))
}
