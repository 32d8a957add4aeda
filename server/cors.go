package server

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/valyala/fasthttp"
)

// anyOrigin allows every site.
const anyOrigin = "*"

// cors says which web pages of other sites may call the service from a browser. The zero value: none.
type cors struct {
	any     bool
	origins []string
}

// What pages of other sites may send and see. There are no cookies, so that no credentials are allowed: a token travels
// in Authorization.
const (
	corsMethods = "GET, POST, PUT, PATCH, DELETE"
	corsHeaders = "Authorization, Content-Type, If-Match, If-None-Match, X-Request-Id"
	corsExposed = "Age, ETag, Location, Retry-After, X-Request-Id"
	corsMaxAge  = "600" // s
)

// newCORS checks origins: each scheme://host, perhaps with a port, as browsers write them, or * for all.
func newCORS(origins []string, needTokens bool) (cors, error) {
	var c cors
	for _, origin := range origins {
		if origin == anyOrigin {
			if !needTokens {
				return cors{}, errors.New("server: CORS for every site wants tokens: without them every page that somebody looks at could change all contacts")
			}
			c.any = true
			continue
		}
		u, err := url.Parse(origin)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || origin != strings.ToLower(u.Scheme+"://"+u.Host) {
			return cors{}, fmt.Errorf("server: %q is no origin of web pages, want one such as https://app.example.org, or *", origin)
		}
		c.origins = append(c.origins, origin)
	}
	return c, nil
}

func (c *cors) allows(origin []byte) bool {
	for _, known := range c.origins {
		if known == string(origin) {
			return true
		}
	}
	return c.any
}

// header tells a browser that a page may see the answer, and reports whether the request only asks what it may send.
// Fast path: nothing is configured.
func (c *cors) header(ctx *fasthttp.RequestCtx) (preflight bool) {
	if !c.any && len(c.origins) == 0 {
		return false
	}
	h := &ctx.Response.Header
	h.Add(fasthttp.HeaderVary, fasthttp.HeaderOrigin)
	origin := ctx.Request.Header.Peek(fasthttp.HeaderOrigin)
	if len(origin) == 0 || !c.allows(origin) {
		return false
	}
	h.SetBytesV(fasthttp.HeaderAccessControlAllowOrigin, origin)
	h.Set(fasthttp.HeaderAccessControlExposeHeaders, corsExposed)
	if !ctx.IsOptions() || len(ctx.Request.Header.Peek(fasthttp.HeaderAccessControlRequestMethod)) == 0 {
		return false
	}
	h.Set(fasthttp.HeaderAccessControlAllowMethods, corsMethods)
	h.Set(fasthttp.HeaderAccessControlAllowHeaders, corsHeaders)
	h.Set(fasthttp.HeaderAccessControlMaxAge, corsMaxAge)
	ctx.Response.SetStatusCode(fasthttp.StatusNoContent)
	return true
}
