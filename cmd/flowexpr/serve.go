package main

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"

	"go.yaml.in/yaml/v4"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/transfer"
	"github.com/flowexpr/flowexpr/engine"
	"github.com/flowexpr/flowexpr/server"
)

// serveCommand runs the service.
type serveCommand struct {
	Listen string `default:"127.0.0.1:8090" placeholder:"ADDR" help:"Address to listen on (default: 127.0.0.1:8090)."`
	Demo   bool   `help:"Load the demo workspace, Jane Doe among others; without a chosen store it is kept in a folder of its own."`
	Tokens string `type:"path" placeholder:"FILE" help:"YAML file of tokens: a list of {token, workspace, role}, role read or write. Needed to listen beyond this machine."`
}

//go:embed demo
var demo embed.FS

// demoFolder is where --demo keeps its contacts, inside the user's data folder.
const demoFolder = "demo"

// Run serves until it is interrupted; it then finishes what it took.
func (c *serveCommand) Run(ctx context.Context, io streams, flags *storeFlags) error {
	if flags.URL != "" {
		return usageError{errors.New("serve does not go with --url: it is the service")}
	}
	tokens, err := c.tokens(io)
	if err != nil {
		return err
	}
	if err := server.CheckListen(c.Listen, len(tokens)); err != nil {
		return err
	}
	if c.Demo && !flags.chosen() {
		flags.Data = filepath.Join(defaultDataFolder(), demoFolder)
	}
	store, err := flags.openServing(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	warnUnsafe(ctx, io.err, store)
	if c.Demo {
		if err := loadDemo(ctx, store, flags.Workspace); err != nil {
			return fmt.Errorf("demo workspace: %w", err)
		}
	}
	return c.serve(ctx, io, flags, store, tokens)
}

func (c *serveCommand) serve(ctx context.Context, io streams, flags *storeFlags, store contactstore.Store, tokens []server.Token) error {
	eng, err := engine.New(engine.Options{})
	if err != nil {
		return err
	}
	s, err := server.New(server.Options{
		Engine: eng, Store: store, Tokens: tokens, Workspace: flags.Workspace,
		Logger: slog.New(slog.NewTextHandler(io.err, nil)),
	})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("cannot listen on %s: %w (choose another with --listen)", c.Listen, err)
	}
	address := listener.Addr().String()
	fmt.Fprintf(io.err, "flowexpr serves http://%s with contacts of %s\n", address, flags.describe(store))
	if c.Demo {
		fmt.Fprintf(io.err, "try: curl -s --json '%s' http://%s/v1/evaluate\n", demoRequest, address)
	}
	return s.Serve(ctx, listener)
}

const demoRequest = `{"template": "Hi @contact.first_name, we will use @contact.urn", "contact": {"urn": "mailto:jane.doe@example.org"}}`

// tokens reads the file of tokens.
func (c *serveCommand) tokens(io streams) ([]server.Token, error) {
	if c.Tokens == "" {
		return nil, nil
	}
	data, err := readInput(c.Tokens, io)
	if err != nil {
		return nil, fmt.Errorf("tokens: %w", err)
	}
	var list []struct {
		Token     string `yaml:"token"`
		Workspace string `yaml:"workspace"`
		Role      string `yaml:"role"`
	}
	if err := yaml.Unmarshal(data, &list); err != nil {
		return nil, fmt.Errorf("tokens: %s: want a list of {token, workspace, role}", filepath.Base(c.Tokens))
	}
	warnReadable(io.err, c.Tokens)
	tokens := make([]server.Token, len(list))
	for i, t := range list {
		tokens[i] = server.Token{Token: t.Token, Workspace: t.Workspace, Role: t.Role}
	}
	return tokens, nil
}

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
