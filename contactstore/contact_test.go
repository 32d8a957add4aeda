package contactstore_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
)

func contactWith(t testing.TB, urns ...string) *contactstore.Contact {
	t.Helper()
	c := &contactstore.Contact{}
	for _, text := range urns {
		c.Connections = append(c.Connections, contactstore.Connection{URN: parse(t, text)})
	}
	return c
}

func order(c *contactstore.Contact) string {
	var urns []string
	for _, o := range c.Connections {
		urns = append(urns, o.URN.Full())
	}
	return strings.Join(urns, " ")
}

func TestPriority(t *testing.T) {
	type change = contactstore.Change
	add := func(text string, place int) func(*contactstore.Contact) (change, error) {
		return func(c *contactstore.Contact) (change, error) { return c.Add(parse(t, text), place) }
	}
	for _, c := range []struct {
		name string
		edit func(*contactstore.Contact) (change, error)
		want string
		says change
		err  string
	}{
		{"add last", add("ext:d", 0), "ext:a ext:b ext:c ext:d", change{true, "added at place 4 of 4", 0, 4}, ""},
		{"add first", add("ext:d", 1), "ext:d ext:a ext:b ext:c", change{true, "added at place 1 of 4", 0, 1}, ""},
		{"add normalizes", add("mailto:X@Y.z", 4), "ext:a ext:b ext:c mailto:x@y.z", change{true, "added at place 4 of 4", 0, 4}, ""},
		{"add one that is there", add("ext:b#other", 0), "ext:a ext:b ext:c", change{false, "the contact has this connection already", 2, 2}, ""},
		{"add beyond", add("ext:d", 5), "ext:a ext:b ext:c", change{}, "there is no place 5, want 1 to 4"},
		{"add what is not valid", add("twitter:a-b", 0), "ext:a ext:b ext:c", change{}, "invalid path component"},
		{"edit", func(c *contactstore.Contact) (change, error) { return c.Edit(parse(t, "ext:b"), parse(t, "ext:x")) },
			"ext:a ext:x ext:c", change{true, "edited at place 2 of 3", 2, 2}, ""},
		{"edit to the same", func(c *contactstore.Contact) (change, error) { return c.Edit(parse(t, "ext:b"), parse(t, "ext:b")) },
			"ext:a ext:b ext:c", change{false, "the connection is that already", 2, 2}, ""},
		{"edit to another of the contact", func(c *contactstore.Contact) (change, error) { return c.Edit(parse(t, "ext:b"), parse(t, "ext:c")) },
			"ext:a ext:b ext:c", change{}, "the contact has ext:c already, at place 3"},
		{"remove", func(c *contactstore.Contact) (change, error) { return c.Remove(parse(t, "ext:b")) },
			"ext:a ext:c", change{true, "removed", 2, 0}, ""},
		{"remove what is not there", func(c *contactstore.Contact) (change, error) { return c.Remove(parse(t, "ext:x")) },
			"ext:a ext:b ext:c", change{}, "the contact has no connection ext:x"},
		{"promote", func(c *contactstore.Contact) (change, error) { return c.Promote(parse(t, "ext:c")) },
			"ext:a ext:c ext:b", change{true, "moved from place 3 to 2", 3, 2}, ""},
		{"promote the first", func(c *contactstore.Contact) (change, error) { return c.Promote(parse(t, "ext:a")) },
			"ext:a ext:b ext:c", change{false, "it has the highest priority already", 1, 1}, ""},
		{"to a place above", func(c *contactstore.Contact) (change, error) { return c.PromoteTo(parse(t, "ext:c"), 1) },
			"ext:c ext:a ext:b", change{true, "moved from place 3 to 1", 3, 1}, ""},
		{"to a place below", func(c *contactstore.Contact) (change, error) { return c.PromoteTo(parse(t, "ext:a"), 3) },
			"ext:b ext:c ext:a", change{true, "moved from place 1 to 3", 1, 3}, ""},
		{"to its place", func(c *contactstore.Contact) (change, error) { return c.PromoteTo(parse(t, "ext:b"), 2) },
			"ext:a ext:b ext:c", change{false, "it is at that place already", 2, 2}, ""},
		{"to no place", func(c *contactstore.Contact) (change, error) { return c.PromoteTo(parse(t, "ext:b"), 4) },
			"ext:a ext:b ext:c", change{}, "there is no place 4, want 1 to 3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			contact := contactWith(t, "ext:a", "ext:b", "ext:c")
			shared := contact.Connections
			change, err := c.edit(contact)
			if c.err != "" {
				require.EqualError(t, err, c.err)
			} else {
				require.NoError(t, err)
			}
			assert.Equal(t, c.says, change)
			assert.Equal(t, c.want, order(contact))
			assert.Equal(t, "ext:a ext:b ext:c", order(&contactstore.Contact{Connections: shared}), "the slice before is not written to")
		})
	}
}

