package server

import (
	"context"
	"errors"
	"strconv"

	"github.com/valyala/fasthttp"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/engine/diag"
	"github.com/flowexpr/flowexpr/server/jsontext"
)

// Content types of answers.
const (
	jsonType    = "application/json"
	problemType = "application/problem+json"
)

// problem is an error as the caller sees it (RFC 9457). Handlers return one where they know best; everything else is
// mapped by problemOf.
type problem struct {
	status int
	code   string // stable, for programs
	detail string // what is wrong with this request: lower case, no final stop
	hint   string // what to do about it, or empty

	at         diag.Position // place in the request's body; zero: none
	errors     []byte        // a JSON array of diagnostics, or nil
	migrated   string        // the rewritten template that the errors are about, or empty
	retryAfter int           // s; 0: not said
	allow      string        // of the header Allow, or empty
	cause      error         // for the log only, or nil
}

// Error gives the detail.
func (p *problem) Error() string { return p.detail }

// Problems that need no words about the request.
var (
	errNoRoute     = &problem{status: 404, code: "not_found", detail: "there is nothing at this path", hint: "contacts are at /v1/contacts, evaluation is POST /v1/evaluate"}
	errPathEscape  = &problem{status: 400, code: "invalid_path", detail: "the path has a % that is not followed by two hexadecimal digits", hint: "write % as %25"}
	errFolded      = &problem{status: 400, code: "invalid_http", detail: "a header goes on in the next line", hint: "write each header in one line"}
	errVersion     = &problem{status: 505, code: "http_version", detail: "the request has a version of HTTP that this service does not speak", hint: "send it over HTTP/1.1"}
	errUUID        = &problem{status: 400, code: "invalid_uuid", detail: "the contact's UUID cannot be read", hint: "write it as 5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f; to find a contact by its URN use /v1/contacts?urn="}
	errNoToken     = &problem{status: 401, code: "token_missing", detail: "the request carries no token", hint: "send the header Authorization: Bearer TOKEN"}
	errWrongToken  = &problem{status: 401, code: "token_unknown", detail: "the token is not one of this service"}
	errReadOnly    = &problem{status: 403, code: "read_only", detail: "the token may evaluate and read, and not change anything", hint: "use a token with the role write"}
	errForeignSite = &problem{status: 403, code: "foreign_site", detail: "the request comes from a web page of another site", hint: "configure a token to let other sites call this service"}
	errNotReady    = &problem{status: 503, code: "shutting_down", detail: "the service is being stopped", hint: "ask another one", retryAfter: retrySoon}
	errPanic       = &problem{status: 500, code: "internal_error", detail: "something went wrong inside", hint: "try again; if it stays, report it with the request id"}
)

func methodNotAllowed(allow string) *problem {
	return &problem{status: 405, code: "method_not_allowed", detail: "this path does not take that method", hint: "it takes " + allow, allow: allow}
}

// errStreamVersion refuses a client that could not tell where a stream ends.
var errStreamVersion = &problem{status: 505, code: "http_version", detail: "the answer is a stream, which HTTP/1.0 has not", hint: "send the request over HTTP/1.1"}

func tooManyStreams() *problem {
	return &problem{status: 503, code: "too_many_streams", detail: "the service has as many batches and dry runs under way as it takes", hint: "wait for one to end", retryAfter: retrySoon}
}

func tooManyConnections() *problem {
	return &problem{status: 503, code: "too_many_connections", detail: "the service has as many connections as it takes", hint: "use fewer connections, and keep them open", retryAfter: 1}
}

func tooManyOfAddress() *problem {
	return &problem{status: 503, code: "too_many_connections_of_address", detail: "the service has as many connections from this address as it takes", hint: "use fewer connections, and keep them open", retryAfter: 1}
}

func overloaded() *problem {
	return &problem{status: 503, code: "overloaded", detail: "the service works on as many requests as it takes", hint: "try again in a moment", retryAfter: 1}
}

func tooManyRequests(retryAfter int) *problem {
	return &problem{status: 429, code: "too_many_requests", detail: "the token sends more requests than it may", hint: "send fewer, or several contacts in one batch", retryAfter: retryAfter}
}

// internal hides what an error matches, so that a fault of ours is not taken for one of the caller's.
func internal(operation string, err error) error {
	return &problem{status: 500, code: "internal_error", detail: errPanic.detail, hint: errPanic.hint, cause: errors.New(operation + ": " + kindOf(err))}
}

// kindOf describes an error without what it says, which may quote data: its code if it has one.
func kindOf(err error) string {
	var known *contactstore.Error
	if errors.As(err, &known) && known.Code != "" {
		return known.Code
	}
	return "error of an unknown kind"
}

// retrySoon is what Retry-After says when the store is away, s: stores reconnect within about that time.
const retrySoon = 2

