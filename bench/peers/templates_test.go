package peers

import (
	"strings"
	"testing"
	"text/template"

	"github.com/osteele/liquid"
	"github.com/stretchr/testify/require"
	"github.com/valyala/bytebufferpool"

	"github.com/flowexpr/flowexpr/bench/corpus"
)

// textTemplates are the templates as text/template writes them. It has no operators: functions do the arithmetic.
var textTemplates = map[string]string{
	"T0": corpus.Plain,
	"T1": "Your number is {{.contact.urn}}",
	"T4": "Hi {{.contact.name}}, thank you for signing up today. We will call {{.contact.urn}}, write to {{.urns.mailto}} or tweet to {{.urns.twitter}}. Reply STOP to end.",
	"TX": `{{upper .contact.first_name}}, you owe {{add (times .fields.balance 2.0) 1.0}}{{if gt .fields.age 18.0}} adult{{else}} minor{{end}}`,
}

func byTextTemplate(t testing.TB, source string) func(dst []byte) []byte {
	t.Helper()
	parsed, err := template.New("").Funcs(template.FuncMap{
		"upper": strings.ToUpper,
		"add":   func(x, y float64) float64 { return x + y },
		"times": func(x, y float64) float64 { return x * y },
	}).Parse(source)
	require.NoError(t, err)
	values := environment()
	var out bytebufferpool.ByteBuffer
	return func(dst []byte) []byte {
		out.B = dst
		if err := parsed.Execute(&out, values); err != nil {
			return dst
		}
		return out.B
	}
}

// liquids are the templates as Liquid writes them.
var liquids = map[string]string{
	"T0": corpus.Plain,
	"T1": "Your number is {{ contact.urn }}",
	"T4": "Hi {{ contact.name }}, thank you for signing up today. We will call {{ contact.urn }}, write to {{ urns.mailto }} or tweet to {{ urns.twitter }}. Reply STOP to end.",
	"TX": `{{ contact.first_name | upcase }}, you owe {{ fields.balance | times: 2 | plus: 1 }}{% if fields.age > 18 %} adult{% else %} minor{% endif %}`,
}

func byLiquid(t testing.TB, source string) func(dst []byte) []byte {
	t.Helper()
	parsed, err := liquid.NewEngine().ParseString(source)
	require.NoError(t, err)
	values := environment()
	values["fields"] = map[string]any{"age": corpus.Age, "balance": corpus.Balance}
	var out bytebufferpool.ByteBuffer
	return func(dst []byte) []byte {
		out.B = dst
		if err := parsed.FRender(&out, values); err != nil {
			return dst
		}
		return out.B
	}
}