func TestAddBound(t *testing.T) {
	c := &contactstore.Contact{}
	for i := range contactstore.MaxConnections {
		_, err := c.Add(parse(t, fmt.Sprintf("ext:%d", i)), 0)
		require.NoError(t, err)
	}
	_, err := c.Add(parse(t, "ext:more"), 0)
	require.EqualError(t, err, "a contact has at most 50 connections")
}

func TestInteract(t *testing.T) {
	at := func(minute int) time.Time { return time.Date(2026, 11, 24, 12, minute, 0, 0, time.UTC) }
	c := contactWith(t, "ext:a", "ext:b", "ext:c")
	steps := []struct {
		name    string
		urn     string
		at      time.Time
		want    string
		changed bool
		reason  string
	}{
		{"the last used becomes the first", "ext:c", at(10), "ext:c ext:a ext:b", true, "the connection used last becomes the first"},
		{"delivered again", "ext:c", at(10), "ext:c ext:a ext:b", false, "not newer than the contact's latest interaction: the order stays"},
		{"delivered late", "ext:b", at(5), "ext:c ext:a ext:b", true, "not newer than the contact's latest interaction: the order stays"},
		{"late, and again", "ext:b", at(5), "ext:c ext:a ext:b", false, "not newer than the contact's latest interaction: the order stays"},
		{"the same moment on another", "ext:a", at(10), "ext:c ext:a ext:b", true, "not newer than the contact's latest interaction: the order stays"},
		{"newer on the first", "ext:c", at(11), "ext:c ext:a ext:b", true, "the connection used last is the first already"},
		{"newer on another", "ext:b", at(12), "ext:b ext:c ext:a", true, "the connection used last becomes the first"},
	}
	for _, s := range steps {
		change, err := c.Interact(parse(t, s.urn), s.at, "")
		require.NoError(t, err, s.name)
		assert.Equal(t, s.changed, change.Changed, s.name)
		assert.Equal(t, s.reason, change.Reason, s.name)
		assert.Equal(t, s.want, order(c), s.name)
	}
	assert.Equal(t, at(12), c.LastSeenOn)
	assert.Equal(t, at(11), c.Connections[1].LastUsedOn)
	assert.Equal(t, at(10), c.Connections[2].LastUsedOn)

	c.LastSeenOn = at(30) // heard from in another way
	_, err := c.Interact(parse(t, "ext:a"), at(20), "ch")
	require.NoError(t, err)
	assert.Equal(t, "ext:b ext:c ext:a", order(c))
	assert.Equal(t, "ch", c.Connections[2].Channel)

	_, err = c.Interact(parse(t, "ext:x"), at(40), "")
	require.ErrorIs(t, err, contactstore.ErrNotFound)
	_, err = c.Interact(parse(t, "ext:a"), time.Time{}, "")
	require.EqualError(t, err, "the interaction has no time")
}

