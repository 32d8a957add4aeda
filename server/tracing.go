package server

import (
	"context"
	"errors"
	"time"

	"github.com/valyala/fasthttp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/flowexpr/flowexpr/contactstore"
)

// tracerName names what makes the spans.
const tracerName = "github.com/flowexpr/flowexpr/server"

// The attributes of spans. None holds what a request or a contact says.
const (
	attributeMethod    = attribute.Key("http.request.method")
	attributeRoute     = attribute.Key("http.route")
	attributeStatus    = attribute.Key("http.response.status_code")
	attributeRequestID = attribute.Key("flowexpr.request_id")
	attributeWarnings  = attribute.Key("flowexpr.warnings")
	attributeContacts  = attribute.Key("flowexpr.contacts")
	attributeResult    = attribute.Key("flowexpr.result")
)

// beginSpan begins the span of a request, below the caller's where it sent a traceparent.
func (s *Server) beginSpan(r *request) {
	ctx := propagation.TraceContext{}.Extract(context.Background(), headerCarrier{&r.http.Request.Header})
	_, r.seen.span = s.tracer.Start(ctx, "HTTP", trace.WithSpanKind(trace.SpanKindServer))
}

// routed names the span of a request by its route.
func (r *request) routed() {
	span := r.seen.span
	if span == nil { // fast path
		return
	}
	span.SetName(r.route.method + " " + r.route.path)
	span.SetAttributes(attributeMethod.String(r.route.method), attributeRoute.String(r.route.path), attributeRequestID.String(string(r.id)))
}

func endSpan(span trace.Span, status int) {
	span.SetAttributes(attributeStatus.Int(status))
	if status >= fasthttp.StatusInternalServerError {
		span.SetStatus(codes.Error, "")
	}
	span.End()
}

// innerSpan begins a span within that of a request; nil when it is not traced.
func (s *Server) innerSpan(r *request, name string) trace.Span {
	if r.seen.span == nil { // fast path
		return nil
	}
	_, span := s.tracer.Start(r.context(), name)
	return span
}

// headerCarrier reads headers of a request for the propagation of traces.
type headerCarrier struct{ header *fasthttp.RequestHeader }

func (c headerCarrier) Get(key string) string { return string(c.header.Peek(key)) }
func (c headerCarrier) Set(string, string)    {}
func (c headerCarrier) Keys() []string        { return nil }

// traced gives a store whose calls are spans, or the store itself where there is no tracer.
func traced(store contactstore.Store, tracer trace.Tracer) contactstore.Store {
	if tracer == nil {
		return store
	}
	return &tracedStore{Store: store, tracer: tracer}
}

// tracedStore makes a span of each call that is part of a request.
type tracedStore struct {
	contactstore.Store
	tracer trace.Tracer
}

// span begins a span; end takes the call's error.
func (t *tracedStore) span(ctx context.Context, name string, contacts int) (inner context.Context, end func(*error)) {
	inner, span := t.tracer.Start(ctx, name, trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(attributeContacts.Int(contacts)))
	return inner, func(err *error) {
		result, failed := resultOf(*err)
		span.SetAttributes(attributeResult.String(result))
		if failed {
			span.SetStatus(codes.Error, "")
		}
		span.End()
	}
}

// resultOf says how a call of a store ended, in no words of the error, which may quote data.
func resultOf(err error) (result string, failed bool) {
	switch {
	case err == nil:
		return "ok", false
	case errors.Is(err, contactstore.ErrNotFound):
		return "not_found", false
	case errors.Is(err, contactstore.ErrConflict):
		return "conflict", false
	case errors.Is(err, contactstore.ErrVersion):
		return "stale", false
	case errors.Is(err, contactstore.ErrUnavailable):
		return "unavailable", true
	case errors.Is(err, context.DeadlineExceeded):
		return "timeout", true
	case errors.Is(err, context.Canceled):
		return "canceled", false
	}
	return "failed", true
}

func (t *tracedStore) Get(ctx context.Context, workspace string, id contactstore.UUID) (r contactstore.Record, err error) {
	ctx, end := t.span(ctx, "store get", 1)
	defer end(&err)
	return t.Store.Get(ctx, workspace, id)
}

// GetFresh and GetAged pass on what a store with caches has beside Get: without them it would be taken for one without.
func (t *tracedStore) GetFresh(ctx context.Context, workspace string, id contactstore.UUID) (r contactstore.Record, err error) {
	ctx, end := t.span(ctx, "store get", 1)
	defer end(&err)
	return contactstore.GetFresh(ctx, t.Store, workspace, id)
}

// GetAged is told of above.
func (t *tracedStore) GetAged(ctx context.Context, workspace string, id contactstore.UUID) (r contactstore.Record, age time.Duration, err error) {
	ctx, end := t.span(ctx, "store get", 1)
	defer end(&err)
	return contactstore.GetAged(ctx, t.Store, workspace, id)
}

func (t *tracedStore) GetMany(ctx context.Context, workspace string, ids []contactstore.UUID) (rs []contactstore.Record, err error) {
	ctx, end := t.span(ctx, "store get many", len(ids))
	defer end(&err)
	return t.Store.GetMany(ctx, workspace, ids)
}

func (t *tracedStore) Find(ctx context.Context, workspace string, urn contactstore.URN) (r contactstore.Record, err error) {
	ctx, end := t.span(ctx, "store find", 1)
	defer end(&err)
	return t.Store.Find(ctx, workspace, urn)
}

func (t *tracedStore) List(ctx context.Context, workspace string, after contactstore.UUID, limit int) (rs []contactstore.Record, err error) {
	ctx, end := t.span(ctx, "store list", limit)
	defer end(&err)
	return t.Store.List(ctx, workspace, after, limit)
}

func (t *tracedStore) Put(ctx context.Context, r contactstore.Record) (err error) {
	ctx, end := t.span(ctx, "store put", 1)
	defer end(&err)
	return t.Store.Put(ctx, r)
}

func (t *tracedStore) PutMany(ctx context.Context, rs []contactstore.Record) (errs []error, err error) {
	ctx, end := t.span(ctx, "store put many", len(rs))
	defer end(&err)
	return t.Store.PutMany(ctx, rs)
}

func (t *tracedStore) Delete(ctx context.Context, workspace string, id contactstore.UUID, version uint64) (err error) {
	ctx, end := t.span(ctx, "store delete", 1)
	defer end(&err)
	return t.Store.Delete(ctx, workspace, id, version)
}

func (t *tracedStore) Settings(ctx context.Context, workspace string) (data []byte, version uint64, err error) {
	ctx, end := t.span(ctx, "store settings", 0)
	defer end(&err)
	return t.Store.Settings(ctx, workspace)
}

func (t *tracedStore) PutSettings(ctx context.Context, workspace string, data []byte, version uint64) (err error) {
	ctx, end := t.span(ctx, "store put settings", 0)
	defer end(&err)
	return t.Store.PutSettings(ctx, workspace, data, version)
}
