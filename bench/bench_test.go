package bench

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/bench/beside"
	"github.com/flowexpr/flowexpr/bench/corpus"
	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/engine"
	"github.com/flowexpr/flowexpr/vars"
)

// systems gives what is measured for a template: the limits, where they can do it, and the engine.
func systems(t testing.TB, template corpus.Template) []beside.System {
	contact := resolvedContact()
	render := byHand[template.Name]
	all := []beside.System{{Name: "limit", Render: func(dst []byte) []byte { return render(dst, contact) }}}
	if pieces, ok := pieces[template.Name]; ok {
		stored := &unresolved{name: corpus.Name, urns: corpus.URNs()}
		all = append(all, beside.System{Name: "segments", Render: func(dst []byte) []byte { return appendPieces(dst, pieces, stored) }})
	}
	return append(all, beside.System{Name: "flowexpr", Render: compiled(t, template.Source)})
}

// compiled evaluates with the engine, from an encoded record in memory.
func compiled(t testing.TB, source string) func(dst []byte) []byte {
	t.Helper()
	eng, err := engine.New(engine.Options{})
	require.NoError(t, err)
	template, err := eng.Template(source, vars.Roots{})
	require.NoError(t, err)
	workspace, err := vars.NewWorkspace(contactstore.DefaultSettings())
	require.NoError(t, err)
	scope := &vars.Scope{Workspace: workspace, Contact: record(t)}
	warnings := &engine.Warnings{}
	return func(dst []byte) []byte { return template.Append(dst, scope, warnings) }
}

func record(t testing.TB) contactstore.Record {
	t.Helper()
	contact, err := contactstore.ParseContact([]byte(corpus.Contact))
	require.NoError(t, err)
	contact.Workspace, contact.Version = "default", 1
	encoded, err := contactstore.Encode(contact)
	require.NoError(t, err)
	return encoded
}

func TestSystemsAgree(t *testing.T) { beside.Agree(t, systems) }

func BenchmarkTemplates(b *testing.B) { beside.Benchmark(b, systems) }
