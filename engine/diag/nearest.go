package diag

import (
	"strings"
	"unicode"
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
	m := newMeasure(written, max(len(written)/3, 1))
	best, distance := "", m.limit+1
	for _, candidate := range candidates {
		if d := m.distance(candidate); d < distance || d == distance && d <= m.limit && candidate < best {
			best, distance = candidate, d
			m.limit = d // what is farther is of no interest any more
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

// measure finds how far candidates are from one name, in the same memory for all of them.
type measure struct {
	name               []rune // in lower case
	other              []rune // the candidate, in lower case
	limit              int    // larger distances are of no interest
	before, above, row []int  // the last rows of the table of distances between beginnings of name and of other
}

func newMeasure(name []rune, limit int) *measure {
	width := len(name) + limit + 1
	rows := make([]int, 3*width)
	return &measure{
		name: name, other: make([]rune, 0, width), limit: limit,
		before: rows[:width], above: rows[width : 2*width], row: rows[2*width:],
	}
}

// distance counts the insertions, deletions, replacements and swaps of neighbours between the name and a candidate, no
// character taking part in two of them. It gives limit+1 as soon as there are more than limit.
func (m *measure) distance(candidate string) int {
	if !m.read(candidate) {
		return m.limit + 1
	}
	for j := range len(m.other) + 1 {
		m.row[j] = j
	}
	for i := range m.name {
		m.before, m.above, m.row = m.above, m.row, m.before
		if m.fill(i) > m.limit {
			return m.limit + 1
		}
	}
	return min(m.row[len(m.other)], m.limit+1)
}

// read takes a candidate, unless its length alone puts it beyond the limit.
func (m *measure) read(candidate string) bool {
	most := len(m.name) + m.limit
	if len(candidate) > most*utf8.UTFMax {
		return false
	}
	m.other = m.other[:0]
	for _, c := range candidate {
		if len(m.other) == most {
			return false
		}
		m.other = append(m.other, unicode.ToLower(c))
	}
	return len(m.name)-len(m.other) <= m.limit
}

// fill fills the row of the name's character i, and gives the least distance in it: later rows have none below.
func (m *measure) fill(i int) (least int) {
	m.row[0], least = i+1, i+1
	for j := range m.other {
		replaced := m.above[j]
		if m.name[i] != m.other[j] {
			replaced++
		}
		d := min(replaced, m.above[j+1]+1, m.row[j]+1)
		if i > 0 && j > 0 && m.name[i] == m.other[j-1] && m.name[i-1] == m.other[j] {
			d = min(d, m.before[j-1]+1)
		}
		m.row[j+1], least = d, min(least, d)
	}
	return least
}
