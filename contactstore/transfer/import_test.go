package transfer_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/memstore"
	"github.com/flowexpr/flowexpr/contactstore/storetest"
	"github.com/flowexpr/flowexpr/contactstore/transfer"
)

const workspace = "acme"

var ctx = context.Background()

// row is the JSON line of contact n.
func row(n int, name string, urns ...string) string {
	quoted := make([]string, len(urns))
	for i, urn := range urns {
		quoted[i] = fmt.Sprintf("%q", urn)
	}
	return fmt.Sprintf(`{"uuid":%q,"name":%q,"urns":[%s]}`, storetest.ID(n), name, strings.Join(quoted, ","))
}

func file(rows ...string) string { return strings.Join(rows, "\n") + "\n" }

func load(t *testing.T, s contactstore.Store, text string, o transfer.Options) transfer.Summary {
	t.Helper()
	summary, err := transfer.Import(ctx, s, workspace, strings.NewReader(text), o)
	require.NoError(t, err)
	return summary
}

func dump(t *testing.T, s contactstore.Store) string {
	t.Helper()
	var out bytes.Buffer
	_, err := transfer.Export(ctx, s, workspace, &out, transfer.Options{})
	require.NoError(t, err)
	return out.String()
}

func name(t *testing.T, s contactstore.Store, n int) string {
	t.Helper()
	r, err := s.Get(ctx, workspace, storetest.ID(n))
	require.NoError(t, err)
	return r.Name()
}

// counts is a summary without what differs by file: its size, and the wording of problems.
func counts(s transfer.Summary) [4]int { return [4]int{s.Added, s.Changed, s.Unchanged, s.Failed} }

func TestImport(t *testing.T) {
	for _, batch := range []int{1, 2, 500} {
		t.Run(fmt.Sprintf("batches of %d", batch), func(t *testing.T) {
			s, o := memstore.New(), transfer.Options{Batch: batch}
			text := file(row(1, "Jane", "tel:+13233754866", "ext:1"), row(2, "Joe", "ext:2"), row(3, "Ann"))
			summary := load(t, s, text, o)
			assert.Equal(t, transfer.Summary{Rows: 3, Bytes: int64(len(text)), Added: 3}, summary)
			assert.Equal(t, "Jane", name(t, s, 1))

			summary = load(t, s, text, o)
			assert.Equal(t, transfer.Summary{Rows: 3, Bytes: int64(len(text)), Unchanged: 3}, summary)

			summary = load(t, s, file(row(1, "Jane Doe", "ext:1"), row(2, "Joe", "ext:2"), row(4, "New")), o)
			assert.Equal(t, [4]int{1, 1, 1, 0}, counts(summary))
			r, err := s.Get(ctx, workspace, storetest.ID(1))
			require.NoError(t, err)
			assert.Equal(t, "Jane Doe", r.Name())
			assert.Equal(t, uint64(2), r.Version())
		})
	}
}

func TestImportLines(t *testing.T) {
	jane, joe := row(1, "Jane"), row(2, "Joe")
	for _, c := range []struct {
		name, text string
		rows       int
	}{
		{"nothing", "", 0},
		{"blank", "\n \n\t\r\n", 0},
		{"no last line feed", jane + "\n" + joe, 2},
		{"carriage returns", jane + "\r\n" + joe + "\r\n", 2},
		{"blank lines between", "\n\n" + jane + "\n\n  \n" + joe + "\n\n", 2},
		{"byte order mark", "\ufeff" + jane + "\n" + joe, 2},
		{"byte order mark alone", "\ufeff", 0},
		{"spaces around", "  " + jane + "  \n", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := memstore.New()
			summary := load(t, s, c.text, transfer.Options{})
			assert.Equal(t, transfer.Summary{Rows: c.rows, Bytes: int64(len(c.text)), Added: c.rows}, summary)

			summary, err := transfer.Import(ctx, s, workspace, iotest.OneByteReader(strings.NewReader(c.text)), transfer.Options{})
			require.NoError(t, err)
			assert.Equal(t, transfer.Summary{Rows: c.rows, Bytes: int64(len(c.text)), Unchanged: c.rows}, summary)
		})
	}
}

