// Package corpus holds what benchmarks evaluate: templates, one contact, and any number of generated contacts.
package corpus

// Template is a template and its text for the contact of this package.
type Template struct {
	Name   string
	Source string
	Want   string
}

// Templates are, in this order: plain text; one variable; a message of 160 characters, a whole SMS, with four
// variables; and expressions.
func Templates() []Template {
	return []Template{
		{
			Name:   "T0",
			Source: Plain,
			Want:   Plain,
		},
		{
			Name:   "T1",
			Source: "Your number is @contact.urn",
			Want:   "Your number is tel:+13233754866",
		},
		{
			Name:   "T4",
			Source: "Hi @contact.name, thank you for signing up today. We will call @contact.urn, write to @urns.mailto or tweet to @urns.twitter. Reply STOP to end.",
			Want:   "Hi Jane Doe, thank you for signing up today. We will call tel:+13233754866, write to mailto:jane.doe@example.org or tweet to twitter:janedoe. Reply STOP to end.",
		},
		{
			Name:   "TX",
			Source: `@(upper(contact.first_name)), you owe @(fields.balance * 2 + 1)@(if(fields.age > 18, " adult", " minor"))`,
			Want:   "JANE, you owe 241 adult",
		},
	}
}

// Plain is the template without variables.
const Plain = "The clinic is open from Monday to Friday, eight to five. Please bring your card with you. Thank you!"

// The values of the contact that templates name.
const (
	Name      = "Jane Doe"
	FirstName = "Jane"
	Phone     = "tel:+13233754866"
	Email     = "mailto:jane.doe@example.org"
	Twitter   = "twitter:janedoe"
	Age       = 34
	Balance   = 120
)

// URNs gives the contact's connections, the highest priority first.
func URNs() []string { return []string{Phone, Twitter, Email, "tel:+4971234567"} }

// Contact is the contact in the public JSON form.
const Contact = `{"uuid": "5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f", "name": "Jane Doe", "language": "eng", "status": "active",
 "timezone": "America/Los_Angeles", "created_on": "2026-01-15T09:30:00Z", "last_seen_on": null,
 "urns": ["tel:+13233754866", "twitter:janedoe", "mailto:jane.doe@example.org", "tel:+4971234567"],
 "groups": [{"uuid": "b7cf0d83-f1c9-411c-96fd-c511a4cfa86d", "name": "Testers"}],
 "fields": {"age": 34, "balance": 120, "city": "Los Angeles", "joined": "2024-03-02T00:00:00Z"}}`
