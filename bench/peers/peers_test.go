package peers

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"
	"github.com/stretchr/testify/require"
	"github.com/valyala/bytebufferpool"
	"github.com/valyala/fasttemplate"

	"github.com/flowexpr/flowexpr/bench/beside"
	"github.com/flowexpr/flowexpr/bench/corpus"
)

// systems gives what is measured for a template; fasttemplate has no expressions.
func systems(t testing.TB, template corpus.Template) []beside.System {
	all := []beside.System{
		{Name: "expr", Render: byExpr(t, exprBlocks[template.Name])},
		{Name: "cel-go", Render: byCEL(t, celBlocks[template.Name])},
		{Name: "text-template", Render: byTextTemplate(t, textTemplates[template.Name])},
		{Name: "liquid", Render: byLiquid(t, liquids[template.Name])},
	}
	if source, ok := placeholders[template.Name]; ok {
		all = append(all, beside.System{Name: "fasttemplate", Render: byFasttemplate(t, source)})
	}
	return all
}

// placeholders are the templates as fasttemplate writes them.
var placeholders = map[string]string{
	"T0": corpus.Plain,
	"T1": "Your number is {contact.urn}",
	"T4": "Hi {contact.name}, thank you for signing up today. We will call {contact.urn}, write to {urns.mailto} or tweet to {urns.twitter}. Reply STOP to end.",
}

func byFasttemplate(t testing.TB, source string) func(dst []byte) []byte {
	t.Helper()
	template, err := fasttemplate.NewTemplate(source, "{", "}")
	require.NoError(t, err)
	values := map[string]any{
		"contact.name": []byte(corpus.Name), "contact.urn": []byte(corpus.Phone),
		"urns.mailto": []byte(corpus.Email), "urns.twitter": []byte(corpus.Twitter),
	}
	var out bytebufferpool.ByteBuffer
	return func(dst []byte) []byte {
		out.B = dst
		if _, err := template.Execute(&out, values); err != nil {
			return dst
		}
		return out.B
	}
}

// block is a text, or an expression of the expr language.
type block struct{ text, expression string }

// exprBlocks are the templates with each variable and expression as one program of expr.
var exprBlocks = map[string][]block{
	"T0": {{text: corpus.Plain}},
	"T1": {{text: "Your number is "}, {expression: "contact.urn"}},
	"T4": {
		{text: "Hi "}, {expression: "contact.name"}, {text: ", thank you for signing up today. We will call "}, {expression: "contact.urn"},
		{text: ", write to "}, {expression: "urns.mailto"}, {text: " or tweet to "}, {expression: "urns.twitter"}, {text: ". Reply STOP to end."},
	},
	"TX": {
		{expression: "upper(contact.first_name)"}, {text: ", you owe "}, {expression: "fields.balance * 2 + 1"},
		{expression: `fields.age > 18 ? " adult" : " minor"`},
	},
}

// environment are the values that templates name, as maps.
func environment() map[string]any {
	return map[string]any{
		"contact": map[string]any{"name": corpus.Name, "first_name": corpus.FirstName, "urn": corpus.Phone},
		"urns":    map[string]any{"mailto": corpus.Email, "twitter": corpus.Twitter},
		"fields":  map[string]any{"age": float64(corpus.Age), "balance": float64(corpus.Balance)},
	}
}

// byExpr runs one program a block over an environment of maps that was built beforehand; numbers are what JSON gives.
func byExpr(t testing.TB, blocks []block) func(dst []byte) []byte {
	t.Helper()
	environment := environment()
	programs := make([]*vm.Program, len(blocks))
	for i, block := range blocks {
		if block.expression == "" {
			continue
		}
		program, err := expr.Compile(block.expression, expr.Env(environment))
		require.NoError(t, err)
		programs[i] = program
	}
	var machine vm.VM
	return func(dst []byte) []byte {
		for i, program := range programs {
			if program == nil {
				dst = append(dst, blocks[i].text...)
				continue
			}
			value, err := machine.Run(program, environment)
			if err != nil {
				return dst
			}
			dst = appendValue(dst, value)
		}
		return dst
	}
}

func appendValue(dst []byte, value any) []byte {
	switch v := value.(type) {
	case string:
		return append(dst, v...)
	case float64:
		return strconv.AppendFloat(dst, v, 'f', -1, 64)
	}
	return fmt.Append(dst, value)
}

func TestSystemsAgree(t *testing.T) { beside.Agree(t, systems) }

func BenchmarkTemplates(b *testing.B) { beside.Benchmark(b, systems) }
