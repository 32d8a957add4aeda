package server

import (
	"fmt"
	"strconv"
	"unicode/utf8"

	"github.com/flowexpr/flowexpr/server/jsontext"
)

// maxDepth is how deep arrays and objects may stand in each other: as deep as a template's context may.
const maxDepth = 100

// scanner checks JSON and finds the members of objects in it, without making values: a handler reads the few members
// it knows, and passes others on as they are.
type scanner struct {
	data []byte
	at   int // byte offset of the next byte
}

// syntaxError says what is wrong with JSON, and where.
type syntaxError struct {
	at   int // byte offset
	text string
}

func (e *syntaxError) Error() string { return e.text }

// expected is the error of the next byte: what it is, and what should be there.
func (s *scanner) expected(want string) error {
	return &syntaxError{at: s.at, text: fmt.Sprintf("got %s, want %s", s.got(), want)}
}

func (s *scanner) got() string {
	if s.at >= len(s.data) {
		return "the end"
	}
	r, _ := utf8.DecodeRune(s.data[s.at:])
	if r == utf8.RuneError || r < ' ' {
		return fmt.Sprintf("the byte 0x%02x", s.data[s.at])
	}
	return strconv.QuoteRune(r)
}

// space moves to the next byte that is no white space, and gives it; 0 at the end.
func (s *scanner) space() byte {
	for ; s.at < len(s.data); s.at++ {
		switch s.data[s.at] {
		case ' ', '\t', '\r', '\n':
		default:
			return s.data[s.at]
		}
	}
	return 0
}

// value moves past one value of any kind.
func (s *scanner) value(depth int) error {
	switch c := s.space(); {
	case c == '{':
		return s.object(depth, func(member) error { return nil })
	case c == '[':
		return s.array(depth)
	case c == '"':
		return s.text()
	case c == '-' || c >= '0' && c <= '9':
		return s.number()
	case c == 't':
		return s.word("true")
	case c == 'f':
		return s.word("false")
	case c == 'n':
		return s.word("null")
	}
	return s.expected("a value")
}

func (s *scanner) word(word string) error {
	for i := range len(word) {
		if s.at >= len(s.data) || s.data[s.at] != word[i] {
			return s.expected("the rest of " + word)
		}
		s.at++
	}
	return nil
}

// text moves past a string.
func (s *scanner) text() error {
	for s.at++; ; s.at++ {
		s.at += jsontext.Plain(s.data[min(s.at, len(s.data)):])
		if s.at >= len(s.data) {
			return s.expected(`'"' at the end of the text`)
		}
		switch c := s.data[s.at]; {
		case c == '"':
			s.at++
			return nil
		case c < ' ':
			return s.expected(`an escape such as \n: control characters do not stand in a text as they are`)
		case c == '\\':
			if err := s.escape(); err != nil {
				return err
			}
		}
	}
}

// escape moves to the last byte of an escape.
func (s *scanner) escape() error {
	s.at++
	if s.at >= len(s.data) {
		return s.expected("an escape")
	}
	switch s.data[s.at] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return nil
	case 'u':
		for range 4 {
			s.at++
			if s.at >= len(s.data) || !isHex(s.data[s.at]) {
				return s.expected("four hexadecimal digits")
			}
		}
		return nil
	}
	return s.expected(`one of " \ / b f n r t u after \`)
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

func (s *scanner) number() error {
	if s.data[s.at] == '-' {
		s.at++
	}
	if s.at < len(s.data) && s.data[s.at] == '0' {
		s.at++
	} else if err := s.digits(); err != nil {
		return err
	}
	if s.at < len(s.data) && s.data[s.at] == '.' {
		s.at++
		if err := s.digits(); err != nil {
			return err
		}
	}
	if s.at < len(s.data) && (s.data[s.at] == 'e' || s.data[s.at] == 'E') {
		s.at++
		if s.at < len(s.data) && (s.data[s.at] == '+' || s.data[s.at] == '-') {
			s.at++
		}
		return s.digits()
	}
	return nil
}

func (s *scanner) digits() error {
	start := s.at
	for s.at < len(s.data) && s.data[s.at] >= '0' && s.data[s.at] <= '9' {
		s.at++
	}
	if s.at == start {
		return s.expected("a digit")
	}
	return nil
}

func (s *scanner) array(depth int) error {
	if err := s.deeper(depth); err != nil {
		return err
	}
	s.at++
	if s.space() == ']' {
		s.at++
		return nil
	}
	for {
		if err := s.value(depth + 1); err != nil {
			return err
		}
		switch s.space() {
		case ',':
			s.at++
		case ']':
			s.at++
			return nil
		default:
			return s.expected("',' or ']'")
		}
	}
}

// member is one member of an object: its name, decoded and mostly a part of the body, and where name and value stand.
type member struct {
	name       []byte
	nameAt     int
	start, end int // of the value
}

// object moves past an object and hands out its members.
func (s *scanner) object(depth int, each func(member) error) error {
	if err := s.deeper(depth); err != nil {
		return err
	}
	s.at++
	if s.space() == '}' {
		s.at++
		return nil
	}
	for {
		if s.space() != '"' {
			return s.expected("a name in quotes")
		}
		m := member{nameAt: s.at}
		if err := s.text(); err != nil {
			return err
		}
		if depth == 0 { // names inside of values are nobody's here
			m.name = unquoteBytes(s.data[m.nameAt:s.at])
		}
		if s.space() != ':' {
			return s.expected("':'")
		}
		s.at++
		s.space()
		m.start = s.at
		if err := s.value(depth + 1); err != nil {
			return err
		}
		m.end = s.at
		if err := each(m); err != nil {
			return err
		}
		switch s.space() {
		case ',':
			s.at++
		case '}':
			s.at++
			return nil
		default:
			return s.expected("',' or '}'")
		}
	}
}

func (s *scanner) deeper(depth int) error {
	if depth >= maxDepth {
		return &syntaxError{at: s.at, text: "more than " + strconv.Itoa(maxDepth) + " arrays and objects in each other"}
	}
	return nil
}
