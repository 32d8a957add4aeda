package contactstore

import (
	"encoding/json"
	"iter"
	"strings"
	"time"
)

// IsZero reports whether r is no contact. Most other methods need one that is.
func (r Record) IsZero() bool { return r.data == "" }

// Bytes gives the stored form.
func (r Record) Bytes() string { return r.data }

// Workspace gives the workspace the contact belongs to.
func (r Record) Workspace() string { return r.head(refWorkspace) }

// UUID gives the contact's UUID.
func (r Record) UUID() (id UUID) {
	copy(id[:], r.data[16:32])
	return id
}

// Version gives the version that compare-and-set counts; 0 for the zero Record.
func (r Record) Version() uint64 {
	if r.IsZero() {
		return 0
	}
	return u64(r.data, 8)
}

// ID gives the platform's number, 0 = none.
func (r Record) ID() int64 { return int64(u64(r.data, 32)) }

// Ref gives the public reference.
func (r Record) Ref() string { return r.head(refRef) }

// Name gives the whole name.
func (r Record) Name() string { return r.head(refName) }

// FirstName gives the first word of the name; ok is false when it has none.
func (r Record) FirstName() (name string, ok bool) {
	const at = refsAt + 8*refFirstName
	if u32(r.data, at+4) == 0 {
		return "", false
	}
	return r.text(at), true
}

// Language gives the ISO 639-3 code, or nothing.
func (r Record) Language() string { return r.head(refLanguage) }

// Status gives active, blocked, stopped or archived.
func (r Record) Status() string { return r.head(refStatus) }

// Timezone gives the IANA name, or nothing.
func (r Record) Timezone() string { return r.head(refTimezone) }

// CreatedOn gives the time of creation in UTC; zero = not known.
func (r Record) CreatedOn() time.Time { return r.time(40) }

// LastSeenOn gives when the contact was last heard from, in UTC; zero = never.
func (r Record) LastSeenOn() time.Time { return r.time(48) }

func (r Record) head(ref int) string { return r.text(refsAt + 8*ref) }

func (r Record) text(at int) string { return r.data[u32(r.data, at):u32(r.data, at+4)] }

func (r Record) time(at int) time.Time {
	n := int64(u64(r.data, at))
	if n == noTime {
		return time.Time{}
	}
	return time.Unix(0, n).UTC()
}

// Len gives the number of connections.
func (r Record) Len() int { return int(u16(r.data, 120)) }

// First gives the index of the first connection of a scheme, or -1. It is on the hot path: one byte for each connection.
func (r Record) First(scheme SchemeID) int {
	n := r.Len()
	for i, at := 0, headerSize; i < n; i, at = i+1, at+connSize {
		if SchemeID(r.data[at]) == scheme {
			return i
		}
	}
	return -1
}

// Printed gives connection i as templates print it: normalized, without query; nothing when it is not valid.
func (r Record) Printed(i int) string {
	at := headerSize + connSize*i
	return r.text(at + 16)
}

// ConnectionView is one connection of a Record, read in place.
type ConnectionView struct {
	record Record
	at     int
}

// At gives connection i, counted from 0.
func (r Record) At(i int) ConnectionView { return ConnectionView{r, headerSize + connSize*i} }

// SchemeID gives the scheme; SchemeUnknown for one that this release does not know.
func (v ConnectionView) SchemeID() SchemeID { return SchemeID(v.record.data[v.at]) }

// Scheme gives the scheme's name.
func (v ConnectionView) Scheme() string { return v.Stored()[:u32(v.record.data, v.at+4)] }

// Identity gives the stored `scheme:path`.
func (v ConnectionView) Identity() string { return v.Stored()[:u32(v.record.data, v.at+40)] }

// Path gives the stored path.
func (v ConnectionView) Path() string { return v.Identity()[u32(v.record.data, v.at+4)+1:] }

// Stored gives the URN as it is stored.
func (v ConnectionView) Stored() string { return v.record.text(v.at + 8) }

// URN gives the URN as it is stored.
func (v ConnectionView) URN() URN { return URN{v.Stored()} }

// Country gives the country of a phone number, or nothing.
func (v ConnectionView) Country() string {
	if v.record.data[v.at+2] == 0 {
		return ""
	}
	return v.record.data[v.at+2 : v.at+4]
}

// LastUsedOn gives when the contact last used the connection; zero = never.
func (v ConnectionView) LastUsedOn() time.Time { return v.record.time(v.at + 24) }

// Channel gives the UUID of the channel it was last used on, or nothing.
func (v ConnectionView) Channel() string { return v.record.text(v.at + 32) }

// Identities gives the URNs that the contact owns, as scheme:path; none for a zero Record.
func (r Record) Identities() iter.Seq[string] {
	return func(yield func(string) bool) {
		if r.IsZero() {
			return
		}
		for i := range r.Len() {
			if !yield(r.At(i).Identity()) {
				return
			}
		}
	}
}