func TestDestination(t *testing.T) {
	us := contactstore.Channel{UUID: "us", Name: "US", Address: "+13235550100", Schemes: []string{"tel"}, Country: "US"}
	intl := contactstore.Channel{UUID: "intl", Name: "World", Schemes: []string{"tel"}, Country: "GB", AllowInternational: true}
	mail := contactstore.Channel{UUID: "mail", Name: "Mail", Schemes: []string{"mailto"}, Roles: []string{"send"}}
	deaf := contactstore.Channel{UUID: "deaf", Name: "Deaf", Schemes: []string{"ext"}, Roles: []string{"receive"}}
	for _, c := range []struct {
		name     string
		urns     []string
		channel  string // of the first connection
		channels []contactstore.Channel
		declared bool
		urn, to  string
	}{
		{"no connections", nil, "", nil, false, "", ""},
		{"no channels declared", []string{"ext:a", "tel:+13233754866"}, "", nil, false, "ext:a", ""},
		{"none declared to exist", []string{"ext:a"}, "", nil, true, "", ""},
		{"the first that can be sent to", []string{"ext:a", "mailto:a@b.c", "tel:+13233754866"}, "", []contactstore.Channel{us, mail, deaf}, true, "mailto:a@b.c", "mail"},
		{"another country", []string{"tel:+250788383383"}, "", []contactstore.Channel{us}, true, "", ""},
		{"another country, international", []string{"tel:+250788383383"}, "", []contactstore.Channel{us, intl}, true, "tel:+250788383383", "intl"},
		{"the longest prefix", []string{"tel:+13233754866"}, "", []contactstore.Channel{us, intl}, true, "tel:+13233754866", "us"},
		{"the one last used", []string{"tel:+13233754866"}, "intl", []contactstore.Channel{us, intl}, true, "tel:+13233754866", "intl"},
		{"the one last used is gone", []string{"tel:+13233754866"}, "gone", []contactstore.Channel{us, intl}, true, "tel:+13233754866", "us"},
		{"a sender id has no country", []string{"tel:mybank"}, "", []contactstore.Channel{us}, true, "tel:mybank", "us"},
	} {
		t.Run(c.name, func(t *testing.T) {
			contact := contactWith(t, c.urns...)
			if c.channel != "" {
				contact.Connections[0].Channel = c.channel
			}
			d, ok := encode(t, contact).Destination(c.channels, c.declared)
			assert.Equal(t, c.urn != "", ok)
			assert.Equal(t, c.urn, d.URN.Full())
			assert.NotEmpty(t, d.Reason)
			if c.to == "" {
				assert.Nil(t, d.Channel)
				return
			}
			require.NotNil(t, d.Channel)
			assert.Equal(t, c.to, d.Channel.UUID)
		})
	}
}

func TestContactJSON(t *testing.T) {
	c := jane(t)
	assert.JSONEq(t, janeJSON, string(contactstore.AppendJSON(nil, c)), "everything is given back")

	c.Connections[3].LastUsedOn = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	again, err := contactstore.ParseContact(contactstore.AppendJSON(nil, c))
	require.NoError(t, err)
	assert.Equal(t, c.Connections, again.Connections)

	affine, err := contactstore.ParseContact([]byte(`{"urns":["tel:1 323 375 4866?channel=abc&id=3#Home"],"name":"<&>"}`))
	require.NoError(t, err)
	require.Len(t, affine.Connections, 1)
	assert.Equal(t, parse(t, "tel:+13233754866#Home"), affine.Connections[0].URN)
	assert.Equal(t, "abc", affine.Connections[0].Channel)
	assert.Equal(t, "active", affine.Status)
	assert.Contains(t, string(contactstore.AppendJSON(nil, affine)), `"name":"<&>"`)
}

