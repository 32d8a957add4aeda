package value_test

import (
	"testing"
	"time"

	"github.com/go-playground/locales"
	"github.com/go-playground/locales/am"
	"github.com/go-playground/locales/es_EC"
	"github.com/go-playground/locales/fr"
	"github.com/go-playground/locales/ko"
	"github.com/go-playground/locales/rw"
	"github.com/go-playground/locales/zh_Hant"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/engine/value"
)

// formatted prints a moment in a language.
func formatted(t *testing.T, moment time.Time, layout, country string, languages ...string) string {
	got, failure := value.FormatDateTimeLayout(&value.Environment{Languages: languages, Country: country}, moment, layout)
	require.Nil(t, failure)
	return got
}

// The generated table says what the module says that it comes from.
func TestNamesAreThoseOfCLDR(t *testing.T) {
	for _, c := range []struct {
		language, country string
		names             locales.Translator
	}{
		{"spa", "EC", es_EC.New()}, {"fra", "", fr.New()}, {"kin", "RW", rw.New()}, {"amh", "ET", am.New()},
		{"zho", "TW", zh_Hant.New()}, {"kor", "", ko.New()},
	} {
		for i := range 12 {
			day := time.Date(2018, time.Month(i+1), i+1, 0, 0, 0, 0, time.UTC)
			assert.Equal(t, c.names.MonthWide(day.Month()), formatted(t, day, "MMMM", c.country, c.language))
			assert.Equal(t, c.names.MonthAbbreviated(day.Month()), formatted(t, day, "MMM", c.country, c.language))
			assert.Equal(t, c.names.WeekdayWide(day.Weekday()), formatted(t, day, "EEEE", c.country, c.language))
			assert.Equal(t, c.names.WeekdayAbbreviated(day.Weekday()), formatted(t, day, "EEE", c.country, c.language))
		}
	}
}

func TestLocalizedNames(t *testing.T) {
	moment := time.Date(2018, 3, 5, 15, 0, 0, 0, time.UTC)
	for _, c := range []struct{ language, country, want string }{
		{"eng", "US", "Monday March pm PM"},
		{"spa", "EC", "lunes marzo p.\u00a0m. P.\u00a0M."},
		{"por", "PT", "segunda-feira março p.m. P.M."},
		{"ara", "", "الاثنين مارس م م"},
		{"arb", "", "الاثنين مارس م م"},
		{"ara", "DZ", "الاثنين مارس م م"}, // its table in the source has holes, so the language's own is taken
		{"swa", "KE", "Jumatatu Machi pm PM"},
		{"cmn", "CN", "星期一 三月 下午 下午"},
		{"xxx", "", "Monday March pm PM"},
		{"und", "FR", "Monday March pm PM"},
		{"FRA", "fr", "lundi mars pm PM"},
	} {
		assert.Equal(t, c.want, formatted(t, moment, "EEEE MMMM aa AA", c.country, c.language), c.language)
	}
	assert.Equal(t, "lundi", formatted(t, moment, "EEEE", "", "fra", "eng"), "the first language counts")
	assert.Equal(t, "Monday", formatted(t, moment, "EEEE", "FR"), "no language is English")
}

func TestNamesInManyLanguages(t *testing.T) {
	moment := time.Date(2018, 12, 31, 15, 0, 0, 0, time.UTC)
	for _, language := range []string{
		"spa", "fra", "por", "ara", "rus", "kin", "swa", "amh", "hin", "ben", "urd", "ind", "vie", "tha", "zho", "jpn",
		"kor", "tur", "fas", "nep", "mya", "khm", "deu", "ita", "nld", "pol", "ukr", "ron", "ell", "heb", "som", "hau",
		"yor", "ibo", "zul", "xho", "afr", "mlg", "orm", "tir", "msa", "fil", "tam", "tel", "mar", "guj", "pan", "sin",
		"ces", "slk", "hun", "bul", "srp", "hrv", "swe", "dan", "nob", "fin", "lao", "kat", "hye", "aze", "uzb", "kaz",
	} {
		english := formatted(t, moment, "EEEE MMMM", "", "eng")
		assert.NotEqual(t, english, formatted(t, moment, "EEEE MMMM", "", language), language)
	}
}

func TestParseLocalizedPeriods(t *testing.T) {
	env := &value.Environment{Languages: []string{"jpn"}}
	for text, want := range map[string]string{"午後 3:30": "15:30:00.000000", "am 3:30": "03:30:00.000000"} {
		got, failure := value.ParseTime(env, text, "aa h:mm")
		assert.Equal(t, want, outcome(got, failure))
	}
}
