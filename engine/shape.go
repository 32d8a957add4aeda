package engine

import (
	"slices"
	"strings"
	"time"

	"github.com/flowexpr/flowexpr/engine/value"
	"github.com/flowexpr/flowexpr/vars"
)

// shapeRoot gives a standard root the defaults and properties that section 9 of the language specification gives it,
// where the caller's plain JSON leaves them out.
func shapeRoot(p value.Property) value.Property {
	switch root := strings.ToLower(p.Key); root {
	case "results":
		p.Value = shapeResults(p.Value)
	case "input":
		p.Value = complete(root, shapeInput(p.Value))
	case "run", "parent", "child":
		p.Value = complete(root, shapeRun(root, p.Value))
	case "contact":
		p.Value = shapeContact(p.Value)
	case "trigger":
		p.Value = complete(root, shapeMembers(p.Value, map[string]func(value.Value) value.Value{
			"user": shapeUser, "campaign": named, "ticket": shapeTicket,
		}))
	case "resume", "node":
		p.Value = complete(root, p.Value)
	case "ticket":
		p.Value = shapeTicket(p.Value)
	case "webhook":
		p.Value = complete(root, shapeWebhook(p.Value))
	case "globals":
		p.Value = shapeLines(p.Value)
	case "legacy_extra":
		p.Deprecated = "@legacy_extra is deprecated"
	}
	return p
}

// plain gives an object that has no default yet.
func plain(v value.Value) (*value.Object, bool) {
	object, ok := v.(*value.Object)
	if !ok {
		return nil, false
	}
	if _, has := object.Default(); has {
		return nil, false
	}
	return object, true
}

// withDefault gives an object the default that the first non-empty of its properties is.
func withDefault(v value.Value, keys ...string) value.Value {
	object, ok := plain(v)
	if !ok {
		return v
	}
	for _, key := range keys {
		if text := textOf(object, key); text != "" {
			return value.NewObjectWithDefault(value.NewText(text), object.Properties())
		}
	}
	return v
}

func named(v value.Value) value.Value { return withDefault(v, "name") }

func shapeUser(v value.Value) value.Value { return complete("user", withDefault(v, "name", "email")) }

func shapeTicket(v value.Value) value.Value {
	return complete("ticket", shapeMembers(v, map[string]func(value.Value) value.Value{"topic": named, "assignee": shapeUser}))
}

// textOf gives a property as text, empty when there is none.
func textOf(object *value.Object, key string) string {
	v, ok := object.Get(key)
	if !ok {
		return ""
	}
	text, failure := value.ToText(v)
	if failure != nil {
		return ""
	}
	return text
}

// shapeMembers applies a shape to some members of an object.
func shapeMembers(v value.Value, shapes map[string]func(value.Value) value.Value) value.Value {
	object, ok := v.(*value.Object)
	if !ok {
		return v
	}
	properties := slices.Clone(object.Properties())
	for i, p := range properties {
		if shape, ok := shapes[strings.ToLower(p.Key)]; ok {
			properties[i].Value = shape(p.Value)
		}
	}
	return rebuild(object, properties)
}

func rebuild(object *value.Object, properties []value.Property) value.Value {
	if d, has := object.Default(); has {
		return value.NewObjectWithDefault(d, properties)
	}
	return value.NewObject(properties)
}

// shapeTimes makes datetimes of members that are RFC 3339 texts.
func shapeTimes(v value.Value, keys ...string) value.Value {
	shapes := make(map[string]func(value.Value) value.Value, len(keys))
	for _, key := range keys {
		shapes[key] = shapeTime
	}
	return shapeMembers(v, shapes)
}

func shapeTime(v value.Value) value.Value {
	text, ok := v.(*value.Text)
	if !ok {
		return v
	}
	t, err := time.ParseInLocation(time.RFC3339Nano, text.String(), time.UTC) // not in the machine's own zone
	if err != nil {
		return v
	}
	return value.NewDateTime(t)
}

// shapeResults shapes each result and gives the whole its lines.
func shapeResults(v value.Value) value.Value {
	object, ok := plain(v)
	if !ok {
		return v
	}
	properties := slices.Clone(object.Properties())
	var lines []string
	for i, p := range properties {
		shaped := shapeResult(p.Key, p.Value)
		properties[i].Value = shaped
		lines = append(lines, textOf(shaped, "name")+": "+textOf(shaped, "value"))
	}
	slices.Sort(lines)
	return value.NewObjectWithDefault(value.NewText(strings.Join(lines, "\n")), properties)
}

