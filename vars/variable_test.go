package vars_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/vars"
)

func TestText(t *testing.T) {
	full := record(t, jane)
	bare := contact(t, "...")
	settings := `{"fields":[{"key":"age","name":"Age","type":"number"},{"key":"city","name":"City","type":"text"},` +
		`{"key":"place","name":"Place","type":"district"},{"key":"joined","name":"Joined","type":"datetime"}],` +
		`"globals":[{"key":"org","name":"Org","value":"Acme"},{"key":"none","name":"None","value":""}]}`
	for path, c := range map[string]struct {
		full   string
		status vars.Status
		none   vars.Status // for a contact that has nothing
	}{
		"contact.name":         {"Jane Doe", vars.Present, vars.Present},
		"contact.first_name":   {"Jane", vars.Present, vars.Null},
		"contact.language":     {"eng", vars.Present, vars.Present},
		"contact.status":       {"active", vars.Present, vars.Present},
		"contact.ref":          {"", vars.Present, vars.Present},
		"contact.timezone":     {"America/Los_Angeles", vars.Present, vars.Null},
		"contact.urn":          {"tel:+13233754866", vars.Present, vars.NoConnection},
		"contact.tel":          {"tel:+13233754866", vars.Present, vars.NoConnection},
		"contact.twitter":      {"twitter:janedoe", vars.Present, vars.NoConnection},
		"contact.ext":          {"", vars.NoConnection, vars.NoConnection},
		"urns.tel":             {"tel:+13233754866", vars.Present, vars.NoConnection},
		"urns.mailto":          {"mailto:jane.doe@example.org", vars.Present, vars.NoConnection},
		"urns.whatsapp":        {"", vars.NoConnection, vars.NoConnection},
		"urns.nope":            {"", vars.Unknown, vars.Unknown},
		"contact.nope":         {"", vars.Unknown, vars.Unknown},
		"contact.last_name":    {"", vars.Unknown, vars.Unknown},
		"fields.city":          {"Los Angeles", vars.Present, vars.Null},
		"fields.CITY":          {"Los Angeles", vars.Present, vars.Null},
		"contact.fields.city":  {"Los Angeles", vars.Present, vars.Null},
		"fields.place":         {"", vars.Null, vars.Null},
		"fields.age":           {"", vars.Typed, vars.Null},
		"fields.joined":        {"", vars.Typed, vars.Null},
		"fields.gone":          {"", vars.Unknown, vars.Unknown}, // held, but not defined
		"globals.org":          {"Acme", vars.Present, vars.Present},
		"GLOBALS.Org":          {"Acme", vars.Present, vars.Present},
		"globals.none":         {"", vars.Present, vars.Present},
		"globals.nope":         {"", vars.Unknown, vars.Unknown},
		"contact":              {"", vars.Typed, vars.Typed},
		"contact.uuid":         {"", vars.Typed, vars.Typed},
		"contact.id":           {"", vars.Typed, vars.Typed},
		"contact.created_on":   {"", vars.Typed, vars.Typed},
		"contact.last_seen_on": {"", vars.Typed, vars.Typed},
		"contact.urns":         {"", vars.Typed, vars.Typed},
		"contact.groups":       {"", vars.Typed, vars.Typed},
		"contact.channel":      {"", vars.Typed, vars.Typed},
		"contact.tickets":      {"", vars.Typed, vars.Typed},
		"contact.fields":       {"", vars.Typed, vars.Typed},
		"fields":               {"", vars.Typed, vars.Typed},
		"urns":                 {"", vars.Typed, vars.Typed},
		"globals":              {"", vars.Typed, vars.Typed},
	} {
		t.Run(path, func(t *testing.T) {
			v := resolve(t, path)
			text, status := v.Text(&vars.Scope{Workspace: workspace(t, settings), Contact: full})
			assert.Equal(t, c.status, status)
			assert.Equal(t, c.full, text)
			_, status = v.Text(&vars.Scope{Workspace: workspace(t, settings), Contact: bare})
			assert.Equal(t, c.none, status)
		})
	}
}

func TestTextWithoutContact(t *testing.T) {
	for path, want := range map[string]vars.Status{
		"contact": vars.Null, "urns": vars.Null, "fields": vars.Null, "globals": vars.Typed,
		"contact.name": vars.NoContact, "contact.urn": vars.NoContact, "urns.tel": vars.NoContact,
		"fields.age": vars.NoContact, "globals.org": vars.Unknown,
	} {
		v := resolve(t, path)
		text, status := v.Text(&vars.Scope{})
		assert.Equal(t, want, status, path)
		assert.Empty(t, text, path)
		_, status = v.Value(&vars.Scope{})
		assert.Equal(t, want, status, path)
	}
	_, status := new(vars.Variable).Text(&vars.Scope{Contact: contact(t, "A")})
	assert.Equal(t, vars.Unknown, status, "the zero variable reads nothing")
}

