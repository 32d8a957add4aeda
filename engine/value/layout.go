package value

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// layoutKind says what a layout is for; it decides which elements may stand in it, and names it in messages.
type layoutKind uint8

const (
	dateLayout layoutKind = 1 << iota
	timeLayout
	dateTimeLayout
)

func (k layoutKind) String() string {
	switch k {
	case dateLayout:
		return "date"
	case timeLayout:
		return "time"
	}
	return "datetime"
}

// elementUse says where an element of a layout is allowed.
type elementUse struct {
	kinds    layoutKind // a set
	parsable bool
}

// useOf gives the use of an element; one that does not exist has no kinds.
func useOf(element string) elementUse {
	switch element {
	case "YY", "YYYY", "M", "MM", "D", "DD":
		return elementUse{dateLayout | dateTimeLayout, true}
	case "MMM", "MMMM", "EEE", "EEEE":
		return elementUse{dateLayout | dateTimeLayout, false}
	case "h", "hh", "t", "tt", "m", "mm", "s", "ss", "fff", "ffffff", "fffffffff", "aa", "AA":
		return elementUse{timeLayout | dateTimeLayout, true}
	case "Z", "ZZZ":
		return elementUse{dateTimeLayout, true}
	}
	return elementUse{}
}

// isSeparator reports whether c stands for itself in a layout.
func isSeparator(c byte) bool { return strings.IndexByte(" :/.,T-_", c) >= 0 }

// cutElement cuts the first part off a layout, which must not be empty: a run of one character, or one separator.
func cutElement(layout string) (element, rest string) {
	if isSeparator(layout[0]) {
		return layout[:1], layout[1:]
	}
	first, size := utf8.DecodeRuneInString(layout)
	end := size
	for end < len(layout) {
		next, size := utf8.DecodeRuneInString(layout[end:])
		if next != first {
			break
		}
		end += size
	}
	return layout[:end], layout[end:]
}

// checkElement gives the error of an element that does not belong into a layout of that kind; use is `formatting` or
// `parsing`.
func checkElement(element string, kind layoutKind, use string) *Error {
	allowed := useOf(element)
	if allowed.kinds&kind != 0 && (allowed.parsable || use == "formatting") {
		return nil
	}
	return NewError("'" + element + "' is not valid in a " + kind.String() + " " + use + " layout")
}

// FormatDateTimeLayout prints a moment, in its own zone, by a layout such as `YYYY-MM-DD tt:mm`. The names of months
// and days are those of the environment's language. The error names the part of the layout that is not valid.
func FormatDateTimeLayout(env *Environment, t time.Time, layout string) (string, *Error) {
	return formatLayout(env, dateTimeLayout, layout, t)
}

// FormatDateLayout prints a date by a layout that has elements of dates only, such as `D MMMM YYYY`.
func FormatDateLayout(env *Environment, d *Date, layout string) (string, *Error) {
	return formatLayout(env, dateLayout, layout, d.in(time.UTC))
}

// FormatTimeLayout prints a time of day by a layout that has elements of times only, such as `h:mm aa`.
func FormatTimeLayout(env *Environment, t *Time, layout string) (string, *Error) {
	return formatLayout(env, timeLayout, layout, time.Date(1, 1, 1, t.Hour, t.Minute, t.Second, t.Nanos, time.UTC))
}

// The texts of dates that Format gives; a layout of the environment that is not valid leaves the canonical text.

func formatDateTime(env *Environment, d *DateTime) string {
	return orCanonical(d)(FormatDateTimeLayout(env, d.t.In(env.Zone()), env.DateTimeLayout()))
}

func formatDate(env *Environment, d *Date) string {
	return orCanonical(d)(FormatDateLayout(env, d, env.DateLayout()))
}

func formatTime(env *Environment, t *Time) string {
	return orCanonical(t)(FormatTimeLayout(env, t, env.TimeLayout()))
}

// DateTimeLayout gives the date format and the time format, with a space between.
func (e *Environment) DateTimeLayout() string { return e.DateLayout() + " " + e.TimeLayout() }

// orCanonical keeps a formatted text, or gives the canonical one where formatting failed.
func orCanonical(v interface{ AppendCanonical([]byte) []byte }) func(string, *Error) string {
	return func(text string, failure *Error) string {
		if failure != nil {
			return string(v.AppendCanonical(nil))
		}
		return text
	}
}

func formatLayout(env *Environment, kind layoutKind, layout string, t time.Time) (string, *Error) {
	dst := make([]byte, 0, 48)
	for layout != "" {
		var element string
		element, layout = cutElement(layout)
		if isSeparator(element[0]) {
			dst = append(dst, element[0])
			continue
		}
		if failure := checkElement(element, kind, "formatting"); failure != nil {
			return "", failure
		}
		dst = appendElement(dst, env, element, t)
	}
	return string(dst), nil
}

// appendElement appends one element, which must exist.
func appendElement(dst []byte, env *Environment, element string, t time.Time) []byte {
	switch element[0] {
	case 'Y', 'M', 'D', 'E':
		return appendDateElement(dst, env, element, t)
	case 'a':
		return append(dst, strings.ToLower(periodName(env, t.Hour() >= 12))...)
	case 'A':
		return append(dst, strings.ToUpper(periodName(env, t.Hour() >= 12))...)
	case 'Z':
		if element == "Z" {
			return t.AppendFormat(dst, "Z07:00")
		}
		return t.AppendFormat(dst, "-07:00")
	}
	return appendClockElement(dst, element, t)
}

func appendDateElement(dst []byte, env *Environment, element string, t time.Time) []byte {
	switch element {
	case "YY":
		year := t.Year() % 100
		return appendPadded(dst, max(year, -year), 2)
	case "YYYY":
		return appendPadded(dst, t.Year(), 4)
	case "MMM":
		return append(dst, monthName(env, t.Month(), false)...)
	case "MMMM":
		return append(dst, monthName(env, t.Month(), true)...)
	case "EEE":
		return append(dst, weekdayName(env, t.Weekday(), false)...)
	case "EEEE":
		return append(dst, weekdayName(env, t.Weekday(), true)...)
	case "M", "MM":
		return appendPadded(dst, int(t.Month()), len(element))
	}
	return appendPadded(dst, t.Day(), len(element))
}

func appendClockElement(dst []byte, element string, t time.Time) []byte {
	switch element[0] {
	case 'h':
		return appendPadded(dst, (t.Hour()+11)%12+1, len(element))
	case 't':
		if element == "t" && t.Hour() == 0 {
			return dst // all zeros in front are stripped, at midnight the only one as well
		}
		return appendPadded(dst, t.Hour(), len(element))
	case 'm':
		return appendPadded(dst, t.Minute(), len(element))
	case 's':
		return appendPadded(dst, t.Second(), len(element))
	}
	nanos := strconv.AppendInt(nil, int64(t.Nanosecond()+1_000_000_000), 10)
	return append(dst, nanos[1:1+len(element)]...)
}
