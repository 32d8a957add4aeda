package corpus

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"

	"github.com/google/uuid"
)

// RegularID gives the UUID of the n-th regular contact as text.
func RegularID(n int) string { return RegularUUID(n).String() }

// RegularUUID gives the UUID of the n-th regular contact.
func RegularUUID(n int) uuid.UUID {
	h := fnv.New128a()
	_, _ = h.Write(binary.LittleEndian.AppendUint64(nil, uint64(n)))
	var id uuid.UUID
	h.Sum(id[:0])
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80 // random, as RFC 9562 writes it
	return id
}

// RegularPhone gives the first connection of the n-th regular contact; there are numbers for 7 million.
func RegularPhone(n int) string { return fmt.Sprintf("tel:+1323%07d", 2_000_000+n) }

// Regular gives the n-th regular contact in the public JSON form: each has all that template T4 names, so that all cost
// the same.
func Regular(n int) []byte {
	return fmt.Appendf(nil, `{"uuid": %q, "name": "Jane Doe %07d", "language": "eng", "status": "active",
 "timezone": "America/Los_Angeles", "created_on": "2026-01-15T09:30:00Z", "last_seen_on": null,
 "urns": [%q, "twitter:janedoe%d", "mailto:jane.doe.%d@example.org"],
 "groups": [{"uuid": "b7cf0d83-f1c9-411c-96fd-c511a4cfa86d", "name": "Testers"}],
 "fields": {"age": 34, "balance": 120, "city": "Los Angeles", "joined": "2024-03-02T00:00:00Z"}}`,
		RegularID(n), n, RegularPhone(n), n, n)
}
