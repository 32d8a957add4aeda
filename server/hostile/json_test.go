package hostile_test

import (
	"bytes"
	"compress/gzip"
	"strconv"
	"strings"
	"unicode/utf16"
)

// call is a call of the API that takes a body, with one that it takes: members of it are made wrong one by one.
type call struct {
	method, path string
	members      map[string]string
}

// calls lists them all. What they change is the workspace scratch.
func calls() []call {
	contact := "/v1/contacts/" + janeUUID
	return []call{
		{"POST", "/v1/evaluate", map[string]string{"template": `"Hi @contact.name"`, "contact": `{"uuid":"` + janeUUID + `"}`, "context": `{"results":{}}`, "settings": `{"timezone":"UTC"}`, "explain": "true", "preview": "false", "strict": "false", "dialect": `"legacy"`}},
		{"POST", "/v1/evaluate/batch", map[string]string{"template": `"Hi @contact.name"`, "contacts": `["` + janeUUID + `"]`, "context": "{}", "settings": "{}", "strict": "false", "dialect": `"excellent"`}},
		{"POST", "/v1/dryrun", map[string]string{"template": `"Hi @contact.name"`, "group": `"Testers"`, "examples": "3", "settings": "{}"}},
		{"POST", "/v1/check", map[string]string{"template": `"Hi @contact.name"`}},
		{"POST", "/v1/migrate", map[string]string{"template": `"Hi @contact"`}},
		{"POST", "/v1/contacts", map[string]string{"uuid": `"c1c1c1c1-0000-4000-8000-00000000000f"`, "name": `"X"`, "urns": `["ext:hostile"]`, "groups": "[]", "fields": "{}", "created_on": `"2026-01-15T09:30:00Z"`, "language": `"eng"`, "timezone": `"UTC"`, "status": `"active"`}},
		{"PUT", contact, map[string]string{"uuid": `"` + janeUUID + `"`, "name": `"X"`, "urns": `["ext:hostile"]`, "groups": "[]", "fields": "{}", "language": `"eng"`}},
		{"PATCH", contact, map[string]string{"name": `"X"`, "urns": `["ext:hostile"]`, "fields": "{}", "last_seen_on": "null"}},
		{"POST", contact + "/connections", map[string]string{"urn": `"ext:hostile"`, "priority": "1"}},
		{"POST", contact + "/connections", map[string]string{"type": `"Phone Number"`, "value": `"+13233754866"`}},
		{"PATCH", contact + "/connections/ext:hostile", map[string]string{"urn": `"ext:hostile"`}},
		{"POST", contact + "/connections/ext:hostile/promote", map[string]string{"to": "1"}},
		{"POST", contact + "/interactions", map[string]string{"urn": `"ext:hostile"`, "at": `"2026-11-24T12:00:00Z"`, "channel": `"x"`}},
		{"POST", "/v1/whatif", map[string]string{"contact": jane, "change": `{"promote":{"urn":"mailto:jane.doe@example.org"}}`}},
		{"PATCH", "/v1/settings", map[string]string{"timezone": `"UTC"`, "channels": "[]", "globals": "{}", "contact_urn": `"phone"`, "redact_urns": "false"}},
	}
}

// body writes the members, with one of them replaced.
func (c call) body(changed, value string) string {
	var b strings.Builder
	for i, name := range sorted(c.members) {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(`"` + name + `":`)
		if name == changed {
			b.WriteString(value)
		} else {
			b.WriteString(c.members[name])
		}
	}
	return "{" + b.String() + "}"
}

