package broadcast

import (
	"bytes"
	"encoding/json"
)

// marshal gives JSON without escapes for HTML. Values here can always be marshalled.
func marshal(v any) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
