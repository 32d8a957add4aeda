package storetest

import (
	"context"
	"math/rand"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
)

func reads() []check {
	return []check{
		{"get gives what was put", func(t *testing.T, s contactstore.Store) {
			r := put(t, s, Contact(1, "tel:+13233754866", "mailto:jane@example.org#Jane"))
			stored(t, s, r)
		}},
		{"get of an unknown contact", func(t *testing.T, s contactstore.Store) {
			missing(t, s, Workspace, ID(1))
			put(t, s, Contact(1))
			missing(t, s, Workspace, ID(2))
		}},
		{"get many keeps the order and the holes", func(t *testing.T, s contactstore.Store) {
			one, two := put(t, s, Contact(1)), put(t, s, Contact(2))
			got, err := s.GetMany(context.Background(), Workspace, []contactstore.UUID{ID(2), ID(9), ID(1), ID(2)})
			require.NoError(t, err)
			require.Len(t, got, 4)
			assert.Equal(t, two.Bytes(), got[0].Bytes())
			assert.True(t, got[1].IsZero())
			assert.Equal(t, one.Bytes(), got[2].Bytes())
			assert.Equal(t, two.Bytes(), got[3].Bytes())
		}},
		{"get many of none", func(t *testing.T, s contactstore.Store) {
			got, err := s.GetMany(context.Background(), Workspace, nil)
			require.NoError(t, err)
			assert.Empty(t, got)
		}},
		{"get many of very many", func(t *testing.T, s contactstore.Store) {
			const n = 2500
			fill(t, s, n)
			want := make([]contactstore.UUID, n)
			for i, k := range rand.New(rand.NewSource(1)).Perm(n) {
				want[i] = ID(k + 1)
			}
			got, err := s.GetMany(context.Background(), Workspace, want)
			require.NoError(t, err)
			assert.Equal(t, want, ids(got))
		}},
		{"find by identity", func(t *testing.T, s contactstore.Store) {
			r := put(t, s, Contact(1, "tel:+13233754866", "mailto:jane@example.org#Jane"))
			owner(t, s, "tel:+13233754866", r)
			owner(t, s, "tel:+13233754866?channel=30110c5d-4a64-45d7-a1ae-d1e5b3a5a5d3#Home", r)
			owner(t, s, "mailto:jane@example.org", r)
			unowned(t, s, "tel:+13233754867")
			unowned(t, s, "twitter:+13233754866")
		}},
		{"ping", func(t *testing.T, s contactstore.Store) { require.NoError(t, s.Ping(context.Background())) }},
	}
}

func lists() []check {
	return []check{
		{"nothing", func(t *testing.T, s contactstore.Store) {
			assert.Empty(t, everyone(t, s, Workspace, 10))
		}},
		{"everyone in order, by pages of any size", func(t *testing.T, s contactstore.Store) {
			want := make([]contactstore.UUID, 23)
			for i := range want {
				want[i] = ID(i + 1)
			}
			for _, i := range rand.New(rand.NewSource(1)).Perm(len(want)) {
				put(t, s, Contact(i+1))
			}
			for _, limit := range []int{1, 2, 5, 22, 23, 24, 1000} {
				assert.Equal(t, want, ids(everyone(t, s, Workspace, limit)), "limit %d", limit)
			}
		}},
		{"the start is exclusive and need not exist", func(t *testing.T, s contactstore.Store) {
			put(t, s, Contact(2))
			put(t, s, Contact(4))
			for after, want := range map[int][]contactstore.UUID{1: {ID(2), ID(4)}, 2: {ID(4)}, 3: {ID(4)}, 4: {}, 5: {}} {
				page, err := s.List(context.Background(), Workspace, ID(after), 10)
				require.NoError(t, err)
				assert.Equal(t, want, ids(page), "after %d", after)
			}
		}},
		{"a limit below 1", func(t *testing.T, s contactstore.Store) {
			put(t, s, Contact(1))
			for _, limit := range []int{0, -1} {
				page, err := s.List(context.Background(), Workspace, contactstore.UUID{}, limit)
				require.NoError(t, err)
				assert.Empty(t, page)
			}
		}},
		{"gives the records of now", func(t *testing.T, s contactstore.Store) {
			c := Contact(1, "tel:+13233754866")
			put(t, s, c)
			second := put(t, s, next(c, "ext:1"))
			all := everyone(t, s, Workspace, 10)
			require.Len(t, all, 1)
			assert.Equal(t, second.Bytes(), all[0].Bytes())
		}},
		{"writes between pages lose and repeat nobody", listUnderWrites},
	}
}

// listUnderWrites changes, adds and removes contacts between pages: whoever stays is listed once, in order.
func listUnderWrites(t *testing.T, s contactstore.Store) {
	ctx := context.Background()
	for n := 10; n <= 100; n += 10 {
		put(t, s, Contact(n))
	}
	between := []func(){
		func() {
			require.NoError(t, s.Delete(ctx, Workspace, ID(20), 0)) // the cursor itself
			put(t, s, Contact(15))                                  // before the cursor: comes too late
			put(t, s, Contact(25))                                  // after it
		},
		func() {
			put(t, s, next(Contact(40)))
			put(t, s, Contact(45))
			require.NoError(t, s.Delete(ctx, Workspace, ID(60), 0))
		},
	}
	got := []contactstore.UUID{}
	var after contactstore.UUID
	for page := 0; ; page++ {
		records, err := s.List(ctx, Workspace, after, 2)
		require.NoError(t, err)
		got = append(got, ids(records)...)
		if len(records) < 2 {
			break
		}
		after = records[1].UUID()
		if page < len(between) {
			between[page]()
		}
	}
	want := []contactstore.UUID{}
	for _, n := range []int{10, 20, 25, 30, 40, 45, 50, 70, 80, 90, 100} {
		want = append(want, ID(n))
	}
	assert.Equal(t, want, got)
}

// fill stores contacts 1 to n, each with an ext URN of its number.
func fill(t testing.TB, s contactstore.Store, n int) {
	t.Helper()
	records := make([]contactstore.Record, n)
	for i := range records {
		records[i] = encode(t, Contact(i+1, "ext:"+ID(i+1).String()))
	}
	errs, err := s.PutMany(context.Background(), records)
	require.NoError(t, err)
	for _, err := range errs {
		require.NoError(t, err)
	}
}
