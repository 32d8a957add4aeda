// Command mock is the least that a service for templates can be: the ceiling that flowexpr's own service is measured
// against. It finds the members of a request by hand, the contact in a map or by one GET of Redis, the contacts of a batch
// by one MGET, renders the one template that it knows with hand-coded appends, and checks nothing.
//
//	mock -listen 127.0.0.1:8091 -contacts 10000
//	mock -listen 127.0.0.1:8091 -redis 127.0.0.1:6379
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"

	"github.com/redis/go-redis/v9"
	"github.com/valyala/fasthttp"

	"github.com/flowexpr/flowexpr/bench/corpus"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:8091", "address to listen on")
	address := flag.String("redis", "", "read each contact from the Redis at this address")
	contacts := flag.Int("contacts", 10_000, "number of contacts, the first regular ones of the corpus")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := serve(ctx, *listen, *address, *contacts); err != nil {
		fmt.Fprintln(os.Stderr, "mock:", err)
		os.Exit(1)
	}
}

func serve(ctx context.Context, listen, address string, contacts int) error {
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return err
	}
	m := mock{contacts: regular(contacts)}
	if address != "" {
		m.redis = redis.NewClient(&redis.Options{Addr: address})
		defer m.redis.Close()
		if err := m.fill(ctx); err != nil {
			return err
		}
	}
	s := &fasthttp.Server{Handler: m.handle, NoDefaultServerHeader: true, NoDefaultContentType: true}
	go func() {
		<-ctx.Done()
		_ = s.Shutdown()
	}()
	return s.Serve(listener)
}

// contact is what the mock's template names, as text.
type contact struct{ name, urn, email, twitter string }

type mock struct {
	contacts map[string]*contact // read only
	redis    *redis.Client
}

func regular(n int) map[string]*contact {
	all := make(map[string]*contact, n)
	for i := range n {
		all[corpus.RegularID(i)] = &contact{
			name: corpus.RegularName(i), urn: corpus.RegularPhone(i), email: corpus.RegularEmail(i), twitter: corpus.RegularTwitter(i),
		}
	}
	return all
}

// keys are where the mock's values lie in Redis.
const keys = "mock:"

// fill writes a value for each contact, as long as flowexpr's records are.
func (m *mock) fill(ctx context.Context) error {
	records, err := corpus.NewRecords("default")
	if err != nil {
		return err
	}
	record, err := records.Record(0)
	if err != nil {
		return err
	}
	pipe := m.redis.Pipeline()
	for id := range m.contacts {
		pipe.Set(ctx, keys+id, record.Bytes(), 0)
	}
	_, err = pipe.Exec(ctx)
	return err
}

func (m *mock) handle(ctx *fasthttp.RequestCtx) {
	if string(ctx.Path()) == "/v1/evaluate/batch" {
		m.batch(ctx)
		return
	}
	m.evaluate(ctx)
}

// member gives the text behind a name that stands once in a body.
func member(body []byte, name string) []byte {
	_, rest, _ := bytes.Cut(body, []byte(name))
	text, _, _ := bytes.Cut(rest, []byte{'"'})
	return text
}

func (m *mock) evaluate(ctx *fasthttp.RequestCtx) {
	body := ctx.Request.Body()
	template, id := member(body, `"template":"`), member(body, `"uuid":"`)
	c, ok := m.contacts[string(id)]
	if !ok || len(template) == 0 {
		ctx.SetStatusCode(fasthttp.StatusNotFound)
		return
	}
	if m.redis != nil {
		if _, err := m.redis.Get(ctx, keys+string(id)).Bytes(); err != nil {
			ctx.SetStatusCode(fasthttp.StatusServiceUnavailable)
			return
		}
	}
	ctx.Response.Header.SetContentType("application/json")
	answer := append(ctx.Response.SwapBody(nil)[:0], `{"text":"`...) // the buffer of an answer before
	ctx.Response.SwapBody(append(c.render(answer), `","warnings":[]}`...))
}

// batch gives a line for each contact of a list of UUIDs.
func (m *mock) batch(ctx *fasthttp.RequestCtx) {
	_, list, _ := bytes.Cut(ctx.Request.Body(), []byte(`"contacts":[`))
	var ids, wanted []string
	for len(list) > 0 && list[0] == '"' {
		id := string(list[1:37])
		ids, wanted = append(ids, id), append(wanted, keys+id)
		list = list[39:] // quotes and a comma
	}
	values, err := m.redis.MGet(ctx, wanted...).Result()
	if err != nil {
		ctx.SetStatusCode(fasthttp.StatusServiceUnavailable)
		return
	}
	ctx.Response.Header.SetContentType("application/x-ndjson")
	answer := ctx.Response.SwapBody(nil)[:0]
	for i, id := range ids {
		c, ok := m.contacts[id]
		if !ok || values[i] == nil {
			ctx.SetStatusCode(fasthttp.StatusNotFound)
			return
		}
		answer = append(append(append(answer, `{"contact":"`...), id...), `","text":"`...)
		answer = append(c.render(answer), "\"}\n"...)
	}
	ctx.Response.SwapBody(answer)
}

// render is template T4 of the corpus.
func (c *contact) render(dst []byte) []byte {
	dst = append(dst, `Hi `...)
	dst = append(dst, c.name...)
	dst = append(dst, `, thank you for signing up today. We will call `...)
	dst = append(dst, c.urn...)
	dst = append(dst, `, write to `...)
	dst = append(dst, c.email...)
	dst = append(dst, ` or tweet to `...)
	dst = append(dst, c.twitter...)
	return append(dst, `. Reply STOP to end.`...)
}
