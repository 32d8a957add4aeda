package sms_test

import (
	"fmt"

	"github.com/flowexpr/flowexpr/engine/sms"
)

func ExampleCount() {
	fmt.Println(sms.Count("See you at 5 {sharp}"))
	fmt.Println(sms.Count("See you at 5 ☕"))
	// Output:
	// {GSM-7 22 1 []}
	// {UCS-2 14 1 [☕]}
}
