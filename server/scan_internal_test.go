package server

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestScannerSaysWhatIsWrong(t *testing.T) {
	tests := []struct{ name, body, want string }{
		{"no quotes", `{a: 1}`, `line 1, column 2: got 'a', want a name in quotes`},
		{"other quotes", `{'a': 1}`, `line 1, column 2: got '\'', want a name in quotes`},
		{"no colon", `{"a" 1}`, `line 1, column 6: got '1', want ':'`},
		{"no value", `{"a":}`, `line 1, column 6: got '}', want a value`},
		{"no comma", "{\"a\": 1\n \"b\": 2}", `line 2, column 2: got '"', want ',' or '}'`},
		{"comma at the end", `{"a": 1,}`, `line 1, column 9: got '}', want a name in quotes`},
		{"comma at the end of an array", `{"a": [1,]}`, `line 1, column 10: got ']', want a value`},
		{"array cut off", `{"a": [1`, `line 1, column 9: got the end, want ',' or ']'`},
		{"a leading zero", `{"a": 01}`, `line 1, column 8: got '1', want ',' or '}'`},
		{"no digit", `{"a": -}`, `line 1, column 8: got '}', want a digit`},
		{"no fraction", `{"a": 1.}`, `line 1, column 9: got '}', want a digit`},
		{"no exponent", `{"a": 1e+}`, `line 1, column 10: got '}', want a digit`},
		{"half a word", `{"a": nul}`, `line 1, column 10: got '}', want the rest of null`},
		{"a line break in a text", "{\"a\": \"é\n\"}", `line 1, column 9: got the byte 0x0a, want an escape such as \n: control characters do not stand in a text as they are`},
		{"an escape that is none", `{"a": "\x"}`, `line 1, column 9: got 'x', want one of " \ / b f n r t u after \`},
		{"half an escape", `{"a": "\u12g4"}`, `line 1, column 12: got 'g', want four hexadecimal digits`},
		{"an escape cut off", `{"a": "\`, `line 1, column 9: got the end, want an escape`},
		{"a comment", `{"a": 1} // one`, `line 1, column 10: got '/', want the end after the object`},
		{"a name twice", `{"a": 1, "\u0061": 2}`, `line 1, column 10: the same name twice: "a"`},
		{"too deep", `{"a": ` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}`, `line 1, column 106: more than 100 arrays and objects in each other`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := parseObject([]byte(tt.body), new([]member))
			var p *problem
			require.ErrorAs(t, err, &p)
			assert.Equal(t, "the body cannot be read: "+tt.want, p.detail)
			assert.Equal(t, 400, p.status)
		})
	}
}

// seeds are bodies that the fuzz targets start from.
var seeds = []string{
	`{}`, `{"template":"Hi @contact","contact":{"uuid":"x"},"explain":true}`, `{"a":[1,-2.5e+10,null,"\u00e9\\"],"b":{"c":{}}}`,
	` { "a" : 0 } `, `{"a":1,"a":2}`, `{"a":tru}`, "{\"a\":\"\x00\"}", `[`, `{"a":"\ud800"}`, `{"` + strings.Repeat("[", 50),
}

// FuzzObject holds the scanner against encoding/json: both take the same objects, and read the same members.
func FuzzObject(f *testing.F) {
	for _, seed := range seeds {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if !utf8.Valid(body) {
			return // refused before it is scanned
		}
		o, err := parseObject(body, new([]member))
		var want map[string]json.RawMessage
		wanted := json.Unmarshal(body, &want)
		if err != nil {
			var p *problem
			require.ErrorAs(t, err, &p)
			stricter := strings.Contains(p.detail, "twice") || strings.Contains(p.detail, "more than")
			require.True(t, wanted != nil || want == nil || stricter, "%s: %s", body, p.detail)
			return
		}
		require.NoError(t, wanted)
		require.Len(t, o.members, len(want))
		for name, raw := range want {
			m, ok := o.find(name)
			require.True(t, ok, name)
			require.Equal(t, string(raw), string(body[m.start:m.end]))
			if raw[0] == '"' {
				text, err := o.text(name)
				require.NoError(t, err)
				var same string
				require.NoError(t, json.Unmarshal(raw, &same))
				require.Equal(t, same, text)
			}
		}
		var again map[string]json.RawMessage
		require.NoError(t, json.Unmarshal(o.without(nil), &again))
		require.Equal(t, want, again)
	})
}

// The examples of RFC 7396, appendix A, that have an object for a patch.
func TestMergePatch(t *testing.T) {
	tests := []struct{ target, patch, want string }{
		{`{"a":"b"}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":"b"}`, `{"b":"c"}`, `{"a":"b","b":"c"}`},
		{`{"a":"b"}`, `{"a":null}`, `{}`},
		{`{"a":"b","b":"c"}`, `{"a":null}`, `{"b":"c"}`},
		{`{"a":["b"]}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":"c"}`, `{"a":["b"]}`, `{"a":["b"]}`},
		{`{"a":{"b":"c"}}`, `{"a":{"b":"d","c":null}}`, `{"a":{"b":"d"}}`},
		{`{"a":[{"b":"c"}]}`, `{"a":[1]}`, `{"a":[1]}`},
		{`["a"]`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"e":null}`, `{"a":1}`, `{"e":null,"a":1}`},
		{`[1,2]`, `{"a":"b","c":null}`, `{"a":"b"}`},
		{`{}`, `{"a":{"bb":{"ccc":null}}}`, `{"a":{"bb":{}}}`},
		{`{"a":"<&>"}`, `{ "b" : { } }`, `{"a":"<&>","b":{}}`},
	}
	for _, tt := range tests {
		got, err := mergePatch([]byte(tt.target), []byte(tt.patch))
		require.NoError(t, err)
		assert.JSONEq(t, tt.want, string(got), "%s with %s", tt.target, tt.patch)
	}
}

func TestCursors(t *testing.T) {
	id := [16]byte{1, 2, 3, 15: 16}
	got, err := parseCursor(formatCursor(id))
	require.NoError(t, err)
	assert.EqualValues(t, id, got)
	for _, text := range []string{"", "x", "AQ", formatCursor(id) + "A", "Ag" + formatCursor(id)[2:], formatCursor(id)[:22] + "B"} {
		_, err := parseCursor(text)
		assert.Error(t, err, text)
	}
}

// Each route is documented, and no two answer the same call.
func TestRoutes(t *testing.T) {
	asking := []string{"/v1/evaluate", "/v1/check", "/v1/migrate", "/v1/evaluate/batch", "/v1/dryrun", "/v1/whatif"} // something in, an answer out
	open := []string{"/healthz", "/readyz", "/openapi.json", "/metrics"}
	seen := map[string]bool{}
	for _, r := range routes() {
		call := r.method + " " + r.path
		assert.False(t, seen[call], call)
		seen[call] = true
		assert.True(t, strings.HasSuffix(r.doc, "."), call)
		assert.True(t, r.role != public || slices.Contains(open, r.path), "%s is open to everybody", call)
		assert.True(t, r.method == "GET" || slices.Contains(asking, r.path) || r.role == write, "%s changes something", call)
	}
}
