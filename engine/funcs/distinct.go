package funcs

import (
	"hash/maphash"

	"github.com/flowexpr/flowexpr/engine/value"
)

// distinct gives the items without those that value.Equal one before them. It finds candidates by a hash, so that
// arrays of thousands of items take one walk and not one for each item.
func distinct(items []value.Value) []value.Value {
	var kept []value.Value
	var h hasher
	places := make(map[uint64]int, len(items)) // of the first item with a hash, in kept
next:
	for _, item := range items {
		key := h.sum(item)
		for ; ; key++ { // items that differ and share a hash stand behind each other
			place, taken := places[key]
			if !taken {
				break
			}
			if value.Equal(kept[place], item) {
				continue next
			}
		}
		places[key] = len(kept)
		kept = append(kept, item)
	}
	return kept
}

// hasher hashes values so that equal ones have equal hashes.
type hasher struct {
	hash    maphash.Hash
	text    []byte
	unnamed int // functions without a name so far; each differs from all others
}

func (h *hasher) sum(v value.Value) uint64 {
	h.hash.Reset()
	h.add(v)
	return h.hash.Sum64()
}

func (h *hasher) add(v value.Value) {
	maphash.WriteComparable(&h.hash, value.TypeOf(v))
	switch v := v.(type) {
	case *value.DateTime:
		maphash.WriteComparable(&h.hash, v.Time().UnixNano())
	case *value.Array:
		maphash.WriteComparable(&h.hash, v.Len())
		for _, item := range v.Items() {
			h.add(item)
		}
	case *value.Object:
		h.addObject(v)
	case *value.Function:
		if v.Name == "" {
			h.unnamed++
			maphash.WriteComparable(&h.hash, h.unnamed)
		}
		maphash.WriteComparable(&h.hash, v.Name)
	case *value.Error:
		maphash.WriteComparable(&h.hash, v.Message)
	default: // equal values of the other types have equal texts
		h.text, _ = value.AppendText(h.text[:0], v)
		maphash.WriteComparable(&h.hash, len(h.text))
		_, _ = h.hash.Write(h.text)
	}
}

func (h *hasher) addObject(o *value.Object) {
	maphash.WriteComparable(&h.hash, o.Len())
	if def, ok := o.Default(); ok {
		h.add(def)
	}
	for _, p := range o.Properties() {
		maphash.WriteComparable(&h.hash, p.Key)
		h.add(p.Value)
	}
}
