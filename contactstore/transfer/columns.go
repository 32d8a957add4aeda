package transfer

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/flowexpr/flowexpr/contactstore"
)

// The columns of CSV, for reading and writing. docs/import.md describes them.

// attribute is a column that says one thing about a contact, which is read as it is written.
type attribute struct {
	name     string
	optional bool // written only where a contact has it
	print    func(c *contactstore.Contact) string
	set      func(c *contactstore.Contact, cell string, t *table) error
}

func attributes() []attribute {
	return []attribute{
		{"uuid", false, func(c *contactstore.Contact) string { return c.UUID.String() }, setUUID},
		{"contact_id", true, printID, setID},
		{"contact_ref", true, func(c *contactstore.Contact) string { return c.Ref },
			func(c *contactstore.Contact, cell string, _ *table) error { c.Ref = cell; return nil }},
		{"name", false, func(c *contactstore.Contact) string { return c.Name },
			func(c *contactstore.Contact, cell string, _ *table) error { c.Name = cell; return nil }},
		{"language", false, func(c *contactstore.Contact) string { return c.Language }, setLanguage},
		{"status", false, func(c *contactstore.Contact) string { return c.Status }, setStatus},
		{"timezone", false, func(c *contactstore.Contact) string { return c.Timezone }, setTimezone},
		{"created_on", false, func(c *contactstore.Contact) string { return printTime(c.CreatedOn) },
			func(c *contactstore.Contact, cell string, t *table) error { return t.setTime(&c.CreatedOn, cell) }},
		{"last_seen_on", false, func(c *contactstore.Contact) string { return printTime(c.LastSeenOn) },
			func(c *contactstore.Contact, cell string, t *table) error { return t.setTime(&c.LastSeenOn, cell) }},
	}
}

func setUUID(c *contactstore.Contact, cell string, _ *table) (err error) {
	c.UUID, err = contactstore.ParseUUID(strings.TrimSpace(cell))
	return err
}

func printID(c *contactstore.Contact) string {
	if c.ID == 0 {
		return ""
	}
	return strconv.FormatInt(c.ID, 10)
}

func setID(c *contactstore.Contact, cell string, _ *table) (err error) {
	if c.ID, err = strconv.ParseInt(strings.TrimSpace(cell), 10, 64); err != nil {
		return errors.New("want a whole number")
	}
	return nil
}

func setLanguage(c *contactstore.Contact, cell string, _ *table) error {
	c.Language = strings.ToLower(strings.TrimSpace(cell))
	return nil
}

func setStatus(c *contactstore.Contact, cell string, _ *table) error {
	c.Status = strings.ToLower(strings.TrimSpace(cell))
	return nil
}

func setTimezone(c *contactstore.Contact, cell string, _ *table) error {
	c.Timezone = strings.TrimSpace(cell)
	return nil
}

func printTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// timeLayouts are how times may be written; those without a zone are in the workspace's.
var timeLayouts = []string{time.RFC3339Nano, "2006-01-02 15:04:05Z07:00", "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04", time.DateOnly}

func (t *table) setTime(into *time.Time, cell string) error {
	cell = strings.TrimSpace(cell)
	for _, layout := range timeLayouts {
		if at, err := time.ParseInLocation(layout, cell, t.zone); err == nil {
			*into = at.UTC()
			return nil
		}
	}
	return errors.New("want a time such as 2026-11-24T12:00:00Z or 2026-11-24 12:00")
}

// column is what the cells of one column say.
type column struct {
	name string // as the header has it
	kind columnKind
	key  string // scheme, field or group
	set  func(c *contactstore.Contact, cell string, t *table) error
}

type columnKind uint8

const (
	ignoredColumn columnKind = iota
	attributeColumn
	urnsColumn   // all URNs of the contact
	urnColumn    // URNs that are added
	schemeColumn // paths of one scheme, added too
	groupsColumn // names of groups
	groupColumn  // whether the contact is in one group
	fieldColumn
)

