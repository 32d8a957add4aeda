package legacy_test

import (
	"fmt"

	"github.com/flowexpr/flowexpr/engine/syntax/legacy"
)

func ExampleMigrate() {
	result := legacy.Migrate(`Dear @(PROPER(contact)), you said @step.value on @date.today`, legacy.Options{})
	fmt.Println(result.Template)
	// Output: Dear @(title(contact)), you said @input on @(format_date(today()))
}

func ExampleMigrate_notes() {
	result := legacy.Migrate(`@(IF(contact.gender = "f", "Ms", "Mr"))`, legacy.Options{})
	fmt.Println(result.Template)
	fmt.Println(result.Notes[0].Message)
	// Output:
	// @(if(fields.gender = "f", "Ms", "Mr"))
	// texts were equal whatever their letter case, and are now compared exactly
}

func ExampleLooks() {
	fmt.Println(legacy.Looks("Hi @(PROPER(contact.name))"))
	fmt.Println(legacy.Looks("Hi @(title(contact.name))"))
	// Output:
	// true
	// false
}
