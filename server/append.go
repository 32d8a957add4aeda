package server

import (
	"bytes"
	"encoding/json"
)

// appendJSON appends any value as JSON, for answers that are not hot. Values here can always be marshalled.
func appendJSON(dst []byte, v any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return dst, internal("marshal an answer", err)
	}
	return append(dst, bytes.TrimSuffix(b.Bytes(), []byte("\n"))...), nil
}