func TestImportProblems(t *testing.T) {
	s := memstore.New()
	require.NoError(t, s.Put(ctx, encode(t, storetest.Contact(9, "ext:taken"))))
	text := file(
		row(1, "Jane", "ext:1"),
		`{"name":`,
		"",
		`{"name":"no uuid","urns":["ext:3"]}`,
		row(2, "conflict", "ext:2", "ext:taken"),
		`{"uuid":"not one"}`,
		row(3, strings.Repeat("long", 200)),
		row(4, "first", "ext:same"),
		row(5, "second", "ext:same"),
		row(6, "last", "ext:6"),
	)
	var told []transfer.Problem
	summary := load(t, s, text, transfer.Options{MaxLine: 500, OnProblem: func(p transfer.Problem) { told = append(told, p) }})
	assert.Equal(t, [4]int{3, 0, 0, 6}, counts(summary))
	assert.Equal(t, 9, summary.Rows)
	rows := strings.Split(text, "\n")
	for i, p := range told {
		if p.Code != "line_too_long" {
			assert.Equal(t, rows[p.Line-1], p.Row)
		}
		told[i].Row = ""
	}
	assert.Equal(t, summary.Problems, told)
	byLine := map[int]transfer.Problem{}
	for _, p := range told {
		byLine[p.Line] = p
		assert.NotEmpty(t, p.Code)
		assert.NotEmpty(t, p.Message)
		assert.NotContains(t, p.String(), storetest.ID(9).String(), "the other contact is not named")
	}
	assert.Len(t, byLine, 6)
	assert.Contains(t, byLine, 2)
	assert.Equal(t, "uuid_missing", byLine[4].Code)
	assert.Equal(t, "line 5: ext:taken belongs to another contact", byLine[5].String())
	assert.Contains(t, byLine, 6)
	assert.Equal(t, "line 7: a row longer than 500 bytes (one contact a line, the lines parted by line feeds)", byLine[7].String())
	assert.Equal(t, "urn_taken", byLine[9].Code)
	assert.Equal(t, "last", name(t, s, 6))

	again := load(t, s, text, transfer.Options{MaxLine: 500, MaxProblems: 2})
	assert.Equal(t, [4]int{0, 0, 3, 6}, counts(again))
	assert.Len(t, again.Problems, 2)
}

func TestImportLineLengths(t *testing.T) {
	one := row(1, "Jane")
	for _, c := range []struct {
		name   string
		max    int
		text   string
		failed int
	}{
		{"just fits", len(one), one + "\n", 0},
		{"just fits, with carriage return", len(one), one + "\r\n", 0},
		{"just fits, at the end", len(one), one, 0},
		{"one too long", len(one) - 3, one + "\n", 1},
		{"longer than the buffer", 1 << 17, one[:len(one)-1] + `,"x":"` + strings.Repeat("x", 1<<16+5) + `"}`, 0},
		{"longer than the buffer and too long", 1 << 16, strings.Repeat("x", 1<<20), 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := memstore.New()
			summary := load(t, s, c.text+"\n"+row(2, "Joe"), transfer.Options{MaxLine: c.max, Format: transfer.Lines})
			assert.Equal(t, c.failed, summary.Failed)
			assert.Equal(t, 2-c.failed, summary.Added)
		})
	}
}

// A URN that moves from one contact to another within a file moves whichever row comes first.
func TestImportMovedURNs(t *testing.T) {
	for _, batch := range []int{1, 2, 500} {
		s, o := memstore.New(), transfer.Options{Batch: batch}
		load(t, s, file(row(1, "A", "ext:1"), row(2, "B", "ext:2"), row(3, "C", "ext:3")), o)
		moved := file(row(1, "A", "ext:2"), row(2, "B", "ext:3"), row(3, "C"))
		assert.Equal(t, [4]int{0, 3, 0, 0}, counts(load(t, s, moved, o)))
		assert.Equal(t, [4]int{0, 0, 3, 0}, counts(load(t, s, moved, o)))

		swapped := file(row(1, "A", "ext:3"), row(2, "B", "ext:2"))
		summary := load(t, s, swapped, o)
		assert.Equal(t, [4]int{0, 0, 0, 2}, counts(summary), "a swap cannot be told from two conflicts")
	}
}

