package vars

import (
	"slices"
	"strconv"
	"strings"

	"github.com/flowexpr/flowexpr/contactstore"
)

// hidden is what stands for a URN's path and display in a workspace that redacts.
// Source: section 8.1 of the language specification.
const hidden = "********"

// contactURN is the index of the connection that contact.urn gives under the workspace's policy, or -1.
func (s *Scope) contactURN() int {
	w := s.workspace()
	switch w.policy {
	case policyAny:
		if s.Contact.Len() == 0 {
			return -1
		}
		return 0
	case policyRoutable:
		return s.routable()
	default:
		return s.Contact.First(contactstore.SchemeTel)
	}
}

// routable is the index of the first connection that a channel of the workspace can send to, or -1.
// A workspace that declares no channels can send to every connection.
func (s *Scope) routable() int {
	channels := s.workspace().settings.Channels
	if channels == nil {
		if s.Contact.Len() == 0 {
			return -1
		}
		return 0
	}
	i, _ := s.Contact.Routable(channels)
	return i
}

// connectionText prints connection i, hidden where the workspace redacts.
func (s *Scope) connectionText(i int) (string, Status) {
	if i < 0 {
		return "", NoConnection
	}
	if s.Redacts() {
		return redacted(s.Contact, i), Present
	}
	return s.Contact.Printed(i), Present
}

// redacted shows a connection's scheme only.
func redacted(r contactstore.Record, i int) string { return r.At(i).Scheme() + ":" + hidden }

// Redact hides all of a URN but its scheme, and all of a text that is no URN. The empty text stays.
func Redact(urn string) string {
	scheme, _, isURN := strings.Cut(urn, ":")
	switch {
	case urn == "":
		return ""
	case !isURN:
		return hidden
	}
	return scheme + ":" + hidden
}

// otherScheme is the index of the first connection of a scheme by name, or -1.
func (s *Scope) otherScheme(name string) int {
	for i := range s.Contact.Len() {
		if s.Contact.At(i).Scheme() == name {
			return i
		}
	}
	return -1
}

func (s *Scope) urnList() []Value {
	list := make([]Value, s.Contact.Len())
	for i := range list {
		list[i], _ = s.connectionText(i)
	}
	return list
}

// urnsObject has a property for each scheme of the language's table, and for each other scheme that the contact has. Of
// those that this release knows, discord alone is not in the table. Source: sections 9.2 and 11 of the language specification.
func (s *Scope) urnsObject() *Object {
	names := make([]string, 0, 24)
	for _, scheme := range contactstore.Schemes() {
		if scheme.ID != contactstore.SchemeDiscord {
			names = append(names, scheme.Name)
		}
	}
	for i := range s.Contact.Len() {
		names = append(names, s.Contact.At(i).Scheme())
	}
	slices.Sort(names)
	names = slices.Compact(names)
	object := &Object{Properties: make([]Property, len(names))}
	for i, name := range names {
		property := Property{Key: name}
		if text, status := s.connectionText(s.otherScheme(name)); status == Present {
			property.Value = text
		}
		object.Properties[i] = property
	}
	return object
}

// channelValue is the channel that a message to the contact would use, or nil.
func (s *Scope) channelValue() Value {
	_, channel := s.Contact.Routable(s.workspace().settings.Channels)
	if channel == nil {
		return nil
	}
	return &Object{Default: channel.Name, HasDefault: true, Properties: []Property{
		{Key: "address", Value: channel.Address},
		{Key: "name", Value: channel.Name},
		{Key: "uuid", Value: channel.UUID},
	}}
}

// label is how the contact is called; see Label.
func (s *Scope) label() string {
	first := ""
	if s.Contact.Len() > 0 {
		first = s.Contact.At(0).Stored()
	}
	return Label(s.Contact.Name(), first, strconv.FormatInt(s.Contact.ID(), 10), s.Redacts())
}

// Label is how a contact is called where only one text fits: by its name, else by its first URN as people write it, or,
// where URNs are hidden, by its number. Source: section 8.1 of the language specification.
func Label(name, firstURN, id string, redact bool) string {
	switch {
	case name != "":
		return name
	case redact:
		return id
	}
	text, err := contactstore.FormatURN(firstURN)
	if err != nil {
		return ""
	}
	return text
}
