package server_test

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/server"
	"github.com/flowexpr/flowexpr/server/metrics"
)

// scraped gives the lines of GET /metrics.
func (s *service) scraped() string {
	s.t.Helper()
	a := s.do("GET", "/metrics", "")
	require.Equal(s.t, 200, a.status)
	require.Equal(s.t, metrics.ContentType, a.header.Get("Content-Type"))
	return a.body
}

func TestMetrics(t *testing.T) {
	s := start(t, nil)
	for range 3 {
		s.do("POST", "/v1/evaluate", janesEvaluation)
	}
	s.do("POST", "/v1/evaluate", `{"template": "@(1 / 0)@urns.viber", "contact": {"urn": "tel:+13233754866"}}`)
	s.do("POST", "/v1/evaluate", `{`)
	s.do("GET", jane, "")
	s.do("GET", "/v1/contacts/"+strings.Repeat("0", 36), "")
	s.do("HEAD", "/healthz", "")
	s.do("GET", "/tel:+13233754866", "")
	s.do("BREW", "/v1/evaluate", "")
	s.raw("this is not HTTP\r\n\r\n")
	s.do("POST", "/v1/evaluate/batch", `{"template": "Hi", "all": true}`)
	text := s.scraped()
	for _, line := range []string{
		`flowexpr_http_requests_total{method="POST",route="/v1/evaluate",status="2xx"} 4`,
		`flowexpr_http_requests_total{method="POST",route="/v1/evaluate",status="4xx"} 1`,
		`flowexpr_http_requests_total{method="POST",route="/v1/evaluate",status="5xx"} 0`,
		`flowexpr_http_request_duration_seconds_count{method="POST",route="/v1/evaluate"} 5`,
		`flowexpr_http_requests_total{method="GET",route="/v1/contacts/{uuid}",status="2xx"} 1`,
		`flowexpr_http_requests_total{method="GET",route="/v1/contacts/{uuid}",status="4xx"} 1`,
		`flowexpr_http_requests_total{method="GET",route="/healthz",status="2xx"} 1`,
		`flowexpr_http_requests_total{method="unknown",route="unknown",status="4xx"} 2`,
		`flowexpr_http_requests_total{method="unknown",route="unreadable",status="4xx"} 1`,
		`flowexpr_http_requests_in_flight 1`,
		`flowexpr_evaluate_duration_seconds_count 4`,
		`flowexpr_evaluate_warnings_total{code="division_by_zero"} 1`,
		`flowexpr_evaluate_warnings_total{code="no_connection"} 1`,
		`flowexpr_evaluate_warnings_total{code="other"} 0`,
		`flowexpr_streams_total{result="complete"} 1`,
		`flowexpr_stream_contacts_total 3`,
		`flowexpr_streams_total{result="abandoned"} 0`,
		`flowexpr_template_cache_hits_total 2`,
		`flowexpr_template_cache_misses_total 3`,
		`flowexpr_template_cache_evictions_total 0`,
		`flowexpr_template_cache_entries 3`,
	} {
		assert.True(t, strings.Contains(text, "\n"+line+"\n"), line)
	}
	assert.NotContains(t, text, "13233754866")
	assert.NotContains(t, text, "BREW")
	assert.NotContains(t, text, `route="/v1/dryrun"`, "a route that nobody called")
}

func TestMetricsNeedNoToken(t *testing.T) {
	s := start(t, func(o *server.Options) {
		o.Tokens = []server.Token{{Token: "reader-token", Workspace: "default", Role: "read"}}
	})
	s.do("GET", "/v1/contacts", "", "Authorization", "Bearer reader-token")
	text := s.scraped()
	assert.Contains(t, text, `flowexpr_http_requests_total{method="GET",route="/v1/contacts",status="2xx"} 1`)
	assert.NotContains(t, text, "reader-token")
}

func TestMetricsOfTheCaller(t *testing.T) {
	s := start(t, func(o *server.Options) {
		o.Metrics = []metrics.Source{func(w *metrics.Writer) { w.Value(metrics.RedisErrors, 7) }}
	})
	assert.Contains(t, s.scraped(), "flowexpr_redis_errors_total 7\n")
}

func TestWrongMetricsAreAnError(t *testing.T) {
	s := start(t, func(o *server.Options) {
		o.Metrics = []metrics.Source{func(w *metrics.Writer) { w.Value(metrics.RedisErrors, 7, "a label too many") }}
	})
	a := s.do("GET", "/metrics", "")
	assert.Equal(t, 500, a.status)
	assert.Equal(t, "internal_error", a.code())
}

// A stream is under way until its client has read it, or is gone.
func TestMetricsOfStreams(t *testing.T) {
	s := start(t, nil)
	c, err := s.listener.Dial()
	require.NoError(t, err)
	ids := strings.Repeat(`"5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f",`, 20_000)
	body := `{"template": "` + strings.Repeat("x", 2000) + `", "contacts": [` + strings.TrimSuffix(ids, ",") + `]}`
	_, err = fmt.Fprintf(c, "POST /v1/evaluate/batch HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	require.NoError(t, err)
	_, err = io.ReadFull(c, make([]byte, 1000))
	require.NoError(t, err)
	text := s.scraped()
	assert.Contains(t, text, "flowexpr_http_requests_in_flight 2\n")
	assert.NotContains(t, text, `flowexpr_http_requests_total{method="POST",route="/v1/evaluate/batch"`)
	require.NoError(t, c.Close())
	assert.Eventually(t, func() bool {
		text := s.scraped()
		return strings.Contains(text, "flowexpr_streams_total{result=\"abandoned\"} 1\n") && strings.Contains(text, "flowexpr_http_requests_in_flight 1\n")
	}, time.Minute, 10*time.Millisecond)
}

func TestLoggedRequests(t *testing.T) {
	logger, logged := logTo()
	s := start(t, func(o *server.Options) { o.Logger, o.LogRequests = logger, true })
	s.do("GET", jane, "", "X-Request-Id", "from-the-caller")
	s.do("GET", "/tel:+13233754866", "")
	assert.Eventually(t, func() bool { return strings.Count(logged(), "msg=request") == 2 }, time.Minute, time.Millisecond)
	assert.Regexp(t, `level=INFO msg=request request_id=from-the-caller method=GET route=/v1/contacts/\{uuid\} status=200 elapsed=\d`, logged())
	assert.Regexp(t, `level=INFO msg=request request_id=\S+ method=- route=- status=404 elapsed=\d`, logged())
	assert.NotContains(t, logged(), "13233754866")
}
