package vars

import (
	"strings"
	"time"

	"github.com/flowexpr/flowexpr/contactstore"
)

// Value is what a variable has for one contact, as a plain Go value:
//
//	nil                       null
//	string                    text
//	Number                    a number's text
//	bool                      a boolean
//	time.Time                 a datetime
//	JSON                      a JSON text of another kind
//	Lines                     text made of `Name: value` lines
//	[]Value                   an array
//	*Object                   an object
type Value any

// Number is a number in plain decimal text, such as 12.50.
type Number string

// JSON is a JSON text that is none of the other kinds.
type JSON string

// Object is a value with properties, and perhaps a default that it has as text.
type Object struct {
	Default    Value
	HasDefault bool
	Properties []Property
}

// Property is one property of an Object; Deprecated is what to warn of when it is read, or empty.
type Property struct {
	Key        string
	Value      Value
	Deprecated string
}

// Status says what reading a variable gave.
type Status uint8

// The statuses of a read.
const (
	// Present: the text is the variable's canonical text.
	Present Status = iota
	// Null: there is no value; its text is empty. Nothing to warn of.
	Null
	// NoConnection: null, because the contact has no connection of the kind.
	NoConnection
	// Typed: the value is not plain text; ask Value for it.
	Typed
	// Unknown: there is no such property.
	Unknown
	// NoContact: there is no contact to read from.
	NoContact
)

// read says what a variable reads; one constant for each entry of the catalogue, and a few with a key.
type read uint8

const (
	readNothing read = iota
	readContact
	readUUID
	readRef
	readName
	readFirstName
	readLanguage
	readTimezone
	readStatus
	readCreatedOn
	readLastSeenOn
	readContactURNs
	readContactURN
	readGroups
	readFields
	readChannel
	readID
	readTickets
	readURNs
	readURN        // scheme
	readOtherURN   // key: a scheme this release does not know
	readField      // key
	readGlobals    //
	readGlobal     // key
	readNoProperty // key: resolves, and is always unknown
)

// Variable is one name, resolved. It is a small value, to be copied freely; its zero value reads nothing.
type Variable struct {
	path   string
	key    string
	read   read
	scheme contactstore.SchemeID
}

// Path gives the variable's full name as the catalogue writes it, such as contact.first_name.
func (v Variable) Path() string { return v.path }

// Deprecated gives what to warn of when the variable is read, or nothing.
func (v Variable) Deprecated() string {
	switch v.read {
	case readID:
		return deprecatedID
	case readTickets:
		return deprecatedTickets
	}
	return ""
}

// IsConnection reports whether the variable gives a connection of the contact.
func (v Variable) IsConnection() bool {
	return v.read == readContactURN || v.read == readURN || v.read == readOtherURN
}

// Exists reports whether the catalogue has the variable; some names of fields, globals and schemes only a scope knows.
func (v Variable) Exists() bool { return v.read != readNothing && v.read != readNoProperty }

// NeedsContact reports whether the variable reads the contact's record.
func (v Variable) NeedsContact() bool { return v.read != readGlobals && v.read != readGlobal }

// Text reads the variable as canonical text, a part of the record or of the settings: nothing is copied.
// Where the status is not Present the text is empty. This is the hot path: a plain switch.
func (v *Variable) Text(s *Scope) (string, Status) {
	if s.Contact.IsZero() && v.NeedsContact() {
		return v.withoutContact()
	}
	switch v.read {
	case readName:
		return s.Contact.Name(), Present
	case readFirstName:
		if name, ok := s.Contact.FirstName(); ok {
			return name, Present
		}
		return "", Null
	case readContactURN:
		return s.connectionText(s.contactURN())
	case readURN:
		return s.connectionText(s.Contact.First(v.scheme))
	case readLanguage:
		return s.Contact.Language(), Present
	case readStatus:
		return s.Contact.Status(), Present
	case readRef:
		return s.Contact.Ref(), Present
	case readTimezone:
		if name := s.Contact.Timezone(); name != "" {
			return name, Present
		}
		return "", Null
	case readField:
		return v.fieldText(s)
	case readGlobal:
		return v.globalText(s)
	case readOtherURN:
		if i := s.otherScheme(v.key); i >= 0 {
			return s.connectionText(i)
		}
		return "", Unknown
	case readNothing, readNoProperty:
		return "", Unknown
	default:
		return "", Typed
	}
}

