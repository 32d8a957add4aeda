package value_test

import (
	"fmt"

	"github.com/flowexpr/flowexpr/engine/value"
)

// Operators take values and give values; errors are values too.
func Example() {
	rt := value.NewRuntime(nil, nil, 0)
	fmt.Println(value.ToText(value.Add(rt, value.NewText("1.5"), value.NewNumber(value.NewInt(2)))))
	fmt.Println(value.Add(rt, value.NewText("two"), nil))
	// Output:
	// 3.5 <nil>
	// unable to convert "two" to a number
}

func ExampleDecimal_Div() {
	quotient, _ := value.NewInt(2).Div(value.NewInt(3))
	fmt.Println(quotient)
	_, ok := value.NewInt(2).Div(value.NewInt(0))
	fmt.Println(ok)
	// Output:
	// 0.6666666666666667
	// false
}

func ExampleFormat() {
	total, _ := value.ParseDecimal("1234567.50")
	order := value.NewObject([]value.Property{
		{Key: "total", Value: value.NewNumber(total)},
		{Key: "items", Value: value.NewArray([]value.Value{value.NewText("tea"), value.NewText("milk")})},
	})
	fmt.Println(value.Format(&value.Environment{}, order))
	// Output:
	// items: tea, milk
	// total: 1,234,567.5
}

func ExampleFromJSON() {
	v, err := value.FromJSON([]byte(`{"b": 1e3, "a": [null, "x"]}`))
	fmt.Println(err)
	fmt.Println(value.ToText(v))
	// Output:
	// <nil>
	// {a: [, x], b: 1000} <nil>
}
