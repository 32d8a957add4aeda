package funcs_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/engine/value"
)

// tested is a call of a router test, and the JSON of what it gives: with a match when it is passed.
type tested struct {
	name string
	fn   string
	args []value.Value
	want string
}

// failed is what a test gives that is not passed.
const failed = "failed"

// checkTests runs router tests; what a result stands for must agree with its match.
func checkTests(t *testing.T, env *value.Environment, calls []tested) {
	t.Helper()
	for _, c := range calls {
		t.Run(c.fn+" "+c.name, func(t *testing.T) {
			v := call(t, runtime(env), c.fn, c.args...)
			got, failure := value.ToJSON(v)
			require.Nil(t, failure)
			truth, _ := value.ToBoolean(v)
			if c.want == failed {
				assert.False(t, truth)
				c.want = `{"match":""}`
			} else {
				assert.True(t, truth)
			}
			assert.Equal(t, c.want, got)
		})
	}
}

// propagated are calls with an error in each place, for functions that pass on the first error they meet.
func propagated(name string, args ...value.Value) []result {
	var calls []result
	for i := range args {
		with := append([]value.Value{}, args...)
		with[i] = failing
		calls = append(calls, result{"error", name, with, "", "error calling " + name + "(...): no luck"})
	}
	return calls
}

func texts(texts ...string) []value.Value {
	var values []value.Value
	for _, s := range texts {
		values = append(values, text(s))
	}
	return values
}

func TestTextTests(t *testing.T) {
	checkTests(t, nil, []tested{
		{"trimmed", "has_text", texts(" quick\tbrown \n"), `{"match":"quick\tbrown"}`},
		{"number", "has_text", []value.Value{num("1.50")}, `{"match":"1.5"}`},
		{"space", "has_text", texts(" \n\u00a0"), failed},
		{"null", "has_text", []value.Value{nil}, failed},
		{"false", "has_value", []value.Value{value.Boolean(false)}, `{"match":"false"}`},
		{"null", "has_value", []value.Value{nil}, failed},
		{"error", "has_error", []value.Value{failing}, `{"match":"no luck"}`},
		{"null", "has_error", []value.Value{nil}, failed},
		{"same", "has_only_text", texts("a b", "a b"), `{"match":"a b"}`},
		{"other case", "has_only_text", texts("a", "A"), failed},
		{"spaces", "has_only_text", texts("a", "a "), failed},
		{"null", "has_only_text", []value.Value{nil, text("")}, `{"match":""}`},
		{"number", "has_only_text", []value.Value{num("1.0"), text("1")}, `{"match":"1"}`},
		{"folded", "has_beginning", texts(" The Quick", "the q  "), `{"match":"The Q"}`},
		{"accents", "has_beginning", texts("éa", "É"), `{"match":"é"}`},
		{"whole", "has_beginning", texts("é", "É"), `{"match":"é"}`},
		{"longer", "has_beginning", texts("the", "the quick"), failed},
		{"cut in a character", "has_beginning", texts("é", "a"), failed},
		{"empty", "has_beginning", texts("the", " "), failed},
		{"null", "has_beginning", []value.Value{nil, nil}, failed},
		{"groups", "has_pattern", texts("Buy cheese please", `buy (\w+)( now)?`), `{"extra":{"0":"Buy cheese","1":"cheese","2":""},"match":"Buy cheese"}`},
		{"lines", "has_pattern", texts("one\ntwo", `^TWO$`), `{"extra":{"0":"two"},"match":"two"}`},
		{"no match", "has_pattern", texts("one", `two`), failed},
		{"null", "has_pattern", []value.Value{nil, text("a")}, failed},
	})
	check(t, nil, append(propagated("has_pattern", text("a"), text("a")),
		result{"bad", "has_pattern", texts("abc", "("), "", "error calling has_pattern(...): must be called with a valid regular expression"}))
	for _, name := range []string{"has_text", "has_value"} {
		check(t, nil, propagated(name, nil))
	}
	for _, name := range []string{"has_only_text", "has_beginning"} {
		check(t, nil, propagated(name, nil, nil))
	}
}

