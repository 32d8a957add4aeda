// Package embedded keeps contacts in one file of this machine, with bbolt.
//
//	store, err := embedded.Open(dir, embedded.Options{})
//	err = store.Put(ctx, record)
//
// # Durability
//
// A write that returned without an error is on disk: it survives a crash of the
// process and of the machine. A durable write takes the disk its time, so one
// goroutine writes for all: whatever arrived while a transaction was being
// synced goes together into the next. A lone writer never waits for company.
//
// # One process
//
// One process holds the file. A second one is told who has it, and that
// --url goes through it (Error code store_in_use).
//
// # Layout
//
//	contacts/WORKSPACE   bucket: UUID (16 bytes) → record
//	urns/WORKSPACE       bucket: URN identity → UUID (16 bytes)
//	settings             bucket: WORKSPACE → version (8 bytes, big endian), JSON
//	format               bucket: "version" → "1"
package embedded

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"github.com/flowexpr/flowexpr/contactstore"
)

// FileName is the data file inside the directory that Open is given.
const FileName = "contacts.db"

// Options tune a store. The zero value works.
type Options struct {
	// LockTimeout is how long Open waits for another process to let the file go. Default 1 s.
	LockTimeout time.Duration
	// MaxGather is the most records written in one transaction, apart from a larger PutMany. Default 1000.
	MaxGather int
}

func (o Options) withDefaults() Options {
	if o.LockTimeout <= 0 {
		o.LockTimeout = time.Second
	}
	if o.MaxGather <= 0 {
		o.MaxGather = 1000
	}
	return o
}

// Store is a contactstore.Store in one file. Safe for concurrent use.
type Store struct {
	db      *bolt.DB
	path    string
	options Options

	gate    sync.RWMutex // held to send on writes, so that Close may close it
	closed  bool
	writes  chan *write
	writing sync.WaitGroup
}

var _ contactstore.Store = (*Store)(nil)

// Open opens the store in a directory, which is made where there is none.
// Where another process has the store, the error has the code store_in_use and matches contactstore.ErrUnavailable.
func Open(dir string, options Options) (*Store, error) {
	options = options.withDefaults()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, unavailable("open", dir, err)
	}
	path := filepath.Join(dir, FileName)
	db, err := bolt.Open(path, 0o600, &bolt.Options{Timeout: options.LockTimeout, FreelistType: bolt.FreelistMapType})
	if errors.Is(err, bolterrors.ErrTimeout) {
		return nil, inUse(path)
	}
	if err != nil {
		return nil, unavailable("open", path, err)
	}
	if err := db.Update(prepare); err != nil {
		return nil, errors.Join(unavailable("open", path, err), db.Close())
	}
	leaveNote(path)
	s := &Store{db: db, path: path, options: options, writes: make(chan *write, 256)}
	s.writing.Go(s.writeAll)
	return s, nil
}

// Close waits for the writes under way and lets the file go. Later calls fail with contactstore.ErrUnavailable.
func (s *Store) Close() error {
	s.gate.Lock()
	if s.closed {
		s.gate.Unlock()
		return nil
	}
	s.closed = true
	close(s.writes)
	s.gate.Unlock()
	s.writing.Wait()
	removeNote(s.path)
	return s.db.Close()
}

// Ping fails once the store is closed.
func (s *Store) Ping(ctx context.Context) error {
	return s.view(ctx, func(*bolt.Tx) error { return nil })
}

// view runs one read transaction.
func (s *Store) view(ctx context.Context, read func(tx *bolt.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	err := s.db.View(read)
	if errors.Is(err, bolterrors.ErrDatabaseNotOpen) {
		return unavailable("read", s.path, errClosed)
	}
	return err
}
