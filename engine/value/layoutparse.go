package value

import (
	"math"
	"strings"
	"time"
)

// ParseDateTime reads a text that is laid out exactly as layout says, such as `DD/MM/YYYY tt:mm`. A text without an
// offset is in zone; parts that the layout does not have are those of the first moment of the year 0. A fraction of
// seconds may follow the seconds where the layout has none. Errors say which part of the text does not fit.
func ParseDateTime(env *Environment, text, layout string, zone *time.Location) (*DateTime, *Error) {
	p, failure := parseLayout(env, dateTimeLayout, text, layout)
	if failure != nil {
		return nil, failure
	}
	return NewDateTime(p.moment(zone)), nil
}

// ParseTime reads a time of day that is laid out exactly as layout says, such as `h:mm aa`; see ParseDateTime.
func ParseTime(env *Environment, text, layout string) (*Time, *Error) {
	p, failure := parseLayout(env, timeLayout, text, layout)
	if failure != nil {
		return nil, failure
	}
	return NewTime(p.hour, p.minute, p.second, p.nanos), nil
}

// noOffset stands for a text that says nothing about its zone.
const noOffset = math.MinInt

// layoutParser goes through a text along a layout.
type layoutParser struct {
	env   *Environment
	value string // what is left of the text

	year, month, day            int
	hour, minute, second, nanos int
	am, pm, utc                 bool
	offset                      int // seconds east, or noOffset
}

// parseLayout follows the rules of Go's time.Parse, the answers to texts that do not fit included: which rest of the
// text cannot be parsed as which part of the layout.
func parseLayout(env *Environment, kind layoutKind, text, layout string) (*layoutParser, *Error) {
	p := &layoutParser{env: env, value: text, month: 1, day: 1, offset: noOffset}
	for rest := layout; rest != ""; {
		var element string
		if element, rest = cutElement(rest); isSeparator(element[0]) {
			continue
		}
		if failure := checkElement(element, kind, "parsing"); failure != nil {
			return nil, failure
		}
	}
	for layout != "" {
		separators := len(layout)
		for i := range len(layout) {
			if !isSeparator(layout[i]) {
				separators = i
				break
			}
		}
		if separators > 0 {
			if !p.skip(layout[:separators]) {
				return nil, cannotParse(p.value, layout[:separators])
			}
			layout = layout[separators:]
			continue
		}
		var element string
		element, layout = cutElement(layout)
		before := p.value
		switch p.element(element, layout) {
		case misfit:
			return nil, cannotParse(before, element)
		case outOfRange:
			return nil, cannotParse(p.value, element)
		}
	}
	if p.value != "" || p.day < 1 || p.day > daysIn(p.year, p.month) {
		return nil, cannotParse(p.value, "")
	}
	p.applyPeriod()
	return p, nil
}

func cannotParse(value, element string) *Error {
	return NewError("cannot parse '" + value + "' as '" + element + "'")
}

// fit is how an element went.
type fit uint8

const (
	fits fit = iota
	misfit
	outOfRange // it was read, but there is no such month, hour, minute, …
)

// element reads one element; rest is the layout behind it.
func (p *layoutParser) element(element, rest string) fit {
	padded := len(element) == 2
	switch element[0] {
	case 'Y':
		return p.yearElement(element)
	case 'M':
		return p.number(&p.month, padded, 1, 12)
	case 'D':
		return p.number(&p.day, padded, 0, 99)
	case 't':
		return p.number(&p.hour, false, 0, 23)
	case 'h':
		return p.number(&p.hour, padded, 0, 12)
	case 'm':
		return p.number(&p.minute, padded, 0, 59)
	case 's':
		return p.secondElement(padded, rest)
	case 'f':
		return p.fractionElement(len(element), rest)
	case 'a', 'A':
		return p.periodElement(element)
	}
	return p.zoneElement(element)
}

// number reads one or two digits, or exactly two.
func (p *layoutParser) number(n *int, two bool, least, most int) fit {
	width := digitsAt(p.value, 0, 2)
	if width == 0 || two && width == 1 {
		return misfit
	}
	*n = atoi(p.value[:width])
	p.value = p.value[width:]
	if *n < least || *n > most {
		return outOfRange
	}
	return fits
}

func (p *layoutParser) yearElement(element string) fit {
	width := len(element)
	if digitsAt(p.value, 0, width) < width {
		return misfit
	}
	p.year = atoi(p.value[:width])
	p.value = p.value[width:]
	if width == 2 {
		if p.year += 1900; p.year < 1969 { // two digits mean 1969 to 2068
			p.year += 100
		}
	}
	return fits
}

