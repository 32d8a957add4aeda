package syntax_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/engine/syntax"
)

func TestPrint(t *testing.T) {
	for _, c := range []struct{ name, source, want string }{
		{"spaces", " 1+ 2*-3 ", "1 + 2 * -3"},
		{"parentheses stay", "((1)+(2))", "((1) + (2))"},
		{"keywords", "TRUE & Null", "true & null"},
		{"names stay as written", "Contact . Name", "Contact.Name"},
		{"lookups", `a [ "x" ] . 0`, `a["x"].0`},
		{"numbers apart", "a.0 .2.b", "a.0 .2.b"},
		{"calls", "f( 1,2 )( )", "f(1, 2)()"},
		{"function", "( a,b )=>a", "(a, b) => a"},
		{"pattern", `"\d+\."`, `"\d+\."`},
		{"escapes", `"a\tb\"c\\d"`, `"a\tb\"c\\d"`},
		{"escapes that are not needed", `"\x41\u00e9"`, `"Aé"`},
		{"line end", "\"a\nb\"", `"a\nb"`},
		{"backslash at the end", `"a\x5c"`, `"a\x5c"`},
		{"backslashes at the end", `"\x5c\x5c"`, `"\\\x5c"`},
		{"what is not UTF-8", `"\xff"`, `"\xff"`},
		{"invisible", "\"\u202e\"", `"\u202e"`},
		{"escaped brackets", `"\x28"`, `"("`},
		{"too many escaped brackets", `"` + strings.Repeat(`\x28`, 101) + `" & "[{)"`, `"` + strings.Repeat(`\x28`, 101) + `" & "\x5b\x7b)"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			n, mistake := syntax.Parse(c.source)
			require.Nil(t, mistake)
			assert.Equal(t, c.want, syntax.Print(n))
		})
	}
}

// Trees that were not parsed get the parentheses that they need.
func TestPrintBuilt(t *testing.T) {
	one, name := &syntax.Number{Raw: "1"}, &syntax.Name{Name: "a"}
	sum := &syntax.Binary{Op: "+", X: one, Y: name}
	function := &syntax.Lambda{Params: []string{"a"}, Body: sum}
	for _, c := range []struct {
		name string
		node syntax.Node
		want string
	}{
		{"looser inside tighter", &syntax.Binary{Op: "*", X: sum, Y: sum}, "(1 + a) * (1 + a)"},
		{"tighter inside looser", &syntax.Binary{Op: "&", X: sum, Y: sum}, "1 + a & 1 + a"},
		{"same level", &syntax.Binary{Op: "-", X: sum, Y: sum}, "1 + a - (1 + a)"},
		{"negated operation", &syntax.Negate{X: sum}, "-(1 + a)"},
		{"negated negation", &syntax.Negate{X: &syntax.Negate{X: name}}, "--a"},
		{"negation in a power", &syntax.Binary{Op: "^", X: &syntax.Negate{X: name}, Y: one}, "-a ^ 1"},
		{"lookup in a literal", &syntax.Dot{Of: &syntax.Null{}, Name: "x"}, "(null).x"},
		{"lookup in an operation", &syntax.Index{Of: sum, Index: sum}, "(1 + a)[1 + a]"},
		{"call of a function", &syntax.Call{Callee: function, Args: []syntax.Node{function}}, "((a) => 1 + a)((a) => 1 + a)"},
		{"function as an operand", &syntax.Binary{Op: "&", X: name, Y: function}, "a & (a) => 1 + a"},
		{"function as the first operand", &syntax.Binary{Op: "&", X: &syntax.Negate{X: function}, Y: name}, "(-(a) => 1 + a) & a"},
	} {
		t.Run(c.name, func(t *testing.T) {
			printed := syntax.Print(c.node)
			assert.Equal(t, c.want, printed)
			_, mistake := syntax.Parse(printed)
			assert.Nil(t, mistake)
		})
	}
}

// Whatever the source, parsing ends with a place in it, or a tree that prints and parses to itself.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"", "1 + 2", `upper("a" & b.c[0])`, "(x, y) => x ^ -y", "1 - -(x) => x & 2", "a.0.b", "a.0 .2", `"\d" = "\n"`, `"\\" & "\x5c"`, "\"\xff\\n\"",
		"f(g(h()))(1)", "null", "((((", "a.b.", "1.", ".5", "\x00", "\xff", "-(-1)^2 <= 3 != TRUE", "1 == 2", "upper(@contact)",
		`"` + strings.Repeat(`\x28`, 101) + `)"`, strings.Repeat("(", 100) + `"\x28"` + strings.Repeat(")", 100),
		strings.Repeat("-", 2_000) + "1", strings.Repeat("(a)=>", 2_000) + "a", "if(a > 1, \"“x”\", 'y')",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		n, mistake := syntax.Parse(source)
		if mistake != nil {
			checkMistake(t, source, mistake)
			return
		}
		printed := syntax.Print(n)
		again, mistake := syntax.Parse(printed)
		require.Nil(t, mistake, printed)
		require.Equal(t, tree(n), tree(again))
		require.Equal(t, printed, syntax.Print(again))
	})
}

func checkMistake(t *testing.T, source string, mistake *syntax.Mistake) {
	t.Helper()
	span := mistake.Span
	require.True(t, 0 <= span.Start && span.Start <= span.End && span.End <= len(source), "%v is a place in %d bytes", span, len(source))
	require.NotEmpty(t, mistake.Message)
	if mistake.Fix != nil {
		require.NotEqual(t, source, fixed(source, mistake.Fix))
	}
}
