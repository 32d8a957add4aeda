package rediscache

import (
	"strings"

	"github.com/flowexpr/flowexpr/contactstore"
)

// Contact names a contact.
type Contact struct {
	Workspace string
	UUID      contactstore.UUID
}

// Shard spreads contacts over a number of parts of something: its low bits depend on the contact.
func (c Contact) Shard() uint32 { return uint32(c.UUID[15]) ^ uint32(c.UUID[3]) }

const (
	recordPrefix = "fxr:"
	leasePrefix  = "fxl:"
	writesPrefix = "fxw:"
	uuidLength   = 36
)

// keys are those of a contact's record, lease and writes.
func (c *Cache) keys(of Contact) []string {
	tag := c.namespace + ":{" + of.Workspace + "/" + of.UUID.String() + "}"
	return []string{recordPrefix + tag, leasePrefix + tag, writesPrefix + tag}
}

func (c *Cache) recordKey(of Contact) string {
	return recordPrefix + c.namespace + ":{" + of.Workspace + "/" + of.UUID.String() + "}"
}

// WatchedPrefix begins the keys that tell of writes.
func (c *Cache) WatchedPrefix() string { return writesPrefix + c.namespace + ":{" }

// ContactOf gives the contact that a key with WatchedPrefix tells of.
func (c *Cache) ContactOf(key string) (workspace string, id contactstore.UUID, ok bool) {
	rest, ok := strings.CutPrefix(key, c.WatchedPrefix())
	at := len(rest) - len("/") - uuidLength - len("}")
	if !ok || at < 0 || rest[at] != '/' || rest[len(rest)-1] != '}' {
		return "", id, false
	}
	id, err := contactstore.ParseUUID(rest[at+1 : len(rest)-1])
	return rest[:at], id, err == nil
}