func (v *Variable) withoutContact() (string, Status) {
	switch v.read {
	case readContact, readURNs, readFields:
		return "", Null
	default:
		return "", NoContact
	}
}

// Value reads the variable as a typed value. It may allocate.
func (v *Variable) Value(s *Scope) (Value, Status) {
	text, status := v.Text(s)
	switch status {
	case Present:
		return text, Present
	case Typed:
		return v.typed(s)
	default:
		return nil, status
	}
}

func (v *Variable) typed(s *Scope) (Value, Status) {
	switch v.read {
	case readContact:
		return s.contactObject(), Typed
	case readUUID:
		return s.Contact.UUID().String(), Typed
	case readCreatedOn:
		return timeValue(s.Contact.CreatedOn()), Typed
	case readLastSeenOn:
		return timeValue(s.Contact.LastSeenOn()), Typed
	case readContactURNs:
		return s.urnList(), Typed
	case readGroups:
		return s.groupList(), Typed
	case readFields:
		return s.fieldsObject(), Typed
	case readChannel:
		return s.channelValue(), Typed
	case readID:
		return s.contactID(), Typed
	case readTickets:
		return []Value{}, Typed
	case readURNs:
		return s.urnsObject(), Typed
	case readField:
		return v.fieldValue(s)
	case readGlobals:
		return s.globalsObject(), Typed
	default:
		return nil, Unknown
	}
}

func timeValue(t time.Time) Value {
	if t.IsZero() {
		return nil
	}
	return t
}

// Resolve finds the variable that a dotted path names, from its root on: the longest prefix that the catalogue has.
// It gives the variable and how many names of the path it used; 0 means the root is none of this package's.
// Letter case does not matter. A property that cannot exist resolves to a variable whose status is always Unknown.
func Resolve(path []string) (Variable, int) {
	if len(path) == 0 {
		return Variable{}, 0
	}
	root := strings.ToLower(path[0])
	property := ""
	if len(path) > 1 {
		property = strings.ToLower(path[1])
	}
	switch root {
	case "contact":
		return resolveContact(path, property)
	case "urns":
		if property == "" {
			return Variable{path: root, read: readURNs}, 1
		}
		return urnVariable("urns.", property), 2
	case "fields":
		if property == "" {
			return Variable{path: root, read: readFields}, 1
		}
		return Variable{path: "fields." + property, key: property, read: readField}, 2
	case "globals":
		if property == "" {
			return Variable{path: root, read: readGlobals}, 1
		}
		return Variable{path: "globals." + property, key: property, read: readGlobal}, 2
	}
	return Variable{}, 0
}

func resolveContact(path []string, property string) (Variable, int) {
	switch {
	case property == "":
		return Variable{path: "contact", read: readContact}, 1
	case property == "fields" && len(path) > 2:
		key := strings.ToLower(path[2])
		return Variable{path: "contact.fields." + key, key: key, read: readField}, 3
	}
	for i := range contactEntries {
		if entry := &contactEntries[i]; entry.name == property {
			return Variable{path: "contact." + property, read: entry.read}, 2
		}
	}
	if scheme, ok := contactstore.SchemeByName(property); ok {
		return Variable{path: "contact." + property, read: readURN, scheme: scheme.ID}, 2
	}
	return Variable{path: "contact." + property, key: property, read: readNoProperty}, 2
}

func urnVariable(prefix, name string) Variable {
	if scheme, ok := contactstore.SchemeByName(name); ok {
		return Variable{path: prefix + name, read: readURN, scheme: scheme.ID}
	}
	return Variable{path: prefix + name, key: name, read: readOtherURN}
}
