package contactstore

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The public JSON form of a contact is that of RapidPro and TextIt. Beside it, `connections` tells of each URN when and
// on which channel it was last used; it is written only where there is something to tell.

// statuses are what a contact's status may be.
var statuses = []string{"active", "blocked", "stopped", "archived"}

var languageCode = regexp.MustCompile(`^[a-z]{3}$`)

// ParseContact reads the public JSON form. URNs are normalized and validated, unknown members kept. The error has the
// code invalid_contact, or invalid_urn, and says which member is wrong and what was expected.
func ParseContact(data []byte) (*Contact, error) {
	p := contactParser{strict: true}
	return p.parse(data)
}

// ParseContactLenient reads the public JSON form as it may have been stored long ago: URNs are kept as they are.
func ParseContactLenient(data []byte) (*Contact, error) {
	p := contactParser{}
	return p.parse(data)
}

// contactParser takes the members of a contact's JSON one after another; the first error stays.
type contactParser struct {
	strict  bool
	members map[string]json.RawMessage
	err     error
}

func contactError(hint, format string, args ...any) error {
	return invalid("invalid_contact", hint, format, args...)
}

// memberError says what is wrong with one member; the message begins with its name.
func memberError(member, hint, format string, args ...any) error {
	e := invalid("invalid_contact", hint, member+": "+format, args...)
	e.Member = member
	return e
}

func (p *contactParser) parse(data []byte) (*Contact, error) {
	if err := json.Unmarshal(data, &p.members); err != nil {
		return nil, jsonError(err, "a contact")
	}
	if p.members == nil {
		return nil, contactError("", "got null, want a contact as a JSON object")
	}
	c := &Contact{}
	p.identity(c)
	p.text("name", &c.Name)
	p.attributes(c)
	p.connections(c)
	var groups []Group
	p.take("groups", "an array of objects with uuid and name", &groups)
	c.Groups = groups
	p.fields(c)
	if len(p.members) > 0 {
		c.Extra = p.members
		for key, raw := range c.Extra {
			c.Extra[key] = compact(raw)
		}
	}
	return c, p.err
}

// jsonError says what is wrong with JSON as such.
func jsonError(err error, what string) error {
	var wrongType *json.UnmarshalTypeError
	if errors.As(err, &wrongType) {
		return contactError("", "got %s, want %s as a JSON object", article(wrongType.Value), what)
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return contactError("", "not JSON at byte %d: %s", syntax.Offset, strings.TrimPrefix(err.Error(), "json: "))
	}
	return contactError("", "not JSON: %s", err)
}

func article(name string) string {
	if strings.ContainsRune("aeiou", rune(name[0])) {
		return "an " + name
	}
	return "a " + name
}

// take decodes a member, if there is one that is not null, and removes it from the members.
func (p *contactParser) take(key, want string, into any) bool {
	raw, ok := p.members[key]
	delete(p.members, key)
	if !ok || p.err != nil || string(raw) == "null" {
		return false
	}
	if err := json.Unmarshal(raw, into); err != nil {
		var own *Error
		if errors.As(err, &own) {
			p.err = own
		} else {
			p.err = memberError(key, "", "want %s", want)
		}
		return false
	}
	return true
}

func (p *contactParser) text(key string, into *string) { p.take(key, "a text", into) }

func (p *contactParser) fail(err error) {
	if p.err == nil {
		p.err = err
	}
}

func (p *contactParser) identity(c *Contact) {
	var id string
	if p.take("uuid", "a text", &id) {
		parsed, err := ParseUUID(id)
		if err != nil {
			p.fail(err)
		}
		c.UUID = parsed
	}
	p.take("id", "a whole number", &c.ID)
	p.text("ref", &c.Ref)
}

func (p *contactParser) attributes(c *Contact) {
	p.text("language", &c.Language)
	p.status(c)
	p.text("timezone", &c.Timezone)
	if err := c.Validate(); p.strict && err != nil {
		p.fail(err)
	}
	p.time("created_on", &c.CreatedOn)
	p.time("last_seen_on", &c.LastSeenOn)
}

// status reads the status, or the booleans that older versions of RapidPro have in its place.
func (p *contactParser) status(c *Contact) {
	c.Status = statuses[0]
	if p.take("status", "a text", &c.Status) {
		return
	}
	var blocked, stopped bool
	p.take("blocked", "true or false", &blocked)
	p.take("stopped", "true or false", &stopped)
	switch {
	case blocked:
		c.Status = "blocked"
	case stopped:
		c.Status = "stopped"
	}
}

// Validate checks language, status and time zone. The error has the code invalid_contact, and a Member.
func (c *Contact) Validate() error {
	if c.Language != "" && !languageCode.MatchString(c.Language) {
		return memberError("language", "", "got %.100q, want an ISO 639-3 code of three letters, such as eng", c.Language)
	}
	if !slices.Contains(statuses, c.Status) {
		return memberError("status", "", "got %.100q, want active, blocked, stopped or archived", c.Status)
	}
	if c.Timezone != "" {
		if _, err := time.LoadLocation(c.Timezone); err != nil {
			return memberError("timezone", "", "got %.100q, want the name of a time zone, such as America/Los_Angeles", c.Timezone)
		}
	}
	return nil
}

