// Package tiered puts caches before a system of record: a near cache in this
// process, and Redis, which all processes share.
//
//	cache := rediscache.New(client, rediscache.Options{Namespace: database.Identity(), MaxAge: tiered.SharedAge(time.Minute)})
//	store, err := tiered.New(database, tiered.Options{
//		NearBytes: 64 << 20, Shared: cache,
//		Watcher: rediswatch.New(client, cache.WatchedPrefix(), cache.ContactOf),
//	})
//	record, err := store.Get(ctx, "default", id)
//
// # A read
//
// Get looks into the near cache, then into the shared one, then asks the system
// of record, and each fills the one before. One load of a contact runs at a time;
// who comes meanwhile waits for the next. Every tier checks that it gives the
// record of the workspace and UUID asked for: anything else counts as a miss.
// Find reads the contact that had the URN last, if it still has it. List and
// settings pass through.
//
// # A write
//
// A write goes to the system of record, which alone decides. Around it the
// shared cache forgets the contact and keeps readers from filling it
// (see package rediscache), and afterwards the near cache forgets it. So in one
// process a read that begins after a write ended never gives what was there
// before. Between processes the same holds for what the shared cache gives; near
// caches hear of the write by way of Options.Watcher, some milliseconds later.
//
// # When something fails
//
// The shared cache has a deadline and a circuit breaker: where it does not
// answer, the system of record does. What was written meanwhile is removed from
// it before this process reads it again. A near cache that may have missed a
// change is emptied and not used until it follows again; a load that raced a
// change is given, and not kept. Under all this lies Options.MaxStaleness: half of
// it is the life of what is in the shared cache, by Redis's own clock, the other half that of
// the near cache, which has all of it where nothing is shared.
package tiered
