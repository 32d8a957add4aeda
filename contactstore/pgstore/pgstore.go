package pgstore

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/flowexpr/flowexpr/contactstore"
)

// Options tune a store. The zero value works.
type Options struct {
	// DialTimeout bounds one attempt to connect to one host, and to find out whether an idle connection is alive. Default 2 s.
	DialTimeout time.Duration
	// Timeout bounds one attempt at a call, the wait for a free connection included. Default 5 s.
	Timeout time.Duration
	// MaxConns is the most connections. Default what the DSN says as pool_max_conns, else 16.
	MaxConns int
	// PasswordFile holds the password, in place of one in the DSN. It is read for each connection, so that a new
	// password needs no restart. A line break at its end does not belong to the password.
	PasswordFile string
	// Silent writers do not have the database tell of their writes, for where all who would listen hear of them otherwise.
	Silent bool
}

func (o Options) withDefaults() Options {
	if o.DialTimeout <= 0 {
		o.DialTimeout = 2 * time.Second
	}
	if o.Timeout <= 0 {
		o.Timeout = 5 * time.Second
	}
	return o
}

// Store is a contactstore.Store in PostgreSQL. Safe for concurrent use.
type Store struct {
	pool    *pgxpool.Pool
	address string
	options Options
	timeout time.Duration
	closed  atomic.Bool
	id      string
}

var _ contactstore.Store = (*Store)(nil)

// Open connects to the database that a DSN names, and brings its schema up to date:
//
//	postgres://user:password@host:port/database?sslmode=verify-full
//	host=… user=… dbname=…
//
// What the DSN leaves out comes from the PG… environment variables and the password file, as with psql. A DSN that
// cannot be read gives an Error with the code invalid_address, a schema newer than the program one with
// schema_too_new; a server that does not answer one that matches contactstore.ErrUnavailable.
func Open(ctx context.Context, dsn string, options Options) (*Store, error) {
	s, _, err := open(ctx, dsn, options)
	return s, err
}

// Migrate brings the schema of a database up to date, and does nothing else.
func Migrate(ctx context.Context, dsn string, options Options) (Migrated, error) {
	s, migrated, err := open(ctx, dsn, options)
	if err != nil {
		return Migrated{}, err
	}
	return migrated, s.Close()
}

func open(ctx context.Context, dsn string, options Options) (*Store, Migrated, error) {
	options = options.withDefaults()
	config, err := parse(dsn, options)
	if err != nil {
		return nil, Migrated{}, err
	}
	s := &Store{address: address(config), options: options, timeout: options.Timeout}
	config.BeforeConnect = s.password
	if s.pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return nil, Migrated{}, s.failed(ctx, err)
	}
	migrated, err := s.migrate(ctx)
	if err == nil {
		err = s.identify(ctx)
	}
	if err != nil {
		s.pool.Close()
		return nil, Migrated{}, err
	}
	return s, migrated, nil
}

// identify asks the database which one it is.
func (s *Store) identify(ctx context.Context) error {
	return s.read(ctx, func(ctx context.Context) error {
		return s.pool.QueryRow(ctx, "select id::text from identity").Scan(&s.id)
	})
}

// Identity tells the database from all others, also where it moves to another server: a UUID.
func (s *Store) Identity() string { return s.id }

// Address names the servers: host:port, several parted by commas.
func (s *Store) Address() string { return s.address }

// Pool is the connections, for what goes beyond a Store. Close of the store closes it.
func (s *Store) Pool() *pgxpool.Pool { return s.pool }

// Ping asks the server for an answer.
func (s *Store) Ping(ctx context.Context) error { return s.read(ctx, s.pool.Ping) }

// Close waits for the calls under way and closes the connections. Later calls fail with contactstore.ErrUnavailable.
func (s *Store) Close() error {
	s.closed.Store(true)
	s.pool.Close()
	return nil
}

// read runs a call that changes nothing, and may so be tried on a second connection where the first one broke.
func (s *Store) read(ctx context.Context, call func(ctx context.Context) error) error {
	return s.try(ctx, call, broken)
}

// write runs a call that changes something; it is only tried again where nothing was sent.
func (s *Store) write(ctx context.Context, call func(ctx context.Context) error) error {
	return s.try(ctx, call, unsent)
}

// try runs a call within the timeout, a second time where again says so.
func (s *Store) try(ctx context.Context, call func(ctx context.Context) error, again func(error) bool) error {
	err := s.bounded(ctx, call)
	if err != nil && again(err) {
		err = s.bounded(ctx, call)
	}
	return s.failed(ctx, err)
}

func (s *Store) bounded(ctx context.Context, call func(ctx context.Context) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if s.closed.Load() {
		return errClosed
	}
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	err := call(ctx)
	if broken(err) {
		s.pool.Reset() // a server that went away took all connections with it
	}
	return err
}
