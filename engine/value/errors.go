package value

import "strconv"

// The codes of errors that values and functions give; they are stable and shown to callers.
const (
	CodeConversion      = "conversion"
	CodeDivisionByZero  = "division_by_zero"
	CodeOutOfRange      = "out_of_range"
	CodeWrongArguments  = "wrong_arguments"
	CodeNotAFunction    = "not_a_function"
	CodeUnknownProperty = "unknown_property"
	CodeFunction        = "function_error"
	CodeTooComplex      = "too_complex"
)

// Error is an error as a value of the language.
type Error struct {
	// Code says what kind of error it is: one of the codes above, or the engine's own.
	Code string
	// Message is what people read.
	Message string
	// Fatal errors end the evaluation of the block and are never wrapped: the budget is overrun.
	Fatal bool
}

// NewError makes an error of a function's own kind, code function_error.
func NewError(message string) *Error { return &Error{Code: CodeFunction, Message: message} }

// Error gives the message.
func (e *Error) Error() string { return e.Message }

// Type is TypeError.
func (*Error) Type() Type { return TypeError }

func (*Error) sealed() {}

// TooComplex is the message of an evaluation that overran its budget.
const TooComplex = "expression is too complex to evaluate"

// ErrTooComplex gives the fatal error of an evaluation that overran its budget.
func ErrTooComplex() *Error { return &Error{Code: CodeTooComplex, Message: TooComplex, Fatal: true} }

// ErrOutOfRange gives the error of arithmetic whose result has too many digits or too large an exponent.
func ErrOutOfRange() *Error {
	return &Error{Code: CodeOutOfRange, Message: "number value out of range"}
}

// ErrDivisionByZero gives the error of x / 0 and mod(x, 0).
func ErrDivisionByZero() *Error {
	return &Error{Code: CodeDivisionByZero, Message: "division by zero"}
}

// WrongArguments gives the error of a call with got arguments where the function wants from least to most of them;
// most is negative when there is no upper bound.
func WrongArguments(least, most, got int) *Error {
	want := strconv.Itoa(least)
	switch {
	case most < 0:
		want = "at least " + want
	case most != least:
		want += " to " + strconv.Itoa(most)
	}
	return &Error{Code: CodeWrongArguments, Message: "need " + want + " argument(s), got " + strconv.Itoa(got)}
}

// wrapCall says which function an error came from. The code stays that of the cause.
func wrapCall(name string, cause *Error) *Error {
	if cause.Fatal {
		return cause
	}
	code := cause.Code
	if code == "" {
		code = CodeFunction
	}
	return &Error{Code: code, Message: "error calling " + name + "(...): " + cause.Message}
}
