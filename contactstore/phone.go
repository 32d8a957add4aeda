package contactstore

import (
	"regexp"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// ParsePhone reads a phone number as people write it and gives it in E.164; country says how to read a number without
// a country code and may be empty. ok is false for anything that cannot be a phone number, short codes included.
func ParsePhone(raw, country string) (number string, ok bool) {
	number, _, ok = parsePhone(cleanPhone(raw), country)
	return number, ok
}

// cleanPhone trims, keeps a leading + and drops what is neither letter nor digit.
func cleanPhone(raw string) string {
	raw = strings.TrimSpace(raw)
	var b strings.Builder
	for i := range len(raw) {
		c := raw[i]
		if c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '+' && i == 0 {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// minInternational is the shortest number that may be one in international form whose + was left out.
const minInternational = 11

// parsePhone also gives the country that the number belongs to, empty where that is not known.
func parsePhone(cleaned, country string) (number, region string, ok bool) {
	if number, region, ok = possible(cleaned, country); ok {
		return number, region, true
	}
	if len(cleaned) >= minInternational && cleaned[0] != '0' && cleaned[0] != '+' {
		return possible("+"+cleaned, country)
	}
	return "", "", false
}

// possible gives the E.164 form of a number that the numbering plans have room for. Printing a number can change how
// it is read, so it is read again until it stays the same.
func possible(text, country string) (number, region string, ok bool) {
	for range 3 {
		parsed, err := phonenumbers.Parse(text, country)
		if err != nil || !phonenumbers.IsPossibleNumber(parsed) {
			return "", "", false
		}
		number = phonenumbers.Format(parsed, phonenumbers.E164)
		region = phonenumbers.GetRegionCodeForNumber(parsed)
		if number == text {
			break
		}
		text = number
	}
	if len(region) != 2 || region == phonenumbers.UNKNOWN_REGION {
		region = "" // a number of the whole world, or of nowhere
	}
	return number, region, true
}

var senderID = regexp.MustCompile(`^[0-9a-zA-Z]{3,64}$`)

// normalizePhone is the rule of the scheme tel: E.164 where it can be, sender ids and short codes in lower case, and
// anything else as it is.
func normalizePhone(path string) string {
	path, _ = phonePath(path)
	return path
}

func phonePath(path string) (normal, country string) {
	cleaned := cleanPhone(path)
	if number, country, ok := parsePhone(cleaned, ""); ok {
		return number, country
	}
	if senderID.MatchString(cleaned) {
		return strings.ToLower(cleaned), ""
	}
	return path, ""
}

// formatPhone writes a number as in its own country; a path that is no number stays.
func formatPhone(path string) string {
	parsed, err := phonenumbers.Parse(path, "")
	if err != nil {
		return path
	}
	return phonenumbers.Format(parsed, phonenumbers.NATIONAL)
}
