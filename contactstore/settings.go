package contactstore

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Settings are a workspace's settings. The JSON form has a member for each; see DefaultSettings for what a missing one
// means. Source: section 8 of the language specification and section 1 of the public contract.
type Settings struct {
	// ContactURN is what contact.urn gives: phone, any or routable.
	ContactURN string `json:"contact_urn"`
	// RedactURNs hides all of a URN but its scheme.
	RedactURNs bool   `json:"redact_urns"`
	Timezone   string `json:"timezone"`
	DateFormat string `json:"date_format"`
	TimeFormat string `json:"time_format"`
	// Languages are the allowed ones, as ISO 639-3 codes, the default first.
	Languages    []string     `json:"languages"`
	Country      string       `json:"country"`
	NumberFormat NumberFormat `json:"number_format"`
	Collation    string       `json:"collation"`
	// Channels are nil when the workspace declares none, and can then send to all types.
	Channels []Channel `json:"channels"`
	Globals  []Global  `json:"globals"`
	// Fields are nil when the workspace does not define its fields: what a contact's record holds does.
	Fields []FieldDefinition `json:"fields"`
	// Groups are nil when the workspace does not define its groups. They give imports that name groups their UUIDs.
	Groups []Group `json:"groups"`
	// Locations are trees of places: [{"name", "aliases", "children"}].
	Locations json.RawMessage `json:"locations,omitempty"`
}

// NumberFormat has the symbols of printed numbers.
type NumberFormat struct {
	DecimalSymbol       string `json:"decimal_symbol"`
	DigitGroupingSymbol string `json:"digit_grouping_symbol"`
}

// Global is one of a workspace's global values.
type Global struct {
	Key   string `json:"key"`
	Name  string `json:"name"`
	Value string `json:"value"`
}

// FieldDefinition defines a custom field.
type FieldDefinition struct {
	Key  string `json:"key"`
	Name string `json:"name"`
	// Type is text, number, datetime, state, district or ward.
	Type string `json:"type"`
}

// Policies gives what the setting contact_urn may be.
func Policies() []string { return []string{"phone", "any", "routable"} }

// DefaultSettings gives the settings of a workspace that has set none.
func DefaultSettings() Settings {
	return Settings{
		ContactURN: "phone", Timezone: "UTC", DateFormat: "YYYY-MM-DD", TimeFormat: "tt:mm", Languages: []string{},
		NumberFormat: NumberFormat{DecimalSymbol: ".", DigitGroupingSymbol: ","}, Collation: "default",
	}
}

// ParseSettings reads settings from a JSON object over the defaults, and validates them. The error has the code
// invalid_settings, or unknown_setting.
func ParseSettings(data []byte) (Settings, error) { return DefaultSettings().Merge(data) }

// Merge lays a JSON object of settings over s: its members replace whole settings, null sets the default. The result
// is validated.
func (s Settings) Merge(patch []byte) (Settings, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(patch, &members); err != nil {
		return Settings{}, settingsError("want a JSON object with a member for each setting: %s", strings.TrimPrefix(err.Error(), "json: "))
	}
	defaults := DefaultSettings()
	for key, raw := range members {
		if err := s.set(key, raw, &defaults); err != nil {
			return Settings{}, err
		}
	}
	return s, s.Validate()
}

func settingsError(format string, args ...any) error {
	return invalid("invalid_settings", "", format, args...)
}

// set sets one setting from JSON.
func (s *Settings) set(key string, raw json.RawMessage, defaults *Settings) error {
	field, otherwise := s.field(key), defaults.field(key)
	if field == nil {
		return invalid("unknown_setting", "the settings are "+strings.Join(settingNames, ", "), "%q is not a setting", key)
	}
	if string(raw) == "null" {
		assign(field, otherwise)
		return nil
	}
	if locations, ok := field.(*json.RawMessage); ok {
		*locations = slices.Clone(bytes.TrimSpace(raw))
		return nil
	}
	if globals, ok := field.(*[]Global); ok && raw[0] == '{' {
		return globalsFromObject(globals, raw)
	}
	clearSlice(field)
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(field); err != nil {
		return settingsError("%s: %s", key, decodeReason(err))
	}
	return nil
}

