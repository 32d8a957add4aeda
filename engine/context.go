package engine

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/flowexpr/flowexpr/engine/value"
)

// Context holds the roots that a caller gives beside the contact: results, input, run and names of its own.
// It is immutable and implements vars.Context.
type Context struct {
	roots map[string]value.Property
}

// MaxContextBytes bounds a caller's context: as much as fifty pages of results.
const MaxContextBytes = 1 << 20

// ParseContext reads a context from a JSON object: a root for each member. The standard roots get the shape that
// templates expect of them (results have a default, a category and so on); other roots stay as they are.
func ParseContext(data []byte) (*Context, error) {
	if len(data) > MaxContextBytes {
		return nil, fmt.Errorf("the context has %d bytes, more than the limit of %d", len(data), MaxContextBytes)
	}
	v, err := value.FromJSON(data)
	if err != nil {
		return nil, fmt.Errorf("context: %w", err)
	}
	object, ok := v.(*value.Object)
	if !ok {
		return nil, fmt.Errorf("context: got %s, want an object with a member for each root", value.TypeOf(v))
	}
	c := &Context{roots: make(map[string]value.Property, object.Len())}
	for _, p := range object.Properties() {
		c.roots[p.Key] = shapeRoot(p)
	}
	return c, nil
}

// ParseTaggedContext reads a context whose values may carry a type (`$type`) and defaults (`__default__`), as test
// cases have them. Nothing is shaped.
func (e *Engine) ParseTaggedContext(data []byte) (*Context, error) {
	v, err := value.FromTagged(data, func(name string) (*value.Function, bool) {
		function, ok := e.library.Lookup(strings.ToLower(name))
		if !ok {
			return nil, false
		}
		return function.Value, true
	})
	if err != nil {
		return nil, err
	}
	object, ok := v.(*value.Object)
	if !ok {
		return nil, fmt.Errorf("got %s, want an object with a member for each root", value.TypeOf(v))
	}
	c := &Context{roots: make(map[string]value.Property, object.Len())}
	for _, p := range object.Properties() {
		c.roots[p.Key] = p
	}
	return c, nil
}

// Shaped gives the context with the standard roots in the shape that ParseContact gives them.
func (c *Context) Shaped() *Context {
	shaped := &Context{roots: make(map[string]value.Property, len(c.roots))}
	for key, p := range c.roots {
		shaped.roots[key] = shapeRoot(p)
	}
	return shaped
}

// Root gives a root by its stored name.
func (c *Context) Root(name string) (any, bool) {
	if c == nil {
		return nil, false
	}
	p, ok := c.roots[name]
	return p, ok
}

// Names gives the names of the roots, sorted.
func (c *Context) Names() []string {
	if c == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(c.roots))
}