// Of two rows for one contact the later one stays, also when the earlier one had to wait.
func TestImportRepeatedContact(t *testing.T) {
	for _, batch := range []int{1, 2, 500} {
		s, o := memstore.New(), transfer.Options{Batch: batch}
		summary := load(t, s, file(row(1, "first"), row(2, "other"), row(1, "second"), row(1, "third")), o)
		assert.Equal(t, [4]int{2, 2, 0, 0}, counts(summary))
		assert.Equal(t, "third", name(t, s, 1))

		load(t, s, file(row(3, "holder", "ext:1")), o)
		summary = load(t, s, file(row(4, "waits", "ext:1"), row(4, "stays"), row(3, "holder")), o)
		assert.Equal(t, [4]int{1, 1, 0, 1}, counts(summary))
		assert.Equal(t, "stays", name(t, s, 4))
	}
}

func TestImportStrict(t *testing.T) {
	for _, c := range []struct {
		name, text string
		codes      []string // of the problems
	}{
		{"all well", file(row(1, "A", "ext:1"), row(2, "B", "ext:2"), row(9, "I", "ext:taken")), nil},
		{"a bad row", file(row(1, "A"), "{"), []string{"*"}},
		{"no uuid", file(row(1, "A"), `{"name":"B"}`), []string{"uuid_missing"}},
		{"a URN of the store", file(row(1, "A"), row(2, "B", "ext:taken")), []string{"urn_taken"}},
		{"a URN of the store, given up before", file(row(9, "I"), row(2, "B", "ext:taken")), nil},
		{"a URN of the store, given up later", file(row(2, "B", "ext:taken"), row(9, "I")), nil},
		{"a URN of the store, kept later", file(row(2, "B", "ext:taken"), row(9, "I", "ext:taken")), []string{"urn_repeated"}},
		{"a URN twice", file(row(1, "A", "ext:1"), row(2, "B", "ext:1")), []string{"urn_repeated"}},
		{"a contact twice", file(row(1, "A"), row(1, "B")), []string{"contact_repeated"}},
	} {
		for _, batch := range []int{1, 500} {
			t.Run(fmt.Sprintf("%s, batches of %d", c.name, batch), func(t *testing.T) {
				s := memstore.New()
				require.NoError(t, s.Put(ctx, encode(t, storetest.Contact(9, "ext:taken"))))
				before := dump(t, s)
				o := transfer.Options{Strict: true, Batch: batch}
				summary, err := transfer.Import(ctx, s, workspace, strings.NewReader(c.text), o)
				if len(c.codes) == 0 {
					require.NoError(t, err)
					assert.Zero(t, summary.Failed)
					assert.Equal(t, strings.Count(c.text, "\n"), summary.Added+summary.Changed)
					return
				}
				var refused *contactstore.Error
				require.ErrorAs(t, err, &refused)
				assert.Equal(t, "import_refused", refused.Code)
				require.Len(t, summary.Problems, len(c.codes))
				for i, code := range c.codes {
					if code != "*" {
						assert.Equal(t, code, summary.Problems[i].Code)
					}
					assert.NotContains(t, summary.Problems[i].String(), storetest.ID(9).String())
				}
				assert.Equal(t, before, dump(t, s), "nothing was imported")
			})
		}
	}
}

func TestImportStrictNeedsFile(t *testing.T) {
	_, err := transfer.Import(ctx, memstore.New(), workspace, io.MultiReader(), transfer.Options{Strict: true})
	var e *contactstore.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, "strict_needs_file", e.Code)
}

// A strict import starts where its source stands, both times.
func TestImportStrictFromWithin(t *testing.T) {
	r := strings.NewReader("a heading\n" + file(row(1, "A")))
	_, err := r.Seek(int64(len("a heading\n")), io.SeekStart)
	require.NoError(t, err)
	summary, err := transfer.Import(ctx, memstore.New(), workspace, r, transfer.Options{Strict: true})
	require.NoError(t, err)
	assert.Equal(t, 1, summary.Added)
}

