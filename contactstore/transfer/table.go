package transfer

import (
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/flowexpr/flowexpr/contactstore"
)

// table knows what the cells of CSV mean in a workspace.
type table struct {
	workspace  string
	settings   contactstore.Settings
	zone       *time.Location
	attributes []attribute
}

func newTable(workspace string, settings contactstore.Settings) table {
	zone, err := time.LoadLocation(settings.Timezone)
	if err != nil { // settings are validated
		zone = time.UTC
	}
	return table{workspace, settings, zone, attributes()}
}

// contact reads a row as the whole of a contact.
func (t *table) contact(columns []column, cells []string) (*contactstore.Contact, error) {
	urns, err := t.connections(columns, cells)
	if err != nil {
		return nil, err
	}
	c := &contactstore.Contact{Status: "active", Connections: urns}
	return c, t.lay(columns, cells, urns, c)
}

// lay lays a row over a contact; an empty cell says nothing. The row's connections have been read already: phone
// numbers take long.
func (t *table) lay(columns []column, cells []string, connections []contactstore.Connection, c *contactstore.Contact) error {
	for i, col := range columns {
		if strings.TrimSpace(cells[i]) == "" {
			continue
		}
		var err error
		switch col.kind {
		case attributeColumn:
			err = col.set(c, cells[i], t)
		case urnsColumn:
			c.Connections = whole(connections, c)
		case groupColumn:
			err = t.setGroup(c, col.key, cells[i])
		case groupsColumn:
			t.setGroups(c, cells[i])
		case fieldColumn:
			t.setField(c, col.key, cells[i])
		}
		if err != nil {
			return inColumn(col.name, "invalid_contact", err)
		}
	}
	if err := c.Validate(); err != nil {
		return t.ofMember(columns, err)
	}
	for _, o := range connections {
		if c.Find(o.URN) < 0 {
			c.Connections = append(c.Connections, o)
		}
	}
	return nil
}

// inColumn says in which column something is wrong.
func inColumn(column, code string, err error) error {
	hint := ""
	var known *contactstore.Error
	if errors.As(err, &known) {
		code, hint = known.Code, known.Hint
	}
	return cellError(code, column, hint, "%s", err)
}

// ofMember gives an error about a contact's member the name of its column.
func (t *table) ofMember(columns []column, err error) error {
	var known *contactstore.Error
	if !errors.As(err, &known) {
		return err
	}
	i := slices.IndexFunc(columns, func(c column) bool { return c.kind == attributeColumn && c.key == known.Member })
	if i < 0 {
		return err
	}
	return cellError(known.Code, columns[i].name, known.Hint, "%s", strings.TrimPrefix(known.Message, known.Member+": "))
}

// connections reads the URNs of a row, in the order of columns; one that comes again is passed over.
func (t *table) connections(columns []column, cells []string) ([]contactstore.Connection, error) {
	var c contactstore.Contact
	for i, col := range columns {
		if col.kind != urnsColumn && col.kind != urnColumn && col.kind != schemeColumn {
			continue
		}
		for _, text := range splitList(cells[i]) {
			urn, err := t.urn(col, text)
			if err == nil {
				_, err = c.Add(urn, 0)
			}
			if err != nil {
				return nil, inColumn(col.name, "invalid_urn", err)
			}
		}
	}
	return c.Connections, nil
}

var errParted = errors.New("several URNs in a cell: part them with |")

// shortened is how spreadsheets write long numbers that they take for amounts: 1.32338E+10. The number is lost.
var shortened = regexp.MustCompile(`^\d[.,]?\d*[eE]\+\d+$`)

var errShortened error = &contactstore.Error{
	Code: "invalid_urn", Message: "a number that a spreadsheet has shortened", Hint: "format the column as text and write the file anew", Err: contactstore.ErrInvalid,
}

// urn reads a URN of a column: whole, or the path alone where the column names the scheme.
func (t *table) urn(col column, text string) (contactstore.URN, error) {
	if col.kind != schemeColumn || strings.HasPrefix(text, col.key+":") {
		for _, s := range contactstore.Schemes() {
			if strings.Contains(text, ";"+s.Name+":") || strings.Contains(text, ","+s.Name+":") {
				return contactstore.URN{}, errParted
			}
		}
		urn, err := contactstore.ParseURN(text)
		if err != nil {
			return urn, err
		}
		return contactstore.ParseURN(urn.String()) // without what systems note in a query
	}
	if shortened.MatchString(text) && (col.key == "tel" || col.key == "whatsapp") {
		return contactstore.URN{}, errShortened
	}
	if col.key == "tel" && t.settings.Country != "" && !strings.HasPrefix(text, "+") { // or else the scheme's own rule does as much
		if number, ok := contactstore.ParsePhone(text, t.settings.Country); ok {
			text = number
		}
	}
	return contactstore.NewURN(col.key, text, "")
}

