package broadcast_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/memstore"
	"github.com/flowexpr/flowexpr/server/broadcast"
)

// names are the lines of contacts by the template `@contact.name`.
func names(numbers ...int) string {
	var b strings.Builder
	for _, n := range numbers {
		fmt.Fprintf(&b, "{\"contact\":%q,\"text\":\"C%d\"}\n", id(n), n)
	}
	return b.String()
}

// to gives the numbers from 0 up to n in steps.
func to(n, by int) (numbers []int) {
	for i := 0; i < n; i += by {
		numbers = append(numbers, i)
	}
	return numbers
}

func TestOrder(t *testing.T) {
	store := filled(t, 203)
	reversed := to(203, 1)
	for i, j := 0, len(reversed)-1; i < j; i, j = i+1, j-1 {
		reversed[i], reversed[j] = reversed[j], reversed[i]
	}
	tests := []struct {
		name   string
		source func() broadcast.Source
		want   string
	}{
		{"all", func() broadcast.Source { return everyone(store) }, names(to(203, 1)...)},
		{"a group", func() broadcast.Source {
			return broadcast.Everyone(store, space, contactstore.Filter{Group: "testers"}, impatient)
		}, names(to(203, 3)...)},
		{"a group that nobody is in", func() broadcast.Source {
			return broadcast.Everyone(store, space, contactstore.Filter{Group: "none"}, impatient)
		}, ""},
		{"a workspace without contacts", func() broadcast.Source {
			return broadcast.Everyone(store, "other", contactstore.Filter{}, impatient)
		}, ""},
		{"listed", func() broadcast.Source { return broadcast.Listed(store, space, ids(reversed...), impatient) }, names(reversed...)},
		{"listed twice", func() broadcast.Source { return broadcast.Listed(store, space, ids(7, 3, 7), impatient) }, names(7, 3, 7)},
		{"nobody listed", func() broadcast.Source { return broadcast.Listed(store, space, nil, impatient) }, ""},
	}
	for _, tt := range tests {
		for _, options := range []broadcast.Options{small, {}, {Workers: 8, BatchSize: 1}, {Workers: 1, BatchSize: 3, InFlight: 1, ChunkBytes: 1}} {
			t.Run(fmt.Sprintf("%s/%+v", tt.name, options), func(t *testing.T) {
				got, contacts, err := collect(broadcast.Start(context.Background(), tt.source(), texts(t, "@contact.name"), options))
				require.NoError(t, err)
				assert.Equal(t, tt.want, got)
				assert.Equal(t, strings.Count(tt.want, "\n"), contacts)
			})
		}
	}
}

func TestByURN(t *testing.T) {
	store := filled(t, 10)
	urns := []contactstore.URN{urn(t, "tel:+13233750004"), urn(t, "tel:+13233750001"), urn(t, "tel:+13233750000")}
	job := texts(t, "@contact.name")
	got, contacts, err := collect(broadcast.Start(context.Background(), broadcast.ByURN(store, space, urns, impatient), job, small))
	require.NoError(t, err)
	assert.Equal(t, 3, contacts)
	assert.Equal(t, fmt.Sprintf(`{"contact":%q,"urn":"tel:+13233750004","text":"C4"}
{"contact":null,"urn":"tel:+13233750001","error":{"code":"contact_not_found","message":"no contact has tel:+13233750001"}}
{"contact":%q,"urn":"tel:+13233750000","text":"C0"}
`, id(4), id(0)), got)
	assert.Equal(t, broadcast.Counts{Contacts: 3, OK: 2, Errors: 1}, job.Counts())
}

