package diag

import (
	"strings"
	"unicode/utf8"
)

const (
	maxNearest = 100 // characters; nobody mistypes longer names, and distance costs the product of two lengths
	minPrefix  = 3   // characters that say enough to complete a name
)

// Nearest gives the candidate that name was most likely meant to be, or "" when none is near: one that differs in no
// more than a third of the characters, else one that name begins, or that begins name. Letter case does not count.
// Of equally near candidates the first in byte order wins.
func Nearest(name string, candidates []string) string {
	written := []rune(strings.ToLower(name[:min(len(name), maxNearest*utf8.UTFMax+1)]))
	if len(written) == 0 || len(written) > maxNearest {
		return ""
	}
	limit := max(len(written)/3, 1)
	best, distance := "", limit+1
	for _, candidate := range candidates {
		if d := editDistance(written, candidate, limit); d < distance || d == distance && d <= limit && candidate < best {
			best, distance = candidate, d
		}
	}
	if distance >= len(written) { // nothing of it would stay
		best = ""
	}
	if best == "" {
		best = completion(string(written), candidates)
	}
	return best
}

// completion gives the shortest candidate that name begins, else the longest that begins name.
func completion(name string, candidates []string) string {
	longer, shorter := "", ""
	for _, candidate := range candidates {
		lower := strings.ToLower(candidate)
		switch {
		case utf8.RuneCountInString(name) >= minPrefix && strings.HasPrefix(lower, name):
			if longer == "" || len(candidate) < len(longer) || len(candidate) == len(longer) && candidate < longer {
				longer = candidate
			}
		case utf8.RuneCountInString(lower) >= minPrefix && strings.HasPrefix(name, lower):
			if len(candidate) > len(shorter) || len(candidate) == len(shorter) && candidate < shorter {
				shorter = candidate
			}
		}
	}
	if longer != "" {
		return longer
	}
	return shorter
}

// editDistance counts the insertions, deletions, replacements and swaps of neighbours between two names, no character
// taking part in two of them. It gives limit+1 as soon as there are more than limit.
func editDistance(a []rune, candidate string, limit int) int {
	if len(candidate) > (len(a)+limit)*utf8.UTFMax {
		return limit + 1
	}
	b := []rune(strings.ToLower(candidate))
	if len(b)-len(a) > limit || len(a)-len(b) > limit {
		return limit + 1
	}
	before, above, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, above, row = above, row, before
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(above[j]+1, row[j-1]+1, above[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least > limit {
			return limit + 1
		}
	}
	return min(row[len(b)], limit+1)
}
