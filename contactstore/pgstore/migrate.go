package pgstore

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"github.com/flowexpr/flowexpr/contactstore"
)

//go:embed migrations/*.sql
var migrations embed.FS

const (
	// migrationsTable is where the database remembers its version.
	migrationsTable = "flowexpr_migrations"
	// migrationLock is an advisory lock, which lets one process of many migrate: "flowexpr" as a number.
	migrationLock = int64(0x666c6f7765787072)
)

// Migrated says what became of a schema.
type Migrated struct {
	From, To int64 // versions; 0 = an empty database
}

// migrate brings the schema up to date. It takes as long as its context allows: changing a large table is slow.
func (s *Store) migrate(ctx context.Context) (Migrated, error) {
	// A connection of its own: whatever ends it, a crash included, gives the lock back.
	config := s.pool.Config().ConnConfig
	if err := s.password(ctx, config); err != nil {
		return Migrated{}, err
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return Migrated{}, s.failed(ctx, err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, "select pg_advisory_lock($1)", migrationLock); err != nil {
		return Migrated{}, s.failed(ctx, err)
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return Migrated{}, err
	}
	db := stdlib.OpenDBFromPool(s.pool)
	defer db.Close()
	provider, err := goose.NewProvider(goose.DialectPostgres, db, files, goose.WithTableName(migrationsTable), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return Migrated{}, fmt.Errorf("migrations: %w", err)
	}
	return s.migrateLocked(ctx, provider)
}

func (s *Store) migrateLocked(ctx context.Context, provider *goose.Provider) (Migrated, error) {
	from, to, err := provider.GetVersions(ctx)
	if err != nil {
		return Migrated{}, s.migrationFailed(ctx, err)
	}
	if from > to {
		return Migrated{}, &contactstore.Error{
			Code:    "schema_too_new",
			Message: fmt.Sprintf("postgres at %s: its schema has version %d, this program knows up to %d", s.address, from, to),
			Hint:    "run a newer flowexpr",
		}
	}
	if _, err := provider.Up(ctx); err != nil {
		return Migrated{}, s.migrationFailed(ctx, err)
	}
	return Migrated{From: from, To: to}, nil
}

// migrationFailed tells a schema that PostgreSQL refuses, for example for lack of rights, from a server that went away.
func (s *Store) migrationFailed(ctx context.Context, err error) error {
	if state(err) == "" || broken(err) || ctx.Err() != nil {
		return s.failed(ctx, err)
	}
	step := ""
	var partial *goose.PartialError
	if errors.As(err, &partial) {
		step = fmt.Sprintf(" to version %d", partial.Failed.Source.Version)
	}
	return &contactstore.Error{
		Code: "migration_failed", Message: fmt.Sprintf("postgres at %s: migration%s: %s", s.address, step, s.reason(err)),
		Hint: "nothing was changed; the user needs the right to create tables in the schema", Err: err,
	}
}
