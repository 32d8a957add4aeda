package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore/pgstore/pgtest"
	"github.com/flowexpr/flowexpr/contactstore/redisstore/redistest"
	"github.com/flowexpr/flowexpr/server/metrics"
)

// busy is a service, a process of its own, that has had a lot to do.
type busy struct {
	t       *testing.T
	process *exec.Cmd
	address string
	ended   chan struct{} // closed when standard error is read to its end

	mu      sync.Mutex
	printed map[string]*bytes.Buffer // all that it told anybody but its callers, by where
}

// keep keeps what one place was told.
func (b *busy) keep(place string, text []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.printed[place] == nil {
		b.printed[place] = &bytes.Buffer{}
	}
	b.printed[place].Write(text)
}

func (b *busy) told(place string) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.printed[place] == nil {
		return ""
	}
	return b.printed[place].String()
}

const (
	busyReader = "reader-0f8e7d6c5b4a39281706f5e4d3c2b1a0"
	busyWriter = "writer-a1b2c3d4e5f60718293a4b5c6d7e8f90"
	busyNobody = "nobody-ffeeddccbbaa99887766554433221100"
)

// startBusy starts flowexpr serve with all that it can print, and a receiver of its spans.
func startBusy(t *testing.T, args ...string) *busy {
	t.Helper()
	b := &busy{t: t, ended: make(chan struct{}), printed: map[string]*bytes.Buffer{}}
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		spans, err := io.ReadAll(r.Body)
		if assert.NoError(t, err) && assert.Equal(t, "/v1/traces", r.URL.Path) {
			b.keep("spans", spans)
		}
	}))
	t.Cleanup(receiver.Close)
	tokens := writeFile(t, "tokens.yaml", "- {token: "+busyReader+", workspace: default, role: read}\n- {token: "+busyWriter+", workspace: default, role: write}\n")
	b.process = process(t, append([]string{
		"serve", "--listen", "127.0.0.1:0", "--demo", "--tokens", tokens, "--log-format", "json", "--log-level", "debug", "--log-requests",
	}, args...)...)
	b.process.Env = append(b.process.Env, "OTEL_EXPORTER_OTLP_ENDPOINT="+receiver.URL)
	b.process.Stdout = writerFunc(func(p []byte) (int, error) { b.keep("standard output", p); return len(p), nil })
	errs, err := b.process.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, b.process.Start())
	t.Cleanup(func() { _ = b.process.Process.Kill() })
	address := make(chan string, 1)
	go b.read(errs, address)
	select {
	case b.address = <-address:
	case <-time.After(time.Minute):
		t.Fatalf("the service did not start:\n%s", b.told("standard error"))
	}
	return b
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

var servesAt = regexp.MustCompile(`http://(127\.0\.0\.1:\d+)`)

// read keeps standard error, and finds the address in it.
func (b *busy) read(errs io.Reader, address chan<- string) {
	defer close(b.ended)
	for lines := bufio.NewReader(errs); ; {
		line, err := lines.ReadBytes('\n')
		b.keep("standard error", line)
		if found := servesAt.FindSubmatch(line); found != nil {
			select {
			case address <- string(found[1]):
			default:
			}
		}
		if err != nil {
			return
		}
	}
}

// call makes a call and gives status and body.
func (b *busy) call(token, method, path, body string) (int, string) {
	b.t.Helper()
	request, err := http.NewRequest(method, "http://"+b.address+path, strings.NewReader(body))
	require.NoError(b.t, err)
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(request)
	require.NoError(b.t, err)
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	require.NoError(b.t, err)
	return response.StatusCode, string(answer)
}

// raw sends bytes that are no request, and leaves.
func (b *busy) raw(text string) {
	b.t.Helper()
	c, err := net.Dial("tcp", b.address)
	require.NoError(b.t, err)
	defer c.Close()
	_, _ = io.WriteString(c, text)
	require.NoError(b.t, c.SetReadDeadline(time.Now().Add(time.Minute)))
	_, _ = io.Copy(io.Discard, c) // until it closes
}

