package legacy_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/flowexpr/flowexpr/engine/syntax/legacy"
)

func TestLooks(t *testing.T) {
	for _, template := range []string{
		"@step", "@step.value", "Hi @STEP.Text", "@(step.value)", "@flow.age", "@flow.age.category", "@(flow.age = 1)",
		"@date.today", "@(date.now)", "@extra", "@extra.name", "@(UPPER(extra.name))", "@channel.name",
		"@contact.tel_e164", "@contact.tel.display", "@(contact.mailto.path)", "@parent.contact.tel_e164",
		"@contact.name|upper_case", "@date|time_delta:\"3\"", "@(1 <> 2)", `@("say ""hi""")`,
		"@(PROPER(contact))", "@(first_word(contact))", "@(CONCATENATE(1, 2))", "@(LEN ( contact ))",
		"@(upper(contact)) @(LEFT(contact, 1))",
	} {
		assert.True(t, legacy.Looks(template), template)
	}
}

func TestLooksCurrent(t *testing.T) {
	for _, template := range []string{
		"", "Hi", "@contact", "@contact.name", "@contact.tel", "@fields.age", "@results.age.category", "@parent.contact.name",
		"@(upper(contact.name))", "@(UPPER(contact.name))", "@(if(1 = 2, \"\", \"a\"))", "@(word(contact, 0))", "@(date(\"2012-01-02\"))",
		"me@flow.org", "x@step", "@channel", "@flow", "@date", "@date.com", "@left", "@@step", "@@(LEN(1))", "@proper(contact)",
		"@(\"<> LEN(1) step.value\")", `@("\"<>\"")`, `@("a \"LEN(1)\" b")`, "@(foreach(a, (step) => upper(step)))", "@(extra[0] != 1)",
		"@(len)", "@(left & right)", "@contact|name", "@(contact.name", "@()", "@(\")",
	} {
		assert.False(t, legacy.Looks(template), template)
	}
}
