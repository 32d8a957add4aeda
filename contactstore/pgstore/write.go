package pgstore

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/flowexpr/flowexpr/contactstore"
)

const (
	// maxAttempts bounds how often a write that collided is repeated.
	maxAttempts = 16
	// maxBatch and maxBatchBytes bound what one transaction writes: a longer one would keep other writers waiting.
	maxBatch      = 500
	maxBatchBytes = 4 << 20
)

// Put stores a record over the version before its own, in one round trip.
func (s *Store) Put(ctx context.Context, r contactstore.Record) error {
	refused, err := s.PutMany(ctx, []contactstore.Record{r})
	if err != nil {
		return err
	}
	return refused[0]
}

// PutMany stores records in order, each as Put does, many in one transaction. Where it fails as a whole, those before
// may have been stored.
func (s *Store) PutMany(ctx context.Context, rs []contactstore.Record) ([]error, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	errs := make([]error, len(rs))
	var calls []call
	bytes := 0
	for i, r := range rs {
		if errs[i] = storable(r); errs[i] != nil {
			continue
		}
		if len(calls) == maxBatch || len(calls) > 0 && bytes+len(r.Bytes()) > maxBatchBytes {
			if err := s.put(ctx, calls); err != nil {
				return errs, err
			}
			calls, bytes = calls[:0], 0
		}
		calls = append(calls, call{r, &errs[i]})
		bytes += len(r.Bytes())
	}
	return errs, s.put(ctx, calls)
}

// call is one record to put, and where to say why it was refused.
type call struct {
	record  contactstore.Record
	refused *error
}

// put stores records in one transaction, and repeats it where another one was in its way.
func (s *Store) put(ctx context.Context, calls []call) error {
	if len(calls) == 0 {
		return nil
	}
	for attempt := 1; ; attempt++ {
		err := s.write(ctx, func(ctx context.Context) error { return s.tryPut(ctx, calls) })
		if !collided(err) {
			return err
		}
		if attempt == maxAttempts {
			return s.putAlone(ctx, calls, err)
		}
		if err := pause(ctx, attempt); err != nil {
			return err
		}
	}
}

// putAlone stores each record in a transaction of its own, which holds nothing that others wait for in a circle.
func (s *Store) putAlone(ctx context.Context, calls []call, err error) error {
	if len(calls) == 1 {
		return err
	}
	for i := range calls {
		if err := s.put(ctx, calls[i:i+1]); err != nil {
			return err
		}
	}
	return nil
}

// tryPut sends the calls at once; they are one transaction.
func (s *Store) tryPut(ctx context.Context, calls []call) error {
	batch := &pgx.Batch{}
	for _, c := range calls {
		batch.Queue(putQuery, arguments(c.record)...)
	}
	answers := s.pool.SendBatch(ctx, batch)
	for _, c := range calls {
		var answer string
		var urn *string
		if err := answers.QueryRow().Scan(&answer, &urn); err != nil {
			_ = answers.Close() // its error is the same one
			return err
		}
		*c.refused = refusal(c.record, answer, urn)
	}
	return answers.Close() // commits
}

// refusal is put_contact's answer as an error, nil where it stored the record.
func refusal(r contactstore.Record, answer string, urn *string) error {
	switch {
	case answer == "stored":
		return nil
	case answer == "stale":
		return contactstore.Stale(r.UUID())
	case answer == "taken" && urn != nil:
		return contactstore.Conflict(*urn)
	case answer == "damaged":
		return contactstore.Corrupt(r.UUID(), "it is not what was stored")
	}
	return fmt.Errorf("put_contact answered %q, want stored, stale, taken or damaged", answer)
}

// Delete removes a contact and gives its URNs back.
func (s *Store) Delete(ctx context.Context, workspace string, id contactstore.UUID, version uint64) error {
	if err := ready(ctx, workspace); err != nil {
		return err
	}
	const query = `with gone as (delete from contacts where workspace = $1 and uuid = $2 and ($3::bigint = 0 or version = $3) returning 1)
		select exists (select from gone), exists (select from contacts where workspace = $1 and uuid = $2)`
	var gone, was bool
	err := s.repeat(ctx, func(ctx context.Context) error {
		return s.pool.QueryRow(ctx, query, workspace, id, number(version)).Scan(&gone, &was)
	})
	switch {
	case err != nil:
		return err
	case gone:
		return nil
	case was && version != 0:
		return contactstore.Stale(id)
	}
	return contactstore.NotFound(id)
}

// PutSettings stores settings over the version before theirs.
func (s *Store) PutSettings(ctx context.Context, workspace string, data []byte, version uint64) error {
	if err := ready(ctx, workspace); err != nil {
		return err
	}
	query := "update settings set data = $2, version = $3 where workspace = $1 and version = $3 - 1"
	if version == 1 {
		query = "insert into settings (workspace, data, version) values ($1, $2, $3) on conflict do nothing"
	}
	if data == nil {
		data = []byte{}
	}
	var changed int64
	err := s.repeat(ctx, func(ctx context.Context) error {
		tag, err := s.pool.Exec(ctx, query, workspace, data, number(version))
		changed = tag.RowsAffected()
		return err
	})
	if err == nil && changed == 0 {
		err = contactstore.StaleSettings(workspace)
	}
	return err
}

// repeat runs a write of one statement, again where it collided with another.
func (s *Store) repeat(ctx context.Context, call func(ctx context.Context) error) error {
	for attempt := 1; ; attempt++ {
		err := s.write(ctx, call)
		if !collided(err) || attempt == maxAttempts {
			return err
		}
		if err := pause(ctx, attempt); err != nil {
			return err
		}
	}
}

// number is a version as the database counts; one that it cannot count to is a version that no contact has.
func number(version uint64) int64 {
	if version > math.MaxInt64 {
		return -1
	}
	return int64(version)
}

// pause waits a little, at random, so that writers that collided do not collide again.
func pause(ctx context.Context, attempt int) error {
	timer := time.NewTimer(rand.N(time.Duration(attempt) * 2 * time.Millisecond))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
