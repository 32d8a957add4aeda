package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"
)

// tokenCommand makes, lists and revokes tokens.
type tokenCommand struct {
	Create tokenCreateCommand `cmd:"" help:"Make a token, and print it once: only its hash is kept."`
	List   tokenListCommand   `cmd:"" help:"List the tokens, without their texts."`
	Revoke tokenRevokeCommand `cmd:"" help:"Revoke a token: services take it for 5 seconds more at most."`
}

// tokenFlags choose where tokens are kept.
type tokenFlags struct {
	Tokens        string `type:"path" env:"FLOWEXPR_TOKENS_FILE,FLOWEXPR_TOKENS" aliases:"tokens-file" placeholder:"FILE" help:"Keep tokens in a YAML file: a list of {token or hash, workspace, role}, role read or write."`
	TokensInStore bool   `help:"Keep tokens in the store, beside the contacts: for several services over one Redis or PostgreSQL."`
}

// check refuses flags that contradict each other.
func (f *tokenFlags) check() error {
	if f.Tokens != "" && f.TokensInStore {
		return usageError{errors.New("--tokens and --tokens-in-store exclude each other: give one")}
	}
	return nil
}

// with runs work on the chosen place.
func (f *tokenFlags) with(ctx context.Context, flags *storeFlags, work func(tokenPlace) error) error {
	if err := f.check(); err != nil {
		return err
	}
	switch {
	case flags.URL != "":
		return usageError{errors.New("token does not go with --url: tokens are made where the service runs")}
	case f.Tokens != "":
		return work(tokenFile{f.Tokens})
	case !f.TokensInStore:
		return usageError{errors.New("where are the tokens? give --tokens FILE, or --tokens-in-store")}
	}
	store, err := flags.open(ctx)
	if err != nil {
		return err
	}
	return errors.Join(work(tokenStore{store, flags.describe(store)}), store.Close())
}

type tokenCreateCommand struct {
	tokenFlags
	Name string `arg:"" help:"What the token is for: told in lists and in the audit log."`
	Role string `enum:"read,write" default:"read" help:"What its bearer may do: read (evaluate and read) or write (default: read)."`
}

// Run makes a token.
func (c *tokenCreateCommand) Run(ctx context.Context, io streams, flags *storeFlags) error {
	return c.with(ctx, flags, func(place tokenPlace) error {
		made, text := newToken(c.Name, flags.Workspace, c.Role, time.Now())
		err := place.change(ctx, func(list []storedToken) ([]storedToken, error) {
			if count(list, func(t storedToken) bool { return t.Name == c.Name || t.ID == c.Name }) > 0 {
				return nil, fmt.Errorf("there is a token %q already (choose another name, or revoke it first)", c.Name)
			}
			token, err := made.token(len(list))
			if err == nil {
				err = token.Validate()
			}
			if err != nil {
				return nil, fmt.Errorf("the token %w", err)
			}
			return append(list, made), nil
		})
		if err != nil {
			return err
		}
		fmt.Fprintf(io.err, "flowexpr: token %s (%s, role %s, workspace %s) is kept in %s as a hash; this is its only showing:\n", c.Name, made.ID, made.Role, made.Workspace, place)
		_, err = fmt.Fprintln(io.out, text)
		return err
	})
}

type tokenListCommand struct {
	tokenFlags
	JSON bool `name:"json" help:"Print JSON."`
}

// Run lists the tokens.
func (c *tokenListCommand) Run(ctx context.Context, io streams, flags *storeFlags) error {
	return c.with(ctx, flags, func(place tokenPlace) error {
		list, err := place.read(ctx)
		if err != nil {
			return err
		}
		if c.JSON {
			data, err := json.Marshal(append([]storedToken{}, list...))
			if err != nil {
				return err
			}
			return printJSON(io.out, data)
		}
		table := tabwriter.NewWriter(io.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "ID\tNAME\tWORKSPACE\tROLE\tCREATED")
		for _, t := range list {
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", dash(t.ID), dash(t.Name), t.Workspace, t.Role, dash(t.Created))
		}
		return table.Flush()
	})
}

func dash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

type tokenRevokeCommand struct {
	tokenFlags
	Token string `arg:"" name:"id" help:"The token's id, or its name."`
}

// Run revokes a token.
func (c *tokenRevokeCommand) Run(ctx context.Context, io streams, flags *storeFlags) error {
	return c.with(ctx, flags, func(place tokenPlace) error {
		err := place.change(ctx, func(list []storedToken) ([]storedToken, error) { return withoutToken(list, c.Token) })
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(io.err, "flowexpr: token %s is revoked: services take it for %s more at most\n", c.Token, rereadEvery)
		return err
	})
}
