// Package redisstore keeps contacts in Redis 7 or Valkey: one server, a
// Cluster, or the master that Sentinels name.
//
//	store, err := redisstore.Open(ctx, "redis://127.0.0.1:6379", redisstore.Options{})
//	record, err := store.Get(ctx, "default", id)
//
// # Keys and slots
//
// The braces are part of the keys: what stands in them decides in which slot
// of a Cluster a key lies.
//
//	fx:c:{WORKSPACE/BB}:UUID     string: the record, encoded (contactstore.Record) or JSON
//	fx:i:{WORKSPACE/BB}          sorted set: the UUIDs of the bucket, score 0, so that they list in their order
//	fx:u:WORKSPACE:{IDENTITY}    string: the claim of a URN, scheme:path; it begins with a UUID
//	fx:s:{WORKSPACE}             hash: "version", a number, and "data", JSON
//	fx:x:{WORKSPACE/BB}:CLAIM    a claim that was called void; expires
//
// UUIDs are text, 36 characters in lower case. Identities are normalized and
// have neither query nor display: tel:+13233754866. BB is the bucket of a
// contact, two hexadecimal digits: the XOR of the 16 bytes of its UUID.
//
// The 256 buckets of a workspace lie in 256 slots, and its URNs in as many
// slots as there are, so that a big workspace is spread over all nodes. What
// must change together, a record and its place in the listing, lies in one
// slot. A batch of reads is one MGET for each bucket, sent to all nodes at
// once; a page of the listing is merged from the 256 sorted sets.
//
// # Writes
//
// A URN belongs to at most one contact of a workspace, although its key lies in
// another slot than the record, where no script reaches both. The record is the
// truth: contact c has URN u when c's record has it. A claim, at u's key, says
// only which contact may. A write of c goes through three steps, each one round
// trip for any number of contacts, and the first and third only where URNs
// come or go:
//
//  1. Claim each URN that c gains, by SET NX. The claim holds c's UUID, the
//     version that is being written and random characters, so that it belongs
//     to this one attempt. Note what is stored for each URN that c loses.
//  2. Compare and set the record, by a script in c's slot: it stores nothing
//     where another record is stored than the writer read, or where this
//     attempt's claims were called void.
//  3. Give back: remove the claims of URNs that c lost, or those of step 1
//     where step 2 stored nothing; each only where it is still that very claim.
//
// Where step 1 meets a claim of another attempt, on contact d (which may be c),
// the writer reads d. Does d have u, the URN is taken. Has d the version before
// the claim's, then the attempt may be on its way: the writer waits and looks
// again, for a tenth of a second or so. Otherwise, and after that time, it
// calls the claim void by a script in d's slot, which does so only while d is
// as the writer read it, and then replaces the claim.
//
// This keeps, at every moment: if c's record has u, then u's claim is c's.
//
//   - A record gains u only by step 2 of the attempt that holds the claim. Who
//     takes the claim away first calls it void in c's slot, where step 2 looks:
//     either step 2 comes first, and then c has changed and the claim is not
//     called void, or it finds the claim void and stores nothing.
//   - Step 3 removes a claim only by its full text, as it was noted before
//     step 2. It cannot hit the claim of another attempt, not even of the same
//     contact, removed and made again meanwhile.
//   - Two writers of one contact that both add u make two claims; one waits
//     until it sees that the contact changed, and is stale.
//   - Two contacts that want each other's URNs at once both find them taken. Two
//     attempts that wait for each other end waiting at different times, drawn at
//     random: the first calls the other's claim void and goes on, and the
//     other claims anew.
//   - A writer that dies leaves at most claims that no record bears out, which
//     nobody believes: they cost the next writer who wants the URN the wait.
//     A delayed command of it can at most leave such a claim again, or comes
//     to step 2 and finds itself stale or void. (A claim stays called void for six hours,
//     and step 2 is sent within a minute after step 1.)
//
// Find reads the claim, then the record, and gives it only where it has the URN.
// Where it has not, there was a moment between the two at which no contact had it.
//
// # Other programs
//
// Any program may write contacts as JSON (the public form, contract section 4;
// "version" is optional and 1 by default). It claims each new URN by SET NX of
// the UUID, and leaves the contact alone where one is refused; then, in one MULTI, it SETs the
// record and ZADDs the UUID to the listing; then it DELs the claims of URNs
// that the contact lost. It should be done within a tenth of a second, after which
// others may take its claims over, and add one to "version" whenever it changes a contact,
// or writers of this package cannot know that they are about to overwrite it between
// their read and the next; a change during the write itself is always seen. To
// read what this package wrote, use it, or flowexpr's HTTP API.
//
// # Failure
//
// Every call ends within the timeouts of Options or its context, whichever
// comes first. A server that cannot be reached gives an error that matches
// contactstore.ErrUnavailable and names the address; the store works by itself again once the
// server does. Reads are tried again a bounded number of times. Records are
// sent once: an attempt whose answer was lost may have been done, and a second
// one would be told that its version is stale.
package redisstore
