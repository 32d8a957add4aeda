package vars

import (
	"slices"
	"strings"
	"time"

	"github.com/flowexpr/flowexpr/contactstore"
)

// Types of field definitions.
const (
	fieldNumber   = "number"
	fieldDateTime = "datetime"
)

// fieldText reads a field as text. Where the workspace defines its fields, the definition decides what exists and of
// which type it is; where it defines none, what the contact's record holds does.
func (v *Variable) fieldText(s *Scope) (string, Status) {
	kind, text, held := s.Contact.Field(v.key)
	w := s.workspace()
	if w.fields == nil {
		if !held {
			return "", Unknown
		}
		return untypedField(kind, text)
	}
	definition, defined := w.fields[v.key]
	switch {
	case !defined:
		return "", Unknown
	case !held || kind == contactstore.FieldNull || text == "":
		return "", Null
	case definition.Type == fieldNumber || definition.Type == fieldDateTime:
		return "", Typed
	}
	return text, Present
}

func untypedField(kind contactstore.FieldKind, text string) (string, Status) {
	switch {
	case kind == contactstore.FieldNull || text == "":
		return "", Null
	case kind == contactstore.FieldText:
		return text, Present
	}
	return "", Typed
}

// fieldValue reads a field that is not plain text.
func (v *Variable) fieldValue(s *Scope) (Value, Status) {
	kind, text, _ := s.Contact.Field(v.key)
	if definition, ok := s.workspace().fields[v.key]; ok {
		if definition.Type == fieldNumber {
			return Number(text), Typed
		}
		return timeFromText(text), Typed
	}
	switch kind {
	case contactstore.FieldNumber:
		return Number(text), Typed
	case contactstore.FieldBool:
		return text == "true", Typed
	case contactstore.FieldJSON:
		return JSON(text), Typed
	}
	return text, Typed
}

// timeFromText reads an RFC 3339 time, in a zone that does not depend on the machine's own; a text that is none gives
// null, as an unset field does.
func timeFromText(text string) Value {
	t, err := time.ParseInLocation(time.RFC3339Nano, text, time.UTC)
	if err != nil {
		return nil
	}
	return t
}

// FieldNumber reads a field of type number as text without boxing it; ok is false for every other variable.
// It serves the engine's arithmetic.
func (v *Variable) FieldNumber(s *Scope) (text string, ok bool) {
	if v.read != readField || s.Contact.IsZero() {
		return "", false
	}
	kind, text, held := s.Contact.Field(v.key)
	if !held || text == "" || kind == contactstore.FieldNull {
		return "", false
	}
	if fields := s.workspace().fields; fields != nil {
		definition, defined := fields[v.key]
		return text, defined && definition.Type == fieldNumber
	}
	return text, kind == contactstore.FieldNumber
}

// fieldsObject has a property for each defined field; its default is a line for each field that is set.
func (s *Scope) fieldsObject() *Object {
	object := &Object{HasDefault: true}
	var lines []Line
	for _, definition := range s.fieldDefinitions() {
		variable := Variable{key: strings.ToLower(definition.Key), read: readField}
		value, _ := variable.Value(s)
		object.Properties = append(object.Properties, Property{Key: definition.Key, Value: value})
		if value != nil {
			lines = append(lines, Line{Name: definition.Name, Value: value})
		}
	}
	object.Default = Lines{Lines: lines, Sorted: true}
	return object
}

// Line is a name and a value, to be shown as `Name: value`.
type Line struct {
	Name  string
	Value Value
}

// Lines is text made of lines, one for each Line; the engine renders the values.
type Lines struct {
	Lines  []Line
	Sorted bool
}

// fieldDefinitions gives the workspace's definitions, or such as follow from what the record holds.
func (s *Scope) fieldDefinitions() []contactstore.FieldDefinition {
	w := s.workspace()
	if w.fields != nil {
		return w.settings.Fields
	}
	definitions := make([]contactstore.FieldDefinition, 0, s.Contact.FieldLen())
	for i := range s.Contact.FieldLen() {
		key, _, _ := s.Contact.FieldAt(i)
		definitions = append(definitions, contactstore.FieldDefinition{Key: key, Name: key})
	}
	return definitions
}

// FieldKeys gives the keys that exist for this scope, sorted: for nearest names and completion.
func (s *Scope) FieldKeys() []string {
	var keys []string
	for _, definition := range s.fieldDefinitions() {
		keys = append(keys, definition.Key)
	}
	slices.Sort(keys)
	return keys
}