func TestImportProgress(t *testing.T) {
	text := file(row(1, "A"), row(2, "B"), row(3, "C"))
	var seen []transfer.Progress
	o := transfer.Options{Batch: 2, Strict: true, OnProgress: func(p transfer.Progress) { seen = append(seen, p) }}
	load(t, memstore.New(), text, o)
	two, all := int64(strings.LastIndex(text, `{"uuid"`)), int64(len(text))
	assert.Equal(t, []transfer.Progress{
		{Phase: transfer.Checking, Rows: 2, Bytes: two}, {Phase: transfer.Checking, Rows: 3, Bytes: all},
		{Phase: transfer.Importing, Rows: 2, Bytes: two}, {Phase: transfer.Importing, Rows: 3, Bytes: all},
	}, seen)
}

func TestImportBrokenSource(t *testing.T) {
	s := memstore.New()
	broken := io.MultiReader(strings.NewReader(file(row(1, "A"), row(2, "B"))), iotest.ErrReader(errors.New("cable cut")))
	summary, err := transfer.Import(ctx, s, workspace, broken, transfer.Options{Batch: 1})
	require.ErrorContains(t, err, "read line 3: cable cut")
	assert.Equal(t, 2, summary.Added)
}

func TestImportCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(ctx)
	o := transfer.Options{Batch: 1, OnProgress: func(transfer.Progress) { cancel() }}
	endless, w := io.Pipe()
	defer endless.Close()
	go func() {
		for n := 1; ; n++ {
			if _, err := io.WriteString(w, row(n, "A")+"\n"); err != nil {
				return
			}
		}
	}()
	_, err := transfer.Import(ctx, memstore.New(), workspace, endless, o)
	require.ErrorIs(t, err, context.Canceled)
}

// unreachable is a store that fails from the given batch on.
type unreachable struct {
	contactstore.Store
	left int
}

func (u *unreachable) PutMany(ctx context.Context, rs []contactstore.Record) ([]error, error) {
	if u.left--; u.left < 0 {
		return nil, contactstore.ErrUnavailable
	}
	return u.Store.PutMany(ctx, rs)
}

func TestImportStoreGone(t *testing.T) {
	s := &unreachable{memstore.New(), 1}
	summary, err := transfer.Import(ctx, s, workspace, strings.NewReader(file(row(1, "A"), row(2, "B"))), transfer.Options{Batch: 1})
	require.ErrorIs(t, err, contactstore.ErrUnavailable)
	assert.Equal(t, 1, summary.Added)
}

// meddled is a store where somebody else changes contacts just before a batch is put.
type meddled struct {
	contactstore.Store
	meddle func()
}

func (m *meddled) PutMany(ctx context.Context, rs []contactstore.Record) ([]error, error) {
	if m.meddle != nil {
		m.meddle()
		m.meddle = nil
	}
	return m.Store.PutMany(ctx, rs)
}

func TestImportAgainstOtherWriters(t *testing.T) {
	inner := memstore.New()
	s := &meddled{Store: inner, meddle: func() {
		require.NoError(t, inner.Put(ctx, encode(t, storetest.Contact(1, "ext:5"))))
	}}
	summary := load(t, s, file(row(1, "A", "ext:1"), row(2, "B")), transfer.Options{})
	assert.Equal(t, [4]int{1, 1, 0, 0}, counts(summary))
	assert.Equal(t, "A", name(t, s, 1))
}

func encode(t testing.TB, c *contactstore.Contact) contactstore.Record {
	t.Helper()
	r, err := contactstore.Encode(c)
	require.NoError(t, err)
	return r
}

func FuzzLines(f *testing.F) {
	f.Add(file(row(1, "A", "tel:+13233754866"), row(2, "B")))
	f.Add("\ufeff{}\n\n[]\nnull\n" + row(1, "A"))
	f.Fuzz(func(t *testing.T, text string) {
		s := memstore.New()
		first, err := transfer.Import(ctx, s, workspace, strings.NewReader(text), transfer.Options{MaxLine: 1000, Format: transfer.Lines})
		require.NoError(t, err)
		require.Equal(t, first.Rows, first.Added+first.Changed+first.Unchanged+first.Failed)
		require.Equal(t, int64(len(text)), first.Bytes)
	})
}
