package hostile_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/memstore"
	"github.com/flowexpr/flowexpr/engine"
	"github.com/flowexpr/flowexpr/server"
)

// The workspaces: inputs carry the token of ours, or of scratch where they may change something. What theirs holds must
// never be answered to either.
const (
	ours, scratch, theirs = "ours-token", "scratch-token", "theirs-token"

	janeUUID   = "5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f"
	theirUUID  = "c0ffee00-0000-4000-8000-000000000001"
	jane       = `{"uuid":"` + janeUUID + `","name":"Jane Doe","created_on":"2026-01-15T09:30:00Z","urns":["tel:+13233754866","twitter:janedoe","mailto:jane.doe@example.org","tel:+4971234567"],"groups":[{"uuid":"b7cf0d83-f1c9-411c-96fd-c511a4cfa86d","name":"Testers"}],"fields":{"age":34,"city":"Los Angeles"}}`
	theirName  = "Wilhelmina Quarrington"
	theirPhone = "+442079460123"
	their      = `{"uuid":"` + theirUUID + `","name":"` + theirName + `","created_on":"2026-01-15T09:30:00Z","urns":["tel:` + theirPhone + `","mailto:quarrington@example.net"],"fields":{"diagnosis":"porphyria"}}`
)

// secrets are words that only the contact of the other workspace has.
var secrets = []string{"Quarrington", "quarrington", "442079460123", "porphyria"}

// patience is how long anything may take. It is far more than is needed: the machine may be busy.
const patience = 60 * time.Second

// service is a server on a loopback port.
type service struct {
	t       testing.TB
	address string
	client  *http.Client
	log     *panics
	stop    func()
}

// panics is a log that keeps what says that the service broke.
type panics struct {
	slog.Handler
	mu    sync.Mutex
	lines []string
}

func (p *panics) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelWarn }

func (p *panics) Handle(_ context.Context, r slog.Record) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	line := r.Message
	r.Attrs(func(a slog.Attr) bool {
		line += " " + a.String()
		return true
	})
	p.lines = append(p.lines, line)
	return nil
}

func (p *panics) WithAttrs([]slog.Attr) slog.Handler { return p }
func (p *panics) WithGroup(string) slog.Handler      { return p }

// take gives what was logged since it was asked last.
func (p *panics) take() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	lines := p.lines
	p.lines = nil
	return lines
}

// start runs a server with the contacts of three workspaces until the test ends, or stop is called.
func start(t testing.TB, change func(*server.Options)) *service {
	t.Helper()
	eng, err := engine.New(engine.Options{})
	require.NoError(t, err)
	log := &panics{Handler: slog.DiscardHandler}
	options := server.Options{
		Engine: eng, Store: memstore.New(), Logger: slog.New(log), StorePauses: []time.Duration{},
		Clock: func() time.Time { return time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC) },
		Tokens: []server.Token{
			{Token: ours, Workspace: "ours", Role: "write"}, {Token: scratch, Workspace: "scratch", Role: "write"},
			{Token: theirs, Workspace: "theirs", Role: "write"},
		},
		RequestTimeout: patience, WriteTimeout: patience,
	}
	if change != nil {
		change(&options)
	}
	for workspace, contact := range map[string]string{"ours": jane, "scratch": jane, "theirs": their} {
		put(t, options.Store, workspace, contact)
	}
	handler, err := server.New(options)
	require.NoError(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- handler.Serve(ctx, listener) }()
	transport := &http.Transport{}
	s := &service{t: t, address: listener.Addr().String(), client: &http.Client{Transport: transport, Timeout: patience}, log: log}
	s.stop = sync.OnceFunc(func() {
		transport.CloseIdleConnections()
		cancel()
		assert.NoError(t, <-served)
	})
	t.Cleanup(s.stop)
	return s
}

func put(t testing.TB, store contactstore.Store, workspace, text string) {
	t.Helper()
	contact, err := contactstore.ParseContact([]byte(text))
	require.NoError(t, err)
	contact.Workspace, contact.Version = workspace, 1
	record, err := contactstore.Encode(contact)
	require.NoError(t, err)
	require.NoError(t, store.Put(context.Background(), record))
}

// send writes data over a connection of its own, says that nothing more comes, and gives all that comes back.
func (s *service) send(data []byte) (got []byte, err error) { return send(s.address, data) }

func send(address string, data []byte) (got []byte, err error) { return exchange(address, data, true) }

// sendAndWait is send without saying that nothing more comes: the last request asks for the end of the connection.
func sendAndWait(address string, data []byte) (got []byte, err error) {
	return exchange(address, data, false)
}

func exchange(address string, data []byte, end bool) (got []byte, err error) {
	c, err := net.DialTimeout("tcp", address, patience)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		return nil, err
	}
	written := make(chan struct{})
	go func() {
		defer close(written)
		_, _ = c.Write(data) // who is refused at once need not be heard
		if end {
			_ = c.(*net.TCPConn).CloseWrite()
		}
	}()
	got, err = io.ReadAll(c)
	_ = c.Close()
	<-written
	if errors.Is(err, syscall.ECONNRESET) {
		err = nil // closed on a client that was still sending
	}
	return got, err
}

// answer is one answer on a connection.
type answer struct {
	status int
	header http.Header
	body   []byte
	code   string // of a problem
}

// answers reads what a connection gave.
func answers(got []byte, head bool) (list []answer, err error) {
	r := bufio.NewReader(bytes.NewReader(got))
	for {
		if _, err := r.Peek(1); err != nil {
			return list, nil //nolint:nilerr // the end
		}
		request := &http.Request{Method: "GET"}
		if head {
			request.Method = "HEAD"
		}
		response, err := http.ReadResponse(r, request)
		if err != nil {
			return list, err
		}
		body, err := io.ReadAll(response.Body)
		if err != nil {
			return list, err
		}
		a := answer{status: response.StatusCode, header: response.Header, body: body}
		if a.status == 100 {
			continue
		}
		var p struct{ Code string }
		if a.header.Get("Content-Type") == "application/problem+json" {
			_ = json.Unmarshal(body, &p)
		}
		a.code = p.Code
		list = append(list, a)
	}
}

// call makes a request as clients do, and gives the answer's body.
func (s *service) call(token, method, path, body string) (int, string) {
	s.t.Helper()
	request, err := http.NewRequest(method, "http://"+s.address+path, strings.NewReader(body))
	require.NoError(s.t, err)
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := s.client.Do(request)
	require.NoError(s.t, err)
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	require.NoError(s.t, err)
	return response.StatusCode, string(data)
}

// theyCall fills the service's buffers with what belongs to somebody else.
func (s *service) theyCall() {
	s.t.Helper()
	status, body := s.call(theirs, "POST", "/v1/evaluate",
		`{"template": "@contact.name @contact.urn @fields.diagnosis", "contact": {"uuid": "`+theirUUID+`"}}`)
	require.Equal(s.t, 200, status)
	require.Equal(s.t, `{"text":"`+theirName+` tel:`+theirPhone+` porphyria","warnings":[]}`, body)
}

// weCall asks for what must be answered rightly whatever happened before.
func (s *service) weCall() {
	s.t.Helper()
	status, body := s.call(ours, "POST", "/v1/evaluate",
		`{"template": "Hi @contact.first_name, mail @urns.mailto", "contact": {"urn": "tel:+13233754866"}}`)
	require.Equal(s.t, 200, status)
	require.Equal(s.t, `{"text":"Hi Jane, mail mailto:jane.doe@example.org","warnings":[]}`, body)
}
