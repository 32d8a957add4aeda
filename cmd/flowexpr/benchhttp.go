package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"

	"github.com/valyala/fasthttp"

	"github.com/flowexpr/flowexpr/contactstore"
)

// overHTTP measures POST /v1/evaluate, one connection a caller.
func (b *hotPath) overHTTP(ctx context.Context) (benched, error) {
	template, err := json.Marshal(b.command.Template)
	if err != nil {
		return benched{}, err
	}
	address, err := url.Parse(b.address)
	if err != nil {
		return benched{}, fmt.Errorf("--url: %w", err)
	}
	callers := make([]httpCaller, b.command.Callers)
	for i := range callers {
		callers[i].connect(address, b.token)
		callers[i].next = i * 7919
	}
	return b.run(ctx, "over HTTP", len(callers), 1, func(caller int) error {
		h := &callers[caller]
		h.next = (h.next + 1) % len(b.ids)
		return h.evaluate(template, b.ids[h.next])
	})
}

// httpCaller is one connection with its buffers.
type httpCaller struct {
	client   *fasthttp.HostClient
	request  fasthttp.Request
	response fasthttp.Response
	next     int
}

func (h *httpCaller) connect(address *url.URL, token string) {
	host, tls := address.Host, address.Scheme == "https"
	if address.Port() == "" {
		host = fasthttp.AddMissingPort(host, tls)
	}
	h.client = &fasthttp.HostClient{Addr: host, IsTLS: tls, MaxConns: 1, ReadTimeout: callTimeout, WriteTimeout: callTimeout}
	h.request.SetRequestURI(address.JoinPath("/v1/evaluate").String())
	h.request.Header.SetMethod(fasthttp.MethodPost)
	h.request.Header.SetContentType("application/json")
	if token != "" {
		h.request.Header.Set(fasthttp.HeaderAuthorization, "Bearer "+token)
	}
}

func (h *httpCaller) evaluate(template []byte, id contactstore.UUID) error {
	body := append(h.request.Body()[:0], `{"template":`...)
	body = append(body, template...)
	body = append(body, `,"contact":{"uuid":"`...)
	body = append(body, id.String()...)
	h.request.SetBodyRaw(append(body, `"}}`...))
	if err := h.client.Do(&h.request, &h.response); err != nil {
		return err
	}
	if status := h.response.StatusCode(); status != fasthttp.StatusOK {
		return problemOf(status, h.response.Body())
	}
	return nil
}

// listIDs gives the first contacts of a service, page by page.
func listIDs(ctx context.Context, s *service, most int) (ids []contactstore.UUID, err error) {
	for cursor := ""; len(ids) < most; {
		var page []contactstore.UUID
		if page, cursor, err = s.page(ctx, cursor, min(most-len(ids), benchPage)); err != nil {
			return nil, err
		}
		if ids = append(ids, page...); cursor == "" {
			break
		}
	}
	return ids, nil
}