func TestWordTests(t *testing.T) {
	checkTests(t, nil, []tested{
		{"found", "has_phrase", texts("The, QUICK. brown fox", "quick Brown"), `{"match":"QUICK brown"}`},
		{"at the end", "has_phrase", texts("a b c", "b c"), `{"match":"b c"}`},
		{"no backtracking", "has_phrase", texts("a a b", "a b"), failed},
		{"behind a break", "has_phrase", texts("a x a b", "a b"), `{"match":"a b"}`},
		{"part of a word", "has_phrase", texts("foxes", "fox"), failed},
		{"empty phrase", "has_phrase", texts("a", " .,"), `{"match":""}`},
		{"null", "has_phrase", []value.Value{nil, text("a")}, failed},
		{"emoji", "has_phrase", texts("ok👍👍", "ok 👍"), `{"match":"ok 👍"}`},
		{"same", "has_only_phrase", texts("Quick-Brown!", "quick brown"), `{"match":"Quick Brown"}`},
		{"more", "has_only_phrase", texts("quick brown fox", "quick brown"), failed},
		{"less", "has_only_phrase", texts("quick", "quick brown"), failed},
		{"both empty", "has_only_phrase", []value.Value{nil, text("")}, `{"match":""}`},
		{"empty phrase", "has_only_phrase", texts("a", ""), failed},
		{"all", "has_all_words", texts("the quick brown FOX, fox", "fox The"), `{"match":"the FOX fox"}`},
		{"one missing", "has_all_words", texts("the quick brown fox", "fox red"), failed},
		{"none wanted", "has_all_words", texts("a b", ""), `{"match":""}`},
		{"twice", "has_all_words", texts("a b", "a a"), `{"match":"a"}`},
		{"null", "has_all_words", []value.Value{nil, text("a")}, failed},
		{"some", "has_any_word", texts("The Quick Brown Fox", "fox quick yellow"), `{"match":"Quick Fox"}`},
		{"none", "has_any_word", texts("The Quick Brown Fox", "yellow"), failed},
		{"none wanted", "has_any_word", texts("a b", ""), failed},
		{"null", "has_any_word", []value.Value{text("a"), nil}, failed},
	})
	for _, name := range []string{"has_phrase", "has_only_phrase", "has_all_words", "has_any_word"} {
		check(t, nil, propagated(name, text("a"), text("a")))
	}
}

func TestCollations(t *testing.T) {
	const cyrillic = "раураl"
	checkTests(t, nil, []tested{
		{"look-alike", "has_any_word", texts(cyrillic, "paypal"), failed},
		{"arabic", "has_any_word", texts("يَمْشي", "یمشي"), failed},
	})
	checkTests(t, &value.Environment{Collation: "confusables"}, []tested{
		{"look-alike", "has_any_word", texts("pay "+cyrillic, "PayPal"), `{"match":"` + cyrillic + `"}`},
		{"digits", "has_only_phrase", texts("HELL0", "hello"), `{"match":"HELL0"}`},
		{"letter case", "has_phrase", texts("I say it Is", "IS"), `{"match":"Is"}`},
		{"other", "has_any_word", texts("cat", "cut"), failed},
	})
	checkTests(t, &value.Environment{Collation: "arabic_variants"}, []tested{
		{"farsi letters", "has_any_word", texts("یک", "يك"), `{"match":"یک"}`},
		{"alef", "has_only_phrase", texts("أحمد إلى", "احمد الي"), `{"match":"أحمد إلى"}`},
		{"marks and strokes", "has_phrase", texts("كِتـــابٌ", "كتاب"), `{"match":"كِتـــابٌ"}`},
		{"forms of position", "has_phrase", texts("ﻣﺪﺭﺳﺔ", "مدرسه"), `{"match":"ﻣﺪﺭﺳﺔ"}`},
		{"digits", "has_any_word", texts("٤٢ ۴۳", "42 43"), `{"match":"٤٢ ۴۳"}`},
		{"latin", "has_any_word", texts("École", "éCOLE"), `{"match":"École"}`},
		{"other", "has_any_word", texts("باب", "تاب"), failed},
	})
}

