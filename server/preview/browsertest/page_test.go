package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// browser is one headless Chromium for all tests.
var browser context.Context

func TestMain(m *testing.M) {
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.Flag("disable-background-networking", true), chromedp.Flag("lang", "en-US"))
	allocator, stopAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	var stop context.CancelFunc
	browser, stop = chromedp.NewContext(allocator)
	if err := chromedp.Do(browser); err != nil {
		fmt.Fprintln(os.Stderr, "no Chromium to test with:", err, "(.ci/setup installs it)")
		os.Exit(1)
	}
	code := m.Run()
	stop()
	stopAllocator()
	if path, err := binary(); err == nil {
		_ = os.RemoveAll(strings.TrimSuffix(path, "/flowexpr"))
	}
	os.Exit(code)
}

// patience bounds how long a test waits for what it expects.
const patience = 60 * time.Second

// page is a page of the browser, in a context of its own: nothing is shared with other pages.
type page struct {
	t      testing.TB
	ctx    context.Context
	origin string

	mu       sync.Mutex
	problems []string // what the console and the policy complain of
	requests []string // URLs of all requests
}

// screen is the size of a page.
type screen struct {
	width, height int64
	phone         bool
	dark          bool
}

var desktop = screen{width: 1440, height: 900}

// open opens a page in a fresh browser context.
func open(t testing.TB, url string, s screen) *page {
	t.Helper()
	origin, _, _ := strings.Cut(url, "#")
	p := &page{t: t, origin: origin}
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext(), chromedp.WithListener(p.listen))
	p.ctx = ctx
	t.Cleanup(cancel)
	require.NoError(t, chromedp.Do(ctx)) // the tab lives as long as the context of its first run
	send(p, network.Enable, network.EnableParams{})
	send(p, log.Enable, cdp.Empty{})
	p.on(s)
	p.run(chromedp.Navigate(url))
	return p
}

// on shows the page on a screen.
func (p *page) on(s screen) {
	p.t.Helper()
	scheme, scale := "light", 1.0
	if s.dark {
		scheme = "dark"
	}
	if s.phone {
		scale = 2
	}
	send(p, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: s.width, Height: s.height, DeviceScaleFactor: scale, Mobile: s.phone})
	send(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}})
}

// send sends a command of the browser's protocol.
func send[P, R any](p *page, command cdp.Command[P, R], params P) R {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	result, err := chromedp.Call(ctx, command, params)
	require.NoError(p.t, err)
	return result
}

// value runs an action and gives what it gives.
func value[T any](p *page, action chromedp.Action[T]) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	result, err := chromedp.Run(ctx, action)
	require.NoError(p.t, err)
	return result
}

func (p *page) listen(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		p.problems = append(p.problems, e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			p.problems = append(p.problems, fmt.Sprint(e.Type, e.Args))
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
			p.problems = append(p.problems, e.Entry.Text)
		}
	case *network.EventRequestWillBeSent:
		p.requests = append(p.requests, e.Request.URL)
	}
}

// run runs actions within the test's patience.
func (p *page) run(actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	require.NoError(p.t, p.try(actions...))
}

func (p *page) try(actions ...chromedp.Action[chromedp.Void]) error {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	return chromedp.Do(ctx, actions...)
}

// waitFor waits until a JavaScript expression is true.
func (p *page) waitFor(expression string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	_, err := chromedp.Run(ctx, chromedp.Poll[bool](expression, chromedp.WithPollingInterval(20*time.Millisecond), chromedp.WithPollingTimeout(0)))
	if err != nil {
		require.NoError(p.t, err, "waiting for %s\n%s", expression, p.evaluate(`document.body.innerText.replace(/\s+/g, " ").slice(0, 1500)`))
	}
}

// text waits for an element and gives its text.
func (p *page) text(selector string) string {
	p.t.Helper()
	p.waitFor(fmt.Sprintf(`document.querySelector(%q) !== null`, selector))
	return p.evaluate(fmt.Sprintf(`document.querySelector(%q).innerText`, selector))
}

// evaluate gives the value of a JavaScript expression as text; the expression may await.
func (p *page) evaluate(expression string) string {
	p.t.Helper()
	return value(p, chromedp.Evaluate[string]("(async () => String("+expression+"))()", chromedp.EvalAwaitPromise))
}

