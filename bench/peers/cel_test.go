package peers

import (
	"strings"
	"testing"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/ext"
	"github.com/stretchr/testify/require"
)

// celBlocks are the templates with each variable and expression as one program of CEL: those of expr, but for upper.
var celBlocks = func() map[string][]block {
	all := map[string][]block{}
	for name, blocks := range exprBlocks {
		for _, b := range blocks {
			if b.expression == "upper(contact.first_name)" {
				b.expression = "contact.first_name.upperAscii()"
			}
			all[name] = append(all[name], block{b.text, strings.NewReplacer("* 2 + 1", "* 2.0 + 1.0", "> 18", "> 18.0").Replace(b.expression)})
		}
	}
	return all
}()

// byCEL runs one program a block over an environment of maps.
func byCEL(t testing.TB, blocks []block) func(dst []byte) []byte {
	t.Helper()
	declared, err := cel.NewEnv(ext.Strings(), cel.Variable("contact", cel.MapType(cel.StringType, cel.StringType)),
		cel.Variable("urns", cel.MapType(cel.StringType, cel.StringType)), cel.Variable("fields", cel.MapType(cel.StringType, cel.DoubleType)))
	require.NoError(t, err)
	values, err := cel.NewActivation(environment())
	require.NoError(t, err)
	programs := make([]cel.Program, len(blocks))
	for i, block := range blocks {
		if block.expression == "" {
			continue
		}
		ast, issues := declared.Compile(block.expression)
		require.NoError(t, issues.Err())
		programs[i], err = declared.Program(ast, cel.EvalOptions(cel.OptOptimize))
		require.NoError(t, err)
	}
	return func(dst []byte) []byte {
		for i, program := range programs {
			if program == nil {
				dst = append(dst, blocks[i].text...)
				continue
			}
			value, _, err := program.Eval(values)
			if err != nil {
				return dst
			}
			dst = appendValue(dst, value.Value())
		}
		return dst
	}
}
