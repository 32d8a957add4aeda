package funcs

import (
	"regexp"
	"strings"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/engine/value"
)

func encodings() []entry {
	return []entry{
		{
			name: "urn_parts", params: "urn: text", result: "object",
			doc: "Takes a URN apart: its scheme, its path and what it displays, without escapes. Any scheme will do.",
			examples: []Example{
				{Expression: `urn_parts("tel:+593979012345")`, Result: "{display: , path: +593979012345, scheme: tel}"},
				{Expression: `urn_parts("twitterid:54321#jane").display`, Result: "jane"},
				{Expression: `urn_parts("tel")`, Error: "error calling urn_parts(...): tel is not a valid URN: path cannot be empty"},
			},
			call: ofText(urnParts),
		},
		{
			name: "attachment_parts", params: "attachment: text", result: "object",
			doc: "Takes an attachment apart: its content type and its URL. A text that does not begin with a content type is all URL.",
			examples: []Example{
				{Expression: `attachment_parts("image/png:https://example.org/cat.png")`, Result: "{content_type: image/png, url: https://example.org/cat.png}"},
				{Expression: `attachment_parts("geo:-2.90,-79.00").url`, Result: "-2.90,-79.00"},
				{Expression: `attachment_parts("https://example.org/cat.png").content_type`, Result: ""},
			},
			call: ofText(func(rt *value.Runtime, text string) value.Value {
				contentType, url := cutContentType(text)
				return value.NewObject([]value.Property{{Key: "content_type", Value: rt.Text(contentType)}, {Key: "url", Value: rt.Text(url)}})
			}),
		},
		{
			name: "json", params: "value: any", result: "text",
			doc: "Gives the JSON of the value. What an object stands for as text is not part of it, and a function is null.",
			examples: []Example{
				{Expression: `json("5 > \"four\"")`, Result: `"5 > \"four\""`},
				{Expression: `json(object("b", array(1.50, null), "a", true))`, Result: `{"a":true,"b":[1.5,null]}`},
				{Expression: `json(1 / 0)`, Error: "error calling json(...): division by zero"},
			},
			call: func(rt *value.Runtime, args []value.Value) value.Value {
				text, failure := value.ToJSON(args[0])
				if failure != nil {
					return failure
				}
				return rt.Text(text)
			},
		},
		{
			name: "parse_json", params: "text: text", result: "any",
			doc: "Gives the value that a JSON text describes. The empty text gives null.",
			examples: []Example{
				{Expression: `parse_json("{\"name\": \"Ana\", \"ages\": [7, 9.50]}").ages`, Result: "[7, 9.5]"},
				{Expression: `parse_json("{name}")`, Error: "error calling parse_json(...): invalid JSON"},
				{Expression: `parse_json("")`, Result: ""},
			},
			call: ofText(func(_ *value.Runtime, text string) value.Value {
				if text == "" {
					return nil
				}
				v, err := value.FromJSON([]byte(text))
				if err != nil {
					return value.NewError(err.Error())
				}
				return v
			}),
		},
	}
}

func urnParts(rt *value.Runtime, text string) value.Value {
	urn, err := contactstore.ParseURN(text)
	if err != nil {
		return invalidURN(text, err)
	}
	scheme, path, display := urn.Decoded()
	return value.NewObject([]value.Property{
		{Key: "display", Value: rt.Text(display)}, {Key: "path", Value: rt.Text(path)}, {Key: "scheme", Value: rt.Text(scheme)},
	})
}

func invalidURN(text string, why error) *value.Error {
	return value.NewError(text + " is not a valid URN: " + why.Error())
}

// contentType is a media type, or one of the short forms that messages have.
var contentType = regexp.MustCompile(`^(?:[A-Za-z]+/[A-Za-z0-9.+_-]+|application|audio|geo|image|text|unavailable|video):`)

// cutContentType cuts an attachment behind its content type, which is empty when there is none.
func cutContentType(attachment string) (typ, url string) {
	typ = contentType.FindString(attachment)
	return strings.TrimSuffix(typ, ":"), attachment[len(typ):]
}
