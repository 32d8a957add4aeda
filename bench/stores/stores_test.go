package stores_test

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/bench/corpus"
	"github.com/flowexpr/flowexpr/bench/load"
	"github.com/flowexpr/flowexpr/bench/marked"
	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/transfer"
)

var (
	contacts = flag.Int("contacts", 300, "contacts in each store, at most 7 million")
	length   = flag.Duration("length", 50*time.Millisecond, "time for each measurement of reads")
	write    = flag.String("write", "", "file to put the table into, between its marks")
	only     = flag.String("only", "", "name of the one store to measure")
)

// callers are the numbers of callers at once.
var callers = []int{1, 64}

// result is one row of the table. Times are of reads by UUID and by URN, for each number of callers.
type result struct {
	name      string
	imported  time.Duration
	size      string
	get, find []load.Result
}

func TestStores(t *testing.T) {
	var results []result
	for _, s := range subjects() {
		if *only == "" || *only == s.name {
			t.Run(s.name, func(t *testing.T) { results = append(results, measure(t, s)) })
		}
	}
	if *only == "" || *only == bareName {
		results = append(results, bare(t)...)
	}
	text := fmt.Sprintf("%s, %s/%s, %d cores; %d contacts.\n\n%s",
		runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), *contacts, table(results))
	t.Log("\n" + text)
	if *write != "" {
		require.NoError(t, marked.Replace(*write, "stores", text))
	}
}

func measure(t *testing.T, s subject) result {
	store, size := s.open(t)
	r := result{name: s.name}
	started := time.Now()
	summary, err := transfer.Import(t.Context(), store, workspace, generated(*contacts), transfer.Options{})
	require.NoError(t, err)
	require.Equal(t, *contacts, summary.Added, "%v", summary.Problems)
	r.imported, r.size = time.Since(started), size()
	for _, n := range callers {
		r.get = append(r.get, reads(t, n, func(i int) (contactstore.UUID, error) {
			return idOf(store.Get(t.Context(), workspace, corpus.RegularUUID(i)))
		}))
		r.find = append(r.find, reads(t, n, func(i int) (contactstore.UUID, error) {
			urn, err := contactstore.ParseURN(corpus.RegularPhone(i))
			if err != nil {
				return contactstore.UUID{}, err
			}
			return idOf(store.Find(t.Context(), workspace, urn))
		}))
	}
	return r
}

const workspace = "default"

func idOf(r contactstore.Record, err error) (contactstore.UUID, error) {
	if err != nil {
		return contactstore.UUID{}, err
	}
	return r.UUID(), nil
}

// reads measures one kind of read, over all contacts in no order of the store's, and looks at what came.
func reads(t *testing.T, callers int, read func(i int) (contactstore.UUID, error)) load.Result {
	t.Helper()
	next := make([]int, callers*16) // a cache line for each
	one := func(caller int) error {
		n := &next[caller*16]
		*n += 7919 // a prime
		i := (*n + caller*104_729) % *contacts
		id, err := read(i)
		if err == nil && id != corpus.RegularUUID(i) {
			err = fmt.Errorf("got another contact than number %d", i)
		}
		return err
	}
	_ = load.Closed(t.Context(), callers, *length/10, one) // connections open, caches fill
	result := load.Closed(t.Context(), callers, *length, one)
	require.NoError(t, result.First)
	require.Positive(t, result.Calls)
	return result
}

// generated are the first regular contacts as JSON lines.
func generated(n int) io.Reader {
	r, w := io.Pipe()
	go func() {
		var lines bytes.Buffer
		for i := range n {
			lines.Write(bytes.ReplaceAll(corpus.Regular(i), []byte("\n"), nil))
			lines.WriteByte('\n')
			if lines.Len() > 1<<16 || i == n-1 {
				if _, err := lines.WriteTo(w); err != nil {
					return
				}
			}
		}
		_ = w.Close()
	}()
	return r
}

func table(results []result) string {
	var b strings.Builder
	b.WriteString("| store | import | contacts/s | takes up |")
	line := "|---|---|---|---|"
	for _, kind := range []string{"get", "find"} {
		for _, n := range callers {
			fmt.Fprintf(&b, " %s, %d: p50 / p99, reads/s |", kind, n)
			line += "---|"
		}
	}
	fmt.Fprintf(&b, "\n%s\n", line)
	for _, r := range results {
		imported, rate := "–", "–"
		if r.imported > 0 {
			imported, rate = r.imported.Round(100*time.Millisecond).String(), fmt.Sprintf("%.0f", float64(*contacts)/r.imported.Seconds())
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |", r.name, imported, rate, r.size)
		for i := range callers {
			b.WriteString(latency(r.get, i))
		}
		for i := range callers {
			b.WriteString(latency(r.find, i))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func latency(results []load.Result, i int) string {
	if i >= len(results) {
		return " – |"
	}
	r := results[i]
	return fmt.Sprintf(" %s / %s, %.0f |", short(r.Percentile(50)), short(r.Percentile(99)), r.Rate())
}

// short keeps three digits.
func short(d time.Duration) string {
	switch {
	case d < time.Microsecond:
		return fmt.Sprintf("%d ns", d.Nanoseconds())
	case d < time.Millisecond:
		return fmt.Sprintf("%.3g µs", float64(d)/1e3)
	}
	return fmt.Sprintf("%.3g ms", float64(d)/1e6)
}

func TestTable(t *testing.T) {
	got := table([]result{{name: "none", size: "1 MB", imported: 2 * time.Second}})
	assert.Equal(t, fmt.Sprintf("| none | 2s | %.0f | 1 MB | – | – | – | – |", float64(*contacts)/2), strings.Split(got, "\n")[2])
	assert.Equal(t, []string{"15 ns", "1.5 µs", "12.3 ms"}, []string{short(15), short(1500), short(12_345_678)})
}
