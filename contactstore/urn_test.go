package contactstore_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
)

func parse(t testing.TB, text string) contactstore.URN {
	t.Helper()
	urn, err := contactstore.ParseURN(text)
	require.NoError(t, err, text)
	return urn
}

func TestParseURN(t *testing.T) {
	for _, c := range []struct{ text, scheme, path, query, display string }{
		{"tel:+250788383383", "tel", "+250788383383", "", ""},
		{"tel:+1?channel=x#home", "tel", "+1", "channel=x", "home"},
		{"a:b:c", "a", "b:c", "", ""},
		{"telegram:12#jane", "telegram", "12", "", "jane"},
		{"ext:a%23b", "ext", "a%23b", "", ""},
		{"ext:x?", "ext", "x", "", ""},
	} {
		t.Run(c.text, func(t *testing.T) {
			urn := parse(t, c.text)
			assert.Equal(t, [4]string{c.scheme, c.path, c.query, c.display}, [4]string{urn.Scheme(), urn.Path(), urn.Query(), urn.Display()})
			assert.Equal(t, c.scheme+":"+c.path, urn.Identity())
			assert.Equal(t, c.text, urn.Full())
		})
	}
}

func TestParseURNErrors(t *testing.T) {
	const misplacedDisplay = "fragment component can only come after path or query components"
	const misplacedQuery = "query component can only come after path component"
	for text, want := range map[string]string{
		"": "scheme cannot be empty", ":x": "scheme cannot be empty", "tel": "path cannot be empty", "tel:": "path cannot be empty",
		"tel:#x": "path cannot be empty", "tel:1#a#b": misplacedDisplay, "t#el:1": misplacedDisplay,
		"t?el:1": misplacedQuery, "tel:1?a?b": misplacedQuery, "tel:1#a?b": misplacedQuery,
	} {
		_, err := contactstore.ParseURN(text)
		require.Error(t, err, text)
		assert.Equal(t, want, err.Error(), text)
		var known *contactstore.Error
		require.ErrorAs(t, err, &known)
		assert.Equal(t, "invalid_urn", known.Code)
		assert.ErrorIs(t, err, contactstore.ErrInvalid)
	}
}

func TestNormalize(t *testing.T) {
	for text, want := range map[string]string{
		"tel:1(800)CABBAGE":            "tel:+18002222243",
		"tel:250788383383":             "tel:+250788383383",
		"tel: +1 (323) 375-4866 ":      "tel:+13233754866",
		"tel:13235550100":              "tel:+13235550100",
		"tel:mtn":                      "tel:mtn",
		"tel:MTN":                      "tel:mtn",
		"tel:12345":                    "tel:12345",
		"tel:!!":                       "tel:!!",
		"mailto: Jane@Example.ORG ":    "mailto:jane@example.org",
		"twitter:@BillyBob":            "twitter:billybob",
		"whatsapp:us.ABC123":           "whatsapp:US.ABC123",
		"whatsapp:250788383383":        "whatsapp:250788383383",
		"whatsapp:us.":                 "whatsapp:US.",
		"whatsapp:1a.x":                "whatsapp:1a.x",
		"whatsapp:é.x":                 "whatsapp:é.x",
		"bsuid:gb.x1":                  "bsuid:GB.x1",
		"ext:Kept As Is":               "ext:Kept As Is",
		"telegram: 12345# Jane ":       "telegram:12345#Jane",
		"ext: a%23b ":                  "ext:a%23b",
		"tel:+13233754866?channel=x#y": "tel:+13233754866?channel=x#y",
	} {
		t.Run(text, func(t *testing.T) {
			normal := parse(t, text).Normalize()
			assert.Equal(t, want, normal.Full())
			assert.Equal(t, normal, normal.Normalize(), "stable")
		})
	}
}

func TestValidate(t *testing.T) {
	const path, scheme = "invalid path component", "unknown URN scheme"
	freshchat := "5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f"
	for text, want := range map[string]string{
		"tel:+13233754866": "", "tel:12345": "", "tel:mtn": "", "tel:+123": path, "tel:+1234567890123456": path, "tel:a b": path,
		"whatsapp:250788383383": "", "whatsapp:+250788383383": path, "whatsapp:US.ABC1": "", "whatsapp:US.": path,
		"bsuid:US.ABC1": "", "bsuid:12345": path,
		"mailto:a@b": "", "mailto:a": path, "mailto:a@b@c": path, "mailto:a b@c": path,
		"ext:anything at all": "", "twitter:jane_doe": "", "twitter:jane-doe": path, "twitter:a234567890123456": path,
		"twitterid:123": "", "twitterid:x": path, "telegram:123": "", "telegram:-1": path,
		"facebook:123": "", "facebook:ref:abc": "", "facebook:ref:": "", "facebook:ref:a\nb": "", "facebook:REF:abc": path, "facebook:abc": path, "instagram:12": "", "instagram:ref:x": path,
		"viber:aB3_=/+": "", "viber:" + strings.Repeat("x", 25): path, "line:aB_3": "", "line:" + strings.Repeat("x", 37): path,
		"webchat:" + strings.Repeat("a", 24): "", "webchat:" + strings.Repeat("a", 24) + ":a@b.c": "", "webchat:abc": path,
		"freshchat:" + freshchat + "/" + freshchat: "", "freshchat:" + freshchat: path,
		"freshchat:" + strings.ToUpper(freshchat) + "/" + freshchat: "", "freshchat:" + freshchat + "/" + freshchat[1:]: path,
		"fcm:x/y:z": "", "rocketchat:x": "", "slack:U1": "", "vk:1": "", "wechat:o": "", "discord:1": "", "discord:x": path,
		"ext:" + strings.Repeat("x", 200): "", "ext:" + strings.Repeat("x", 201): path, "ext:" + strings.Repeat("%23", 67): path,
		"ext:x#" + strings.Repeat("d", 255): "", "ext:x#" + strings.Repeat("d", 256): "invalid display component",
		"xyz:1": scheme, "TEL:+13233754866": scheme,
	} {
		t.Run(text, func(t *testing.T) {
			err := parse(t, text).Validate()
			if want == "" {
				require.NoError(t, err)
				return
			}
			require.Error(t, err)
			assert.Equal(t, want, err.Error())
		})
	}
}