// waitText waits until an element's text holds a text.
func (p *page) waitText(selector, want string) {
	p.t.Helper()
	p.waitFor(fmt.Sprintf(`(document.querySelector(%s)?.innerText ?? "").includes(%s)`, quoted(selector), quoted(want)))
}

// quoted writes a text as JavaScript.
func quoted(text string) string {
	data, _ := json.Marshal(text) // texts always marshal
	return string(data)
}

// waitDoc waits until the editor holds a template.
func (p *page) waitDoc(want string) {
	p.t.Helper()
	p.waitFor(`[...document.querySelectorAll("#editor .cm-line")].map(l => l.textContent).join("\n") === ` + quoted(want))
}

// middle gives the middle of an element, in pixels of the view.
func (p *page) middle(selector string) (x, y float64) {
	p.t.Helper()
	var at [2]float64
	text := p.evaluate(fmt.Sprintf(`(e => { e.scrollIntoView({block: "center"}); const r = e.getBoundingClientRect(); return JSON.stringify([r.x + r.width / 2, r.y + r.height / 2]); })(document.querySelector(%s))`, quoted(selector)))
	require.NoError(p.t, json.Unmarshal([]byte(text), &at))
	return at[0], at[1]
}

// click clicks the first element that a CSS selector finds.
func (p *page) click(selector string) {
	p.t.Helper()
	p.waitFor(fmt.Sprintf(`document.querySelector(%s) !== null`, quoted(selector)))
	x, y := p.middle(selector)
	p.run(chromedp.MouseClickXY(x, y))
}

// template writes a template in place of the one that is there.
func (p *page) template(text string) {
	p.t.Helper()
	p.selectTemplate()
	p.key(backspace)
	if text != "" {
		p.insert(text)
	}
}

func (p *page) selectTemplate() {
	p.t.Helper()
	p.focus("#editor .cm-content")
	p.key('a', kb.ModifierCtrl)
}

func (p *page) focus(selector string) {
	p.t.Helper()
	p.waitFor(fmt.Sprintf(`document.querySelector(%s) !== null`, quoted(selector)))
	p.evaluate(fmt.Sprintf(`document.querySelector(%s).focus()`, quoted(selector)))
}

// fill writes into a field, and leaves it.
func (p *page) fill(selector, text string) {
	p.t.Helper()
	p.focus(selector)
	p.evaluate(`document.activeElement.select()`)
	p.insert(text)
	p.evaluate(`document.activeElement.blur()`)
}

// pick picks an option by its value.
func (p *page) pick(selector, option string) {
	p.t.Helper()
	p.evaluate(fmt.Sprintf(`(e => { e.value = %s; e.dispatchEvent(new Event("change", {bubbles: true})); })(document.querySelector(%s))`, quoted(option), quoted(selector)))
}

// choose finds a contact or a persona in the search, and takes it by the keyboard.
func (p *page) choose(query, name string) {
	p.t.Helper()
	p.chooseIn("contact-search", query, name)
	p.waitText("#contact-body .name", name)
}

func (p *page) chooseIn(box, query, name string) {
	p.t.Helper()
	p.focus("#" + box)
	p.insert(query)
	p.waitText("#"+box+"-list", name)
	p.waitFor(fmt.Sprintf(`document.querySelector("#%s-list li").innerText.includes(%s)`, box, quoted(name)))
	p.key(down)
	p.key(enter)
}

// choosePersona takes a persona by its id.
func (p *page) choosePersona(id string) {
	p.t.Helper()
	name := map[string]string{"amina": "Amina Example", "bruno": "Bruno Exemplo", "nobody": "Nobody"}[id]
	p.chooseIn("contact-search", name, name)
	p.waitText("#contact-body .facts", "Sample persona")
}

// openDemo opens a page that shows Jane Doe of the demo workspace.
func openDemo(t testing.TB, server *program, s screen) *page {
	t.Helper()
	p := open(t, server.url(), s)
	p.waitText("#message", "we will use")
	p.choose("Jane Doe", "Jane Doe")
	p.waitText("#message", "Hi Jane")
	return p
}

// problemsSay checks that what the console complains of is what was expected, and there is some of it.
func (p *page) problemsSay(want string) {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	require.NotEmpty(p.t, p.problems)
	for _, problem := range p.problems {
		require.Contains(p.t, problem, want)
	}
}
