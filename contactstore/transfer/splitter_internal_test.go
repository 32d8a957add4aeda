package transfer

import (
	"encoding/csv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
)

// split cuts a text into one row; ok is false where it is none.
func split(text string) (cells []string, ok bool) {
	s := splitter{delimiter: ','}
	for line := range strings.Lines(text) {
		if len(s.cells) > 0 && !s.quoted || s.add(line) != nil {
			return nil, false
		}
	}
	return s.cells, len(s.cells) > 0 && !s.quoted
}

func TestSplitter(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string // nil: not a row
	}{
		{"\n", []string{""}},
		{"a", []string{"a"}},
		{"a,b\n", []string{"a", "b"}},
		{"a,\n", []string{"a", ""}},
		{",,\r\n", []string{"", "", ""}},
		{",", []string{"", ""}},
		{`"a,b",c`, []string{"a,b", "c"}},
		{`"a""b"` + "\r\n", []string{`a"b`}},
		{`"",""`, []string{"", ""}},
		{`"",` + "\n", []string{"", ""}},
		{"\"a\nb\r\n\nc\",d\n", []string{"a\nb\r\n\nc", "d"}},
		{"a\rb\n", []string{"a\rb"}},
		{` "a"`, nil},
		{`"a" ,b`, nil},
		{`"a`, nil},
		{`a"b`, nil},
		{"\"a\nb", nil},
	} {
		cells, ok := split(c.text)
		assert.Equal(t, c.want != nil, ok, "%q", c.text)
		if ok {
			assert.Equal(t, c.want, cells, "%q", c.text)
		}
	}
}

// FuzzSplitter compares rows with those of encoding/csv, which differs in two points: it passes over blank lines, and
// drops a carriage return before a line feed within quotes.
func FuzzSplitter(f *testing.F) {
	f.Add("a,\"b\"\"\nc\",d\n")
	f.Add("\"\",x")
	f.Fuzz(func(t *testing.T, text string) {
		if strings.ContainsAny(text, "\r") || strings.TrimSpace(text) == "" || strings.HasPrefix(text, "\n") {
			return
		}
		r := csv.NewReader(strings.NewReader(text))
		want, err := r.Read()
		end := r.InputOffset()
		if err != nil || strings.TrimLeft(text[end:], "\n") != "" {
			return
		}
		got, ok := split(text[:end])
		require.True(t, ok)
		require.Equal(t, want, got)
	})
}

func TestLists(t *testing.T) {
	for text, want := range map[string][]string{
		"":            nil,
		" | ":         nil,
		"a":           {"a"},
		"a| b |":      {"a", "b"},
		`a\|b|c`:      {"a|b", "c"},
		`a\\|b`:       {`a\`, "b"},
		`a\b`:         {`a\b`},
		`a\`:          {`a\`},
		`\\\|`:        {`\|`},
		"tel:+1;2, 3": {"tel:+1;2, 3"},
	} {
		assert.Equal(t, want, splitList(text), text)
		assert.Equal(t, want, splitList(joinList(want)), text)
	}
}

func TestColumns(t *testing.T) {
	settings, err := contactstore.ParseSettings([]byte(`{"fields":[{"key":"age_2","name":"Age (years)","type":"number"}]}`))
	require.NoError(t, err)
	table := newTable("w", settings)
	for name, want := range map[string]column{
		"uuid":              {kind: attributeColumn, key: "uuid"},
		"Contact UUID":      {kind: attributeColumn, key: "uuid"},
		"NAME":              {kind: attributeColumn, key: "name"},
		"Created-On":        {kind: attributeColumn, key: "created_on"},
		"Last Seen On":      {kind: attributeColumn, key: "last_seen_on"},
		"urn":               {kind: urnColumn, key: "urn"},
		"URNs":              {kind: urnsColumn, key: "urns"},
		"URN:Tel":           {kind: schemeColumn, key: "tel"},
		"urn: phone":        {kind: schemeColumn, key: "tel"},
		"tel":               {kind: schemeColumn, key: "tel"},
		"Phone":             {kind: schemeColumn, key: "tel"},
		"phone number":      {kind: schemeColumn, key: "tel"},
		"E-mail":            {kind: schemeColumn, key: "mailto"},
		"Email Address":     {kind: schemeColumn, key: "mailto"},
		"Twitter Handle":    {kind: schemeColumn, key: "twitter"},
		"URN:Foo":           {kind: schemeColumn, key: "foo"},
		"groups":            {kind: groupsColumn, key: "groups"},
		"Group:Our Team":    {kind: groupColumn, key: "Our Team"},
		"field:AGE_2":       {kind: fieldColumn, key: "age_2"},
		"Field:age (Years)": {kind: fieldColumn, key: "age_2"},
		"Field: Joined On":  {kind: fieldColumn, key: "joined_on"},
		"field:":            {kind: ignoredColumn, key: "field:"},
		"other:x":           {kind: ignoredColumn, key: "other:x"},
		"first_name":        {kind: ignoredColumn, key: "first_name"},
		"id":                {kind: ignoredColumn, key: "id"},
		"":                  {kind: ignoredColumn},
	} {
		got := table.column(name)
		assert.Equal(t, want.kind, got.kind, name)
		assert.Equal(t, want.key, got.key, name)
	}
}
