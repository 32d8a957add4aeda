package server_test

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/memstore"
	"github.com/flowexpr/flowexpr/engine"
	"github.com/flowexpr/flowexpr/server"
)

const (
	batchPath  = "/v1/evaluate/batch"
	dryRunPath = "/v1/dryrun"
	helloAll   = `{"template": "Hi @contact.name", "all": true}`
)

// crowd is a store of n contacts.
func crowd(t testing.TB, n int) *hookedStore {
	t.Helper()
	store := &hookedStore{Store: memstore.New()}
	for i := range n {
		id := contactstore.UUID{6: 0x40, 8: 0x80}
		binary.BigEndian.PutUint32(id[:], uint32(i))
		record, err := contactstore.Encode(&contactstore.Contact{UUID: id, Name: fmt.Sprintf("C%d", i), Workspace: server.DefaultWorkspace, Version: 1})
		require.NoError(t, err)
		require.NoError(t, store.Put(context.Background(), record))
	}
	return store
}

// pipes is a listener whose connections hold nothing: a byte is written when it is read.
type pipes struct {
	accepted chan net.Conn
	closed   chan struct{}
	once     sync.Once
}

func newPipes() *pipes { return &pipes{accepted: make(chan net.Conn), closed: make(chan struct{})} }

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.accepted:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

func (p *pipes) dial() net.Conn {
	ours, theirs := net.Pipe()
	p.accepted <- theirs
	return ours
}

// unbuffered runs a server over pipes and sends it one request.
func unbuffered(t *testing.T, store contactstore.Store, path, body string, change func(*server.Options)) (c net.Conn, answer *http.Response, stop func() error) {
	t.Helper()
	eng, err := engine.New(engine.Options{})
	require.NoError(t, err)
	options := server.Options{Engine: eng, Store: store, StorePauses: []time.Duration{}}
	if change != nil {
		change(&options)
	}
	handler, err := server.New(options)
	require.NoError(t, err)
	listener := newPipes()
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- handler.Serve(ctx, listener) }()
	c = listener.dial()
	_, err = fmt.Fprintf(c, "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s", path, len(body), body)
	require.NoError(t, err)
	answer, err = http.ReadResponse(bufio.NewReaderSize(c, 16), nil)
	require.NoError(t, err)
	return c, answer, func() error {
		cancel()
		return <-served
	}
}

// A client that reads slowly slows the reads of the store down: they are ahead of it by no more than a run's batches.
func TestSlowClientSlowsTheReads(t *testing.T) {
	const contacts, batch = 30_000, 500
	store := crowd(t, contacts)
	var reads, taken, ahead atomic.Int64
	store.set(func(_ context.Context, call string) error {
		if call == "list" {
			ahead.Store(max(ahead.Load(), reads.Add(1)-taken.Load()/batch)) // one goroutine lists
		}
		return nil
	})
	c, answer, stop := unbuffered(t, store, batchPath, helloAll, nil)
	assert.Equal(t, 200, answer.StatusCode)
	lines := bufio.NewScanner(answer.Body)
	for lines.Scan() && strings.HasPrefix(lines.Text(), `{"contact"`) {
		taken.Add(1)
	}
	require.NoError(t, lines.Err())
	assert.EqualValues(t, contacts, taken.Load())
	assert.Contains(t, lines.Text(), fmt.Sprintf(`{"summary":{"contacts":%d,"ok":%d,`, contacts, contacts))
	assert.EqualValues(t, contacts/batch+1, reads.Load())
	inFlight := int64(4 * min(runtime.GOMAXPROCS(0), 16))
	assert.LessOrEqual(t, ahead.Load(), inFlight+2, "and what a reader's buffer and a chunk hold")
	require.NoError(t, c.Close())
	require.NoError(t, stop())
}

// A client that goes away ends the work.
func TestClientGone(t *testing.T) {
	const contacts = 20_000
	for _, path := range []string{batchPath, dryRunPath} {
		t.Run(path, func(t *testing.T) {
			store := crowd(t, contacts)
			now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
			var reads, ticks atomic.Int64
			store.set(func(_ context.Context, call string) error {
				if call == "list" {
					reads.Add(1)
				}
				return nil
			})
			c, answer, stop := unbuffered(t, store, path, helloAll, func(o *server.Options) {
				o.Clock = func() time.Time { return now.Add(time.Duration(ticks.Add(1)) * time.Second) } // each look at it is a second later
			})
			_, err := answer.Body.Read(make([]byte, 10))
			require.NoError(t, err)
			require.NoError(t, c.Close())
			require.NoError(t, stop(), "nothing is left that would have to be cut")
			assert.Less(t, reads.Load(), int64(contacts/500))
		})
	}
}

