package pgstore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/flowexpr/flowexpr/contactstore"
)

// SQLSTATE codes and the classes that some begin with; see appendix A of PostgreSQL's manual.
const (
	uniqueViolation      = "23505"
	serializationFailure = "40001"
	deadlockDetected     = "40P01"
	connectionClass      = "08"
	dataClass            = "22"
	authorizationClass   = "28"
	shutdownClass        = "57P"
)

var errClosed = errors.New("the store is closed")

// state is the SQLSTATE of PostgreSQL's own errors, "" of all others.
func state(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// broken reports whether a connection went away in the middle of a call. One that could not be made is not meant:
// that would fail again at once, and take twice the time.
func broken(err error) bool {
	var connect *pgconn.ConnectError
	var ours *contactstore.Error
	switch {
	case err == nil, errors.As(err, &connect), errors.As(err, &ours), errors.Is(err, errClosed),
		errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return false
	}
	code := state(err)
	return code == "" || strings.HasPrefix(code, connectionClass) || strings.HasPrefix(code, shutdownClass)
}

// unsent reports whether a connection was found broken before the server could hear of the call.
func unsent(err error) bool { return broken(err) && pgconn.SafeToRetry(err) }

// collided reports whether PostgreSQL undid a transaction because another one was in its way.
func collided(err error) bool {
	switch state(err) {
	case uniqueViolation, serializationFailure, deadlockDetected:
		return true
	}
	return false
}

// failed makes the driver's error ours: the context's own when the caller left, else ErrUnavailable with the address.
func (s *Store) failed(ctx context.Context, err error) error {
	var ours *contactstore.Error
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &ours):
		return ours
	}
	hint := "is the server running, and the address right?"
	if strings.HasPrefix(state(err), authorizationClass) {
		hint = "check the user, the password, and the server's pg_hba.conf"
	}
	return &contactstore.Error{
		Code: "store_unavailable", Message: "postgres at " + s.address + ": " + s.reason(err),
		Hint: hint, Err: errors.Join(contactstore.ErrUnavailable, err),
	}
}

// reason is the driver's error in one line, without a password or a contact's data.
func (s *Store) reason(err error) string {
	var e *pgconn.PgError
	var connect *pgconn.ConnectError
	switch {
	case errors.As(err, &e) && strings.HasPrefix(e.Code, dataClass): // its message quotes the data
		return fmt.Sprintf("it refused a value (%s)", e.Code)
	case errors.As(err, &e):
		return fmt.Sprintf("%s (%s)", e.Message, e.Code)
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Sprintf("no answer within %s", s.timeout)
	case errors.As(err, &connect): // a line for each attempt, two for a host that is tried with TLS and without
		attempts := strings.Split(connect.Unwrap().Error(), "\n")
		return strings.Join(slices.Compact(attempts), "; ")
	}
	return strings.Join(strings.Fields(err.Error()), " ")
}
