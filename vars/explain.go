package vars

import (
	"fmt"

	"github.com/flowexpr/flowexpr/contactstore"
)

// Candidate is a connection that a variable could have given; priorities are 1-based.
type Candidate struct {
	URN      string `json:"urn"`
	Priority int    `json:"priority"`
}

// Reason says why a variable has its value, and for a connection which others there were, the winner first.
func (v *Variable) Reason(s *Scope) (string, []Candidate) {
	if s.Contact.IsZero() && v.NeedsContact() {
		return "no contact was given", nil
	}
	switch v.read {
	case readContactURN:
		return s.contactURNReason()
	case readURN:
		return s.schemeReason(v.scheme)
	case readField:
		return v.fieldReason(s), nil
	case readGlobal, readGlobals:
		return "a global of the workspace", nil
	case readFirstName:
		return "the first word of the contact's name", nil
	case readChannel:
		destination, ok := s.Contact.Destination(s.workspace().settings.Channels, s.workspace().settings.Channels != nil)
		if !ok || destination.Channel == nil {
			return "no channel of the workspace can send to the contact", nil
		}
		return destination.Reason, nil
	}
	if _, status := v.Text(s); status == Unknown {
		return "there is no such property", nil
	}
	return "from the contact's record", nil
}

func (s *Scope) contactURNReason() (string, []Candidate) {
	switch s.workspace().policy {
	case policyPhone:
		return s.schemeReason(contactstore.SchemeTel)
	case policyAny:
		candidates := s.candidates(func(int) bool { return true })
		if len(candidates) == 0 {
			return "the contact has no connections", nil
		}
		return fmt.Sprintf("highest-priority connection: first of %s", count(len(candidates), "connection")), candidates
	}
	index := s.routable()
	candidates := s.candidates(func(int) bool { return true })
	if index < 0 {
		return fmt.Sprintf("none of %s can be sent to by a channel of the workspace", count(s.Contact.Len(), "connection")), candidates
	}
	return fmt.Sprintf("first connection that a channel can send to: %s, %s of %s",
		schemeTitle(s.Contact.At(index).Scheme()), ordinal(index+1), count(s.Contact.Len(), "connection")), candidates
}

func (s *Scope) schemeReason(id contactstore.SchemeID) (string, []Candidate) {
	title := schemeTitle(id.Name())
	candidates := s.candidates(func(i int) bool { return s.Contact.At(i).SchemeID() == id })
	if len(candidates) == 0 {
		return fmt.Sprintf("the contact has no %s among %s", title, count(s.Contact.Len(), "connection")), nil
	}
	return fmt.Sprintf("highest-priority %s: 1 of %d, %s of %s",
		title, len(candidates), ordinal(candidates[0].Priority), count(s.Contact.Len(), "connection")), candidates
}

func (s *Scope) candidates(keep func(i int) bool) []Candidate {
	var candidates []Candidate
	for i := range s.Contact.Len() {
		if keep(i) {
			text, _ := s.connectionText(i)
			candidates = append(candidates, Candidate{URN: text, Priority: i + 1})
		}
	}
	return candidates
}

func (v *Variable) fieldReason(s *Scope) string {
	_, status := v.Text(s)
	definition, defined := s.workspace().fields[v.key]
	switch {
	case status == Unknown:
		return "the workspace defines no such field"
	case status == Null:
		return "the field is not set for this contact"
	case defined:
		return fmt.Sprintf("custom field %s, of type %s", definition.Name, definition.Type)
	}
	return "custom field of the contact"
}

func schemeTitle(name string) string {
	if scheme, ok := contactstore.SchemeByName(name); ok {
		return scheme.Title
	}
	return name
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// ordinal writes small ranks as words, as people read them.
func ordinal(n int) string {
	words := [...]string{"first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"}
	if n >= 1 && n <= len(words) {
		return words[n-1]
	}
	return fmt.Sprintf("number %d", n)
}
