package main

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/server"
)

// storedToken is a token as files and stores keep it: the text of those that people wrote, the hash of those that
// flowexpr made.
type storedToken struct {
	ID        string `yaml:"id,omitempty" json:"id"`
	Name      string `yaml:"name,omitempty" json:"name"`
	Token     string `yaml:"token,omitempty" json:"-"`
	Hash      string `yaml:"hash,omitempty" json:"-"`
	Workspace string `yaml:"workspace" json:"workspace"`
	Role      string `yaml:"role" json:"role"`
	Created   string `yaml:"created,omitempty" json:"created,omitempty"`
}

// The form of tokens and of their hashes.
const (
	tokenPrefix = "fx_" // so that people and scanners of secrets know one when they see it
	tokenBytes  = 32    // 256 random bits
	hashPrefix  = "sha256:"
)

// newToken makes a token and gives its text, which is kept nowhere.
func newToken(name, workspace, role string, now time.Time) (storedToken, string) {
	random := make([]byte, tokenBytes+4)
	_, _ = rand.Read(random) // never fails
	text := tokenPrefix + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(random[4:]))
	hash := server.HashToken(text)
	return storedToken{
		ID: hex.EncodeToString(random[:4]), Name: name, Hash: hashPrefix + hex.EncodeToString(hash[:]),
		Workspace: workspace, Role: role, Created: now.UTC().Format(time.RFC3339),
	}, text
}

// token gives a token as the service wants it; i is its place in the list.
func (t storedToken) token(i int) (server.Token, error) {
	token := server.Token{ID: strings.Trim(t.ID+"/"+t.Name, "/"), Token: t.Token, Workspace: t.Workspace, Role: t.Role}
	if t.Hash == "" {
		return token, nil
	}
	text, known := strings.CutPrefix(t.Hash, hashPrefix)
	hash, err := hex.DecodeString(text)
	if !known || err != nil || len(hash) != len(token.Hash) || t.Token != "" {
		return server.Token{}, fmt.Errorf("token %d: want a token, or a hash such as %s and 64 hexadecimal digits", i+1, hashPrefix)
	}
	token.Hash = server.TokenHash(hash)
	return token, nil
}

func serverTokens(list []storedToken) ([]server.Token, error) {
	tokens := make([]server.Token, 0, len(list))
	for i, t := range list {
		token, err := t.token(i)
		if err != nil {
			return nil, err
		}
		tokens = append(tokens, token)
	}
	return tokens, nil
}

// tokenPlace is where tokens are kept.
type tokenPlace interface {
	// read gives all tokens.
	read(ctx context.Context) ([]storedToken, error)
	// change replaces the tokens by what edit makes of them, all at once.
	change(ctx context.Context, edit func([]storedToken) ([]storedToken, error)) error
	// String says where, for people.
	String() string
}

// maxTokensBytes bounds what is read of tokens: some ten thousand.
const maxTokensBytes = 4 << 20

// tokenFile keeps tokens in a YAML file.
type tokenFile struct{ path string }

func (f tokenFile) String() string { return f.path }

func (f tokenFile) read(context.Context) ([]storedToken, error) {
	data, err := readFile(f.path, maxTokensBytes)
	if err != nil {
		return nil, fmt.Errorf("tokens: %w", err)
	}
	return parseTokens(filepath.Base(f.path), data)
}

// parseTokens reads a list of tokens. The error quotes nothing of it.
func parseTokens(name string, data []byte) ([]storedToken, error) {
	var list []storedToken
	if err := readYAML(data, &list); err != nil {
		return nil, fmt.Errorf("tokens: %s: %w", name, &yamlFault{yamlFaultOf(err, data, "").line, "want a list of {token, workspace, role}"})
	}
	return list, nil
}

const tokenFileHead = "# Tokens of flowexpr: made by `flowexpr token create`, or written by hand as {token, workspace, role}.\n"

func (f tokenFile) change(ctx context.Context, edit func([]storedToken) ([]storedToken, error)) error {
	unlock, err := lockFolder(filepath.Dir(f.path))
	if err != nil {
		return fmt.Errorf("tokens: %w", err)
	}
	defer unlock()
	list, err := f.read(ctx)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if list, err = edit(list); err != nil {
		return err
	}
	data, err := yaml.Marshal(list)
	if err != nil {
		return fmt.Errorf("tokens: %w", err)
	}
	return f.replace(append([]byte(tokenFileHead), data...))
}

// replace makes data the file, which only its owner can read. Readers see the old one or the new one, also after a
// crash.
func (f tokenFile) replace(data []byte) error {
	next, err := os.CreateTemp(filepath.Dir(f.path), ".tokens-*") // with the mode 0600
	if err != nil {
		return fmt.Errorf("tokens: %w", err)
	}
	_, err = next.Write(data)
	err = errors.Join(err, next.Sync(), next.Close())
	if err == nil {
		err = os.Rename(next.Name(), f.path)
	}
	if err != nil {
		return fmt.Errorf("tokens: %w", errors.Join(err, os.Remove(next.Name())))
	}
	return nil
}

// tokenStore keeps tokens beside the contacts, as the settings of a workspace that nobody can use.
type tokenStore struct {
	store contactstore.Store
	where string
}

const tokenWorkspace = server.ReservedPrefix + "tokens"

func (s tokenStore) String() string { return s.where }

func (s tokenStore) read(ctx context.Context) ([]storedToken, error) {
	list, _, err := s.load(ctx)
	return list, err
}

func (s tokenStore) load(ctx context.Context) ([]storedToken, uint64, error) {
	data, version, err := s.store.Settings(ctx, tokenWorkspace)
	if err != nil {
		return nil, 0, fmt.Errorf("tokens: %w", err)
	}
	list, err := parseTokens("those in the store", data)
	return list, version, err
}

// tokenAttempts bounds how often a change that lost a race is tried again.
const tokenAttempts = 10

func (s tokenStore) change(ctx context.Context, edit func([]storedToken) ([]storedToken, error)) error {
	for attempt := 1; ; attempt++ {
		list, version, err := s.load(ctx)
		if err != nil {
			return err
		}
		if list, err = edit(list); err != nil {
			return err
		}
		data, err := yaml.Marshal(list)
		if err != nil {
			return fmt.Errorf("tokens: %w", err)
		}
		err = s.store.PutSettings(ctx, tokenWorkspace, data, version+1)
		if !errors.Is(err, contactstore.ErrVersion) || attempt == tokenAttempts {
			return err
		}
	}
}

// withoutToken takes one token out of a list, by its id or its name.
func withoutToken(list []storedToken, reference string) ([]storedToken, error) {
	named := func(t storedToken) bool { return t.ID == reference || t.Name == reference }
	switch n := count(list, named); n {
	case 1:
		return slices.DeleteFunc(list, named), nil
	case 0:
		return nil, fmt.Errorf("no token has the id or the name %q (see flowexpr token list)", reference)
	default:
		return nil, fmt.Errorf("%d tokens have the name %q: give the id of one (see flowexpr token list)", n, reference)
	}
}

func count(list []storedToken, fits func(storedToken) bool) (n int) {
	for _, t := range list {
		if fits(t) {
			n++
		}
	}
	return n
}

// readFile reads a file up to a size.
func readFile(path string, limit int64) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return readLimited(file, limit)
}
