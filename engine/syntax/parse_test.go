package syntax_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/engine/syntax"
)

// tree writes a node with all its parentheses.
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
		return tree(n.X)
	case *syntax.Lambda:
		return "(" + strings.Join(n.Params, " ") + " => " + tree(n.Body) + ")"
	}
	return "?"
}

func TestParse(t *testing.T) {
	for source, want := range map[string]string{
		"1": "1", "007": "007", "1.50": "1.50", "TRUE": "true", "False": "false", "NULL": "null",
		`"a\"b"`: `"a\"b"`, `"a\n\u00e9"`: `"a\né"`, `"\d+\n"`: `"\\d+\\n"`, "\"a\nb\"": `"a\nb"`, `"\x41\101"`: `"AA"`, `"\'"`: `"\\'"`,
		"-2^2": "((neg 2) ^ 2)", "--3": "(neg (neg 3))", "2^3^2": "((2 ^ 3) ^ 2)", "1-2-3": "((1 - 2) - 3)",
		"1+2*3": "(1 + (2 * 3))", "1*2+3": "((1 * 2) + 3)", "6/3*2": "((6 / 3) * 2)", "1+2 & 3": "((1 + 2) & 3)",
		"a & b = c": "(a & (b = c))", "1<2<3": "((1 < 2) < 3)", "11=11=11": "((11 = 11) = 11)", "1 != 2 <= 3": "(1 != (2 <= 3))",
		"a >= b > c": "((a >= b) > c)", "(1+2)*3": "((1 + 2) * 3)",
		"contact . name": "contact.name", "a.b[0].1": "a.b[0].1", "a[b.c](1)": "a[b.c](1)", "(a).b": "a.b", "(null).x": "null.x",
		"f()": "f()", "f(1, g(2))(3)": "f(1 g(2))(3)", "_x1": "_x1", "имя": "имя",
		"(x) => x * 2": "(x => (x * 2))", "(a, B) => a & B & 1": "(a B => ((a & B) & 1))", "((x) => x)(1)": "(x => x)(1)",
		"f(a, (x) => x + 1)": "f(a (x => (x + 1)))", "(x) => (y) => x": "(x => (y => x))",
		" \t\r\n1 +\n2 ": "(1 + 2)",
	} {
		n, mistake := syntax.Parse(source)
		if assert.Nil(t, mistake, "%s: %v", source, mistake) {
			assert.Equal(t, want, tree(n), source)
		}
	}
}

func TestParseMistakes(t *testing.T) {
	for source, want := range map[string]string{
		"": "syntax error at ", " ": "syntax error at  ", "1 +": "syntax error at ", "()": "syntax error at )", "f(": "syntax error at ",
		"1e3": "syntax error at e3", ".5": "syntax error at .5", "+1": "syntax error at +1",
		"1 == 2": "syntax error at = 2", "null.x": "syntax error at .x", "a.0.2": "syntax error at .2",
		"() => 1": "syntax error at ) => 1", "'x'": "syntax error at 'x'", "a b": "syntax error at b",
		"1 + this_is_a_long_name )": "syntax error at )",
	} {
		_, mistake := syntax.Parse(source)
		if assert.NotNil(t, mistake, source) && want != "" {
			assert.Equal(t, "syntax_error", mistake.Code, source)
			if !strings.HasSuffix(want, " ") {
				assert.Contains(t, mistake.Message, "syntax error at ", source)
			}
		}
	}
}

func TestBounds(t *testing.T) {
	for name, c := range map[string]struct{ source, code string }{
		"deep":          {strings.Repeat("(", 101) + "1" + strings.Repeat(")", 101), "nesting_too_deep"},
		"deep in text":  {`"` + strings.Repeat("(", 101) + `"`, "nesting_too_deep"},
		"many signs":    {strings.Repeat("-", 60_000) + "1", "too_complex"},
		"many operands": {"1" + strings.Repeat("+1", 30_000), "too_complex"},
	} {
		_, mistake := syntax.Parse(c.source)
		require.NotNil(t, mistake, name)
		assert.Equal(t, c.code, mistake.Code, name)
	}
	_, mistake := syntax.Parse(strings.Repeat("(", 100) + "1" + strings.Repeat(")", 100))
	assert.Nil(t, mistake, "as deep as allowed")
}

func TestHints(t *testing.T) {
	for _, source := range []string{"1 == 2", "1 <> 2", "'x'", "“x”", "f(1", "1 +"} {
		_, mistake := syntax.Parse(source)
		require.NotNil(t, mistake, source)
		assert.NotEmpty(t, mistake.Hint, source)
	}
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
	assert.ElementsMatch(t, []string{"f", "a", "x", "c"}, names)
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"1 + 2", `upper("a" & b.c[0])`, "(x, y) => x ^ -y", "a.0.b", `"\d" = "\n"`, "f(g(h()))", "null", "((((", "a.b.", "1.", "\x00", "\xff", "-(-1)^2"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		n, mistake := syntax.Parse(source)
		if mistake != nil {
			if mistake.Span.Start < 0 || mistake.Span.End > len(source) || mistake.Span.Start > mistake.Span.End {
				t.Fatalf("%v is no place in %d bytes", mistake.Span, len(source))
			}
			return
		}
		printed := syntax.Print(n)
		again, mistake := syntax.Parse(printed)
		if mistake != nil {
			if mistake.Code != "syntax_error" {
				return // printing added parentheses to an expression at the limit
			}
			t.Fatalf("%q prints as %q: %v", source, printed, mistake)
		}
		if syntax.Print(again) != printed || tree(again) != tree(n) {
			t.Fatalf("%q prints as %q, then %q", source, printed, syntax.Print(again))
		}
	})
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