func TestFormat(t *testing.T) {
	for text, want := range map[string]string{
		"tel:+12024561111": "(202) 456-1111", "tel:+250781234567": "0781 234 567", "tel:12345": "12345", "tel:mtn": "mtn",
		"tel:+12024561111#Home": "Home", "twitterid:12#jane": "jane", "ext:a%23b": "a#b", "whatsapp:250788383383": "250788383383",
		"mailto:a@b.c": "a@b.c", "ext:x#50%25": "50%",
	} {
		assert.Equal(t, want, parse(t, text).Format(), text)
	}
	_, err := contactstore.FormatURN("")
	require.EqualError(t, err, "scheme cannot be empty")
}

func TestURNParts(t *testing.T) {
	urn, err := contactstore.NewURN("ext", "a#b?c%d", "50% off")
	require.NoError(t, err)
	assert.Equal(t, "ext:a%23b%3Fc%25d#50%25 off", urn.Full())
	scheme, path, display := urn.Decoded()
	assert.Equal(t, [3]string{"ext", "a#b?c%d", "50% off"}, [3]string{scheme, path, display})
	assert.Equal(t, "ext:a%23b%3Fc%25d", urn.WithDisplay("").Full())
	assert.Equal(t, "ext:a%23b%3Fc%25d#x", urn.WithDisplay("x").Full())
	assert.Equal(t, "tel:+1#home", parse(t, "tel:+1?channel=x#home").String(), "the query is not printed")
	assert.True(t, contactstore.URN{}.IsZero())
}

func TestParsePhone(t *testing.T) {
	for _, c := range []struct {
		raw, country, want string
		ok                 bool
	}{
		{"(323) 375-4866", "US", "+13233754866", true},
		{"0788383383", "RW", "+250788383383", true},
		{"0788383383", "", "", false},
		{"+250788383383", "", "+250788383383", true},
		{"250788383383", "", "+250788383383", true},
		{"12345", "US", "", false},
		{"not a phone", "US", "", false},
		{"", "US", "", false},
	} {
		number, ok := contactstore.ParsePhone(c.raw, c.country)
		assert.Equal(t, c.ok, ok, c.raw)
		assert.Equal(t, c.want, number, c.raw)
	}
}

func TestSchemes(t *testing.T) {
	names := []string{}
	ids := map[contactstore.SchemeID]bool{}
	for _, s := range contactstore.Schemes() {
		names = append(names, s.Name)
		assert.False(t, ids[s.ID], "%s has a number of its own", s.Name)
		ids[s.ID] = true
		assert.Equal(t, s.Name, s.ID.Name())
		assert.NotEmpty(t, s.Title)
		assert.NotEmpty(t, s.ChannelTypes)
	}
	assert.IsIncreasing(t, names)
	assert.Empty(t, contactstore.SchemeUnknown.Name())
	tel, ok := contactstore.SchemeByName("tel")
	assert.True(t, ok)
	assert.Equal(t, "Phone Number", tel.Title)
	_, ok = contactstore.SchemeByName("TEL")
	assert.False(t, ok)
}

func FuzzURN(f *testing.F) {
	for _, seed := range []string{"tel:+13233754866", "tel:1(800)CABBAGE", "mailto:Jane@x.org#Jane", "ext:a%23b?channel=x#y", "twitter:@Bob", "whatsapp:us.x", "a:b:c", ":", "tel", "tel:\x00", "ext:%2"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		urn, err := contactstore.ParseURN(text)
		if err != nil {
			return
		}
		if urn.Full() != text || !strings.HasPrefix(text, urn.Identity()) || urn.Scheme()+":"+urn.Path() != urn.Identity() {
			t.Fatalf("parts of %q", text)
		}
		normal := urn.Normalize()
		if normal.Path() == "" {
			return // a path of spaces: not valid, and not stored
		}
		if _, err := contactstore.ParseURN(normal.Full()); err != nil {
			t.Fatalf("%q is normalized to %q: %v", text, normal.Full(), err)
		}
		// Zeros in front of a phone number go one reading at a time, and no more than three: section 11 of the specification.
		if normal.Scheme() != "tel" && normal.Validate() == nil && normal.Normalize().Validate() != nil {
			t.Fatalf("%q is normalized to %q, valid, then to %q, not valid", text, normal.Full(), normal.Normalize().Full())
		}
		_ = normal.Format()
	})
}