// Whoever does not take what is ready stops the reads: at no time are there more batches than the run may have.
func TestBackPressure(t *testing.T) {
	const contacts = 400
	store := filled(t, contacts)
	var mu sync.Mutex
	taken, most := 0, 0
	store.hook = func(_ context.Context, read int) error {
		mu.Lock()
		defer mu.Unlock()
		most = max(most, read-taken)
		return nil
	}
	full := make(chan struct{})
	run := broadcast.Start(context.Background(), everyone(store), texts(t, "@contact.name"), small)
	defer run.Close()
	go func() {
		for store.count() < small.InFlight {
			runtime.Gosched()
		}
		close(full)
	}()
	<-full // as many reads as there are batches happen though nobody takes anything
	for {
		chunk, err := run.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		if chunk.Contacts > 0 {
			mu.Lock()
			taken++
			mu.Unlock()
		}
	}
	assert.Equal(t, contacts/small.BatchSize+1, store.count())
	assert.LessOrEqual(t, most, small.InFlight)
}

// A batch whose lines do not fit its two buffers waits to be taken, and comes out whole.
func TestLongTextsWait(t *testing.T) {
	store := filled(t, 40)
	long := strings.Repeat("x", 3000)
	options := small
	options.ChunkBytes = 1000
	run := broadcast.Start(context.Background(), everyone(store), texts(t, long), options)
	defer run.Close()
	lines := 0
	for {
		chunk, err := run.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		assert.LessOrEqual(t, len(chunk.Lines), options.ChunkBytes+len(long)+100)
		lines += strings.Count(string(chunk.Lines), long+"\"}\n")
	}
	assert.Equal(t, 40, lines)
}

func TestCancelWhileTheStoreIsAsked(t *testing.T) {
	gone := errors.New("the client is gone")
	tests := []struct {
		name   string
		source func(store contactstore.Store) broadcast.Source
	}{
		{"all", everyone},
		{"listed", func(store contactstore.Store) broadcast.Source {
			return broadcast.Listed(store, space, ids(to(20, 1)...), impatient)
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			store := filled(t, 20)
			ctx, cancel := context.WithCancelCause(context.Background())
			store.hook = func(ctx context.Context, read int) error {
				if read == 2 {
					cancel(gone)
					<-ctx.Done()
					return ctx.Err()
				}
				return nil
			}
			_, _, err := collect(broadcast.Start(ctx, tt.source(store), texts(t, "@contact.name"), broadcast.Options{BatchSize: 4, Workers: 1}))
			require.ErrorIs(t, err, gone)
		})
	}
}

func TestCancelWhileNothingIsTaken(t *testing.T) {
	store := filled(t, 100)
	ctx, cancel := context.WithCancel(context.Background())
	run := broadcast.Start(ctx, everyone(store), texts(t, "@contact.name"), small)
	_, err := run.Next()
	require.NoError(t, err)
	cancel()
	for err == nil {
		_, err = run.Next()
	}
	require.ErrorIs(t, err, context.Canceled)
	_, err = run.Next()
	require.ErrorIs(t, err, context.Canceled, "it stays ended")
	run.Close()
}

// Close leaves no goroutine behind, whatever they wait for: buffers, batches, the store.
func TestCloseEndsTheWork(t *testing.T) {
	for taken := range 4 {
		store := filled(t, 100)
		options := small
		options.ChunkBytes = 1
		run := broadcast.Start(context.Background(), everyone(store), texts(t, "@contact.name"), options)
		for range taken {
			_, err := run.Next()
			require.NoError(t, err)
		}
		run.Close()
		run.Close()
		reads := store.count()
		_, err := run.Next()
		require.Error(t, err)
		assert.Equal(t, reads, store.count(), "nobody reads any more")
	}
}

