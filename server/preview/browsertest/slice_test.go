package browsertest

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTheMessageFollowsTheTemplate(t *testing.T) {
	p := open(t, serve(t).url(), desktop)
	p.waitText("#message", "we will use")
	p.template("Hello @(upper(contact.first_name))")
	p.waitText("#message", "Hello ")
	p.waitFor(`document.querySelector("#message .part.expression") !== null`)
	assert.Empty(t, p.problems)
}
