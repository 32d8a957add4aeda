package rediscache

import (
	"encoding/binary"
	"hash/crc32"
	"time"

	"github.com/flowexpr/flowexpr/contactstore"
)

// What is stored for a contact: 'R' or 'N' (no such contact), the time it was asked for in Unix milliseconds (8 bytes,
// little endian), a CRC-32C of workspace, UUID and all that is here but itself (4 bytes), and the record.
const (
	kindRecord  = 'R'
	kindNothing = 'N'
	headerSize  = 1 + 8 + 4
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Found is what the cache has for a contact.
type Found struct {
	State  State
	Record contactstore.Record // with Hit, the zero Record = there is no such contact
	Asked  time.Time           // with Hit, when the system of record was asked, by the clock of whoever did
}

// State is what became of a look into the cache.
type State uint8

// The states.
const (
	Miss    State = iota // nothing is there
	Hit                  // something is there
	Damaged              // something is there that is not what was put for this contact
)

// encode gives what is stored for a contact.
func encode(of Contact, r contactstore.Record, asked time.Time) string {
	kind := byte(kindRecord)
	if r.IsZero() {
		kind = kindNothing
	}
	data := make([]byte, headerSize, headerSize+len(r.Bytes()))
	data[0] = kind
	binary.LittleEndian.PutUint64(data[1:], uint64(asked.UnixMilli()))
	data = append(data, r.Bytes()...)
	binary.LittleEndian.PutUint32(data[9:], checksum(of, data))
	return string(data)
}

// checksum is of all bytes but its own.
func checksum[T string | []byte](of Contact, data T) uint32 {
	sum := crc32.Update(0, castagnoli, []byte(of.Workspace))
	sum = crc32.Update(sum, castagnoli, of.UUID[:])
	sum = crc32.Update(sum, castagnoli, []byte(data[:9]))
	return crc32.Update(sum, castagnoli, []byte(data[headerSize:]))
}

// decode reads what is stored for a contact. Whatever it is, no other contact's record comes out.
func decode(of Contact, stored string) Found {
	if len(stored) < headerSize || binary.LittleEndian.Uint32([]byte(stored[9:headerSize])) != checksum(of, stored) {
		return Found{State: Damaged}
	}
	found := Found{State: Hit, Asked: time.UnixMilli(int64(binary.LittleEndian.Uint64([]byte(stored[1:9]))))}
	switch rest := stored[headerSize:]; {
	case stored[0] == kindNothing && rest == "":
	case stored[0] == kindRecord:
		r, err := contactstore.OpenRecord(of.Workspace, of.UUID, rest)
		if err != nil {
			return Found{State: Damaged}
		}
		found.Record = r
	default:
		return Found{State: Damaged}
	}
	return found
}
