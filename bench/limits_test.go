package bench

import (
	"strconv"
	"strings"

	"github.com/flowexpr/flowexpr/bench/corpus"
)

// resolved is a contact whose variables were looked up beforehand: hand-coded rendering has nothing left to find.
type resolved struct {
	name, firstName, phone, email, twitter string
	age, balance                           int64
}

func resolvedContact() *resolved {
	return &resolved{
		name: corpus.Name, firstName: corpus.FirstName, phone: corpus.Phone, email: corpus.Email, twitter: corpus.Twitter,
		age: corpus.Age, balance: corpus.Balance,
	}
}

// byHand are the templates of corpus as a programmer would write them for speed alone: the limit.
var byHand = map[string]func(dst []byte, c *resolved) []byte{
	"T0": func(dst []byte, _ *resolved) []byte {
		return append(dst, corpus.Plain...)
	},
	"T1": func(dst []byte, c *resolved) []byte {
		dst = append(dst, "Your number is "...)
		return append(dst, c.phone...)
	},
	"T4": func(dst []byte, c *resolved) []byte {
		dst = append(dst, "Hi "...)
		dst = append(dst, c.name...)
		dst = append(dst, ", thank you for signing up today. We will call "...)
		dst = append(dst, c.phone...)
		dst = append(dst, ", write to "...)
		dst = append(dst, c.email...)
		dst = append(dst, " or tweet to "...)
		dst = append(dst, c.twitter...)
		return append(dst, ". Reply STOP to end."...)
	},
	"TX": func(dst []byte, c *resolved) []byte {
		for i := range len(c.firstName) { // ASCII only: a limit owes no Unicode
			letter := c.firstName[i]
			if 'a' <= letter && letter <= 'z' {
				letter -= 'a' - 'A'
			}
			dst = append(dst, letter)
		}
		dst = append(dst, ", you owe "...)
		dst = strconv.AppendInt(dst, c.balance*2+1, 10)
		if c.age > 18 {
			return append(dst, " adult"...)
		}
		return append(dst, " minor"...)
	},
}

// unresolved is a contact as it is stored: a variable for a connection scans the list.
type unresolved struct {
	name string
	urns []string
}

// piece is a text (scheme and name unset), the contact's name, or its first connection of a scheme.
type piece struct {
	text   string
	scheme string // with its colon
	name   bool
}

// pieces are the templates of corpus that need no expression, compiled by hand: the limit for anything that looks
// variables up at the time of evaluation.
var pieces = map[string][]piece{
	"T0": {{text: corpus.Plain}},
	"T1": {{text: "Your number is "}, {scheme: "tel:"}},
	"T4": {
		{text: "Hi "}, {name: true}, {text: ", thank you for signing up today. We will call "}, {scheme: "tel:"},
		{text: ", write to "}, {scheme: "mailto:"}, {text: " or tweet to "}, {scheme: "twitter:"}, {text: ". Reply STOP to end."},
	},
}

func appendPieces(dst []byte, pieces []piece, c *unresolved) []byte {
	for i := range pieces {
		p := &pieces[i]
		switch {
		case p.scheme != "":
			dst = append(dst, c.first(p.scheme)...)
		case p.name:
			dst = append(dst, c.name...)
		default:
			dst = append(dst, p.text...)
		}
	}
	return dst
}

func (c *unresolved) first(scheme string) string {
	for _, urn := range c.urns {
		if strings.HasPrefix(urn, scheme) {
			return urn
		}
	}
	return ""
}
