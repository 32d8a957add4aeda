package value

import "strconv"

// ToText gives the canonical text of a value; see AppendText.
func ToText(v Value) (string, *Error) {
	switch v := v.(type) {
	case nil:
		return "", nil
	case *Text:
		return v.text, nil
	case Boolean:
		return strconv.FormatBool(bool(v)), nil
	case *Object:
		if def, ok := v.Default(); ok {
			return ToText(def)
		}
	case *Function:
		return v.PrintedName(), nil
	}
	text, failure := AppendText(make([]byte, 0, 32), v)
	return string(text), failure
}

// AppendText appends the canonical text: what templates print, `&` joins and `=` compares. An error, wherever it is in
// the value, has no text: it is returned, and dst is as it was.
func AppendText(dst []byte, v Value) ([]byte, *Error) {
	switch v := v.(type) {
	case *Text:
		return append(dst, v.text...), nil
	case *Number:
		return v.Append(dst), nil
	case Boolean:
		return strconv.AppendBool(dst, bool(v)), nil
	case *DateTime:
		return v.AppendCanonical(dst), nil
	case *Date:
		return v.AppendCanonical(dst), nil
	case *Time:
		return v.AppendCanonical(dst), nil
	case *Function:
		return append(dst, v.PrintedName()...), nil
	case *Array:
		return appendArray(dst, v)
	case *Object:
		return appendObject(dst, v)
	case *Error:
		return dst, v
	}
	return dst, nil
}

// appendArray appends `[a, b]`.
func appendArray(dst []byte, a *Array) (appended []byte, failure *Error) {
	appended = append(dst, '[')
	for i, item := range a.items {
		if i > 0 {
			appended = append(appended, ", "...)
		}
		if appended, failure = AppendText(appended, item); failure != nil {
			return dst, failure
		}
	}
	return append(appended, ']'), nil
}

// appendObject appends the default's text, or `{key: value, …}` in the order of the keys.
func appendObject(dst []byte, o *Object) (appended []byte, failure *Error) {
	o = o.content()
	if o.hasDefault {
		return AppendText(dst, o.def)
	}
	appended = append(dst, '{')
	for i := range o.properties {
		if i > 0 {
			appended = append(appended, ", "...)
		}
		appended = append(append(appended, o.properties[i].Key...), ": "...)
		if appended, failure = AppendText(appended, o.properties[i].Value); failure != nil {
			return dst, failure
		}
	}
	return append(appended, '}'), nil
}

// Describe names a value in messages: a text in quotes, a number or a boolean itself, null, a function as `name(...)`,
// and anything else by its type.
func Describe(v Value) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case *Text:
		return strconv.Quote(v.text)
	case *Number:
		return v.String()
	case Boolean:
		return strconv.FormatBool(bool(v))
	case *Function:
		return v.PrintedName() + "(...)"
	}
	return v.Type().String()
}
