package hostile_test

import (
	"encoding/base64"
	"net/url"
	"strconv"
	"strings"
)

// paths holds ways around the routes: escapes, dots and slashes.
func paths() family {
	f := family{name: "paths", statuses: []int{200, 400, 404, 405}}
	for _, path := range []string{
		"/v1/../v1/access", "/v1/./access", "/./v1/access", "/v1//access", "//v1/access", "/v1/access/", "/v1/access/.", "/v1/access/..", "/v1/access//", "/%76%31/access", "/v1%2faccess", "/v1%2Faccess", "/v1/%61ccess", "/v1/access%00", "/v1/access%20", "/v1/access%2e", "/v1/access%0a", "/v1/access%0d%0aX:y", "/v1/access;x", "/v1/access;", "/v1/access,", "/v1;/access",
		"/v1/access?", "/v1/access??", "/v1/access?a=%zz", "/v1/access#x", "/v1/access%23x", "/v1/access%3fx", "/V1/access", "/v1/ACCESS", "/v1/accesſ", "/v1/acce%C5%BFs", "/v1\\access", "/v1/access\\", "\\v1\\access",
		"/../../../../etc/passwd", "/..%2f..%2f..%2fetc%2fpasswd", "/%2e%2e/%2e%2e/etc/passwd", "/..%5c..%5cwindows%5cwin.ini", "/....//....//etc/passwd", "/%252e%252e/etc/passwd", "/..%c0%af..%c0%afetc/passwd", "/..;/..;/etc/passwd", "/.%00./etc/passwd", "/~root", "/.git/config", "/.env", "/proc/self/environ", "/debug/pprof/", "/debug/vars", "/server-status", "/actuator/env", "/wp-login.php", "/admin", "/cgi-bin/test",
		"/assets/../v1/access", "/assets/", "/assets/..%2f..%2f", "/assets/%2e%2e/index.html", "/index.html", "/favicon.ico/..", "/%", "/%2", "/%zz", "/%u0041", "/v1/contacts/%", "/v1/contacts/%2", "/v1/contacts/%zz", "/v1/contacts/", "/v1/contacts//", "/v1/contacts/..", "/v1/contacts/../access", "/v1/contacts/%2e%2e", "/v1/contacts/.",
		"/v1/contacts/" + janeUUID + "/", "/v1/contacts/" + janeUUID + "/..", "/v1/contacts/" + janeUUID + "/../" + theirUUID, "/v1/contacts/" + janeUUID + "%2f..%2f" + theirUUID, "/v1/contacts/" + janeUUID + "/connections", "/v1/contacts/" + janeUUID + "/connections/", "/v1/contacts/" + janeUUID + "/destination/", "/v1/contacts//destination", "/v1/contacts/" + janeUUID + "//destination",
		"/v1/contacts/" + janeUUID + "%00", "/v1/contacts/" + janeUUID + "%20", "/v1/contacts/%20" + janeUUID, "/v1/contacts/" + janeUUID + ";a=b", "/v1/contacts/" + janeUUID + ".json", "/v1/contacts/" + janeUUID + "%2fdestination", "/v1/contacts/" + janeUUID + "/destinatio%6e", "/v1/contacts/" + strings.ToUpper(janeUUID), "/v1/contacts/{" + janeUUID + "}", "/v1/contacts/{uuid}", "/v1/contacts/{uuid}/destination", "/v1/contacts/*", "/v1/contacts/_all", "/v1/contacts/null",
		"/v1/contacts/" + theirUUID, "/v1/contacts/" + theirUUID + "/destination", "/v1/contacts?urn=tel:%2B442079460123", "/v1/contacts?urn=mailto:quarrington%40example.net", "/v1/contacts?q=Quarrington", "/v1/contacts?q=quarrington&limit=500",
		"/v1/evaluate", "/v1/evaluate/batch", "/v1/dryrun", "/v1/contacts/" + janeUUID + "/interactions", "/v1/" + strings.Repeat("../", 3000) + "access", "/" + strings.Repeat("./", 5000) + "v1/access", strings.Repeat("/", 10_000) + "v1/access", "/v1/contacts/" + strings.Repeat("a", 10_000), "/v1/contacts/" + strings.Repeat("%00", 4000), "/v1/contacts/" + strings.Repeat("%e2%80%ae", 1000),
		"/v1/contacts?limit=0", "/v1/contacts?limit=-1", "/v1/contacts?limit=501", "/v1/contacts?limit=99999999999999999999", "/v1/contacts?limit=1e2", "/v1/contacts?limit=0x10", "/v1/contacts?limit=%31", "/v1/contacts?limit=1&limit=2", "/v1/contacts?limit=+5", "/v1/contacts?limit=%2b5", "/v1/contacts?limit=5%00", "/v1/contacts?limit=٣", "/v1/contacts?limit=1.0", "/v1/contacts?limit=",
		"/v1/contacts?q=%00", "/v1/contacts?q=%ff", "/v1/contacts?q=" + strings.Repeat("a", 201), "/v1/contacts?q=" + strings.Repeat("%e2%80%8d", 60), "/v1/contacts?q=*", "/v1/contacts?q=%25", "/v1/contacts?q='%20OR%201=1--", "/v1/contacts?q=$where", "/v1/contacts?q[]=x", "/v1/contacts?q=a&q=b", "/v1/contacts?group=" + strings.Repeat("g", 201), "/v1/contacts?group=%00", "/v1/contacts?x=1", "/v1/contacts?=x", "/v1/contacts?&&&", "/v1/contacts?q", "/v1/contacts?urn", "/v1/contacts?urn=", "/v1/contacts?urn=a&urn=b", "/v1/contacts?urn=tel:1&q=x", "/v1/contacts?%00=1", "/v1/contacts?__proto__=1",
	} {
		f.add(brief(path), get(path))
	}
	return f
}

