package server_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/server"
)

// tracedTo gives a way to take the spans that ended since it was last called, as soon as there are n.
func tracedTo(t *testing.T, o *server.Options) (take func(n int) []sdktrace.ReadOnlySpan) {
	t.Helper()
	recorder := tracetest.NewSpanRecorder()
	o.Tracing = sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(recorder))
	taken := 0
	return func(n int) []sdktrace.ReadOnlySpan {
		require.Eventually(t, func() bool { return len(recorder.Ended()) >= taken+n }, time.Minute, time.Millisecond)
		spans := recorder.Ended()[taken:]
		taken += len(spans)
		return spans
	}
}

// shown gives a span as text: name, kind, status and attributes, the request's id left out.
func shown(span sdktrace.ReadOnlySpan) string {
	text := fmt.Sprintf("%s (%s, %s)", span.Name(), span.SpanKind(), span.Status().Code)
	for _, a := range span.Attributes() {
		if a.Key != "flowexpr.request_id" {
			text += fmt.Sprintf(" %s=%s", a.Key, a.Value.String())
		}
	}
	return text
}

func TestTraces(t *testing.T) {
	var take func(int) []sdktrace.ReadOnlySpan
	s, store := hooked(t, func(o *server.Options) { take = tracedTo(t, o) })
	s.do("POST", "/v1/evaluate", janesEvaluation) // reads the settings, which are kept then
	take(4)
	tests := []struct {
		name               string
		method, path, body string
		fail               error // of the store
		want               []string
	}{
		{"an evaluation", "POST", "/v1/evaluate", janesEvaluation, nil, []string{
			"store find (client, Unset) flowexpr.contacts=1 flowexpr.result=ok",
			"evaluate (internal, Unset) flowexpr.warnings=0",
			"POST /v1/evaluate (server, Unset) http.request.method=POST http.route=/v1/evaluate http.response.status_code=200",
		}},
		{"a contact that is not there", "GET", "/v1/contacts/00000000-0000-4000-8000-000000000000", "", nil, []string{
			"store get (client, Unset) flowexpr.contacts=1 flowexpr.result=not_found",
			"GET /v1/contacts/{uuid} (server, Unset) http.request.method=GET http.route=/v1/contacts/{uuid} http.response.status_code=404",
		}},
		{"a store that is away", "GET", jane, "", contactstore.ErrUnavailable, []string{
			"store get (client, Error) flowexpr.contacts=1 flowexpr.result=unavailable",
			"GET /v1/contacts/{uuid} (server, Error) http.request.method=GET http.route=/v1/contacts/{uuid} http.response.status_code=503",
		}},
		{"a batch", "POST", "/v1/evaluate/batch", `{"template": "Hi @contact.name", "contacts": ["5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f"]}`, nil, []string{
			"store get many (client, Unset) flowexpr.contacts=1 flowexpr.result=ok",
			"POST /v1/evaluate/batch (server, Unset) http.request.method=POST http.route=/v1/evaluate/batch http.response.status_code=200",
		}},
		{"a path that is none", "GET", "/tel:+13233754866", "", nil, []string{"HTTP (server, Unset) http.response.status_code=404"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			store.set(func(context.Context, string) error { return tt.fail })
			s.do(tt.method, tt.path, tt.body)
			spans := take(len(tt.want))
			got := make([]string, len(spans))
			for i, span := range spans {
				got[i] = shown(span)
				assert.Equal(t, spans[len(spans)-1].SpanContext().TraceID(), span.SpanContext().TraceID(), "one trace")
			}
			assert.Equal(t, tt.want, got)
			for _, inner := range spans[:len(spans)-1] {
				assert.Equal(t, spans[len(spans)-1].SpanContext().SpanID(), inner.Parent().SpanID(), "within the request")
			}
		})
	}
}

// A caller that traces finds the request below its own span.
func TestTracesGoOn(t *testing.T) {
	var take func(int) []sdktrace.ReadOnlySpan
	s := start(t, func(o *server.Options) { take = tracedTo(t, o) })
	s.do("GET", "/healthz", "", "Traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
	span := take(1)[0]
	assert.Equal(t, "4bf92f3577b34da6a3ce929d0e0e4736", span.SpanContext().TraceID().String())
	assert.Equal(t, "00f067aa0ba902b7", span.Parent().SpanID().String())
}

// Each call of a store that writes is a span too.
func TestTracesOfWrites(t *testing.T) {
	var take func(int) []sdktrace.ReadOnlySpan
	s := start(t, func(o *server.Options) { take = tracedTo(t, o) })
	s.do("POST", jane+"/connections", `{"urn": "ext:1"}`)
	s.do("PATCH", "/v1/settings", `{"country": "US"}`)
	s.do("GET", "/v1/contacts", "")
	s.do("DELETE", jane, "")
	var names []string
	for !slices.Contains(names, "DELETE /v1/contacts/{uuid}") {
		for _, span := range take(1) {
			names = append(names, span.Name())
			assert.NotEqual(t, trace.SpanKindUnspecified, span.SpanKind())
		}
	}
	assert.Subset(t, names, []string{"store get", "store put", "store settings", "store put settings", "store list", "store delete"})
}
