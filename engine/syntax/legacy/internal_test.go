package legacy

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestRulesAreSorted(t *testing.T) {
	assert.True(t, slices.IsSortedFunc(rules[:], func(a, b rule) int { return strings.Compare(a.legacy, b.legacy) }))
	for _, r := range rules {
		found, ok := ruleOf(r.legacy)
		assert.True(t, ok, r.legacy)
		assert.Equal(t, r.legacy, found.legacy)
		assert.True(t, r.current != "" || r.build != nil, r.legacy)
	}
}

func TestScanCoversTheTemplate(t *testing.T) {
	template := "Hi @contact.tel|upper_case, @@ @fields.x @foo @(1) @("
	var pieces []string
	var kinds []blockKind
	for _, b := range scan(template) {
		pieces = append(pieces, template[b.span.Start:b.span.End])
		kinds = append(kinds, b.kind)
	}
	assert.Equal(t, []string{"Hi ", "@contact.tel|upper_case", ", @@ ", "@fields.x", " @foo ", "@(1)", " ", "@("}, pieces)
	assert.Equal(t, []blockKind{textBlock, identifierBlock, textBlock, currentBlock, textBlock, expressionBlock, textBlock,
		unterminatedBlock}, kinds)
}
