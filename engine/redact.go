package engine

import (
	"strings"

	"github.com/flowexpr/flowexpr/engine/value"
	"github.com/flowexpr/flowexpr/vars"
)

// redactRoot hides the URNs that a root of the caller's context has, as the contact's own are hidden: those of the input,
// of a contact, and of the runs around this one. What people wrote is left alone. Source: section 8.1 of the language
// specification.
func redactRoot(root string, v value.Value) value.Value {
	switch strings.ToLower(root) {
	case "urns":
		return redactURNs(v)
	case "contact":
		return redactContact(v)
	case "input":
		return shapeMembers(v, map[string]func(value.Value) value.Value{"urn": redactURNs})
	case "run", "parent", "child":
		return redactRun(v)
	}
	return v
}

// redactURNs hides a URN, and those in an array or an object.
func redactURNs(v value.Value) value.Value {
	switch v := v.(type) {
	case *value.Text:
		return value.NewText(vars.Redact(v.String()))
	case *value.Array:
		items := make([]value.Value, v.Len())
		for i, item := range v.Items() {
			items[i] = redactURNs(item)
		}
		return value.NewArray(items)
	case *value.Object:
		properties := make([]value.Property, v.Len())
		for i, p := range v.Properties() {
			p.Value = redactURNs(p.Value)
			properties[i] = p
		}
		return rebuild(v, properties)
	}
	return v
}

// redactContact also changes the label of a contact without a name, which shows a URN.
func redactContact(v value.Value) value.Value {
	v = shapeMembers(v, map[string]func(value.Value) value.Value{"urn": redactURNs, "urns": redactURNs})
	if object, ok := labelledByURN(v); ok {
		return value.NewObjectWithDefault(value.NewText(contactLabel(object, true)), object.Properties())
	}
	return v
}

func redactRun(v value.Value) value.Value {
	v = shapeMembers(v, map[string]func(value.Value) value.Value{"contact": redactContact, "urns": redactURNs})
	object, ok := v.(*value.Object)
	if !ok {
		return v
	}
	contact, _ := object.Get("contact")
	if _, unnamed := labelledByURN(contact); !unnamed {
		return v
	}
	return value.NewObjectWithDefault(value.NewText(runLabel(object)), object.Properties())
}

// labelledByURN gives a contact that has a default but no name.
func labelledByURN(v value.Value) (*value.Object, bool) {
	object, ok := v.(*value.Object)
	if !ok {
		return nil, false
	}
	_, labelled := object.Default()
	return object, labelled && textOf(object, "name") == ""
}