// uuids holds texts that are no UUID, or the one of nobody, in each place that takes one.
func uuids() family {
	f := family{name: "uuids", statuses: []int{200, 400, 404}}
	for _, text := range []string{
		"", " ", "x", "0", "-", "null", "undefined", strings.Repeat("0", 31), strings.Repeat("0", 33), strings.Repeat("-", 36), strings.Repeat("g", 36), janeUUID[:35], janeUUID + "0", " " + janeUUID, janeUUID + " ", janeUUID + "\n", "\t" + janeUUID, "{" + janeUUID + "}", "urn:uuid:" + janeUUID, "(" + janeUUID + ")", `"` + janeUUID + `"`,
		strings.ReplaceAll(janeUUID, "-", ""), strings.ReplaceAll(janeUUID, "-", "_"), strings.ReplaceAll(janeUUID, "-", "–"), strings.ReplaceAll(janeUUID, "d", "ԁ"), strings.ReplaceAll(janeUUID, "5", "５"), strings.ToUpper(janeUUID), janeUUID[:8] + janeUUID[9:], "5d76d86b-3bb94-d5a-b822-c9d86f5d8e4f", "5d76d86b3bb9-4d5a-b822-c9d86f5d8e4f-",
		"00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "+d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f", "0x76d86b-3bb9-4d5a-b822-c9d86f5d8e4f", janeUUID + "," + theirUUID, janeUUID + "/" + theirUUID, theirUUID, "../" + theirUUID, "*", "%", "' OR '1'='1", strings.Repeat(janeUUID, 100), "\x00", "\u202e" + janeUUID, "\xff",
	} {
		f.add("path "+brief(text), get("/v1/contacts/"+url.PathEscape(text)))
		f.add("destination "+brief(text), get("/v1/contacts/"+url.PathEscape(text)+"/destination"))
		f.add("evaluate "+brief(text), post("/v1/evaluate", `{"template":"Hi @contact.name","contact":{"uuid":`+jsonOf(text)+`}}`))
		f.add("batch "+brief(text), post("/v1/evaluate/batch", `{"template":"Hi @contact.name","contacts":[`+jsonOf(text)+`]}`))
	}
	return f
}

