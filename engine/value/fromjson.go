package value

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// MaxJSONDepth is how deep arrays and objects may stand in each other in JSON that FromJSON reads: as deep as
// expressions may nest.
const MaxJSONDepth = 100

// What FromJSON returns.
var (
	ErrInvalidJSON = errors.New("invalid JSON")
	ErrJSONDepth   = fmt.Errorf("JSON has more than %d arrays and objects in each other", MaxJSONDepth)
)

// FromJSON reads a value from JSON. Numbers become decimals; one that is out of range becomes an error value where it
// stands. Of equal keys the last wins, and the key `__default__` gives an object its default.
func FromJSON(data []byte) (Value, error) { return parseJSON(data, nil) }

// parseJSON reads JSON; convert, if any, may replace each object by another value.
func parseJSON(data []byte, convert func([]Property) (Value, error)) (Value, error) {
	if !json.Valid(data) {
		return nil, ErrInvalidJSON
	}
	r := jsonReader{rest: string(data), convert: convert}
	return r.value(0)
}

// jsonReader reads JSON that is known to be valid, so that it checks nothing but the depth.
type jsonReader struct {
	rest    string
	convert func([]Property) (Value, error)
}

// peek gives the next byte after spaces. Valid JSON has one wherever this is called.
func (r *jsonReader) peek() byte {
	r.rest = strings.TrimLeft(r.rest, " \t\r\n")
	return r.rest[0]
}

// skip moves past n bytes.
func (r *jsonReader) skip(n int) { r.rest = r.rest[n:] }

func (r *jsonReader) value(depth int) (Value, error) {
	if depth > MaxJSONDepth {
		return nil, ErrJSONDepth
	}
	switch r.peek() {
	case '{':
		return r.object(depth)
	case '[':
		return r.array(depth)
	case '"':
		return NewText(r.text()), nil
	case 't':
		r.skip(len("true"))
		return Boolean(true), nil
	case 'f':
		r.skip(len("false"))
		return Boolean(false), nil
	case 'n':
		r.skip(len("null"))
		return nil, nil
	}
	return r.number(), nil
}

func (r *jsonReader) number() Value {
	end := strings.IndexAny(r.rest, ",]} \t\r\n")
	if end < 0 {
		end = len(r.rest)
	}
	d, err := parseJSONNumber(r.rest[:end])
	r.skip(end)
	if err != nil {
		return ErrOutOfRange()
	}
	return NewNumber(d)
}

// text reads a string literal.
func (r *jsonReader) text() string {
	end, plain := 1, true
	for r.rest[end] != '"' {
		if r.rest[end] == '\\' {
			plain = false
			end++
		}
		end++
	}
	literal := r.rest[:end+1]
	r.skip(len(literal))
	inside := literal[1:end]
	if plain && utf8.ValidString(inside) {
		return inside
	}
	var decoded string
	_ = json.Unmarshal([]byte(literal), &decoded) // cannot fail: it is valid
	return decoded
}

func (r *jsonReader) array(depth int) (Value, error) {
	r.skip(1)
	items := []Value{}
	for r.peek() != ']' {
		if r.rest[0] == ',' {
			r.skip(1)
		}
		item, err := r.value(depth + 1)
		if err != nil {
			return nil, err
		}
		items = append(items, withoutDeprecation(item))
	}
	r.skip(1)
	return NewArray(items), nil
}

func (r *jsonReader) object(depth int) (Value, error) {
	r.skip(1)
	var properties []Property
	for r.peek() != '}' {
		if r.rest[0] == ',' {
			r.skip(1)
			r.peek()
		}
		p := Property{Key: r.text()}
		r.peek()
		r.skip(1) // the colon
		v, err := r.value(depth + 1)
		if err != nil {
			return nil, err
		}
		p.Value = withoutDeprecation(v)
		if d, ok := v.(*deprecated); ok {
			p.Deprecated = d.message
		}
		properties = append(properties, p)
	}
	r.skip(1)
	if r.convert != nil {
		return r.convert(properties)
	}
	return objectOf(properties), nil
}

// objectOf makes an object of properties one of which may be its default.
func objectOf(properties []Property) *Object {
	o := NewObject(properties)
	for i, p := range o.properties {
		if p.Key == DefaultKey {
			rest := append(o.properties[:i:i], o.properties[i+1:]...)
			return NewObjectWithDefault(p.Value, rest)
		}
	}
	return o
}
