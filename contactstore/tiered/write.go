package tiered

import (
	"context"
	"errors"
	"time"

	"github.com/flowexpr/flowexpr/contactstore"
)

// Put stores a record in the system of record. When it returns, no cache of this process and not the shared one has what
// was there before, and other near caches have been told.
func (s *Store) Put(ctx context.Context, r contactstore.Record) error {
	if err := r.Storable(); err != nil {
		return err
	}
	of := []key{{Workspace: r.Workspace(), UUID: r.UUID()}}
	return s.write(ctx, of, r, func(ctx context.Context) error { return s.record.Put(ctx, r) })
}

// Delete removes a contact from the system of record and from the caches.
func (s *Store) Delete(ctx context.Context, workspace string, id contactstore.UUID, version uint64) error {
	of := []key{{Workspace: workspace, UUID: id}}
	return s.write(ctx, of, contactstore.Record{}, func(ctx context.Context) error { return s.record.Delete(ctx, workspace, id, version) })
}

// PutMany stores records in order, each as Put does. They are not put into the caches: nobody may ask for them soon.
func (s *Store) PutMany(ctx context.Context, rs []contactstore.Record) (errs []error, err error) {
	of := make([]key, 0, len(rs))
	seen := make(map[key]struct{}, len(rs))
	for _, r := range rs {
		if r.IsZero() {
			continue
		}
		k := key{Workspace: r.Workspace(), UUID: r.UUID()}
		if _, again := seen[k]; !again {
			seen[k] = struct{}{}
			of = append(of, k)
		}
	}
	err = s.write(ctx, of, contactstore.Record{}, func(ctx context.Context) error {
		errs, err = s.record.PutMany(ctx, rs)
		return err
	})
	return errs, err
}

// write runs a write of the system of record between its begin and its end in the caches. written is what is to be put
// into the shared cache where the write was done, the zero Record for nothing.
func (s *Store) write(ctx context.Context, of []key, written contactstore.Record, write func(ctx context.Context) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if s.shared == nil {
		err := write(ctx)
		s.wrote(of, err)
		return err
	}
	token := s.shared.begin(ctx, of)
	// The write ends before the shared cache gives it up and lets readers in again.
	within, cancel := context.WithTimeout(ctx, s.shared.cache.WriteLife()-time.Second)
	defer cancel()
	err := write(within)
	if ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) {
		err = &contactstore.Error{
			Code: "store_unavailable", Message: "the system of record did not end a write in time", Hint: "try again in a moment",
			Err: errors.Join(contactstore.ErrUnavailable, err),
		}
	}
	switch {
	case err == nil:
		s.shared.end(ctx, token, of, written)
	case refused(err):
		s.shared.end(ctx, token, of, contactstore.Record{})
	default: // it may be done yet: its token keeps the caches from it until that is decided
		s.shared.owe(of)
	}
	s.wrote(of, err)
	return err
}

// wrote forgets, after a write, what the near cache has of its contacts; also after one that failed, which may be done.
func (s *Store) wrote(of []key, err error) {
	s.counters.record.Writes.Add(uint64(len(of)))
	if err != nil && !refused(err) {
		_ = s.failed(err)
	}
	for _, k := range of {
		s.near.drop(k)
	}
}

// refused reports whether a write certainly was not done.
func refused(err error) bool {
	for _, no := range []error{contactstore.ErrVersion, contactstore.ErrConflict, contactstore.ErrInvalid, contactstore.ErrNotFound} {
		if errors.Is(err, no) {
			return true
		}
	}
	var ours *contactstore.Error
	return errors.As(err, &ours) && !errors.Is(err, contactstore.ErrUnavailable)
}
