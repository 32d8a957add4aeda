package server

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"hash/maphash"
	"math"
	"net"
	"net/url"
	"strconv"
	"strings"

	"github.com/valyala/fasthttp"
	"golang.org/x/time/rate"
)

// Token lets its bearer into one workspace.
type Token struct {
	// ID names the token in audit lines; it is no secret. Default: its place in the list, such as token-1.
	ID string
	// Token is the text that callers send; without it, Hash is that of the text.
	Token string
	Hash  TokenHash
	// Workspace is the one that the bearer works in.
	Workspace string
	// Role is read (evaluate and read) or write.
	Role string
}

// Validate tells what is wrong with a token.
func (t Token) Validate() error {
	_, ok := parseRole(t.Role)
	switch {
	case !ok:
		return fmt.Errorf("has the role %q, want read or write", t.Role)
	case t.Workspace == "" || t.Token == "" && t.Hash == TokenHash{}:
		return errors.New("has no text or no workspace")
	case strings.HasPrefix(t.Workspace, ReservedPrefix):
		return fmt.Errorf("is for the workspace %q, which is flowexpr's own", t.Workspace)
	}
	return nil
}

// TokenHash is what is kept of a token: its SHA-256. That is enough, without salt or a slow function, for texts of 256
// random bits, which nobody finds by trying; it is not for texts that people make up.
type TokenHash [sha256.Size]byte

// HashToken gives what is kept of a token.
func HashToken(text string) TokenHash { return sha256.Sum256([]byte(text)) }

// ReservedPrefix begins the names of workspaces that no token and no command may name: there flowexpr keeps what is
// its own, such as tokens.
const ReservedPrefix = "flowexpr:"

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

// grant is what a token gives. It is immutable.
type grant struct {
	hash      TokenHash
	id        string // for the audit
	workspace *workspace
	role      role
	rate      *rate.Limiter // nil: no limit
}

// grants are who may do what, at one time. They are immutable: other tokens are other grants.
type grants struct {
	needed     bool   // whether callers need a token
	anonymous  *grant // of those who need none; nil when needed
	seed       maphash.Seed
	byHash     map[uint64]*grant // by a hash of the token's hash that nobody outside can compute
	workspaces map[string]*workspace
}

// newGrants checks tokens. Workspaces and limiters that before has are kept: what they know stays true.
func (s *Server) newGrants(list []Token, before *grants) (*grants, error) {
	g := &grants{needed: s.options.NeedTokens || len(s.options.Tokens) > 0, workspaces: map[string]*workspace{}}
	if !g.needed {
		g.anonymous = &grant{id: "anonymous", workspace: s.workspaceOf(s.options.Workspace, g, before), role: write, rate: s.newRate()}
		return g, nil
	}
	all := make([]*grant, 0, len(list))
	for i, t := range list {
		given, err := s.newGrant(i, t, g, before)
		if err != nil {
			return nil, err
		}
		all = append(all, given)
	}
	return g, g.index(all)
}

func (s *Server) newGrant(i int, t Token, g, before *grants) (*grant, error) {
	if err := t.Validate(); err != nil {
		return nil, fmt.Errorf("server: token %d %w", i+1, err)
	}
	role, _ := parseRole(t.Role)
	given := &grant{hash: t.Hash, id: orElse(t.ID, "token-"+strconv.Itoa(i+1)), workspace: s.workspaceOf(t.Workspace, g, before), role: role}
	if t.Token != "" {
		given.hash = HashToken(t.Token)
	}
	if old := before.find(given.hash); old != nil {
		given.rate = old.rate
	} else {
		given.rate = s.newRate()
	}
	return given, nil
}

func (s *Server) newRate() *rate.Limiter {
	if s.options.RequestRate <= 0 {
		return nil
	}
	return rate.NewLimiter(rate.Limit(s.options.RequestRate), max(1, int(s.options.RequestRate)))
}

// pace holds a token to its rate.
func (g *grant) pace() error {
	if g.rate == nil || g.rate.Allow() { // fast path
		return nil
	}
	return tooManyRequests(int(math.Ceil(max(1, 1/float64(g.rate.Limit())))))
}

// workspaceOf gives the workspace of a name, the one of before if it was there.
func (s *Server) workspaceOf(name string, g, before *grants) *workspace {
	w := g.workspaces[name]
	if w == nil && before != nil {
		w = before.workspaces[name]
	}
	if w == nil {
		w = newWorkspace(name, s.store, s.options.Clock)
	}
	g.workspaces[name] = w
	return w
}

// index makes grants to be found. Two hashes under one key are told apart by another seed.
func (g *grants) index(all []*grant) error {
	seen := make(map[TokenHash]bool, len(all))
	for _, given := range all {
		if seen[given.hash] {
			return errors.New("server: the same token twice")
		}
		seen[given.hash] = true
	}
	for len(g.byHash) < len(all) || g.byHash == nil {
		g.seed, g.byHash = maphash.MakeSeed(), make(map[uint64]*grant, len(all))
		for _, given := range all {
			g.byHash[maphash.Bytes(g.seed, given.hash[:])] = given
		}
	}
	return nil
}

// find gives the grant of a token's hash, or nil. How long it takes says nothing about the tokens that there are: the
// key in the map hangs on a secret seed, and hashes are compared in constant time.
func (g *grants) find(hash TokenHash) *grant {
	if g == nil || g.byHash == nil {
		return nil
	}
	given := g.byHash[maphash.Bytes(g.seed, hash[:])]
	if given == nil || subtle.ConstantTimeCompare(given.hash[:], hash[:]) != 1 {
		return nil
	}
	return given
}

// SetTokens replaces the tokens: requests that begin from now on need one of them. On an error those of before stay.
// A server that began without tokens stays open, and one that began with tokens, or with NeedTokens, never becomes so:
// without any token it lets nobody in.
func (s *Server) SetTokens(list []Token) error {
	s.granting.Lock()
	defer s.granting.Unlock()
	next, err := s.newGrants(list, s.grants.Load())
	if err != nil {
		return err
	}
	s.grants.Store(next)
	return nil
}

// authorize says who asks, or why the caller may not do what it asks for. Where a token is known but may not do it, both.
func (s *Server) authorize(ctx *fasthttp.RequestCtx, want role) (*grant, error) {
	all := s.grants.Load()
	if want == public {
		return nil, nil
	}
	if !all.needed {
		return all.anonymous, s.sameSite(ctx)
	}
	token, ok := bearer(ctx.Request.Header.Peek(fasthttp.HeaderAuthorization))
	if !ok {
		return nil, errNoToken
	}
	given := all.find(sha256.Sum256(token))
	switch {
	case given == nil:
		return nil, errWrongToken
	case given.role < want:
		return given, errReadOnly
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

// isAddress reports whether a host is an address of IPv4, perhaps with a port, or another text of digits.
func isAddress(host []byte) bool {
	for _, c := range host {
		if (c < '0' || c > '9') && c != '.' && c != ':' {
			return false
		}
	}
	return true
}

// sameSite guards a service without tokens from web pages that the user happens to look at: a page of another origin
// that is not one of CORSOrigins, and one whose name was made to lead to this machine.
func (s *Server) sameSite(ctx *fasthttp.RequestCtx) error {
	origin, hostBytes := ctx.Request.Header.Peek(fasthttp.HeaderOrigin), ctx.Host()
	if len(origin) == 0 && isAddress(hostBytes) { // fast path: no page
		return nil
	}
	host := string(hostBytes)
	if len(origin) > 0 && !s.cors.allows(origin) {
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
