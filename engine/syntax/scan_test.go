package syntax_test

import (
	"fmt"
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/engine/diag"
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
		{"name of a digit", "@1 @²", `"@1 @²"`},
		{"escapes in a row", "@@@@contact @@", `"@@contact @"`},
		{"quote behind a backslash outside of quotes", `@(\"a")b`, `@(\"a") "b"`},
		{"line end before the name", "@\ncontact", "\"@\ncontact\""},
		{"NUL in a text", "a\x00b@contact", `"ab" @contact`},
		{"two NULs", "a\x00\x00b", `"a"`},
		{"NULs apart", "a\x00b\x00c", `"abc"`},
		{"NUL at the start", "\x00@contact", ""},
		{"NUL behind an identifier", "@contact\x00 x", "@contact"},
		{"NUL behind an expression", "@(1)\x00 x", "@(1)"},
		{"NUL behind another root", "@bob\x00@contact", `"@bob" @contact`},
		{"NUL behind the @", "@\x00contact", `"@contact"`},
		{"NUL behind a dot", "@contact.\x00name", `@contact ".name"`},
		{"NUL in an expression", "@(contact & \"\x00\") @contact", `"@(contact & "") " @contact`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := blocks(c.template)
			assert.Equal(t, c.want, strings.ReplaceAll(got, `" "`, "")) // an unterminated text is a block of its own
		})
	}
}

func TestScanPlaces(t *testing.T) {
	const template = "é@@ @contact.name @(1 + 2)\x00 @(contact"
	assert.Equal(t, []syntax.Block{
		{Kind: syntax.TextBlock, Text: "é@ ", Span: diag.Span{Start: 0, End: 5}, Inner: diag.Span{Start: 0, End: 5}},
		{Kind: syntax.IdentifierBlock, Text: "contact.name", Span: diag.Span{Start: 5, End: 18}, Inner: diag.Span{Start: 6, End: 18}},
		{Kind: syntax.TextBlock, Text: " ", Span: diag.Span{Start: 18, End: 19}, Inner: diag.Span{Start: 18, End: 19}},
		{Kind: syntax.ExpressionBlock, Text: "1 + 2", Span: diag.Span{Start: 19, End: 27}, Inner: diag.Span{Start: 21, End: 26}},
	}, syntax.Scan(template, allowed))

	assert.Equal(t, []syntax.Block{
		{Kind: syntax.TextBlock, Text: "a ", Span: diag.Span{Start: 0, End: 2}, Inner: diag.Span{Start: 0, End: 2}},
		{Kind: syntax.TextBlock, Text: "@(b ", Unterminated: true, Span: diag.Span{Start: 2, End: 6}, Inner: diag.Span{Start: 2, End: 6}},
		{Kind: syntax.TextBlock, Text: "c", Span: diag.Span{Start: 7, End: 8}, Inner: diag.Span{Start: 7, End: 8}},
	}, syntax.Scan("a @(b \x00c", allowed))
}

// A text that stands as it is in the template is a piece of it: only the list of blocks and its scanner are made.
func TestScanShares(t *testing.T) {
	for name, template := range map[string]string{
		"nothing":      strings.Repeat("no blocks here ", 100),
		"other roots":  strings.Repeat("mail bob@example.com ", 100),
		"unterminated": "@(" + strings.Repeat("x", 1000),
	} {
		t.Run(name, func(t *testing.T) {
			list := syntax.Scan(template, allowed)
			require.Len(t, list, 1)
			assert.Same(t, unsafe.StringData(template), unsafe.StringData(list[0].Text))
			assert.LessOrEqual(t, testing.AllocsPerRun(100, func() { syntax.Scan(template, allowed) }), 2.0)
		})
	}
}

// Whatever the template, the blocks cover it in order, but for the NULs between them and what is behind the last one.
func FuzzScan(f *testing.F) {
	for _, seed := range []string{
		"", "Hi @contact.name!", "@(1+(2))@", "@@contact @@@(", `@("\\")`, "@contact..x\x00@contact", "\xff@\xff(", "@(\"@contact",
		"@contact@array.0[1]", "a\x00b\x00\x00c", "@(\x00)", "foo@bar.com bob@contact.com", "@(upper(\")\") & \"\\\"\") x",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, template string) {
		list := syntax.Scan(template, allowed)
		at := 0
		for i, b := range list {
			require.Less(t, b.Span.Start, b.Span.End)
			require.Empty(t, strings.Trim(template[at:b.Span.Start], "\x00"), "nothing but NULs between blocks")
			at = b.Span.End
			checkBlock(t, template, b)
			if b.Kind == syntax.TextBlock && !b.Unterminated && i > 0 {
				before := list[i-1]
				require.True(t, before.Kind != syntax.TextBlock || before.Unterminated, "two texts in a row")
			}
		}
		if at < len(template) {
			require.Equal(t, byte(0), template[at], "only a NUL ends a template early")
		}
		if !strings.ContainsAny(template, "@\x00") && template != "" {
			require.Equal(t, template, list[0].Text)
			require.Len(t, list, 1)
		}
	})
}

func checkBlock(t *testing.T, template string, b syntax.Block) {
	t.Helper()
	whole, inner := template[b.Span.Start:b.Span.End], template[b.Inner.Start:b.Inner.End]
	switch b.Kind {
	case syntax.IdentifierBlock:
		require.Equal(t, "@"+b.Text, whole)
		require.Equal(t, b.Text, inner)
	case syntax.ExpressionBlock:
		require.Equal(t, "@("+b.Text+")", whole)
		require.Equal(t, b.Text, inner)
	default:
		dropped := strings.NewReplacer("\x00", "", "@", "") // which @ stay, the table says
		require.Equal(t, dropped.Replace(whole), dropped.Replace(b.Text))
		require.Equal(t, b.Span, b.Inner)
	}
}

func BenchmarkScan(b *testing.B) {
	b.Run("text", func(b *testing.B) { benchmarkScan(b, strings.Repeat("No variables in this one, 100 % text. ", 10)) })
	b.Run("blocks", func(b *testing.B) {
		benchmarkScan(b, strings.Repeat("Hi @contact.name, you owe @(results.a * 2 + 1) for @(upper(\"x\")). ", 5))
	})
}

func benchmarkScan(b *testing.B, template string) {
	b.SetBytes(int64(len(template)))
	b.ReportAllocs()
	for b.Loop() {
		syntax.Scan(template, allowed)
	}
}

func ExampleScan() {
	roots := func(name string) bool { return name == "contact" }
	for _, block := range syntax.Scan("Hi @contact.name, mail bob@example.com @(1 + 2)", roots) {
		fmt.Printf("%s %v %q\n", block.Kind, block.Span, block.Text)
	}
	// Output:
	// text {0 3} "Hi "
	// identifier {3 16} "contact.name"
	// text {16 39} ", mail bob@example.com "
	// expression {39 47} "1 + 2"
}
