package bench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/bench/beside"
	"github.com/flowexpr/flowexpr/bench/corpus"
	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/embedded"
	"github.com/flowexpr/flowexpr/contactstore/memstore"
	"github.com/flowexpr/flowexpr/engine"
	"github.com/flowexpr/flowexpr/vars"
)

// BenchmarkGrowth is what one evaluation, or one contact of a read, costs as something else grows: SERIES/SIZE.
func BenchmarkGrowth(b *testing.B) {
	for _, n := range []int{1, 4, 16, 64, 256} {
		source := strings.Repeat("Your number is @contact.urn. ", n)
		b.Run(fmt.Sprintf("template-bytes/%d", len(source)), evaluation(b, source, corpus.Contact))
	}
	for _, n := range []int{1, 10, 50} {
		urns := make([]string, n)
		for i := range urns {
			urns[i] = fmt.Sprintf(`"tel:+1323%07d"`, 2_000_000+i)
		}
		urns[n-1] = `"mailto:jane.doe@example.org"` // the last one is the one that is looked for
		contact := `{"uuid":"5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f","urns":[` + strings.Join(urns, ",") + `]}`
		b.Run(fmt.Sprintf("connections/%d", n), evaluation(b, "@urns.mailto", contact))
	}
	for _, n := range []int{1, 10, 100, 1000} {
		fields := make([]string, n)
		for i := range fields {
			fields[i] = fmt.Sprintf(`"field_%04d":"value"`, i)
		}
		contact := `{"uuid":"5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f","urns":[],"fields":{` + strings.Join(fields, ",") + `}}`
		b.Run(fmt.Sprintf("fields/%d", n), evaluation(b, fmt.Sprintf("@fields.field_%04d", n-1), contact))
	}
	for i, n := range sizes {
		b.Run(fmt.Sprintf("memory-contacts/%d", n), get(filled(b)[i].memory, n))
		b.Run(fmt.Sprintf("embedded-contacts/%d", n), get(filled(b)[i].file, n))
	}
	for _, size := range []int{1, 10, 100, 1000} {
		b.Run(fmt.Sprintf("embedded-batch/%d", size), getMany(filled(b)[len(sizes)-1].file, sizes[len(sizes)-1], size))
	}
}

// sizes are numbers of contacts in a store.
var sizes = []int{1_000, 10_000, 100_000, 1_000_000}

// pair are two stores of as many contacts.
type pair struct {
	memory *memstore.Store
	file   *embedded.Store
}

// folder holds the files of stores; stores are those that were filled: once, however often the benchmarks are run.
var (
	folder string
	stores []pair
)

func TestMain(m *testing.M) {
	os.Exit(inFolder(m))
}

func inFolder(m *testing.M) int {
	var err error
	if folder, err = os.MkdirTemp("", "flowexpr-growth-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(folder)
	return m.Run()
}

func filled(b *testing.B) []pair {
	b.Helper()
	for len(stores) < len(sizes) {
		n := sizes[len(stores)]
		file, err := embedded.Open(filepath.Join(folder, strconv.Itoa(n)), embedded.Options{})
		require.NoError(b, err)
		both := pair{memstore.New(), file}
		require.NoError(b, corpus.Fill(b.Context(), "default", 0, n, both.memory, both.file))
		for _, err := range contactstore.All(b.Context(), file, "default", contactstore.UUID{}, 1000) { // all pages are in memory then
			require.NoError(b, err)
		}
		stores = append(stores, both)
	}
	return stores
}

// evaluation is one template for one contact.
func evaluation(b *testing.B, source, contact string) func(b *testing.B) {
	b.Helper()
	eng, err := engine.New(engine.Options{})
	require.NoError(b, err)
	template, err := eng.Template(source, vars.Roots{})
	require.NoError(b, err)
	workspace, err := vars.NewWorkspace(contactstore.DefaultSettings())
	require.NoError(b, err)
	scope := &vars.Scope{Workspace: workspace, Contact: encode(b, contact)}
	return func(b *testing.B) {
		warnings := &engine.Warnings{}
		buffer := template.Append(nil, scope, warnings)
		require.Empty(b, warnings.List)
		b.ReportAllocs()
		report := beside.CPUTime(b)
		for b.Loop() {
			buffer = template.Append(buffer[:0], scope, warnings)
		}
		report()
	}
}

func encode(t testing.TB, contact string) contactstore.Record {
	t.Helper()
	c, err := contactstore.ParseContact([]byte(contact))
	require.NoError(t, err)
	c.Workspace, c.Version = "default", 1
	r, err := contactstore.Encode(c)
	require.NoError(t, err)
	return r
}

// prime steps through all contacts, in no order of the store's.
const prime = 7919

func get(store contactstore.Store, contacts int) func(b *testing.B) {
	return func(b *testing.B) {
		ids := someIDs(contacts)
		b.ReportAllocs()
		n := 0
		report := beside.CPUTime(b)
		for b.Loop() {
			n++
			if _, err := store.Get(context.Background(), "default", ids[n%len(ids)]); err != nil {
				b.Fatal(err)
			}
		}
		report()
	}
}

// someIDs are UUIDs from all over a store.
func someIDs(contacts int) []contactstore.UUID {
	ids := make([]contactstore.UUID, min(contacts, 50_000))
	for i := range ids {
		ids[i] = corpus.RegularUUID(i * prime % contacts)
	}
	return ids
}

// getMany counts each contact as one operation.
func getMany(store contactstore.Store, contacts, size int) func(b *testing.B) {
	return func(b *testing.B) {
		ids := someIDs(contacts)
		b.ReportAllocs()
		report := beside.CPUTime(b)
		for n := 0; n < b.N; n += size {
			start := n % (len(ids) - size)
			if _, err := store.GetMany(context.Background(), "default", ids[start:start+size]); err != nil {
				b.Fatal(err)
			}
		}
		report()
	}
}
