package value

import (
	"fmt"
	"time"
)

// typeKey marks an object that stands for a value of a type that JSON does not have.
const typeKey = "$type"

// deprecated is a value with the warning that goes with the property it is the value of. It exists while JSON is read.
type deprecated struct {
	message string
	value   Value
}

// Type is the type of the value inside.
func (d *deprecated) Type() Type { return TypeOf(d.value) }

func (*deprecated) sealed() {}

func withoutDeprecation(v Value) Value {
	if d, ok := v.(*deprecated); ok {
		return d.value
	}
	return v
}

// FromTagged reads a value from JSON in which objects with a `$type` stand for what JSON has no types for, as test
// cases have them:
//
//	{"$type": "datetime", "value": "2018-04-11T18:24:30Z", "tz": "America/Bogota"}   tz: a zone's name, Local, or empty
//	{"$type": "date", "value": "2018-04-11"}
//	{"$type": "time", "value": "18:24:30"}
//	{"$type": "function", "name": "upper"}
//	{"$type": "error", "message": "no luck"}
//	{"$type": "deprecated", "message": "use something else", "value": …}
//
// function finds functions by name; nil finds none. The rest is as in FromJSON.
func FromTagged(data []byte, function func(name string) (*Function, bool)) (Value, error) {
	v, err := parseJSON(data, func(properties []Property) (Value, error) {
		return fromTag(objectOf(properties), function)
	})
	return withoutDeprecation(v), err
}

func fromTag(o *Object, function func(name string) (*Function, bool)) (Value, error) {
	tag, ok := o.Get(typeKey)
	if !ok {
		return o, nil
	}
	name, _ := ToText(tag)
	switch name {
	case "datetime":
		return dateTimeOf(textOf(o, "value"), textOf(o, "tz"))
	case "date":
		t, err := time.Parse(time.DateOnly, textOf(o, "value"))
		if err != nil {
			return nil, fmt.Errorf("date: %w", err)
		}
		return NewDate(t.Year(), int(t.Month()), t.Day()), nil
	case "time":
		t, err := time.Parse(time.TimeOnly, textOf(o, "value"))
		if err != nil {
			return nil, fmt.Errorf("time: %w", err)
		}
		return NewTime(t.Hour(), t.Minute(), t.Second(), t.Nanosecond()), nil
	case "function":
		if function != nil {
			if f, ok := function(textOf(o, "name")); ok {
				return f, nil
			}
		}
		return nil, fmt.Errorf("there is no function %q", textOf(o, "name"))
	case "error":
		return NewError(textOf(o, "message")), nil
	case "deprecated":
		v, _ := o.Get("value")
		return &deprecated{textOf(o, "message"), v}, nil
	}
	return nil, fmt.Errorf("got %s %q, want datetime, date, time, function, error or deprecated", typeKey, name)
}

func textOf(o *Object, key string) string {
	v, _ := o.Get(key)
	text, _ := ToText(v)
	return text
}

// dateTimeOf reads RFC 3339 into a zone: a named one, Local for a zone that is called so whatever machine reads it, or
// none but the offset.
func dateTimeOf(text, zone string) (Value, error) {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return nil, fmt.Errorf("datetime: %w", err)
	}
	_, offset := t.Zone()
	if zone == "" || zone == "Local" {
		return NewDateTime(t.In(time.FixedZone(zone, offset))), nil
	}
	location, err := time.LoadLocation(zone)
	if err != nil {
		return nil, fmt.Errorf("datetime: %w", err)
	}
	return NewDateTime(t.In(location)), nil
}
