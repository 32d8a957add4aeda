package broadcast

import (
	"context"
	"io"
	"slices"

	"github.com/flowexpr/flowexpr/contactstore"
)

// Listed gives the contacts of some UUIDs, in their order.
func Listed(store contactstore.Store, workspace string, ids []contactstore.UUID, reading Reading) Source {
	return &listed{store: store, workspace: workspace, ids: ids, reading: reading.withDefaults()}
}

type listed struct {
	store     contactstore.Store
	workspace string
	ids       []contactstore.UUID // not yet given
	reading   Reading
}

func (s *listed) Next(_ context.Context, b *Batch) error {
	n := min(b.size, len(s.ids))
	for _, id := range s.ids[:n] {
		b.Items = append(b.Items, Item{Contact: id})
	}
	if s.ids = s.ids[n:]; len(s.ids) == 0 {
		return io.EOF
	}
	return nil
}

// Load reads all records at once and, where one of them cannot be read, one by one.
func (s *listed) Load(ctx context.Context, b *Batch) error {
	b.ids = b.ids[:0]
	for i := range b.Items {
		b.ids = append(b.ids, b.Items[i].Contact)
	}
	records, err := read(ctx, s.reading, func(ctx context.Context) ([]contactstore.Record, error) {
		return s.store.GetMany(ctx, s.workspace, b.ids)
	})
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case isAway(err):
		b.fail(err)
		return nil
	case err != nil:
		return s.loadEach(ctx, b)
	}
	for i := range b.Items {
		if b.Items[i].Record = records[i]; records[i].IsZero() {
			b.Items[i].Err = contactstore.NotFound(b.Items[i].Contact)
		}
	}
	return nil
}

func (s *listed) loadEach(ctx context.Context, b *Batch) error {
	return loadEach(ctx, b, s.reading, func(ctx context.Context, item *Item) (contactstore.Record, error) {
		return s.store.Get(ctx, s.workspace, item.Contact)
	})
}

// loadEach reads the records of a batch one by one, until the store is away.
func loadEach(ctx context.Context, b *Batch, reading Reading, get func(context.Context, *Item) (contactstore.Record, error)) error {
	for i := range b.Items {
		item := &b.Items[i]
		item.Record, item.Err = read(ctx, reading, func(ctx context.Context) (contactstore.Record, error) { return get(ctx, item) })
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if isAway(item.Err) {
			rest := Batch{Items: b.Items[i:]}
			rest.fail(item.Err)
			b.away = item.Err
			return nil
		}
	}
	return nil
}

// ByURN gives the contacts that have some URNs, in the order of the URNs.
func ByURN(store contactstore.Store, workspace string, urns []contactstore.URN, reading Reading) Source {
	return &byURN{store: store, workspace: workspace, urns: urns, reading: reading.withDefaults()}
}

type byURN struct {
	store     contactstore.Store
	workspace string
	urns      []contactstore.URN // not yet given
	reading   Reading
}

// maxFinds is the most URNs in one batch. Stores find them one by one, so that small batches keep more workers asking.
const maxFinds = 50

func (s *byURN) Next(_ context.Context, b *Batch) error {
	n := min(b.size, len(s.urns), maxFinds)
	for _, urn := range s.urns[:n] {
		b.Items = append(b.Items, Item{URN: urn})
	}
	if s.urns = s.urns[n:]; len(s.urns) == 0 {
		return io.EOF
	}
	return nil
}

func (s *byURN) Load(ctx context.Context, b *Batch) error {
	err := loadEach(ctx, b, s.reading, func(ctx context.Context, item *Item) (contactstore.Record, error) {
		return s.store.Find(ctx, s.workspace, item.URN)
	})
	for i := range b.Items {
		if item := &b.Items[i]; !item.Record.IsZero() {
			item.Contact = item.Record.UUID()
		}
	}
	return err
}

// Everyone gives the contacts of a workspace that a filter chooses, in the order of UUIDs.
func Everyone(store contactstore.Store, workspace string, filter contactstore.Filter, reading Reading) Source {
	return &everyone{store: store, workspace: workspace, filter: filter, reading: reading.withDefaults()}
}

type everyone struct {
	store     contactstore.Store
	workspace string
	filter    contactstore.Filter
	after     contactstore.UUID
	reading   Reading
}

func (s *everyone) Next(ctx context.Context, b *Batch) error {
	records, err := read(ctx, s.reading, func(ctx context.Context) ([]contactstore.Record, error) {
		return s.store.List(ctx, s.workspace, s.after, b.size)
	})
	if err != nil {
		return err
	}
	for _, r := range records {
		b.Items = append(b.Items, Item{Contact: r.UUID(), Record: r})
	}
	if len(records) < b.size {
		return io.EOF
	}
	s.after = records[len(records)-1].UUID()
	return nil
}

// Load leaves out those that the filter does not choose.
func (s *everyone) Load(_ context.Context, b *Batch) error {
	if !s.filter.IsZero() {
		b.Items = slices.DeleteFunc(b.Items, func(item Item) bool { return !s.filter.Match(item.Record) })
	}
	return nil
}
