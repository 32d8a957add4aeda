package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/engine/diag"
	"github.com/flowexpr/flowexpr/server/jsontext"
)

// object is a JSON object in a request's body, checked, whose members are read one by one.
type object struct {
	body    []byte // the whole body; places count from its start
	what    string // what the object is, for messages
	at      int
	members []member
	room    *[]member // where members lie, its own and those of objects inside
}

// body reads the request's body as an object; its content type and encoding are checked first.
func (r *request) body() (object, error) {
	body, err := r.rawBody()
	if err != nil {
		return object{}, err
	}
	return parseObject(body, &r.members)
}

// rawBody gives the body, which belongs to the HTTP library and is reused after the answer.
func (r *request) rawBody() ([]byte, error) {
	h := &r.http.Request.Header
	if err := checkContentType(h.ContentType(), h.ContentEncoding()); err != nil {
		return nil, err
	}
	body := r.http.Request.Body()
	if i := invalidUTF8(body); i >= 0 {
		return nil, bodyProblem(body, i, "invalid_utf8", "the body is not UTF-8", "encode it as UTF-8")
	}
	return body, nil
}

// curlType is what curl sends with -d when it is told nothing: as good as saying nothing.
const curlType = "application/x-www-form-urlencoded"

// checkContentType accepts JSON, and a client that does not say what it sends.
func checkContentType(given, encoding []byte) error {
	if string(given) == jsonType && len(encoding) == 0 { // fast path
		return nil
	}
	name, parameters, _ := strings.Cut(strings.ToLower(string(given)), ";")
	name, parameters = strings.TrimSpace(name), strings.Trim(strings.TrimSpace(parameters), `"`)
	known := name == "" || name == jsonType || name == curlType || strings.HasPrefix(name, "application/") && strings.HasSuffix(name, "+json")
	charset, isCharset := strings.CutPrefix(parameters, "charset=")
	charset = strings.Trim(charset, `"`)
	switch {
	case !known:
		return &problem{status: 415, code: "unsupported_media_type", detail: "the body has a content type that this service does not read", hint: "send the header Content-Type: application/json"}
	case isCharset && charset != "utf-8" && charset != "utf8":
		return &problem{status: 415, code: "unsupported_charset", detail: "the body is not in UTF-8", hint: "encode it as UTF-8"}
	case len(encoding) > 0 && !bytes.EqualFold(encoding, []byte("identity")):
		return &problem{status: 415, code: "unsupported_encoding", detail: "the body is compressed, which this service does not read", hint: "send it as it is"}
	}
	return nil
}

