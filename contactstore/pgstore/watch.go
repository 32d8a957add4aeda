package pgstore

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/flowexpr/flowexpr/contactstore"
)

const (
	// channel is where the database tells of contacts that changed; see migration 2.
	channel = "flowexpr_contacts"
	// quiet is how long nothing may come before the server is asked for a sign of life, and how long that may take.
	quiet = time.Second
	// again is the pause before a connection that ended is made anew.
	again = 100 * time.Millisecond
	// uuidLength is how a message begins.
	uuidLength = 36
)

var _ contactstore.Watcher = (*Store)(nil)

// Watch tells of contacts that any process changes, as the database does by NOTIFY, until ctx is done. It needs a
// connection of its own that is always the same one: a pooler that gives it a new one for each transaction will not do.
func (s *Store) Watch(ctx context.Context, to contactstore.Changes) {
	for ctx.Err() == nil {
		_ = s.listen(ctx, to) // whatever ended it, it begins anew
		select {
		case <-time.After(again):
		case <-ctx.Done():
		}
	}
}

// listen tells over one connection, until it ends.
func (s *Store) listen(ctx context.Context, to contactstore.Changes) error {
	dialing, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	config := s.pool.Config().ConnConfig
	if err := s.password(dialing, config); err != nil {
		return err
	}
	conn, err := pgx.ConnectConfig(dialing, config)
	if err != nil {
		return err
	}
	defer func() {
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), quiet)
		defer cancel()
		_ = conn.Close(closing)
	}()
	if _, err := conn.Exec(dialing, "listen "+channel); err != nil {
		return err
	}
	to.Following()
	defer to.Missing()
	for {
		if err := next(ctx, conn, to); err != nil {
			return err
		}
	}
}

// next waits for one message and passes it on; where none comes it makes sure that the server is there.
func next(ctx context.Context, conn *pgx.Conn, to contactstore.Changes) error {
	waiting, cancel := context.WithTimeout(ctx, quiet)
	defer cancel()
	message, err := conn.WaitForNotification(waiting)
	if err == nil {
		tell(message.Payload, to)
		return nil
	}
	if ctx.Err() != nil || !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	asking, cancel := context.WithTimeout(ctx, quiet)
	defer cancel()
	return conn.Ping(asking)
}

// tell passes a message on. One that is not understood may be about any contact.
func tell(message string, to contactstore.Changes) {
	if len(message) > uuidLength {
		if id, err := contactstore.ParseUUID(message[:uuidLength]); err == nil {
			to.Changed(message[uuidLength:], id)
			return
		}
	}
	to.Missing()
	to.Following()
}
