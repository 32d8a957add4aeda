package transfer

import (
	"encoding/json"
	"strings"

	"github.com/flowexpr/flowexpr/contactstore"
)

// goflow keeps all that a field's text can be read as, such as {"text": "34", "number": 34}; a contact here has one
// value for a field.

// fieldValue is a field of goflow's.
type fieldValue struct {
	Text     *string     `json:"text"`
	Number   json.Number `json:"number"`
	Datetime string      `json:"datetime"`
	State    string      `json:"state"`
	District string      `json:"district"`
	Ward     string      `json:"ward"`
}

// plainField gives a field of goflow's as one value: by the type that the workspace defines for it, or else a number
// where the text is that number, or else the text. Any other field stays.
func plainField(f contactstore.Field, typ string) contactstore.Field {
	if f.Kind != contactstore.FieldJSON {
		return f
	}
	decoder := json.NewDecoder(strings.NewReader(f.Text))
	decoder.DisallowUnknownFields()
	var v fieldValue
	if decoder.Decode(&v) != nil || v.Text == nil {
		return f
	}
	plain := contactstore.Field{Key: f.Key, Kind: contactstore.FieldText, Text: *v.Text}
	number := v.Number.String()
	switch byType := v.of(typ); {
	case number != "" && (typ == "number" || typ == "" && number == *v.Text):
		plain.Kind, plain.Text = contactstore.FieldNumber, number
	case byType != "":
		plain.Text = byType
	}
	return plain
}

// of gives the value as a type that is text, empty where it has none.
func (v *fieldValue) of(typ string) string {
	switch typ {
	case "datetime":
		return v.Datetime
	case "state":
		return v.State
	case "district":
		return v.District
	case "ward":
		return v.Ward
	}
	return ""
}
