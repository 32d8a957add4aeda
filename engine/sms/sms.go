// Package sms tells what a text costs as a short message: its encoding, its
// length in that encoding and the number of segments it is sent in.
//
// The main call is [Count]; [Measure] does for many texts what it does for one.
package sms

import (
	"slices"
	"unicode/utf16"
	"unicode/utf8"
)

// The encodings that [Facts.Encoding] names.
const (
	GSM7 = "GSM-7" // 7-bit default alphabet of GSM 03.38 with its extension table
	UCS2 = "UCS-2" // 16-bit units, surrogate pairs beyond the basic plane
)

// Room of a message that stands alone, and of each segment of a longer one:
// the header that joins segments takes six bytes of each.
const (
	gsm7Single, gsm7Segment = 160, 153 // septets
	ucs2Single, ucs2Segment = 70, 67   // UTF-16 units
)

// maxNamed bounds [Facts.Unicode].
const maxNamed = 20

// Facts are what a text costs as a short message.
type Facts struct {
	// Encoding is [GSM7] when the whole text fits that alphabet, else [UCS2].
	Encoding string `json:"encoding"`
	// Length is in septets, escapes included, for GSM-7; in UTF-16 units for UCS-2.
	Length int `json:"length"`
	// Segments is the number of messages; an empty text has none.
	Segments int `json:"segments"`
	// Unicode holds the distinct characters that force UCS-2, in order of
	// appearance, at most 20.
	Unicode []string `json:"unicode,omitempty"`
}

// Count measures a text. Bytes that are not UTF-8 count as U+FFFD.
// It allocates only when the text needs UCS-2.
func Count(text string) Facts {
	facts := Measure(text)
	if facts.Encoding == UCS2 {
		facts.Unicode = outsiders(text)
	}
	return facts
}

// Measure is Count without the characters that force UCS-2: it allocates
// nothing, and serves a million texts. Fast path: ASCII without escapes.
func Measure[T string | []byte](text T) Facts {
	simple := 0
	for simple < len(text) && asciiCost[text[simple]] == 1 {
		simple++
	}
	if simple == len(text) {
		return Facts{Encoding: GSM7, Length: simple, Segments: segmentsOf(simple)}
	}
	gsm := filler{single: gsm7Single, segment: gsm7Segment}
	gsm.addOnes(simple)
	for i := simple; i < len(text); {
		r, size := character(text, i)
		cost := septets(r)
		if cost == 0 {
			return measureUCS2(text)
		}
		gsm.add(cost)
		i += size
	}
	return Facts{Encoding: GSM7, Length: gsm.length, Segments: gsm.segments()}
}

func measureUCS2[T string | []byte](text T) Facts {
	ucs := filler{single: ucs2Single, segment: ucs2Segment}
	for i := 0; i < len(text); {
		r, size := character(text, i)
		ucs.add(utf16.RuneLen(r))
		i += size
	}
	return Facts{Encoding: UCS2, Length: ucs.length, Segments: ucs.segments()}
}

// character gives the character at a byte. The small text it is decoded from does not leave the stack.
func character[T string | []byte](text T, i int) (rune, int) {
	if text[i] < utf8.RuneSelf {
		return rune(text[i]), 1
	}
	return utf8.DecodeRuneInString(string(text[i:min(i+utf8.UTFMax, len(text))]))
}

// segmentsOf is the number of segments of so many septets without escapes.
func segmentsOf(length int) int {
	switch {
	case length == 0:
		return 0
	case length <= gsm7Single:
		return 1
	}
	return (length + gsm7Segment - 1) / gsm7Segment
}

// filler fills segments greedily with characters that must stay whole.
type filler struct {
	single, segment int
	length          int // of all characters
	full            int // segments closed before the current one
	used            int // of the current segment
}

func (f *filler) add(cost int) {
	f.length += cost
	if f.used+cost > f.segment {
		f.full++
		f.used = 0
	}
	f.used += cost
}

// addOnes adds n characters that cost 1.
func (f *filler) addOnes(n int) {
	f.length += n
	f.full = max(n-1, 0) / f.segment
	f.used = n - f.full*f.segment
}

func (f *filler) segments() int {
	switch {
	case f.length == 0:
		return 0
	case f.length <= f.single:
		return 1
	}
	return f.full + 1
}

// outsiders lists the distinct characters that GSM-7 lacks.
func outsiders(text string) []string {
	var seen [maxNamed]rune
	names := make([]string, 0, 4)
	for _, r := range text {
		if septets(r) != 0 || slices.Contains(seen[:len(names)], r) {
			continue
		}
		seen[len(names)] = r
		names = append(names, string(r))
		if len(names) == maxNamed {
			break
		}
	}
	return names
}

// septets is the cost of a character in GSM-7: one, two when it is written
// with an escape, none when the alphabet lacks it.
func septets(r rune) int {
	if r < utf8.RuneSelf {
		return int(asciiCost[r])
	}
	switch r {
	case 'Ä', 'Å', 'Æ', 'Ç', 'É', 'Ñ', 'Ö', 'Ø', 'Ü', 'ß', 'à', 'ä', 'å', 'æ', 'è', 'é', 'ì', 'ñ', 'ò', 'ö', 'ø', 'ù', 'ü',
		'Γ', 'Δ', 'Θ', 'Λ', 'Ξ', 'Π', 'Σ', 'Φ', 'Ψ', 'Ω',
		'¡', '£', '¤', '¥', '§', '¿':
		return 1
	case '€':
		return 2
	}
	return 0
}

// asciiCost is septets for ASCII, 0 for bytes beyond.
var asciiCost = func() (costs [256]uint8) {
	for c := range byte(utf8.RuneSelf) {
		costs[c] = uint8(asciiSeptets(c))
	}
	return costs
}()

func asciiSeptets(c byte) int {
	switch c {
	case '^', '{', '}', '\\', '[', '~', ']', '|', '\f':
		return 2
	case '\n', '\r':
		return 1
	case '`', 0x7f:
		return 0
	}
	if c < ' ' {
		return 0
	}
	return 1
}
