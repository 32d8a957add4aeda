package vars

import (
	"slices"

	"github.com/flowexpr/flowexpr/contactstore"
)

// Messages of the deprecated properties. Source: section 9.1 of the language specification.
const (
	deprecatedID      = "@contact.id is deprecated, use @contact.ref instead"
	deprecatedTickets = "@contact.tickets is deprecated, use @ticket instead"
)

// Entry documents one variable: what an editor completes and a reference lists.
type Entry struct {
	// Path is the full name, such as contact.first_name. A part in capitals stands for a name of the workspace's own.
	Path string `json:"name"`
	// Type is the type of the value: text, number, datetime, array, object.
	Type string `json:"type"`
	// Doc says what the value is, in a sentence or two.
	Doc string `json:"doc"`
	// Example is what the variable gives for Jane Doe of the demo workspace; empty where it gives nothing.
	Example string `json:"example,omitempty"`
	// Deprecated says what to use instead, or is empty.
	Deprecated string `json:"deprecated,omitempty"`
	// ConnectionType names the kind of connection the variable gives, if it gives one.
	ConnectionType string `json:"connection_type,omitempty"`
	// ChannelTypes names the types of channel that serve such a connection.
	ChannelTypes []string `json:"channel_types,omitempty"`
}

// contactEntry is a property of the contact: its accessor and its documentation in one place.
type contactEntry struct {
	name       string
	read       read
	typ        string
	doc        string
	example    string
	deprecated string
}

// contactEntries are the properties of a contact, sorted by name. Source: section 9.1 of the language specification.
var contactEntries = [...]contactEntry{
	{name: "channel", read: readChannel, typ: "object", doc: "The channel that a message to the contact would use: its name, address and uuid. Null when no channel can reach the contact."},
	{name: "created_on", read: readCreatedOn, typ: "datetime", doc: "When the contact was created.", example: "2026-01-15T09:30:00.000000Z"},
	{name: "fields", read: readFields, typ: "object", doc: "The contact's custom fields, one property for each field of the workspace."},
	{name: "first_name", read: readFirstName, typ: "text", doc: "The first word of the contact's name. Null when the name has no word.", example: "Jane"},
	{name: "groups", read: readGroups, typ: "array", doc: "The groups the contact is in, each with a name and a uuid."},
	{name: "id", read: readID, typ: "text", doc: "The platform's numeric id of the contact.", deprecated: deprecatedID},
	{name: "language", read: readLanguage, typ: "text", doc: "The contact's language, as an ISO 639-3 code. Empty when it is not known.", example: "eng"},
	{name: "last_seen_on", read: readLastSeenOn, typ: "datetime", doc: "When the contact was last heard from. Null when it never was."},
	{name: "name", read: readName, typ: "text", doc: "The contact's whole name. Empty when it is not known.", example: "Jane Doe"},
	{name: "ref", read: readRef, typ: "text", doc: "The contact's public reference, a short code."},
	{name: "status", read: readStatus, typ: "text", doc: "One of active, blocked, stopped and archived.", example: "active"},
	{name: "tickets", read: readTickets, typ: "array", doc: "The contact's open tickets.", deprecated: deprecatedTickets},
	{name: "timezone", read: readTimezone, typ: "text", doc: "The contact's time zone, as an IANA name. Null when it is not known.", example: "America/Los_Angeles"},
	{name: "urn", read: readContactURN, typ: "text", doc: "The contact's highest-priority connection, whole: by default its first phone number. The setting contact_urn chooses phone, any, or routable (the first connection that a channel can send to).", example: "tel:+13233754866"},
	{name: "urns", read: readContactURNs, typ: "array", doc: "All of the contact's connections, highest priority first.", example: "[tel:+13233754866, twitter:janedoe, mailto:jane.doe@example.org, tel:+4971234567]"},
	{name: "uuid", read: readUUID, typ: "text", doc: "The contact's UUID.", example: "5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f"},
}

