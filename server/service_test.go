package server_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp/fasthttputil"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/memstore"
	"github.com/flowexpr/flowexpr/engine"
	"github.com/flowexpr/flowexpr/server"
)

// Jane is the contact of the examples.
const jane = "/v1/contacts/5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f"

// clock is a clock that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// service is a server that runs for one test.
type service struct {
	t        *testing.T
	listener *fasthttputil.InmemoryListener
	client   *http.Client
	clock    *clock
	stop     context.CancelFunc
	served   chan error
}

// start runs a server; change may change its options. The store is in memory and holds the contacts of testdata.
func start(t *testing.T, change func(*server.Options)) *service {
	t.Helper()
	eng, err := engine.New(engine.Options{})
	require.NoError(t, err)
	s := &service{t: t, listener: fasthttputil.NewInmemoryListener(), clock: newClock(), served: make(chan error, 1)}
	options := server.Options{Engine: eng, Store: memstore.New(), Clock: s.clock.Now, NewUUID: sequence()}
	fill(t, options.Store, server.DefaultWorkspace)
	if change != nil {
		change(&options)
	}
	handler, err := server.New(options)
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	go func() { s.served <- handler.Serve(ctx, s.listener) }()
	transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return s.listener.Dial() }}
	s.client = &http.Client{Transport: transport}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		stop()
	})
	return s
}

// sequence gives UUIDs that count.
func sequence() func() contactstore.UUID {
	var mu sync.Mutex
	n := uint32(0)
	return func() contactstore.UUID {
		mu.Lock()
		defer mu.Unlock()
		id := contactstore.UUID{6: 0x40, 8: 0x80}
		binary.BigEndian.PutUint32(id[12:], n)
		n++
		return id
	}
}

// fill puts the contacts of testdata into a workspace.
func fill(t testing.TB, store contactstore.Store, workspace string) {
	t.Helper()
	fillFrom(t, store, workspace, "testdata/contacts.jsonl")
}

// fillFrom puts the contacts of a file into a workspace.
func fillFrom(t testing.TB, store contactstore.Store, workspace, file string) {
	t.Helper()
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	lines := bufio.NewScanner(bytes.NewReader(data))
	for lines.Scan() {
		contact, err := contactstore.ParseContact(lines.Bytes())
		require.NoError(t, err)
		contact.Workspace, contact.Version = workspace, 1
		record, err := contactstore.Encode(contact)
		require.NoError(t, err)
		require.NoError(t, store.Put(context.Background(), record))
	}
	require.NoError(t, lines.Err())
}

// answer is what the server said.
type answer struct {
	status int
	header http.Header
	body   string
}

// problem gives the code of an answer that is an error.
func (a answer) code() string {
	var p struct {
		Code string `json:"code"`
	}
	_ = json.Unmarshal([]byte(a.body), &p)
	return p.Code
}

// do makes one call. Headers come in pairs.
func (s *service) do(method, path, body string, headers ...string) answer {
	s.t.Helper()
	a, err := s.try(method, path, body, headers...)
	require.NoError(s.t, err)
	return a
}

// try is do for other goroutines than the test's.
func (s *service) try(method, path, body string, headers ...string) (answer, error) {
	request, err := http.NewRequest(method, "http://flowexpr.localhost"+path, strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i] == "Host" {
			request.Host = headers[i+1]
			continue
		}
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := s.client.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		return answer{}, err
	}
	a := answer{status: response.StatusCode, header: response.Header, body: string(data)}
	return a, described(method, path, body, a)
}

// raw sends bytes as they are over a connection of its own and gives all that comes back.
func (s *service) raw(data string) string {
	s.t.Helper()
	c, err := s.listener.Dial()
	require.NoError(s.t, err)
	defer c.Close()
	_, _ = c.Write([]byte(data)) // who is refused at once need not be heard
	got, err := io.ReadAll(c)
	require.NoError(s.t, err)
	return string(got)
}

// logTo gives a logger that writes everything, and what it wrote.
func logTo() (*slog.Logger, func() string) {
	var mu sync.Mutex
	var log bytes.Buffer
	write := func(p []byte) (int, error) {
		mu.Lock()
		defer mu.Unlock()
		return log.Write(p)
	}
	logger := slog.New(slog.NewTextHandler(writer(write), &slog.HandlerOptions{Level: slog.LevelDebug}))
	return logger, func() string {
		mu.Lock()
		defer mu.Unlock()
		return log.String()
	}
}

type writer func(p []byte) (int, error)

func (w writer) Write(p []byte) (int, error) { return w(p) }
