package value

import (
	"strings"
	"time"
)

// The scanners of this file find dates and times in what people write. They look for candidates from left to right,
// on word boundaries, each behind the end of the one before, and take the first that exists on a calendar or a clock.
// Words are made of ASCII letters, digits and underscores.

// trimBlank trims what people and programs leave around a date.
func trimBlank(s string) string { return strings.Trim(s, " \t\r\n") }

func dateTimeInText(rt *Runtime, text string, fill bool) (time.Time, bool) {
	text = trimBlank(text)
	if t, ok := parseISO(text); ok {
		return t, true
	}
	d, end, ok := dateInText(rt, text)
	if !ok {
		return time.Time{}, false
	}
	clock, ok := timeInText(text[end:])
	if !ok && fill {
		clock = *TimeOf(rt.Now())
	}
	return clock.on(&d, rt.Env.Zone()), true
}

// On gives the moment of the time of day on a day, in a zone.
func (t *Time) On(d *Date, zone *time.Location) time.Time { return t.on(d, zone) }

func (t *Time) on(d *Date, zone *time.Location) time.Time {
	return time.Date(d.Year, time.Month(d.Month), d.Day, t.Hour, t.Minute, t.Second, t.Nanos, zone)
}

// parseISO reads ISO 8601 with an offset, the seconds optional. The result is in UTC for the letter Z, else in a zone
// without a name.
func parseISO(text string) (time.Time, bool) {
	if len(text) < len("2006-01-02T15:04Z")-1 || text[4] != '-' || text[10] != 'T' {
		return time.Time{}, false // the usual case, without the cost of an error
	}
	t, err := time.ParseInLocation(time.RFC3339, text, time.UTC)
	if err != nil {
		if t, err = time.ParseInLocation("2006-01-02T15:04Z07:00", text, time.UTC); err != nil {
			return t, false
		}
	}
	if text[len(text)-1] == 'Z' {
		return t.UTC(), true
	}
	_, offset := t.Zone()
	return t.In(time.FixedZone("", offset)), true
}

// dateInText gives the first date of a text and where it ends. A text that begins with an ISO date needs no boundary
// behind it; else the environment's date format says in which order day, month and year come.
func dateInText(rt *Runtime, text string) (d Date, end int, ok bool) {
	if d, ok := isoDate(text); ok {
		return d, len(time.DateOnly), true
	}
	for at := 0; at < len(text); at++ {
		if !isDigit(text[at]) || at > 0 && isWordByte(text[at-1]) {
			continue
		}
		groups, end, ok := threeGroups(text, at, rt.Env.DateLayout())
		if !ok {
			continue
		}
		if d, ok := orderedDate(rt, groups); ok {
			return d, end, true
		}
		at = end - 1
	}
	return Date{}, 0, false
}

// isoDate reads the first ten bytes as YYYY-MM-DD.
func isoDate(text string) (Date, bool) {
	if len(text) < len(time.DateOnly) || text[4] != '-' || text[7] != '-' ||
		digitsAt(text, 0, 4) < 4 || digitsAt(text, 5, 2) < 2 || digitsAt(text, 8, 2) < 2 {
		return Date{}, false
	}
	return calendarDate(atoi(text[:4]), atoi(text[5:7]), atoi(text[8:10]))
}

// calendarDate makes a date if there is such a day.
func calendarDate(year, month, day int) (Date, bool) {
	if month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return Date{}, false
	}
	return Date{year, month, day}, true
}

// threeGroups reads three groups of digits with one separator between each, up to a word boundary. The group of the
// year has four digits or two, the others one or two.
func threeGroups(text string, at int, format string) (groups [3]string, end int, ok bool) {
	yearGroup := 2
	switch format {
	case "YYYY-MM-DD":
		yearGroup = 0
	case "DD-MM-YYYY", "MM-DD-YYYY":
	default:
		return groups, 0, false
	}
	for i := range groups {
		width := digitsAt(text, at, 5)
		if width == 0 || width > 2 && (i != yearGroup || width != 4) || width == 1 && i == yearGroup {
			return groups, 0, false
		}
		groups[i] = text[at : at+width]
		at += width
		switch {
		case i == 2 && at < len(text) && isWordByte(text[at]),
			i < 2 && (at == len(text) || strings.IndexByte(`-.\/_ `, text[at]) < 0):
			return groups, 0, false
		}
		at++
	}
	return groups, at - 1, true
}

