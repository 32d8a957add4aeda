package server

import (
	"crypto/rand"
	"encoding/base64"

	"github.com/valyala/fasthttp"

	"github.com/flowexpr/flowexpr/server/preview"
)

// headers of the page: it loads nothing from elsewhere, runs no inline script, and nobody may frame it.
const (
	headerPolicy   = "Content-Security-Policy"
	headerReferrer = "Referrer-Policy"
	headerOpener   = "Cross-Origin-Opener-Policy"
)

// immutable lets browsers keep an asset for a year: its name holds the hash of what it is.
const immutable = "public, max-age=31536000, immutable"

// nonceBytes is the length of the nonce of a page's style sheets.
const nonceBytes = 16

// page answers GET / with the preview page, whose nonce is new each time.
func (s *Server) page(r *request) error {
	random := make([]byte, nonceBytes)
	_, _ = rand.Read(random) // never fails
	nonce := base64.RawURLEncoding.EncodeToString(random)
	h := &r.http.Response.Header
	h.Set(headerPolicy, preview.Policy(nonce))
	h.Set(headerReferrer, "no-referrer")
	h.Set(headerOpener, "same-origin")
	h.SetContentType("text/html; charset=utf-8")
	r.http.Response.SetBody(preview.Page(nonce))
	return nil
}

// asset answers with a file of the page, compressed where the browser can read that.
func (s *Server) asset(r *request) error {
	asset, _ := preview.Find(string(r.http.URI().PathOriginal()))
	h := &r.http.Response.Header
	h.Set(fasthttp.HeaderCacheControl, immutable)
	h.Set(fasthttp.HeaderVary, fasthttp.HeaderAcceptEncoding)
	h.SetContentType(asset.Type)
	body, encoding := asset.Plain, ""
	switch {
	case r.http.Request.Header.HasAcceptEncoding("br"):
		body, encoding = asset.Brotli, "br"
	case r.http.Request.Header.HasAcceptEncoding("gzip"):
		body, encoding = asset.Gzip, "gzip"
	}
	if encoding != "" {
		h.Set(fasthttp.HeaderContentEncoding, encoding)
	}
	r.http.Response.SetBodyRaw(body)
	return nil
}
