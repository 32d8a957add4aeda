package broadcast_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/memstore"
	"github.com/flowexpr/flowexpr/engine"
	"github.com/flowexpr/flowexpr/server/broadcast"
	"github.com/flowexpr/flowexpr/vars"
)

const space = "default"

// impatient reads ask once.
var impatient = broadcast.Reading{Pauses: []time.Duration{}}

// small makes runs of many small batches.
var small = broadcast.Options{Workers: 3, BatchSize: 4, InFlight: 5}

// id gives the UUID of contact n: UUIDs sort as numbers do.
func id(n int) contactstore.UUID {
	u := contactstore.UUID{6: 0x40, 8: 0x80}
	binary.BigEndian.PutUint32(u[:], uint32(n))
	return u
}

func ids(numbers ...int) []contactstore.UUID {
	list := make([]contactstore.UUID, len(numbers))
	for i, n := range numbers {
		list[i] = id(n)
	}
	return list
}

func urn(t testing.TB, text string) contactstore.URN {
	t.Helper()
	parsed, err := contactstore.ParseURN(text)
	require.NoError(t, err)
	return parsed
}

// record makes contact n from JSON members.
func record(t testing.TB, n int, members string) contactstore.Record {
	t.Helper()
	contact, err := contactstore.ParseContact([]byte(fmt.Sprintf(`{"uuid":%q,"urns":[]%s}`, id(n), members)))
	require.NoError(t, err)
	contact.Workspace, contact.Version = space, 1
	r, err := contactstore.Encode(contact)
	require.NoError(t, err)
	return r
}

// filled is a store with contacts 0 to n-1, called C0 and so on; every third is in the group Testers, every second has a
// phone number.
func filled(t testing.TB, n int) *hookedStore {
	t.Helper()
	store := &hookedStore{Store: memstore.New()}
	for i := range n {
		members := fmt.Sprintf(`,"name":"C%d"`, i)
		if i%3 == 0 {
			members += `,"groups":[{"uuid":"b7cf0d83-f1c9-411c-96fd-c511a4cfa86d","name":"Testers"}]`
		}
		if i%2 == 0 {
			members += fmt.Sprintf(`,"urns":["tel:+1323375%04d"]`, i)
		}
		require.NoError(t, store.Put(context.Background(), record(t, i, members)))
	}
	return store
}

// hookedStore calls a hook before each read; an error of the hook is the read's.
type hookedStore struct {
	contactstore.Store
	mu    sync.Mutex
	reads int
	hook  func(ctx context.Context, read int) error
}

func (s *hookedStore) before(ctx context.Context) error {
	s.mu.Lock()
	s.reads++
	n, hook := s.reads, s.hook
	s.mu.Unlock()
	if hook == nil {
		return nil
	}
	return hook(ctx, n)
}

func (s *hookedStore) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reads
}

func (s *hookedStore) Get(ctx context.Context, workspace string, id contactstore.UUID) (contactstore.Record, error) {
	if err := s.before(ctx); err != nil {
		return contactstore.Record{}, err
	}
	return s.Store.Get(ctx, workspace, id)
}

func (s *hookedStore) GetMany(ctx context.Context, workspace string, ids []contactstore.UUID) ([]contactstore.Record, error) {
	if err := s.before(ctx); err != nil {
		return nil, err
	}
	return s.Store.GetMany(ctx, workspace, ids)
}

func (s *hookedStore) Find(ctx context.Context, workspace string, urn contactstore.URN) (contactstore.Record, error) {
	if err := s.before(ctx); err != nil {
		return contactstore.Record{}, err
	}
	return s.Store.Find(ctx, workspace, urn)
}

func (s *hookedStore) List(ctx context.Context, workspace string, after contactstore.UUID, limit int) ([]contactstore.Record, error) {
	if err := s.before(ctx); err != nil {
		return nil, err
	}
	return s.Store.List(ctx, workspace, after, limit)
}

var testEngine = sync.OnceValue(func() *engine.Engine {
	eng, err := engine.New(engine.Options{})
	if err != nil {
		panic(err)
	}
	return eng
})

func template(t testing.TB, source string) *engine.Template {
	t.Helper()
	compiled, err := testEngine().Template(source, vars.Roots{})
	require.NoError(t, err)
	return compiled
}

// describe tells of errors by their codes.
func describe(err error) (code, message string) {
	var known *contactstore.Error
	if errors.As(err, &known) {
		return known.Code, known.Message
	}
	return "error", err.Error()
}

// texts is the job of one template.
func texts(t testing.TB, source string) *broadcast.Texts {
	t.Helper()
	return broadcast.NewTexts([]broadcast.Named{{Template: template(t, source)}}, &vars.Scope{}, broadcast.TextOptions{Warnings: 10, Describe: describe})
}

// collect takes everything that a run gives.
func collect(run *broadcast.Run) (text string, contacts int, err error) {
	defer run.Close()
	for {
		chunk, err := run.Next()
		if errors.Is(err, io.EOF) {
			return text, contacts, nil
		}
		if err != nil {
			return text, contacts, err
		}
		text += string(chunk.Lines)
		contacts += chunk.Contacts
	}
}

func everyone(store contactstore.Store) broadcast.Source {
	return broadcast.Everyone(store, space, contactstore.Filter{}, impatient)
}
