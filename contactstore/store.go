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

// Fresher is a store whose Get may give a record that is a little old, such as one that a cache has.
type Fresher interface {
	Store
	// GetFresh is Get past all caches.
	GetFresh(ctx context.Context, workspace string, id UUID) (Record, error)
	// GetAged is Get that also says how far the record may be behind.
	GetAged(ctx context.Context, workspace string, id UUID) (r Record, age time.Duration, err error)
}

// GetAged gives a contact, and how far it may be behind; 0 where a store has no caches.
func GetAged(ctx context.Context, store Store, workspace string, id UUID) (r Record, age time.Duration, err error) {
	if f, ok := store.(Fresher); ok {
		return f.GetAged(ctx, workspace, id)
	}
	r, err = store.Get(ctx, workspace, id)
	return r, 0, err
}

// GetFresh gives a contact as it is now, whatever caches a store has.
func GetFresh(ctx context.Context, store Store, workspace string, id UUID) (Record, error) {
	if f, ok := store.(Fresher); ok {
		return f.GetFresh(ctx, workspace, id)
	}
	return store.Get(ctx, workspace, id)
}

// Update reads a contact, changes it and puts it back; it repeats this when somebody else was faster. A change that
// changes nothing is not written. After maxAttempts lost races the error matches ErrVersion.
//
// The first attempt may read from a cache: if the record is old, the write is refused. Where there would be no write,
// nobody would notice, so that the change is tried again on the contact as it is now.
func Update(ctx context.Context, store Store, workspace string, id UUID, edit func(*Contact) (Change, error)) (Record, Change, error) {
	if _, cached := store.(Fresher); cached {
		r, change, err := update(ctx, store, store.Get, workspace, id, edit)
		if err == nil && change.Changed {
			return r, change, nil
		}
		if ctx.Err() != nil || errors.Is(err, ErrUnavailable) { // the write may have been done
			return r, change, err
		}
	}
	read := func(ctx context.Context, workspace string, id UUID) (Record, error) {
		return GetFresh(ctx, store, workspace, id)
	}
	for attempt := 1; ; attempt++ {
		r, change, err := update(ctx, store, read, workspace, id, edit)
		var race lostRace
		if !errors.As(err, &race) {
			return r, change, err
		}
		if attempt == maxAttempts {
			return r, change, race.error
		}
		if err := pause(ctx, attempt); err != nil {
			return Record{}, Change{}, err
		}
	}
}

// update tries a change once.
func update(ctx context.Context, store Store, read func(context.Context, string, UUID) (Record, error), workspace string, id UUID,
	edit func(*Contact) (Change, error),
) (Record, Change, error) {
	r, err := read(ctx, workspace, id)
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
	if err := store.Put(ctx, r); err != nil {
		if errors.Is(err, ErrVersion) {
			err = lostRace{err}
		}
		return Record{}, Change{}, err
	}
	return r, change, nil
}

// lostRace is the error of a write that came too late, apart from what an edit may say itself.
type lostRace struct{ error }

func (r lostRace) Unwrap() error { return r.error }

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