// jsonOf writes a text as JSON, whatever its bytes are.
func jsonOf(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(text) {
		switch c := text[i]; {
		case c == '"' || c == '\\':
			b.WriteString(`\` + string(rune(c)))
		case c < ' ':
			b.WriteString(`\u00` + strconv.FormatInt(int64(c)+0x100, 16)[1:])
		default:
			b.WriteByte(c)
		}
	}
	return b.String() + `"`
}

// cursors holds what no page gave, or one of another list.
func cursors() family {
	f := family{name: "cursors", statuses: []int{200, 400}}
	raw := func(data string) string { return base64.RawURLEncoding.EncodeToString([]byte(data)) }
	for _, cursor := range []string{
		"x", "=", "====", "A", "AA", "AQ", "AQ==", "%", "%00", "null", "0", "-1", janeUUID, raw("\x01" + strings.Repeat("\x00", 15)), raw("\x01" + strings.Repeat("\x00", 16)), raw("\x01" + strings.Repeat("\x00", 17)), raw("\x01" + strings.Repeat("\xff", 16)), raw("\x00" + strings.Repeat("\x00", 16)), raw("\x02" + strings.Repeat("\x00", 16)), raw("\xff" + strings.Repeat("\xff", 16)),
		raw("\x01"+strings.Repeat("\x00", 16)) + "=", raw("\x01"+strings.Repeat("\x00", 16)) + " ", " " + raw("\x01"+strings.Repeat("\x00", 16)), raw("\x01"+strings.Repeat("\x00", 16)) + "\n", strings.Replace(raw("\x01"+strings.Repeat("\xff", 16)), "_", "/", 1), strings.Replace(raw("\x01"+strings.Repeat("\xfb", 16)), "-", "+", 1), raw("\x01" + strings.Repeat("\x00", 16))[:22] + "B", raw(`{"after":"` + janeUUID + `"}`),
		strings.Repeat("A", 1000), strings.Repeat("A", 14_000), "../../etc/passwd", "' OR 1=1", "\xff\xfe", "é", "AQ\x00AA", raw("\x01" + "\xc0\xff\xee\x00\x00\x00\x40\x00\x80\x00\x00\x00\x00\x00\x00\x00"),
	} {
		f.add(brief(cursor), get("/v1/contacts?cursor="+url.QueryEscape(cursor)))
		f.add("limited "+brief(cursor), get("/v1/contacts?limit=1&q=Jane&cursor="+url.QueryEscape(cursor)))
	}
	return f
}

// urns holds texts that are no URN, or an odd one, in each place that takes one.
func urns() family {
	f := family{name: "urns", statuses: []int{200, 400, 404, 409}}
	for _, text := range []string{
		"", " ", ":", "::", "tel", "tel:", ":tel", "tel: ", "tel:+", "tel:+1", "tel:++1323", "tel:" + strings.Repeat("9", 64), "tel:" + strings.Repeat("9", 10_000), "tel:+0000000000000000", "tel:٣٢٣", "tel:+１３２３", "tel:+1323\x00", "tel:+1 323 375 4866", "tel:(323)375-4866", "tel:+1-323-375-4866;ext=5", "tel:1323#", "tel:#1323", "tel:+13233754866#", "tel:+13233754866#x#y", "tel:+13233754866?channel=x", "tel:tel:+13233754866", "TEL:+13233754866", "Tel:+13233754866", " tel:+13233754866", "tel:+13233754866 ", "tel:+13233754866\n",
		"tel:*", "tel:%2B13233754866", "tel:%00", "tel:\u202e13233754866", "mailto:", "mailto:@", "mailto:a", "mailto:a@", "mailto:@b", "mailto:a@b@c", "mailto:a b@c.d", "mailto:" + strings.Repeat("a", 300) + "@b.c", "mailto:a@" + strings.Repeat("b", 300), "mailto:a@b.c\r\nBcc: x@y.z", "mailto:<a@b.c>", "mailto:\"a b\"@c.d", "mailto:a@[127.0.0.1]", "mailto:a@xn--", "mailto:ａ@b.c",
		"twitter:", "twitter:@", "twitter:a b", "twitter:" + strings.Repeat("a", 100), "twitterid:x", "telegram:x", "telegram:-1", "telegram:1e5", "telegram:99999999999999999999999", "facebook:x", "facebook:ref:", "whatsapp:+1", "whatsapp:x", "ext:", "ext: ", "ext:\x00", "ext:" + strings.Repeat("x", 5000), "ext:../../x", "ext:a/b", "ext:%2f", "ext:💥", "ext:\xff",
		"nope:x", "javascript:alert(1)", "http://localhost:6379", "file:///etc/passwd", "data:text/html,x", "urn:uuid:" + janeUUID, "x-y:z", "1:2", "é:x", strings.Repeat("s", 1000) + ":x", "deleted:x", "tel:" + theirPhone, "mailto:quarrington@example.com", "tel:" + strings.Repeat("+", 1000), "tel:\ufeff+13233754866", "\ufefftel:+13233754866", "tel：+13233754866", "{}", "[]", "null", "@contact.urn", "' OR 1=1 --", "*", "KEYS *\r\n",
	} {
		f.add("find "+brief(text), get("/v1/contacts?urn="+url.QueryEscape(text)))
		f.add("evaluate "+brief(text), post("/v1/evaluate", `{"template":"Hi @contact.name","contact":{"urn":`+jsonOf(text)+`}}`))
		f.add("promote "+brief(text), request("POST", "/v1/contacts/"+janeUUID+"/connections/"+url.PathEscape(text)+"/promote", scratch, ""))
		f.add("interaction "+brief(text), request("POST", "/v1/contacts/"+janeUUID+"/interactions", scratch, `{"urn":`+jsonOf(text)+`,"at":"2026-11-24T12:00:00Z"}`))
		f.add("edit "+brief(text), request("PATCH", "/v1/contacts/"+janeUUID+"/connections/ext:nobody", scratch, `{"urn":`+jsonOf(text)+`}`))
		f.add("whatif "+brief(text), request("POST", "/v1/whatif", scratch, `{"contact":`+jane+`,"change":{"add":{"urn":`+jsonOf(text)+`}}}`))
	}
	return f
}