func TestNumberTests(t *testing.T) {
	checkTests(t, nil, []tested{
		{"letters behind", "has_number", texts("12k 3.5"), `{"match":12}`},
		{"letter o", "has_number", texts("1OO"), `{"match":1}`},
		{"unit", "has_number", texts("12.50kg"), `{"match":12.5}`},
		{"minus", "has_number", texts("abc-5"), `{"match":-5}`},
		{"plus", "has_number", texts("+5"), `{"match":5}`},
		{"grouped", "has_number", texts("$1,234,567.80."), `{"match":1234567.8}`},
		{"end of a sentence", "has_number", texts("it is 5."), `{"match":5}`},
		{"list", "has_number", texts("5, 6"), `{"match":5}`},
		{"fraction only", "has_number", texts("-.5"), `{"match":-0.5}`},
		{"full stops", "has_number", texts("wait...5"), `{"match":5}`},
		{"numero", "has_number", texts("no.5"), `{"match":5}`},
		{"arabic", "has_number", texts("العدد ٤٢"), `{"match":42}`},
		{"arabic fraction", "has_number", texts("٠.٥"), `{"match":0.5}`},
		{"wide", "has_number", texts("１２３"), `{"match":123}`},
		{"bold", "has_number", texts("𝟎𝟏𝟐"), `{"match":12}`},
		{"no digits", "has_number", texts("½ Ⅻ forty - . ,"), failed},
		{"too long", "has_number", texts("1234567890123456789012345678901234567 or 7"), `{"match":7}`},
		{"not UTF-8", "has_number", texts("\xff5\xff"), `{"match":5}`},
		{"null", "has_number", []value.Value{nil}, failed},
		{"second", "has_number_lt", texts("42 or 7", "40"), `{"match":7}`},
		{"equal", "has_number_lt", texts("42", "42"), failed},
		{"equal", "has_number_lte", texts("42.0", "42"), `{"match":42}`},
		{"more", "has_number_lte", texts("43", "42"), failed},
		{"equal", "has_number_eq", texts("41 42.00", "42"), `{"match":42}`},
		{"other", "has_number_eq", texts("41", "42"), failed},
		{"equal", "has_number_gte", texts("41 42", "42"), `{"match":42}`},
		{"less", "has_number_gte", texts("41", "42"), failed},
		{"more", "has_number_gt", texts("42 43", "42"), `{"match":43}`},
		{"null", "has_number_gt", []value.Value{nil, num("42")}, failed},
		{"lower bound", "has_number_between", texts("39 40", "40", "44"), `{"match":40}`},
		{"upper bound", "has_number_between", texts("45 44", "40", "44"), `{"match":44}`},
		{"outside", "has_number_between", texts("45", "40", "44"), failed},
	})
	checkTests(t, &value.Environment{NumberFormat: value.NumberFormat{DecimalSymbol: ",", DigitGroupingSymbol: "."}}, []tested{
		{"german", "has_number", texts("1.234,50 Euro"), `{"match":1234.5}`},
	})
	checkTests(t, &value.Environment{NumberFormat: value.NumberFormat{DecimalSymbol: "٫", DigitGroupingSymbol: " "}}, []tested{
		{"long symbols", "has_number", texts("١ ٢٣٤٫٥"), `{"match":1234.5}`},
	})
	check(t, nil, propagated("has_number", nil))
	for _, name := range []string{"has_number_lt", "has_number_lte", "has_number_eq", "has_number_gte", "has_number_gt"} {
		check(t, nil, append(propagated(name, text("1"), num("1")),
			result{"null limit", name, []value.Value{text("1"), nil}, "", "error calling " + name + "(...): unable to convert null to a number"}))
	}
	check(t, nil, append(propagated("has_number_between", text("1"), num("1"), num("1")),
		result{"text limit", "has_number_between", texts("1", "1", "x"), "", `error calling has_number_between(...): unable to convert "x" to a number`}))
}

// session is the environment of the tests that read one.
func session(t testing.TB) *value.Environment {
	zone, err := time.LoadLocation("America/Guayaquil")
	require.NoError(t, err)
	places, err := value.ParseLocations([]byte(`{"name": "Rwanda", "children": [
		{"name": "Kigali City", "aliases": ["Kigali"], "children": [
			{"name": "Gasabo", "children": [{"name": "Gisozi"}, {"name": "Ndera"}]}, {"name": "Nyarugenge"}]},
		{"name": "Nord"}]}`))
	require.NoError(t, err)
	return &value.Environment{
		Timezone: zone, DateFormat: "DD-MM-YYYY", Languages: []string{"eng"}, Country: "US", Locations: places,
	}
}