// A client that stops reading is given up after the time that one part of the answer may take.
func TestClientThatStopsReading(t *testing.T) {
	c, answer, stop := unbuffered(t, crowd(t, 20_000), batchPath, helloAll, func(o *server.Options) { o.WriteTimeout = time.Second })
	_, err := answer.Body.Read(make([]byte, 10))
	require.NoError(t, err)
	require.NoError(t, stop())
	rest, err := io.ReadAll(answer.Body)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	assert.NotContains(t, string(rest), "summary")
	require.NoError(t, c.Close())
}

// lastLine gives the lines of an answer, and the last apart.
func lastLine(body string) (lines []string, last string) {
	lines = strings.Split(strings.TrimSuffix(body, "\n"), "\n")
	return lines[:len(lines)-1], lines[len(lines)-1]
}

func TestShutdownCutsStreams(t *testing.T) {
	store := crowd(t, 20_000)
	c, answer, stop := unbuffered(t, store, batchPath, helloAll, func(o *server.Options) { o.ShutdownTimeout = 2 * time.Second })
	stopped := make(chan error, 1)
	listed := make(chan struct{})
	var once sync.Once
	store.set(func(ctx context.Context, call string) error {
		if call != "list" {
			return nil
		}
		once.Do(func() { close(listed) })
		<-ctx.Done() // nothing more comes until the stream is cut
		return ctx.Err()
	})
	reader := bufio.NewReader(answer.Body)
	first, err := reader.ReadString('\n')
	require.NoError(t, err)
	assert.Contains(t, first, "Hi C0")
	go func() { stopped <- stop() }()
	rest, err := io.ReadAll(reader)
	require.NoError(t, err, "the answer ends as it should")
	lines, last := lastLine(string(rest))
	sent := 1 + len(lines)
	assert.Regexp(t, fmt.Sprintf(`^{"error":{"code":"shutting_down","message":"the service is stopped before the work is done"},"summary":{"complete":false,"contacts":%d,"elapsed_ms":\d+}}$`, sent), last)
	require.NoError(t, <-stopped)
	require.NoError(t, c.Close())
}

func TestShutdownLetsStreamsFinish(t *testing.T) {
	c, answer, stop := unbuffered(t, crowd(t, 2000), batchPath, helloAll, nil)
	stopped := make(chan error, 1)
	_, err := answer.Body.Read(make([]byte, 1))
	require.NoError(t, err)
	go func() { stopped <- stop() }()
	rest, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	_, last := lastLine(string(rest))
	assert.Contains(t, last, `{"summary":{"contacts":2000,`)
	require.NoError(t, <-stopped)
	require.NoError(t, c.Close())
}

// failingFrom is a hook that fails calls of a kind from a number on, counted from 1, and before another.
func failingFrom(kind string, from, until int64, err error) func(context.Context, string) error {
	var calls atomic.Int64
	return func(_ context.Context, call string) error {
		if call != kind {
			return nil
		}
		if n := calls.Add(1); n >= from && n < until {
			return err
		}
		return nil
	}
}

