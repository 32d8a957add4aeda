package value

import "strconv"

// LookupProperty is `container.name`. An object without that property gives an error; see LookupIndex for the rest.
func LookupProperty(rt *Runtime, container Value, name string) Value {
	switch container := container.(type) {
	case *Object:
		if p, ok := container.Lookup(name); ok {
			return read(rt, p)
		}
		return &Error{Code: CodeUnknownProperty, Message: "object has no property '" + name + "'"}
	case *Array:
		return item(container, NewText(name))
	}
	return noLookups(container)
}

// LookupIndex is `container[key]`: a property, null where the object has none; or an item, counted from 0, or from the
// end when negative. Anything else has no lookups.
func LookupIndex(rt *Runtime, container, key Value) Value {
	if failure, ok := container.(*Error); ok {
		return failure
	}
	if failure, ok := key.(*Error); ok {
		return failure
	}
	switch container := container.(type) {
	case *Object:
		name, failure := ToText(key)
		if failure != nil {
			return failure
		}
		if p, ok := container.Lookup(name); ok {
			return read(rt, p)
		}
		return nil
	case *Array:
		return item(container, key)
	}
	return noLookups(container)
}

// read gives a property's value and warns when it is deprecated.
func read(rt *Runtime, p Property) Value {
	if p.Deprecated != "" {
		rt.Warn(p.Deprecated)
	}
	return p.Value
}

func item(a *Array, key Value) Value {
	index, failure := ToInteger(key)
	if failure != nil {
		return failure
	}
	at := index
	if at < 0 {
		at += len(a.items)
	}
	if at < 0 || at >= len(a.items) {
		return &Error{Code: CodeOutOfRange, Message: "index " + strconv.Itoa(index) + " out of range for " +
			strconv.Itoa(len(a.items)) + " items"}
	}
	return a.items[at]
}

func noLookups(v Value) Value {
	if failure, ok := v.(*Error); ok {
		return failure
	}
	return &Error{Code: CodeUnknownProperty, Message: Describe(v) + " doesn't support lookups"}
}
