package funcs

import (
	"strings"

	"github.com/flowexpr/flowexpr/engine/value"
)

// Family groups functions as a reference lists them.
type Family string

// The families, in the order of a reference.
const (
	Conversion Family = "conversion"
	Logic      Family = "logic"
	Text       Family = "text"
	Number     Family = "number"
	Dates      Family = "dates"
	Arrays     Family = "arrays and objects"
	Encoding   Family = "encoded text"
	Formatting Family = "formatting"
	Tests      Family = "router tests"
	Legacy     Family = "legacy"
)

// Param is one parameter of a function.
type Param struct {
	Name string `json:"name"`
	// Type is text, number, integer, boolean, date, datetime, time, array, object, function or any.
	Type string `json:"type"`
	// Optional parameters come last. A Variadic one, the last of all, takes any number of arguments, none included.
	Optional bool `json:"optional,omitempty"`
	Variadic bool `json:"variadic,omitempty"`
}

// Example is an expression and what it gives in the session that the tests set up: as canonical text, or as the
// message of an error.
type Example struct {
	Expression string `json:"expression"`
	Result     string `json:"result"`
	Error      string `json:"error,omitempty"`
}

// Function is one function: what it is called, what it takes, what it does. It is immutable.
type Function struct {
	Name     string
	Family   Family
	Params   []Param
	Result   string // type of the result, as in Param.Type
	Doc      string
	Examples []Example
	// Ambient functions read the session: its time zone, formats, languages, country, clock or random source.
	Ambient bool
	// Value is the function as expressions pass it around; its Call checks the number of arguments.
	Value *value.Function
}

// Pure reports whether the result depends on the arguments only.
func (f *Function) Pure() bool { return !f.Ambient }

// Arguments gives the least and the most number of arguments; most is -1 where there is no limit.
func (f *Function) Arguments() (least, most int) {
	for _, p := range f.Params {
		if p.Variadic {
			return least, -1
		}
		if !p.Optional {
			least++
		}
		most++
	}
	return least, most
}

// Signature gives the function as a reference writes it: `word(text, index [, delimiters])`.
func (f *Function) Signature() string {
	var b strings.Builder
	b.WriteString(f.Name + "(")
	open := 0
	for i, p := range f.Params {
		if p.Optional || p.Variadic {
			b.WriteString(" ["[btoi(i == 0):])
			open++
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(p.Name)
		if p.Variadic {
			b.WriteString("...")
		}
	}
	b.WriteString(strings.Repeat("]", open) + ")")
	return b.String()
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// body is what a function does once its arguments are counted. Arguments may be errors.
type body func(rt *value.Runtime, args []value.Value) value.Value

// entry is a row of the table that each family's file holds.
type entry struct {
	name string
	// params is `name: type` joined by commas; `?` behind a name makes it optional, `...` variadic.
	params   string
	result   string
	doc      string
	examples []Example
	ambient  bool
	call     body
	// miscount makes the error of a wrong number of arguments; nil means value.WrongArguments.
	miscount func(got int) *value.Error
}

// function makes the function of a row.
func (e *entry) function(family Family) *Function {
	f := &Function{
		Name: e.name, Family: family, Params: parseParams(e.params), Result: e.result, Doc: e.doc, Examples: e.examples, Ambient: e.ambient,
	}
	least, most := f.Arguments()
	call, miscount := e.call, e.miscount
	if miscount == nil {
		miscount = func(got int) *value.Error { return value.WrongArguments(least, most, got) }
	}
	f.Value = &value.Function{Name: e.name, Call: func(rt *value.Runtime, args []value.Value) value.Value {
		if len(args) < least || most >= 0 && len(args) > most {
			return miscount(len(args))
		}
		return call(rt, args)
	}}
	return f
}

func parseParams(text string) []Param {
	if text == "" {
		return nil
	}
	var params []Param
	for part := range strings.SplitSeq(text, ", ") {
		name, typ, _ := strings.Cut(part, ": ")
		p := Param{Type: typ}
		name, p.Optional = strings.CutSuffix(name, "?")
		p.Name, p.Variadic = strings.CutSuffix(name, "...")
		params = append(params, p)
	}
	return params
}
