package embedded

import (
	"context"

	bolt "go.etcd.io/bbolt"

	"github.com/flowexpr/flowexpr/contactstore"
)

// write is one call that changes the file: what it does in a transaction that it may share with others.
type write struct {
	// apply gives the reason why a change was refused in errs, and has then changed nothing. An
	// error that it returns is the file's, and ends the transaction for everybody in it.
	apply func(tx *bolt.Tx) (errs []error, err error)
	size  int // records

	errs []error
	err  error
	done chan struct{}
}

// Put stores a record over the version before its own.
func (s *Store) Put(ctx context.Context, r contactstore.Record) error {
	if err := r.Storable(); err != nil {
		return err
	}
	return s.one(ctx, func(tx *bolt.Tx) (error, error) { return put(tx, r) })
}

// PutMany stores records in order, each as Put does, in one transaction.
func (s *Store) PutMany(ctx context.Context, rs []contactstore.Record) ([]error, error) {
	return s.do(ctx, len(rs), func(tx *bolt.Tx) ([]error, error) {
		errs := make([]error, len(rs))
		for i, r := range rs {
			if errs[i] = r.Storable(); errs[i] != nil {
				continue
			}
			var err error
			if errs[i], err = put(tx, r); err != nil {
				return nil, err
			}
		}
		return errs, nil
	})
}

// Delete removes a contact and gives its URNs back.
func (s *Store) Delete(ctx context.Context, workspace string, id contactstore.UUID, version uint64) error {
	return s.one(ctx, func(tx *bolt.Tx) (error, error) { return remove(tx, workspace, id, version) })
}

// PutSettings stores settings over the version before theirs.
func (s *Store) PutSettings(ctx context.Context, workspace string, data []byte, version uint64) error {
	stored := encodeSettings(data, version)
	return s.one(ctx, func(tx *bolt.Tx) (error, error) {
		bucket := tx.Bucket(settingsBucket)
		_, before, err := decodeSettings(bucket.Get([]byte(workspace)))
		if err != nil {
			return err, nil
		}
		if version != before+1 {
			return contactstore.StaleSettings(workspace), nil
		}
		return nil, bucket.Put([]byte(workspace), stored)
	})
}

// one runs a change that is refused or done as a whole.
func (s *Store) one(ctx context.Context, change func(tx *bolt.Tx) (refused, err error)) error {
	errs, err := s.do(ctx, 1, func(tx *bolt.Tx) ([]error, error) {
		refused, err := change(tx)
		return []error{refused}, err
	})
	if err != nil {
		return err
	}
	return errs[0]
}

// do hands a write to the writer and waits until it is on disk. A caller that leaves
// while its write is under way gets the context's error and cannot know whether it was done.
func (s *Store) do(ctx context.Context, size int, apply func(tx *bolt.Tx) ([]error, error)) ([]error, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	w := &write{apply: apply, size: size, done: make(chan struct{})}
	if err := s.send(ctx, w); err != nil {
		return nil, err
	}
	select {
	case <-w.done:
		return w.errs, w.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (s *Store) send(ctx context.Context, w *write) error {
	s.gate.RLock()
	defer s.gate.RUnlock()
	if s.closed {
		return unavailable("write", s.path, errClosed)
	}
	select {
	case s.writes <- w:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// writeAll is the writer: it takes what has gathered since the last transaction into the next.
func (s *Store) writeAll() {
	for first := range s.writes {
		gathered := s.gather(first)
		err := s.db.Update(func(tx *bolt.Tx) error {
			for _, w := range gathered {
				if w.errs, w.err = w.apply(tx); w.err != nil {
					return w.err
				}
			}
			return nil
		})
		for _, w := range gathered {
			if err != nil { // nothing of the transaction was kept
				w.errs, w.err = nil, unavailable("write", s.path, err)
			}
			close(w.done)
		}
	}
}

func (s *Store) gather(first *write) []*write {
	gathered := []*write{first}
	for size := first.size; size < s.options.MaxGather; {
		select {
		case w, open := <-s.writes:
			if !open {
				return gathered
			}
			gathered = append(gathered, w)
			size += w.size
		default:
			return gathered
		}
	}
	return gathered
}

// put changes nothing where it refuses: all checks come before the first change.
func put(tx *bolt.Tx, r contactstore.Record) (refused, err error) {
	in, err := writeSpace(tx, r.Workspace())
	if err != nil {
		return nil, err
	}
	id := r.UUID()
	before, refused := in.get(id)
	if refused != nil {
		return refused, nil
	}
	if r.Version() != before.Version()+1 {
		return contactstore.Stale(id), nil
	}
	for identity := range r.Identities() {
		if owner, taken := in.owner(identity); taken && owner != id {
			return contactstore.Conflict(identity), nil
		}
	}
	if err := in.own(id, before, r); err != nil {
		return nil, err
	}
	return nil, in.contacts.Put(id[:], []byte(r.Bytes()))
}

// own gives back the URNs that a contact no longer has and takes those that are new to it.
func (in space) own(id contactstore.UUID, before, after contactstore.Record) error {
	for identity := range before.Identities() {
		if !after.Has(identity) {
			if err := in.urns.Delete([]byte(identity)); err != nil {
				return err
			}
		}
	}
	for identity := range after.Identities() {
		if _, taken := in.owner(identity); taken {
			continue // checked to be this contact's own
		}
		if err := in.urns.Put([]byte(identity), id[:]); err != nil {
			return err
		}
	}
	return nil
}

func remove(tx *bolt.Tx, workspace string, id contactstore.UUID, wanted uint64) (refused, err error) {
	in, err := writeSpace(tx, workspace)
	if err != nil {
		return nil, err
	}
	r, refused := in.get(id)
	switch {
	case refused != nil:
		return refused, nil
	case r.IsZero():
		return contactstore.NotFound(id), nil
	case wanted != 0 && wanted != r.Version():
		return contactstore.Stale(id), nil
	}
	if err := in.own(id, r, contactstore.Record{}); err != nil {
		return nil, err
	}
	return nil, in.contacts.Delete(id[:])
}