func (p *contactParser) time(key string, into *time.Time) {
	if p.take(key, "a time such as 2026-11-24T12:00:00Z", into) {
		*into = into.UTC()
	}
}

// connectionJSON is a connection with what is known of its use.
type connectionJSON struct {
	URN        string     `json:"urn"`
	LastUsedOn *time.Time `json:"last_used_on"`
	Channel    string     `json:"channel"`
}

// urnJSON is a URN: a text, or the object that RapidPro gives with expand_urns, whose channel is an object.
type urnJSON struct{ connectionJSON }

func (u *urnJSON) UnmarshalJSON(data []byte) error {
	if data[0] != '{' {
		return json.Unmarshal(data, &u.URN)
	}
	var expanded struct {
		Scheme, Path, Display string
		Channel               struct{ UUID string }
	}
	if err := json.Unmarshal(data, &expanded); err != nil {
		return err
	}
	u.URN, u.Channel = expanded.Scheme+":"+escapes.Replace(expanded.Path), expanded.Channel.UUID
	if expanded.Display != "" {
		u.URN += "#" + escapes.Replace(expanded.Display)
	}
	return nil
}

func (p *contactParser) connections(c *Contact) {
	var urns []urnJSON
	var used []connectionJSON
	given := p.take("urns", "an array of texts such as tel:+13233754866", &urns)
	p.take("connections", "an array of objects with urn, last_used_on and channel", &used)
	if !given {
		for _, o := range used {
			urns = append(urns, urnJSON{connectionJSON{URN: o.URN}})
		}
	}
	for i, u := range urns {
		o, err := p.connection(u.URN)
		if err != nil {
			p.fail(within("urns", i, u.URN, err))
			return
		}
		if j := c.Find(o.URN); j >= 0 {
			p.fail(memberError(indexed("urns", i), "remove one of the two", "%s is urns[%d] already", o.URN.Identity(), j))
			return
		}
		if u.Channel != "" {
			o.Channel = u.Channel
		}
		c.Connections = append(c.Connections, o)
	}
	if len(c.Connections) > MaxConnections {
		p.fail(tooManyConnections())
	}
	p.lastUse(c, used)
}

// lastUse lays what is known of connections' use over them.
func (p *contactParser) lastUse(c *Contact, used []connectionJSON) {
	for i, o := range used {
		parsed, err := p.connection(o.URN)
		if err != nil {
			p.fail(within("connections", i, o.URN, err))
			return
		}
		if at := c.Find(parsed.URN); at >= 0 {
			if o.LastUsedOn != nil {
				c.Connections[at].LastUsedOn = o.LastUsedOn.UTC()
			}
			if o.Channel != "" {
				c.Connections[at].Channel = o.Channel
			}
		}
	}
}

// connection reads a URN; the query `channel=UUID` that some systems store with it becomes the connection's channel.
func (p *contactParser) connection(text string) (Connection, error) {
	urn, err := ParseURN(text)
	if err != nil {
		return Connection{}, err
	}
	channel := ""
	if query := urn.Query(); query != "" {
		values, err := url.ParseQuery(query)
		if err != nil {
			return Connection{}, err
		}
		channel = values.Get("channel")
		if urn, err = ParseURN(urn.String()); err != nil {
			return Connection{}, err
		}
	}
	if !p.strict {
		return Connection{URN: urn, Channel: channel}, nil
	}
	o, err := newConnection(urn)
	o.Channel = channel
	return o, err
}

// indexed names a member of a list.
func indexed(key string, i int) string { return key + "[" + strconv.Itoa(i) + "]" }

// within says which URN of a list is wrong.
func within(key string, i int, text string, err error) error {
	return &Error{
		Code: "invalid_urn", Message: fmt.Sprintf("%s: %.100q: %s", indexed(key, i), text, err), Hint: urnHint,
		Member: indexed(key, i), Err: ErrInvalid,
	}
}

func (p *contactParser) fields(c *Contact) {
	var fields map[string]json.RawMessage
	p.take("fields", "an object with a member for each field", &fields)
	known := make(map[string]bool, len(fields)) // a search for each would take seconds for what one body may hold
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		f := fieldOf(strings.ToLower(key), fields[key])
		if known[f.Key] {
			p.fail(memberError("fields", "", "%.100q and another member differ in letter case only", key))
			return
		}
		known[f.Key] = true
		c.Fields = append(c.Fields, f)
	}
	c.sortFields()
}

func fieldOf(key string, raw json.RawMessage) Field {
	raw = bytes.TrimSpace(raw)
	switch raw[0] {
	case 'n':
		return Field{Key: key, Kind: FieldNull}
	case 't', 'f':
		return Field{Key: key, Kind: FieldBool, Text: string(raw)}
	case '"':
		var text string
		_ = json.Unmarshal(raw, &text) // it was valid as a part of the whole
		return Field{Key: key, Kind: FieldText, Text: text}
	case '{', '[':
		return Field{Key: key, Kind: FieldJSON, Text: string(compact(raw))}
	}
	return Field{Key: key, Kind: FieldNumber, Text: string(raw)}
}

