package syntax_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/flowexpr/flowexpr/engine/syntax"
)

// allowed are the roots of the tests.
func allowed(name string) bool {
	return name == "contact" || name == "array" || name == "array1" || name == "results"
}

// blocks writes what Scan gives: texts in quotes, identifiers as @x, expressions as @(x).
func blocks(template string) string {
	var parts []string
	for _, b := range syntax.Scan(template, allowed) {
		switch b.Kind {
		case syntax.TextBlock:
			parts = append(parts, `"`+b.Text+`"`)
		case syntax.IdentifierBlock:
			parts = append(parts, "@"+b.Text)
		default:
			parts = append(parts, "@("+b.Text+")")
		}
	}
	return strings.Join(parts, " ")
}

func TestScan(t *testing.T) {
	for _, c := range []struct{ name, template, want string }{
		{"nothing", "", ""},
		{"text", "Hi there", `"Hi there"`},
		{"identifier", "Hi @contact.name!", `"Hi " @contact.name "!"`},
		{"case", "@CONTACT.Name", "@CONTACT.Name"},
		{"dot at the end", "@contact.name.", `@contact.name "."`},
		{"dots", "@contact...?", `@contact "...?"`},
		{"two dots", "@contact..name", `@contact "..name"`},
		{"apostrophe", "@contact.name's", `@contact.name "'s"`},
		{"hyphen", "@contact.first-name", `@contact.first "-name"`},
		{"index", "@array1[0]", `@array1 "[0]"`},
		{"digits", "@results.2factor", "@results.2factor"},
		{"number lookups", "@array.0.2", "@array.0.2"},
		{"other root", "@bob.smith and @gmail.com", `"@bob.smith and @gmail.com"`},
		{"e-mail", "foo@bar.com bob@contact.com", `"foo@bar.com bob" @contact.com`},
		{"function is no root", "@upper(x)", `"@upper(x)"`},
		{"unicode name", "@contact.имя٣", "@contact.имя٣"},
		{"escape", "@@contact", `"@contact"`},
		{"escape and value", "@@@contact", `"@" @contact`},
		{"escaped expression", "@@(1+2)", `"@(1+2)"`},
		{"at the end", "mail me @", `"mail me @"`},
		{"at and space", "@ (x) @, @😀", `"@ (x) @, @😀"`},
		{"expression", "a @(1 + 2) b", `"a " @(1 + 2) " b"`},
		{"parentheses", "@((1 + 2) * 3)", "@((1 + 2) * 3)"},
		{"parenthesis in quotes", `@("(" & ")")!`, `@("(" & ")") "!"`},
		{"escaped quote", `@("\")")`, `@("\")")`},
		{"backslash at the end of a text", `@("\\") x`, `"@("\\") x"`},
		{"lines", "@(1 +\n 2)", "@(1 +\n 2)"},
		{"nothing in it", "@()", "@()"},
		{"unterminated", "Hi @(contact.name, bye @contact", `"Hi @(contact.name, bye @contact"`},
		{"unterminated quote", `@("a)`, `"@("a)"`},
		{"invalid UTF-8", "a\xff@contact\xfe", "\"a\xff\" @contact \"\xfe\""},
		{"blocks side by side", "@contact@contact", "@contact @contact"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := blocks(c.template)
			assert.Equal(t, c.want, strings.ReplaceAll(got, `" "`, "")) // texts side by side are one
		})
	}
}

// A template without @ is one text, shared.
func TestScanWithoutBlocks(t *testing.T) {
	template := strings.Repeat("no blocks here ", 100)
	assert.LessOrEqual(t, testing.AllocsPerRun(100, func() { syntax.Scan(template, allowed) }), 2.0, "the list and its scanner")
}

func FuzzScan(f *testing.F) {
	for _, seed := range []string{"", "Hi @contact.name!", "@(1+(2))@", "@@contact @@@(", `@("\\")`, "@contact..x\x00@contact", "\xff@\xff(", "@(\"@contact", "@contact@array.0[1]"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, template string) {
		list := syntax.Scan(template, allowed)
		at := 0
		for _, b := range list {
			if b.Span.Start < at || b.Span.End < b.Span.Start || b.Span.End > len(template) {
				t.Fatalf("%v behind %d in %d bytes", b.Span, at, len(template))
			}
			at = b.Span.End
			if b.Kind != syntax.TextBlock && template[b.Inner.Start:b.Inner.End] != b.Text && !strings.Contains(template, "\x00") {
				t.Fatalf("inner %q, text %q", template[b.Inner.Start:b.Inner.End], b.Text)
			}
		}
		if !strings.ContainsAny(template, "@\x00") && template != "" && (len(list) != 1 || list[0].Text != template) {
			t.Fatalf("%q gives %v", template, list)
		}
	})
}

func BenchmarkScan(b *testing.B) {
	template := strings.Repeat("Hi @contact.name, you owe @(results.a * 2 + 1) for @(upper(\"x\")). ", 5)
	b.SetBytes(int64(len(template)))
	b.ReportAllocs()
	for b.Loop() {
		syntax.Scan(template, allowed)
	}
}
