package server

import (
	"context"
	"errors"
	"io"
	"strconv"
	"sync"
	"time"

	"github.com/valyala/fasthttp"
	"go.opentelemetry.io/otel/trace"

	"github.com/flowexpr/flowexpr/server/broadcast"
	"github.com/flowexpr/flowexpr/server/jsontext"
)

// linesType is the content type of answers that are streamed: a JSON object a line.
const linesType = "application/x-ndjson"

// progressEvery is how often a stream that has no lines of its own tells how far it is.
const progressEvery = 500 * time.Millisecond

// stream is an answer that is written while it is made: the lines of a run, and at last a line with the summary, or with
// the error that ended the run. The HTTP library takes it from the request's goroutine, line by line, as fast as the
// client reads.
type stream struct {
	server  *Server
	id      string // of the request
	conn    *countedConn
	tells   bool // lines of progress
	seen    sighting
	source  broadcast.Source
	job     broadcast.Job
	summary func(dst []byte) []byte

	run      *broadcast.Run // made by the first read
	begun    time.Time
	told     time.Time
	contacts int
	ended    bool
	// completed tells that it ended with its summary.
	completed bool
	buffer    []byte
	rest      []byte // of what Read gave in part
	logged    sync.Once
}

func (s *Server) newStream(r *request) *stream {
	conn, _ := r.http.Conn().(*countedConn)
	return &stream{server: s, id: string(r.id), conn: conn}
}

// send makes the stream the answer. Nothing is evaluated before the first line is wanted.
func (b *stream) send(r *request, source broadcast.Source, job broadcast.Job, summary func(dst []byte) []byte) error {
	if !r.http.Request.Header.IsHTTP11() {
		return errStreamVersion
	}
	s := b.server
	if s.streaming.Add(1) > int64(s.options.MaxStreams) {
		s.streaming.Add(-1)
		return tooManyStreams()
	}
	b.source, b.job, b.summary = source, job, summary
	if b.conn != nil {
		b.conn.pace(s.options.WriteTimeout)
	}
	b.seen, r.seen.streamed = r.seen, true
	r.http.Response.Header.SetContentType(linesType)
	r.http.Response.SetBodyStream(b, -1)
	return nil
}

// next gives the next lines, which are valid until the next call.
func (b *stream) next() ([]byte, error) {
	if b.ended {
		return nil, io.EOF
	}
	if b.run == nil {
		b.begun = b.server.options.Clock()
		b.told = b.begun
		b.run = broadcast.Start(b.context(), b.source, b.job, broadcast.Options{})
	}
	for {
		chunk, err := b.run.Next()
		if err != nil {
			b.ended = true
			return b.lastLine(err), nil
		}
		b.contacts += chunk.Contacts
		b.server.meters.streamed.Add(b.seen.stripe, int64(chunk.Contacts))
		if len(chunk.Lines) > 0 {
			return chunk.Lines, nil
		}
		if line := b.progress(); line != nil {
			return line, nil
		}
	}
}

// progress gives a line of progress when it is time for one.
func (b *stream) progress() []byte {
	now := b.server.options.Clock()
	if !b.tells || now.Sub(b.told) < progressEvery {
		return nil
	}
	b.told = now
	b.buffer = strconv.AppendInt(append(b.buffer[:0], `{"progress":{"contacts":`...), int64(b.contacts), 10)
	b.buffer = append(b.appendElapsed(b.buffer, now), "}}\n"...)
	return b.buffer
}

func (b *stream) appendElapsed(dst []byte, now time.Time) []byte {
	return strconv.AppendInt(append(dst, `,"elapsed_ms":`...), now.Sub(b.begun).Milliseconds(), 10)
}

// lastLine gives the summary, or what ended the run before it was done, with the number of contacts that it got to.
func (b *stream) lastLine(err error) []byte {
	if errors.Is(err, io.EOF) {
		b.completed = true
		b.buffer = b.summary(append(b.buffer[:0], `{"summary":{`...))
		return append(b.appendElapsed(b.buffer, b.server.options.Clock()), "}}\n"...)
	}
	var panicked *broadcast.PanicError
	if errors.As(err, &panicked) {
		b.server.logger.Error("panic", "request_id", b.id, "type", panicked.Type, "stack", panicked.Stack)
	}
	code, message := b.describe(err)
	b.buffer = jsontext.Append(append(b.buffer[:0], `{"error":{"code":`...), code)
	b.buffer = jsontext.Append(append(b.buffer, `,"message":`...), message)
	b.buffer = strconv.AppendInt(append(b.buffer, `},"summary":{"complete":false,"contacts":`...), int64(b.contacts), 10)
	b.buffer = append(b.appendElapsed(b.buffer, b.server.options.Clock()), "}}\n"...)
	return b.buffer
}

// describe says what a line tells of an error. Of what happened inside the first goes to the log: the others of the
// stream are mostly the same. It is called by many goroutines.
func (b *stream) describe(err error) (code, message string) {
	p := problemOf(err)
	b.server.limits.hit(limitOf(p.code))
	if p.cause != nil {
		b.logged.Do(func() {
			b.server.logger.Error("stream failed", "request_id", b.id, "code", p.code, "cause", p.cause.Error())
		})
	}
	return p.code, p.detail
}

// WriteTo writes everything.
func (b *stream) WriteTo(w io.Writer) (written int64, err error) {
	for {
		lines, err := b.next()
		if err != nil {
			return written, nil //nolint:nilerr // the end
		}
		n, err := w.Write(lines)
		written += int64(n)
		if err != nil {
			return written, err
		}
	}
}

// SupportsBodyWriteTo tells the HTTP library that WriteTo does what Read does, with less copying.
func (b *stream) SupportsBodyWriteTo() bool { return true }

// Read reads what WriteTo writes.
func (b *stream) Read(p []byte) (int, error) {
	for len(b.rest) == 0 {
		lines, err := b.next()
		if err != nil {
			return 0, err
		}
		b.rest = lines
	}
	n := copy(p, b.rest)
	b.rest = b.rest[n:]
	return n, nil
}

// Close ends the work: the answer was sent, or the client is gone.
func (b *stream) Close() error {
	if b.run != nil {
		b.run.Close()
	}
	if b.conn != nil {
		b.conn.pace(0)
	}
	b.server.streaming.Add(-1)
	b.count()
	return nil
}

// context is that of the work: it goes on when the request's handler is done.
func (b *stream) context() context.Context {
	if b.seen.span == nil {
		return b.server.streams
	}
	return trace.ContextWithSpan(b.server.streams, b.seen.span)
}

// count counts how the stream ended.
func (b *stream) count() {
	m := b.server.meters
	switch {
	case b.completed:
		m.completed.Add(b.seen.stripe, 1)
	case b.ended:
		m.failed.Add(b.seen.stripe, 1)
	default:
		m.abandoned.Add(b.seen.stripe, 1)
	}
	b.server.end(&b.seen, fasthttp.StatusOK)
}

// cutStreams ends the streams that are still open after some time, and gives them their last line.
func (s *Server) cutStreams(after time.Duration) (stop func() bool) {
	return time.AfterFunc(after, func() { s.cut(errShuttingDown) }).Stop
}

// errShuttingDown is the cause of a stream's end at shutdown.
var errShuttingDown = error(&problem{status: 503, code: "shutting_down", detail: "the service is stopped before the work is done", hint: "ask again", retryAfter: retrySoon})