// shapeResult gives one result all its properties. Source: section 9.4 of the language specification.
func shapeResult(key string, v value.Value) *value.Object {
	object, ok := v.(*value.Object)
	if !ok { // `"color": "blue"` is a result with that value
		text, _ := value.ToText(v)
		object = value.NewObject([]value.Property{{Key: "value", Value: value.NewText(text)}})
	}
	category := textOf(object, "category")
	shaped := []value.Property{
		{Key: "category", Value: value.NewText(category)},
		{Key: "category_localized", Value: value.NewText(firstText(textOf(object, "category_localized"), category))},
		{Key: "created_on"}, {Key: "extra"},
		{Key: "input", Value: value.NewText(textOf(object, "input"))},
		{Key: "name", Value: value.NewText(firstText(textOf(object, "name"), key))},
		{Key: "node_uuid", Value: value.NewText(textOf(object, "node_uuid"))},
		{Key: "value", Value: value.NewText(textOf(object, "value"))},
	}
	if created, ok := object.Get("created_on"); ok {
		shaped[2].Value = shapeTime(created)
	}
	if extra, ok := object.Get("extra"); ok {
		shaped[3].Value = extra
	}
	return value.NewObjectWithDefault(value.NewText(textOf(object, "value")), shaped)
}

func firstText(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

// shapeInput gives the input its default: the text, then each attachment's URL. Source: section 9.5.
func shapeInput(v value.Value) value.Value {
	v = shapeMembers(shapeTimes(v, "created_on"), map[string]func(value.Value) value.Value{"channel": named})
	object, ok := plain(v)
	if !ok {
		return v
	}
	var lines []string
	if text := textOf(object, "text"); text != "" {
		lines = append(lines, text)
	}
	if attachments, ok := object.Get("attachments"); ok {
		if list, ok := attachments.(*value.Array); ok {
			for _, item := range list.Items() {
				text, _ := value.ToText(item)
				if _, url, found := strings.Cut(text, ":"); found && url != "" {
					lines = append(lines, url)
				}
			}
		}
	}
	return value.NewObjectWithDefault(value.NewText(strings.Join(lines, "\n")), object.Properties())
}

// shapeRun gives a run its default, `CONTACT@FLOW`. Source: section 9.6.
func shapeRun(root string, v value.Value) value.Value {
	v = shapeMembers(shapeTimes(v, "created_on", "exited_on"), map[string]func(value.Value) value.Value{
		"flow": named, "results": shapeResults, "contact": shapeContact,
		"run": func(v value.Value) value.Value {
			return deprecate(v, "status", "@"+root+".run.status is deprecated, use @"+root+".status instead")
		},
	})
	object, ok := plain(v)
	if !ok {
		return v
	}
	if _, ok := object.Get("flow"); !ok {
		return v
	}
	return value.NewObjectWithDefault(value.NewText(runLabel(object)), object.Properties())
}

func runLabel(run *value.Object) string { return textOf(run, "contact") + "@" + textOf(run, "flow") }

// deprecate makes reading a property warn.
func deprecate(v value.Value, key, message string) value.Value {
	object, ok := v.(*value.Object)
	if !ok {
		return v
	}
	properties := slices.Clone(object.Properties())
	for i := range properties {
		if strings.EqualFold(properties[i].Key, key) {
			properties[i].Deprecated = message
		}
	}
	return rebuild(object, properties)
}

// shapeContact gives a contact its label as its default. Source: section 9.1.
func shapeContact(v value.Value) value.Value {
	v = shapeTimes(v, "created_on", "last_seen_on")
	object, ok := plain(v)
	if !ok {
		return v
	}
	label := contactLabel(object, false)
	if _, hasName := object.Get("name"); label == "" && !hasName {
		return v
	}
	return value.NewObjectWithDefault(value.NewText(label), object.Properties())
}

func contactLabel(contact *value.Object, redact bool) string {
	return vars.Label(textOf(contact, "name"), firstURN(contact), textOf(contact, "id"), redact)
}

// firstURN gives the first of a contact's urns, else its urn.
func firstURN(contact *value.Object) string {
	if urns, ok := contact.Get("urns"); ok {
		if list, ok := urns.(*value.Array); ok && list.Len() > 0 {
			text, _ := value.ToText(list.Items()[0])
			return text
		}
	}
	return textOf(contact, "urn")
}

// shapeWebhook gives a webhook its default, `METHOD URL`. Source: section 9.9.
func shapeWebhook(v value.Value) value.Value {
	object, ok := plain(v)
	if !ok || textOf(object, "url") == "" {
		return v
	}
	method := firstText(textOf(object, "method"), "GET")
	return value.NewObjectWithDefault(value.NewText(method+" "+textOf(object, "url")), object.Properties())
}

// shapeLines gives an object a line for each property as its default.
func shapeLines(v value.Value) value.Value {
	object, ok := plain(v)
	if !ok {
		return v
	}
	var lines []string
	for _, p := range object.Properties() {
		lines = append(lines, p.Key+": "+textOf(object, p.Key))
	}
	return value.NewObjectWithDefault(value.NewText(strings.Join(lines, "\n")), object.Properties())
}
