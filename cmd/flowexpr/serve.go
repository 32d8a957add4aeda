package main

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/transfer"
	"github.com/flowexpr/flowexpr/engine"
	"github.com/flowexpr/flowexpr/server"
)

// serveCommand runs the service.
type serveCommand struct {
	Log logFlags `embed:""`

	Listen string `default:"127.0.0.1:8090" placeholder:"ADDR" help:"Address to listen on (default: 127.0.0.1:8090). Beyond this machine it wants tokens."`
	Demo   bool   `help:"Load the demo workspace, Jane Doe among others; without a chosen store it is kept in a folder of its own."`
	tokenFlags
	tlsFlags
	CORSOrigin []string `name:"cors-origin" placeholder:"ORIGIN" help:"Let web pages of this site call the service from a browser, such as https://app.example.org; * is every site. Default: none."`
	AuditLog   string   `placeholder:"FILE" help:"Append a line of JSON for each write to FILE: who, what, which contact, with what result (default: text on standard error)."`
	limitFlags
}

//go:embed demo
var demo embed.FS

// demoFolder is where --demo keeps its contacts, inside the user's data folder.
const demoFolder = "demo"

// servingGC lets the heap of a service grow to three times what lives in it before memory is collected, where GOGC does
// not say otherwise: batches over Redis get a tenth more contacts a second.
const servingGC = 200

// Run serves until it is interrupted; it then finishes what it took.
func (c *serveCommand) Run(ctx context.Context, io streams, flags *storeFlags) (err error) {
	if flags.URL != "" {
		return usageError{errors.New("serve does not go with --url: it is the service")}
	}
	if err := errors.Join(c.check(), c.limitFlags.Validate()); err != nil {
		return err
	}
	if !c.TokensInStore && c.Tokens == "" { // before anything is opened
		if err := server.CheckListen(c.Listen, 0); err != nil {
			return err
		}
	}
	if c.Demo && !flags.chosen() {
		flags.Data = filepath.Join(defaultDataFolder(), demoFolder)
	}
	store, err := flags.openServing(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeStore(store)) }()
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(servingGC)
	}
	warnUnsafe(ctx, io.err, store)
	if c.Demo {
		if err := loadDemo(ctx, store, flags.Workspace); err != nil {
			return fmt.Errorf("demo workspace: %w", err)
		}
	}
	return c.serve(ctx, io, flags, store)
}

// closeTimeout bounds the closing of the store, which waits for what still reads from it.
const closeTimeout = 5 * time.Second

// closeStore closes the store; one that does not come to an end is left, as it is when a process is killed.
func closeStore(store contactstore.Store) error {
	closed := make(chan error, 1)
	go func() { closed <- store.Close() }()
	select {
	case err := <-closed:
		return err
	case <-time.After(closeTimeout):
		return fmt.Errorf("the store was not closed within %s", closeTimeout)
	}
}

func (c *serveCommand) serve(ctx context.Context, io streams, flags *storeFlags, store contactstore.Store) error {
	place := c.place(flags, store)
	kept, tokens, err := c.readTokens(ctx, io, place)
	if err != nil {
		return err
	}
	certificates, err := openCertificates(c.tlsFlags)
	if err != nil {
		return err
	}
	audit, err := openAuditLog(c.AuditLog, io)
	if err != nil {
		return err
	}
	defer audit.close() //nolint:errcheck // each line was written
	logger := c.Log.logger(io.err)
	options := server.Options{
		Store: store, Workspace: flags.Workspace, Logger: logger, LogRequests: c.Log.LogRequests, Audit: audit.logger,
		Tokens: tokens, NeedTokens: place != nil, CORSOrigins: c.CORSOrigin, TLS: certificates.config(), Metrics: storeMetrics(store), Version: buildVersion(),
	}
	c.apply(&options)
	if options.Engine, err = engine.New(engine.Options{Limits: c.engine()}); err != nil {
		return err
	}
	tracing, err := startTracing(ctx, logger)
	if err != nil {
		return err
	}
	if tracing != nil {
		defer stopTracing(tracing)
		options.Tracing = tracing
	}
	s, err := server.New(options)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("cannot listen on %s: %w (choose another with --listen)", c.Listen, err)
	}
	c.banner(listener, flags.describe(store), place, tokens, certificates, audit).write(io.err)
	if c.Demo && place == nil && certificates == nil {
		fmt.Fprintf(io.err, "try: curl -s --json '%s' http://%s/v1/evaluate\n", demoRequest, listener.Addr())
	}
	watching, stop := context.WithCancel(ctx)
	defer stop()
	r := &reloader{logger: logger, service: s, place: place, tokens: kept, certificates: certificates, audit: audit, failing: map[string]bool{}}
	go r.watch(watching)
	return s.Serve(ctx, listener)
}

// place gives where the tokens are; nil when none are wanted.
func (c *serveCommand) place(flags *storeFlags, store contactstore.Store) tokenPlace {
	switch {
	case c.Tokens != "":
		return tokenFile{c.Tokens}
	case c.TokensInStore:
		return tokenStore{store, flags.describe(store)}
	}
	return nil
}

// readTokens reads the tokens, and refuses to listen beyond this machine while there are none.
func (c *serveCommand) readTokens(ctx context.Context, io streams, place tokenPlace) ([]storedToken, []server.Token, error) {
	if place == nil {
		return nil, nil, nil
	}
	kept, err := place.read(ctx)
	if err != nil {
		return nil, nil, err
	}
	tokens, err := serverTokens(kept)
	if err != nil {
		return nil, nil, err
	}
	if file, ok := place.(tokenFile); ok {
		warnReadable(io.err, file.path)
	}
	return kept, tokens, server.CheckListen(c.Listen, len(tokens))
}

func (c *serveCommand) banner(l net.Listener, store string, place tokenPlace, tokens []server.Token, certificates *certificates, audit *auditLog) banner {
	scheme := "http"
	if certificates != nil {
		scheme = "https"
	}
	return banner{
		scheme: scheme, address: l.Addr().String(), store: store, place: place, tokens: len(tokens),
		certificates: certificates, origins: c.CORSOrigin, audit: audit, limits: &c.limitFlags,
	}
}

const demoRequest = `{"template": "Hi @contact.first_name, we will use @contact.urn", "contact": {"urn": "mailto:jane.doe@example.org"}}`

// loadDemo puts the demo workspace into a store: its contacts become again as they were at first.
func loadDemo(ctx context.Context, store contactstore.Store, workspace string) error {
	contacts, err := demo.ReadFile("demo/contacts.jsonl")
	if err != nil {
		return err
	}
	summary, err := transfer.Import(ctx, store, workspace, bytes.NewReader(contacts), transfer.Options{})
	if err != nil {
		return err
	}
	if summary.Failed > 0 {
		return fmt.Errorf("%s", summary.Problems[0])
	}
	settings, err := demo.ReadFile("demo/settings.json")
	if err != nil {
		return err
	}
	stored, version, err := store.Settings(ctx, workspace)
	if err != nil || bytes.Equal(stored, settings) {
		return err
	}
	return store.PutSettings(ctx, workspace, settings, version+1)
}
