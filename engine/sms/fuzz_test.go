package sms_test

import (
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"

	"github.com/flowexpr/flowexpr/engine/sms"
)

// FuzzCount holds Count against a plain reading of the rules: list what each
// character costs, then deal the list out into segments.
func FuzzCount(f *testing.F) {
	for _, seed := range []string{"", "a", "{", "я", "😀", "\xff", strings.Repeat("a", 152) + "{", strings.Repeat("😀", 40)} {
		f.Add(seed, 1)
	}
	f.Fuzz(func(t *testing.T, text string, times int) {
		text = strings.Repeat(text, min(max(times, 1), 500))
		if len(text) > 1<<16 {
			return
		}
		facts := sms.Count(text)
		measured := sms.Measure([]byte(text))
		measured.Unicode = facts.Unicode
		assert.Equal(t, facts, measured)
		costs, single, segment := plainCosts(text)
		assert.Equal(t, dealOut(costs, single, segment), facts.Segments)
		assert.Equal(t, sum(costs), facts.Length)
		assert.Equal(t, single == 160, facts.Encoding == sms.GSM7)
		assert.Equal(t, facts.Encoding == sms.UCS2, len(facts.Unicode) > 0)
		assert.LessOrEqual(t, len(facts.Unicode), 20)
	})
}

func plainCosts(text string) (costs []int, single, segment int) {
	for _, r := range text {
		switch {
		case strings.ContainsRune("^{}\\[~]|€\f", r):
			costs = append(costs, 2)
		case strings.ContainsRune(alphabet, r):
			costs = append(costs, 1)
		default:
			return wideCosts(text), 70, 67
		}
	}
	return costs, 160, 153
}

func wideCosts(text string) (costs []int) {
	for _, r := range text {
		costs = append(costs, len(utf16.Encode([]rune{r})))
	}
	return costs
}

func dealOut(costs []int, single, segment int) int {
	if total := sum(costs); total <= single {
		return min(total, 1)
	}
	segments, room := 0, 0
	for _, cost := range costs {
		if room < cost {
			segments, room = segments+1, segment
		}
		room -= cost
	}
	return segments
}

func sum(costs []int) (total int) {
	for _, cost := range costs {
		total += cost
	}
	return total
}
