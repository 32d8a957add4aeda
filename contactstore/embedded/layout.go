package embedded

import (
	"encoding/binary"
	"fmt"

	bolt "go.etcd.io/bbolt"

	"github.com/flowexpr/flowexpr/contactstore"
)

// formatVersion is the layout of the package comment.
const formatVersion = "1"

var (
	formatBucket   = []byte("format")
	formatKey      = []byte("version")
	settingsBucket = []byte("settings")
)

func contactsBucket(workspace string) []byte { return []byte("contacts/" + workspace) }
func urnsBucket(workspace string) []byte     { return []byte("urns/" + workspace) }

// prepare makes the buckets of an empty file and refuses the file of another format.
func prepare(tx *bolt.Tx) error {
	format, err := tx.CreateBucketIfNotExists(formatBucket)
	if err != nil {
		return err
	}
	if found := format.Get(formatKey); found != nil && string(found) != formatVersion {
		return fmt.Errorf("file format %q, want %q", found, formatVersion)
	} else if found == nil {
		if err := format.Put(formatKey, []byte(formatVersion)); err != nil {
			return err
		}
	}
	_, err = tx.CreateBucketIfNotExists(settingsBucket)
	return err
}

// space is the buckets of one workspace in one transaction; both are nil where nothing was written yet.
type space struct {
	name           string
	contacts, urns *bolt.Bucket
}

func readSpace(tx *bolt.Tx, workspace string) space {
	return space{workspace, tx.Bucket(contactsBucket(workspace)), tx.Bucket(urnsBucket(workspace))}
}

func writeSpace(tx *bolt.Tx, workspace string) (space, error) {
	contacts, err := tx.CreateBucketIfNotExists(contactsBucket(workspace))
	if err != nil {
		return space{}, err
	}
	urns, err := tx.CreateBucketIfNotExists(urnsBucket(workspace))
	return space{workspace, contacts, urns}, err
}

// get gives the record of a contact, the zero Record where there is none. Nothing of it points into the file.
func (in space) get(id contactstore.UUID) (contactstore.Record, error) {
	if in.contacts == nil {
		return contactstore.Record{}, nil
	}
	stored := in.contacts.Get(id[:])
	if stored == nil {
		return contactstore.Record{}, nil
	}
	return contactstore.OpenRecord(in.name, id, string(stored))
}

// owner gives the contact that has a URN.
func (in space) owner(identity string) (contactstore.UUID, bool) {
	if in.urns == nil {
		return contactstore.UUID{}, false
	}
	var id contactstore.UUID
	return id, copy(id[:], in.urns.Get([]byte(identity))) == len(id)
}

// encodeSettings puts the version before the data.
func encodeSettings(data []byte, version uint64) []byte {
	return append(binary.BigEndian.AppendUint64(nil, version), data...)
}

// decodeSettings copies: stored belongs to the transaction.
func decodeSettings(stored []byte) ([]byte, uint64, error) {
	if stored == nil {
		return nil, 0, nil
	}
	if len(stored) < 8 {
		return nil, 0, fmt.Errorf("settings of %d bytes, want at least 8", len(stored))
	}
	return append([]byte{}, stored[8:]...), binary.BigEndian.Uint64(stored), nil
}