func TestStoreAway(t *testing.T) {
	away := &contactstore.Error{Code: "store_unavailable", Message: "gone", Err: contactstore.ErrUnavailable}
	failing := func(from, until int) func(context.Context, int) error {
		return func(_ context.Context, read int) error {
			if read >= from && read < until {
				return away
			}
			return nil
		}
	}
	line := func(n int) string {
		return fmt.Sprintf("{\"contact\":%q,\"error\":{\"code\":\"store_unavailable\",\"message\":\"gone\"}}\n", id(n))
	}
	one := broadcast.Options{Workers: 1, BatchSize: 2}
	patient := broadcast.Reading{Pauses: []time.Duration{0, 0}}

	t.Run("its batch fails, the rest goes on", func(t *testing.T) {
		store := filled(t, 6)
		store.hook = failing(2, 3)
		job := texts(t, "@contact.name")
		got, contacts, err := collect(broadcast.Start(context.Background(), broadcast.Listed(store, space, ids(0, 1, 2, 3, 4, 5), impatient), job, one))
		require.NoError(t, err)
		assert.Equal(t, names(0, 1)+line(2)+line(3)+names(4, 5), got)
		assert.Equal(t, 6, contacts)
		assert.Equal(t, broadcast.Counts{Contacts: 6, OK: 4, Errors: 2}, job.Counts())
	})
	t.Run("it is asked again", func(t *testing.T) {
		store := filled(t, 6)
		store.hook = failing(2, 4)
		got, _, err := collect(broadcast.Start(context.Background(), broadcast.Listed(store, space, ids(0, 1, 2, 3, 4, 5), patient), texts(t, "@contact.name"), one))
		require.NoError(t, err)
		assert.Equal(t, names(0, 1, 2, 3, 4, 5), got)
	})
	t.Run("for good", func(t *testing.T) {
		store := filled(t, 20)
		store.hook = failing(2, 1000)
		got, _, err := collect(broadcast.Start(context.Background(), broadcast.Listed(store, space, ids(to(20, 1)...), impatient), texts(t, "@contact.name"), one))
		require.ErrorIs(t, err, contactstore.ErrUnavailable)
		assert.Equal(t, names(0, 1)+line(2)+line(3)+line(4)+line(5)+line(6)+line(7), got, "nobody is left out before the end")
	})
	t.Run("while all are listed", func(t *testing.T) {
		store := filled(t, 20)
		store.hook = failing(2, 1000)
		got, _, err := collect(broadcast.Start(context.Background(), everyone(store), texts(t, "@contact.name"), one))
		require.ErrorIs(t, err, contactstore.ErrUnavailable)
		assert.Equal(t, names(0, 1), got)
	})
	t.Run("while all are listed, for a moment", func(t *testing.T) {
		store := filled(t, 6)
		store.hook = failing(2, 4)
		got, _, err := collect(broadcast.Start(context.Background(), broadcast.Everyone(store, space, contactstore.Filter{}, patient), texts(t, "@contact.name"), one))
		require.NoError(t, err)
		assert.Equal(t, names(0, 1, 2, 3, 4, 5), got)
	})
	t.Run("while URNs are found", func(t *testing.T) {
		store := filled(t, 6)
		store.hook = failing(2, 3)
		urns := []contactstore.URN{urn(t, "tel:+13233750000"), urn(t, "tel:+13233750002"), urn(t, "tel:+13233750004")}
		got, _, err := collect(broadcast.Start(context.Background(), broadcast.ByURN(store, space, urns, impatient), texts(t, "@contact.name"), one))
		require.NoError(t, err)
		assert.Equal(t, fmt.Sprintf(`{"contact":%q,"urn":"tel:+13233750000","text":"C0"}
{"contact":null,"urn":"tel:+13233750002","error":{"code":"store_unavailable","message":"gone"}}
{"contact":%q,"urn":"tel:+13233750004","text":"C4"}
`, id(0), id(4)), got)
	})
	t.Run("too slow", func(t *testing.T) {
		store := filled(t, 2)
		store.hook = func(ctx context.Context, _ int) error {
			<-ctx.Done()
			return ctx.Err()
		}
		hasty := broadcast.Reading{Timeout: time.Millisecond, Pauses: []time.Duration{}}
		got, _, err := collect(broadcast.Start(context.Background(), broadcast.Listed(store, space, ids(0), hasty), texts(t, "@contact.name"), one))
		require.NoError(t, err)
		assert.Contains(t, got, "context deadline exceeded")
	})
}

