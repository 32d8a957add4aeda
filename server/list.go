package server

import (
	"context"
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/flowexpr/flowexpr/contactstore"
)

// Bounds of lists.
const (
	defaultListLimit = 50
	maxQuery         = 200 // bytes of q
)

// listContacts answers with a page of the list, or with the one contact that has a URN.
func (s *Server) listContacts(r *request) error {
	arguments := r.http.QueryArgs()
	for key := range arguments.All() {
		switch string(key) {
		case "urn", "cursor", "limit", "q":
		default:
			return &problem{status: 400, code: "unknown_parameter", detail: "the path has the unknown parameter " + strconv.Quote(string(key)), hint: "known here: cursor, limit, q, urn"}
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
	after contactstore.UUID
	limit int
	query string // in lower case; empty: all
}

func (s *Server) readPage(r *request) (page, error) {
	arguments := r.http.QueryArgs()
	p := page{limit: min(defaultListLimit, s.options.MaxListLimit), query: strings.ToLower(string(arguments.Peek("q")))}
	if len(p.query) > maxQuery {
		return page{}, &problem{status: 400, code: "invalid_parameter", detail: "q is longer than " + strconv.Itoa(maxQuery) + " bytes", hint: "search for less"}
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

// scan collects a page. A search looks at MaxScan contacts at most: a page may have fewer rows than asked for, even
// none, and a cursor to go on from.
func (s *Server) scan(ctx context.Context, workspace string, p page) (rows []contactstore.Record, next string, err error) {
	after, scanned := p.after, 0
	for {
		size := p.limit + 1 // one more tells whether there are more
		if p.query != "" {
			size = s.options.MaxListLimit
		}
		batch, err := s.store.List(ctx, workspace, after, size)
		if err != nil {
			return nil, "", err
		}
		for _, record := range batch {
			if len(rows) == p.limit || p.query != "" && scanned == s.options.MaxScan {
				return rows, formatCursor(after), nil
			}
			after, scanned = record.UUID(), scanned+1
			if p.query == "" || holds(record, p.query) {
				rows = append(rows, record)
			}
		}
		if len(batch) < size {
			return rows, "", nil
		}
	}
}

// holds reports whether a contact's name or one of its URNs contains a text in lower case.
func holds(record contactstore.Record, query string) bool {
	if strings.Contains(strings.ToLower(record.Name()), query) {
		return true
	}
	for i := range record.Len() {
		if strings.Contains(strings.ToLower(record.At(i).Stored()), query) {
			return true
		}
	}
	return false
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
	dst = appendText(dst, row.Name())
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
	return appendText(dst, text)
}
