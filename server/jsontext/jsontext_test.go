package jsontext_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/server/jsontext"
)

func ExampleAppend() {
	fmt.Println(string(jsontext.Append(nil, "say \"hi\"\n<€>")))
	// Output: "say \"hi\"\n<€>"
}

func TestAppendAllocatesNothing(t *testing.T) {
	dst, text := make([]byte, 0, 256), []byte("a line, \"quoted\"\n and é")
	assert.Zero(t, testing.AllocsPerRun(100, func() { dst = jsontext.Append(dst[:0], text) }))
}

// FuzzAppend holds our strings against encoding/json's.
func FuzzAppend(f *testing.F) {
	for _, seed := range []string{"", "plain", `a "b" \c`, "a\tb\r\n\x1f\x7f", "\xff\xc3", "é€😀\u2028"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var got string
		require.NoError(t, json.Unmarshal(jsontext.Append(nil, text), &got))
		require.Equal(t, string([]rune(text)), got, "each byte that is no UTF-8 becomes U+FFFD")
		require.Equal(t, string(jsontext.Append(nil, text)), string(jsontext.Append(nil, []byte(text))))
	})
}