// secondElement reads seconds, and a fraction that the layout does not announce.
func (p *layoutParser) secondElement(padded bool, rest string) fit {
	if result := p.number(&p.second, padded, 0, 59); result != fits {
		return result
	}
	next := strings.TrimLeft(rest, " :/.,T-_")
	if next != "" && next[0] == 'f' || len(p.value) < 2 || p.value[0] != '.' && p.value[0] != ',' {
		return fits
	}
	if width := digitsAt(p.value, 1, len(p.value)); width > 0 {
		p.nanos = fractionNanos(p.value[1 : 1+width])
		p.value = p.value[1+width:]
	}
	return fits
}

// fractionElement reads a fraction of at least width digits: exactly as many where another element follows at once.
func (p *layoutParser) fractionElement(width int, rest string) fit {
	most := len(p.value)
	if rest != "" && !isSeparator(rest[0]) {
		most = width
	}
	digits := digitsAt(p.value, 0, most)
	if digits < width {
		return misfit
	}
	p.nanos = fractionNanos(p.value[:digits])
	p.value = p.value[digits:]
	return fits
}

// periodElement reads am or pm in the case of the element, in the environment's language or in English.
func (p *layoutParser) periodElement(element string) fit {
	inCase := strings.ToLower
	if element == "AA" {
		inCase = strings.ToUpper
	}
	for _, names := range [][2]string{{periodName(p.env, false), periodName(p.env, true)}, {"am", "pm"}} {
		for i, name := range names {
			if rest, ok := strings.CutPrefix(p.value, inCase(name)); ok {
				p.value, p.am, p.pm = rest, i == 0, i == 1
				return fits
			}
		}
	}
	return misfit
}

// zoneElement reads an offset like +05:30; for Z, the letter means UTC.
func (p *layoutParser) zoneElement(element string) fit {
	if rest, ok := strings.CutPrefix(p.value, "Z"); ok && element == "Z" {
		p.value, p.utc = rest, true
		return fits
	}
	v := p.value
	if len(v) < 6 || v[0] != '+' && v[0] != '-' || v[3] != ':' || digitsAt(v, 1, 2) < 2 || digitsAt(v, 4, 2) < 2 {
		return misfit
	}
	p.value = v[6:]
	hours, minutes := atoi(v[1:3]), atoi(v[4:6])
	if hours > 24 || minutes > 60 { // people do write offsets of 24 hours
		return outOfRange
	}
	p.offset = (hours*60 + minutes) * 60
	if v[0] == '-' {
		p.offset = -p.offset
	}
	return fits
}

// skip takes separators off the text: spaces match any number of them, the end of the text included.
func (p *layoutParser) skip(separators string) bool {
	for separators != "" {
		if separators[0] == ' ' {
			if p.value != "" && p.value[0] != ' ' {
				return false
			}
			separators, p.value = strings.TrimLeft(separators, " "), strings.TrimLeft(p.value, " ")
			continue
		}
		if p.value == "" || p.value[0] != separators[0] {
			return false
		}
		separators, p.value = separators[1:], p.value[1:]
	}
	return true
}

func (p *layoutParser) applyPeriod() {
	switch {
	case p.pm && p.hour < 12:
		p.hour += 12
	case p.am && p.hour == 12:
		p.hour = 0
	}
}

// moment gives what was read; an offset that zone has at that moment means that zone.
func (p *layoutParser) moment(zone *time.Location) time.Time {
	switch {
	case p.utc:
		zone = time.UTC
	case p.offset != noOffset:
		fixed := time.FixedZone("", p.offset)
		t := time.Date(p.year, time.Month(p.month), p.day, p.hour, p.minute, p.second, p.nanos, fixed)
		if _, offset := t.In(zone).Zone(); offset == p.offset {
			return t.In(zone)
		}
		return t
	}
	return time.Date(p.year, time.Month(p.month), p.day, p.hour, p.minute, p.second, p.nanos, zone)
}

// digitsAt counts ASCII digits of s from at on, most of them at most.
func digitsAt(s string, at, most int) int {
	n := 0
	for n < most && at+n < len(s) && isDigit(s[at+n]) {
		n++
	}
	return n
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// atoi gives the value of at most nine ASCII digits.
func atoi(digits string) int {
	n := 0
	for i := range len(digits) {
		n = n*10 + int(digits[i]-'0')
	}
	return n
}

// fractionNanos gives the nanoseconds of the digits behind the point, those after the ninth cut off.
func fractionNanos(digits string) int {
	digits = digits[:min(len(digits), 9)]
	n := atoi(digits)
	for range 9 - len(digits) {
		n *= 10
	}
	return n
}
