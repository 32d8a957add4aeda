package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/valyala/fasthttp/fasthttputil"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/engine"
	"github.com/flowexpr/flowexpr/engine/diag"
	"github.com/flowexpr/flowexpr/server"
)

// service is what commands speak to: a running flowexpr, or one in this process over a store.
type service struct {
	base  string
	token string
	http  *http.Client
	close func() error
}

// callTimeout bounds one call.
const callTimeout = 60 * time.Second

// openService gives the service at --url, or one over the chosen store.
func openService(ctx context.Context, flags *storeFlags) (*service, error) {
	if flags.URL != "" {
		return &service{
			base: strings.TrimSuffix(flags.URL, "/"), token: flags.Token,
			http: &http.Client{Timeout: callTimeout}, close: func() error { return nil },
		}, nil
	}
	store, err := flags.open(ctx)
	if err != nil {
		return nil, err
	}
	s, err := serviceOver(ctx, store, flags.Workspace)
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	stop := s.close
	s.close = func() error { return errors.Join(stop(), store.Close()) }
	return s, nil
}

// serviceOver runs a service in this process.
func serviceOver(ctx context.Context, store contactstore.Store, workspace string) (*service, error) {
	eng, err := engine.New(engine.Options{})
	if err != nil {
		return nil, err
	}
	handler, err := server.New(server.Options{Engine: eng, Store: store, Workspace: workspace})
	if err != nil {
		return nil, err
	}
	listener := fasthttputil.NewInmemoryListener()
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	served := make(chan error, 1)
	go func() { served <- handler.Serve(ctx, listener) }()
	transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return listener.Dial() }}
	return &service{
		base: "http://flowexpr.localhost",
		http: &http.Client{Transport: transport, Timeout: callTimeout},
		close: func() error {
			transport.CloseIdleConnections()
			stop()
			return <-served
		},
	}, nil
}

// problem is an answer that is an error.
type problem struct {
	Status int          `json:"status"`
	Code   string       `json:"code"`
	Detail string       `json:"detail"`
	Hint   string       `json:"hint"`
	Errors []diag.Entry `json:"errors"`
	// Migrated is the rewritten template that the errors are about, if it was rewritten.
	Migrated string `json:"migrated"`
}

func (p *problem) Error() string {
	if p.Hint != "" {
		return p.Detail + " (" + p.Hint + ")"
	}
	return p.Detail
}

// Unwrap gives what stores return in the same case.
func (p *problem) Unwrap() error {
	switch {
	case p.Status == http.StatusNotFound:
		return contactstore.ErrNotFound
	case p.Code == "urn_taken":
		return contactstore.ErrConflict
	case p.Status == http.StatusPreconditionFailed, p.Code == "stale_version":
		return contactstore.ErrVersion
	case p.Status == http.StatusServiceUnavailable:
		return contactstore.ErrUnavailable
	}
	return nil
}

// answer is an answer that is none.
type answer struct {
	status int
	etag   string
	body   []byte
}

// version gives the version that the answer's ETag tells.
func (a *answer) version() (uint64, error) {
	version, err := strconv.ParseUint(strings.Trim(a.etag, `"`), 10, 64)
	if err != nil {
		return 0, errors.New("the service's answer has no version")
	}
	return version, nil
}

// maxAnswerBytes bounds what is read of an answer.
const maxAnswerBytes = 64 << 20

// call makes one call; body is marshalled unless it is nil or bytes already. Headers come in pairs.
func (s *service) call(ctx context.Context, method, path string, body any, headers ...string) (*answer, error) {
	request, err := s.request(ctx, method, path, body)
	if err != nil {
		return nil, err
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := s.http.Do(request)
	if err != nil {
		return nil, s.unreachable(err)
	}
	defer response.Body.Close()
	data, err := readLimited(response.Body, maxAnswerBytes)
	if err != nil {
		return nil, fmt.Errorf("the answer of %s: %w", s.base, err)
	}
	if response.StatusCode >= http.StatusBadRequest {
		return nil, problemOf(response.StatusCode, data)
	}
	return &answer{status: response.StatusCode, etag: response.Header.Get("ETag"), body: data}, nil
}

// request builds a call.
func (s *service) request(ctx context.Context, method, path string, body any) (*http.Request, error) {
	payload, err := payloadOf(body)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, method, s.base+path, bytes.NewReader(payload))
	if err != nil {
		return nil, usageError{fmt.Errorf("--url: %w", err)}
	}
	if payload != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if s.token != "" {
		request.Header.Set("Authorization", "Bearer "+s.token)
	}
	return request, nil
}

// unreachable is the error of a call without an answer.
func (s *service) unreachable(err error) error {
	return fmt.Errorf("the service at %s does not answer: %w", s.base, errors.Unwrap(err))
}

func payloadOf(body any) ([]byte, error) {
	switch body := body.(type) {
	case nil:
		return nil, nil
	case []byte:
		return body, nil
	}
	return json.Marshal(body)
}

// problemOf reads a problem; whoever answers without one is not flowexpr.
func problemOf(status int, data []byte) error {
	p := &problem{}
	if json.Unmarshal(data, p) != nil || p.Code == "" {
		p = &problem{Code: "not_flowexpr", Detail: fmt.Sprintf("got the status %d and no answer of flowexpr's", status), Hint: "is the address right?"}
	}
	p.Status = status
	return p
}

// printJSON writes JSON to read, indented, as it is.
func printJSON(w io.Writer, data []byte) error {
	var b bytes.Buffer
	if err := json.Indent(&b, data, "", "  "); err != nil {
		return err
	}
	b.WriteByte('\n')
	_, err := b.WriteTo(w)
	return err
}