// orderedDate puts three groups in the order of the environment's date format. A year of two digits is of this century
// up to the current year, and of the last century beyond it.
func orderedDate(rt *Runtime, groups [3]string) (Date, bool) {
	year, month, day := groups[2], groups[1], groups[0]
	switch rt.Env.DateLayout() {
	case "YYYY-MM-DD":
		year, day = groups[0], groups[2]
	case "MM-DD-YYYY":
		month, day = groups[0], groups[1]
	}
	y := atoi(year)
	if len(year) == 2 {
		if y > rt.Now().Year()%1000 {
			y += 1900
		} else {
			y += 2000
		}
	}
	return calendarDate(y, atoi(month), atoi(day))
}

// timeInText gives the first time of day of a text: `10`, `1030`, `10:30`, `10:30:45.123`, each with am or pm behind,
// with or without something between that is no word.
func timeInText(text string) (Time, bool) {
	for at := 0; at < len(text); at++ {
		if !isDigit(text[at]) || at > 0 && isWordByte(text[at-1]) {
			continue
		}
		c, ok := clockAt(text, at)
		if !ok {
			continue
		}
		if t, ok := c.time(); ok {
			return t, true
		}
		at = max(at, c.end-1)
	}
	return Time{}, false
}

// clock is a candidate for a time; parts that the text does not have are empty.
type clock struct {
	hour, minute, second, fraction string
	period                         byte // a, p, or 0
	end                            int
}

// clockAt reads the candidate that begins at a digit: each part is taken if the rest of the candidate still fits.
func clockAt(text string, at int) (clock, bool) {
	for width := digitsAt(text, at, 2); width > 0; width-- {
		c := clock{hour: text[at : at+width], end: at + width}
		if c.minutes(text, c.end) {
			return c, true
		}
	}
	return clock{}, false
}

func (c *clock) minutes(text string, at int) bool {
	from := at
	if from < len(text) && text[from] == ':' {
		from++
	}
	if digitsAt(text, from, 2) == 2 {
		c.minute = text[from : from+2]
		if c.seconds(text, from+2) {
			return true
		}
		c.minute = ""
	}
	return c.seconds(text, at)
}

func (c *clock) seconds(text string, at int) bool {
	if at < len(text) && text[at] == ':' && digitsAt(text, at+1, 2) == 2 {
		c.second = text[at+1 : at+3]
		if c.fractions(text, at+3) {
			return true
		}
		c.second = ""
	}
	return c.fractions(text, at)
}

func (c *clock) fractions(text string, at int) bool {
	if at < len(text) && text[at] == '.' {
		if digits := digitsAt(text, at+1, len(text)); digits > 0 {
			c.fraction = text[at+1 : at+1+digits]
			if c.tail(text, at+1+digits) {
				return true
			}
			c.fraction = ""
		}
	}
	return c.tail(text, at)
}

// tail reads am or pm, maybe behind what is no word, and checks that the candidate ends on a word boundary.
func (c *clock) tail(text string, at int) bool {
	word := at
	for word < len(text) && !isWordByte(text[word]) {
		word++
	}
	c.end = word
	if rest := text[word:]; len(rest) >= 2 && (len(rest) == 2 || !isWordByte(rest[2])) && rest[1]|0x20 == 'm' {
		if letter := rest[0] | 0x20; letter == 'a' || letter == 'p' {
			c.period, c.end = letter, word+2
			return true
		}
	}
	if word == len(text) {
		c.end = at
		return true
	}
	return word > at
}

// time gives the time of day if there is such a one.
func (c *clock) time() (Time, bool) {
	t := Time{atoi(c.hour), atoi(c.minute), atoi(c.second), fractionNanos(c.fraction)}
	if t == (Time{Hour: 24}) {
		t.Hour = 0
	}
	if t.Hour > 23 || t.Minute > 59 || t.Second > 59 {
		return Time{}, false
	}
	switch {
	case c.period == 'p' && t.Hour < 12:
		t.Hour += 12
	case c.period == 'a' && t.Hour == 12:
		t.Hour = 0
	}
	return t, true
}

// isWordByte reports whether c belongs to a word of ASCII.
func isWordByte(c byte) bool {
	return isDigit(c) || c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z'
}