func TestStoreFailsInTheMiddle(t *testing.T) {
	unavailable := away(context.Background(), "")
	everybody := make([]string, 2000)
	for i := range everybody {
		id := contactstore.UUID{6: 0x40, 8: 0x80}
		binary.BigEndian.PutUint32(id[:], uint32(i))
		everybody[i] = id.String()
	}
	listed, err := json.Marshal(map[string]any{"template": "Hi @contact.name", "contacts": everybody})
	require.NoError(t, err)
	tests := []struct {
		name, path, body string
		hook             func(context.Context, string) error
		texts, errors    int
		last             string
	}{
		{"one batch of a list", batchPath, string(listed), failingFrom("get many", 2, 3, unavailable), 1500, 500,
			`{"summary":{"contacts":2000,"ok":1500,"warnings":0,"errors":500,"elapsed_ms":0}}`},
		{"a list, for good", batchPath, string(listed), failingFrom("get many", 1, 100, unavailable), 0, 1500,
			`{"error":{"code":"store_unavailable","message":"the contact store is out of reach"},"summary":{"complete":false,"contacts":1500,"elapsed_ms":0}}`},
		{"all, for good", batchPath, helloAll, failingFrom("list", 3, 100, unavailable), 1000, 0,
			`{"error":{"code":"store_unavailable","message":"the contact store is out of reach"},"summary":{"complete":false,"contacts":1000,"elapsed_ms":0}}`},
		{"all, at the first contact", batchPath, helloAll, failingFrom("list", 1, 100, unavailable), 0, 0,
			`{"error":{"code":"store_unavailable","message":"the contact store is out of reach"},"summary":{"complete":false,"contacts":0,"elapsed_ms":0}}`},
		{"a record that is damaged", batchPath, helloAll, failingFrom("list", 2, 3, contactstore.Corrupt(contactstore.UUID{}, "planted")), 500, 0,
			`{"error":{"code":"internal_error","message":"something went wrong inside"},"summary":{"complete":false,"contacts":500,"elapsed_ms":0}}`},
		{"a dry run", dryRunPath, `{"template": "Hi @contact.name"}`, failingFrom("list", 2, 3, unavailable), 0, 0,
			`{"error":{"code":"store_unavailable","message":"the contact store is out of reach"},"summary":{"complete":false,"contacts":500,"elapsed_ms":0}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			log, written := logTo()
			store := crowd(t, 2000)
			s := start(t, func(o *server.Options) { o.Store, o.StorePauses, o.Logger = store, []time.Duration{}, log })
			store.set(tt.hook)
			a := s.do("POST", tt.path, tt.body)
			assert.Equal(t, 200, a.status)
			_, last := lastLine(a.body)
			assert.JSONEq(t, tt.last, last)
			assert.Equal(t, tt.texts, strings.Count(a.body, `"text":"Hi C`))
			assert.Equal(t, tt.errors, strings.Count(a.body, `{"contact":`)-tt.texts)
			assert.Equal(t, 1, strings.Count(written(), `msg="stream failed"`), "once, however many contacts it concerns")
			assert.Contains(t, written(), "request_id="+a.header.Get("X-Request-Id"))
			assert.NotContains(t, a.body, "10.0.0.1")
		})
	}
}

func TestPanicInAStream(t *testing.T) {
	log, written := logTo()
	store := crowd(t, 10)
	s := start(t, func(o *server.Options) { o.Store, o.Logger = store, log })
	store.set(func(_ context.Context, call string) error {
		if call == "list" {
			panic("Jane's number is 42")
		}
		return nil
	})
	a := s.do("POST", batchPath, helloAll)
	assert.Equal(t, `{"error":{"code":"internal_error","message":"something went wrong inside"},"summary":{"complete":false,"contacts":0,"elapsed_ms":0}}`+"\n", a.body)
	assert.Contains(t, written(), "msg=panic")
	assert.Contains(t, written(), "stream_test.go", "the log has the stack")
	assert.NotContains(t, written(), "number is 42")
	store.set(nil)
	assert.Contains(t, s.do("POST", batchPath, helloAll).body, `"summary":{"contacts":10`)
}

func TestTooManyStreams(t *testing.T) {
	store := crowd(t, 10)
	s := start(t, func(o *server.Options) { o.Store, o.MaxStreams = store, 1 })
	arrived, release := make(chan struct{}), make(chan struct{})
	var once sync.Once
	store.set(func(_ context.Context, call string) error {
		if call == "list" {
			once.Do(func() { close(arrived) })
			<-release
		}
		return nil
	})
	first := make(chan answer, 1)
	go func() {
		a, err := s.try("POST", dryRunPath, `{"template": "Hi"}`)
		assert.NoError(t, err)
		first <- a
	}()
	<-arrived
	a := s.do("POST", batchPath, helloAll)
	assert.Equal(t, 503, a.status)
	assert.Equal(t, "too_many_streams", a.code())
	assert.Equal(t, "2", a.header.Get("Retry-After"))
	close(release)
	assert.Contains(t, (<-first).body, `"summary":{"contacts":10`)
	for a.status != 200 { // until the server noticed that the first was sent
		a = s.do("POST", batchPath, helloAll)
	}
}

func TestProgress(t *testing.T) {
	store := crowd(t, 2000)
	s := start(t, func(o *server.Options) { o.Store = store })
	store.set(func(_ context.Context, call string) error {
		if call == "list" {
			s.clock.Advance(time.Second)
		}
		return nil
	})
	lines, last := lastLine(s.do("POST", dryRunPath, `{"template": "Hi @contact.name"}`).body)
	require.NotEmpty(t, lines)
	for _, line := range lines {
		var p struct {
			Progress struct {
				Contacts int64 `json:"contacts"`
				Elapsed  int64 `json:"elapsed_ms"`
			} `json:"progress"`
		}
		require.NoError(t, json.Unmarshal([]byte(line), &p))
		assert.Positive(t, p.Progress.Contacts)
		assert.Positive(t, p.Progress.Elapsed)
	}
	assert.Contains(t, last, `{"summary":{"contacts":2000,"clean":2000,`)
	assert.Contains(t, last, `"elapsed_ms":5000}}`)
}

