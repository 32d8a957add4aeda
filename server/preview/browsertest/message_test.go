package browsertest

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestMessage(t *testing.T) {
	p := openDemo(t, serve(t), desktop)

	t.Run("marks what was substituted and leads to it", func(t *testing.T) {
		p.template("Café: @contact.first_name, @(upper(fields.city)), @contact.ext.")
		p.waitText("#message", "Café: Jane, LOS ANGELES,")
		p.waitFor(`document.querySelectorAll("#message .part").length === 3`)
		assert.Equal(t, "Jane", p.text("#message .part.variable"))
		assert.Equal(t, "@contact.ext", p.text("#message .part.absent"))
		p.click("#message .part.expression")
		p.waitFor(`getSelection().toString() === "@(upper(fields.city))"`)
		p.waitFor(`document.querySelector("#message .part.expression.here") !== null`)
		p.waitText("#problems", "no connection for contact.ext")
		p.accessible("message")
	})

	t.Run("shows it as the contact sees it", func(t *testing.T) {
		p.click("#show-marks")
		p.waitFor(`document.querySelectorAll("#message .part").length === 0`)
		assert.Equal(t, "Café: Jane, LOS ANGELES, .", p.text("#message .bubble"))
		p.click("#show-marks")
	})

	t.Run("counts segments", func(t *testing.T) {
		p.template(strings.Repeat("ten chars ", 17))
		p.waitText("#message-facts", "170 of 306")
		assert.Contains(t, p.text("#message-facts"), "GSM-7")
		p.template("Hej 👋, żółw")
		p.waitText("#message-facts", "UCS-2")
		assert.Equal(t, "👋 ż ó ł", p.evaluate(`[...document.querySelectorAll(".character")].map(e => e.textContent).join(" ")`))
		p.accessible("UCS-2")
	})

	t.Run("says where it goes, and why", func(t *testing.T) {
		p.waitText("#destination", "Twilio US")
		assert.Contains(t, p.text("#destination"), "tel:+13233754866")
		assert.Contains(t, p.text("#destination"), "The first connection that a channel can send to.")
		p.choosePersona("nobody")
		p.waitText("#destination", "It goes nowhere: the contact has no connections.")
		p.waitText("#contact-body", "This contact has no connections.")
		p.accessible("nowhere")
	})
	p.clean()
}

func TestSideBySide(t *testing.T) {
	p := openDemo(t, serve(t), desktop)
	p.template("Hi @contact.first_name @contact.ext")
	for _, name := range []string{"John Smith", "Bruno Exemplo"} {
		p.chooseIn("compare-search", name, name)
		p.waitText("#compared", name)
	}
	p.waitText("#compared", "Hi John")
	p.waitText("#compared", "Hi Bruno")
	p.waitText("#compared .card-warnings", "no connection for contact.ext")
	p.template("Bye @contact.first_name")
	p.waitText("#compared", "Bye John")
	p.waitText("#compared", "Bye Bruno")
	p.waitText("#message", "Bye Jane")
	p.accessible("side by side")
	p.click(`[aria-label="Remove John Smith from the comparison"]`)
	p.waitFor(`document.querySelectorAll("#compared > li").length === 1`)
	p.clean()
}

func TestRightToLeft(t *testing.T) {
	p := openDemo(t, serve(t), desktop)
	p.choose("layla", "ليلى مثال")
	p.template("مرحبا @contact.first_name، المدينة @fields.city 🌍")
	p.waitText("#message", "مرحبا ليلى")
	assert.Equal(t, "rtl", p.evaluate(`getComputedStyle(document.querySelector("#message .bubble")).direction`))
	assert.Equal(t, "rtl", p.evaluate(`getComputedStyle(document.querySelector("#editor .cm-line")).direction`))
	assert.Equal(t, "ltr", p.evaluate(`getComputedStyle(document.querySelector("#editor .isolate")).direction`))
	p.accessible("right to left")
	p.clean()
}
