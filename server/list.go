package server

import (
	"context"
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/server/jsontext"
)

// Bounds of lists.
const (
	defaultListLimit = 50
	maxQuery         = 200 // bytes of q, and of group
)

// listContacts answers with a page of the list, or with the one contact that has a URN.
func (s *Server) listContacts(r *request) error {
	arguments := r.http.QueryArgs()
	for key := range arguments.All() {
		switch string(key) {
		case "urn", "cursor", "limit", "q", "group":
		default:
			return &problem{status: 400, code: "unknown_parameter", detail: "the path has the unknown parameter " + strconv.Quote(string(key)), hint: "known here: cursor, group, limit, q, urn"}
		}
	}
	if arguments.Has("urn") {
		if arguments.Len() > 1 {
			return &problem{status: 400, code: "invalid_parameter", detail: "urn stands beside other parameters", hint: "give urn alone: one contact has it, or none"}
		}
		return s.findContact(r, string(arguments.Peek("urn")))
	}
	page, err := s.readPage(r)
	if err != nil {
		return err
	}
	rows, next, err := s.scan(r.context(), r.workspace.name, page)
	if err != nil {
		return err
	}
	r.json(200, appendRows(nil, rows, next))
	return nil
}

// findContact answers with the contact that has a URN.
func (s *Server) findContact(r *request, text string) error {
	if number, ok := strings.CutPrefix(text, "tel: "); ok { // a + that was not escaped
		text = "tel:+" + number
	}
	urn, err := contactstore.ParseURN(text)
	if err != nil {
		return err
	}
	record, err := s.store.Find(r.context(), r.workspace.name, urn.Normalize())
	if err != nil {
		return err
	}
	return s.answerContact(r, 200, record)
}

// page says what to list.
type page struct {
	after  contactstore.UUID
	limit  int
	filter contactstore.Filter
}

func (s *Server) readPage(r *request) (page, error) {
	arguments := r.http.QueryArgs()
	p := page{limit: min(defaultListLimit, s.options.MaxListLimit)}
	p.filter = contactstore.Filter{Text: string(arguments.Peek("q")), Group: string(arguments.Peek("group"))}
	if max(len(p.filter.Text), len(p.filter.Group)) > maxQuery {
		return page{}, &problem{status: 400, code: "invalid_parameter", detail: "q or group is longer than " + strconv.Itoa(maxQuery) + " bytes", hint: "search for less"}
	}
	if text := arguments.Peek("limit"); len(text) > 0 {
		limit, err := strconv.Atoi(string(text))
		if err != nil || limit < 1 || limit > s.options.MaxListLimit {
			return page{}, &problem{status: 400, code: "invalid_limit", detail: "limit: got " + strconv.Quote(string(text)) + ", want a number from 1 to " + strconv.Itoa(s.options.MaxListLimit)}
		}
		p.limit = limit
	}
	if text := arguments.Peek("cursor"); len(text) > 0 {
		after, err := parseCursor(string(text))
		if err != nil {
			return page{}, err
		}
		p.after = after
	}
	return p, nil
}

// cursorVersion begins a cursor, so that a later release can tell its own.
const cursorVersion = 1

func formatCursor(last contactstore.UUID) string {
	return base64.RawURLEncoding.EncodeToString(append([]byte{cursorVersion}, last[:]...))
}

func parseCursor(text string) (contactstore.UUID, error) {
	data, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(data) != 1+len(contactstore.UUID{}) || data[0] != cursorVersion {
		return contactstore.UUID{}, &problem{status: 400, code: "invalid_cursor", detail: "the cursor is not one of this service", hint: "give next_cursor of the page before as it is, or none for the first page"}
	}
	return contactstore.UUID(data[1:]), nil
}

// scan collects a page. A filtered one looks at MaxScan contacts at most: it may have fewer rows than asked for, even
// none, and a cursor to go on from.
func (s *Server) scan(ctx context.Context, workspace string, p page) (rows []contactstore.Record, next string, err error) {
	size := p.limit + 1 // one more tells whether there are more
	if !p.filter.IsZero() {
		size = s.options.MaxListLimit
	}
	after, scanned := p.after, 0
	for record, err := range contactstore.All(ctx, s.store, workspace, after, size) {
		if err != nil {
			return nil, "", err
		}
		if len(rows) == p.limit || !p.filter.IsZero() && scanned == s.options.MaxScan {
			return rows, formatCursor(after), nil
		}
		after, scanned = record.UUID(), scanned+1
		if p.filter.Match(record) {
			rows = append(rows, record)
		}
	}
	return rows, "", nil
}

func appendRows(dst []byte, rows []contactstore.Record, next string) []byte {
	dst = append(dst, `{"contacts":[`...)
	for i, row := range rows {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendRow(dst, row)
	}
	dst = append(dst, `],"next_cursor":`...)
	return append(appendTextOrNull(dst, next), '}')
}

// appendRow appends what a list shows of a contact: its first connection alone.
func appendRow(dst []byte, row contactstore.Record) []byte {
	dst = append(dst, `{"uuid":"`...)
	dst = append(dst, row.UUID().String()...)
	dst = append(dst, `","name":`...)
	dst = jsontext.Append(dst, row.Name())
	dst = append(dst, `,"connection":`...)
	connection := ""
	if row.Len() > 0 {
		connection = row.At(0).URN().String()
	}
	return append(appendTextOrNull(dst, connection), '}')
}

func appendTextOrNull(dst []byte, text string) []byte {
	if text == "" {
		return append(dst, "null"...)
	}
	return jsontext.Append(dst, text)
}