// clearSlice makes sure that a list is replaced as a whole: decoding into elements that are there would mix old and new.
func clearSlice(field any) {
	switch list := field.(type) {
	case *[]Channel:
		*list = []Channel{}
	case *[]Global:
		*list = []Global{}
	case *[]FieldDefinition:
		*list = []FieldDefinition{}
	case *[]Group:
		*list = []Group{}
	case *[]string:
		*list = []string{}
	case *NumberFormat:
		*list = NumberFormat{DecimalSymbol: ".", DigitGroupingSymbol: ","}
	}
}

// globalsFromObject reads globals as an object, in its order: a shorter form that a context has too.
func globalsFromObject(into *[]Global, raw json.RawMessage) error {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	globals := []Global{}
	for {
		token, err := decoder.Token()
		if err != nil {
			break
		}
		key, ok := token.(string)
		if !ok {
			continue // a brace
		}
		var value string
		if err := decoder.Decode(&value); err != nil {
			return settingsError("globals: %s: want a text", key)
		}
		globals = append(globals, Global{Key: key, Name: key, Value: value})
	}
	*into = globals
	return nil
}

func decodeReason(err error) string {
	var wrongType *json.UnmarshalTypeError
	if errors.As(err, &wrongType) {
		place := ""
		if wrongType.Field != "" {
			place = wrongType.Field + ": "
		}
		return fmt.Sprintf("%sgot %s, want %s", place, article(wrongType.Value), jsonType(wrongType.Type.Kind().String()))
	}
	return strings.TrimPrefix(err.Error(), "json: ")
}

func jsonType(kind string) string {
	switch kind {
	case "string":
		return "a text"
	case "bool":
		return "true or false"
	case "slice":
		return "an array"
	case "struct":
		return "an object"
	}
	return "a number"
}

var settingNames = []string{
	"contact_urn", "redact_urns", "timezone", "date_format", "time_format", "languages", "country", "number_format",
	"collation", "channels", "globals", "fields", "groups", "locations",
}

// field gives the place of a setting, nil for a name that is none.
func (s *Settings) field(key string) any {
	switch key {
	case "contact_urn":
		return &s.ContactURN
	case "redact_urns":
		return &s.RedactURNs
	case "timezone":
		return &s.Timezone
	case "date_format":
		return &s.DateFormat
	case "time_format":
		return &s.TimeFormat
	case "languages":
		return &s.Languages
	case "country":
		return &s.Country
	case "number_format":
		return &s.NumberFormat
	case "collation":
		return &s.Collation
	case "channels":
		return &s.Channels
	case "globals":
		return &s.Globals
	case "fields":
		return &s.Fields
	case "groups":
		return &s.Groups
	case "locations":
		return &s.Locations
	}
	return nil
}

func assign(field, value any) {
	switch field := field.(type) {
	case *string:
		*field = *value.(*string)
	case *bool:
		*field = *value.(*bool)
	case *[]string:
		*field = *value.(*[]string)
	case *NumberFormat:
		*field = *value.(*NumberFormat)
	case *[]Channel:
		*field = nil
	case *[]Global:
		*field = nil
	case *[]FieldDefinition:
		*field = nil
	case *[]Group:
		*field = nil
	case *json.RawMessage:
		*field = nil
	}
}

// Bounds of a workspace's settings.
const (
	maxChannels    = 1000
	maxGlobals     = 1000
	maxDefinitions = 2000
	maxLocations   = 8 << 20 // bytes
)

