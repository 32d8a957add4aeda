package contactstore

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Record is a contact in its stored form: one immutable string, read in place. Copy it freely. The zero Record is no
// contact.
//
// # Layout, version 1
//
// All numbers are little endian. Times are nanoseconds since 1970, math.MinInt64 = not set. A reference is two u32, the
// start and the end (exclusive) of a text, as offsets in the record.
//
//	  0  4  "FXR" and the layout's version
//	  4  4  length of the record in bytes
//	  8  8  version of the contact
//	 16 16  UUID
//	 32  8  the platform's id
//	 40  8  created on
//	 48  8  last seen on
//	 56  8  each, references: workspace, ref, name, first name, language, status, timezone, extra (JSON object or empty)
//	120  2  number of connections
//	122  2  number of groups
//	124  4  number of fields
//	128     connections, 56 bytes each:
//	         0 1  scheme (SchemeID)      1 1  zero
//	         2 2  country, ASCII or 0    4 4  length of the scheme's name in the stored URN
//	         8 8  stored URN            16 8  printed URN, normalized; empty when not valid
//	        24 8  last used on          32 8  channel
//	        40 4  end of the identity in the stored URN, from its start; 44 12 zero
//	        groups, 16 bytes each: uuid, name
//	        fields, sorted by key, 24 bytes each: 0 1 kind, 1 7 zero, 8 8 key, 16 8 text
//	        texts
//
// A first name that is null has the reference 0, 0. Source of the first name: section 9.1 of the language
// specification.
type Record struct{ data string }

const (
	recordMagic  = "FXR\x01"
	headerSize   = 128
	connSize     = 56
	groupSize    = 16
	fieldSize    = 24
	refsAt       = 56
	refWorkspace = 0
	refRef       = 1
	refName      = 2
	refFirstName = 3
	refLanguage  = 4
	refStatus    = 5
	refTimezone  = 6
	refExtra     = 7
	refCount     = 8
	noTime       = math.MinInt64
	// maxRecord bounds what a reader takes for a record, in bytes.
	maxRecord = 16 << 20
)

// Encode gives a contact's stored form; equal contacts give equal bytes. It refuses, with an *Error, two connections
// with one identity, more than MaxConnections of them, and a contact that is too large.
func Encode(c *Contact) (Record, error) {
	if len(c.Connections) > MaxConnections {
		return Record{}, tooManyConnections()
	}
	for i := range c.Connections {
		if first := c.Find(c.Connections[i].URN); first != i {
			return Record{}, invalid("connection_repeated", "remove one of the two", "connections %d and %d are both %s", first+1, i+1, c.Connections[i].URN.Identity())
		}
	}
	fields := slices.Clone(c.Fields)
	slices.SortStableFunc(fields, func(a, b Field) int { return strings.Compare(a.Key, b.Key) })
	fixed := headerSize + connSize*len(c.Connections) + groupSize*len(c.Groups) + fieldSize*len(fields)
	e := encoder{data: make([]byte, fixed, 2*fixed)}
	e.header(c, len(fields))
	at := headerSize
	for i := range c.Connections {
		e.connection(at, &c.Connections[i])
		at += connSize
	}
	for _, g := range c.Groups {
		e.ref(at, g.UUID)
		e.ref(at+8, g.Name)
		at += groupSize
	}
	for _, f := range fields {
		e.data[at] = byte(f.Kind)
		e.ref(at+8, f.Key)
		e.ref(at+16, f.Text)
		at += fieldSize
	}
	if len(e.data) > maxRecord {
		return Record{}, invalid("contact_too_large", "shorten its fields", "the contact needs %d bytes, more than the limit of %d", len(e.data), maxRecord)
	}
	binary.LittleEndian.PutUint32(e.data[4:], uint32(len(e.data)))
	return Record{string(e.data)}, nil
}

// encoder appends texts behind the fixed part of a record.
type encoder struct{ data []byte }

