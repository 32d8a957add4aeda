package tiered

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/tiered/rediscache"
)

// Options say which caches stand before a system of record. The zero value has none.
type Options struct {
	// NearBytes bounds the near cache, in bytes. 0 = no near cache.
	NearBytes int64
	// Watcher tells the near cache of changes by other processes. nil = there are no others that write.
	Watcher contactstore.Watcher
	// Shared is the shared cache. nil = none. Its MaxAge should be what SharedAge says.
	Shared *rediscache.Cache
	// MaxStaleness bounds how far what a read gives may be behind the system of record, whatever fails. Default 1 minute.
	MaxStaleness time.Duration
	// NothingLife is how long the near cache remembers that there is no such contact. Default 5 s, at most MaxStaleness/2.
	NothingLife time.Duration
	// SharedTimeout is after how long a call of the shared cache is given up, and the system of record asked. Default 200 ms.
	SharedTimeout time.Duration
}

// DefaultMaxStaleness is the default of Options.MaxStaleness.
const DefaultMaxStaleness = time.Minute

// SharedAge is how old a record in the shared cache may become: the near cache may keep it as long again.
func SharedAge(maxStaleness time.Duration) time.Duration { return maxStaleness / 2 }

func (o Options) withDefaults() Options {
	if o.MaxStaleness <= 0 {
		o.MaxStaleness = DefaultMaxStaleness
	}
	if o.NothingLife <= 0 {
		o.NothingLife = 5 * time.Second
	}
	if o.SharedTimeout <= 0 {
		o.SharedTimeout = 200 * time.Millisecond
	}
	return o
}

// Store is a contactstore.Store with caches before it. Safe for concurrent use.
type Store struct {
	record  contactstore.Store
	near    *near   // nil = none
	shared  *shared // nil = none
	owners  *owners // nil without near
	flights flights

	begun     time.Time
	nearBytes int64
	nearLife  time.Duration // of what the near cache keeps
	nothing   time.Duration // the same, of contacts that are not there

	counters counters
	stop     context.CancelFunc
	working  sync.WaitGroup
}

var _ contactstore.Fresher = (*Store)(nil)

// New puts caches before a system of record, which Close closes too. The near cache is used from when the watcher follows.
func New(record contactstore.Store, o Options) (*Store, error) {
	o = o.withDefaults()
	s := &Store{record: record, begun: time.Now(), nearBytes: max(o.NearBytes, 0), nearLife: o.MaxStaleness}
	s.flights.counters = &s.counters
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	if o.Shared != nil {
		age := SharedAge(o.MaxStaleness)
		s.nearLife -= age
		s.shared = newShared(o.Shared, o.SharedTimeout, age, s.clock, &s.counters)
		s.working.Go(func() { s.shared.pay(ctx) })
	}
	s.nothing = min(o.NothingLife, s.nearLife)
	if o.NearBytes <= 0 {
		return s, nil
	}
	if err := s.addNear(ctx, o); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Store) addNear(ctx context.Context, o Options) (err error) {
	ownerBytes := o.NearBytes / 8
	if s.owners, err = newOwners(ownerBytes); err != nil {
		return err
	}
	if s.near, err = newNear(o.NearBytes-ownerBytes, s.clock, &s.counters); err != nil {
		return err
	}
	if o.Watcher == nil {
		s.near.Following()
		return nil
	}
	s.working.Go(func() { o.Watcher.Watch(ctx, s.near) })
	return nil
}

// clock is the time since the store was made; it never goes back.
func (s *Store) clock() time.Duration { return time.Since(s.begun) }

// NearBytes is the size of the near cache, in bytes; 0 = there is none.
func (s *Store) NearBytes() int64 { return s.nearBytes }

// Unwrap gives the system of record.
func (s *Store) Unwrap() contactstore.Store { return s.record }

// Ping asks the system of record for an answer: without the caches the store still works.
func (s *Store) Ping(ctx context.Context) error { return s.record.Ping(ctx) }

// Close ends what follows changes and closes the system of record.
func (s *Store) Close() error {
	s.stop()
	s.working.Wait()
	return s.record.Close()
}

// List passes through: what is read once, a page after another, would only push out what is read often.
func (s *Store) List(ctx context.Context, workspace string, after contactstore.UUID, limit int) ([]contactstore.Record, error) {
	return s.record.List(ctx, workspace, after, limit)
}

// Settings pass through: the service reads them about once a second for each workspace.
func (s *Store) Settings(ctx context.Context, workspace string) (data []byte, version uint64, err error) {
	return s.record.Settings(ctx, workspace)
}

// PutSettings passes through.
func (s *Store) PutSettings(ctx context.Context, workspace string, data []byte, version uint64) error {
	return s.record.PutSettings(ctx, workspace, data, version)
}
