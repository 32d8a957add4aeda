package transfer_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/embedded"
	"github.com/flowexpr/flowexpr/contactstore/memstore"
	"github.com/flowexpr/flowexpr/contactstore/redisstore"
	"github.com/flowexpr/flowexpr/contactstore/redisstore/redistest"
	"github.com/flowexpr/flowexpr/contactstore/transfer"
)

// generated is the file of n contacts like those of the demo: random UUIDs, four connections, a group, three fields.
func generated(n int) []byte {
	random := rand.New(rand.NewSource(1))
	var out bytes.Buffer
	for i := range n {
		id, _ := uuid.NewRandomFromReader(random)
		fmt.Fprintf(&out, `{"uuid":"%s","name":"Jane Doe %d","language":"eng","status":"active","timezone":"America/Los_Angeles","created_on":"2026-01-15T09:30:00Z",`+
			`"urns":["tel:+1323%07d","twitter:janedoe%d","mailto:jane.doe%d@example.org","tel:+44790%07d"],`+
			`"groups":[{"uuid":"b7cf0d83-f1c9-411c-96fd-c511a4cfa86d","name":"Testers"}],`+
			`"fields":{"age":%d,"city":"Los Angeles","joined":"2024-03-02T00:00:00Z"}}`+"\n",
			id, i, 2000000+i, i, i, i, 18+i%60)
	}
	return out.Bytes()
}

// stores are those an import is measured with.
func stores(b *testing.B) map[string]func() contactstore.Store {
	return map[string]func() contactstore.Store{
		"memory": func() contactstore.Store { return memstore.New() },
		"embedded": func() contactstore.Store {
			s, err := embedded.Open(b.TempDir(), embedded.Options{})
			require.NoError(b, err)
			return s
		},
		"redis": func() contactstore.Store {
			s, err := redisstore.Open(ctx, redistest.Start(b).URL(), redisstore.Options{})
			require.NoError(b, err)
			return s
		},
	}
}

const benchmarked = 100_000

// BenchmarkImport imports 100,000 contacts into an empty store, then the same file again, and exports them; each operation is the whole file.
func BenchmarkImport(b *testing.B) {
	text := generated(benchmarked)
	for name, open := range stores(b) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				b.StopTimer()
				s := open()
				b.StartTimer()
				summary, err := transfer.Import(ctx, s, workspace, bytes.NewReader(text), transfer.Options{})
				b.StopTimer()
				require.NoError(b, err)
				require.Equal(b, benchmarked, summary.Added, summary.Problems)
				require.NoError(b, s.Close())
				b.StartTimer()
			}
		})
	}
}

// BenchmarkAgain imports 100,000 contacts that the store has already, and exports them.
func BenchmarkAgain(b *testing.B) {
	text := generated(benchmarked)
	for name, open := range stores(b) {
		s := open()
		_, err := transfer.Import(ctx, s, workspace, bytes.NewReader(text), transfer.Options{})
		require.NoError(b, err)
		b.Run(name+"/import", func(b *testing.B) {
			for b.Loop() {
				summary, err := transfer.Import(ctx, s, workspace, bytes.NewReader(text), transfer.Options{})
				require.NoError(b, err)
				require.Equal(b, benchmarked, summary.Unchanged)
			}
		})
		b.Run(name+"/strict", func(b *testing.B) {
			for b.Loop() {
				summary, err := transfer.Import(ctx, s, workspace, bytes.NewReader(text), transfer.Options{Strict: true})
				require.NoError(b, err)
				require.Equal(b, benchmarked, summary.Unchanged)
			}
		})
		b.Run(name+"/export", func(b *testing.B) {
			for b.Loop() {
				summary, err := transfer.Export(ctx, s, workspace, io.Discard, transfer.Options{})
				require.NoError(b, err)
				require.Equal(b, benchmarked, summary.Exported)
			}
		})
		require.NoError(b, s.Close())
	}
}

// BenchmarkFormats imports the same 100,000 contacts from each format into an empty store in memory.
func BenchmarkFormats(b *testing.B) {
	lines := generated(benchmarked)
	s := memstore.New()
	_, err := transfer.Import(ctx, s, workspace, bytes.NewReader(lines), transfer.Options{})
	require.NoError(b, err)
	page := append([]byte(`{"next":null,"results":[`), bytes.ReplaceAll(bytes.TrimSpace(lines), []byte("\n"), []byte(",\n"))...)
	for _, file := range []struct {
		format transfer.Format
		text   []byte
	}{
		{transfer.Lines, lines},
		{transfer.CSV, []byte(exportCSV(b, s, transfer.Options{}))},
		{transfer.RapidPro, append(page, "]}\n"...)},
	} {
		b.Run(string(file.format), func(b *testing.B) {
			b.SetBytes(int64(len(file.text)))
			for b.Loop() {
				summary, err := transfer.Import(ctx, memstore.New(), workspace, bytes.NewReader(file.text), transfer.Options{})
				require.NoError(b, err)
				require.Equal(b, benchmarked, summary.Added, summary.Problems)
			}
			b.ReportMetric(benchmarked*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