func (e *encoder) header(c *Contact, fields int) {
	d := e.data
	copy(d, recordMagic)
	binary.LittleEndian.PutUint64(d[8:], c.Version)
	copy(d[16:], c.UUID[:])
	binary.LittleEndian.PutUint64(d[32:], uint64(c.ID))
	putTime(d[40:], c.CreatedOn)
	putTime(d[48:], c.LastSeenOn)
	binary.LittleEndian.PutUint16(d[120:], uint16(len(c.Connections)))
	binary.LittleEndian.PutUint16(d[122:], uint16(len(c.Groups)))
	binary.LittleEndian.PutUint32(d[124:], uint32(fields))
	for i, text := range [refCount]string{
		refWorkspace: c.Workspace, refRef: c.Ref, refName: c.Name, refLanguage: c.Language, refStatus: c.Status,
		refTimezone: c.Timezone, refExtra: string(appendExtra(nil, c.Extra)),
	} {
		e.ref(refsAt+8*i, text)
	}
	start, end := firstWord(c.Name)
	if end > 0 {
		name := binary.LittleEndian.Uint32(e.data[refsAt+8*refName:])
		binary.LittleEndian.PutUint32(e.data[refsAt+8*refFirstName:], name+uint32(start))
		binary.LittleEndian.PutUint32(e.data[refsAt+8*refFirstName+4:], name+uint32(end))
		return
	}
	clear(e.data[refsAt+8*refFirstName : refsAt+8*refFirstName+8])
}

func (e *encoder) connection(at int, o *Connection) {
	known := o.known
	if known.of != o.URN {
		known = o.URN.print()
	}
	stored := o.URN.Full()
	if s := schemeByName(o.URN.Scheme()); s != nil {
		e.data[at] = byte(s.ID)
	}
	copy(e.data[at+2:at+4], known.country)
	binary.LittleEndian.PutUint32(e.data[at+4:], uint32(len(o.URN.Scheme())))
	binary.LittleEndian.PutUint32(e.data[at+40:], uint32(len(o.URN.Identity())))
	putTime(e.data[at+24:], o.LastUsedOn)
	e.ref(at+8, stored)
	if known.text == stored {
		copy(e.data[at+16:at+24], e.data[at+8:at+16])
	} else {
		e.ref(at+16, known.text)
	}
	e.ref(at+32, o.Channel)
}

// ref writes a reference and the text it refers to.
func (e *encoder) ref(at int, text string) {
	binary.LittleEndian.PutUint32(e.data[at:], uint32(len(e.data)))
	binary.LittleEndian.PutUint32(e.data[at+4:], uint32(len(e.data)+len(text)))
	e.data = append(e.data, text...)
}

func putTime(dst []byte, t time.Time) {
	n := int64(noTime)
	if !t.IsZero() {
		n = t.UnixNano()
	}
	binary.LittleEndian.PutUint64(dst, uint64(n))
}

// firstWord gives the place of the first word of a name: a run of letters, marks, numbers, `_` and `'`, or one symbol.
// end is 0 where there is none.
func firstWord(name string) (start, end int) {
	for i, r := range name {
		if !isWordRune(r) {
			if unicode.IsSymbol(r) && r != utf8.RuneError {
				return i, i + utf8.RuneLen(r)
			}
			continue
		}
		for j, r := range name[i:] {
			if !isWordRune(r) {
				return i, i + j
			}
		}
		return i, len(name)
	}
	return 0, 0
}

func isWordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r) || r == '_' || r == '\''
}

// DecodeRecord takes stored bytes as a record, after checking that everything in it is where it should be; nothing is
// copied. A text that begins with `{` is read as a contact's public JSON, perhaps with the members workspace and
// version (1 where it is missing), so that other programs can write records.
func DecodeRecord(stored string) (Record, error) { return decodeRecord(stored, "") }