// invalidUTF8 gives the offset of the first byte that is no UTF-8, or -1.
func invalidUTF8(text []byte) int {
	if utf8.Valid(text) {
		return -1
	}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

// bodyProblem is a 400 about a place in the body.
func bodyProblem(body []byte, offset int, code, detail, hint string) *problem {
	return &problem{status: 400, code: code, detail: detail, hint: hint, at: diag.NewIndex(string(body)).Position(offset)}
}

// parseObject reads a body. The members of all its objects that are looked into lie in room.
func parseObject(body []byte, room *[]member) (object, error) {
	s := scanner{data: body}
	switch c := s.space(); c {
	case '{':
	case 0:
		if s.at >= len(body) {
			return object{}, &problem{status: 400, code: "body_missing", detail: "the request has no body, want a JSON object", hint: "send the object as the body of the request"}
		}
		fallthrough
	default:
		return object{}, syntaxProblem(body, s.expected("a JSON object"))
	}
	o, err := scanObject(&s, body, "the body", room)
	if err != nil {
		return object{}, err
	}
	if s.space(); s.at < len(body) {
		return object{}, syntaxProblem(body, s.expected("the end after the object"))
	}
	return o, nil
}

// maxMembers bounds the objects that handlers read member by member: more than any of them knows, and few enough to
// look for repeated names among them.
const maxMembers = 200

func scanObject(s *scanner, body []byte, what string, room *[]member) (object, error) {
	start := len(*room)
	o := object{body: body, what: what, at: s.at, room: room}
	err := s.object(0, func(m member) error {
		if o.member(string(m.name)) != nil {
			return &syntaxError{at: m.nameAt, text: "the same name twice: " + strconv.Quote(string(m.name))}
		}
		if len(o.members) == maxMembers {
			return &syntaxError{at: m.nameAt, text: "more than " + strconv.Itoa(maxMembers) + " members in one object"}
		}
		*room = append(*room, m)
		o.members = (*room)[start:len(*room):len(*room)]
		return nil
	})
	if err != nil {
		return object{}, syntaxProblem(body, err)
	}
	return o, nil
}

func syntaxProblem(body []byte, err error) error {
	at := 0
	if e, ok := err.(*syntaxError); ok { //nolint:errorlint // the scanner wraps nothing
		at = e.at
	}
	p := bodyProblem(body, at, "invalid_json", "", "")
	p.detail = "the body cannot be read: line " + strconv.Itoa(p.at.Line) + ", column " + strconv.Itoa(p.at.Column) + ": " + err.Error()
	return p
}

// find gives a member.
func (o *object) find(name string) (member, bool) {
	if m := o.member(name); m != nil {
		return *m, true
	}
	return member{}, false
}

// member gives the place of a member, or nil.
func (o *object) member(name string) *member {
	for i := range o.members {
		if m := &o.members[i]; string(m.name) == name {
			return m
		}
	}
	return nil
}

// raw gives a member's JSON; nil when it is missing or null.
func (o *object) raw(name string) []byte {
	m := o.member(name)
	if m == nil || string(o.body[m.start:m.end]) == "null" {
		return nil
	}
	return o.body[m.start:m.end]
}

// has reports whether there is a value, null aside.
func (o *object) has(name string) bool { return o.raw(name) != nil }

// only refuses members beside those named.
func (o *object) only(names ...string) error {
	for _, m := range o.members {
		name := string(m.name)
		if slices.Contains(names, name) {
			continue
		}
		hint := "known here: " + strings.Join(names, ", ")
		if near := diag.Nearest(name, names); near != "" {
			hint = "did you mean " + near + "? " + hint
		}
		return bodyProblem(o.body, m.nameAt, "unknown_member", o.what+" has the unknown member "+strconv.Quote(name), hint)
	}
	return nil
}

// wrong is the problem of a member that is not what it should be.
func (o *object) wrong(name, want string) error {
	m, _ := o.find(name)
	return bodyProblem(o.body, m.start, "invalid_member", name+": got "+kind(o.body[m.start])+", want "+want, "")
}

// in says where an error about a member's value stands; errors that are not the caller's stay as they are.
func (o *object) in(name string, err error) error {
	var known *contactstore.Error
	if !errors.As(err, &known) || !errors.Is(known, contactstore.ErrInvalid) {
		return err
	}
	m, _ := o.find(name)
	return bodyProblem(o.body, m.start, known.Code, name+": "+known.Message, known.Hint)
}

func kind(first byte) string {
	switch first {
	case '{':
		return "an object"
	case '[':
		return "an array"
	case '"':
		return "a text"
	case 't', 'f':
		return "a boolean"
	case 'n':
		return "null"
	}
	return "a number"
}

// missing is the problem of a member that has to be there.
func (o *object) missing(name, want string) error {
	return bodyProblem(o.body, o.at, "member_missing", o.what+" has no "+name, "give "+want)
}

// text reads a text; empty when it is missing or null.
func (o *object) text(name string) (string, error) {
	raw := o.raw(name)
	if raw == nil {
		return "", nil
	}
	if raw[0] != '"' {
		return "", o.wrong(name, "a text in quotes")
	}
	return unquote(raw), nil
}

// textBytes reads a text, mostly as a part of the body; nil when it is missing or null.
func (o *object) textBytes(name string) ([]byte, error) {
	raw := o.raw(name)
	if raw == nil {
		return nil, nil
	}
	if raw[0] != '"' {
		return nil, o.wrong(name, "a text in quotes")
	}
	return unquoteBytes(raw), nil
}

// boolean reads true or false; false when it is missing or null.
func (o *object) boolean(name string) (bool, error) {
	switch raw := o.raw(name); {
	case raw == nil || string(raw) == "false":
		return false, nil
	case string(raw) == "true":
		return true, nil
	}
	return false, o.wrong(name, "true or false")
}

// integer reads a whole number; 0 when it is missing or null.
func (o *object) integer(name string) (int64, error) {
	raw := o.raw(name)
	if raw == nil {
		return 0, nil
	}
	n, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil {
		return 0, o.wrong(name, "a whole number")
	}
	return n, nil
}

// Years that stored times can have.
const (
	firstYear = 1900
	lastYear  = 2200
)

// time reads a time in RFC 3339; zero when it is missing or null.
func (o *object) time(name string) (time.Time, error) {
	text, err := o.text(name)
	if err != nil || text == "" {
		return time.Time{}, err
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil || t.Year() < firstYear || t.Year() > lastYear {
		m, _ := o.find(name)
		return time.Time{}, bodyProblem(o.body, m.start, "invalid_time", name+": got a text that is no time", "write it like 2026-11-24T12:00:00Z")
	}
	return t, nil
}

// object reads an object inside of this one; ok is false when it is missing or null.
func (o *object) object(name string) (inner object, ok bool, err error) {
	raw := o.raw(name)
	if raw == nil {
		return object{}, false, nil
	}
	if raw[0] != '{' {
		return object{}, false, o.wrong(name, "an object")
	}
	m, _ := o.find(name)
	inner, err = scanObject(&scanner{data: o.body[:m.end], at: m.start}, o.body, name, o.room)
	return inner, true, err
}

// texts reads an array of texts, which may be missing or null, one by one; a text is lent, and at is its place in the body.
func (o *object) texts(name string, each func(text []byte, at int) error) error {
	raw := o.raw(name)
	if raw == nil {
		return nil
	}
	if raw[0] != '[' {
		return o.wrong(name, "an array of texts")
	}
	m, _ := o.find(name)
	s := scanner{data: o.body[:m.end], at: m.start + 1}
	for s.space() != ']' {
		at := s.at
		if s.data[at] != '"' {
			return bodyProblem(o.body, at, "invalid_member", name+": got "+kind(s.data[at])+" in the array, want texts in quotes", "")
		}
		if err := s.text(); err != nil {
			return syntaxProblem(o.body, err)
		}
		if err := each(unquoteBytes(s.data[at:s.at]), at); err != nil {
			return err
		}
		if s.space() == ',' {
			s.at++
		}
	}
	return nil
}

// without appends the object's JSON without some members.
func (o *object) without(dst []byte, names ...string) []byte {
	dst = append(dst, '{')
	first := true
	for _, m := range o.members {
		if slices.Contains(names, string(m.name)) {
			continue
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = jsontext.Append(dst, m.name)
		dst = append(dst, ':')
		dst = append(dst, o.body[m.start:m.end]...)
	}
	return append(dst, '}')
}

// unquote decodes a JSON string that was checked.
func unquote(quoted []byte) string { return string(unquoteBytes(quoted)) }

// unquoteBytes does so without copying a string that has no escapes.
func unquoteBytes(quoted []byte) []byte {
	inner := quoted[1 : len(quoted)-1]
	if bytes.IndexByte(inner, '\\') < 0 { // fast path
		return inner
	}
	var text string
	_ = json.Unmarshal(quoted, &text) // cannot fail: the scanner took it
	return []byte(text)
}
