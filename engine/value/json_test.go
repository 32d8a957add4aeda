package value_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/engine/value"
)

func TestFromJSON(t *testing.T) {
	for _, c := range []struct{ name, json, want string }{
		{"mixed", `[1, 2.50, 1e3, null, true, false, "x"]`, "[1, 2.5, 1000, , true, false, x]"},
		{"escape", `"a\u00e9\n\ud83d\ude00\"\\"`, "aé\n😀\"\\"},
		{"lone surrogate", `"\ud83d"`, "\ufffd"},
		{"sorted", `{"b":1,"a":[]}`, "{a: [], b: 1}"},
		{"spaces", " \t\r\n{ \"a\" : [ 1 , 2 ] , \"b\" : { } } ", "{a: [1, 2], b: {}}"},
		{"last key wins", `{"a":1,"a":2,"A":3}`, "{A: 3, a: 2}"},
		{"default", `{"__default__":"d","a":1}`, "d"},
		{"exponents", `[1E2, 1e-3, -2.5e+1, 0e5, -0, 1.0e0]`, "[100, 0.001, -25, 0, 0, 1]"},
		{"exponent at the edge", `1e100`, "1" + strings.Repeat("0", 100)},
		{"exponent too large", `1e101`, "!number value out of range"},
		{"exponent much too large", `1e99999999999999999999`, "!number value out of range"},
		{"exponent too small", `1e-99999999999999999999`, "!number value out of range"},
		{"nothing times much", `0e99999999999999999999`, "0"},
		{"too many digits", `12345678901234567890123456789012345678901234567890`, "!number value out of range"},
		{"error inside", `{"a": [1e200, 1]}`, "!number value out of range"},
		{"null", "null", ""},
		{"key escaped", `{"\u0061": 1}`, "{a: 1}"},
		{"deep", strings.Repeat("[", 101) + strings.Repeat("]", 101), strings.Repeat("[", 101) + strings.Repeat("]", 101)},
	} {
		v, err := value.FromJSON([]byte(c.json))
		require.NoError(t, err, c.name)
		assert.Equal(t, c.want, printed(v), c.name)
	}
}

func TestFromJSONRefuses(t *testing.T) {
	for _, text := range []string{"", "  ", "{bad", "[1,]", "01", "1.", ".5", "+1", "'a'", "nul", `{"a"}`, "1 2", `"a`, "\"\n\""} {
		_, err := value.FromJSON([]byte(text))
		assert.ErrorIs(t, err, value.ErrInvalidJSON, text)
	}
	_, err := value.FromJSON([]byte(strings.Repeat("[", 102) + strings.Repeat("]", 102)))
	assert.ErrorIs(t, err, value.ErrJSONDepth)
	_, err = value.FromJSON([]byte(strings.Repeat(`{"a":`, 102) + "1" + strings.Repeat("}", 102)))
	assert.ErrorIs(t, err, value.ErrJSONDepth)
}

func TestToJSON(t *testing.T) {
	assert.Equal(t, `"<a>&\"é"`, mustJSON(t, text(`<a>&"é`)))
	assert.Equal(t, `{"a":null}`, mustJSON(t, withDefault(text("d"), "a", nil)))
	_, failure := value.ToJSON(mistake)
	assert.Same(t, mistake, failure)
	deprecated := value.NewObject([]value.Property{{Key: "id", Value: text("1"), Deprecated: "old"}})
	assert.Equal(t, `{"id":"1"}`, mustJSON(t, deprecated))
}

// encoded is what encoding/json makes of a text, without escapes for HTML.
func encoded(t *testing.T, s string) string {
	t.Helper()
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	require.NoError(t, encoder.Encode(s))
	return strings.TrimSuffix(buffer.String(), "\n")
}

func FuzzTextToJSON(f *testing.F) {
	f.Add("plain")
	f.Add("<>&\"\\/\b\f\n\r\t\x00\x1f\x7f\u2028\u2029\xff\xed\xa0\x80😀")
	f.Fuzz(func(t *testing.T, s string) {
		require.Equal(t, encoded(t, s), mustJSON(t, text(s)))
	})
}

