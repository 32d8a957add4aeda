package browsertest

import (
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
)

// Completion, diagnostics with fixes, hover, brackets and undo, all but the hover by the keyboard.
func TestEditor(t *testing.T) {
	p := openDemo(t, serve(t), desktop)

	t.Run("highlights", func(t *testing.T) {
		p.template(`Hi @contact.name, @(upper("x" & 12)), @@home, me@example`)
		p.waitText("#message", "Hi Jane Doe, X12, @home, me@example")
		tokens := p.evaluate(`[...document.querySelectorAll("#editor [class^=tok-]")].map(e => e.className.slice(4) + " " + e.textContent).join("|")`)
		for _, want := range []string{"variable @contact.name", "marker @(", "function upper", `string "x"`, "operator &", "number 12", "escape @@"} {
			assert.Contains(t, tokens, want)
		}
	})

	t.Run("completes variables with their values", func(t *testing.T) {
		p.template("Hi ")
		p.press("@first")
		p.waitText(".cm-tooltip-autocomplete [aria-selected]", "contact.first_name")
		p.waitText(".cm-tooltip-autocomplete [aria-selected] .cm-completionDetail", "Jane")
		p.waitText(".cm-completionInfo", "The first word of the contact's name.")
		p.accessible("completion")
		p.accept()
		p.waitDoc("Hi @contact.first_name")
		p.waitText("#message", "Hi Jane")
	})

	t.Run("completes functions", func(t *testing.T) {
		p.template("")
		p.press("@(word_c")
		p.waitText(".cm-tooltip-autocomplete [aria-selected]", "word_count")
		p.waitText(".cm-completionInfo", "word_count(text [, delimiters])")
		p.accept()
		p.waitDoc("@(word_count())")
		p.press("contact.nam")
		p.waitText(".cm-tooltip-autocomplete [aria-selected]", "contact.name")
		p.accept()
		p.waitDoc("@(word_count(contact.name))")
		p.waitText("#message .bubble", "2")
	})

	t.Run("squiggles, and fixes with one key", func(t *testing.T) {
		p.template("Mail bob@contact.com, @contact.frist_name")
		p.waitFor(`document.querySelectorAll("#editor .cm-lintRange-error").length >= 2`)
		p.waitText("#problems", "Write bob@@contact.com for the address")
		p.waitText("#problems .counts", "2 errors")
		p.accessible("problems")
		p.selectTemplate()
		p.key(left)
		p.key('.', kb.ModifierCtrl)
		p.waitDoc("Mail bob@@contact.com, @contact.frist_name")
		p.waitFor(`document.querySelectorAll("#problems li").length === 1`)
		p.click("#problems .fix")
		p.waitDoc("Mail bob@@contact.com, @contact.first_name")
		p.waitText("#message", "Mail bob@contact.com, Jane")
	})

	t.Run("undoes", func(t *testing.T) {
		p.key('z', kb.ModifierCtrl)
		p.waitDoc("Mail bob@@contact.com, @contact.frist_name")
	})

	t.Run("goes to the next problem", func(t *testing.T) {
		p.waitFor(`document.querySelectorAll("#problems li").length === 1`)
		p.selectTemplate()
		p.key(left)
		p.key(f8)
		p.waitFor(`getSelection().toString().includes("frist_name")`)
	})

	t.Run("tells on hover", func(t *testing.T) {
		p.template("Your number: @contact.urn @(upper(contact.name))")
		p.waitText("#message", "JANE DOE")
		p.hover(`#editor .tok-variable`)
		p.waitText(".cm-tooltip .info", "tel:+13233754866")
		p.waitText(".cm-tooltip .info", "Highest-priority Phone Number")
		p.accessible("hover")
		p.hover(`#editor .tok-function`)
		p.waitText(".cm-tooltip .info", "upper(text)")
	})

	t.Run("matches brackets", func(t *testing.T) {
		p.template("@(upper(contact.name))")
		p.waitFor(`document.querySelectorAll("#editor .cm-matchingBracket").length === 2`)
	})

	t.Run("lets Tab leave", func(t *testing.T) {
		p.key(escape)
		p.key(tab)
		p.waitFor(`document.activeElement.closest("#editor") === null`)
	})
	p.clean()
}

// accept takes the completion that is shown. The editor takes no key for one in the moment in which it appears, lest
// somebody who types on takes it by accident: so this waits that moment.
func (p *page) accept() {
	p.t.Helper()
	p.evaluate(`delete window.shownSince`)
	p.waitFor(`performance.now() - (window.shownSince ??= performance.now()) > 100`)
	p.key(enter)
}

// hover moves the pointer over an element.
func (p *page) hover(selector string) {
	p.t.Helper()
	p.waitFor(`document.querySelector("` + selector + `") !== null`)
	x, y := p.middle(selector)
	send(p, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: input.DispatchMouseEventTypeMouseMoved, X: 5, Y: 5})
	p.waitFor(`document.querySelector(".cm-tooltip-hover") === null`)
	send(p, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: input.DispatchMouseEventTypeMouseMoved, X: x - 2, Y: y})
	send(p, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: input.DispatchMouseEventTypeMouseMoved, X: x, Y: y})
}

func TestBadTemplates(t *testing.T) {
	p := openDemo(t, serve(t), desktop)
	for _, test := range []struct{ name, template, says, message string }{
		{"never closed", "Hi @(upper(", "never closed", "Hi @(upper("},
		{"unknown function", "Hi @(shout(contact.name))!", "no function shout", "Hi "},
		{"wrong count", `Hi @(upper("a", "b"))!`, "need 1 argument(s), got 2", "Hi "},
		{"unknown property", "Hi @contact.frist_name!", "no property frist_name", "Hi "},
		{"division", "Hi @(1/0)!", "ivision by zero", "Hi "},
		{"no such word", "Hi @contcat.name!", "there is no variable contcat", "Hi @contcat.name!"},
		{"markup", `<img src=x onerror="document.title='bad'"> @("<b>" & contact.name)`, "", "<b>Jane Doe"},
		{"nothing", "", "", "empty message"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p.template(test.template)
			p.waitText("#message", test.message)
			p.waitText("#problems", test.says)
			p.accessible(test.name)
		})
	}
	assert.Equal(t, "flowexpr preview", p.evaluate("document.title"))
	p.clean()
}