// sessionEntries document the roots that a caller's context gives. Source: sections 9.4 to 9.12.
var sessionEntries = [...]Entry{
	{Path: "child", Type: "object", Doc: "The last run that this run started: its contact, flow, status, results and fields."},
	{Path: "input", Type: "object", Doc: "The last message from the contact: its text, attachments, urn, channel and time."},
	{Path: "legacy_extra", Type: "object", Doc: "Data of older flows.", Deprecated: "@legacy_extra is deprecated"},
	{Path: "locals", Type: "object", Doc: "Variables of the run that are not kept as results."},
	{Path: "node", Type: "object", Doc: "The flow's current node: its uuid, categories and visit_count."},
	{Path: "parent", Type: "object", Doc: "The run that started this run: its contact, flow, status, results and fields."},
	{Path: "results", Type: "object", Doc: "The run's results, one property for each; as text, a line for each."},
	{Path: "results.NAME", Type: "object", Doc: "One result: its value, category, input and time; as text, its value."},
	{Path: "resume", Type: "object", Doc: "How the run was resumed: its type, and dial for a call."},
	{Path: "run", Type: "object", Doc: "The current run: its uuid, contact, flow, status, results and path."},
	{Path: "ticket", Type: "object", Doc: "The contact's last open ticket: its uuid, topic and assignee."},
	{Path: "trigger", Type: "object", Doc: "What started the session: its type, params, keyword, user, origin and campaign."},
	{Path: "webhook", Type: "object", Doc: "The last webhook call: its status, headers and json."},
}

// Catalogue gives every variable, sorted by path: built for each call, so that a caller may change its copy.
func Catalogue() []Entry {
	entries := []Entry{
		{Path: "contact", Type: "object", Doc: "The contact; as text, its name, or a connection when it has no name.", Example: "Jane Doe"},
		{Path: "fields", Type: "object", Doc: "The contact's custom fields; as text, a line for each field that is set."},
		{Path: "fields.KEY", Type: "text", Doc: "One custom field, in the type its definition gives it. Null when it is not set."},
		{Path: "globals", Type: "object", Doc: "The workspace's global values; as text, a line for each."},
		{Path: "globals.KEY", Type: "text", Doc: "One global value of the workspace."},
		{Path: "urns", Type: "object", Doc: "The contact's highest-priority connection of each type."},
	}
	for i := range contactEntries {
		e := &contactEntries[i]
		entries = append(entries, Entry{Path: "contact." + e.name, Type: e.typ, Doc: e.doc, Example: e.example, Deprecated: e.deprecated})
	}
	for _, scheme := range contactstore.Schemes() {
		entries = append(entries, connectionEntry("urns.", scheme), connectionEntry("contact.", scheme))
	}
	entries = append(entries, sessionEntries[:]...)
	slices.SortFunc(entries, func(a, b Entry) int {
		switch {
		case a.Path < b.Path:
			return -1
		case a.Path > b.Path:
			return 1
		}
		return 0
	})
	return entries
}

// janesConnections are the examples of the variables that give a connection.
func janesConnection(scheme contactstore.SchemeID) string {
	switch scheme {
	case contactstore.SchemeTel:
		return "tel:+13233754866"
	case contactstore.SchemeTwitter:
		return "twitter:janedoe"
	case contactstore.SchemeMailto:
		return "mailto:jane.doe@example.org"
	}
	return ""
}

func connectionEntry(prefix string, scheme contactstore.Scheme) Entry {
	return Entry{
		Path: prefix + scheme.Name, Type: "text", Example: janesConnection(scheme.ID),
		Doc:            "The contact's highest-priority " + scheme.Title + ", whole, scheme and all. Empty, with a warning, when the contact has none.",
		ConnectionType: scheme.Title, ChannelTypes: scheme.ChannelTypes,
	}
}

// Properties gives the names that may follow a root of the record, sorted: for nearest names and completion.
// Fields and globals depend on the scope; see FieldKeys.
func Properties(root string) []string {
	var names []string
	switch root {
	case "contact":
		for i := range contactEntries {
			names = append(names, contactEntries[i].name)
		}
		for _, scheme := range contactstore.Schemes() {
			names = append(names, scheme.Name)
		}
	case "urns":
		for _, scheme := range contactstore.Schemes() {
			names = append(names, scheme.Name)
		}
	}
	slices.Sort(names)
	return names
}
