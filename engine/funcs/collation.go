package funcs

import (
	"strings"

	"github.com/mtibben/confusables"
	"golang.org/x/text/unicode/norm"

	"github.com/flowexpr/flowexpr/engine/value"
)

// collation gives the key of a word. Words with one key are the same word to a test.
type collation func(word string) string

// collationOf gives the collation of a session: letter case never counts, and by its name nor does what words look
// like but are not, or how an Arabic letter is written.
func collationOf(env *value.Environment) collation {
	switch env.Collation {
	case "confusables":
		return skeleton
	case "arabic_variants":
		return foldArabic
	}
	return strings.ToLower
}

// skeleton gives words that look the same one key, with the confusables of Unicode TS #39. It lower-cases twice: before,
// as I looks like l and i does not, and after, as the digit 0 becomes the letter O.
func skeleton(word string) string {
	return strings.ToLower(confusables.Skeleton(strings.ToLower(word)))
}

// foldArabic gives a word one key however keyboards and habits write it. Compatible decomposition turns the forms of
// position into letters, and takes hamza and madda off the letters that carry them.
func foldArabic(word string) string {
	return strings.Map(foldArabicLetter, norm.NFKD.String(strings.ToLower(word)))
}

// foldArabicLetter gives the plain Arabic letter of a variant, the ASCII digit of a digit, and -1 for what is left out:
// marks, and the stroke that only stretches a word.
func foldArabicLetter(r rune) rune {
	switch {
	case r < 0x0600 || r > 0x06FF:
		return r
	case r == 0x0640, r >= 0x064B && r <= 0x065F, r == 0x0670, r >= 0x06D6 && r <= 0x06DC:
		return -1
	case r >= 0x0660 && r <= 0x0669:
		return r - 0x0660 + '0'
	case r >= 0x06F0 && r <= 0x06F9:
		return r - 0x06F0 + '0'
	}
	switch r {
	case 'ٱ':
		return 'ا'
	case 'ى', 'ی':
		return 'ي'
	case 'ک', 'ڪ':
		return 'ك'
	case 'ة', 'ہ', 'ھ', 'ە', 'ۃ':
		return 'ه'
	}
	return r
}
