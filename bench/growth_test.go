package bench

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

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
	for _, n := range []int{1_000, 10_000, 100_000} {
		memory := memstore.New()
		file, err := embedded.Open(b.TempDir(), embedded.Options{})
		require.NoError(b, err)
		ids := fill(b, n, memory, file)
		b.Run(fmt.Sprintf("memory-contacts/%d", n), get(memory, ids))
		b.Run(fmt.Sprintf("embedded-contacts/%d", n), get(file, ids))
		if n == 100_000 {
			for _, size := range []int{1, 10, 100, 1000} {
				b.Run(fmt.Sprintf("embedded-batch/%d", size), getMany(file, ids, size))
			}
		}
		require.NoError(b, file.Close())
	}
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
		for b.Loop() {
			buffer = template.Append(buffer[:0], scope, warnings)
		}
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

// fill puts the first regular contacts into stores.
func fill(b *testing.B, n int, stores ...contactstore.Store) []contactstore.UUID {
	b.Helper()
	ids := make([]contactstore.UUID, n)
	var batch []contactstore.Record
	for i := range n {
		r := encode(b, string(corpus.Regular(i)))
		ids[i] = r.UUID()
		if batch = append(batch, r); len(batch) < 1000 && i < n-1 {
			continue
		}
		for _, store := range stores {
			_, err := store.PutMany(b.Context(), batch)
			require.NoError(b, err)
		}
		batch = nil
	}
	return ids
}

func get(store contactstore.Store, ids []contactstore.UUID) func(b *testing.B) {
	return func(b *testing.B) {
		b.ReportAllocs()
		n := 0
		for b.Loop() {
			n += 7919 // a prime: all contacts, in no order of the store's
			_, err := store.Get(context.Background(), "default", ids[n%len(ids)])
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}

// getMany counts each contact as one operation.
func getMany(store contactstore.Store, ids []contactstore.UUID, size int) func(b *testing.B) {
	return func(b *testing.B) {
		b.ReportAllocs()
		for n := 0; n < b.N; n += size {
			start := n * 7919 % (len(ids) - size)
			_, err := store.GetMany(context.Background(), "default", ids[start:start+size])
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}
