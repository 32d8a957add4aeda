package funcs

import (
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/engine/value"
)

// What digitOf relies on: each range of decimal digits is one or more rows from 0 to 9.
func TestDigitsOfUnicode(t *testing.T) {
	for _, run := range unicode.Nd.R16 {
		assert.Equal(t, uint16(1), run.Stride)
		assert.Zero(t, (run.Hi-run.Lo+1)%10, "%U", run.Lo)
	}
	for _, run := range unicode.Nd.R32 {
		assert.Equal(t, uint32(1), run.Stride)
		assert.Zero(t, (run.Hi-run.Lo+1)%10, "%U", run.Lo)
	}
	assert.Equal(t, []int{0, 9, -1, 0, 9, 0, -1}, []int{digitOf('0'), digitOf('9'), digitOf('a'), digitOf('٠'), digitOf('९'), digitOf('𝟘'), digitOf('Ⅻ')})
}

// Whatever the text, numbers that are found are in range, and are found again in what they are printed as.
func FuzzNumbersIn(f *testing.F) {
	for _, text := range []string{"", "12k 3.5", "-.5", "1,234,567.80.", "abc-5", "٠.٥", "\xff5", "1.2.3,4", "--1", "1234567890123456789012345678901234567"} {
		f.Add(text, ".", ",")
		f.Add(text, ",", ".")
	}
	f.Add("١ ٢٣٤٫٥", "٫", " ")
	f.Fuzz(func(t *testing.T, text, decimal, grouping string) {
		format := value.NumberFormat{DecimalSymbol: decimal, DigitGroupingSymbol: grouping}.WithDefaults()
		plain := value.NumberFormat{}.WithDefaults()
		for n := range numbersIn(text, format) {
			require.True(t, n.InRange())
			found := false
			for again := range numbersIn(value.FormatNumber(plain, n, value.NaturalPlaces, true), plain) {
				require.Zero(t, again.Cmp(n))
				found = true
			}
			require.True(t, found)
		}
	})
}
