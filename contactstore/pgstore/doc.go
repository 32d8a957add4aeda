// Package pgstore keeps contacts in PostgreSQL, 12 or later: the system of
// record.
//
//	store, err := pgstore.Open(ctx, "postgres://flowexpr@db.example/flowexpr", pgstore.Options{})
//	record, err := store.Get(ctx, "default", id)
//
// # Schema
//
// The migrations folder holds it, and the program carries it. Open applies what
// is missing, under an advisory lock, so that any number of processes may start
// at once; Migrate does so and no more. A schema that is newer than the program
// is refused. The tables go where the DSN's user and search_path put them: give
// them a database or a schema of their own.
//
// The encoded record (contactstore.Record) is what reads give. What stands
// beside it in columns is for the database's own promises and for people who
// read with SQL: the version that writes compare, one row for each URN under a
// primary key of workspace and URN, one row for each name and UUID of a contact's
// groups.
//
// # Writes
//
// A write is one call of the function put_contact, which compares the version,
// looks for owners of the URNs, and stores, in one round trip. PutMany sends
// many calls in one transaction. Writers that meet in the same moment collide in
// the primary keys or in a deadlock; PostgreSQL then undoes the whole
// transaction, and the store repeats it.
//
// # Failure
//
// Every call ends within Options.Timeout or its context, whichever comes first.
// A server that cannot be reached gives an error that matches
// contactstore.ErrUnavailable and names the address, never the password; the
// store works by itself again once the server does. Reads are tried once more on
// a new connection. Writes are repeated only where nothing of them was sent or
// PostgreSQL undid them: one whose answer was lost may have been done.
package pgstore