// scrape reads /metrics.
func (b *busy) scrape() string {
	b.t.Helper()
	status, text := b.call("", "GET", "/metrics", "")
	require.Equal(b.t, 200, status)
	b.keep("metrics", []byte(text))
	return text
}

// stop ends the service and waits for its last words.
func (b *busy) stop() {
	b.t.Helper()
	require.NoError(b.t, b.process.Process.Signal(syscall.SIGTERM))
	<-b.ended
	err := b.process.Wait()
	var failed *exec.ExitError
	require.False(b.t, errors.As(err, &failed), "%v\n%s", err, b.told("standard error"))
}

const (
	janesPath  = "/v1/contacts/5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f"
	inlineBody = `{"name": "Zebulon Quartermain", "language": "eng", "urns": ["tel:+14155550199", "mailto:zebulon@quartermain.example"], "fields": {"secret_diagnosis": "lycanthropy"}}`
	inlineUUID = "0195f3a0-4b5c-4d6e-8f70-8192a3b4c5d6"
)

// work makes calls of every kind, many of which go wrong.
func (b *busy) work() {
	b.t.Helper()
	evaluate := func(template, contact string) string {
		text, err := json.Marshal(template)
		require.NoError(b.t, err)
		return `{"template": ` + string(text) + `, "contact": ` + contact + `, "context": {"results": {"mood": {"value": "crestfallen"}}}, "explain": true}`
	}
	calls := []struct {
		token, method, path, body string
		status                    int
	}{
		{busyReader, "POST", "/v1/evaluate", evaluate("Salutations @contact.name, we ring @contact.urn", `{"urn": "mailto:jane.doe@example.org"}`), 200},
		{busyReader, "POST", "/v1/evaluate", evaluate("Felicitations @(contact.fields.secret_diagnosis) @(1 / 0) @urns.viber @(nonesuch(9))", inlineBody), 200},
		{busyReader, "POST", "/v1/evaluate", evaluate("@(repeat(contact.name, 1000000))", inlineBody), 200},
		{busyReader, "POST", "/v1/evaluate", evaluate("Condolences @(", `{"uuid": "5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f"}`), 200},
		{busyReader, "POST", "/v1/evaluate", evaluate("Hi @contact.name", `{"urn": "zebulon quartermain"}`), 400},
		{busyReader, "POST", "/v1/evaluate", evaluate("Hi @contact.name", `{"urn": "tel:+14155550188"}`), 404},
		{busyReader, "POST", "/v1/evaluate", strings.Replace(evaluate("Regrets @(1 / 0)", inlineBody), "{", `{"strict": true, `, 1), 422},
		{busyReader, "POST", "/v1/evaluate", `{"template": "Lamentations @contact.name", "contact": ` + inlineBody, 400},
		{busyReader, "POST", "/v1/evaluate", `{"template": "` + strings.Repeat("Jeremiad ", 10_000) + `"}`, 413},
		{busyReader, "POST", "/v1/evaluate", `{"template": "` + strings.Repeat("Philippic ", 200_000) + `"}`, 413},
		{busyNobody, "POST", "/v1/evaluate", evaluate("Salutations", inlineBody), 401},
		{"", "GET", "/v1/contacts?urn=tel:%2B14155550177", "", 401},
		{busyReader, "PUT", janesPath, inlineBody, 403},
		{busyReader, "GET", "/v1/contacts?urn=tel:%2B13233754866", "", 200},
		{busyReader, "GET", "/v1/contacts?q=Zebulon", "", 200},
		{busyReader, "GET", "/v1/contacts/tel:+14155550166", "", 400},
		{busyReader, "GET", "/zebulon@quartermain.example", "", 404},
		{busyReader, "ZEBULON", "/v1/contacts", "", 405},
		{busyWriter, "PUT", "/v1/contacts/" + inlineUUID, inlineBody, 201},
		{busyWriter, "POST", "/v1/contacts", inlineBody, 409},
		{busyWriter, "POST", janesPath + "/connections", `{"urn": "telegram:8675309#jennyofold"}`, 201},
		{busyWriter, "PATCH", janesPath + "/connections/" + url.PathEscape("telegram:8675309"), `{"urn": "telegram:8675310#jennyofnew"}`, 200},
		{busyWriter, "POST", janesPath + "/connections/" + url.PathEscape("telegram:8675310") + "/promote", `{"to": 1}`, 200},
		{busyWriter, "POST", janesPath + "/interactions", `{"urn": "mailto:jane.doe@example.org"}`, 200},
		{busyWriter, "DELETE", janesPath + "/connections/" + url.PathEscape("telegram:8675310"), "", 200},
		{busyReader, "GET", janesPath + "/destination", "", 200},
		{busyWriter, "PATCH", "/v1/settings", `{"globals": {"passphrase": "swordfish-tango"}}`, 200},
		{busyWriter, "PATCH", "/v1/settings", `{"timezone": "Atlantis/Capital"}`, 400},
		{busyReader, "POST", "/v1/evaluate/batch", `{"template": "Broadcast @contact.name @urns.viber @globals.passphrase", "all": true}`, 200},
		{busyReader, "POST", "/v1/evaluate/batch", `{"template": "Broadcast @contact.name", "urns": ["tel:+14155550199", "tel:+14155550155"]}`, 200},
		{busyReader, "POST", "/v1/dryrun", `{"template": "Rehearsal @contact.name @(1/0)", "all": true}`, 200},
		{busyReader, "POST", "/v1/check", `{"template": "Inspection @contcat.name @(", "x": 1}`, 400},
		{busyReader, "POST", "/v1/migrate", `{"template": "Exodus @(UPPER(contact.name))"}`, 200},
		{"", "GET", "/readyz", "", 200},
		{busyWriter, "DELETE", "/v1/contacts/" + inlineUUID, "", 204},
	}
	for _, c := range calls {
		status, body := b.call(c.token, c.method, c.path, c.body)
		assert.Equal(b.t, c.status, status, "%s %s %.200s: %.300s", c.method, c.path, c.body, body)
	}
	b.raw("GET /v1/contacts?urn=tel:+14155550144 HTTP/1.1\r\nHost: x\r\nX-Name: " + strings.Repeat("zebulon", 5000) + "\r\n\r\n")
	b.raw("Zebulon Quartermain\r\n\r\n")
	b.raw("POST /v1/evaluate HTTP/1.1\r\nHost: x\r\nContent-Length: zebulon\r\n\r\n")
}

