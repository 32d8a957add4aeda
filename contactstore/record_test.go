package contactstore_test

import (
	"encoding/binary"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
)

const janeJSON = `{"uuid":"5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f","id":42,"ref":"PLZGVS","name":"Jane Doe","language":"eng","status":"active",` +
	`"timezone":"America/Los_Angeles","created_on":"2026-01-15T09:30:00Z","last_seen_on":null,` +
	`"urns":["tel:+13233754866","twitter:janedoe","mailto:jane.doe@example.org","tel:+4971234567"],` +
	`"groups":[{"uuid":"b7cf0d83-f1c9-411c-96fd-c511a4cfa86d","name":"Testers"}],` +
	`"fields":{"age":34,"city":"Los Angeles","gone":null,"joined":"2024-03-02T00:00:00Z","tags":["a",1],"vip":true},` +
	`"blocked":false,"nested":{"b":1,"a":[]}}`

func jane(t testing.TB) *contactstore.Contact {
	t.Helper()
	c, err := contactstore.ParseContact([]byte(janeJSON))
	require.NoError(t, err)
	c.Workspace, c.Version = "default", 7
	return c
}

func encode(t testing.TB, c *contactstore.Contact) contactstore.Record {
	t.Helper()
	r, err := contactstore.Encode(c)
	require.NoError(t, err)
	return r
}

func TestRecordView(t *testing.T) {
	c := jane(t)
	c.Connections[1].LastUsedOn = time.Date(2026, 2, 3, 4, 5, 6, 7, time.UTC)
	c.Connections[1].Channel = "ch"
	r := encode(t, c)
	assert.Equal(t, "default", r.Workspace())
	assert.Equal(t, c.UUID, r.UUID())
	assert.Equal(t, uint64(7), r.Version())
	assert.Equal(t, int64(42), r.ID())
	assert.Equal(t, []string{"PLZGVS", "Jane Doe", "eng", "active", "America/Los_Angeles"}, []string{r.Ref(), r.Name(), r.Language(), r.Status(), r.Timezone()})
	first, ok := r.FirstName()
	assert.True(t, ok)
	assert.Equal(t, "Jane", first)
	assert.Equal(t, time.Date(2026, 1, 15, 9, 30, 0, 0, time.UTC), r.CreatedOn())
	assert.True(t, r.LastSeenOn().IsZero())

	assert.Equal(t, 4, r.Len())
	assert.Equal(t, 0, r.First(contactstore.SchemeTel))
	assert.Equal(t, 2, r.First(contactstore.SchemeMailto))
	assert.Equal(t, -1, r.First(contactstore.SchemeExt))
	assert.Equal(t, "mailto:jane.doe@example.org", r.Printed(2))
	twitter := r.At(1)
	assert.Equal(t, []string{"twitter", "janedoe", "twitter:janedoe", "ch", ""}, []string{twitter.Scheme(), twitter.Path(), twitter.Identity(), twitter.Channel(), twitter.Country()})
	assert.Equal(t, c.Connections[1].LastUsedOn, twitter.LastUsedOn())
	assert.Equal(t, "US", r.At(0).Country())
	assert.Equal(t, "DE", r.At(3).Country())
	assert.True(t, r.Has("tel:+4971234567"))
	assert.False(t, r.Has("tel:+49"))

	uuid, name := r.GroupAt(0)
	assert.Equal(t, []string{"b7cf0d83-f1c9-411c-96fd-c511a4cfa86d", "Testers"}, []string{uuid, name})
	for _, f := range []contactstore.Field{
		{Key: "age", Kind: contactstore.FieldNumber, Text: "34"}, {Key: "city", Kind: contactstore.FieldText, Text: "Los Angeles"},
		{Key: "gone", Kind: contactstore.FieldNull}, {Key: "tags", Kind: contactstore.FieldJSON, Text: `["a",1]`}, {Key: "vip", Kind: contactstore.FieldBool, Text: "true"},
	} {
		kind, text, ok := r.Field(f.Key)
		assert.True(t, ok, f.Key)
		assert.Equal(t, f, contactstore.Field{Key: f.Key, Kind: kind, Text: text})
	}
	for _, key := range []string{"", "a", "agf", "zzz"} {
		_, _, ok := r.Field(key)
		assert.False(t, ok, key)
	}
}

func TestRecordRoundTrip(t *testing.T) {
	for name, c := range map[string]*contactstore.Contact{
		"jane": jane(t), "empty": {}, "no name": {Name: " - "}, "emoji": {Name: "😀 Bob"}, "long": {Name: strings.Repeat("x", 70_000)},
	} {
		t.Run(name, func(t *testing.T) {
			r := encode(t, c)
			decoded, err := contactstore.DecodeRecord(r.Bytes())
			require.NoError(t, err)
			back, err := decoded.Contact()
			require.NoError(t, err)
			assert.Equal(t, r.Bytes(), encode(t, back).Bytes())
			assert.Equal(t, string(contactstore.AppendJSON(nil, c)), string(contactstore.AppendJSON(nil, back)))
		})
	}
}

func TestFirstName(t *testing.T) {
	for name, want := range map[string]string{
		"Jane Doe": "Jane", "  Bob  Smith ": "Bob", "O'Neil-Smith Jo": "O'Neil", "😀 Bob": "😀", "李 小龙": "李", "": "", "--": "", "-12 x": "12",
	} {
		first, ok := encode(t, &contactstore.Contact{Name: name}).FirstName()
		assert.Equal(t, want, first, name)
		assert.Equal(t, want != "", ok, name)
	}
}

