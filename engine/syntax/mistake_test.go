package syntax_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/engine/diag"
	"github.com/flowexpr/flowexpr/engine/syntax"
)

// The message ends with the source from the token that cannot stand where it stands; fixed is the source once the fix
// is made, empty when there is none.
func TestMistakes(t *testing.T) {
	const quotes, both = `write texts in straight double quotes: "text"`, "write and(a, b) where both are needed"
	const opposite, name = "write if(x, false, true) for the opposite of x", "a name is missing after the dot"
	for _, c := range []struct{ source, at, hint, fixed string }{
		{"", "", "write an expression between the parentheses", ""},
		{" \n ", "", "write an expression between the parentheses", ""},
		{"1 +", "", "a value is missing after +", ""},
		{"1 +\n", "", "a value is missing after +", ""},
		{"-", "", "a value is missing after -", ""},
		{"a + * b", "* b", "a value is missing between + and *", ""},
		{"* b", "* b", "a value is missing before *", ""},
		{"+1", "+1", "leave out the +", "1"},
		{"a = +1", "+1", "leave out the +", "a = 1"},
		{".5 + 1", ".5 + 1", "write a digit before the point", "0.5 + 1"},
		{"1.", ".", "write digits after the point, or leave it out", ""},
		{"1.5.2", ".2", "put 1.5 in parentheses to look something up in it or to call it", ""},
		{"1e10", "e10", "write the number without an exponent", ""},
		{"5pm", "pm", "names cannot begin with a digit", ""},
		{"1 2", "2", "an operator or a comma is missing", ""},
		{"f(a b)", "b)", "an operator or a comma is missing", ""},
		{`"a" "b"`, `"b"`, "write & to join texts", ""},
		{`a "b"`, `"b"`, "write & to join texts", ""},
		{"results.2factor", "factor", `look up names that begin with a digit inside @( ), with ["2factor"]`, ""},
		{"array.0.2", "0.2", "look up numbers inside @( ), with [0][2]", ""},
		{"array.null", "null", `look up this name inside @( ), with ["null"]`, ""},
		{"contact.", "", name, ""},
		{"a.b. + 1", "+ 1", name, ""},
		{"a..b", ".b", name, ""},
		{".a", ".a", "a value is missing before .", ""},
		{`"abc".x`, ".x", `put "abc" in parentheses to look something up in it or to call it`, ""},
		{`"abc"("x")`, `("x")`, `put "abc" in parentheses to look something up in it or to call it`, ""},
		{"null.x", ".x", "put null in parentheses to look something up in it or to call it", ""},
		{"1 == 1", "= 1", "write = to compare", "1 = 1"},
		{"1 <> 2", "> 2", "write != to compare", "1 != 2"},
		{"1 =< 2", "< 2", "write <= to compare", "1 <= 2"},
		{"2 ** 3", "* 3", "write ^ for powers", "2 ^ 3"},
		{"a => b", "=> b", "write >= to compare, or (x) => x for a function", ""},
		{"1 + (2) => x", "=> x", "write >= to compare, or (x) => x for a function", ""},
		{"a && b", "& b", "write and(a, b) where both are needed, or one & to join texts", ""},
		{"a || b", "|| b", "write or(a, b) where either will do", ""},
		{"true and false", "and false", both, ""},
		{"true OR false", "OR false", "write or(a, b) where either will do", ""},
		{"not true", "true", opposite, ""},
		{"!true", "!true", "write != to compare, or if(x, false, true) for the opposite of x", ""},
		{"'a'", "'a'", quotes, ""},
		{"“a”", "“a”", quotes, ""},
		{`f("a`, `"a`, `the text has no closing "`, ""},
		{"upper(@contact)", "@contact)", "leave out the @ inside an expression", "upper(contact)"},
		{"5 % 2", "% 2", "write mod(a, b) for what a division leaves", ""},
		{"a ? b : c", "? b : c", "write if(test, a, b) to choose", ""},
		{"f(1 ; 2)", "; 2)", "separate arguments with ,", "f(1 , 2)"},
		{"{a}", "{a}", `write object("key", value) or array(a, b)`, ""},
		{"2 × 3", "× 3", "write * to multiply", "2 * 3"},
		{"4 ÷ 2", "÷ 2", "write / to divide", "4 / 2"},
		{"4 – 2", "– 2", "write - to subtract", "4 - 2"},
		{"a # b", "# b", "", ""},
		{"a\xff", "\xff", "", ""},
		{"a\x00b", "\x00b", "", ""},
		{"()", ")", "a value is missing between ( and )", ""},
		{"a[]", "]", "a value is missing between [ and ]", ""},
		{"f(", "", "a value is missing after (", ""},
		{"f(1", "", "a ) is missing", ""},
		{"a[1", "", "a ] is missing", ""},
		{"a[1)", ")", "a ] is missing", ""},
		{"f(1]", "]", "a ) is missing", ""},
		{"1)", ")", "leave out the ): nothing is open here", ""},
		{"f(a,)", ")", "a value is missing between , and )", ""},
		{"f(,a)", ",a)", "a value is missing between ( and ,", ""},
		{"a, b", ", b", "use , only between the arguments of a function", ""},
		{"(1, 2)", ", 2)", "use , only between the arguments of a function", ""},
		{"(() => 1)()", ") => 1)()", "a function needs at least one parameter", ""},
		{"(a, 1) => a", "1) => a", "write only names between the parentheses of a function", ""},
		{"(a, true) => a", "true) => a", "write only names between the parentheses of a function", ""},
		{"(a, b)", "", "write => and an expression after the parameters of a function", ""},
		{"(x) =>", "", "a value is missing after =>", ""},
		{"1 a_long_name_follows", "a_long_nam", "an operator or a comma is missing", ""},
		{"1 имя_и_отчество", "имя_и_отче", "an operator or a comma is missing", ""},
		{"1 +\n2 3 +\n4", "3 +", "an operator or a comma is missing", ""},
	} {
		t.Run(c.source, func(t *testing.T) {
			_, mistake := syntax.Parse(c.source)
			require.NotNil(t, mistake)
			assert.Equal(t, "syntax_error", mistake.Code)
			assert.Equal(t, "syntax error at "+c.at, mistake.Error())
			assert.Equal(t, c.hint, mistake.Hint)
			assert.Equal(t, c.fixed, fixed(c.source, mistake.Fix))
			assert.True(t, strings.HasPrefix(c.source[mistake.Span.Start:], c.at), "the place is where the message says")
		})
	}
}

