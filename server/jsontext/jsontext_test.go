package jsontext_test

import (
	"bytes"
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

// Long texts are looked at eight bytes at a time: each byte is escaped wherever it stands.
func TestAppendAtEveryPlace(t *testing.T) {
	for c := range 128 {
		for at := range 20 {
			text := bytes.Repeat([]byte{'a'}, 20)
			text[at] = byte(c)
			want, err := json.Marshal(string(text))
			require.NoError(t, err)
			var got, back string
			require.NoError(t, json.Unmarshal(jsontext.Append(nil, text), &got))
			require.NoError(t, json.Unmarshal(want, &back))
			assert.Equal(t, back, got)
			assert.Equal(t, bytes.ContainsAny(text, "\"\\") || c < ' ', len(jsontext.Append(nil, text)) > len(text)+2, "%q at %d", c, at)
		}
	}
}