// A record that is damaged fails alone: the others of its batch are read one by one.
func TestDamagedRecord(t *testing.T) {
	damaged := contactstore.Corrupt(id(2), "planted")
	store := &damagedStore{Store: filled(t, 4), id: id(2), err: damaged}
	got, _, err := collect(broadcast.Start(context.Background(), broadcast.Listed(store, space, ids(0, 1, 2, 9, 3), impatient), texts(t, "@contact.name"), broadcast.Options{}))
	require.NoError(t, err)
	assert.Equal(t, names(0, 1)+
		fmt.Sprintf("{\"contact\":%q,\"error\":{\"code\":\"corrupt_record\",\"message\":%q}}\n", id(2), damaged.Error())+
		fmt.Sprintf("{\"contact\":%q,\"error\":{\"code\":\"contact_not_found\",\"message\":%q}}\n", id(9), contactstore.NotFound(id(9)).Error())+
		names(3), got)
}

// damagedStore cannot read one of its records.
type damagedStore struct {
	contactstore.Store
	id  contactstore.UUID
	err error
}

func (s *damagedStore) GetMany(context.Context, string, []contactstore.UUID) ([]contactstore.Record, error) {
	return nil, s.err
}

func (s *damagedStore) Get(ctx context.Context, workspace string, id contactstore.UUID) (contactstore.Record, error) {
	if id == s.id {
		return contactstore.Record{}, s.err
	}
	return s.Store.Get(ctx, workspace, id)
}

// A panic ends its run, not the process.
func TestPanic(t *testing.T) {
	store := filled(t, 20)
	store.hook = func(context.Context, int) error { panic("secret") }
	for name, source := range map[string]broadcast.Source{"next": everyone(store), "load": broadcast.Listed(store, space, ids(1), impatient)} {
		t.Run(name, func(t *testing.T) {
			_, _, err := collect(broadcast.Start(context.Background(), source, texts(t, "@contact.name"), small))
			var panicked *broadcast.PanicError
			require.ErrorAs(t, err, &panicked)
			assert.Equal(t, "string", panicked.Type)
			assert.Contains(t, panicked.Stack, "run_test.go")
			assert.NotContains(t, err.Error(), "secret")
		})
	}
}

func TestManyRunsAtOnce(t *testing.T) {
	store := filled(t, 300)
	want := names(to(300, 1)...)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			got, _, err := collect(broadcast.Start(context.Background(), everyone(store), texts(t, "@contact.name"), small))
			assert.NoError(t, err)
			assert.Equal(t, want, got)
		})
	}
	group.Wait()
}

// Once every batch was used, a contact costs no allocation: what is left is the store's page for each batch.
func TestAllocations(t *testing.T) {
	store := memstore.New()
	const contacts, batch = 10_000, 500
	for i := range contacts {
		require.NoError(t, store.Put(context.Background(), record(t, i, fmt.Sprintf(`,"name":"Jane Doe","urns":["tel:+1323375%04d"]`, i))))
	}
	const source = "Hi @contact.first_name, we will use @contact.urn"
	for name, job := range map[string]func() broadcast.Job{
		"texts":  func() broadcast.Job { return texts(t, source) },
		"survey": func() broadcast.Job { return survey(t, source, nil) },
	} {
		t.Run(name, func(t *testing.T) {
			allocations := testing.AllocsPerRun(5, func() {
				run := broadcast.Start(context.Background(), everyone(store), job(), broadcast.Options{Workers: 2, BatchSize: batch})
				defer run.Close()
				for {
					if _, err := run.Next(); err != nil {
						break
					}
				}
			})
			assert.Less(t, allocations, contacts/20.0)
		})
	}
}