// fixed gives the source with a fix made.
func fixed(source string, fix *diag.Fix) string {
	if fix == nil {
		return ""
	}
	return source[:fix.Span.Start] + fix.Replacement + source[fix.Span.End:]
}

// No input may take more than its share of stack and memory.
func TestBounds(t *testing.T) {
	brackets := func(n int) string { return strings.Repeat("(", n) + "1" + strings.Repeat(")", n) }
	for _, c := range []struct{ name, source, code, message string }{
		{"as deep as allowed", brackets(100), "", ""},
		{"too deep", brackets(101), "nesting_too_deep", "expression nesting too deep"},
		{"kinds of brackets", strings.Repeat("(", 50) + strings.Repeat("a[", 51), "nesting_too_deep", "expression nesting too deep"},
		{"too deep in a text", `"` + strings.Repeat("{", 101) + `"`, "nesting_too_deep", "expression nesting too deep"},
		{"side by side", strings.Repeat("(1)+", 200) + "1", "", ""},
		{"signs", strings.Repeat("-", 900) + "1", "", ""},
		{"many signs", strings.Repeat("-", 60_000) + "1", "too_complex", "expression is too complex to evaluate"},
		{"operands", "1" + strings.Repeat("+1", 4_000), "", ""},
		{"one item more than an array may have", "array(" + strings.Repeat("1,", 10_000) + "1)", "", ""},
		{"many operands", "1" + strings.Repeat("+1", 30_000), "too_complex", "expression is too complex to evaluate"},
		{"many lookups", "a" + strings.Repeat(".a", 30_000), "too_complex", "expression is too complex to evaluate"},
		{"many calls", "a" + strings.Repeat("()", 30_000), "too_complex", "expression is too complex to evaluate"},
		{"many functions", strings.Repeat("(a)=>", 12_000) + "a", "too_complex", "expression is too complex to evaluate"},
		{"many parameters", "(" + strings.Repeat("a,", 30_000) + "a)=>a", "too_complex", "expression is too complex to evaluate"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, mistake := syntax.Parse(c.source)
			if c.code == "" {
				require.Nil(t, mistake)
				return
			}
			require.NotNil(t, mistake)
			assert.Equal(t, c.code, mistake.Code)
			assert.Equal(t, c.message, mistake.Message)
			assert.NotEmpty(t, mistake.Hint)
		})
	}
}