// What was stored before a rule existed is printed by today's rules.
func TestPrinted(t *testing.T) {
	c := &contactstore.Contact{}
	for _, text := range []string{"tel:13235550100", "mailto:Ann@X.com", "twitter:bad-handle", "xyz:1", "ext:a%23b?channel=x#Y"} {
		c.Connections = append(c.Connections, contactstore.Connection{URN: parse(t, text)})
	}
	r := encode(t, c)
	var printed []string
	for i := range r.Len() {
		printed = append(printed, r.Printed(i))
	}
	assert.Equal(t, []string{"tel:+13235550100", "mailto:ann@x.com", "", "", "ext:a%23b#Y"}, printed)
	assert.Equal(t, "tel:13235550100", r.At(0).Stored())
	assert.Equal(t, "xyz", r.At(3).Scheme())
	assert.Equal(t, contactstore.SchemeUnknown, r.At(3).SchemeID())
}

func TestEncodeRefuses(t *testing.T) {
	repeated := jane(t)
	repeated.Connections = append(repeated.Connections, contactstore.Connection{URN: parse(t, "twitter:janedoe#again")})
	_, err := contactstore.Encode(repeated)
	require.EqualError(t, err, "connections 2 and 5 are both twitter:janedoe")

	many := &contactstore.Contact{Connections: make([]contactstore.Connection, 51)}
	_, err = contactstore.Encode(many)
	require.EqualError(t, err, "a contact has at most 50 connections")
}

func TestDecodeRecordRefuses(t *testing.T) {
	whole := encode(t, jane(t)).Bytes()
	patched := func(at int, b ...byte) string { return whole[:at] + string(b) + whole[at+len(b):] }
	far := binary.LittleEndian.AppendUint32(nil, uint32(len(whole)+1))
	for name, c := range map[string]struct{ stored, want string }{
		"nothing":          {"", "record: got 0 bytes, want at least 128"},
		"other bytes":      {strings.Repeat("x", 200), "record: got no record of flowexpr's"},
		"another version":  {patched(3, 9), "record: got layout version 9, want 1"},
		"cut off":          {whole[:len(whole)-1], "record: got " + itoa(len(whole)-1) + " bytes, want " + itoa(len(whole))},
		"too long":         {whole + "x", "record: got " + itoa(len(whole)+1) + " bytes, want " + itoa(len(whole))},
		"too many fields":  {patched(124, 255, 255), "record: got more connections, groups and fields than there is room for"},
		"a text beyond":    {patched(60, far...), "record: got a reference to a place outside of the texts"},
		"a text before":    {patched(56, 1, 0, 0, 0), "record: got a reference to a place outside of the texts"},
		"a scheme too far": {patched(128+4, 200), "record: got a reference to a place outside of the texts"},
		"a kind too high":  {patched(128+4*56+16, 9), "record: got a reference to a place outside of the texts"},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := contactstore.DecodeRecord(c.stored)
			require.EqualError(t, err, c.want)
			assert.True(t, r.IsZero())
		})
	}
}

func itoa(n int) string {
	text, _ := json.Marshal(n)
	return string(text)
}

func TestOpenRecord(t *testing.T) {
	r := encode(t, jane(t))
	_, err := contactstore.OpenRecord("default", r.UUID(), r.Bytes())
	require.NoError(t, err)
	for _, c := range []struct {
		workspace string
		id        contactstore.UUID
	}{{"other", r.UUID()}, {"default", contactstore.UUID{1}}} {
		_, err = contactstore.OpenRecord(c.workspace, c.id, r.Bytes())
		require.ErrorContains(t, err, "it is the record of another contact")
	}
	fromJSON, err := contactstore.OpenRecord("default", r.UUID(), janeJSON)
	require.NoError(t, err, "other programs may write JSON")
	assert.Equal(t, uint64(1), fromJSON.Version())
}

// Reading a record's variables copies and allocates nothing.
func TestRecordAllocations(t *testing.T) {
	r := encode(t, jane(t))
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		urn := r.Printed(r.First(contactstore.SchemeTel))
		name, _ := r.FirstName()
		_, city, _ := r.Field("city")
		length = len(urn) + len(name) + len(city)
	}))
	stored := r.Bytes()
	assert.Zero(t, testing.AllocsPerRun(100, func() { _, _ = contactstore.DecodeRecord(stored) }))
}

var (
	sink   string
	length int
)

func FuzzRecord(f *testing.F) {
	f.Add(encode(f, jane(f)).Bytes())
	f.Add(encode(f, &contactstore.Contact{}).Bytes())
	f.Add(janeJSON)
	f.Add("{")
	f.Fuzz(func(t *testing.T, stored string) {
		r, err := contactstore.DecodeRecord(stored)
		if err != nil {
			return
		}
		for i := range r.Len() {
			o := r.At(i)
			_, _, _, _, _ = o.Path(), o.Country(), o.LastUsedOn(), o.Channel(), r.Printed(i)
		}
		_, _ = r.FirstName()
		_, _, _ = r.Field("age")
		_, _ = r.Routable([]contactstore.Channel{{UUID: "x", Schemes: []string{"tel"}}})
		c, err := r.Contact()
		if err != nil {
			return
		}
		_ = contactstore.AppendJSON(nil, c)
	})
}

func BenchmarkFourVariables(b *testing.B) {
	r := encode(b, jane(b))
	b.ReportAllocs()
	for b.Loop() {
		sink, _ = r.FirstName()
		sink = r.Printed(r.First(contactstore.SchemeTel))
		sink = r.Printed(r.First(contactstore.SchemeMailto))
		sink = r.Printed(r.First(contactstore.SchemeTwitter))
	}
}

func BenchmarkDecodeRecord(b *testing.B) {
	stored := encode(b, jane(b)).Bytes()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := contactstore.DecodeRecord(stored); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	c := jane(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := contactstore.Encode(c); err != nil {
			b.Fatal(err)
		}
	}
}
