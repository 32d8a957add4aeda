package browsertest

import (
	"compress/gzip"
	"io"
	"os"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// axe is the source of axe-core, as its package has it.
var axe = sync.OnceValues(func() (string, error) {
	file, err := os.Open("testdata/axe-4.14.1.min.js.gz")
	if err != nil {
		return "", err
	}
	defer file.Close()
	reader, err := gzip.NewReader(file)
	if err != nil {
		return "", err
	}
	source, err := io.ReadAll(reader)
	return string(source), err
})

// runAxe gives a line for each place that fails a rule of WCAG 2.2 A and AA, or a best practice.
const runAxe = `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"]})
	.then(r => r.violations.flatMap(v => v.nodes.map(n => v.id + ": " + n.html.slice(0, 160) + ": " + n.any.concat(n.all, n.none).map(c => c.message).join("; "))).join("\n"))`

// accessible runs axe on the page as it is.
func (p *page) accessible(state string) {
	p.t.Helper()
	if p.evaluate(`typeof window.axe`) == "undefined" {
		source, err := axe()
		require.NoError(p.t, err)
		p.evaluate("(() => {" + source + "})()")
	}
	p.waitFor(`document.getAnimations().length === 0`)
	found := value(p, chromedp.Evaluate[string](runAxe, func(e *runtime.EvaluateParams) { chromedp.EvalAwaitPromise(e) }))
	assert.Empty(p.t, strings.Split(found, "\n")[0], "axe, %s:\n%s", state, found)
}

// clean checks that nothing complained: no exception, no error of the console, no violation of the policy; and that
// no request went elsewhere.
func (p *page) clean() {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	assert.Empty(p.t, p.problems)
	for _, url := range p.requests {
		assert.True(p.t, strings.HasPrefix(url, p.origin) || strings.HasPrefix(url, "blob:"+p.origin), "a request to %s", url)
	}
}
