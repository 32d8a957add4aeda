package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/flowexpr/flowexpr/contactstore/pgstore"
)

// migrateStoreCommand brings the schema of PostgreSQL up to date.
type migrateStoreCommand struct{}

// Run migrates; every other command does so too when it opens the store, but its user may lack the right.
func (c *migrateStoreCommand) Run(ctx context.Context, io streams, flags *storeFlags) error {
	if flags.Postgres == "" {
		return usageError{errors.New("migrate-store works on PostgreSQL: give --postgres DSN")}
	}
	migrated, err := pgstore.Migrate(ctx, flags.Postgres, flags.postgresOptions())
	if err != nil {
		return err
	}
	if migrated.From == migrated.To {
		_, err = fmt.Fprintf(io.out, "the schema is up to date: version %d\n", migrated.To)
		return err
	}
	_, err = fmt.Fprintf(io.out, "the schema was migrated from version %d to %d\n", migrated.From, migrated.To)
	return err
}
