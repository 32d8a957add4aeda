package value_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/engine/value"
)

const rwanda = `[{"name": "Rwanda", "aliases": ["Ruanda"], "children": [
	{"name": "Kigali City", "aliases": ["Kigali", "Kigari", "Q.C", "كيجالي الكبرى"], "children": [
		{"name": "Gasabo", "children": [{"name": "Gisozi"}, {"name": "Ndera", "children": [{"name": "Too Deep"}]}]},
		{"name": "Nyarugenge", "children": []}]},
	{"name": "Île-de-France", "children": [{"name": "Gasabo"}]}]}]`

func TestFindLocation(t *testing.T) {
	l, err := value.ParseLocations([]byte(rwanda))
	require.NoError(t, err)
	kigali := l.Find(value.StateLevel, "Kigali", nil)
	france := l.Find(value.StateLevel, "Île-de-France", nil)
	for _, c := range []struct {
		name   string
		level  value.LocationLevel
		text   string
		parent *value.Location
		want   string
	}{
		{"name", value.StateLevel, "kigali city", nil, "Rwanda > Kigali City"},
		{"alias", value.StateLevel, "KIGARI", nil, "Rwanda > Kigali City"},
		{"punctuation", value.StateLevel, " ¡Kigali!", nil, "Rwanda > Kigali City"},
		{"in a sentence", value.StateLevel, "I live in Kigali now", nil, "Rwanda > Kigali City"},
		{"punctuated alias", value.StateLevel, "from Q.C. I think", nil, "Rwanda > Kigali City"},
		{"hyphens", value.StateLevel, "ÎLE DE FRANCE", nil, "Rwanda > Île-de-France"},
		{"arabic", value.StateLevel, "من كيجالي الكبرى", nil, "Rwanda > Kigali City"},
		{"part of a word", value.StateLevel, "Kigalian", nil, ""},
		{"other level", value.StateLevel, "Gasabo", nil, ""},
		{"country", value.CountryLevel, "ruanda", nil, "Rwanda"},
		{"first in the tree", value.DistrictLevel, "Gasabo", nil, "Rwanda > Kigali City > Gasabo"},
		{"within a parent", value.DistrictLevel, "Gasabo", france, "Rwanda > Île-de-France > Gasabo"},
		{"path", value.DistrictLevel, "Rwanda > Île-de-France > Gasabo", nil, "Rwanda > Île-de-France > Gasabo"},
		{"path within another parent", value.DistrictLevel, "Rwanda > Île-de-France > Gasabo", kigali, "Rwanda > Kigali City > Gasabo"},
		{"path with blanks missing", value.StateLevel, "rwanda>kigali city", nil, "Rwanda > Kigali City"},
		{"ward within a state", value.WardLevel, "Gisozi", kigali, "Rwanda > Kigali City > Gasabo > Gisozi"},
		{"ward within another state", value.WardLevel, "Gisozi", france, ""},
		{"below the named levels", value.WardLevel, "Too Deep", nil, ""},
		{"empty", value.StateLevel, "", nil, ""},
		{"no words", value.StateLevel, " > ", nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := l.Find(c.level, c.text, c.parent)
			if c.want == "" {
				assert.Nil(t, got)
				return
			}
			require.NotNil(t, got)
			assert.Equal(t, c.want, got.Path())
		})
	}
}

func TestParseLocations(t *testing.T) {
	for _, empty := range []string{"", "  ", "null"} {
		l, err := value.ParseLocations([]byte(empty))
		assert.NoError(t, err)
		assert.Nil(t, l)
	}
	l, err := value.ParseLocations([]byte(`{"name": "Rwanda", "children": [{"name": "Kigali"}]}`))
	require.NoError(t, err)
	assert.Equal(t, "Rwanda > Kigali", l.Find(value.StateLevel, "kigali", nil).Path())

	for _, c := range []struct{ data, want string }{
		{`[{"name": "!"}]`, "locations: got a place without a name at level 0"},
		{`[{"name": "Rwanda", "children": [null]}]`, "locations: got a place without a name at level 1"},
	} {
		_, err := value.ParseLocations([]byte(c.data))
		assert.EqualError(t, err, c.want)
	}
	_, err = value.ParseLocations([]byte(`"Rwanda"`))
	assert.ErrorContains(t, err, "locations: ")
}

func BenchmarkFindLocation(b *testing.B) {
	l, err := value.ParseLocations([]byte(rwanda))
	require.NoError(b, err)
	text := strings.Repeat("I live in ", 10) + "Kigali"
	b.ReportAllocs()
	for b.Loop() {
		_ = l.Find(value.StateLevel, text, nil)
	}
}
