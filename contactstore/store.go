package contactstore

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"
)

// Store keeps contacts and settings. All methods are safe for concurrent use and end with the context's error when it
// is done. Package storetest holds what every store must do.
type Store interface {
	// Get gives one contact, or an error that matches ErrNotFound.
	Get(ctx context.Context, workspace string, id UUID) (Record, error)
	// GetMany gives several contacts in the order asked for, the zero Record for those that are not there.
	GetMany(ctx context.Context, workspace string, ids []UUID) ([]Record, error)
	// Find gives the contact that has a URN's identity, or an error that matches ErrNotFound.
	Find(ctx context.Context, workspace string, urn URN) (Record, error)
	// List gives up to limit contacts after a UUID, in the order of UUIDs; fewer than limit are the last ones.
	List(ctx context.Context, workspace string, after UUID, limit int) ([]Record, error)
	// Put stores a record whose version is the stored one's plus 1, or 1 for a new contact. Errors match ErrVersion, or
	// ErrConflict when another contact has one of its URNs.
	Put(ctx context.Context, r Record) error
	// PutMany stores records in order, each as Put does, and gives an error for each, nil where it was stored. Its
	// second result is for the call as a whole.
	PutMany(ctx context.Context, rs []Record) ([]error, error)
	// Delete removes a contact of a version, 0 = any, and gives its URNs back.
	Delete(ctx context.Context, workspace string, id UUID, version uint64) error
	// Settings gives a workspace's settings as they were put and their version; nil and 0 when there are none.
	Settings(ctx context.Context, workspace string) (data []byte, version uint64, err error)
	// PutSettings stores settings whose version is the stored one's plus 1.
	PutSettings(ctx context.Context, workspace string, data []byte, version uint64) error
	// Ping asks whether the store answers.
	Ping(ctx context.Context) error
	// Close lets go of what the store holds.
	Close() error
}

// maxAttempts bounds how often Update repeats a change that lost a race.
const maxAttempts = 10

// Update reads a contact, changes it and puts it back; it repeats this when somebody else was faster. A change that
// changes nothing is not written. After maxAttempts lost races the error matches ErrVersion.
func Update(ctx context.Context, store Store, workspace string, id UUID, edit func(*Contact) (Change, error)) (Record, Change, error) {
	for attempt := 1; ; attempt++ {
		r, err := store.Get(ctx, workspace, id)
		if err != nil {
			return Record{}, Change{}, err
		}
		c, err := r.Contact()
		if err != nil {
			return Record{}, Change{}, err
		}
		change, err := edit(c)
		if err != nil || !change.Changed {
			return r, change, err
		}
		c.Version++
		if r, err = Encode(c); err != nil {
			return Record{}, Change{}, err
		}
		err = store.Put(ctx, r)
		if err == nil {
			return r, change, nil
		}
		if !errors.Is(err, ErrVersion) || attempt == maxAttempts {
			return Record{}, Change{}, err
		}
		if err := pause(ctx, attempt); err != nil {
			return Record{}, Change{}, err
		}
	}
}

// pause waits a little, at random, so that writers that collided do not collide again.
func pause(ctx context.Context, attempt int) error {
	timer := time.NewTimer(rand.N(time.Duration(attempt) * time.Millisecond))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
