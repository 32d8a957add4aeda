// Package redisstore keeps contacts in Redis: one server, a Cluster, or the
// master that Sentinels name.
//
//	store, err := redisstore.Open(ctx, "redis://127.0.0.1:6379", redisstore.Options{})
//	record, err := store.Get(ctx, "default", id)
//
// # Keys
//
// The braces are part of the keys: they put one workspace into one slot of a
// Cluster, so that a script may touch a contact and its URNs together.
//
//	fx:{WORKSPACE}:c:UUID       string: the record, encoded (contactstore.Record) or JSON
//	fx:{WORKSPACE}:u:IDENTITY   string: UUID of the contact that has the URN, scheme:path
//	fx:{WORKSPACE}:ids          sorted set: all UUIDs, score 0, so that they list in their order
//	fx:{WORKSPACE}:settings     hash: "version", a number, and "data", JSON
//
// UUIDs are text, 36 characters in lower case. Identities are normalized and
// have neither query nor display: tel:+13233754866.
//
// # Other programs
//
// Any program may write contacts. It SETs the contact's JSON (the public form,
// contract section 4; "version" is optional and 1 by default) at c:UUID, SETs u:IDENTITY to
// the UUID for each URN, and ZADDs the UUID to ids, in one MULTI. It should add
// one to "version" whenever it changes a contact, or writers of this package cannot know
// that they are about to overwrite it between their read and the next; a change during the write itself is always seen.
// To read what this package wrote, use it, or flowexpr's HTTP API.
//
// # Failure
//
// Every call ends within the timeouts of Options or its context, whichever
// comes first. A server that cannot be reached gives an error that matches
// contactstore.ErrUnavailable and names the address; the store works by itself again once the
// server does. Reads are tried again a bounded number of times. Writes are
// sent once: an attempt whose answer was lost may have been done, and a second
// one would be told that its version is stale.
package redisstore
