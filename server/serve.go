package server

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
	"go.opentelemetry.io/otel/trace"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/engine"
)

// headerRequestID carries the id that ties an answer to the log.
const headerRequestID = "X-Request-Id"

// request is one request on its way through the server. It belongs to one goroutine and goes back to a pool: nothing
// of it outlives the answer.
type request struct {
	server *Server
	current
	kept
}

// current is what a request has of its own.
type current struct {
	http      *fasthttp.RequestCtx
	route     *route
	params    params
	workspace *workspace
	granted   *grant // nil: nobody that is known

	subject contactstore.UUID // the contact that the request is about, for the audit
	code    string            // of the problem that was answered

	waits bool // context was called
	seen  sighting
}

// kept is what one request leaves to the next one: buffers, and what that will probably need again.
type kept struct {
	evaluation   evaluation
	id           []byte
	block        idBlock
	members      []member // of the objects in the body
	deadline     *deadline
	lastRoute    *route // without parameters
	lastTemplate *engine.Template
	stripe       uint32 // of counts
}

// serve answers one request.
func (s *Server) serve(ctx *fasthttp.RequestCtx) {
	r := s.requests.Get().(*request)
	r.http, r.id = ctx, s.ids.appendTo(r.id, ctx, &r.block)
	s.begin(r)
	defer s.release(r)
	header := &ctx.Response.Header
	header.SetCanonical(nameRequestID, r.id)
	header.SetCanonical(nameCacheControl, valueNoStore)
	header.SetCanonical(nameContentTypeOptions, valueNoSniff)
	if s.cors.header(ctx) {
		return
	}
	if err := s.handle(r); err != nil {
		s.fail(r, err)
	}
	s.audit(r)
	s.logRequest(r)
}

// The headers of every answer, in their canonical form.
var (
	nameRequestID          = []byte(headerRequestID)
	nameCacheControl       = []byte(fasthttp.HeaderCacheControl)
	nameContentTypeOptions = []byte(fasthttp.HeaderXContentTypeOptions)
	valueNoStore           = []byte("no-store")
	valueNoSniff           = []byte("nosniff")
)

func (s *Server) release(r *request) {
	if !r.seen.streamed {
		s.end(&r.seen, r.http.Response.StatusCode())
	}
	if r.waits {
		r.deadline.release()
	}
	clear(r.members)
	r.id, r.members = r.id[:0], r.members[:0]
	r.current = current{}
	s.requests.Put(r)
}

// handle finds and runs the handler. A panic becomes an error: what it says may quote data, so that only its type and
// the stack are logged.
func (s *Server) handle(r *request) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			s.logger.Error("panic", "request_id", string(r.id), "type", fmt.Sprintf("%T", cause), "stack", string(debug.Stack()))
			err = errPanic
		}
	}()
	if err := checkFraming(&r.http.Request.Header); err != nil {
		r.http.SetConnectionClose()
		return err
	}
	if err := r.find(); err != nil {
		return err
	}
	r.seen.meter = r.route.meter
	r.routed()
	r.granted, err = s.authorize(r.http, r.route.role)
	if err != nil {
		return err
	}
	if r.granted == nil { // for everybody
		return r.route.handler(s, r)
	}
	return s.work(r)
}

// find finds the route. Fast path: it is that of the request before.
func (r *request) find() (err error) {
	method, path := r.http.Method(), r.http.URI().PathOriginal()
	if last := r.lastRoute; last != nil && last.path == string(path) && last.method == string(method) {
		r.route = last
		return nil
	}
	r.route, r.params, err = r.server.routes.find(method, path)
	if err == nil && r.params == (params{}) {
		r.lastRoute = r.route
	}
	return err
}

// work runs the handler of a caller that is known, within the limits.
func (s *Server) work(r *request) error {
	if err := r.granted.pace(); err != nil {
		return err
	}
	if err := s.gate.enter(); err != nil {
		return err
	}
	defer s.gate.leave()
	r.workspace = r.granted.workspace
	return r.route.handler(s, r)
}

