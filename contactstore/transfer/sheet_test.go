package transfer_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/memstore"
	"github.com/flowexpr/flowexpr/contactstore/storetest"
	"github.com/flowexpr/flowexpr/contactstore/transfer"
)

func exportCSV(t testing.TB, s contactstore.Store, o transfer.Options) string {
	t.Helper()
	var out bytes.Buffer
	o.Format = transfer.CSV
	summary, err := transfer.Export(ctx, s, workspace, &out, o)
	require.NoError(t, err)
	require.Equal(t, int64(out.Len()), summary.Bytes)
	return out.String()
}

// What CSV says of a contact comes back; into the store it came from nothing changes, whatever CSV cannot say.
func TestExportCSV(t *testing.T) {
	s := memstore.New()
	load(t, s, file(full, `{"uuid":"00000000-0000-4000-8000-000000000002","name":"two\r\nlines, \"quoted\" ","urns":["ext:a|b\\c#d;e"],"groups":[{"uuid":"g","name":"A|B\\"}],"fields":{"city":" x"}}`, row(1, "A")), transfer.Options{})
	before := dump(t, s)
	text := exportCSV(t, s, transfer.Options{Batch: 2})
	assert.Equal(t, `uuid,contact_id,contact_ref,name,language,status,timezone,created_on,last_seen_on,urns,groups,field:age,field:city,field:joined,field:list,field:vip
00000000-0000-4000-8000-000000000001,,,A,,active,,,,,,,,,,
00000000-0000-4000-8000-000000000002,,,"two`+"\r\n"+`lines, ""quoted"" ",,active,,,,ext:a\|b\\c#d;e,A\|B\\,," x",,,
5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f,12,r-12,"Jane ""J"" Doe é",eng,blocked,America/Los_Angeles,2026-01-15T09:30:00.123456Z,2026-02-01T00:00:00Z,tel:+13233754866|twitter:janedoe|mailto:jane.doe@example.org|telegram:1234#jane,Testers,34,Los Angeles,2024-03-02T00:00:00Z,"[1,2]",true
`, text)
	assert.Equal(t, [4]int{0, 0, 3, 0}, counts(load(t, s, text, transfer.Options{})))
	assert.Equal(t, before, dump(t, s))

	other := memstore.New()
	assert.Equal(t, [4]int{3, 0, 0, 0}, counts(load(t, other, text, transfer.Options{})))
	assert.Equal(t, text, exportCSV(t, other, transfer.Options{}))
}

func TestExportCSVOfNothing(t *testing.T) {
	assert.Equal(t, "uuid,name,language,status,timezone,created_on,last_seen_on,urns,groups\n", exportCSV(t, memstore.New(), transfer.Options{}))
}

func TestExportFilter(t *testing.T) {
	s := memstore.New()
	load(t, s, file(
		`{"uuid":"00000000-0000-4000-8000-000000000001","groups":[{"uuid":"g","name":"A"}],"fields":{"x":"1"},"urns":[]}`,
		`{"uuid":"00000000-0000-4000-8000-000000000002","groups":[{"uuid":"h","name":"B"}],"fields":{"y":"1"},"urns":[]}`), transfer.Options{})
	assert.Equal(t, "uuid,name,language,status,timezone,created_on,last_seen_on,urns,groups,field:y\n"+
		"00000000-0000-4000-8000-000000000002,,,active,,,,,B,1\n", exportCSV(t, s, transfer.Options{Filter: contactstore.Filter{Group: "b"}}))
}

func TestExportUnknownFormat(t *testing.T) {
	_, err := transfer.Export(ctx, memstore.New(), workspace, &bytes.Buffer{}, transfer.Options{Format: transfer.Goflow})
	require.EqualError(t, err, `got the format "goflow", want one of jsonl, csv`)
	_, err = transfer.Import(ctx, memstore.New(), workspace, strings.NewReader(""), transfer.Options{Format: "xml"})
	require.EqualError(t, err, `got the format "xml", want one of jsonl, csv, rapidpro, goflow`)
}

