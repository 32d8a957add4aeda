package browsertest

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A token is asked for where the service needs one, and kept in memory only.
func TestSignIn(t *testing.T) {
	file := filepath.Join(t.TempDir(), "tokens.yaml")
	require.NoError(t, os.WriteFile(file, []byte("- {token: reader, workspace: default, role: read}\n- {token: writer, workspace: default, role: write}\n"), 0o600))
	server := serve(t, "--tokens", file)
	p := open(t, server.url(), desktop)
	p.waitText("#sign-in", "This service asks for a token.")
	p.waitFor(`document.activeElement.id === "token"`)
	p.accessible("signed out")
	p.insert("wrong")
	p.key(enter)
	p.waitText("#sign-in", "The service does not know this token.")
	p.accessible("a wrong token")
	p.evaluate(`document.getElementById("token").value = ""`)
	p.insert("reader")
	p.key(enter)
	p.waitFor(`!document.getElementById("sign-in").open`)
	p.waitText("#workspace", "read only")
	p.choose("jane", "Jane Doe")
	p.waitText("#message", "Hi Jane")
	p.click(`[aria-label="Move janedoe up"]`)
	p.waitText(".whatif", "Your token may read, and not save.")
	assert.Equal(t, "0", p.evaluate(`document.querySelectorAll("[data-key=save]").length`))
	p.accessible("read only")
	assert.Equal(t, "{}", p.evaluate(`JSON.stringify({...localStorage, ...sessionStorage})`))
	assert.Empty(t, p.evaluate(`document.cookie`))

	p.click("#workspace button")
	p.waitText("#sign-in", "You signed out")
	p.waitFor(`!document.body.innerText.includes("Jane")`)
	p.insert("writer")
	p.key(enter)
	p.waitText("#workspace", "read and write")
	p.run(chromedp.Reload())
	p.waitText("#sign-in", "This service asks for a token.")
	p.problemsSay("401")
}

// The service goes away and comes back: what was written stays, and the answer follows by itself.
func TestServiceGoesAwayAndComesBack(t *testing.T) {
	server := serve(t)
	p := openDemo(t, server, desktop)
	p.template("Before @contact.first_name")
	p.waitText("#message", "Before Jane")
	server.stop()
	p.template("After @contact.first_name")
	p.waitFor(`!document.getElementById("away").hidden`)
	p.waitText("#link", "No answer")
	p.waitFor(`document.querySelector("#message").classList.contains("stale")`)
	assert.Contains(t, p.text("#message"), "Before Jane")
	p.accessible("away")
	server.start()
	p.waitText("#message", "After Jane")
	p.waitFor(`document.getElementById("away").hidden`)
	p.waitDoc("After @contact.first_name")
	p.waitFor(`!document.querySelector("#message").classList.contains("stale")`)
	p.problemsSay("ERR_CONNECTION_REFUSED")
}

// In a workspace that hides URNs the page shows none: not in the panel, the search, the message, or what is taken away.
func TestRedactedWorkspace(t *testing.T) {
	server := serve(t)
	request, err := http.NewRequest("PATCH", server.url()+"v1/settings", strings.NewReader(`{"redact_urns": true}`))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	_, _ = io.Copy(io.Discard, response.Body)
	require.NoError(t, response.Body.Close())
	require.Equal(t, 200, response.StatusCode)

	p := openDemo(t, server, desktop)
	p.choose("John Smith", "John Smith") // Jane's numbers are in the documentation of variables
	p.template("@contact.urn @urns.mailto @contact.ext")
	p.waitText("#message", "tel:******** mailto:********")
	p.waitConnections("tel:******** mailto:********")
	p.click(`.connections > li:nth-child(2) [title="Move up"]`)
	p.waitConnections("mailto:******** tel:********")
	p.click(".json-panel summary")
	p.waitFor(`document.querySelector(".json-panel .cm-content") !== null`)
	p.click("#tab-takeaway")
	p.waitText("#takeaway", "this workspace hides URNs")
	p.focus("#contact-search")
	p.insert("john")
	p.waitFor(`document.querySelectorAll(".choices:not([hidden]) li").length > 0`)
	html := p.evaluate(`document.documentElement.outerHTML`)
	for _, secret := range []string{"447700900123", "john.smith"} {
		assert.False(t, strings.Contains(html, secret), secret)
	}
	p.accessible("redacted")
	p.clean()
}

func TestNoContacts(t *testing.T) {
	server := serveEmpty(t)
	p := open(t, server.url(), desktop)
	p.waitText("#message", "Hi Amina")
	p.focus("#contact-search")
	p.waitText(".contact .search .note", "There are no contacts yet")
	p.accessible("no contacts")
	p.clean()
}

// Every screen holds the page without scrolling sideways, in both themes, and axe finds nothing.
func TestScreens(t *testing.T) {
	server := serve(t)
	for _, s := range []screen{desktop, {width: 1440, height: 900, dark: true}, {width: 1100, height: 800}, {width: 768, height: 1024}, {width: 390, height: 844, phone: true}, {width: 320, height: 640, phone: true, dark: true}} {
		t.Run(fmt.Sprintf("%dx%d dark %v", s.width, s.height, s.dark), func(t *testing.T) {
			p := openDemo(t, server, s)
			p.template("Hi @contact.first_name, mail bob@contact.com or @(upper(contact.urn)) @contact.ext 👋 " + strings.Repeat("W", 80))
			p.waitText("#problems .counts", "1 error")
			p.waitFor(`document.documentElement.scrollWidth <= innerWidth`)
			for _, tab := range []string{"why", "settings", "session", "takeaway"} {
				p.click("#tab-" + tab)
				p.waitFor(`document.documentElement.scrollWidth <= innerWidth`)
				p.accessible(tab)
			}
			p.clean()
		})
	}
}

// The theme is the system's unless one is chosen, and a chosen one stays.
func TestTheme(t *testing.T) {
	p := openDemo(t, serve(t), desktop)
	background := `getComputedStyle(document.body.parentElement).backgroundColor`
	light := p.evaluate(background)
	p.click("#theme")
	p.click("#theme")
	p.waitText("#theme", "Dark")
	dark := p.evaluate(background)
	assert.NotEqual(t, light, dark)
	p.run(chromedp.Reload())
	p.waitText("#theme", "Dark")
	assert.Equal(t, dark, p.evaluate(background))
	p.clean()
}