func TestDateTests(t *testing.T) {
	checkTests(t, session(t), []tested{
		{"with the current time", "has_date", texts("on 5/6/2018"), `{"match":"2018-06-05T13:24:30.123456-05:00"}`},
		{"with its time", "has_date", texts("on 5.6.18 at 9am"), `{"match":"2018-06-05T09:00:00.000000-05:00"}`},
		{"ISO", "has_date", texts("2018-06-05T01:00:00Z"), `{"match":"2018-06-05T01:00:00.000000Z"}`},
		{"no such day", "has_date", texts("31/02/2018"), failed},
		{"null", "has_date", []value.Value{nil}, failed},
		{"date", "has_date", []value.Value{value.NewDate(2018, 6, 5)}, `{"match":"2018-06-05T13:24:30.123456-05:00"}`},
		{"before", "has_date_lt", texts("14/01/2017", "15-01-2017"), `{"match":"2017-01-14T13:24:30.123456-05:00"}`},
		{"same", "has_date_lt", texts("15/01/2017", "15-01-2017"), failed},
		{"in the session's zone", "has_date_lt", texts("2017-01-15T03:00:00Z", "15-01-2017"), `{"match":"2017-01-15T03:00:00.000000Z"}`},
		{"same", "has_date_eq", texts("15/01/2017 23:59", "15-01-2017 00:00"), `{"match":"2017-01-15T23:59:00.000000-05:00"}`},
		{"other", "has_date_eq", texts("14/01/2017", "15-01-2017"), failed},
		{"a limit with an offset", "has_date_eq", texts("14/01/2017", "2017-01-15T03:00:00Z"), `{"match":"2017-01-14T13:24:30.123456-05:00"}`},
		{"after", "has_date_gt", []value.Value{text("16/01/2017"), value.NewDate(2017, 1, 15)}, `{"match":"2017-01-16T13:24:30.123456-05:00"}`},
		{"same", "has_date_gt", texts("15/01/2017", "15-01-2017"), failed},
		{"none", "has_date_gt", texts("soon", "15-01-2017"), failed},
		{"evening", "has_time", texts("at 9pm"), `{"match":"21:00:00.000000"}`},
		{"number", "has_time", []value.Value{num("10")}, `{"match":"10:00:00.000000"}`},
		{"none", "has_time", texts("soon 25:00"), failed},
		{"null", "has_time", []value.Value{nil}, failed},
	})
	check(t, nil, propagated("has_date", nil))
	check(t, nil, propagated("has_time", nil))
	for _, name := range []string{"has_date_lt", "has_date_eq", "has_date_gt"} {
		check(t, nil, append(propagated(name, nil, text("2017-01-15")),
			result{"no day", name, texts("2017-01-15", "soon"), "", "error calling " + name + `(...): unable to convert "soon" to a datetime`},
			result{"null day", name, []value.Value{nil, nil}, "", "error calling " + name + "(...): unable to convert null to a datetime"}))
	}
}

func TestAddressTests(t *testing.T) {
	checkTests(t, session(t), []tested{
		{"international", "has_phone", texts("my number is +12065550142 thanks"), `{"match":"+12065550142"}`},
		{"national", "has_phone", texts("my number is (206) 555-0142."), `{"match":"+12065550142"}`},
		{"without its plus", "has_phone", texts("12065550142", ""), `{"match":"+12065550142"}`},
		{"other country", "has_phone", texts("0788383383", "RW"), `{"match":"+250788383383"}`},
		{"second", "has_phone", texts("room 12345, phone 206 555 0142"), `{"match":"+12065550142"}`},
		{"plus signs", "has_phone", texts("++12065550142+"), `{"match":"+12065550142"}`},
		{"short", "has_phone", texts("1234"), failed},
		{"none", "has_phone", texts("none of your business"), failed},
		{"null", "has_phone", []value.Value{nil}, failed},
		{"in brackets", "has_email", texts("<foo@bar2.com>"), `{"match":"foo@bar2.com"}`},
		{"end of a sentence", "has_email", texts("it is ann.b+c@mail.bar.co.uk."), `{"match":"ann.b+c@mail.bar.co.uk"}`},
		{"letters of any script", "has_email", texts("josé@español.es"), `{"match":"josé@español.es"}`},
		{"second", "has_email", texts("@me or a@b or c@d.e"), `{"match":"c@d.e"}`},
		{"behind punctuation", "has_email", texts("...ann@x.org"), `{"match":"ann@x.org"}`},
		{"no dot", "has_email", texts("x foo@bar y"), failed},
		{"dots", "has_email", texts("a@b..c a@.b a@b.-c a@-b.c @b.c"), failed},
		{"null", "has_email", []value.Value{nil}, failed},
	})
	check(t, nil, propagated("has_phone", text("1"), text("US")))
	check(t, nil, propagated("has_email", nil))
}

