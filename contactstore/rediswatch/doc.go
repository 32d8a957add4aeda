// Package rediswatch tells of changes to keys of a Redis, so that near caches can follow them.
//
//	watcher := rediswatch.New(client, prefix, contactOf)
//	watcher.Watch(ctx, near) // tells until ctx is done
//
// # How it listens
//
// One connection to each master is switched to tracking by broadcast (CLIENT
// TRACKING ON BCAST PREFIX …): the server then tells it of every key with the
// prefix that is written, removed, evicted or expired. The same works for one
// server, for Sentinel and for a Cluster, where all masters have to be listened to.
//
// # When it may miss something
//
// A watcher says so, and begins anew, when a connection ends, when a server did
// not answer a ping for some time, when the masters of a Cluster are others than
// those that are listened to, and when the server that is listened to is not the one that the client
// writes to any more, as after a planned failover. It follows only while all masters are listened to.
package rediswatch
