package server

import (
	"bytes"
	"encoding/json"
)

// mergePatch applies a JSON merge patch (RFC 7396) to an object; both were checked before.
func mergePatch(target, patch []byte) ([]byte, error) {
	changes, ok := members(patch)
	if !ok {
		return patch, nil
	}
	merged, ok := members(target)
	if !ok {
		merged = map[string]json.RawMessage{}
	}
	for name, change := range changes {
		if string(bytes.TrimSpace(change)) == "null" {
			delete(merged, name)
			continue
		}
		value, err := mergePatch(merged[name], change)
		if err != nil {
			return nil, err
		}
		merged[name] = value
	}
	return appendJSON(nil, merged)
}

// members gives an object's members; ok is false for what is no object.
func members(data []byte) (map[string]json.RawMessage, bool) {
	if data = bytes.TrimSpace(data); len(data) == 0 || data[0] != '{' {
		return nil, false
	}
	var all map[string]json.RawMessage
	return all, json.Unmarshal(data, &all) == nil
}
