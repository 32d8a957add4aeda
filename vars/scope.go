package vars

import (
	"time"

	"github.com/flowexpr/flowexpr/contactstore"
)

// Scope is all that one evaluation may read. It is not changed by an evaluation, and may serve several, one after
// another. Its zero value evaluates templates that need no contact.
type Scope struct {
	// Workspace holds the settings; nil means the defaults.
	Workspace *Workspace
	// Contact is the record that contact, urns and fields read; a zero Record means no contact: those roots are null.
	Contact contactstore.Record
	// Context holds the roots that the caller gives; nil means none.
	Context Context
	// Now fixes the evaluation's clock; zero means the engine's clock.
	Now time.Time
	// RandomSeed makes random functions repeatable; zero means a seed of its own for each evaluation.
	RandomSeed int64
}

// Context gives the roots that come with one evaluation: results, input, run and whatever else the caller has.
// What Root returns is opaque to this package.
type Context interface {
	// Root gives a root by its stored name; ok is false when there is none.
	Root(name string) (value any, ok bool)
}

// workspace never returns nil.
func (s *Scope) workspace() *Workspace {
	if s.Workspace == nil {
		return &defaultWorkspace
	}
	return s.Workspace
}

// Settings gives the workspace's settings; the caller must not change what they point to.
func (s *Scope) Settings() *contactstore.Settings { return &s.workspace().settings }

// Redacts reports whether the workspace hides URNs.
func (s *Scope) Redacts() bool { return s.workspace().settings.RedactURNs }

// Derived gives what make makes of the workspace's settings, once for each workspace; nil without a workspace.
func (s *Scope) Derived(make func(locations []byte) any) any {
	if s.Workspace == nil {
		return nil
	}
	return s.Workspace.Derived(func(settings *contactstore.Settings) any { return make(settings.Locations) })
}
