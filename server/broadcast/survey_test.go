package broadcast_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/memstore"
	"github.com/flowexpr/flowexpr/server/broadcast"
	"github.com/flowexpr/flowexpr/vars"
)

var update = flag.Bool("update", false, "write what surveys find into testdata instead of comparing it")

func survey(t testing.TB, source string, scope *vars.Scope) *broadcast.Survey {
	t.Helper()
	if scope == nil {
		scope = &vars.Scope{}
	}
	return broadcast.NewSurvey(template(t, source), scope, broadcast.SurveyOptions{Warnings: 10, Examples: 2, Describe: describe})
}

func workspace(t testing.TB, settings string) *vars.Workspace {
	t.Helper()
	parsed, err := contactstore.ParseSettings([]byte(settings))
	require.NoError(t, err)
	w, err := vars.NewWorkspace(parsed)
	require.NoError(t, err)
	return w
}

// mixed is a store with contacts of many kinds.
func mixed(t testing.TB) contactstore.Store {
	t.Helper()
	store := memstore.New()
	for i, members := range []string{
		`,"name":"Jane Doe","urns":["tel:+13233754866","mailto:jane.doe@example.org"],"fields":{"age":34}`,
		`,"name":"Ali Çelik","urns":["telegram:123456#ali"],"fields":{"age":0}`,
		`,"name":"","urns":[]`,
		`,"name":"Анна","urns":["tel:+13233754867"],"fields":{"age":"old"}`,
		`,"name":"Bob","urns":["mailto:bob@example.org"],"fields":{"age":7}`,
		`,"name":"Zoé","urns":["tel:+13233754868"],"fields":{"age":12}`,
	} {
		require.NoError(t, store.Put(context.Background(), record(t, i, members)))
	}
	return store
}

const channels = `{"channels":[{"uuid":"00000000-0000-4000-8000-000000000001","name":"Phone","schemes":["tel"]}]`

// What a survey finds does not depend on who counted what.
func TestFindings(t *testing.T) {
	const greeting = "Hi @contact.first_name, we have @urns.mailto and @urns.mailto for you; @(round(100 / fields.age))"
	store := mixed(t)
	tests := []struct {
		name, source, settings string
		all                    bool
	}{
		{"mixed", greeting, `{}`, true},
		{"channels", greeting, channels + `}`, true},
		{"redacted", "Hi @contact.first_name, is @contact.urn yours?", channels + `,"redact_urns":true}`, true},
		{"missing", "Hi @contact.name", `{}`, false},
		{"nobody", "Hi", `{}`, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, options := range []broadcast.Options{{}, {Workers: 4, BatchSize: 1}, {Workers: 1, BatchSize: 2}} {
				job := survey(t, tt.source, &vars.Scope{Workspace: workspace(t, tt.settings)})
				source := everyone(store)
				if !tt.all {
					source = broadcast.Listed(store, space, ids(), impatient)
				}
				if tt.name == "missing" {
					source = broadcast.Listed(store, space, ids(1, 99, 2, 98, 97), impatient)
				}
				got, _, err := collect(broadcast.Start(context.Background(), source, job, options))
				require.NoError(t, err)
				assert.Empty(t, got)
				golden(t, tt.name, job.Findings())
			}
		})
	}
}

func golden(t *testing.T, name string, findings broadcast.Findings) {
	t.Helper()
	file := "testdata/survey_" + name + ".json"
	got, err := json.MarshalIndent(findings, "", " ")
	require.NoError(t, err)
	got = append(got, '\n')
	if *update {
		require.NoError(t, os.WriteFile(file, got, 0o600))
		return
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, string(want), string(got))
}

// A message that carries a contact's data does not make a problem of its own for each contact.
func TestProblemsAreBounded(t *testing.T) {
	store := memstore.New()
	for i := range 100 {
		require.NoError(t, store.Put(context.Background(), record(t, i, fmt.Sprintf(`,"fields":{"age":"x%d"}`, i))))
	}
	job := survey(t, "@(fields.age + 1)", nil)
	_, _, err := collect(broadcast.Start(context.Background(), everyone(store), job, small))
	require.NoError(t, err)
	found := job.Findings()
	require.Len(t, found.Problems, 1)
	assert.EqualValues(t, 100, found.Problems[0].Contacts)
	assert.Len(t, found.Problems[0].Examples, 2)
	assert.Equal(t, id(0).String(), found.Problems[0].Examples[0].Contact)
	assert.NotEmpty(t, found.Problems[0].Examples[0].Message)
}

func TestNoExamples(t *testing.T) {
	job := broadcast.NewSurvey(template(t, "Hi @contact.name"), &vars.Scope{}, broadcast.SurveyOptions{Describe: describe})
	_, _, err := collect(broadcast.Start(context.Background(), everyone(mixed(t)), job, small))
	require.NoError(t, err)
	data, err := json.Marshal(job.Findings())
	require.NoError(t, err)
	assert.NotContains(t, string(data), "Jane")
}
