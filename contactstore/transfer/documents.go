package transfer

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/flowexpr/flowexpr/contactstore"
)

// documents reads JSON that may be spread over lines, one document after another: the pages of RapidPro's API (objects
// with the array `results`), arrays of contacts, and contacts alone. What such systems do not know, when a connection
// was last used, stays as it is stored.
type documents struct {
	json   *json.Decoder
	file   *feed
	max    int               // bytes of a contact
	fields map[string]string // types of the fields that the workspace defines, by key
	depth  int               // of arrays and objects that are open
	ended  bool
}

func newDocuments(r *bufio.Reader, settings contactstore.Settings, max int) *documents {
	d := &documents{file: &feed{r: r, line: 1}, max: max, fields: map[string]string{}}
	if head, _ := r.Peek(len(byteOrderMark)); string(head) == string(byteOrderMark) {
		_, _ = r.Discard(len(head))
		d.file.before = int64(len(head))
	}
	d.json = json.NewDecoder(d.file)
	for _, f := range settings.Fields {
		d.fields[strings.ToLower(f.Key)] = f.Type
	}
	return d
}

func (d *documents) offset() int64 {
	if d.ended {
		return d.file.before + d.file.given
	}
	return d.file.before + d.json.InputOffset()
}

func (d *documents) warnings() []string { return nil }

// errEnough ends the reading when nobody wants more rows.
var errEnough = errors.New("enough")

// rows gives the contacts of all documents.
func (d *documents) rows() iter.Seq2[raw, error] {
	return func(yield func(raw, error) bool) {
		take := func(r raw) error {
			if !yield(r, nil) {
				return errEnough
			}
			return nil
		}
		for {
			err := d.document(take)
			switch {
			case err == nil:
				continue
			case errors.Is(err, errEnough):
			case errors.Is(err, io.EOF) && d.depth == 0:
				d.ended = true
			default:
				yield(raw{}, d.failure(err))
			}
			return
		}
	}
}

// document reads one document.
func (d *documents) document(take func(raw) error) error {
	token, err := d.token()
	if err != nil {
		return err
	}
	switch token {
	case json.Delim('['):
		return d.list(take)
	case json.Delim('{'):
		return d.object(take)
	}
	return errNoContacts
}

var errNoContacts = errors.New("got a value that is neither an object nor an array, want contacts")

// list reads the contacts of an array, after its bracket.
func (d *documents) list(take func(raw) error) error {
	for d.json.More() {
		text, line, err := d.value()
		if err != nil {
			return err
		}
		if err := take(d.row(line, text)); err != nil {
			return err
		}
	}
	_, err := d.token()
	return err
}

// object reads an object after its brace: a page, or a contact, which is put together from its members.
func (d *documents) object(take func(raw) error) error {
	line := d.file.lineAt(d.json.InputOffset())
	contact, page := []byte{'{'}, false
	for d.json.More() {
		key, err := d.token()
		if err != nil {
			return err
		}
		if key == "results" {
			if next, err := d.token(); err != nil || next != json.Delim('[') {
				return errors.Join(err, errNoResults)
			}
			if err := d.list(take); err != nil {
				return err
			}
			page = true
			continue
		}
		value, _, err := d.value()
		if err != nil {
			return err
		}
		if len(contact) <= d.max { // of one that is longer the rest does not matter
			contact = appendMember(contact, key, value)
		}
	}
	if _, err := d.token(); err != nil || page {
		return err
	}
	return take(d.row(line, append(contact, '}')))
}

var errNoResults = errors.New("results: want an array of contacts")

func appendMember(object []byte, key json.Token, value []byte) []byte {
	if len(object) > 1 {
		object = append(object, ',')
	}
	name, _ := json.Marshal(key) // a text always encodes
	return append(append(append(object, name...), ':'), value...)
}

func (d *documents) row(line int, text []byte) raw {
	if len(text) > d.max {
		return raw{line: line, problem: tooLong(line, d.max, "shorten the contact's fields")}
	}
	return raw{line: line, text: text}
}

// token reads one token, and counts what is open.
func (d *documents) token() (json.Token, error) {
	d.file.allow(d.json.InputOffset(), d.max)
	token, err := d.json.Token()
	if delimiter, ok := token.(json.Delim); ok {
		if delimiter == '[' || delimiter == '{' {
			d.depth++
		} else {
			d.depth--
		}
	}
	return token, err
}

// value reads one value whole, and tells the line that it begins on.
func (d *documents) value() (text []byte, line int, err error) {
	d.file.allow(d.json.InputOffset(), d.max)
	var value json.RawMessage
	err = d.json.Decode(&value)
	return value, d.file.lineAt(d.json.InputOffset() - int64(len(value))), err
}

// failure says where a document goes wrong. What follows cannot be read: nothing tells where the next contact begins.
func (d *documents) failure(err error) error {
	at, message := d.next(), err.Error()
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		at, message = syntax.Offset, "not JSON: "+syntax.Error()
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		at, message = d.file.given, "the file ends in the middle of its JSON"
	case errors.Is(err, errNoContacts), errors.Is(err, errNoResults), errors.Is(err, errTooLong):
	default:
		return fmt.Errorf("read line %d: %w", d.file.lineAt(at), err)
	}
	return &contactstore.Error{
		Code: "invalid_json", Message: fmt.Sprintf("line %d: %s", d.file.lineAt(at), message),
		Hint: "the contacts before it were read; correct the file and import it again", Err: contactstore.ErrInvalid,
	}
}

// next gives the offset of what was not read yet.
func (d *documents) next() int64 {
	left, _ := io.ReadAll(d.json.Buffered()) // of a buffer
	return d.json.InputOffset() + int64(len(left)-len(bytes.TrimLeft(left, ", \t\r\n")))
}

// contact reads a contact; its connections' last use stays as it is stored where the row does not tell of it.
func (d *documents) contact(r raw) (told, error) {
	c, err := contactstore.ParseContact(r.text)
	if err != nil {
		return told{}, err
	}
	for i, f := range c.Fields {
		c.Fields[i] = plainField(f, d.fields[f.Key])
	}
	return told{contact: c, over: func(stored *contactstore.Contact) (*contactstore.Contact, error) {
		return withUse(*c, stored), nil
	}}, nil
}

// withUse gives a contact in the place of what is stored, with the last use of the connections that both have.
func withUse(c contactstore.Contact, stored *contactstore.Contact) *contactstore.Contact {
	c.Workspace, c.Version = stored.Workspace, stored.Version
	c.Connections = whole(c.Connections, stored)
	return &c
}

// whole gives connections in the place of those that are stored, with the last use of those that both have.
func whole(connections []contactstore.Connection, stored *contactstore.Contact) []contactstore.Connection {
	connections = slices.Clone(connections)
	for i := range connections {
		keepUse(&connections[i], stored)
	}
	return connections
}

// keepUse gives a connection of which nothing is known the last use that is stored.
func keepUse(o *contactstore.Connection, stored *contactstore.Contact) {
	at := stored.Find(o.URN)
	if at < 0 {
		return
	}
	if o.LastUsedOn.IsZero() {
		o.LastUsedOn = stored.Connections[at].LastUsedOn
	}
	if o.Channel == "" {
		o.Channel = stored.Connections[at].Channel
	}
}