// problemOf maps an error to HTTP: the one place that does.
func problemOf(err error) *problem {
	var given *problem
	if errors.As(err, &given) {
		return given
	}
	var known *contactstore.Error
	if !errors.As(err, &known) {
		known = &contactstore.Error{}
	}
	p := &problem{code: known.Code, detail: known.Message, hint: known.Hint}
	switch {
	case errors.Is(err, contactstore.ErrUnavailable):
		return &problem{
			status: 503, code: "store_unavailable", detail: "the contact store is out of reach", hint: "try again in a moment",
			retryAfter: retrySoon, cause: err,
		}
	case errors.Is(err, context.DeadlineExceeded):
		return &problem{status: 504, code: "timeout", detail: "the contact store took too long", hint: "try again in a moment", retryAfter: retrySoon, cause: err}
	case errors.Is(err, contactstore.ErrNotFound):
		p.status, p.code = 404, orElse(p.code, "contact_not_found")
	case errors.Is(err, contactstore.ErrConflict):
		p.status, p.code, p.hint = 409, orElse(p.code, "urn_taken"), orElse(p.hint, "remove it from that contact first, or use another")
	case errors.Is(err, contactstore.ErrVersion):
		p.status, p.code, p.retryAfter = 409, orElse(p.code, "stale_version"), 1
	case errors.Is(err, contactstore.ErrInvalid):
		p.status, p.code = 400, orElse(p.code, "invalid_request")
	default:
		return &problem{status: 500, code: "internal_error", detail: errPanic.detail, hint: errPanic.hint, cause: errors.New(kindOf(err))}
	}
	p.detail = orElse(p.detail, fasthttp.StatusMessage(p.status))
	return p
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

// fail answers a request with an error. What happened inside goes to the log, with the request's id.
func (s *Server) fail(r *request, err error) {
	p := problemOf(err)
	r.code = p.code
	s.limits.hit(limitOf(p.code))
	if p.cause != nil {
		s.logger.Error("request failed", "request_id", string(r.id), "status", p.status, "code", p.code, "cause", p.cause.Error())
	}
	p.write(r.http)
}

// write makes the problem the answer.
func (p *problem) write(ctx *fasthttp.RequestCtx) {
	h := &ctx.Response.Header
	ctx.Response.ResetBody()
	ctx.Response.SetStatusCode(p.status)
	h.SetContentType(problemType)
	h.Del(fasthttp.HeaderETag)
	if p.retryAfter > 0 {
		h.Set(fasthttp.HeaderRetryAfter, strconv.Itoa(p.retryAfter))
	}
	if p.allow != "" {
		h.Set(fasthttp.HeaderAllow, p.allow)
	}
	if p.status == fasthttp.StatusUnauthorized {
		h.Set(fasthttp.HeaderWWWAuthenticate, `Bearer realm="flowexpr"`)
	}
	ctx.Response.SetBody(p.append(nil))
}

// append appends the problem as JSON.
func (p *problem) append(dst []byte) []byte {
	dst = append(dst, `{"type":"about:blank","title":`...)
	dst = jsontext.Append(dst, fasthttp.StatusMessage(p.status))
	dst = append(dst, `,"status":`...)
	dst = strconv.AppendInt(dst, int64(p.status), 10)
	dst = append(dst, `,"code":`...)
	dst = jsontext.Append(dst, p.code)
	dst = append(dst, `,"detail":`...)
	dst = jsontext.Append(dst, p.detail)
	if p.hint != "" {
		dst = append(dst, `,"hint":`...)
		dst = jsontext.Append(dst, p.hint)
	}
	if p.at.Line > 0 {
		dst = append(dst, `,"line":`...)
		dst = strconv.AppendInt(dst, int64(p.at.Line), 10)
		dst = append(dst, `,"column":`...)
		dst = strconv.AppendInt(dst, int64(p.at.Column), 10)
	}
	if p.errors != nil {
		dst = append(dst, `,"errors":`...)
		dst = append(dst, p.errors...)
	}
	if p.migrated != "" {
		dst = append(dst, `,"migrated":`...)
		dst = jsontext.Append(dst, p.migrated)
	}
	return append(dst, '}')
}

// refuse answers what the HTTP library could not read as a request.
func (s *Server) refuse(ctx *fasthttp.RequestCtx, err error) {
	header := &ctx.Response.Header
	header.SetCanonical(nameRequestID, s.ids.appendTo(nil, ctx, new(idBlock)))
	header.SetCanonical(nameCacheControl, valueNoStore)
	header.SetCanonical(nameContentTypeOptions, valueNoSniff)
	p := s.refusal(err)
	s.limits.hit(limitOf(p.code))
	p.write(ctx)
	s.meters.unreadable.count(0, p.status, 0)
	if c, ok := ctx.Conn().(*countedConn); ok {
		c.linger.Store(true)
	}
}

func (s *Server) refusal(err error) *problem {
	var small *fasthttp.ErrSmallBuffer
	var late interface{ Timeout() bool }
	switch {
	case errors.Is(err, fasthttp.ErrBodyTooLarge):
		return &problem{status: 413, code: "body_too_large", detail: "the body is larger than the limit of " + strconv.Itoa(s.options.MaxBody) + " bytes", hint: "send less at once"}
	case errors.As(err, &small):
		return &problem{status: 431, code: "header_too_large", detail: "path and headers are larger than the limit of " + strconv.Itoa(s.options.MaxHeader) + " bytes", hint: "send fewer or shorter headers"}
	case errors.As(err, &late) && late.Timeout():
		return &problem{status: 408, code: "request_timeout", detail: "the request did not arrive in time", hint: "send it faster, or in smaller parts"}
	}
	return &problem{status: 400, code: "invalid_http", detail: "the request is not HTTP that this service can read"}
}
