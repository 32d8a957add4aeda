package contactstore

import (
	"errors"
	"strings"
)

// Limits of a URN, in bytes.
const (
	maxPath    = 200 // as stored, escapes included
	maxDisplay = 255
)

// URN names one connection: `scheme:path`, perhaps with a `?query` and a `#display`. In path and display the
// characters `#`, `%` and `?` stand escaped. It is one string, immutable and comparable with ==; the zero value is no
// URN. Source: section 11 of the language specification.
type URN struct{ text string }

// What ParseURN and Validate return, wrapped in an *Error with the code invalid_urn.
var (
	errNoScheme      = errors.New("scheme cannot be empty")
	errNoPath        = errors.New("path cannot be empty")
	errQueryPlace    = errors.New("query component can only come after path component")
	errFragmentPlace = errors.New("fragment component can only come after path or query components")
	errUnknownScheme = errors.New("unknown URN scheme")
	errInvalidPath   = errors.New("invalid path component")
	errInvalidShow   = errors.New("invalid display component")
)

const urnHint = "write a URN as scheme:path, such as tel:+13233754866 or mailto:jane@example.org"

func urnError(err error) error {
	return &Error{Code: "invalid_urn", Message: err.Error(), Hint: urnHint, Err: ErrInvalid}
}

// ParseURN reads a URN's structure; it neither normalizes nor validates. The error has the code invalid_urn.
func ParseURN(text string) (URN, error) {
	scheme, rest, _ := strings.Cut(text, ":")
	if i := strings.IndexAny(scheme, "?#"); i >= 0 {
		return URN{}, urnError(misplaced(scheme[i]))
	}
	path, tail := rest, ""
	if i := strings.IndexAny(rest, "?#"); i >= 0 {
		path, tail = rest[:i], rest[i:]
	}
	if i := misplacedIn(tail); i >= 0 {
		return URN{}, urnError(misplaced(tail[i]))
	}
	if scheme == "" {
		return URN{}, urnError(errNoScheme)
	}
	if path == "" {
		return URN{}, urnError(errNoPath)
	}
	return URN{text}, nil
}

// misplacedIn gives the index of a ? or # that may not be in `?query#display`, or -1.
func misplacedIn(tail string) int {
	seenQuery, seenFragment := false, false
	for i := range len(tail) {
		switch tail[i] {
		case '?':
			if seenQuery || seenFragment {
				return i
			}
			seenQuery = true
		case '#':
			if seenFragment {
				return i
			}
			seenFragment = true
		}
	}
	return -1
}

func misplaced(c byte) error {
	if c == '?' {
		return errQueryPlace
	}
	return errFragmentPlace
}

// NewURN makes a URN of parts that are not escaped; it validates nothing but that scheme and path are there.
func NewURN(scheme, path, display string) (URN, error) {
	text := scheme + ":" + escapes.Replace(path)
	if display != "" {
		text += "#" + escapes.Replace(display)
	}
	return ParseURN(text)
}

var (
	escapes   = strings.NewReplacer("#", "%23", "%", "%25", "?", "%3F")
	unescapes = strings.NewReplacer("%23", "#", "%25", "%", "%3F", "?")
)

// IsZero reports whether u is no URN.
func (u URN) IsZero() bool { return u.text == "" }

// Scheme gives what comes before the first colon.
func (u URN) Scheme() string {
	scheme, _, _ := strings.Cut(u.text, ":")
	return scheme
}

// Path gives the path as stored, escapes included.
func (u URN) Path() string { return u.Identity()[len(u.Scheme())+1:] }

// Identity gives `scheme:path`: what makes two URNs the same connection.
func (u URN) Identity() string {
	if i := strings.IndexAny(u.text, "?#"); i >= 0 {
		return u.text[:i]
	}
	return u.text
}

// Query gives what stands between ? and #, or nothing.
func (u URN) Query() string {
	_, query, _ := strings.Cut(u.text, "?")
	query, _, _ = strings.Cut(query, "#")
	return query
}

// Display gives the display as stored, escapes included, or nothing.
func (u URN) Display() string {
	_, display, _ := strings.Cut(u.text, "#")
	return display
}

// Full gives the whole URN, query included.
func (u URN) Full() string { return u.text }

// String gives the URN as templates print it: without its query.
func (u URN) String() string {
	i := strings.IndexByte(u.text, '?')
	if i < 0 {
		return u.text
	}
	if j := strings.IndexByte(u.text, '#'); j > i {
		return u.text[:i] + u.text[j:]
	}
	return u.text[:i]
}

// Decoded gives scheme, path and display without escapes.
func (u URN) Decoded() (scheme, path, display string) {
	return u.Scheme(), unescapes.Replace(u.Path()), unescapes.Replace(u.Display())
}

// WithDisplay gives the URN with another display, which is not escaped; an empty one removes it. The query is dropped.
func (u URN) WithDisplay(display string) URN {
	if display == "" {
		return URN{u.Identity()}
	}
	return URN{u.Identity() + "#" + escapes.Replace(display)}
}

// Normalize gives the URN as it is stored: path and display trimmed, and the path as its scheme wants it.
func (u URN) Normalize() URN {
	normal, _ := u.normalize()
	return normal
}

// normalize also gives the country of a phone number, empty where it is not known.
func (u URN) normalize() (normal URN, country string) {
	scheme, path, display := u.Decoded()
	path, display = strings.TrimSpace(path), strings.TrimSpace(display)
	switch s := schemeByName(scheme); {
	case s == nil || s.normalize == nil:
	case s.ID == SchemeTel:
		path, country = phonePath(path)
	default:
		path = s.normalize(path)
	}
	text := scheme + ":" + escapes.Replace(path)
	if query := u.Query(); query != "" {
		text += "?" + query
	}
	if display != "" {
		text += "#" + escapes.Replace(display)
	}
	return URN{text}, country
}

// Validate checks a normalized URN against its scheme. The error has the code invalid_urn.
func (u URN) Validate() error {
	scheme, path, display := u.Decoded()
	s := schemeByName(scheme)
	switch {
	case scheme == "":
		return urnError(errNoScheme)
	case path == "":
		return urnError(errNoPath)
	case s == nil:
		return urnError(errUnknownScheme)
	case len(u.Path()) > maxPath, s.valid != nil && !s.valid(path):
		return urnError(errInvalidPath)
	case len(display) > maxDisplay:
		return urnError(errInvalidShow)
	}
	return nil
}

// Format gives the URN for people: its display, else the path as its scheme is written, else the path. A phone number
// is written as in its own country.
func (u URN) Format() string {
	scheme, path, display := u.Decoded()
	switch {
	case display != "":
		return display
	case scheme == "tel":
		return formatPhone(path)
	}
	return path
}

// FormatURN reads a URN and gives it for people.
func FormatURN(text string) (string, error) {
	u, err := ParseURN(text)
	if err != nil {
		return "", err
	}
	return u.Format(), nil
}

// MarshalText gives the whole URN.
func (u URN) MarshalText() ([]byte, error) { return []byte(u.text), nil }
