package value

import "time"

// Environment is what a session sets for conversions and formats. It is immutable while evaluations use it, and may
// be shared by them. The zero value means the defaults that the fields name.
type Environment struct {
	// Timezone is where dates without a zone are; nil means UTC.
	Timezone *time.Location
	// DateFormat is YYYY-MM-DD (the default), DD-MM-YYYY or MM-DD-YYYY; it rules reading and printing.
	DateFormat string
	// TimeFormat is tt:mm (the default), tt:mm:ss, h:mm aa or h:mm:ss aa; it rules printing only.
	TimeFormat string
	// Languages are codes of three letters, the session's own first.
	Languages []string
	// Country is the ISO 3166 code of two letters that phone numbers are read with; empty means unknown.
	Country string
	// NumberFormat has the symbols of printed numbers.
	NumberFormat NumberFormat
	// Collation is default, confusables or arabic_variants: how word tests compare.
	Collation string
	// RedactURNs hides what comes after the scheme of a URN.
	RedactURNs bool
	// Locations are the places that has_state, has_district and has_ward know. Nil means that there are none.
	Locations *Locations
}

// NumberFormat has the symbols of printed numbers. The zero value means `.` and `,`.
type NumberFormat struct {
	// DecimalSymbol stands before the fraction; empty means `.`.
	DecimalSymbol string
	// DigitGroupingSymbol stands between thousands; empty beside a DecimalSymbol means that nothing does.
	DigitGroupingSymbol string
}

// The defaults of an environment.
const (
	DefaultDateFormat = "YYYY-MM-DD"
	DefaultTimeFormat = "tt:mm"
)

// Zone gives the time zone, never nil.
func (e *Environment) Zone() *time.Location {
	if e.Timezone == nil {
		return time.UTC
	}
	return e.Timezone
}

// DateLayout gives the date format, the default where none is set.
func (e *Environment) DateLayout() string {
	if e.DateFormat == "" {
		return DefaultDateFormat
	}
	return e.DateFormat
}

// TimeLayout gives the time format, the default where none is set.
func (e *Environment) TimeLayout() string {
	if e.TimeFormat == "" {
		return DefaultTimeFormat
	}
	return e.TimeFormat
}

// WithDefaults fills in the symbols that are not set.
func (f NumberFormat) WithDefaults() NumberFormat {
	if f == (NumberFormat{}) {
		f.DigitGroupingSymbol = ","
	}
	if f.DecimalSymbol == "" {
		f.DecimalSymbol = "."
	}
	return f
}
