package transfer_test

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore/memstore"
	"github.com/flowexpr/flowexpr/contactstore/transfer"
)

func TestDocuments(t *testing.T) {
	jane, joe := row(1, "Jane"), row(2, "Joe")
	for _, c := range []struct {
		name, text string
		added      int
		err        string
	}{
		{"nothing", "", 0, ""},
		{"spaces", " \n\t", 0, ""},
		{"byte order mark", "\ufeff" + jane, 1, ""},
		{"contacts one after another", jane + joe + "\n", 2, ""},
		{"an array", "[" + jane + ",\n" + joe + "]", 2, ""},
		{"arrays and pages", "[" + jane + "]{\"results\":[" + joe + "]}[]", 2, ""},
		{"results first", `{"results":[` + jane + `],"next":{"x":[1]}}`, 1, ""},
		{"results twice", `{"results":[` + jane + `],"results":[` + joe + `]}`, 2, ""},
		{"no results", `{"results":[]}`, 0, ""},
		{"neither object nor array", "17", 0, "line 1: got a value that is neither an object nor an array, want contacts"},
		{"then a text", jane + "\n\n\"x\"", 1, "line 3: got a value that is neither an object nor an array, want contacts"},
		{"results that are none", "{\"next\":null,\n\"results\":{}}", 0, "line 2: results: want an array of contacts"},
		{"an end too many", jane + "\n]", 1, "line 2: not JSON: invalid character ']' looking for beginning of value"},
		{"a comma missing", "[" + jane + "\n" + joe + "]", 1, "line 2: not JSON: expected comma after array element"},
		{"the end of an array missing", "[" + jane, 1, "line 1: the file ends in the middle of its JSON"},
		{"the end of a page missing", `{"results":[` + jane + "]\n,", 1, "line 2: the file ends in the middle of its JSON"},
		{"the end of a contact missing", jane + "\n" + joe[:len(joe)-1], 1, "line 2: the file ends in the middle of its JSON"},
		{"much too long", "[" + jane + ",\n{\"name\":\"" + strings.Repeat("x", 1<<20) + `"}]`, 1, "line 2: a value that is much too long for a contact"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, slow := range []bool{false, true} {
				s := memstore.New()
				var r io.Reader = strings.NewReader(c.text)
				if slow {
					r = iotest.OneByteReader(r)
				}
				summary, err := transfer.Import(ctx, s, workspace, r, transfer.Options{Format: transfer.RapidPro, MaxLine: 1000})
				assert.Equal(t, c.added, summary.Added)
				if c.err != "" {
					require.EqualError(t, err, c.err)
					continue
				}
				require.NoError(t, err)
				assert.Equal(t, int64(len(c.text)), summary.Bytes)
			}
		})
	}
}

// One contact that is too long costs its own row.
func TestDocumentsLongContact(t *testing.T) {
	long := `{"name":"` + strings.Repeat("x", 2000) + `"}`
	for _, text := range []string{"[\n" + long + ",\n" + row(1, "Jane") + "]", long[:len(long)-1] + `,"y":"` + strings.Repeat("y", 2000) + `"}` + "\n" + row(1, "Jane")} {
		summary, err := transfer.Import(ctx, memstore.New(), workspace, strings.NewReader(text), transfer.Options{Format: transfer.Goflow, MaxLine: 1000})
		require.NoError(t, err)
		assert.Equal(t, [4]int{1, 0, 0, 1}, counts(summary))
		assert.Equal(t, "line_too_long", summary.Problems[0].Code)
	}
}

// page writes one page of RapidPro's with n contacts in a single array, over 50 contacts again and again.
func page(w io.Writer, n int) error {
	if _, err := io.WriteString(w, `{"next": null, "previous": null, "results": [`); err != nil {
		return err
	}
	for i := range n {
		separator := ",\n"
		if i == 0 {
			separator = "\n"
		}
		if _, err := fmt.Fprintf(w, "%s  {\n    \"uuid\": \"00000000-0000-4000-8000-%012d\",\n    \"name\": \"Jane Doe\",\n    \"urns\": [\"ext:%d\"],\n    \"fields\": {\"note\": \"%s\"}\n  }", separator, i%50, i%50, strings.Repeat("x", 1000)); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, "\n]}\n")
	return err
}

// A page of any length takes constant memory: 13 MB pass, and the heap stays below 9 MB.
func TestDocumentsMemory(t *testing.T) {
	const contacts = 12_000
	r, w := io.Pipe()
	go func() { w.CloseWithError(page(w, contacts)) }()
	var peak uint64
	batches := 0
	summary, err := transfer.Import(ctx, memstore.New(), workspace, r, transfer.Options{OnProgress: func(transfer.Progress) {
		if batches++; batches%5 != 0 {
			return
		}
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		peak = max(peak, m.HeapAlloc)
	}})
	require.NoError(t, err)
	assert.Equal(t, contacts, summary.Rows)
	assert.Equal(t, contacts, summary.Added+summary.Unchanged)
	assert.Greater(t, summary.Bytes, int64(13_000_000))
	assert.Less(t, peak, uint64(9<<20))
}

func FuzzDocuments(f *testing.F) {
	f.Add(`{"next":null,"results":[` + row(1, "A", "tel:+13233754866") + `]}` + "\n" + `[{"fields":{"a":{"text":"1","number":1}}}]`)
	f.Add("\ufeff[{}] {\"results\":[1,null,[],\"\"]} " + row(1, "A"))
	f.Fuzz(func(t *testing.T, text string) {
		s := memstore.New()
		first, err := transfer.Import(ctx, s, workspace, strings.NewReader(text), transfer.Options{MaxLine: 1000, Format: transfer.RapidPro})
		require.Equal(t, first.Rows, first.Added+first.Changed+first.Unchanged+first.Failed)
		if err == nil {
			require.Equal(t, int64(len(text)), first.Bytes)
		}
		before := dump(t, s)
		if first.Changed == 0 {
			_, _ = transfer.Import(ctx, s, workspace, strings.NewReader(text), transfer.Options{MaxLine: 1000, Format: transfer.RapidPro})
			require.Equal(t, before, dump(t, s))
		}
	})
}

// FuzzDetect finds a format for anything, and reads it as that.
func FuzzDetect(f *testing.F) {
	for _, seed := range []string{"", "{}", "[", "{\"results\":[]}", "{\n", "uuid,name\n", "\xff\xfe", "PK\x03\x04"} {
		f.Add(seed, "a.csv")
	}
	f.Fuzz(func(t *testing.T, text, name string) {
		summary, _ := transfer.Import(ctx, memstore.New(), workspace, strings.NewReader(text), transfer.Options{MaxLine: 1000, Name: name})
		require.Equal(t, summary.Rows, summary.Added+summary.Changed+summary.Unchanged+summary.Failed)
	})
}