// What RapidPro's API gives: URNs as objects where asked for, and of older versions booleans in place of the status.
func TestContactJSONOfRapidPro(t *testing.T) {
	for _, c := range []struct{ name, given, want string }{
		{"expanded URNs", `{"urns":[{"channel":{"uuid":"c1","name":"Vonage"},"scheme":"tel","path":"+250788123123","display":null},{"channel":null,"scheme":"telegram","path":"12","display":"jo%#"}]}`,
			`"urns":["tel:+250788123123","telegram:12#jo%25%23"],"connections":[{"urn":"tel:+250788123123","last_used_on":null,"channel":"c1"},{"urn":"telegram:12#jo%25%23","last_used_on":null,"channel":null}]`},
		{"both kinds", `{"urns":["ext:{1}",{"scheme":"ext","path":"a?b"}]}`, `"urns":["ext:{1}","ext:a%3Fb"]`},
		{"blocked", `{"blocked":true,"stopped":true}`, `"status":"blocked"`},
		{"stopped", `{"blocked":false,"stopped":true}`, `"status":"stopped"`},
		{"neither", `{"blocked":null,"stopped":false}`, `"status":"active"`},
		{"a status beside them", `{"status":"archived","blocked":true,"stopped":null}`, `"status":"archived"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			parsed, err := contactstore.ParseContact([]byte(c.given))
			require.NoError(t, err)
			written := contactstore.AppendJSON(nil, parsed)
			assert.Contains(t, string(written), c.want)
			again, err := contactstore.ParseContact(written)
			require.NoError(t, err)
			assert.Equal(t, string(written), string(contactstore.AppendJSON(nil, again)))
		})
	}
	kept, err := contactstore.ParseContact([]byte(`{"status":"active","blocked":false,"modified_on":"2026-01-15T09:30:00Z"}`))
	require.NoError(t, err)
	assert.Len(t, kept.Extra, 2, "beside a status they are members like others")
}

// An error says which member it is about, apart from its text, which may repeat what was given.
func TestContactJSONErrorMembers(t *testing.T) {
	for data, want := range map[string]string{
		`{"uuid":"1"}`:                  "uuid",
		`{"language":"english"}`:        "language",
		`{"status":"x"}`:                "status",
		`{"timezone":"Mars"}`:           "timezone",
		`{"created_on":"x"}`:            "created_on",
		`{"urns":["ext:1","mailto:a"]}`: "urns[1]",
		`{"urns":[{"scheme":"tel"}]}`:   "urns[0]",
		`{"urns":["ext:1","ext:1"]}`:    "urns[1]",
		`{"connections":[{"urn":"x"}]}`: "urns[0]",
		`{"fields":{"A":1,"a":2}}`:      "fields",
		`{"groups":"x"}`:                "groups",
		`{"name":1}`:                    "name",
		`[]`:                            "",
	} {
		t.Run(data, func(t *testing.T) {
			_, err := contactstore.ParseContact([]byte(data))
			var e *contactstore.Error
			require.ErrorAs(t, err, &e)
			assert.Equal(t, want, e.Member)
		})
	}
}

func TestContactJSONErrors(t *testing.T) {
	for data, want := range map[string]string{
		``:                                     "not JSON at byte 0: unexpected end of JSON input",
		`{`:                                    "not JSON at byte 1: unexpected end of JSON input",
		`null`:                                 "got null, want a contact as a JSON object",
		`[]`:                                   "got an array, want a contact as a JSON object",
		`{"name":1}`:                           "name: want a text",
		`{"uuid":"x"}`:                         "the UUID is not 32 hexadecimal digits in five groups",
		`{"language":"english"}`:               `language: got "english", want an ISO 639-3 code of three letters, such as eng`,
		`{"status":"gone"}`:                    `status: got "gone", want active, blocked, stopped or archived`,
		`{"timezone":"Mars/X"}`:                `timezone: got "Mars/X", want the name of a time zone, such as America/Los_Angeles`,
		`{"created_on":"today"}`:               "created_on: want a time such as 2026-11-24T12:00:00Z",
		`{"urns":"tel:1"}`:                     "urns: want an array of texts such as tel:+13233754866",
		`{"urns":["tel:+13233754866","nope"]}`: `urns[1]: "nope": path cannot be empty`,
		`{"urns":["twitter:a-b"]}`:             `urns[0]: "twitter:a-b": invalid path component`,
		`{"urns":["ext:a","tel:13233754866","tel:+13233754866"]}`: "urns[2]: tel:+13233754866 is urns[1] already",
		`{"groups":{}}`:                 "groups: want an array of objects with uuid and name",
		`{"fields":[]}`:                 "fields: want an object with a member for each field",
		`{"fields":{"Age":1,"age":2}}`:  `fields: "age" and another member differ in letter case only`,
		`{"connections":[{"urn":"x"}]}`: `urns[0]: "x": path cannot be empty`,
	} {
		t.Run(data, func(t *testing.T) {
			_, err := contactstore.ParseContact([]byte(data))
			require.EqualError(t, err, want)
			require.ErrorIs(t, err, contactstore.ErrInvalid)
		})
	}
}

func TestSettings(t *testing.T) {
	defaults, err := contactstore.ParseSettings([]byte(`{}`))
	require.NoError(t, err)
	assert.Equal(t, contactstore.DefaultSettings(), defaults)

	set, err := defaults.Merge([]byte(`{"contact_urn":"any","country":"US","channels":[],"globals":{"b":"2","a":"1"},"fields":[{"key":"age","type":"number"}],"groups":[{"uuid":"b7cf0d83-f1c9-411c-96fd-c511a4cfa86d","name":"Testers"}],"number_format":{"decimal_symbol":","}}`))
	require.NoError(t, err)
	assert.Equal(t, "any", set.ContactURN)
	assert.Equal(t, []contactstore.Channel{}, set.Channels, "declared, and none")
	assert.Equal(t, []contactstore.Global{{Key: "b", Name: "b", Value: "2"}, {Key: "a", Name: "a", Value: "1"}}, set.Globals, "in their order")
	assert.Equal(t, []contactstore.FieldDefinition{{Key: "age", Name: "age", Type: "number"}}, set.Fields)
	assert.Equal(t, []contactstore.Group{{UUID: "b7cf0d83-f1c9-411c-96fd-c511a4cfa86d", Name: "Testers"}}, set.Groups)
	assert.Equal(t, contactstore.NumberFormat{DecimalSymbol: ",", DigitGroupingSymbol: ","}, set.NumberFormat)

	back, err := set.Merge([]byte(`{"contact_urn":null,"country":null,"channels":null,"globals":null,"fields":null,"groups":null,"number_format":null}`))
	require.NoError(t, err)
	assert.Equal(t, defaults, back)
}

func TestSettingsErrors(t *testing.T) {
	for data, want := range map[string]string{
		`[]`:                                     "want a JSON object with a member for each setting: cannot unmarshal array into Go value of type map[string]json.RawMessage",
		`{"colour":1}`:                           `"colour" is not a setting`,
		`{"contact_urn":"mail"}`:                 `contact_urn: got "mail", want one of phone, any, routable`,
		`{"date_format":"YY"}`:                   `date_format: got "YY", want one of YYYY-MM-DD, DD-MM-YYYY, MM-DD-YYYY`,
		`{"timezone":"Mars"}`:                    `timezone: got "Mars", want the name of a time zone, such as America/Los_Angeles`,
		`{"country":"usa"}`:                      `country: got "usa", want an ISO 3166 code of two letters, such as US`,
		`{"languages":["en"]}`:                   `languages[0]: got "en", want an ISO 639-3 code of three letters, such as eng`,
		`{"redact_urns":"yes"}`:                  "redact_urns: got a string, want true or false",
		`{"channels":[{}]}`:                      "channels[0]: uuid is missing",
		`{"channels":[{"uuid":"a"}]}`:            `channels[0]: schemes is missing: want the schemes that the channel sends to, such as ["tel"]`,
		`{"channels":[{"x":1}]}`:                 `channels: unknown field "x"`,
		`{"globals":[{"key":"A"}]}`:              `globals[0]: key: got "A", want lower-case letters, digits and _, a letter first`,
		`{"fields":[{"key":"a","type":"date"}]}`: `fields[0]: type: got "date", want one of text, number, datetime, state, district, ward`,
		`{"groups":[{"uuid":"b7cf0d83-f1c9-411c-96fd-c511a4cfa86d"}]}`: `groups[0]: want a uuid, and a name that is not empty`,
		`{"groups":[{"uuid":"1","name":"A"}]}`:                         `groups[0]: want a uuid, and a name that is not empty`,
		`{"groups":[{"uuid":"b7cf0d83-f1c9-411c-96fd-c511a4cfa86d","name":"A"},{"uuid":"B7CF0D83-f1c9-411c-96fd-c511a4cfa86d","name":"B"}]}`: `groups[1]: has the uuid of groups[0]`,
		`{"groups":[{"uuid":"b7cf0d83-f1c9-411c-96fd-c511a4cfa86d","name":"A"},{"uuid":"c7cf0d83-f1c9-411c-96fd-c511a4cfa86d","name":"a"}]}`: `groups[1]: has the name of groups[0], but for letter case`,
		`{"locations":{}}`: "locations: want an array of places with name, aliases and children: got an object, want an array",
	} {
		t.Run(data, func(t *testing.T) {
			_, err := contactstore.ParseSettings([]byte(data))
			require.EqualError(t, err, want)
		})
	}
}

func ExampleParseContact() {
	contact, err := contactstore.ParseContact([]byte(`{"name": "Jane Doe", "urns": ["tel:1 (323) 375-4866", "mailto:Jane@Example.org"]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, connection := range contact.Connections {
		fmt.Println(connection.URN)
	}
	_, err = contactstore.ParseContact([]byte(`{"name": "Jane Doe", "urns": ["mailto:jane"]}`))
	fmt.Println(err)
	// Output:
	// tel:+13233754866
	// mailto:jane@example.org
	// urns[0]: "mailto:jane": invalid path component
}