func TestResultTests(t *testing.T) {
	group := value.NewObject([]value.Property{{Key: "uuid", Value: text("u-1")}, {Key: "name", Value: text("Testers")}})
	res := value.NewObject([]value.Property{{Key: "category", Value: text("Red")}})
	extra, err := value.FromJSON([]byte(`{"intents": [{"name": "ask", "confidence": 0.3}, {"name": "book", "confidence": 0.7}, {"name": "odd"}],
		"entities": {"city": [{"value": "Quito", "confidence": 1}, {"value": "Lima"}], "none": []}}`))
	require.NoError(t, err)
	classified := value.NewObject([]value.Property{{Key: "extra", Value: extra}})
	checkTests(t, nil, []tested{
		{"in", "has_group", []value.Value{list(value.NewObject(nil), group), text("u-1")}, `{"match":{"name":"Testers","uuid":"u-1"}}`},
		{"not in", "has_group", []value.Value{list(group), text("u-2")}, failed},
		{"null", "has_group", []value.Value{nil, text("u-1")}, failed},
		{"in", "has_category", []value.Value{res, text("Blue"), text("Red")}, `{"match":"Red"}`},
		{"not in", "has_category", []value.Value{res, text("red")}, failed},
		{"null", "has_category", []value.Value{nil, text("")}, failed},
		{"in", "has_intent", []value.Value{classified, text("Ask"), num("0.3")}, `{"extra":{"city":"Quito"},"match":"ask"}`},
		{"not sure enough", "has_intent", []value.Value{classified, text("ask"), num("0.4")}, failed},
		{"without confidence", "has_intent", []value.Value{classified, text("odd"), num("0")}, failed},
		{"null", "has_intent", []value.Value{nil, text("ask"), num("0")}, failed},
		{"surest", "has_top_intent", []value.Value{classified, text("book"), num("0.7")}, `{"extra":{"city":"Quito"},"match":"book"}`},
		{"not surest", "has_top_intent", []value.Value{classified, text("ask"), num("0.1")}, failed},
		{"no extra", "has_top_intent", []value.Value{res, text("ask"), num("0.1")}, failed},
	})
	check(t, nil, append(propagated("has_group", list(group), text("u-2")),
		result{"no object", "has_group", []value.Value{list(text("x")), text("u-1")}, "", `error calling has_group(...): unable to convert "x" to an object`}))
	check(t, nil, append(propagated("has_category", res, text("Red"), text("Blue")),
		result{"no category", "has_category", []value.Value{res}, "", "error calling has_category(...): need at least 2 argument(s), got 1"},
		result{"no object", "has_category", texts("Red", "Red"), "", `error calling has_category(...): unable to convert "Red" to an object`}))
	for _, name := range []string{"has_intent", "has_top_intent"} {
		check(t, nil, propagated(name, classified, text("ask"), num("1")))
	}
}

func TestLocationTests(t *testing.T) {
	const state, district, ward = "Rwanda > Kigali City", "Rwanda > Kigali City > Gasabo", "Rwanda > Kigali City > Gasabo > Gisozi"
	checkTests(t, session(t), []tested{
		{"alias", "has_state", texts("I live in KIGALI."), `{"match":"` + state + `"}`},
		{"path", "has_state", texts(state), `{"match":"` + state + `"}`},
		{"none", "has_state", texts("Gasabo"), failed},
		{"null", "has_state", []value.Value{nil}, failed},
		{"in its state", "has_district", texts("gasabo", "kigali"), `{"match":"` + district + `"}`},
		{"in another", "has_district", texts("gasabo", "Nord"), failed},
		{"in none", "has_district", texts("gasabo", "Boston"), failed},
		{"alone", "has_district", texts("gasabo"), `{"match":"` + district + `"}`},
		{"null", "has_district", []value.Value{nil, nil}, failed},
		{"in its district", "has_ward", texts("gisozi", "Kigali", "Gasabo"), `{"match":"` + ward + `"}`},
		{"the other way round", "has_ward", texts("gisozi", "Gasabo", "Kigali"), `{"match":"` + ward + `"}`},
		{"in another", "has_ward", texts("gisozi", "Kigali", "Nyarugenge"), failed},
		{"in another state", "has_ward", texts("gisozi", "Nord", "Gasabo"), failed},
		{"in its state", "has_ward", texts("gisozi", "Kigali"), `{"match":"` + ward + `"}`},
		{"in a district", "has_ward", texts("gisozi", "Gasabo"), `{"match":"` + ward + `"}`},
		{"alone", "has_ward", texts("gisozi"), `{"match":"` + ward + `"}`},
		{"null", "has_ward", []value.Value{nil}, failed},
	})
	check(t, session(t), propagated("has_state", nil))
	check(t, session(t), propagated("has_district", nil, nil))
	check(t, session(t), propagated("has_ward", nil, nil, nil))
	check(t, nil, []result{{"without locations", "has_state", texts("Kigali"), "", "error calling has_state(...): the workspace has no locations"}})
}

func BenchmarkHasPhrase(b *testing.B) {
	rt := runtime(nil)
	args := texts("The quick brown fox jumps over the lazy dog and runs away", "lazy dog")
	f, _ := library.Lookup("has_phrase")
	b.ReportAllocs()
	for b.Loop() {
		rt.Reset(1)
		rt.Invoke(f.Value, args)
	}
}
