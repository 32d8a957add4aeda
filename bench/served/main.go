// Command served is flowexpr's service over one store and nothing before it, to be measured beside bench/mock: contacts
// in memory, as a near cache has them, or a read of Redis for each request.
//
//	served -listen 127.0.0.1:8091 -contacts 10000
//	served -listen 127.0.0.1:8091 -redis redis://127.0.0.1:6379/0
package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"

	"github.com/flowexpr/flowexpr/bench/corpus"
	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/memstore"
	"github.com/flowexpr/flowexpr/contactstore/redisstore"
	"github.com/flowexpr/flowexpr/engine"
	"github.com/flowexpr/flowexpr/server"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:8091", "address to listen on")
	url := flag.String("redis", "", "read each contact from the Redis at this URL")
	contacts := flag.Int("contacts", 10_000, "number of contacts in memory, the first regular ones of the corpus")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := serve(ctx, *listen, *url, *contacts); err != nil {
		fmt.Fprintln(os.Stderr, "served:", err)
		os.Exit(1)
	}
}

func serve(ctx context.Context, listen, url string, contacts int) error {
	store, err := open(ctx, url, contacts)
	if err != nil {
		return err
	}
	defer store.Close()
	eng, err := engine.New(engine.Options{})
	if err != nil {
		return err
	}
	s, err := server.New(server.Options{Engine: eng, Store: store})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return err
	}
	return s.Serve(ctx, listener)
}

func open(ctx context.Context, url string, contacts int) (contactstore.Store, error) {
	if url != "" {
		return redisstore.Open(ctx, url, redisstore.Options{})
	}
	store := memstore.New()
	return store, corpus.Fill(ctx, server.DefaultWorkspace, 0, contacts, store)
}
