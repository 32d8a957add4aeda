package diag

// Code documents one code of diagnostics.
type Code struct {
	Code    string
	Meaning string
	Next    string // what to do
}

// Codes lists the codes that diagnostics of templates have, by name: of evaluations, checks and migrations. A test holds
// the list against the packages that make diagnostics.
func Codes() []Code {
	return []Code{
		{"constant_condition", "A condition is never met, or always.", "Test a variable, or leave the condition out."},
		{"conversion", "A value is not of the type that is wanted, such as a text where a number is.", "Convert it, or give another with `default(…)`."},
		{"date_arithmetic", "A date is computed with like a number.", "Use `datetime_add` and `datetime_diff`."},
		{"date_compared", "`<` and its like compare numbers, and a date is none.", "Compare `datetime_diff(…)` with 0."},
		{"deprecated", "A name still works and has a better one.", "Use the one that the message names."},
		{"display_leak", "A connection is printed with its identifier and display name.", "Print `format_urn(…)`."},
		{"division_by_zero", "A number is divided by zero.", "Test the divisor first, or give another value with `default(…)`."},
		{"email_evaluated", "A part of an address is a variable and is replaced.", "Write `@@` for the `@` of the address."},
		{"function_error", "A function cannot do what it is asked for; the message says why.", "See what it takes: `flowexpr functions NAME`."},
		{"index_as_text", "An index behind a variable without parentheses stays text.", "Write it in an expression, as in `@(results.list[0])`."},
		{"internal", "Something went wrong inside.", "Report it with the template."},
		{"legacy_template", "The template is written in the language of flows made before 2018.", "Rewrite it with `flowexpr migrate`."},
		{"nesting_too_deep", "An expression is nested deeper than the limit.", "Split it."},
		{"no_connection", "The contact has no connection of that type: the text is empty there.", "Give another text with `default(…)`, or choose another connection."},
		{"no_contact", "The template names the contact, and none was given.", "Give a contact."},
		{"no_exact_equivalent", "What a legacy template says has no exact equivalent.", "Look at the rewritten place."},
		{"not_a_function", "What is called is no function.", "`flowexpr functions` lists them."},
		{"now_evaluated", "What was text in a legacy template is a variable now.", "Write `@@` if it is to stay text."},
		{"out_of_range", "A number, date or index is beyond what there can be.", "Test it first."},
		{"output_too_large", "The text grew beyond the limit and was cut.", "Print less."},
		{"syntax_error", "An expression cannot be read; the place says where.", "Mend it; the hint often says how."},
		{"template_too_large", "The template is larger than the limit.", "Shorten or split it."},
		{"too_complex", "An expression costs more than an evaluation may.", "Split it, or repeat less."},
		{"unknown_field", "The workspace defines no such field.", "Use the nearest name of the hint, or define the field."},
		{"unknown_function", "There is no such function.", "Use the nearest name of the hint."},
		{"unknown_global", "The workspace defines no such global.", "Use the nearest name of the hint, or define the global."},
		{"unknown_property", "A variable has no such property.", "Use the nearest name of the hint."},
		{"unknown_variable", "There is no such variable.", "Use the nearest name of the hint, or give it in `context`."},
		{"unknown_word", "A word after an `@` is no variable and stays text.", "Use the nearest name of the hint, or write `@@` for an `@`."},
		{"unterminated", "An `@(` is never closed: it and all that follows stays text.", "Close it, or write `@@(` for the text."},
		{"urn_printed", "A connection is printed with its scheme, as in `mailto:jane@example.org`.", "For people to read, print `format_urn(…)`."},
		{"wrong_argument_count", "A legacy function cannot have so many arguments.", "Correct the arguments."},
		{"wrong_arguments", "A function has too few or too many arguments, or wrong ones.", "See what it takes: `flowexpr functions NAME`."},
	}
}
