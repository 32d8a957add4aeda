// Package value holds the values of the expression language: their types, how they convert into each other, how they
// print, compare and compute.
//
// A call goes through it like this: the engine makes a Runtime for one block, hands values to operators and functions,
// and prints what comes out.
//
//	rt := value.NewRuntime(env, time.Now, 0)
//	sum := value.Add(rt, value.NewText("1.5"), rt.Number(value.NewInt(2)))
//	text, failure := value.ToText(sum) // "3.5"
//
// Errors are values: operators and lookups return an *Error where something failed, and conversions return one beside
// the result. A nil Value is the language's null.
//
// # Ownership
//
// Values are immutable and may be shared between goroutines. Texts and numbers made by a Runtime are the exception in
// one respect: they live in the Runtime's memory until its Reset, which uses that memory again. Detach copies a value
// that is to live longer.
package value
