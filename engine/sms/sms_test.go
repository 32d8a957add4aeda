package sms_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/engine/sms"
)

const alphabet = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
	"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"

func TestCount(t *testing.T) {
	letters := func(n int) string { return strings.Repeat("a", n) }
	tests := []struct {
		name string
		text string
		want sms.Facts
	}{
		{"empty", "", sms.Facts{Encoding: sms.GSM7}},
		{"one letter", "a", sms.Facts{Encoding: sms.GSM7, Length: 1, Segments: 1}},
		{"whole alphabet", alphabet, sms.Facts{Encoding: sms.GSM7, Length: 127, Segments: 1}},
		{"extension table", "^{}\\[~]|€\f", sms.Facts{Encoding: sms.GSM7, Length: 20, Segments: 1}},
		{"160 septets", letters(160), sms.Facts{Encoding: sms.GSM7, Length: 160, Segments: 1}},
		{"161 septets", letters(161), sms.Facts{Encoding: sms.GSM7, Length: 161, Segments: 2}},
		{"306 septets", letters(306), sms.Facts{Encoding: sms.GSM7, Length: 306, Segments: 2}},
		{"307 septets", letters(307), sms.Facts{Encoding: sms.GSM7, Length: 307, Segments: 3}},
		{"158 letters and an escape pair", letters(158) + "{", sms.Facts{Encoding: sms.GSM7, Length: 160, Segments: 1}},
		{"159 letters and an escape pair", letters(159) + "{", sms.Facts{Encoding: sms.GSM7, Length: 161, Segments: 2}},
		{"escape pair at the border", letters(152) + "{" + letters(152), sms.Facts{Encoding: sms.GSM7, Length: 306, Segments: 3}},
		{"escape pair before the border", letters(151) + "{" + letters(153), sms.Facts{Encoding: sms.GSM7, Length: 306, Segments: 2}},
		{"70 units", strings.Repeat("я", 70), sms.Facts{Encoding: sms.UCS2, Length: 70, Segments: 1, Unicode: []string{"я"}}},
		{"71 units", strings.Repeat("я", 71), sms.Facts{Encoding: sms.UCS2, Length: 71, Segments: 2, Unicode: []string{"я"}}},
		{"134 units", strings.Repeat("я", 134), sms.Facts{Encoding: sms.UCS2, Length: 134, Segments: 2, Unicode: []string{"я"}}},
		{"135 units", strings.Repeat("я", 135), sms.Facts{Encoding: sms.UCS2, Length: 135, Segments: 3, Unicode: []string{"я"}}},
		{"35 emoji", strings.Repeat("😀", 35), sms.Facts{Encoding: sms.UCS2, Length: 70, Segments: 1, Unicode: []string{"😀"}}},
		{"40 emoji", strings.Repeat("😀", 40), sms.Facts{Encoding: sms.UCS2, Length: 80, Segments: 2, Unicode: []string{"😀"}}},
		{"67 emoji, a unit of each segment stays free", strings.Repeat("😀", 67), sms.Facts{Encoding: sms.UCS2, Length: 134, Segments: 3, Unicode: []string{"😀"}}},
		{"one outsider", "ça va", sms.Facts{Encoding: sms.UCS2, Length: 5, Segments: 1, Unicode: []string{"ç"}}},
		{"outsiders in order, once", "“b” ‘b’ “c”", sms.Facts{Encoding: sms.UCS2, Length: 11, Segments: 1, Unicode: []string{"“", "”", "‘", "’"}}},
		{"extension characters are one unit", "{я}", sms.Facts{Encoding: sms.UCS2, Length: 3, Segments: 1, Unicode: []string{"я"}}},
		{"backtick", "`", sms.Facts{Encoding: sms.UCS2, Length: 1, Segments: 1, Unicode: []string{"`"}}},
		{"controls", "\t\x1b\x00\x7f", sms.Facts{Encoding: sms.UCS2, Length: 4, Segments: 1, Unicode: []string{"\t", "\x1b", "\x00", "\x7f"}}},
		{"not UTF-8", "a\xff\xfeb", sms.Facts{Encoding: sms.UCS2, Length: 4, Segments: 1, Unicode: []string{"\uFFFD"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, tt.want, sms.Count(tt.text))
		})
	}
}

func TestCountNamesAtMostTwenty(t *testing.T) {
	var text strings.Builder
	for r := 'а'; r < 'а'+30; r++ {
		text.WriteRune(r)
	}
	facts := sms.Count(text.String())
	require.Len(t, facts.Unicode, 20)
	assert.Equal(t, "а", facts.Unicode[0])
	assert.Equal(t, "у", facts.Unicode[19])
}

func TestFactsJSON(t *testing.T) {
	plain, err := json.Marshal(sms.Count("Hi"))
	require.NoError(t, err)
	assert.Equal(t, `{"encoding":"GSM-7","length":2,"segments":1}`, string(plain))
	wide, err := json.Marshal(sms.Count("Hé ç"))
	require.NoError(t, err)
	assert.Equal(t, `{"encoding":"UCS-2","length":4,"segments":1,"unicode":["ç"]}`, string(wide))
}

func TestCountDoesNotAllocate(t *testing.T) {
	text := strings.Repeat("Dear {Zoé}, €5 is due. ", 40)
	assert.Zero(t, testing.AllocsPerRun(100, func() { sms.Count(text) }))
	for _, bytes := range [][]byte{[]byte(text), []byte("plain"), []byte("Жанна " + text)} {
		assert.Zero(t, testing.AllocsPerRun(100, func() { sms.Measure(bytes) }))
	}
}