// busySecrets are what no log, metric or span may hold: tokens, templates, and what is known of contacts.
func busySecrets(t *testing.T) []string {
	t.Helper()
	secrets := []string{
		busyReader, busyWriter, busyNobody, busyReader[7:], busyWriter[7:], busyNobody[7:],
		"Salutations", "Felicitations", "Condolences", "Regrets", "Lamentations", "Jeremiad", "Philippic", "Broadcast", "Rehearsal", "Inspection", "Exodus", "Prayers",
		"ebulon", "uartermain", "1415555", "lycanthropy", "secret_diagnosis", "8675309", "8675310", "jennyof", "swordfish", "passphrase", "crestfallen", "Atlantis",
		"contcat", "nonesuch",
	}
	for _, line := range demoLines(t) {
		var contact struct {
			Name   string
			URNs   []string
			Fields map[string]any
		}
		require.NoError(t, json.Unmarshal(line, &contact))
		secrets = append(secrets, contact.Name)
		secrets = append(secrets, strings.Fields(contact.Name)...)
		for _, urn := range contact.URNs {
			_, path, _ := strings.Cut(urn, ":")
			path, display, _ := strings.Cut(path, "#")
			secrets = append(secrets, path, strings.TrimPrefix(path, "+"), display, url.PathEscape(path), url.QueryEscape(path))
		}
		for _, value := range contact.Fields {
			secrets = append(secrets, fmt.Sprint(value))
		}
	}
	// A few letters or digits stand in any text by chance.
	secrets = slices.DeleteFunc(secrets, func(s string) bool { return len(s) < 5 })
	slices.Sort(secrets)
	return slices.Compact(secrets)
}

