package vars_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/flowexpr/flowexpr/vars"
)

func TestEmpty(t *testing.T) {
	full := &vars.Scope{Contact: record(t, jane), Workspace: workspace(t, `{"channels":`+channels+`,"globals":{"shop":"X","none":""}}`)}
	bare := &vars.Scope{Contact: record(t, `{"uuid":"00000000-0000-4000-8000-0000000000aa","name":"","urns":[]}`), Workspace: workspace(t, `{}`)}
	tests := []struct {
		path       string
		full, bare bool
	}{
		{"contact", false, true},
		{"contact.uuid", false, false},
		{"contact.name", false, true},
		{"contact.first_name", false, true},
		{"contact.language", false, true},
		{"contact.timezone", false, true},
		{"contact.created_on", false, true},
		{"contact.last_seen_on", true, true},
		{"contact.groups", false, true},
		{"contact.tickets", true, true},
		{"contact.urn", false, true},
		{"contact.urns", false, true},
		{"contact.channel", false, true},
		{"contact.id", true, true},
		{"contact.fields", false, true},
		{"urns", false, true},
		{"urns.mailto", false, true},
		{"urns.telegram", true, true},
		{"fields", false, true},
		{"fields.age", false, true},
		{"fields.city", false, true},
		{"fields.gone", true, true},
		{"fields.joined", false, true},
		{"fields.member", false, true},
		{"fields.tags", false, true},
		{"fields.unknown", true, true},
		{"globals", false, true},
		{"globals.shop", false, true},
		{"globals.none", true, true},
	}
	for _, tt := range tests {
		v := resolve(t, tt.path)
		assert.Equal(t, tt.full, v.Empty(full), "%s of Jane", tt.path)
		assert.Equal(t, tt.bare, v.Empty(bare), "%s of a contact without anything", tt.path)
		assert.Equal(t, v.Empty(&vars.Scope{}), v.NeedsContact() || tt.bare, "%s without a contact", tt.path)
	}
}

func TestEmptyOfDefinedFields(t *testing.T) {
	scope := &vars.Scope{
		Contact:   record(t, `{"uuid":"00000000-0000-4000-8000-0000000000aa","name":"","urns":[],"fields":{"joined":"soon","left":"2026-11-24T12:00:00Z","age":"34"}}`),
		Workspace: workspace(t, `{"fields":[{"key":"joined","type":"datetime"},{"key":"left","type":"datetime"},{"key":"age","type":"number"}]}`),
	}
	for path, want := range map[string]bool{"fields.joined": true, "fields.left": false, "fields.age": false, "fields.other": true} {
		v := resolve(t, path)
		assert.Equal(t, want, v.Empty(scope), path)
	}
}

func TestEmptyAllocatesNothing(t *testing.T) {
	scope := &vars.Scope{Contact: record(t, jane)}
	for _, path := range []string{"contact", "contact.name", "contact.urn", "contact.urns", "contact.created_on", "contact.groups", "urns.mailto", "fields.age", "fields.city"} {
		v := resolve(t, path)
		assert.Zero(t, testing.AllocsPerRun(100, func() { v.Empty(scope) }), path)
	}
}
