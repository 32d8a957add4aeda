package value

import (
	"slices"
	"strings"
	"sync"
)

// DefaultKey is the key that gives an object its default where objects come from data: the function object, JSON and
// test contexts.
const DefaultKey = "__default__"

// Property is one property of an object.
type Property struct {
	Key   string
	Value Value
	// Deprecated is what to warn of when the property is read; empty for properties in good standing.
	Deprecated string
}

// Object has properties, and maybe a default: the value it stands for as text, as a number, as a boolean, as a date.
type Object struct {
	properties []Property // sorted by key, keys distinct
	def        Value
	hasDefault bool
	weight     int // of a lazy object: 1
	lazy       *lazyObject
}

// lazyObject makes an object's content when it is first asked for.
type lazyObject struct {
	once sync.Once
	load func() *Object
	made *Object
}

// NewObject makes an object without a default. It takes properties over; the caller must not change them afterwards.
// They need no order; of equal keys the last wins.
func NewObject(properties []Property) *Object {
	o := &Object{properties: sorted(properties), weight: 1}
	for i := range o.properties {
		o.weight = addWeight(o.weight+len(o.properties[i].Key), o.properties[i].Value)
	}
	return o
}

// NewObjectWithDefault makes an object that stands for def, which may be null; see NewObject for properties.
func NewObjectWithDefault(def Value, properties []Property) *Object {
	o := NewObject(properties)
	o.def, o.hasDefault, o.weight = def, true, addWeight(o.weight, def)
	return o
}

// NewLazyObject makes an object whose content load gives when something first asks for it. load is called once at
// most; it must not return nil.
func NewLazyObject(load func() *Object) *Object {
	return &Object{weight: 1, lazy: &lazyObject{load: load}}
}

// content gives the object that has the properties.
func (o *Object) content() *Object {
	for o.lazy != nil {
		lazy := o.lazy
		lazy.once.Do(func() { lazy.made, lazy.load = lazy.load(), nil })
		o = lazy.made
	}
	return o
}

// Properties gives the properties sorted by key; the caller must not change them.
func (o *Object) Properties() []Property { return o.content().properties }

// Len gives the number of properties; the default does not count.
func (o *Object) Len() int { return len(o.content().properties) }

// Default gives the value that the object stands for; ok is false when it has none.
func (o *Object) Default() (def Value, ok bool) {
	o = o.content()
	return o.def, o.hasDefault
}

// Get gives the value of a property; see Lookup.
func (o *Object) Get(name string) (v Value, ok bool) {
	p, ok := o.Lookup(name)
	return p.Value, ok
}

// Lookup gives a property by its name: the key that is equal, else the first that differs in letter case only.
func (o *Object) Lookup(name string) (p Property, ok bool) {
	properties := o.content().properties
	if i, found := slices.BinarySearchFunc(properties, name, compareKey); found {
		return properties[i], true
	}
	for i := range properties {
		if strings.EqualFold(properties[i].Key, name) {
			return properties[i], true
		}
	}
	return Property{}, false
}

// Type is TypeObject.
func (*Object) Type() Type { return TypeObject }

func (*Object) sealed() {}

func compareKey(p Property, key string) int { return strings.Compare(p.Key, key) }

// sorted sorts properties by key, in place, and drops all but the last of equal keys.
func sorted(properties []Property) []Property {
	ordered := true
	for i := 1; i < len(properties) && ordered; i++ {
		ordered = properties[i-1].Key < properties[i].Key
	}
	if ordered { // the usual case; nothing is written, so the slice may be shared
		return properties
	}
	slices.SortStableFunc(properties, func(a, b Property) int { return strings.Compare(a.Key, b.Key) })
	last := 0
	for i := range properties[1:] {
		if properties[i+1].Key != properties[last].Key {
			last++
		}
		properties[last] = properties[i+1]
	}
	clear(properties[last+1:])
	return properties[:last+1]
}
