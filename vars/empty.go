package vars

// Empty reports whether the variable gives nothing: the empty text, or an empty list. What Text tells in passing, it
// tells for variables of every type; it allocates nothing for the usual ones.
func (v *Variable) Empty(s *Scope) bool {
	switch text, status := v.Text(s); status {
	case Present:
		return text == ""
	case Typed:
		return v.typedEmpty(s)
	default:
		return true
	}
}

func (v *Variable) typedEmpty(s *Scope) bool {
	switch v.read {
	case readUUID:
		return false
	case readContact:
		return s.label() == ""
	case readCreatedOn:
		return s.Contact.CreatedOn().IsZero()
	case readLastSeenOn:
		return s.Contact.LastSeenOn().IsZero()
	case readContactURNs, readURNs:
		return s.Contact.Len() == 0
	case readGroups:
		return s.Contact.GroupLen() == 0
	case readChannel:
		_, channel := s.Contact.Routable(s.workspace().settings.Channels)
		return channel == nil
	case readField:
		if _, ok := v.FieldNumber(s); ok {
			return false
		}
	}
	value, _ := v.typed(s)
	return emptyValue(value)
}

// emptyValue reports whether a value's text is empty.
func emptyValue(value Value) bool {
	switch value := value.(type) {
	case nil:
		return true
	case string:
		return value == ""
	case []Value:
		return len(value) == 0
	case Lines:
		return len(value.Lines) == 0
	case *Object:
		return value.HasDefault && emptyValue(value.Default)
	}
	return false
}