// What a workspace does not define follows from what the record holds.
func TestUndefinedFields(t *testing.T) {
	scope := &vars.Scope{Contact: record(t, jane)}
	for key, want := range map[string]struct {
		value  vars.Value
		status vars.Status
	}{
		"age":    {vars.Number("34"), vars.Typed},
		"city":   {"Los Angeles", vars.Present},
		"joined": {"2024-03-02T00:00:00Z", vars.Present},
		"member": {true, vars.Typed},
		"tags":   {vars.JSON(`["a"]`), vars.Typed},
		"gone":   {nil, vars.Null},
		"nope":   {nil, vars.Unknown},
	} {
		v := resolve(t, "fields."+key)
		value, status := v.Value(scope)
		assert.Equal(t, want.status, status, key)
		assert.Equal(t, want.value, value, key)
	}
	assert.Equal(t, []string{"age", "city", "gone", "joined", "member", "tags"}, scope.FieldKeys())
}

func TestDefinedFields(t *testing.T) {
	w := workspace(t, `{"fields":[{"key":"n","name":"Number","type":"number"},{"key":"d","name":"Day","type":"datetime"},`+
		`{"key":"s","name":"State","type":"state"},{"key":"unset","name":"Unset","type":"text"}]}`)
	r := record(t, `{"uuid":"00000000-0000-4000-8000-0000000000aa","fields":{"n":"x","d":"2024-03-02T00:00:00+02:00","s":"A > B","other":1}}`)
	scope := &vars.Scope{Workspace: w, Contact: r}
	v := resolve(t, "fields")
	value, status := v.Value(scope)
	require.Equal(t, vars.Typed, status)
	object := value.(*vars.Object)
	require.Len(t, object.Properties, 4, "the defined ones and no others")
	day := object.Properties[1].Value.(time.Time)
	assert.Equal(t, "2024-03-02T00:00:00.000000+02:00", printed(day))
	zone, _ := day.Zone()
	assert.Empty(t, zone, "an offset has no name, whatever zone the machine is in")
	lines := object.Default.(vars.Lines)
	assert.True(t, lines.Sorted)
	require.Len(t, lines.Lines, 3, "those that are set")
	assert.Equal(t, vars.Line{Name: "Number", Value: vars.Number("x")}, lines.Lines[0])

	number := resolve(t, "fields.n")
	text, ok := number.FieldNumber(scope)
	assert.True(t, ok)
	assert.Equal(t, "x", text, "the engine decides what is a number")
	for _, path := range []string{"fields.s", "fields.unset", "fields.other", "contact.name"} {
		v := resolve(t, path)
		_, ok := v.FieldNumber(scope)
		assert.False(t, ok, path)
	}
}

// Source: section 9.1 of the language specification.
func TestContactURN(t *testing.T) {
	mailFirst := contact(t, "Ann", "mailto:ann@example.org", "tel:+12024561111", "tel:+13233754866")
	for name, c := range map[string]struct {
		settings string
		contact  contactstore.Record
		want     string
		status   vars.Status
	}{
		"by default the first phone number": {`{}`, mailFirst, "tel:+12024561111", vars.Present},
		"no phone number":                   {`{}`, contact(t, "Ann", "ext:1"), "", vars.NoConnection},
		"any":                               {`{"contact_urn":"any"}`, mailFirst, "mailto:ann@example.org", vars.Present},
		"any of none":                       {`{"contact_urn":"any"}`, contact(t, "Ann"), "", vars.NoConnection},
		"routable, all channels":            {`{"contact_urn":"routable"}`, mailFirst, "mailto:ann@example.org", vars.Present},
		"routable of none":                  {`{"contact_urn":"routable"}`, contact(t, "Ann"), "", vars.NoConnection},
		"routable, no channels":             {`{"contact_urn":"routable","channels":[]}`, mailFirst, "", vars.NoConnection},
		"routable by phone only":            {`{"contact_urn":"routable","channels":[{"uuid":"u","name":"P","schemes":["tel"]}]}`, mailFirst, "tel:+12024561111", vars.Present},
		"redacted":                          {`{"redact_urns":true}`, mailFirst, "tel:********", vars.Present},
		"redacted of none":                  {`{"redact_urns":true}`, contact(t, "Ann"), "", vars.NoConnection},
		"printed as its scheme wants it":    {`{}`, contact(t, "Ann", "tel:1 (202) 456-1111"), "tel:+12024561111", vars.Present},
	} {
		t.Run(name, func(t *testing.T) {
			v := resolve(t, "contact.urn")
			text, status := v.Text(&vars.Scope{Workspace: workspace(t, c.settings), Contact: c.contact})
			assert.Equal(t, c.status, status)
			assert.Equal(t, c.want, text)
		})
	}
}

