package server

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"

	"github.com/valyala/fasthttp"
)

// Token lets its bearer into one workspace.
type Token struct {
	Token     string
	Workspace string
	// Role is read (evaluate and read) or write.
	Role string
}

// role is what a caller may do; a higher one includes the lower.
type role uint8

const (
	public role = iota // everybody: health
	read               // evaluate and read
	write
)

func parseRole(name string) (role, bool) {
	switch name {
	case "read":
		return read, true
	case "write":
		return write, true
	}
	return public, false
}

// String gives the role's name in tokens.
func (r role) String() string {
	switch r {
	case read:
		return "read"
	case write:
		return "write"
	}
	return "public"
}

// grant is what a token gives.
type grant struct {
	workspace string
	role      role
}

// tokens finds grants by the hash of the token, so that looking one up takes the same time whatever is asked for.
type tokens map[[sha256.Size]byte]grant

func newTokens(list []Token) (tokens, error) {
	all := make(tokens, len(list))
	for i, t := range list {
		role, ok := parseRole(t.Role)
		if !ok {
			return nil, fmt.Errorf("server: token %d has the role %q, want read or write", i+1, t.Role)
		}
		if t.Token == "" || t.Workspace == "" {
			return nil, fmt.Errorf("server: token %d has no text or no workspace", i+1)
		}
		key := sha256.Sum256([]byte(t.Token))
		if _, twice := all[key]; twice {
			return nil, errors.New("server: the same token twice")
		}
		all[key] = grant{workspace: t.Workspace, role: role}
	}
	return all, nil
}

// authorize says what a request may do, or why it may not do what it asks for.
func (s *Server) authorize(ctx *fasthttp.RequestCtx, want role) (grant, error) {
	if want == public {
		return grant{}, nil
	}
	if len(s.tokens) == 0 {
		return grant{workspace: s.options.Workspace, role: write}, sameSite(ctx)
	}
	token, ok := bearer(ctx.Request.Header.Peek(fasthttp.HeaderAuthorization))
	if !ok {
		return grant{}, errNoToken
	}
	given, ok := s.tokens[sha256.Sum256(token)]
	switch {
	case !ok:
		return grant{}, errWrongToken
	case given.role < want:
		return grant{}, errReadOnly
	}
	return given, nil
}

// bearer gives the token of an Authorization header: `Bearer TOKEN` or `Token TOKEN`.
func bearer(header []byte) ([]byte, bool) {
	scheme, token, ok := bytes.Cut(header, []byte(" "))
	token = bytes.TrimSpace(token)
	known := bytes.EqualFold(scheme, []byte("bearer")) || bytes.EqualFold(scheme, []byte("token"))
	return token, ok && known && len(token) > 0
}

// sameSite guards a service without tokens from web pages that the user happens to look at: a page of another origin,
// and one whose name was made to lead to this machine.
func sameSite(ctx *fasthttp.RequestCtx) error {
	origin, hostBytes := ctx.Request.Header.Peek(fasthttp.HeaderOrigin), ctx.Host()
	if len(origin) == 0 && len(bytes.Trim(hostBytes, "0123456789.:")) == 0 { // fast path: no page, and an address
		return nil
	}
	host := string(hostBytes)
	if len(origin) > 0 {
		if u, err := url.Parse(string(origin)); err != nil || u.Host != host {
			return errForeignSite
		}
	}
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.Trim(name, "[]")
	if strings.Contains(name, ".") && net.ParseIP(name) == nil && !isLoopback(name) {
		return errForeignSite
	}
	return nil
}