// decodeRecord decodes a record; one in JSON that does not name its workspace is in the one given.
func decodeRecord(stored, workspace string) (Record, error) {
	if strings.HasPrefix(stored, "{") {
		return recordFromJSON(stored, workspace)
	}
	if err := checkRecord(stored); err != nil {
		return Record{}, &Error{Code: "corrupt_record", Message: "record: " + err.Error(), Err: ErrInvalid}
	}
	return Record{stored}, nil
}

// OpenRecord takes stored bytes as the record of a contact, and refuses those that are another's: a store must never
// hand out the wrong contact.
func OpenRecord(workspace string, id UUID, stored string) (Record, error) {
	r, err := decodeRecord(stored, workspace)
	if err != nil {
		return Record{}, Corrupt(id, err.Error())
	}
	if r.Workspace() != workspace || r.UUID() != id {
		return Record{}, Corrupt(id, "it is the record of another contact")
	}
	return r, nil
}

// Storable refuses what no store can keep. The error has the code invalid_record.
func (r Record) Storable() error {
	if r.IsZero() {
		return invalid("invalid_record", "", "got no record, want one to store")
	}
	return nil
}

// checkRecord checks lengths, references and counts.
func checkRecord(s string) error {
	switch {
	case len(s) < headerSize:
		return fmt.Errorf("got %d bytes, want at least %d", len(s), headerSize)
	case s[:3] != recordMagic[:3]:
		return fmt.Errorf("got no record of flowexpr's")
	case s[3] != recordMagic[3]:
		return fmt.Errorf("got layout version %d, want %d", s[3], recordMagic[3])
	case int64(u32(s, 4)) != int64(len(s)):
		return fmt.Errorf("got %d bytes, want %d", len(s), u32(s, 4))
	}
	conns, groups, fields := int64(u16(s, 120)), int64(u16(s, 122)), int64(u32(s, 124))
	texts := headerSize + connSize*conns + groupSize*groups + fieldSize*fields
	if texts > int64(len(s)) || conns > MaxConnections {
		return fmt.Errorf("got more connections, groups and fields than there is room for")
	}
	return checkReferences(s, uint32(texts), int(conns), int(groups), int(fields))
}

func checkReferences(s string, texts uint32, conns, groups, fields int) error {
	ok := true // all are looked at: a sound record takes no branch
	for i := range refCount {
		if i == refFirstName && u32(s, refsAt+8*i+4) == 0 {
			continue
		}
		ok = refersTo(s, refsAt+8*i, texts) && ok
	}
	at := headerSize
	for range conns {
		ok = refersTo(s, at+8, texts) && refersTo(s, at+16, texts) && refersTo(s, at+32, texts) && ok
		length := u32(s, at+12) - u32(s, at+8)
		scheme, identity := u32(s, at+4), u32(s, at+40)
		ok = ok && scheme > 0 && scheme < identity && identity <= length
		at += connSize
	}
	for range groups {
		ok = refersTo(s, at, texts) && refersTo(s, at+8, texts) && ok
		at += groupSize
	}
	for range fields {
		ok = refersTo(s, at+8, texts) && refersTo(s, at+16, texts) && ok && s[at] <= byte(FieldJSON)
		at += fieldSize
	}
	if !ok {
		return fmt.Errorf("got a reference to a place outside of the texts")
	}
	return nil
}

// refersTo reports whether a reference names a part of the texts, which are the rest of the record.
func refersTo(s string, at int, texts uint32) bool {
	start, end := u32(s, at), u32(s, at+4)
	return start >= texts && start <= end && end <= uint32(len(s))
}

func u16(s string, at int) uint16 { return uint16(s[at]) | uint16(s[at+1])<<8 }

func u32(s string, at int) uint32 {
	_ = s[at+3]
	return uint32(s[at]) | uint32(s[at+1])<<8 | uint32(s[at+2])<<16 | uint32(s[at+3])<<24
}

func u64(s string, at int) uint64 { return uint64(u32(s, at)) | uint64(u32(s, at+4))<<32 }