// A service that has had to do with everything, right and wrong, tells those who run it nothing of contacts, templates and
// tokens, and everything that the documentation, the dashboard and the alerts name.
func TestBusyServices(t *testing.T) {
	redis, postgres := redistest.Start(t), pgtest.Start(t)
	told := ""
	for _, tt := range []struct {
		name string
		args []string
	}{
		{"Redis", []string{"--redis", redis.URL() + "/0"}},
		{"PostgreSQL behind Redis", []string{"--postgres", postgres.Database(), "--redis", redis.URL() + "/1"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			audit := filepath.Join(t.TempDir(), "audit")
			b := startBusy(t, append(tt.args, "--audit-log", audit)...)
			b.work()
			redis.Freeze()
			status, _ := b.call(busyReader, "POST", "/v1/evaluate", `{"template": "Prayers @contact.name", "contact": {"urn": "mailto:jane.doe@example.org"}}`)
			assert.Contains(t, []int{200, 503, 504}, status)
			redis.Thaw()
			assert.Eventually(t, func() bool { status, _ := b.call("", "GET", "/readyz", ""); return status == 200 }, time.Minute, 50*time.Millisecond)
			text := b.scrape()
			b.stop()
			audited, err := os.ReadFile(audit)
			require.NoError(t, err)
			assert.Greater(t, bytes.Count(audited, []byte("\n")), 10)
			b.keep("audit", audited)
			b.toldMuch()
			b.toldNoSecret()
			assertPrometheusReads(t, text)
			told += text
		})
	}
	t.Run("dashboard and alerts", func(t *testing.T) { assertMetricsExist(t, told) })
	t.Run("documentation", func(t *testing.T) {
		for _, m := range metrics.All() {
			assert.True(t, strings.Contains(told, "# TYPE "+m.Name+" "+string(m.Kind)+"\n"), "no service has %s", m.Name)
		}
	})
}

func (b *busy) toldMuch() {
	b.t.Helper()
	errs := b.told("standard error")
	assert.Greater(b.t, strings.Count(errs, `"msg":"request"`), 30)
	for line := range strings.Lines(errs) {
		if strings.HasPrefix(line, "{") {
			assert.True(b.t, json.Valid([]byte(line)), line)
		}
	}
	for _, span := range []string{"POST /v1/evaluate", "store find", "store put", "evaluate", "GET /v1/contacts/{uuid}", "flowexpr.warnings"} {
		assert.True(b.t, strings.Contains(b.told("spans"), span), "no span has %s", span)
	}
	assert.True(b.t, strings.Contains(b.told("metrics"), `flowexpr_http_requests_total{method="POST",route="/v1/evaluate",status="4xx"}`))
}

func (b *busy) toldNoSecret() {
	b.t.Helper()
	secrets := busySecrets(b.t)
	assert.Greater(b.t, len(secrets), 150)
	for place := range b.printed {
		printed := strings.ReplaceAll(b.told(place), "try: curl -s --json '"+demoRequest, "") // which --demo always prints
		for _, secret := range secrets {
			if at := strings.Index(printed, secret); at >= 0 {
				b.t.Errorf("%s holds %q: …%q…", place, secret, printed[max(0, at-100):min(len(printed), at+100)])
			}
		}
	}
}

func assertPrometheusReads(t *testing.T, text string) {
	t.Helper()
	check := exec.Command(prometheusProgram(t, "promtool"), "check", "metrics")
	check.Stdin = strings.NewReader(text)
	output, err := check.CombinedOutput()
	assert.NoError(t, err, "%s", output)
	assert.Empty(t, string(output))
}

// assertMetricsExist looks for the metrics that the dashboard and the alerts name.
func assertMetricsExist(t *testing.T, told string) {
	t.Helper()
	for _, file := range []string{"dashboard.json", "alerts.yaml"} {
		data, err := os.ReadFile(docs + "/operations/" + file)
		require.NoError(t, err)
		names := regexp.MustCompile(`\b(?:flowexpr|go|process)_[a-z_]+`).FindAllString(string(data), -1)
		assert.Greater(t, len(names), 10)
		for _, name := range names {
			name = strings.TrimSuffix(name, "_bucket")
			assert.True(t, strings.Contains(told, "\n# TYPE "+name+" "), "%s names %s, which no service has", file, name)
		}
	}
}