func compact(raw json.RawMessage) json.RawMessage {
	var b bytes.Buffer
	_ = json.Compact(&b, raw) // it was valid as a part of the whole
	return b.Bytes()
}

// AppendJSON appends the public JSON form.
func AppendJSON(dst []byte, c *Contact) []byte {
	dst = append(dst, `{"uuid":"`...)
	dst = append(dst, c.UUID.String()...)
	dst = append(dst, '"')
	if c.ID != 0 {
		dst = strconv.AppendInt(append(dst, `,"id":`...), c.ID, 10)
	}
	if c.Ref != "" {
		dst = appendString(append(dst, `,"ref":`...), c.Ref)
	}
	dst = appendString(append(dst, `,"name":`...), c.Name)
	dst = appendOptional(append(dst, `,"language":`...), c.Language)
	dst = appendString(append(dst, `,"status":`...), c.Status)
	dst = appendOptional(append(dst, `,"timezone":`...), c.Timezone)
	dst = appendTime(append(dst, `,"created_on":`...), c.CreatedOn)
	dst = appendTime(append(dst, `,"last_seen_on":`...), c.LastSeenOn)
	dst = appendConnections(dst, c.Connections)
	dst = append(dst, `,"groups":[`...)
	for i, g := range c.Groups {
		dst = appendString(append(comma(dst, i), `{"uuid":`...), g.UUID)
		dst = appendString(append(dst, `,"name":`...), g.Name)
		dst = append(dst, '}')
	}
	dst = append(dst, `],"fields":{`...)
	for i, f := range c.Fields {
		dst = append(appendString(comma(dst, i), f.Key), ':')
		dst = appendField(dst, f)
	}
	dst = append(dst, '}')
	if len(c.Extra) > 0 {
		dst = append(dst, ',')
		dst = append(dst, appendExtra(nil, c.Extra)[1:]...)
		return dst
	}
	return append(dst, '}')
}

// MarshalJSON gives the public JSON form.
func (c *Contact) MarshalJSON() ([]byte, error) { return AppendJSON(nil, c), nil }

func appendConnections(dst []byte, connections []Connection) []byte {
	dst = append(dst, `,"urns":[`...)
	told := false
	for i, o := range connections {
		dst = appendString(comma(dst, i), o.URN.Full())
		told = told || !o.LastUsedOn.IsZero() || o.Channel != ""
	}
	dst = append(dst, ']')
	if !told {
		return dst
	}
	dst = append(dst, `,"connections":[`...)
	for i, o := range connections {
		dst = appendString(append(comma(dst, i), `{"urn":`...), o.URN.Full())
		dst = appendTime(append(dst, `,"last_used_on":`...), o.LastUsedOn)
		dst = appendOptional(append(dst, `,"channel":`...), o.Channel)
		dst = append(dst, '}')
	}
	return append(dst, ']')
}

func appendField(dst []byte, f Field) []byte {
	switch f.Kind {
	case FieldText:
		return appendString(dst, f.Text)
	case FieldNull:
		return append(dst, "null"...)
	}
	return append(dst, f.Text...)
}

// appendExtra appends unknown members as an object, sorted by key; nothing when there are none.
func appendExtra(dst []byte, extra map[string]json.RawMessage) []byte {
	if len(extra) == 0 {
		return dst
	}
	dst = append(dst, '{')
	for i, key := range slices.Sorted(maps.Keys(extra)) {
		dst = append(appendString(comma(dst, i), key), ':')
		dst = append(dst, extra[key]...)
	}
	return append(dst, '}')
}

func comma(dst []byte, i int) []byte {
	if i > 0 {
		return append(dst, ',')
	}
	return dst
}

func appendOptional(dst []byte, text string) []byte {
	if text == "" {
		return append(dst, "null"...)
	}
	return appendString(dst, text)
}

func appendTime(dst []byte, t time.Time) []byte {
	if t.IsZero() {
		return append(dst, "null"...)
	}
	return append(t.UTC().AppendFormat(append(dst, '"'), time.RFC3339Nano), '"')
}

// appendString appends a JSON string; `<`, `>` and `&` are not escaped.
func appendString(dst []byte, s string) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(s) // strings always encode
	return append(dst, bytes.TrimSuffix(b.Bytes(), []byte("\n"))...)
}

// recordFromJSON encodes a record that another program wrote as JSON.
func recordFromJSON(stored, workspace string) (Record, error) {
	if len(stored) > maxRecord {
		return Record{}, contactError("", "the record has %d bytes, more than the limit of %d", len(stored), maxRecord)
	}
	p := contactParser{strict: true}
	c, err := p.parse([]byte(stored))
	if err != nil {
		return Record{}, err
	}
	own := contactParser{members: c.Extra}
	c.Version, c.Workspace = 1, workspace
	own.text("workspace", &c.Workspace)
	own.take("version", "a whole number", &c.Version)
	if own.err != nil {
		return Record{}, own.err
	}
	return Encode(c)
}