func TestConnectionsOfUnknownSchemes(t *testing.T) {
	scope := &vars.Scope{Contact: contact(t, "Ann", "pigeon:grey", "telegram:abc", "tel:+12024561111#Home")}
	v := resolve(t, "urns.pigeon")
	text, status := v.Text(scope)
	assert.Equal(t, vars.Present, status)
	assert.Empty(t, text, "a URN that is not valid prints as nothing")

	v = resolve(t, "urns")
	value, _ := v.Value(scope)
	keys := map[string]vars.Value{}
	for _, p := range value.(*vars.Object).Properties {
		keys[p.Key] = p.Value
	}
	assert.Len(t, keys, len(contactstore.Schemes()), "the schemes of the table, all but discord, and pigeon")
	assert.Equal(t, "", keys["pigeon"])
	assert.NotContains(t, keys, "discord")
	assert.Equal(t, "tel:+12024561111#Home", keys["tel"])
	assert.Nil(t, keys["ext"])

	v = resolve(t, "contact.urns")
	value, _ = v.Value(scope)
	assert.Equal(t, []vars.Value{"", "", "tel:+12024561111#Home"}, value)
	scope.Workspace = workspace(t, `{"redact_urns":true}`)
	value, _ = v.Value(scope)
	assert.Equal(t, []vars.Value{"pigeon:********", "telegram:********", "tel:********"}, value)
}

func TestContactObject(t *testing.T) {
	v := resolve(t, "contact")
	value, _ := v.Value(&vars.Scope{Workspace: workspace(t, `{"channels":`+channels+`}`), Contact: record(t, jane)})
	object := value.(*vars.Object)
	var keys, deprecated []string
	for _, p := range object.Properties {
		keys = append(keys, p.Key)
		if p.Deprecated != "" {
			deprecated = append(deprecated, p.Key+": "+p.Deprecated)
		}
	}
	assert.Equal(t, "channel created_on fields first_name groups id language last_seen_on name ref status tickets timezone urn urns uuid", strings.Join(keys, " "))
	assert.Equal(t, []string{
		"id: @contact.id is deprecated, use @contact.ref instead",
		"tickets: @contact.tickets is deprecated, use @ticket instead",
	}, deprecated)
	assert.Equal(t, "Jane Doe", object.Default)
	assert.Equal(t, "Phone", printed(object.Properties[0].Value), "the channel's default is its name")
	assert.Equal(t, "", object.Properties[5].Value, "no number")
	assert.Nil(t, object.Properties[7].Value, "never heard from")
	assert.Equal(t, []vars.Value{}, object.Properties[11].Value)
}

// Source: section 8.1 of the language specification.
func TestLabel(t *testing.T) {
	for name, c := range map[string]struct {
		contact       contactstore.Record
		label, hidden string
	}{
		"a name":             {contact(t, "Ann", "tel:+12024561111"), "Ann", "Ann"},
		"a phone number":     {contact(t, "", "tel:+12024561111"), "(202) 456-1111", "777"},
		"a display":          {contact(t, "", "telegram:1#ann%23", "tel:+12024561111"), "ann#", "777"},
		"neither":            {contact(t, ""), "", "777"},
		"another scheme":     {contact(t, "", "mailto:a@b.c"), "a@b.c", "777"},
		"an unknown country": {contact(t, "", "tel:12345"), "12345", "777"},
	} {
		t.Run(name, func(t *testing.T) {
			v := resolve(t, "contact")
			value, _ := v.Value(&vars.Scope{Contact: c.contact})
			assert.Equal(t, c.label, value.(*vars.Object).Default)
			value, _ = v.Value(&vars.Scope{Contact: c.contact, Workspace: workspace(t, `{"redact_urns":true}`)})
			assert.Equal(t, c.hidden, value.(*vars.Object).Default)
		})
	}
}

func TestRedact(t *testing.T) {
	for urn, want := range map[string]string{
		"tel:+12024561111": "tel:********", "telegram:1#ann": "telegram:********", "ext:a:b": "ext:********",
		"tel:********": "tel:********", "+12024561111": "********", "": "", ":": ":********",
	} {
		assert.Equal(t, want, vars.Redact(urn), urn)
	}
}