func FuzzFromJSON(f *testing.F) {
	for _, seed := range []string{
		`{"a":[1,2.5,"x",null,true],"b":{"__default__":"d"}}`, `"\ud83d\ude00\n"`, `-1.50e3`, `{bad`, ` [ ] `, "", `{"a":1,"a":2}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := value.FromJSON(data)
		if err != nil {
			require.Condition(t, func() bool { return !json.Valid(data) || err == value.ErrJSONDepth })
			return
		}
		value.Format(&value.Environment{}, v)
		printed, failure := value.ToJSON(v)
		if failure != nil {
			return
		}
		require.True(t, json.Valid([]byte(printed)), printed)
		again, err := value.FromJSON([]byte(printed))
		require.NoError(t, err)
		twice, _ := value.ToJSON(again)
		require.Equal(t, printed, twice)
	})
}

func TestFromTagged(t *testing.T) {
	functions := func(name string) (*value.Function, bool) { return upper, name == "upper" }
	for _, c := range []struct{ name, json, want string }{
		{"named zone", `{"$type":"datetime","value":"2018-04-11T18:24:30.123456Z","tz":"America/Guayaquil"}`, "2018-04-11T13:24:30.123456-05:00"},
		{"utc", `{"$type":"datetime","value":"2018-04-11T18:24:30.123456Z","tz":"UTC"}`, "2018-04-11T18:24:30.123456Z"},
		{"local", `{"$type":"datetime","value":"2018-06-20T11:40:30.123456789Z","tz":"Local"}`, "2018-06-20T11:40:30.123456Z"},
		{"offset", `{"$type":"datetime","value":"2017-12-02T00:00:00-02:00","tz":""}`, "2017-12-02T00:00:00.000000-02:00"},
		{"date", `{"$type":"date","value":"2017-12-02"}`, "2017-12-02"},
		{"time", `{"$type":"time","value":"10:30:05.000001"}`, "10:30:05.000001"},
		{"function", `[{"$type":"function","name":"upper"}]`, "[upper]"},
		{"error", `{"$type":"error","message":"an error"}`, "!an error"},
		{"deprecated", `{"$type":"deprecated","message":"old","value":"v"}`, "v"},
		{"deprecated items", `[{"$type":"deprecated","message":"old","value":[1]}]`, "[[1]]"},
		{"default", `{"__default__":{"$type":"date","value":"2017-12-02"},"a":1}`, "2017-12-02"},
		{"plain", `{"a":{"b":[1]}}`, "{a: {b: [1]}}"},
	} {
		v, err := value.FromTagged([]byte(c.json), functions)
		require.NoError(t, err, c.name)
		assert.Equal(t, c.want, printed(v), c.name)
	}
}

func TestFromTaggedNamesZones(t *testing.T) {
	for _, zone := range []string{"", "Local", "UTC", "America/Guayaquil"} {
		v, err := value.FromTagged([]byte(`{"$type":"datetime","value":"2018-04-11T18:24:30Z","tz":"`+zone+`"}`), nil)
		require.NoError(t, err)
		assert.Equal(t, zone, v.(*value.DateTime).Time().Location().String())
	}
}

func TestFromTaggedKeepsDeprecation(t *testing.T) {
	v, err := value.FromTagged([]byte(`{"contact":{"id":{"$type":"deprecated","message":"use ref","value":"7"}}}`), nil)
	require.NoError(t, err)
	contact, _ := v.(*value.Object).Get("contact")
	rt := value.NewRuntime(nil, nil, 0)
	assert.Equal(t, "7", printed(value.LookupProperty(rt, contact, "id")))
	assert.Equal(t, []string{"use ref"}, rt.Warnings())
}

func TestFromTaggedRefuses(t *testing.T) {
	for text, want := range map[string]string{
		`{"$type":"duration"}`:                                         `got $type "duration", want datetime, date, time, function, error or deprecated`,
		`{"$type":"function","name":"nope"}`:                           `there is no function "nope"`,
		`{"$type":"date","value":"2018-02-30"}`:                        "date: ",
		`{"$type":"time","value":"25:00:00"}`:                          "time: ",
		`{"$type":"datetime","value":"today"}`:                         "datetime: ",
		`{"$type":"datetime","value":"2018-01-01T00:00:00Z","tz":"X"}`: "datetime: unknown time zone X",
		`[{"a":{"$type":1}}]`:                                          `got $type "1"`,
		`{bad`:                                                         "invalid JSON",
	} {
		_, err := value.FromTagged([]byte(text), nil)
		assert.ErrorContains(t, err, want, text)
	}
}
