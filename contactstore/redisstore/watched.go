package redisstore

import (
	"strings"

	"github.com/flowexpr/flowexpr/contactstore"
)

// WatchedPrefix begins the keys whose changes tell of contacts, for near caches.
const WatchedPrefix = contactPrefix

// ContactOf gives the contact whose record is at a key; not ok where it is a key of something else.
func ContactOf(key string) (workspace string, id contactstore.UUID, ok bool) {
	const bucket, between, uuid = len("/00"), "}:", 36
	rest, ok := strings.CutPrefix(key, WatchedPrefix+"{")
	end := len(rest) - uuid - len(between) - bucket
	if !ok || end < 0 {
		return "", id, false
	}
	id, err := contactstore.ParseUUID(rest[len(rest)-uuid:])
	workspace = rest[:end]
	return workspace, id, err == nil && key == contactKey(workspace, id)
}
