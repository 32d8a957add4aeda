package stores_test

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
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

// result is one row of the table: what it cost to import, and reads by UUID and by URN for each number of callers.
type result struct {
	name      string
	imported  time.Duration
	memory    uint64 // that the import needed at the most, bytes
	size      string
	get, find []latency
}

// latency is what reads took. The zero value was not measured.
type latency struct {
	p50, p99 time.Duration
	rate     float64 // a second
}

func TestStores(t *testing.T) {
	file := generated(t, *contacts)
	var results []result
	for _, s := range subjects() {
		if *only == "" || *only == s.name {
			t.Run(s.name, func(t *testing.T) { results = append(results, measure(t, s, file)...) })
		}
	}
	if *only == "" || *only == bareName {
		t.Run(bareName, func(t *testing.T) { results = append(results, bare(t)...) })
	}
	text := fmt.Sprintf("%s, %s/%s, %d cores; %d contacts.\n\n%s",
		runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), *contacts, table(results))
	t.Log("\n" + text)
	if *write != "" {
		require.NoError(t, marked.Replace(*write, "stores", text))
	}
}

// measure imports into a store and reads from it, and then by way of caches, if the subject has some, when they hold all.
func measure(t *testing.T, s subject, file string) []result {
	opened := s.open(t)
	r := result{name: s.name}
	r.imported, r.memory = imports(t, opened.store, file)
	r.size = opened.size()
	readsOf(t, opened.store, &r)
	if opened.cached == nil {
		return []result{r}
	}
	name, store, size := opened.cached()
	cached := result{name: name}
	ids := make([]contactstore.UUID, 0, 1000)
	for i := range *contacts {
		if ids = append(ids, corpus.RegularUUID(i)); len(ids) == cap(ids) || i == *contacts-1 {
			_, err := store.GetMany(t.Context(), workspace, ids)
			require.NoError(t, err)
			ids = ids[:0]
		}
	}
	cached.size = size()
	readsOf(t, store, &cached)
	return []result{r, cached}
}

// imports imports a file and gives the time and the memory that it took.
func imports(t *testing.T, store contactstore.Store, file string) (took time.Duration, memory uint64) {
	t.Helper()
	lines, err := os.Open(file)
	require.NoError(t, err)
	defer lines.Close()
	runtime.GC()
	before := heap()
	peak, stop := make(chan uint64), make(chan struct{})
	go func() {
		most := before
		for {
			select {
			case <-stop:
				peak <- most
				return
			case <-time.After(20 * time.Millisecond):
				most = max(most, heap())
			}
		}
	}()
	begun := time.Now()
	summary, err := transfer.Import(t.Context(), store, workspace, lines, transfer.Options{})
	took = time.Since(begun)
	close(stop)
	memory = <-peak - before
	require.NoError(t, err)
	require.Equal(t, *contacts, summary.Added, "%v", summary.Problems)
	return took, memory
}

// heap is what objects take up, in bytes, those that are not yet collected too.
func heap() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

func readsOf(t *testing.T, store contactstore.Store, r *result) {
	t.Helper()
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
}

const workspace = "default"

func idOf(r contactstore.Record, err error) (contactstore.UUID, error) {
	if err != nil {
		return contactstore.UUID{}, err
	}
	return r.UUID(), nil
}

// reads measures one kind of read, over all contacts in no order of the store's, and looks at what came.
func reads(t *testing.T, callers int, read func(i int) (contactstore.UUID, error)) latency {
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
	return latency{result.Percentile(50), result.Percentile(99), result.Rate()}
}

// generated makes a file of the first regular contacts, as JSON lines.
func generated(t *testing.T, n int) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "contacts.jsonl")
	file, err := os.Create(path)
	require.NoError(t, err)
	defer file.Close()
	lines := bufio.NewWriterSize(file, 1<<20)
	for i := range n {
		_, _ = lines.Write(bytes.ReplaceAll(corpus.Regular(i), []byte("\n"), nil)) // an error comes again
		require.NoError(t, lines.WriteByte('\n'))
	}
	require.NoError(t, lines.Flush())
	return path
}

func table(results []result) string {
	var b strings.Builder
	b.WriteString("| store | import | contacts/s | memory of the import | takes up |")
	line := "|---|---|---|---|---|"
	for _, kind := range []string{"get", "find"} {
		for _, n := range callers {
			fmt.Fprintf(&b, " %s, %d: p50 / p99, reads/s |", kind, n)
			line += "---|"
		}
	}
	fmt.Fprintf(&b, "\n%s\n", line)
	for _, r := range results {
		imported, rate, memory := "–", "–", "–"
		if r.imported > 0 {
			imported, rate = r.imported.Round(100*time.Millisecond).String(), fmt.Sprintf("%.0f", float64(*contacts)/r.imported.Seconds())
			memory = megabytes(r.memory)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |", r.name, imported, rate, memory, r.size)
		for _, all := range [][]latency{r.get, r.find} {
			for i := range callers {
				b.WriteString(cell(all, i))
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func cell(all []latency, i int) string {
	if i >= len(all) || all[i] == (latency{}) {
		return " – |"
	}
	return fmt.Sprintf(" %s / %s, %.0f |", short(all[i].p50), short(all[i].p99), all[i].rate)
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

func megabytes(bytes uint64) string { return fmt.Sprintf("%.1f MB", float64(bytes)/1e6) }

func TestTable(t *testing.T) {
	got := table([]result{{name: "none", size: "1 MB", imported: 2 * time.Second, memory: 3e6, get: []latency{{}, {15, 1500, 7}}}})
	assert.Equal(t, fmt.Sprintf("| none | 2s | %.0f | 3.0 MB | 1 MB | – | 15 ns / 1.5 µs, 7 | – | – |", float64(*contacts)/2), strings.Split(got, "\n")[2])
	assert.Equal(t, []string{"15 ns", "1.5 µs", "12.3 ms"}, []string{short(15), short(1500), short(12_345_678)})
}
