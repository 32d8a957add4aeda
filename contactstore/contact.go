package contactstore

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// UUID identifies a contact.
type UUID = uuid.UUID

// ParseUUID reads a UUID in its usual form of 36 characters. The error has the code invalid_uuid.
func ParseUUID(text string) (UUID, error) { return ParseUUIDBytes([]byte(text)) }

// ParseUUIDBytes is ParseUUID for bytes that are only lent: it copies nothing.
func ParseUUIDBytes(text []byte) (UUID, error) {
	if len(text) != 36 {
		return UUID{}, uuidError()
	}
	id, err := uuid.ParseBytes(text)
	if err != nil {
		return UUID{}, uuidError()
	}
	return id, nil
}

func uuidError() error {
	e := invalid("invalid_uuid", "write it like 5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f", "the UUID is not 32 hexadecimal digits in five groups")
	e.Member = "uuid"
	return e
}

// NewUUID makes a random UUID.
func NewUUID() UUID { return uuid.New() }

// MaxConnections is the most connections a contact may have. Source: section 9.17 of the language specification.
const MaxConnections = 50

// Contact is the editable form of a contact. It belongs to whoever made it.
type Contact struct {
	Workspace string
	UUID      UUID
	Version   uint64 // of the stored record; 1 = a new contact
	ID        int64  // the platform's number, 0 = none
	Ref       string // public reference
	Name      string
	Language  string // ISO 639-3
	Status    string // active, blocked, stopped or archived
	Timezone  string // IANA name, or empty
	CreatedOn time.Time
	// LastSeenOn is when the contact was last heard from; zero = never.
	LastSeenOn time.Time
	// Connections are in order of priority, highest first.
	Connections []Connection
	Groups      []Group
	// Fields are sorted by key when the contact was parsed or decoded; keys are in lower case.
	Fields []Field
	// Extra holds the members of the contact's JSON that have no place above, by key.
	Extra map[string]json.RawMessage
}

// Connection is one way to reach a contact.
type Connection struct {
	URN URN
	// LastUsedOn is when the contact last used the connection; zero = never.
	LastUsedOn time.Time
	// Channel is the UUID of the channel it was last used on, or empty.
	Channel string

	known printed // of URN, where it has been worked out before: reading a phone number takes long
}

// printed is how a URN prints.
type printed struct {
	of      URN
	text    string // empty when the URN is not valid
	country string // of a phone number, or empty
}

// print works out how a URN prints: normalized, and as nothing when it is not valid then.
func (u URN) print() printed {
	normal, country := u.normalize()
	if normal.Validate() != nil {
		return printed{of: u, country: country}
	}
	return printed{of: u, text: normal.String(), country: country}
}

// newConnection makes a connection of a URN as it came, normalized; the error is of Validate.
func newConnection(given URN) (Connection, error) {
	normal, country := given.normalize()
	if err := normal.Validate(); err != nil {
		return Connection{}, err
	}
	return Connection{URN: normal, known: printed{of: normal, text: normal.String(), country: country}}, nil
}

// Group is a group that a contact is in.
type Group struct {
	UUID string `json:"uuid"`
	Name string `json:"name"`
}

// FieldKind says what the JSON value of a field is.
type FieldKind uint8

// The kinds of fields. Text of a FieldNumber is the number as it was written, of a FieldBool `true` or `false`, and of
// a FieldJSON an array or object.
const (
	FieldNull FieldKind = iota
	FieldText
	FieldNumber
	FieldBool
	FieldJSON
)

// Field is the value of one custom field.
type Field struct {
	Key  string
	Kind FieldKind
	Text string
}

// Find gives the index of the connection with a URN's identity, or -1.
func (c *Contact) Find(urn URN) int {
	identity := urn.Identity()
	return slices.IndexFunc(c.Connections, func(o Connection) bool { return o.URN.Identity() == identity })
}

// latestInteraction is when the contact was last heard from on any connection.
func (c *Contact) latestInteraction() time.Time {
	latest := c.LastSeenOn
	for _, o := range c.Connections {
		if o.LastUsedOn.After(latest) {
			latest = o.LastUsedOn
		}
	}
	return latest
}

// sortFields puts fields in the order of their keys, of equal keys the last first.
func (c *Contact) sortFields() {
	slices.SortStableFunc(c.Fields, func(a, b Field) int { return strings.Compare(a.Key, b.Key) })
}
