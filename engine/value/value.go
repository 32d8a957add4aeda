package value

// Type is the type of a value.
type Type uint8

// The types of the language. TypeNil is null, the absence of a value.
const (
	TypeNil Type = iota
	TypeText
	TypeNumber
	TypeBoolean
	TypeDateTime
	TypeDate
	TypeTime
	TypeArray
	TypeObject
	TypeFunction
	TypeError
)

var typeNames = [...]string{
	"nil", "text", "number", "boolean", "datetime", "date", "time", "array", "object", "function", "error",
}

// String gives the type's name as the language writes it: text, number, …; nil for null.
func (t Type) String() string {
	if int(t) < len(typeNames) {
		return typeNames[t]
	}
	return "unknown"
}

// Value is a value of the language; nil is null. The dynamic types are the pointers *Text, *Number, *DateTime, *Date,
// *Time, *Array, *Object, *Function and *Error, none of which may be nil, and Boolean.
type Value interface {
	// Type gives the value's type; for null, ask TypeOf.
	Type() Type

	sealed()
}

// TypeOf gives the type of any value, null included.
func TypeOf(v Value) Type {
	if v == nil {
		return TypeNil
	}
	return v.Type()
}

// Text is a text: any Go string.
type Text struct{ text string }

// NewText makes a text that lives as long as it is referred to; see Runtime.Text for one that is pooled.
func NewText(s string) *Text { return &Text{s} }

// String gives the text itself.
func (t *Text) String() string { return t.text }

// Type is TypeText.
func (*Text) Type() Type { return TypeText }

// Number is a decimal number.
type Number struct{ Decimal }

// NewNumber makes a number that lives as long as it is referred to; see Runtime.Number for one that is pooled.
func NewNumber(d Decimal) *Number { return &Number{d} }

// Type is TypeNumber.
func (*Number) Type() Type { return TypeNumber }

// Boolean is true or false.
type Boolean bool

// Type is TypeBoolean.
func (Boolean) Type() Type { return TypeBoolean }

// Array is a list of values.
type Array struct {
	items  []Value
	weight int
}

// NewArray makes an array of items, which the caller must not change afterwards.
func NewArray(items []Value) *Array {
	a := &Array{items: items, weight: 1}
	for _, item := range items {
		a.weight = addWeight(a.weight, item)
	}
	return a
}

// Items gives the items; the caller must not change them.
func (a *Array) Items() []Value { return a.items }

// Len gives the number of items.
func (a *Array) Len() int { return len(a.items) }

// Type is TypeArray.
func (*Array) Type() Type { return TypeArray }

// Function is a function of the library, or one without a name that an expression makes.
type Function struct {
	// Name is in lower case; empty for a function without a name.
	Name string
	// Call runs the body, the check of the number of arguments included. What it returns is neither wrapped nor
	// charged: Runtime.Invoke does that. Arguments may be errors; args must not be kept or changed.
	Call func(rt *Runtime, args []Value) Value
}

// anonymous is how a function without a name prints.
const anonymous = "<anon>"

// PrintedName gives the name, or `<anon>`.
func (f *Function) PrintedName() string {
	if f.Name == "" {
		return anonymous
	}
	return f.Name
}

// Type is TypeFunction.
func (*Function) Type() Type { return TypeFunction }

// maxWeight is where weights stop to grow.
const maxWeight = 1 << 40

// addWeight adds the weight of v: the bytes of its texts and the number of its other values, each place counted where
// a value stands in several. It bounds the work of whatever walks through a value: an array of two arrays of two
// arrays and so on is made of few values, but prints as many.
func addWeight(sum int, v Value) int { return min(sum+weightOf(v), maxWeight) }

func weightOf(v Value) int {
	switch v := v.(type) {
	case *Text:
		return max(len(v.text), 1)
	case *Array:
		return v.weight
	case *Object:
		return v.weight
	}
	return 1
}

func (*Text) sealed()     {}
func (*Number) sealed()   {}
func (Boolean) sealed()   {}
func (*Array) sealed()    {}
func (*Function) sealed() {}
