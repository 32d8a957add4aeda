// Package preview holds the preview page: a flow author sees what a contact will get, and why.
//
// The page is made of TypeScript in source/, which `npm ci && npm run build` bundles into assets/. The assets are
// committed and embedded, so that Go alone builds the program. Page gives the HTML, Find an asset; the server package
// sends them. The page works through the HTTP API alone, with the rights of the token that its user gives it.
package preview

import (
	"embed"
	"html"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
)

//go:embed assets
var files embed.FS

// folder is where assets are, here and in their paths.
const folder = "assets"

// pageFile is the page; it is no asset, for each answer has a nonce of its own.
const pageFile = folder + "/index.html"

// noncePlace stands in the page where the nonce belongs.
const noncePlace = "NONCE"

// Asset is a file of the page, whose name holds its hash. The bytes are shared: do not change them.
type Asset struct {
	Type   string // content type
	Plain  []byte
	Brotli []byte
	Gzip   []byte
}

// all reads the embedded files once.
var all = sync.OnceValue(func() content {
	return content{page: string(read(pageFile)), assets: readAssets()}
})

type content struct {
	page   string
	assets map[string]*Asset // by path
}

// Page gives the page with a nonce for the style sheets that its editor makes.
func Page(nonce string) []byte {
	return []byte(strings.ReplaceAll(all().page, noncePlace, html.EscapeString(nonce)))
}

// Policy gives the Content-Security-Policy of a page.
func Policy(nonce string) string {
	return "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-" + nonce + "'; connect-src 'self'; img-src 'self'; " +
		"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
}

// Paths gives the paths of all assets, sorted.
func Paths() []string { return slices.Sorted(maps.Keys(all().assets)) }

// Find gives the asset at a path.
func Find(path string) (*Asset, bool) {
	a, ok := all().assets[path]
	return a, ok
}

func readAssets() map[string]*Asset {
	assets := map[string]*Asset{}
	names, _ := fs.Glob(files, folder+"/*")
	for _, name := range names {
		if name == pageFile || strings.HasSuffix(name, ".br") || strings.HasSuffix(name, ".gz") {
			continue
		}
		assets["/"+name] = &Asset{Type: types[path.Ext(name)], Plain: read(name), Brotli: read(name + ".br"), Gzip: read(name + ".gz")}
	}
	return assets
}

// types are the content types of assets by extension, on every machine the same.
var types = map[string]string{".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}

// read gives an embedded file; a missing one is empty, which a test would notice.
func read(name string) []byte {
	data, _ := files.ReadFile(name)
	return data
}
