package corpus

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"strings"

	"github.com/google/uuid"

	"github.com/flowexpr/flowexpr/contactstore"
)

// Regular contacts are numbered from 0 up to 7 million. Each has all that template T4 names, and all are as long as each
// other, so that all cost the same.

// RegularID gives the UUID of the n-th regular contact as text.
func RegularID(n int) string { return RegularUUID(n).String() }

// spread puts the UUIDs of 7 million contacts over all 32 bits that they begin with.
const spread = 613

// RegularUUID gives the UUID of the n-th regular contact. The order of UUIDs is that of n, which stores of sorted keys
// take many times faster.
func RegularUUID(n int) uuid.UUID {
	h := fnv.New128a()
	_, _ = h.Write(binary.LittleEndian.AppendUint64(nil, uint64(n)))
	var id uuid.UUID
	h.Sum(id[:0])
	binary.BigEndian.PutUint32(id[:], uint32(n*spread))
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80 // random, as RFC 9562 writes it
	return id
}

// RegularName gives the name of the n-th regular contact.
func RegularName(n int) string { return fmt.Sprintf("Jane Doe %07d", n) }

// RegularPhone gives the first connection of the n-th regular contact.
func RegularPhone(n int) string { return fmt.Sprintf("tel:+1323%07d", 2_000_000+n) }

// RegularTwitter gives its second connection.
func RegularTwitter(n int) string { return fmt.Sprintf("twitter:janedoe%07d", n) }

// RegularEmail gives its third.
func RegularEmail(n int) string { return fmt.Sprintf("mailto:jane.doe.%07d@example.org", n) }

// Regular gives the n-th regular contact in the public JSON form.
func Regular(n int) []byte {
	return fmt.Appendf(nil, `{"uuid": %q, "name": %q, "language": "eng", "status": "active",
 "timezone": "America/Los_Angeles", "created_on": "2026-01-15T09:30:00Z", "last_seen_on": null,
 "urns": [%q, %q, %q],
 "groups": [{"uuid": "b7cf0d83-f1c9-411c-96fd-c511a4cfa86d", "name": "Testers"}],
 "fields": {"age": 34, "balance": 120, "city": "Los Angeles", "joined": "2024-03-02T00:00:00Z"}}`,
		RegularID(n), RegularName(n), RegularPhone(n), RegularTwitter(n), RegularEmail(n))
}

// Records makes the records of regular contacts.
type Records struct{ first string }

// NewRecords makes them for one workspace.
func NewRecords(workspace string) (*Records, error) {
	contact, err := contactstore.ParseContact(Regular(0))
	if err != nil {
		return nil, err
	}
	contact.Workspace, contact.Version = workspace, 1
	r, err := contactstore.Encode(contact)
	return &Records{first: r.Bytes()}, err
}

// uuidAt is where a record holds its UUID; see contactstore.Record.
const uuidAt = 16

// Record gives the n-th. It writes n into the first one's bytes, which is a hundred times faster than to parse a phone
// number.
func (r *Records) Record(n int) (contactstore.Record, error) {
	id := RegularUUID(n)
	numbers := strings.NewReplacer(fmt.Sprintf("%07d", 2_000_000), fmt.Sprintf("%07d", 2_000_000+n), fmt.Sprintf("%07d", 0), fmt.Sprintf("%07d", n))
	return contactstore.DecodeRecord(r.first[:uuidAt] + string(id[:]) + numbers.Replace(r.first[uuidAt+len(id):]))
}

// fillBatch is how many records Fill writes at once.
const fillBatch = 1000

// Fill puts the regular contacts from one number up to another (exclusive) into stores.
func Fill(ctx context.Context, workspace string, from, to int, stores ...contactstore.Store) error {
	records, err := NewRecords(workspace)
	if err != nil {
		return err
	}
	for ; from < to; from += fillBatch {
		var batch []contactstore.Record
		for n := from; n < min(from+fillBatch, to); n++ {
			r, err := records.Record(n)
			if err != nil {
				return err
			}
			batch = append(batch, r)
		}
		for _, store := range stores {
			refused, err := store.PutMany(ctx, batch)
			if err := errors.Join(append(refused, err)...); err != nil {
				return err
			}
		}
	}
	return nil
}