var (
	countryCode = regexp.MustCompile(`^[A-Z]{2}$`)
	keyName     = regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`)
)

// Validate checks the settings. The error has the code invalid_settings and says which setting is wrong.
func (s *Settings) Validate() error {
	for _, choice := range []struct {
		name, got string
		want      []string
	}{
		{"contact_urn", s.ContactURN, Policies()},
		{"date_format", s.DateFormat, []string{"YYYY-MM-DD", "DD-MM-YYYY", "MM-DD-YYYY"}},
		{"time_format", s.TimeFormat, []string{"tt:mm", "h:mm aa", "tt:mm:ss", "h:mm:ss aa"}},
		{"collation", s.Collation, []string{"default", "confusables", "arabic_variants"}},
	} {
		if !slices.Contains(choice.want, choice.got) {
			return settingsError("%s: got %q, want one of %s", choice.name, choice.got, strings.Join(choice.want, ", "))
		}
	}
	if _, err := time.LoadLocation(s.Timezone); err != nil || s.Timezone == "Local" {
		return settingsError("timezone: got %q, want the name of a time zone, such as America/Los_Angeles", s.Timezone)
	}
	if s.Country != "" && !countryCode.MatchString(s.Country) {
		return settingsError("country: got %q, want an ISO 3166 code of two letters, such as US", s.Country)
	}
	for i, language := range s.Languages {
		if !languageCode.MatchString(language) {
			return settingsError("languages[%d]: got %q, want an ISO 639-3 code of three letters, such as eng", i, language)
		}
	}
	if s.NumberFormat.DecimalSymbol == "" {
		return settingsError("number_format: decimal_symbol is empty")
	}
	return errors.Join(s.validateChannels(), s.validateKeys(), s.validateGroups(), s.validateLocations())
}

func (s *Settings) validateChannels() error {
	if len(s.Channels) > maxChannels {
		return settingsError("channels: got %d, want at most %d", len(s.Channels), maxChannels)
	}
	for i := range s.Channels {
		c := &s.Channels[i]
		switch {
		case c.UUID == "":
			return settingsError("channels[%d]: uuid is missing", i)
		case len(c.Schemes) == 0:
			return settingsError("channels[%d]: schemes is missing: want the schemes that the channel sends to, such as [\"tel\"]", i)
		case c.Country != "" && !countryCode.MatchString(c.Country):
			return settingsError("channels[%d]: country: got %q, want an ISO 3166 code of two letters, such as US", i, c.Country)
		}
	}
	return nil
}

// fieldTypes are what a field may be.
var fieldTypes = []string{"text", "number", "datetime", "state", "district", "ward"}

func (s *Settings) validateKeys() error {
	if len(s.Globals) > maxGlobals || len(s.Fields) > maxDefinitions {
		return settingsError("got %d globals and %d fields, want at most %d and %d", len(s.Globals), len(s.Fields), maxGlobals, maxDefinitions)
	}
	for i, g := range s.Globals {
		if !keyName.MatchString(g.Key) {
			return settingsError("globals[%d]: key: got %q, want lower-case letters, digits and _, a letter first", i, g.Key)
		}
		if g.Name == "" {
			s.Globals[i].Name = g.Key
		}
	}
	for i, f := range s.Fields {
		if !keyName.MatchString(f.Key) {
			return settingsError("fields[%d]: key: got %q, want lower-case letters, digits and _, a letter first", i, f.Key)
		}
		if f.Name == "" {
			s.Fields[i].Name = f.Key
		}
		if f.Type == "" {
			s.Fields[i].Type = fieldTypes[0]
		}
		if !slices.Contains(fieldTypes, s.Fields[i].Type) {
			return settingsError("fields[%d]: type: got %q, want one of %s", i, f.Type, strings.Join(fieldTypes, ", "))
		}
	}
	return nil
}

// validateGroups wants groups that can be told apart by UUID, and by name in any letter case.
func (s *Settings) validateGroups() error {
	if len(s.Groups) > maxDefinitions {
		return settingsError("groups: got %d, want at most %d", len(s.Groups), maxDefinitions)
	}
	uuids, names := map[string]int{}, map[string]int{}
	for i, g := range s.Groups {
		if _, err := ParseUUID(g.UUID); err != nil || g.Name == "" {
			return settingsError("groups[%d]: want a uuid, and a name that is not empty", i)
		}
		uuid, name := strings.ToLower(g.UUID), strings.ToLower(g.Name)
		if j, again := uuids[uuid]; again {
			return settingsError("groups[%d]: has the uuid of groups[%d]", i, j)
		}
		if j, again := names[name]; again {
			return settingsError("groups[%d]: has the name of groups[%d], but for letter case", i, j)
		}
		uuids[uuid], names[name] = i, i
	}
	return nil
}

// location is the shape of a place.
type location struct {
	Name     string     `json:"name"`
	Aliases  []string   `json:"aliases"`
	Children []location `json:"children"`
}

func (s *Settings) validateLocations() error {
	if len(s.Locations) == 0 {
		return nil
	}
	if len(s.Locations) > maxLocations {
		return settingsError("locations: got %d bytes, want at most %d", len(s.Locations), maxLocations)
	}
	var places []location
	if err := json.Unmarshal(s.Locations, &places); err != nil {
		return settingsError("locations: want an array of places with name, aliases and children: %s", decodeReason(err))
	}
	return nil
}
