package preview_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/server/preview"
)

// maxCompressed bounds what a browser loads, in bytes.
const maxCompressed = 400 << 10

func TestAssets(t *testing.T) {
	paths := preview.Paths()
	require.Len(t, paths, 3)
	compressed := 0
	for _, path := range paths {
		assert.Regexp(t, `^/assets/[a-z]+-[0-9A-Za-z]{8}\.(js|css|svg)$`, path)
		asset, ok := preview.Find(path)
		require.True(t, ok)
		assert.NotEmpty(t, asset.Type, path)
		assert.NotEmpty(t, asset.Brotli, path)
		reader, err := gzip.NewReader(bytes.NewReader(asset.Gzip))
		require.NoError(t, err, path)
		plain, err := io.ReadAll(reader)
		require.NoError(t, err, path)
		assert.True(t, bytes.Equal(asset.Plain, plain), "%s is something else when compressed", path)
		compressed += len(asset.Gzip)
	}
	assert.Less(t, compressed, maxCompressed)
}

// The page names its assets, all of them, and has no script or style of its own.
func TestPage(t *testing.T) {
	page := string(preview.Page(`a"b`))
	named := regexp.MustCompile(`(?:src|href)="(/[^"]+)"`).FindAllStringSubmatch(page, -1)
	require.NotEmpty(t, named)
	for _, name := range named {
		_, ok := preview.Find(name[1])
		assert.True(t, ok, name[1])
	}
	assert.Contains(t, page, `nonce="a&#34;b"`)
	assert.NotContains(t, page, "NONCE")
	assert.NotContains(t, page, "<style")
	assert.NotRegexp(t, `<script[^>]*>[^<]`, page)
	assert.NotRegexp(t, `\s(style|on[a-z]+)=`, page)
}

func TestPolicy(t *testing.T) {
	policy := preview.Policy("abc")
	assert.Contains(t, policy, "default-src 'none'")
	assert.Contains(t, policy, "style-src 'self' 'nonce-abc'")
	assert.False(t, strings.Contains(policy, "unsafe"))
}

func TestFindKnowsNothingElse(t *testing.T) {
	_, ok := preview.Find("/assets/index.html")
	assert.False(t, ok)
}
