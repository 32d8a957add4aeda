package redisstore

import (
	"encoding/binary"
	"hash/fnv"
	"sync/atomic"

	"github.com/flowexpr/flowexpr/contactstore"
)

// held is a record with the bytes that Redis has for it, which are JSON where another program wrote them.
type held struct {
	contactstore.Record
	stored string
}

// hash is what the scripts compare; "" where there is no record.
func (h held) hash() string {
	if h.IsZero() {
		return ""
	}
	return hash(h.stored)
}

// recent remembers the records that this process read or wrote last. Whoever
// updates a contact has just read it, so Put finds here what it replaces and
// saves a round trip. It is a guess that the script checks, never an answer.
type recent struct {
	slots [1024]atomic.Pointer[held]
}

func (c *recent) slot(workspace string, id contactstore.UUID) *atomic.Pointer[held] {
	h := fnv.New32a()
	_, _ = h.Write([]byte(workspace))
	at := h.Sum32() ^ binary.LittleEndian.Uint32(id[12:]) ^ binary.LittleEndian.Uint32(id[:4])
	return &c.slots[at%uint32(len(c.slots))]
}

func (c *recent) keep(h held) { c.slot(h.Workspace(), h.UUID()).Store(&h) }

// guess gives a record of the contact, if one is remembered.
func (c *recent) guess(workspace string, id contactstore.UUID) held {
	h := c.slot(workspace, id).Load()
	if h == nil || h.UUID() != id || h.Workspace() != workspace {
		return held{}
	}
	return *h
}
