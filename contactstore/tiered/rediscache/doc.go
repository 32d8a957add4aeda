// Package rediscache keeps copies of contacts in Redis for all processes that share a system of record.
//
//	cache := rediscache.New(client, rediscache.Options{Namespace: identity, Life: 30 * time.Second})
//	found, err := cache.Get(ctx, "default", ids)
//
// It is no store: Redis may lose and evict what is here at any time. Package
// tiered says when to ask it.
//
// # Keys
//
// A contact has up to three keys in one slot of a Cluster; NAMESPACE tells systems of record apart.
//
//	fxr:NAMESPACE:{WORKSPACE/UUID}   string: the record, or that there is none; see entry.go
//	fxl:NAMESPACE:{WORKSPACE/UUID}   string: the lease of whoever is reading the contact to put it here
//	fxw:NAMESPACE:{WORKSPACE/UUID}   hash: the writes under way, a token each with when it is given up, ms
//
// # Writers and readers
//
// A write begins by deleting the record and its lease and by leaving its token; it ends, after the system of record has
// it, by taking the token back. A reader that finds nothing takes a lease, unless a write is under way or somebody
// else has one, asks the system of record, and puts what it got only if its lease is still there. So what lies in the
// cache is what the system of record has, except where Redis forgot tokens, or a writer could not reach it.
// The last is why everything here has a life: MaxAge bounds how far behind a record can be, by Redis's own clock.
//
// Tokens are the only keys that tell other processes of a change: their key is what near caches watch.
package rediscache