// malformed lists bodies that are no JSON object, or one that says things twice.
func malformed() map[string]string {
	all := map[string]string{
		"a BOM": "\ufeff{}", "UTF-16 with a BOM": utf16of("{}", true), "UTF-16": utf16of("{}", false), "UTF-32": "{\x00\x00\x00}\x00\x00\x00", "gzip": gzipped(`{"template":"x"}`), "CBOR": "\xa1\x61a\x01", "MessagePack": "\x81\xa1a\x01", "BSON": "\x0c\x00\x00\x00\x10a\x00\x01\x00\x00\x00\x00", "protobuf": "\x0a\x04test",
		"deep arrays": `{"a":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + "}", "deep objects": strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat("}", 5000), "deeper than is allowed": `{"a":` + strings.Repeat("[", 101) + strings.Repeat("]", 101) + "}", "arrays without an end": strings.Repeat("[", 10_000), "objects without an end": strings.Repeat(`{"a":`, 10_000), "ends without a beginning": strings.Repeat("]", 10_000),
		"many members": "{" + strings.Repeat(`"a":1,`, 300) + `"b":1}`, "many names": "{" + numberedMembers(300) + `"b":1}`, "a long name": `{"` + strings.Repeat("a", 50_000) + `":1}`, "a long number": `{"a":` + strings.Repeat("9", 50_000) + "}", "a long fraction": `{"a":0.` + strings.Repeat("1", 50_000) + "}", "a long exponent": `{"a":1e` + strings.Repeat("9", 50_000) + "}", "much space": "{" + strings.Repeat(" ", 50_000) + "x}",
		"a long text without an end": `{"a":"` + strings.Repeat("a", 50_000), "escapes without an end": `{"a":"` + strings.Repeat(`\u0041`, 5000), "many commas": "[" + strings.Repeat(",", 10_000) + "]", "many colons": `{"a"` + strings.Repeat(":", 10_000) + "}",
	}
	for _, body := range []string{
		"", " ", "\n", "null", "true", "0", "-1", `"x"`, "[]", "[{}]", "{", "}", "{]", "[}", "{{}}", "{[]}", `{"`, `{"a`, `{"a"`, `{"a":`, `{"a":1`, `{"a":1,`, `{"a":1,}`, "{,}", `{,"a":1}`, `{"a" 1}`, `{"a":1 "b":2}`, `{"a"::1}`, `{"a":1,,"b":2}`, `{a:1}`, `{'a':1}`, `{1:1}`, `{null:1}`, "{\u201ca\u201d:1}",
		`{"a":01}`, `{"a":1.}`, `{"a":.5}`, `{"a":+1}`, `{"a":-}`, `{"a":--1}`, `{"a":1e}`, `{"a":1e+}`, `{"a":0x1}`, `{"a":1_000}`, `{"a":NaN}`, `{"a":Infinity}`, `{"a":-Infinity}`, `{"a":tru}`, `{"a":TRUE}`, `{"a":truex}`, `{"a":nul}`, `{"a":undefined}`, `{"a":'x'}`, `{"a":１}`,
		`{"a":"\x"}`, `{"a":"\u12"}`, `{"a":"\u12g4"}`, `{"a":"\U00000041"}`, `{"a":"\`, `{"a":"\"}`, `{"a":"\0"}`, "{\"a\":\"\n\"}", "{\"a\":\"\t\"}", "{\"a\":\"\x00\"}", "{\"a\":\"\x1f\"}", "{\"\x00\":1}", "{\x00}", "{}\x00", "\x00{}", "{\x0b}", "{\u00a0}", "{\u2028}", "{\ufeff}",
		"{\"a\":\"\xff\"}", "{\"a\":\"\xc0\xaf\"}", "{\"a\":\"\xed\xa0\x80\"}", "{\"a\":\"\xf4\x90\x80\x80\"}", "{\"a\":\"\xe2\x82\"}", "{\"a\":\"\xf8\x88\x80\x80\x80\"}", "{\"\xff\":1}", "\xff", "\x80", "{}\xff",
		`{"\ud800":1}`, `{"a":1,"a":2}`, `{"a":1,"\u0061":2}`, `{"template":"a","template":"b"}`, `{"template":"a","\u0074emplate":"b"}`, `{"":1}`, `{"a":1}`, `{"__proto__":{"x":1}}`, `{"constructor":{"prototype":{}}}`, `{"$ref":"#"}`, `{"Template":"x"}`, `{"template ":"x"}`, "{\"template\\u0000\":\"x\"}",
		`{} {}`, `{}{}`, `{}x`, `{}[]`, `{};`, `{},`, "// x\n{}", "/* x */{}", "# x\n{}", `{/**/}`, `{"a":1}//`, ")]}',\n{}", "callback({})", "template=x&contact=y", "<a/>", "template: x", "---\n- x", "--x\r\nContent-Disposition: form-data; name=\"template\"\r\n\r\nx\r\n--x--",
	} {
		all[brief(body)] = body
	}
	return all
}

func malformedJSON() family {
	f := family{name: "malformed-json", statuses: []int{200, 201, 400, 404}}
	bodies := malformed()
	seen := map[string]bool{}
	for _, c := range calls() {
		if seen[c.method+c.path] {
			continue
		}
		seen[c.method+c.path] = true
		for _, name := range sorted(bodies) {
			f.add(c.method+" "+strings.Replace(c.path, janeUUID, "UUID", 1)+" "+name, request(c.method, c.path, scratch, bodies[name]))
		}
	}
	return f
}

// wrongTypes holds bodies with one member that is not what it should be.
func wrongTypes() family {
	f := family{name: "wrong-types", statuses: []int{200, 201, 400, 404, 409, 422}}
	values := []string{
		"null", "true", "0", "-1", "1.5", "1e400", "-0", "9223372036854775808", `""`, `"x"`, `"\u0000"`, `"\ud800"`, `"\udc00\ud800"`, "[]", "[null]", "[[]]", `[""]`, `["x",1]`, "{}", `{"":0}`, `{"x":null}`, `{"uuid":1}`, `{"uuid":null,"urn":null}`, "[" + strings.Repeat(`"x",`, 1500) + `"x"]`, `"` + strings.Repeat("x", 20_000) + `"`,
	}
	for _, c := range calls() {
		for _, name := range sorted(c.members) {
			for _, value := range values {
				f.add(c.method+" "+strings.Replace(c.path, janeUUID, "UUID", 1)+" "+name+" "+brief(value), request(c.method, c.path, scratch, c.body(name, value)))
			}
		}
	}
	return f
}

// bodies holds JSON that is right, and too much of it, or at odds with itself.
func bodies() family {
	f := family{name: "bodies", statuses: []int{200, 201, 400, 404, 413, 422}}
	evaluate := func(name, body string) { f.add("evaluate "+name, post("/v1/evaluate", body)) }
	for name, context := range map[string]string{
		"100 deep": strings.Repeat(`{"a":`, 99) + "1" + strings.Repeat("}", 99), "101 deep": strings.Repeat(`{"a":`, 101) + "1" + strings.Repeat("}", 101), "1,000 arrays": `{"a":` + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + "}", "60,000 roots": "{" + numberedMembers(60_000) + `"b":1}`, "the same root twice": `{"a":1,"a":2}`, "the same 100,000 times": "{" + strings.Repeat(`"a":1,`, 100_000) + `"a":2}`,
		"a root that is ours": `{"contact":{"name":"X"}}`, "roots of functions": `{"upper":"x","if":"y"}`, "an empty name": `{"":1}`, "a name of a million bytes": `{"` + strings.Repeat("a", 1_000_000) + `":1}`, "a text of a million bytes": `{"a":"` + strings.Repeat("a", 1_000_000) + `"}`, "an array of 200,000": `{"a":[` + strings.Repeat("1,", 200_000) + "1]}", "numbers beyond all bounds": `{"a":1e999999999,"b":-1e-999999999}`, "a number of 900,000 digits": `{"a":` + strings.Repeat("7", 900_000) + "}", "lone surrogates": `{"a":"\ud800","b":"\udfff","\ud83d":1}`, "NULs": `{"a":"\u0000\u0000","\u0000":"x"}`, "names of prototypes": `{"__proto__":{"x":1},"constructor":1,"toString":2}`,
	} {
		evaluate("context of "+name, `{"template":"@a @b @(a) @x @toString","context":`+context+`}`)
	}
	for name, contact := range map[string]string{
		"a million bytes of name": `{"name":"` + strings.Repeat("n", 1_000_000) + `"}`, "10,000 URNs": `{"urns":["ext:x"` + strings.Repeat(`,"ext:y"`, 10_000) + `]}`, "the same URN twice": `{"urns":["ext:x","ext:x"]}`, "10,000 groups": `{"groups":[{"uuid":"x","name":"y"}` + strings.Repeat(`,{"name":"z"}`, 10_000) + `]}`, "10,000 fields": `{"fields":{` + numberedMembers(10_000) + `"b":1}}`, "fields 90 deep": `{"fields":{"a":` + strings.Repeat("[", 90) + strings.Repeat("]", 90) + "}}", "a field that is an object": `{"fields":{"a":{"b":1}}}`,
		"unknown members": `{"zzz":1,"yyy":{"a":[]}}`, "no members": "{}", "a time beyond": `{"created_on":"99999-01-01T00:00:00Z"}`, "a time that is none": `{"created_on":"0000-00-00T99:99:99Z"}`, "the year 0": `{"last_seen_on":"0000-01-01T00:00:00Z"}`, "a zone that is a path": `{"timezone":"../../etc/passwd"}`, "a zone of 10,000 bytes": `{"timezone":"` + strings.Repeat("A/", 5000) + `"}`, "a language of 100 bytes": `{"language":"` + strings.Repeat("x", 100) + `"}`, "a status that is none": `{"status":"dead"}`, "both references": `{"uuid":"` + janeUUID + `","urn":"tel:+13233754866"}`, "a reference and a name": `{"uuid":"` + janeUUID + `","name":"Mallory"}`, "another's reference": `{"uuid":"` + theirUUID + `"}`, "another's URN": `{"urn":"tel:` + theirPhone + `"}`, "a marked name": `{"name":"<script>\u202e\u0000@(1/0)"}`,
	} {
		evaluate("contact of "+name, `{"template":"@contact @contact.urn @contact.groups @(json(fields)) @contact.timezone","contact":`+contact+`}`)
	}
	for name, settings := range map[string]string{
		"a zone that is a path": `{"timezone":"../../etc/passwd"}`, "a zone that is absolute": `{"timezone":"/etc/localtime"}`, "a local zone": `{"timezone":"Local"}`, "now beyond": `{"now":"99999-01-01T00:00:00Z"}`, "now in 1800": `{"now":"1800-01-01T00:00:00Z"}`, "now that is none": `{"now":"yesterday"}`, "a seed beyond": `{"random_seed":9223372036854775808}`, "a seed that is a fraction": `{"random_seed":1.5}`, "a format that is none": `{"date_format":"%Y"}`, "a format of 10,000 bytes": `{"date_format":"` + strings.Repeat("Y", 10_000) + `"}`, "an unknown member": `{"zzz":1}`, "a country of 100 bytes": `{"country":"` + strings.Repeat("x", 100) + `"}`, "a country that is none": `{"country":"ZZ"}`,
		"a contact_urn that is none": `{"contact_urn":"all"}`, "10,000 channels": `{"channels":[{}` + strings.Repeat(",{}", 10_000) + `]}`, "channels without members": `{"channels":[{}]}`, "globals 90 deep": `{"globals":{"a":` + strings.Repeat("[", 90) + strings.Repeat("]", 90) + "}}", "10,000 globals": `{"globals":{` + numberedMembers(10_000) + `"b":1}}`, "a collation that is none": `{"collation":"x"}`,
	} {
		evaluate("settings of "+name, `{"template":"@(now()) @contact.urn @globals","settings":`+settings+`}`)
	}
	batch := func(name, body string) { f.add("batch "+name, post("/v1/evaluate/batch", body)) }
	for name, whom := range map[string]string{
		"nobody": `"contacts":[]`, "the same 1,000 times": `"contacts":["` + janeUUID + `"` + strings.Repeat(`,"`+janeUUID+`"`, 999) + `]`, "20,001 contacts": `"contacts":["` + janeUUID + `"` + strings.Repeat(`,"`+janeUUID+`"`, 20_000) + `]`, "another's contact": `"contacts":["` + theirUUID + `"]`, "another's URN": `"urns":["tel:` + theirPhone + `"]`, "all and a group": `"all":true,"group":"x"`, "all that is false": `"all":false`, "a group of 1,000 bytes": `"group":"` + strings.Repeat("g", 1000) + `"`, "a group that is nobody's": `"group":"nobody"`, "20,000 URNs of nobody": `"urns":["ext:a"` + strings.Repeat(`,"ext:b"`, 19_999) + `]`,
	} {
		batch(name, `{"template":"Hi @contact.name",`+whom+`}`)
	}
	for name, templates := range map[string]string{"no templates": "{}", "21 templates": "{" + strings.ReplaceAll(numberedMembers(20), ":1", `:"x"`) + `"b":"x"}`, "a template's name of 65 bytes": `{"` + strings.Repeat("n", 65) + `":"x"}`, "a template without a name": `{"":"x"}`, "a template that is a number": `{"a":1}`, "templates of a name twice": `{"a":"x","a":"y"}`, "a template's name that is odd": `{"a\"\u0000\u202e":"x"}`} {
		batch(name, `{"templates":`+templates+`,"all":true}`)
	}
	f.add("spaces up to the limit", post("/v1/evaluate", evaluation+strings.Repeat(" ", 1<<20-len(evaluation))))
	f.add("spaces beyond the limit", post("/v1/evaluate", evaluation+strings.Repeat(" ", 1<<20-len(evaluation)+1)))
	return ordered(f)
}

// numberedMembers writes members of different names, each with a comma.
func numberedMembers(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(`"m` + strconv.Itoa(i) + `":1,`)
	}
	return b.String()
}

func utf16of(text string, mark bool) string {
	var b bytes.Buffer
	if mark {
		b.WriteString("\xff\xfe")
	}
	for _, unit := range utf16.Encode([]rune(text)) {
		b.Write([]byte{byte(unit), byte(unit >> 8)})
	}
	return b.String()
}

func gzipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(text)) // a buffer takes everything
	_ = w.Close()
	return b.String()
}