// checkFraming refuses requests of which the HTTP library and a front may not agree where they end: of another version
// of HTTP, and with a header that goes on in a line that begins with a space, which HTTP has given up. The library joins
// such lines; a front that does not may see a length or an encoding of the body in one of them.
func checkFraming(header *fasthttp.RequestHeader) error {
	if !header.IsHTTP11() && !bytes.HasPrefix(header.Protocol(), []byte("HTTP/1.")) {
		return errVersion
	}
	for lines := header.RawHeaders(); ; {
		end := bytes.IndexByte(lines, '\n') + 1
		if end == 0 || end == len(lines) {
			return nil
		}
		lines = lines[end:]
		if lines[0] == ' ' || lines[0] == '\t' {
			return errFolded
		}
	}
}

// logRequest writes one line a request, by its route: a path may hold a URN.
func (s *Server) logRequest(r *request) {
	if !s.logsRequests {
		return
	}
	method, path := "-", "-"
	if r.route != nil {
		method, path = r.route.method, r.route.path
	}
	s.logger.LogAttrs(context.Background(), s.options.requestLevel(), "request", slog.String("request_id", string(r.id)), slog.String("method", method), slog.String("route", path),
		slog.Int("status", r.http.Response.StatusCode()), slog.Duration("elapsed", time.Since(r.seen.begun)))
}

// context bounds what the request waits for. It does not end when the server is asked to stop: requests that were
// taken are finished.
func (r *request) context() context.Context {
	if !r.waits {
		r.waits = true
		at := r.seen.begun.Add(r.server.options.RequestTimeout)
		if r.deadline == nil || !r.deadline.again(at) {
			r.deadline = newDeadline(at)
		}
	}
	if r.seen.span != nil {
		return trace.ContextWithSpan(r.deadline, r.seen.span)
	}
	return r.deadline
}

// now is the time of the request: when it began, unless the server has a clock of its own.
func (r *request) now() time.Time {
	if r.server.ownClock {
		return r.server.options.Clock()
	}
	return r.seen.begun
}

// uuid reads the UUID of the path.
func (r *request) uuid() (id contactstore.UUID, err error) {
	id, err = parseUUID(r.params.uuid)
	r.subject = id
	return id, err
}

func parseUUID(text string) (contactstore.UUID, error) {
	id, err := contactstore.ParseUUID(text)
	if err != nil {
		return contactstore.UUID{}, errUUID
	}
	return id, nil
}

// jsonOf answers with a body that becomes the response's own, and gives the buffer that the response had.
func (r *request) jsonOf(status int, body []byte) []byte {
	r.http.Response.SetStatusCode(status)
	r.http.Response.Header.SetContentType(jsonType)
	return r.http.Response.SwapBody(body)[:0]
}

// json answers with a body that the response copies.
func (r *request) json(status int, body []byte) {
	r.http.Response.SetStatusCode(status)
	r.http.Response.Header.SetContentType(jsonType)
	r.http.Response.SetBody(body)
}

// requestIDs makes ids: a text of the process and a count.
type requestIDs struct {
	prefix string
	count  *atomic.Uint64
}

func newRequestIDs(seed contactstore.UUID) requestIDs {
	return requestIDs{prefix: hex.EncodeToString(seed[:4]) + "-", count: new(atomic.Uint64)}
}

// maxRequestID bounds an id that a caller gives, in bytes.
const maxRequestID = 64

// idBlock are ids that nobody else gives: one count for all would go from processor to processor with each request.
type idBlock struct{ next, end uint64 }

const idBlockSize = 64

// appendTo appends the caller's id where it is a plain one, else the next of the block.
func (ids requestIDs) appendTo(dst []byte, ctx *fasthttp.RequestCtx, block *idBlock) []byte {
	if given := ctx.Request.Header.PeekBytes(nameRequestID); plainID(given) {
		return append(dst, given...)
	}
	if block.next == block.end {
		block.end = ids.count.Add(idBlockSize)
		block.next = block.end - idBlockSize
	}
	block.next++
	return strconv.AppendUint(append(dst, ids.prefix...), block.next, 10)
}

func plainID(id []byte) bool {
	for _, c := range id {
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '-' && c != '_' && c != '.' {
			return false
		}
	}
	return len(id) > 0 && len(id) <= maxRequestID
}