func TestStreamsWantHTTP11(t *testing.T) {
	s := start(t, nil)
	got := s.raw(fmt.Sprintf("POST %s HTTP/1.0\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s", batchPath, len(helloAll), helloAll))
	assert.Contains(t, got, " 505 ")
	assert.Contains(t, got, `"code":"http_version"`)
}

// Two streams and writers at the same time: the lines of each are whole and in order.
func TestStreamsAtTheSameTime(t *testing.T) {
	store := crowd(t, 3000)
	s := start(t, func(o *server.Options) { o.Store = store })
	together(6, func(i int) {
		if i%3 == 0 {
			for n := range 20 {
				a, err := s.try("POST", "/v1/contacts", fmt.Sprintf(`{"name": "New", "urns": ["ext:%d-%d"]}`, i, n))
				assert.NoError(t, err)
				assert.Equal(t, 201, a.status)
			}
			return
		}
		a, err := s.try("POST", batchPath, helloAll)
		assert.NoError(t, err)
		lines, last := lastLine(a.body)
		assert.Contains(t, last, `"summary"`)
		before := ""
		for _, line := range lines {
			assert.True(t, json.Valid([]byte(line)))
			assert.Less(t, before, line, "in the order of UUIDs")
			before = line
		}
	})
}

// An answer that is read instead of written, as clients in this process do, is the same.
func TestHandlerAlone(t *testing.T) {
	eng, err := engine.New(engine.Options{})
	require.NoError(t, err)
	handler, err := server.New(server.Options{Engine: eng, Store: crowd(t, 1200)})
	require.NoError(t, err)
	ask := func() *fasthttp.RequestCtx {
		var ctx fasthttp.RequestCtx
		ctx.Init(&fasthttp.Request{}, nil, nil)
		ctx.Request.Header.SetMethod("POST")
		ctx.Request.Header.SetHost("localhost")
		ctx.Request.SetRequestURI(batchPath)
		ctx.Request.SetBodyString(`{"template": "Hi @contact.name", "all": true, "settings": {"now": "2026-11-24T12:00:00Z"}}`)
		handler.Handler()(&ctx)
		return &ctx
	}
	written := string(ask().Response.Body())
	ctx := ask()
	read, err := io.ReadAll(ctx.Response.BodyStream())
	require.NoError(t, err)
	require.NoError(t, ctx.Response.CloseBodyStream())
	cut := func(body string) string { return body[:strings.LastIndex(body, "elapsed_ms")] }
	assert.Equal(t, cut(written), cut(string(read)))
	assert.Equal(t, 1201, strings.Count(written, "\n"))
}

// FuzzBatch: whatever the body is, the answer is a problem, or lines of JSON of which the last is a summary.
func FuzzBatch(f *testing.F) {
	for _, file := range []string{"batch.http", "dryrun.http"} {
		for _, body := range requestBodies(f, file) {
			f.Add(body, file == "dryrun.http")
		}
	}
	eng, err := engine.New(engine.Options{Limits: engine.Limits{Budget: 10_000, Output: 1 << 14}})
	require.NoError(f, err)
	store := memstore.New()
	fill(f, store, server.DefaultWorkspace)
	handler, err := server.New(server.Options{Engine: eng, Store: store})
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, body string, dry bool) {
		var ctx fasthttp.RequestCtx
		ctx.Init(&fasthttp.Request{}, nil, nil)
		ctx.Request.Header.SetMethod("POST")
		ctx.Request.Header.SetHost("localhost")
		ctx.Request.SetRequestURI(map[bool]string{false: batchPath, true: dryRunPath}[dry])
		ctx.Request.SetBodyString(body)
		handler.Handler()(&ctx)
		answer := string(ctx.Response.Body())
		if status := ctx.Response.StatusCode(); status != 200 {
			require.Contains(t, []int{400, 413}, status, answer)
			require.True(t, json.Valid([]byte(answer)), answer)
			return
		}
		lines, last := lastLine(answer)
		for _, line := range append(lines, last) {
			require.True(t, json.Valid([]byte(line)), line)
		}
		require.True(t, strings.HasPrefix(last, `{"summary":{"contacts":`), last)
	})
}