func TestFirstName(t *testing.T) {
	v := resolve(t, "contact.first_name")
	for name, want := range map[string]string{
		"Jane Doe": "Jane", "O'Neil-Smith Jo": "O'Neil", "  Bob  Smith ": "Bob", "😀 Bob": "😀", "...": "", "": "", "小龙 李": "小龙",
		"1st": "1st", "a_b c": "a_b", "$5": "$",
	} {
		text, status := v.Text(&vars.Scope{Contact: contact(t, name)})
		assert.Equal(t, want, text, name)
		assert.Equal(t, want == "", status == vars.Null, name)
	}
}

func TestGlobals(t *testing.T) {
	scope := &vars.Scope{Workspace: workspace(t, `{"globals":[{"key":"zed","name":"Zed","value":"1"},{"key":"abc","name":"Abc","value":"2"}]}`)}
	assert.Equal(t, []string{"zed", "abc"}, scope.GlobalKeys())
	v := resolve(t, "globals")
	value, status := v.Value(scope)
	assert.Equal(t, vars.Typed, status)
	assert.Equal(t, &vars.Object{
		HasDefault: true,
		Default:    vars.Lines{Lines: []vars.Line{{Name: "Zed", Value: "1"}, {Name: "Abc", Value: "2"}}},
		Properties: []vars.Property{{Key: "zed", Value: "1"}, {Key: "abc", Value: "2"}},
	}, value)
}

func TestResolve(t *testing.T) {
	for path, c := range map[string]struct {
		used           int
		resolved       string
		exists         bool
		needsContact   bool
		isConnection   bool
		deprecatedName bool
	}{
		"":                         {},
		"results.color":            {},
		"Contact":                  {1, "contact", true, true, false, false},
		"contact.NAME.x":           {2, "contact.name", true, true, false, false},
		"contact.urns.0":           {2, "contact.urns", true, true, false, false},
		"contact.urn":              {2, "contact.urn", true, true, true, false},
		"contact.id":               {2, "contact.id", true, true, false, true},
		"contact.tickets":          {2, "contact.tickets", true, true, false, true},
		"contact.fields":           {2, "contact.fields", true, true, false, false},
		"contact.Fields.Age.x":     {3, "contact.fields.age", true, true, false, false},
		"contact.ext":              {2, "contact.ext", true, true, true, false},
		"contact.pigeon":           {2, "contact.pigeon", false, true, false, false},
		"urns":                     {1, "urns", true, true, false, false},
		"urns.TEL":                 {2, "urns.tel", true, true, true, false},
		"urns.pigeon":              {2, "urns.pigeon", true, true, true, false},
		"fields":                   {1, "fields", true, true, false, false},
		"fields.age.x":             {2, "fields.age", true, true, false, false},
		"globals":                  {1, "globals", true, false, false, false},
		"globals.org.x":            {2, "globals.org", true, false, false, false},
		"contact.channel.name":     {2, "contact.channel", true, true, false, false},
		"contact.created_on.month": {2, "contact.created_on", true, true, false, false},
	} {
		t.Run(path, func(t *testing.T) {
			var names []string
			if path != "" {
				names = strings.Split(path, ".")
			}
			v, used := vars.Resolve(names)
			assert.Equal(t, c.used, used)
			assert.Equal(t, c.resolved, v.Path())
			if used == 0 {
				return
			}
			assert.Equal(t, c.exists, v.Exists())
			assert.Equal(t, c.needsContact, v.NeedsContact())
			assert.Equal(t, c.isConnection, v.IsConnection())
			assert.Equal(t, c.deprecatedName, v.Deprecated() != "")
		})
	}
}

// Reading a variable that is text copies nothing.
func TestTextDoesNotAllocate(t *testing.T) {
	scope := &vars.Scope{
		Contact:   record(t, jane),
		Workspace: workspace(t, `{"contact_urn":"routable","channels":`+channels+`,"globals":[{"key":"org","name":"Org","value":"Acme"}]}`),
	}
	for _, path := range []string{
		"contact.name", "contact.first_name", "contact.urn", "contact.ext", "contact.language", "contact.status", "contact.ref",
		"contact.timezone", "urns.tel", "urns.mailto", "urns.whatsapp", "urns.pigeon", "fields.city", "fields.gone", "fields.nope",
		"globals.org",
	} {
		v := resolve(t, path)
		assert.Zero(t, testing.AllocsPerRun(100, func() { v.Text(scope) }), path)
	}
}
