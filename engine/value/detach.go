package value

// Detach copies a value out of the memory of the runtime that made it, deeply, so that it may be kept. Functions
// without a name stay bound to their evaluation: they must not be called after it.
func Detach(v Value) Value {
	d := detacher{}
	return d.detach(v)
}

// detacher remembers what it copied, so that what a value shares stays shared.
type detacher struct{ copied map[Value]Value }

func (d *detacher) detach(v Value) Value {
	switch v := v.(type) {
	case *Text:
		return NewText(v.text)
	case *Number:
		return NewNumber(v.Decimal)
	case *Array, *Object:
		return d.container(v)
	}
	return v
}

func (d *detacher) container(v Value) Value {
	if done, ok := d.copied[v]; ok {
		return done
	}
	var made Value
	switch v := v.(type) {
	case *Array:
		items := make([]Value, len(v.items))
		for i, item := range v.items {
			items[i] = d.detach(item)
		}
		made = &Array{items: items, weight: v.weight}
	case *Object:
		made = d.object(v.content())
	}
	if d.copied == nil {
		d.copied = map[Value]Value{}
	}
	d.copied[v] = made
	return made
}

func (d *detacher) object(o *Object) *Object {
	made := &Object{properties: make([]Property, len(o.properties)), hasDefault: o.hasDefault, weight: o.weight}
	for i, p := range o.properties {
		p.Value = d.detach(p.Value)
		made.properties[i] = p
	}
	made.def = d.detach(o.def)
	return made
}
