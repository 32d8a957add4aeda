package value

import "unicode/utf8"

// ToJSON gives the JSON of a value; see AppendJSON.
func ToJSON(v Value) (string, *Error) {
	text, failure := AppendJSON(nil, v)
	return string(text), failure
}

// AppendJSON appends a value as JSON: objects with their keys sorted and without their default, dates and times as
// canonical texts, functions as null. Of `<`, `>` and `&` nothing is escaped. An error is returned, and dst is as it
// was; an error inside an array is null, and inside an object it is left out.
func AppendJSON(dst []byte, v Value) ([]byte, *Error) {
	if failure, ok := v.(*Error); ok {
		return dst, failure
	}
	return appendJSON(dst, v), nil
}

func appendJSON(dst []byte, v Value) []byte {
	switch v := v.(type) {
	case *Text:
		return appendQuoted(dst, v.text)
	case *Number:
		return v.Append(dst)
	case Boolean:
		dst, _ = AppendText(dst, v)
		return dst
	case *DateTime, *Date, *Time:
		dst, _ = AppendText(append(dst, '"'), v)
		return append(dst, '"')
	case *Array:
		return appendJSONArray(dst, v)
	case *Object:
		return appendJSONObject(dst, v)
	}
	return append(dst, "null"...)
}

func appendJSONArray(dst []byte, a *Array) []byte {
	dst = append(dst, '[')
	for i, item := range a.items {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendJSON(dst, item)
	}
	return append(dst, ']')
}

func appendJSONObject(dst []byte, o *Object) []byte {
	dst = append(dst, '{')
	first := true
	for _, p := range o.Properties() {
		if TypeOf(p.Value) == TypeError {
			continue
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = append(appendQuoted(dst, p.Key), ':')
		dst = appendJSON(dst, p.Value)
	}
	return append(dst, '}')
}

const hexDigits = "0123456789abcdef"

// appendQuoted appends a JSON string. Bytes that are no UTF-8 become U+FFFD; the line separators U+2028 and U+2029 are
// escaped, since JavaScript once could not read them.
func appendQuoted(dst []byte, s string) []byte {
	dst = append(dst, '"')
	plain := 0 // start of what needs no escape
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c < ' ' || c == '"' || c == '\\' {
				dst = appendEscaped(append(dst, s[plain:i]...), c)
				plain = i + 1
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			dst = append(append(dst, s[plain:i]...), `\ufffd`...)
			plain = i + size
		case r == '\u2028' || r == '\u2029':
			dst = append(append(dst, s[plain:i]...), `\u202`...)
			dst = append(dst, hexDigits[r&0xf])
			plain = i + size
		}
		i += size
	}
	return append(append(dst, s[plain:]...), '"')
}

func appendEscaped(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\b':
		return append(dst, `\b`...)
	case '\f':
		return append(dst, `\f`...)
	case '\n':
		return append(dst, `\n`...)
	case '\r':
		return append(dst, `\r`...)
	case '\t':
		return append(dst, `\t`...)
	}
	return append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&0xf])
}