// columns reads a header, and gives the names of columns that say nothing about a contact.
func (t *table) columns(header []string) (columns []column, ignored []string, err error) {
	seen := map[string]string{}
	named := false
	for _, name := range header {
		c := t.column(strings.TrimSpace(name))
		switch c.kind {
		case ignoredColumn:
			if c.name != "" && normalName(c.name) != "first_name" { // which is computed
				ignored = append(ignored, c.name)
			}
		case urnColumn, schemeColumn:
			named = true
			if _, known := contactstore.SchemeByName(c.key); c.kind == schemeColumn && !known {
				return nil, nil, headerError("the schemes are those of docs/import.md", "%s: there is no scheme %q", c.name, c.key)
			}
		default:
			named = named || c.kind == urnsColumn || c.kind == attributeColumn && c.key == "uuid"
			same := strconv.Itoa(int(c.kind)) + c.key
			if first, again := seen[same]; again {
				return nil, nil, headerError("remove one of them", "the columns %q and %q say the same", first, c.name)
			}
			seen[same] = c.name
		}
		columns = append(columns, c)
	}
	if !named {
		return nil, nil, headerError("the first row names the columns, as in uuid,name,tel,field:age", "the first row names no column with a UUID or a URN")
	}
	return columns, ignored, nil
}

// column says what a column is by its name, in any letter case.
func (t *table) column(name string) column {
	c := column{name: name, key: normalName(name)}
	kind, rest, prefixed := strings.Cut(name, ":")
	if rest = strings.TrimSpace(rest); prefixed && rest != "" {
		switch normalName(kind) {
		case "urn":
			c.kind, c.key = schemeColumn, schemeName(normalName(rest))
		case "field":
			c.kind, c.key = fieldColumn, t.fieldKey(rest)
		case "group":
			c.kind, c.key = groupColumn, rest
		}
		return c
	}
	switch c.key {
	case "urn":
		c.kind = urnColumn
		return c
	case "urns":
		c.kind = urnsColumn
		return c
	case "groups":
		c.kind = groupsColumn
		return c
	case "contact_uuid", "contact_name":
		c.key = strings.TrimPrefix(c.key, "contact_")
	}
	if i := slices.IndexFunc(t.attributes, func(a attribute) bool { return a.name == c.key }); i >= 0 {
		c.kind, c.set = attributeColumn, t.attributes[i].set
	} else if scheme := schemeName(c.key); scheme != "" {
		if _, known := contactstore.SchemeByName(scheme); known {
			c.kind, c.key = schemeColumn, scheme
		}
	}
	return c
}

var nameBreaks = strings.NewReplacer(" ", "_", "-", "_")

func normalName(name string) string {
	return nameBreaks.Replace(strings.ToLower(strings.TrimSpace(name)))
}

// schemeName gives the scheme that a name stands for: its own, its title, or what people say.
func schemeName(name string) string {
	switch name {
	case "phone", "telephone", "mobile":
		return "tel"
	case "email", "e_mail":
		return "mailto"
	}
	for _, s := range contactstore.Schemes() {
		if normalName(s.Title) == name {
			return s.Name
		}
	}
	return name
}

// fieldKey gives the key of a field that is named by its key or by its name.
func (t *table) fieldKey(name string) string {
	for _, f := range t.settings.Fields {
		if strings.EqualFold(f.Key, name) || strings.EqualFold(f.Name, name) {
			return f.Key
		}
	}
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, strings.ToLower(name))
}

// derivedUUID makes a UUID that is always the same for the same parts.
func derivedUUID(parts ...string) contactstore.UUID {
	space := uuid.NewSHA1(uuid.NameSpaceURL, []byte("https://github.com/flowexpr/flowexpr"))
	return uuid.NewSHA1(space, []byte(strings.Join(parts, "\n")))
}
