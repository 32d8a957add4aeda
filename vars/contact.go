package vars

import "strconv"

// contactID is the platform's numeric id as text; empty when the contact has none.
func (s *Scope) contactID() Value {
	if s.Contact.ID() == 0 {
		return ""
	}
	return strconv.FormatInt(s.Contact.ID(), 10)
}

func (s *Scope) groupList() []Value {
	groups := make([]Value, s.Contact.GroupLen())
	for i := range groups {
		uuid, name := s.Contact.GroupAt(i)
		groups[i] = &Object{Properties: []Property{{Key: "name", Value: name}, {Key: "uuid", Value: uuid}}}
	}
	return groups
}

// contactObject is the whole contact, as `@contact` and functions over it see it: the properties of the
// specification's section 9.1. The names that only flowexpr has (contact.ext and the like) are not among them.
func (s *Scope) contactObject() *Object {
	object := &Object{Default: s.label(), HasDefault: true}
	for i := range contactEntries {
		entry := &contactEntries[i]
		variable := Variable{read: entry.read}
		value, _ := variable.Value(s)
		object.Properties = append(object.Properties, Property{Key: entry.name, Value: value, Deprecated: entry.deprecated})
	}
	return object
}