// A quotation mark that is never closed costs its own row and no other, however far the file goes on.
func TestCSVQuotes(t *testing.T) {
	for _, c := range []struct {
		name, rows string
		want       string // names by their URNs, then lines of problems
	}{
		{"closed in a later line", "\"a\n\nb\",ext:1\nc,ext:2\n", "a\n\nb,c"},
		{"carriage returns within", "\"a\r\nb\",ext:1\r\nc,ext:2\r\n", "a\r\nb,c"},
		{"never closed", "\"a,ext:1\nb,ext:2\nc,ext:3\n", "b,c 2"},
		{"never closed at the end", "a,ext:1\n\"b,ext:2", "a 3"},
		{"never closed within the bound", "\"a,ext:1\n" + strings.Repeat("b,ext:2\n", 30), "b 2"},
		{"several never closed", "\"a,ext:1\nx,ext:5\n\"b,ext:2\n\"c,ext:3\nd,ext:4\n", "d,x 2 4 5"},
		{"too long", strings.Repeat("a", 300) + ",ext:1\nb,ext:2\n", "b 2"},
		{"no last line end", "a,ext:1\n\"b\",\"ext:2\"", "a,b"},
		{"spaces before quotes", "a,ext:1\n \"b\",ext:2\n", "a 3"},
		{"empty quotes", "\"\",ext:1\n\"\"\"\",ext:2\n", `,"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := memstore.New()
			summary := load(t, s, "name,urns\n"+c.rows, transfer.Options{Format: transfer.CSV, MaxLine: 200})
			var names, lines []string
			for n := range 6 {
				r, err := s.Find(ctx, workspace, urn(t, fmt.Sprintf("ext:%d", n)))
				if err == nil {
					names = append(names, r.Name())
				}
			}
			for _, p := range summary.Problems {
				lines = append(lines, fmt.Sprint(p.Line))
			}
			assert.Equal(t, c.want, strings.Join(append([]string{strings.Join(names, ",")}, lines...), " "))
		})
	}
}

func urn(t testing.TB, text string) contactstore.URN {
	t.Helper()
	u, err := contactstore.ParseURN(text)
	require.NoError(t, err)
	return u
}

func TestCSVHeader(t *testing.T) {
	for name, c := range map[string]struct{ text, err string }{
		"empty":           {"\ufeff\n\n", "the file has no header"},
		"too long":        {"uuid," + strings.Repeat("x", 300), "the header is longer than 200 bytes"},
		"quote not ended": {"uuid,\"name\nx,y\n", "the header cannot be read: a quotation mark begins a cell that no other ends"},
		"no key":          {"name,age\n", "the first row names no column with a UUID or a URN"},
		"field uuid":      {"name,field:uuid\n", "the first row names no column with a UUID or a URN"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := transfer.Import(ctx, memstore.New(), workspace, strings.NewReader(c.text), transfer.Options{Format: transfer.CSV, MaxLine: 200})
			require.EqualError(t, err, c.err)
		})
	}
}

// A row without UUID is its URN's contact's, whoever made that, and whatever its UUID.
func TestCSVByURN(t *testing.T) {
	const text = "tel,name\n+13233754866,Jane\n+13233754867,Joe\n+13233754866,Jane Doe\n"
	for _, batch := range []int{1, 2, 500} {
		s, o := memstore.New(), transfer.Options{Batch: batch}
		load(t, s, row(7, "held", "ext:7", "tel:+13233754867"), transfer.Options{})
		assert.Equal(t, [4]int{1, 2, 0, 0}, counts(load(t, s, text, o)))
		assert.Equal(t, "Joe", name(t, s, 7))
		jane, err := s.Find(ctx, workspace, urn(t, "tel:+13233754866"))
		require.NoError(t, err)
		assert.Equal(t, "Jane Doe", jane.Name())
		assert.Len(t, listed(t, s), 2)
	}
}

// Of workspaces with the same people each has its own contacts.
func TestCSVByURNInWorkspaces(t *testing.T) {
	s := memstore.New()
	for _, w := range []string{"a", "b"} {
		summary, err := transfer.Import(ctx, s, w, strings.NewReader("tel\n+13233754866\n"), transfer.Options{})
		require.NoError(t, err)
		assert.Equal(t, 1, summary.Added)
	}
	a, err := s.Find(ctx, "a", urn(t, "tel:+13233754866"))
	require.NoError(t, err)
	b, err := s.Find(ctx, "b", urn(t, "tel:+13233754866"))
	require.NoError(t, err)
	assert.NotEqual(t, a.UUID(), b.UUID())
}

func TestCSVStrict(t *testing.T) {
	const held = `{"uuid":"00000000-0000-4000-8000-000000000007","name":"held","urns":["ext:7","mailto:h@example.org"]}`
	for _, c := range []struct {
		name, text string
		codes      []string
	}{
		{"by the URN of a stored contact", "urn,name\next:7,Joe\next:8,Jane\n", nil},
		{"the same contact twice", "urn,name\next:7,Joe\nmailto:h@example.org,Jane\n", []string{"contact_repeated"}},
		{"a URN that its contact keeps, for the row does not speak of it", "urn,mailto\next:7,\next:8,h@example.org\n", []string{"urn_repeated"}},
		{"a URN that its contact keeps, for it has no row", "urn,mailto\next:8,h@example.org\n", []string{"urn_taken"}},
		{"a URN that its contact gives up", "urns,name\next:8|mailto:h@example.org,Jane\next:7,Joe\n", nil},
		{"a bad cell", "urn,language\next:8,english\n", []string{"invalid_contact"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := memstore.New()
			load(t, s, held, transfer.Options{})
			before := dump(t, s)
			summary, err := transfer.Import(ctx, s, workspace, strings.NewReader(c.text), transfer.Options{Strict: true})
			var codes []string
			for _, p := range summary.Problems {
				codes = append(codes, p.Code)
			}
			assert.Equal(t, c.codes, codes)
			if c.codes == nil {
				require.NoError(t, err)
				assert.Zero(t, summary.Failed)
				return
			}
			require.Error(t, err)
			assert.Equal(t, before, dump(t, s))
		})
	}
}

// Somebody takes the URN of a row without UUID while it is on its way.
func TestCSVByURNAgainstOtherWriters(t *testing.T) {
	inner := memstore.New()
	s := &meddled{Store: inner, meddle: func() {
		require.NoError(t, inner.Put(ctx, encode(t, storetest.Contact(1, "ext:1"))))
	}}
	assert.Equal(t, [4]int{0, 1, 0, 0}, counts(load(t, s, "urn,name\next:1,A\n", transfer.Options{})))
	assert.Equal(t, "A", name(t, s, 1))
}

// lost is a store that can find nothing.
type lost struct{ contactstore.Store }

func (lost) Find(context.Context, string, contactstore.URN) (contactstore.Record, error) {
	return contactstore.Record{}, contactstore.ErrUnavailable
}

func TestCSVStoreGone(t *testing.T) {
	s := memstore.New()
	load(t, s, row(1, "A", "ext:1"), transfer.Options{})
	for _, strict := range []bool{false, true} {
		_, err := transfer.Import(ctx, lost{s}, workspace, strings.NewReader("urn,name\next:1,B\n"), transfer.Options{Strict: strict})
		require.ErrorIs(t, err, contactstore.ErrUnavailable)
	}
}

func FuzzCSV(f *testing.F) {
	f.Add("uuid,name,tel\n00000000-0000-4000-8000-000000000001,\"a\nb\",+13233754866\n")
	f.Add("\ufeffURN:Tel;Field:Age;Group:A;urns\r\n1;\"2\"\"\";yes;ext:1|ext:\\|2\r\n;;;\r\n\"")
	f.Add("urn\tcreated_on\tcontact_id\next:1\t2026-01-01 10:00\t5\n")
	f.Fuzz(func(t *testing.T, text string) {
		s := memstore.New()
		first, err := transfer.Import(ctx, s, workspace, strings.NewReader(text), transfer.Options{MaxLine: 1000, Format: transfer.CSV})
		if err != nil {
			require.Zero(t, first.Rows)
			return
		}
		require.Equal(t, first.Rows, first.Added+first.Changed+first.Unchanged+first.Failed)
		require.Equal(t, int64(len(text)), first.Bytes)
		// what CSV wrote is read as it was written
		csv := exportCSV(t, s, transfer.Options{})
		again := load(t, s, csv, transfer.Options{Format: transfer.CSV})
		require.Equal(t, [4]int{0, 0, len(listed(t, s)), 0}, counts(again), csv)
	})
}
