// Command inmemory is flowexpr's service over contacts in memory: what a request costs when its contact is at hand, as
// beside bench/mock.
//
//	inmemory -listen 127.0.0.1:8091 -contacts 10000
package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"

	"github.com/flowexpr/flowexpr/bench/corpus"
	"github.com/flowexpr/flowexpr/contactstore/memstore"
	"github.com/flowexpr/flowexpr/engine"
	"github.com/flowexpr/flowexpr/server"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:8091", "address to listen on")
	contacts := flag.Int("contacts", 10_000, "number of contacts, the first regular ones of the corpus")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := serve(ctx, *listen, *contacts); err != nil {
		fmt.Fprintln(os.Stderr, "inmemory:", err)
		os.Exit(1)
	}
}

func serve(ctx context.Context, listen string, contacts int) error {
	store := memstore.New()
	if err := corpus.Fill(ctx, server.DefaultWorkspace, 0, contacts, store); err != nil {
		return err
	}
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
