package syntax_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/engine/syntax"
)

// tree writes a node with parentheses around every operation, and brackets for the parentheses of the source.
func tree(n syntax.Node) string {
	switch n := n.(type) {
	case *syntax.Text:
		return fmt.Sprintf("%q", n.Value)
	case *syntax.Number:
		return n.Raw
	case *syntax.Boolean:
		return fmt.Sprint(n.Value)
	case *syntax.Null:
		return "null"
	case *syntax.Name:
		return n.Name
	case *syntax.Dot:
		return tree(n.Of) + "." + n.Name
	case *syntax.Index:
		return tree(n.Of) + "[" + tree(n.Index) + "]"
	case *syntax.Call:
		args := make([]string, len(n.Args))
		for i, arg := range n.Args {
			args[i] = tree(arg)
		}
		return tree(n.Callee) + "(" + strings.Join(args, " ") + ")"
	case *syntax.Negate:
		return "(neg " + tree(n.X) + ")"
	case *syntax.Binary:
		return "(" + tree(n.X) + " " + n.Op + " " + tree(n.Y) + ")"
	case *syntax.Paren:
		return "[" + tree(n.X) + "]"
	case *syntax.Lambda:
		return "(" + strings.Join(n.Params, " ") + " => " + tree(n.Body) + ")"
	}
	return "?"
}

func TestParse(t *testing.T) {
	for _, c := range []struct{ name, source, want string }{
		{"integer", "1", "1"},
		{"leading zeros", "007", "007"},
		{"decimal", "1.50", "1.50"},
		{"keyword", "TRUE", "true"},
		{"keyword in mixed case", "False", "false"},
		{"null", "NULL", "null"},
		{"names that begin as keywords do", "truex & nul", "(truex & nul)"},
		{"name", "_x1", "_x1"},
		{"name of other letters", "имя٣", "имя٣"},
		{"text", `"a"`, `"a"`},
		{"empty text", `""`, `""`},
		{"escaped quote", `"a\"b"`, `"a\"b"`},
		{"escapes", `"a\n\u00e9\U0001F600\x41\101\\ "`, `"a\né😀AA\\ "`},
		{"an illegal escape leaves all as they are", `"\d+\n"`, `"\\d+\\n"`},
		{"an escape of the other quote is illegal", `"\'\n"`, `"\\'\\n"`},
		{"half a pair is illegal", `"\ud83d\n"`, `"\\ud83d\\n"`},
		{"a line end is illegal", "\"a\\t\nb\"", `"a\\t\nb"`},
		{"a quote behind two backslashes is illegal", `"a\\"b"`, `"a\\\\\"b"`},
		{"bytes", "\"\xff\\n\xfe\"", `"\xff\n\xfe"`},
		{"sign", "-2^2", "((neg 2) ^ 2)"},
		{"signs", "--3", "(neg (neg 3))"},
		{"sign behind an operator", "2^-1*-a.b", "((2 ^ (neg 1)) * (neg a.b))"},
		{"powers", "2^3^2", "((2 ^ 3) ^ 2)"},
		{"differences", "1-2-3", "((1 - 2) - 3)"},
		{"product in a sum", "1+2*3", "(1 + (2 * 3))"},
		{"product before a sum", "1*2+3", "((1 * 2) + 3)"},
		{"quotient and product", "6/3*2", "((6 / 3) * 2)"},
		{"power in a product", "2*3^4*5", "((2 * (3 ^ 4)) * 5)"},
		{"texts joined last", "1+2 & 3", "((1 + 2) & 3)"},
		{"texts joined after comparing", "a & b = c", "(a & (b = c))"},
		{"orders", "1<2<3", "((1 < 2) < 3)"},
		{"equalities", "11=11=11", "((11 = 11) = 11)"},
		{"order in an equality", "1 != 2 <= 3", "(1 != (2 <= 3))"},
		{"mixed orders", "a >= b > c", "((a >= b) > c)"},
		{"equality with a sign", "a=-1", "(a = (neg 1))"},
		{"parentheses", "(1+2)*3", "([(1 + 2)] * 3)"},
		{"dots with spaces", "contact . name", "contact.name"},
		{"lookups", "a.b[0].1", "a.b[0].1"},
		{"numbers apart", "a.0 .2", "a.0.2"},
		{"lookup and call", "a[b.c](1)", "a[b.c](1)"},
		{"lookup in parentheses", "(null).x", "[null].x"},
		{"calls", "f(1, g(2))(3)", "f(1 g(2))(3)"},
		{"call of nothing", "f()", "f()"},
		{"call of parentheses", `("a")("x")`, `["a"]("x")`},
		{"function", "(x) => x * 2", "(x => (x * 2))"},
		{"parameters", "(a, B) => a & B & 1", "(a B => ((a & B) & 1))"},
		{"function called", "((x) => x)(1)", "[(x => x)](1)"},
		{"function as an argument", "f(a, (x) => x + 1, b)", "f(a (x => (x + 1)) b)"},
		{"function as an index", "a[(x) => x]", "a[(x => x)]"},
		{"function in a function", "(x) => (y) => x", "(x => (y => x))"},
		{"function as an operand", "1 & -(x) => x & 2", "(1 & (neg (x => (x & 2))))"},
		{"a name in parentheses is no function", "(x) >= y", "([x] >= y)"},
		{"white space", " \t\r\n1 +\n2 ", "(1 + 2)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			n, mistake := syntax.Parse(c.source)
			require.Nil(t, mistake)
			assert.Equal(t, c.want, tree(n))
		})
	}
}

func TestSpans(t *testing.T) {
	const source = ` f( a . b [ "é" ], -c ^ 2 , (x, y) => ( x ) ) & null`
	n, mistake := syntax.Parse(source)
	require.Nil(t, mistake)
	var spans []string
	syntax.Walk(n, func(n syntax.Node) bool {
		spans = append(spans, source[n.Span().Start:n.Span().End])
		return true
	})
	assert.Equal(t, []string{
		source[1:], `f( a . b [ "é" ], -c ^ 2 , (x, y) => ( x ) )`, "f",
		`a . b [ "é" ]`, "a . b", "a", `"é"`,
		"-c ^ 2", "-c", "c", "2",
		"(x, y) => ( x )", "( x )", "x",
		"null",
	}, spans)
}

func TestWalk(t *testing.T) {
	n, mistake := syntax.Parse(`f(a.b, (x) => x + 1)[c]`)
	require.Nil(t, mistake)
	var names []string
	syntax.Walk(n, func(n syntax.Node) bool {
		if name, ok := n.(*syntax.Name); ok {
			names = append(names, name.Name)
		}
		return true
	})
	assert.Equal(t, []string{"f", "a", "x", "c"}, names)

	visited := 0
	syntax.Walk(n, func(syntax.Node) bool { visited++; return false })
	assert.Equal(t, 1, visited, "nothing below a node that is not entered")
}

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, mistake := syntax.Parse(`if(fields.age > 18, upper(contact.first_name) & "!", "minor")`); mistake != nil {
			b.Fatal(mistake)
		}
	}
}

func ExampleParse() {
	n, mistake := syntax.Parse(`1 + 2 & upper("x")`)
	fmt.Println(syntax.Print(n), mistake == nil)
	_, mistake = syntax.Parse("1 == 2")
	fmt.Println(mistake.Message)
	fmt.Println(mistake.Hint)
	// Output:
	// 1 + 2 & upper("x") true
	// syntax error at = 2
	// write = to compare
}