// setField sets a field to a cell; one that would be written so already stays, with its kind.
func (t *table) setField(c *contactstore.Contact, key, cell string) {
	i := slices.IndexFunc(c.Fields, func(f contactstore.Field) bool { return f.Key == key })
	switch {
	case i < 0:
		c.Fields = append(c.Fields, t.field(key, cell))
	case c.Fields[i].Text != cell:
		c.Fields[i] = t.field(key, cell)
	}
}

// field makes a field of a cell: a number where the workspace defines it as one, or else a text, since nothing tells
// 034 the number from 034 the text.
func (t *table) field(key, cell string) contactstore.Field {
	f := contactstore.Field{Key: key, Kind: contactstore.FieldText, Text: cell}
	for _, d := range t.settings.Fields {
		if d.Key == key && d.Type == "number" && isNumber(cell) {
			f.Kind = contactstore.FieldNumber
		}
	}
	return f
}

// isNumber reports whether a text is a number of JSON.
func isNumber(text string) bool {
	var n json.Number
	return text[0] != '"' && text != "null" && json.Unmarshal([]byte(text), &n) == nil && n.String() == text
}

// setGroups puts a contact into the groups of a cell, and out of all others.
func (t *table) setGroups(c *contactstore.Contact, cell string) {
	var groups []contactstore.Group
	for _, name := range splitList(cell) {
		g := t.group(c, name)
		if !slices.Contains(groups, g) {
			groups = append(groups, g)
		}
	}
	c.Groups = groups
}

// setGroup puts a contact into one group, or out of it.
func (t *table) setGroup(c *contactstore.Contact, name, cell string) error {
	in := false
	switch strings.ToLower(strings.TrimSpace(cell)) {
	case "false", "no", "0":
	case "true", "yes", "1":
		in = true
	default:
		return errors.New("want true or false")
	}
	g := t.group(c, name)
	i := slices.IndexFunc(c.Groups, func(o contactstore.Group) bool { return o.UUID == g.UUID })
	switch {
	case in && i < 0:
		c.Groups = append(c.Groups, g)
	case !in && i >= 0:
		c.Groups = slices.Delete(c.Groups, i, i+1)
	}
	return nil
}

// group finds a group by its name: among the contact's own, among those that the workspace defines, or else one whose
// UUID follows from its name.
func (t *table) group(c *contactstore.Contact, name string) contactstore.Group {
	for _, known := range [][]contactstore.Group{c.Groups, t.settings.Groups} {
		for _, g := range known {
			if strings.EqualFold(strings.TrimSpace(g.Name), name) {
				return g
			}
		}
	}
	return contactstore.Group{UUID: derivedUUID("group", t.workspace, strings.ToLower(name)).String(), Name: name}
}

// listMark parts the items of a cell; in an item it stands after a backslash, as a backslash itself does.
const listMark = '|'

var listEscapes = strings.NewReplacer(`\`, `\\`, string(listMark), `\`+string(listMark))

func joinList(items []string) string {
	escaped := make([]string, len(items))
	for i, item := range items {
		escaped[i] = listEscapes.Replace(item)
	}
	return strings.Join(escaped, string(listMark))
}

// splitList gives the items of a cell without the space around them; empty ones are none.
func splitList(cell string) []string {
	var items []string
	var item strings.Builder
	take := func() {
		if text := strings.TrimSpace(item.String()); text != "" {
			items = append(items, text)
		}
		item.Reset()
	}
	for i := 0; i < len(cell); i++ {
		switch next := i + 1; {
		case cell[i] == listMark:
			take()
		case cell[i] == '\\' && next < len(cell) && (cell[next] == listMark || cell[next] == '\\'):
			item.WriteByte(cell[next])
			i = next
		default:
			item.WriteByte(cell[i])
		}
	}
	take()
	return items
}

func printURNs(c *contactstore.Contact) string {
	items := make([]string, len(c.Connections))
	for i, o := range c.Connections {
		items[i] = o.URN.String()
	}
	return joinList(items)
}

func printGroups(c *contactstore.Contact) string {
	items := make([]string, len(c.Groups))
	for i, g := range c.Groups {
		items[i] = g.Name
	}
	return joinList(items)
}
