package server_test

import (
	"io"
	"net/http"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/server"
	"github.com/flowexpr/flowexpr/server/preview"
)

// get sends a request whose answer is left as it is sent: not decompressed.
func (s *service) get(t *testing.T, path, encoding string) (*http.Response, []byte) {
	t.Helper()
	request, err := http.NewRequest("GET", "http://flowexpr.localhost"+path, nil)
	require.NoError(t, err)
	request.Header.Set("Accept-Encoding", encoding)
	response, err := s.client.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response, body
}

// The page is for everybody: it has no data, and asks for a token where one is needed.
func TestPageHasANewNonceEachTime(t *testing.T) {
	s := start(t, func(o *server.Options) { o.Tokens = []server.Token{{Token: "t", Workspace: "default", Role: "read"}} })
	nonces := map[string]bool{}
	for range 2 {
		response, body := s.get(t, "/", "gzip")
		assert.Equal(t, 200, response.StatusCode)
		assert.Equal(t, "text/html; charset=utf-8", response.Header.Get("Content-Type"))
		assert.Equal(t, "no-store", response.Header.Get("Cache-Control"))
		nonce := regexp.MustCompile(`nonce="([\w-]{22})"`).FindSubmatch(body)
		require.NotNil(t, nonce)
		assert.Equal(t, preview.Policy(string(nonce[1])), response.Header.Get("Content-Security-Policy"))
		nonces[string(nonce[1])] = true
	}
	assert.Len(t, nonces, 2)
}

func TestAssetsAreCompressedAndKept(t *testing.T) {
	s := start(t, nil)
	for _, path := range preview.Paths() {
		asset, _ := preview.Find(path)
		for _, test := range []struct {
			accept, encoding string
			body             []byte
		}{
			{"gzip, deflate, br", "br", asset.Brotli}, {"gzip", "gzip", asset.Gzip}, {"identity", "", asset.Plain},
		} {
			response, body := s.get(t, path, test.accept)
			assert.Equal(t, 200, response.StatusCode)
			assert.Equal(t, asset.Type, response.Header.Get("Content-Type"))
			assert.Equal(t, test.encoding, response.Header.Get("Content-Encoding"))
			assert.Equal(t, "public, max-age=31536000, immutable", response.Header.Get("Cache-Control"))
			assert.Equal(t, "Accept-Encoding", response.Header.Get("Vary"))
			assert.Equal(t, "nosniff", response.Header.Get("X-Content-Type-Options"))
			assert.Equal(t, string(test.body), string(body))
		}
	}
	response, _ := s.get(t, "/assets/page-00000000.js", "gzip")
	assert.Equal(t, 404, response.StatusCode)
}
