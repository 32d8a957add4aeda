// Package engine evaluates flow templates: text in; text, warnings and explanations out.
//
//	eng, err := engine.New(engine.Options{})
//	tmpl, err := eng.Template("Hi @contact.first_name, we will write to @contact.urn", vars.Roots{})
//	result := tmpl.Evaluate(&vars.Scope{Workspace: workspace, Contact: record})
//
// # The language on one page
//
// A template is text with blocks in it. `@contact.name` is an identifier block: a root name that the session has,
// then properties joined by dots. `@(upper(contact.name) & "!")` is an expression block. `@@` is one `@`. Any other `@`
// is text, so that e-mail addresses survive unless their host begins with a root name.
//
// Expressions have texts in double quotes, decimal numbers, true, false and null; operators, tightest first: unary `-`,
// `^`, `*` `/`, `+` `-`, `<` `<=` `>` `>=` (numbers), `=` `!=` (texts), `&` (joins texts); lookups `a.b` and `a["b"]`;
// calls; and functions without a name, `(x) => x * 2`. Names ignore letter case. Errors are values: they pass through
// operators and functions until default, is_error or an untaken branch stops them. A block whose value is an error
// contributes no text; the rest of the template is still evaluated, and a diagnostic says what went wrong and where.
//
// # The pipeline
//
//	syntax.Scan    template → blocks
//	syntax.Parse   expression → tree
//	lower          tree → expr's tree: names resolved, constants folded
//	expr           tree → program
//	Append         segments over a scope → text
//
// A block that is one variable is read in place from the record and never meets the expression VM.
//
// # Concurrency
//
// An Engine and its Templates are immutable once made and serve any number of goroutines. What one evaluation changes
// lives in a run, taken from a pool and given back.
package engine