// Has reports whether the contact owns a URN, given as scheme:path.
func (r Record) Has(identity string) bool {
	for own := range r.Identities() {
		if own == identity {
			return true
		}
	}
	return false
}

// ChannelAt gives the channel that sends to connection i, counted from 0; nil when none of the channels can. Source:
// section 9.16 of the language specification.
func (r Record) ChannelAt(i int, channels []Channel) *Channel {
	o := r.At(i)
	return channelFor(o.Scheme(), o.Path(), o.Country(), o.Channel(), channels)
}

// Routable gives the index of the first connection that one of the channels can send to, and that channel; -1 and nil
// when there is none. Source: section 9.15 of the language specification.
func (r Record) Routable(channels []Channel) (int, *Channel) {
	for i := range r.Len() {
		if channel := r.ChannelAt(i, channels); channel != nil {
			return i, channel
		}
	}
	return -1, nil
}

// Destination gives where a message to the contact goes; declared says whether the workspace declares its channels, and
// can send to all connections when it does not. ok is false when there is nowhere to send.
func (r Record) Destination(channels []Channel, declared bool) (d Destination, ok bool) {
	if r.Len() == 0 {
		return Destination{Reason: "the contact has no connections"}, false
	}
	index, channel := 0, (*Channel)(nil)
	reason := "the first connection; the workspace declares no channels and can send to all types"
	if declared {
		if index, channel = r.Routable(channels); index < 0 {
			return Destination{Reason: "none of the workspace's channels can send to a connection of the contact"}, false
		}
		reason = "the first connection that a channel can send to"
		if r.At(index).Channel() == channel.UUID {
			reason += ", on the channel it was last used on"
		}
	}
	o := r.At(index)
	d = Destination{URN: URN{r.Printed(index)}, Place: index + 1, Channel: channel, Reason: reason}
	if s := schemeByName(o.Scheme()); s != nil {
		d.Scheme = *s
	}
	return d, true
}

// GroupLen gives the number of groups.
func (r Record) GroupLen() int { return int(u16(r.data, 122)) }

// GroupAt gives group i, counted from 0.
func (r Record) GroupAt(i int) (uuid, name string) {
	at := headerSize + connSize*r.Len() + groupSize*i
	return r.text(at), r.text(at + 8)
}

// FieldLen gives the number of fields.
func (r Record) FieldLen() int { return int(u32(r.data, 124)) }

func (r Record) fieldAt(i int) int {
	return headerSize + connSize*r.Len() + groupSize*r.GroupLen() + fieldSize*i
}

// FieldAt gives field i, counted from 0, in the order of keys.
func (r Record) FieldAt(i int) (key string, kind FieldKind, text string) {
	at := r.fieldAt(i)
	return r.text(at + 8), FieldKind(r.data[at]), r.text(at + 16)
}

// Field gives a field by its key, which is in lower case.
func (r Record) Field(key string) (kind FieldKind, text string, ok bool) {
	low, high := 0, r.FieldLen()
	for low < high {
		middle := int(uint(low+high) >> 1)
		at := r.fieldAt(middle)
		switch order := strings.Compare(r.text(at+8), key); {
		case order == 0:
			return FieldKind(r.data[at]), r.text(at + 16), true
		case order < 0:
			low = middle + 1
		default:
			high = middle
		}
	}
	return FieldNull, "", false
}

// Contact decodes the record into its editable form, which shares nothing that can be changed.
func (r Record) Contact() (*Contact, error) {
	c := &Contact{
		Workspace: r.Workspace(), UUID: r.UUID(), Version: r.Version(), ID: r.ID(), Ref: r.Ref(), Name: r.Name(),
		Language: r.Language(), Status: r.Status(), Timezone: r.Timezone(), CreatedOn: r.CreatedOn(), LastSeenOn: r.LastSeenOn(),
	}
	for i := range r.Len() {
		o := r.At(i)
		c.Connections = append(c.Connections, Connection{
			URN: o.URN(), LastUsedOn: o.LastUsedOn(), Channel: o.Channel(),
			known: printed{of: o.URN(), text: r.Printed(i), country: o.Country()},
		})
	}
	for i := range r.GroupLen() {
		uuid, name := r.GroupAt(i)
		c.Groups = append(c.Groups, Group{UUID: uuid, Name: name})
	}
	for i := range r.FieldLen() {
		key, kind, text := r.FieldAt(i)
		c.Fields = append(c.Fields, Field{Key: key, Kind: kind, Text: text})
	}
	if extra := r.head(refExtra); extra != "" {
		if err := json.Unmarshal([]byte(extra), &c.Extra); err != nil {
			return nil, Corrupt(c.UUID, "its unknown members are not JSON")
		}
	}
	return c, nil
}
