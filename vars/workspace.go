package vars

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/flowexpr/flowexpr/contactstore"
)

// policy is what contact.urn means in a workspace: the setting contact_urn, parsed.
type policy uint8

const (
	policyPhone policy = iota
	policyAny
	policyRoutable
)

// Workspace is a workspace's settings made ready for evaluation: immutable, shared by all evaluations.
type Workspace struct {
	settings contactstore.Settings
	policy   policy
	zone     *time.Location
	zones    *zones
	fields   map[string]*contactstore.FieldDefinition // by key

	deriveOnce sync.Once
	derived    any
}

// defaultWorkspace serves scopes without one. It has no cache of time zones, so nothing ever writes to it.
var defaultWorkspace = Workspace{settings: contactstore.DefaultSettings(), zone: time.UTC}

// NewWorkspace validates settings and makes them ready. The error is the settings' own.
func NewWorkspace(settings contactstore.Settings) (*Workspace, error) {
	return newWorkspace(settings, &zones{})
}

// With gives a workspace with other settings that shares what is costly to make; it serves one-off overrides.
func (w *Workspace) With(settings contactstore.Settings) (*Workspace, error) {
	return newWorkspace(settings, w.zones)
}

func newWorkspace(settings contactstore.Settings, shared *zones) (*Workspace, error) {
	if err := settings.Validate(); err != nil {
		return nil, err
	}
	w := &Workspace{settings: settings, zones: shared}
	switch settings.ContactURN {
	case "any":
		w.policy = policyAny
	case "routable":
		w.policy = policyRoutable
	}
	zone, err := shared.load(settings.Timezone)
	if err != nil {
		return nil, fmt.Errorf("timezone: %w", err)
	}
	w.zone = zone
	if settings.Fields != nil {
		w.fields = make(map[string]*contactstore.FieldDefinition, len(settings.Fields))
		for i := range settings.Fields {
			w.fields[strings.ToLower(settings.Fields[i].Key)] = &settings.Fields[i]
		}
	}
	return w, nil
}

// Settings gives the settings; the caller must not change what they point to.
func (w *Workspace) Settings() *contactstore.Settings { return &w.settings }

// Derived gives what a reader of the workspace makes of its settings once and keeps with it; make runs at the first call.
func (w *Workspace) Derived(make func(*contactstore.Settings) any) any {
	w.deriveOnce.Do(func() { w.derived = make(&w.settings) })
	return w.derived
}

// Redacts reports whether URNs are hidden.
func (w *Workspace) Redacts() bool { return w.settings.RedactURNs }

// Zone gives the workspace's time zone.
func (w *Workspace) Zone() *time.Location { return w.zone }

// maxZones bounds the cache of time zones; the IANA database has about 600 names.
const maxZones = 2000

// zones remembers loaded time zones: loading one reads a file. Safe for concurrent use; nil remembers nothing.
type zones struct {
	mu     sync.RWMutex
	loaded map[string]*time.Location
}

func (z *zones) load(name string) (*time.Location, error) {
	if name == "" || name == "UTC" {
		return time.UTC, nil
	}
	if z == nil {
		return time.LoadLocation(name)
	}
	z.mu.RLock()
	zone, ok := z.loaded[name]
	z.mu.RUnlock()
	if ok {
		return zone, nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, err
	}
	z.mu.Lock()
	defer z.mu.Unlock()
	if z.loaded == nil {
		z.loaded = make(map[string]*time.Location)
	}
	if len(z.loaded) < maxZones {
		z.loaded[name] = zone
	}
	return zone, nil
}

// Session is what a contact changes in the workspace's settings for one evaluation.
// Source: section 8 of the language specification.
type Session struct {
	Zone      *time.Location
	Languages []string // the first is the default; shared, not to be changed
	Country   string   // ISO 3166 alpha-2 or empty
}

// Session lays the contact's time zone, language and country over the workspace's.
func (s *Scope) Session() Session {
	w := s.workspace()
	session := Session{Zone: w.zone, Languages: w.settings.Languages, Country: w.settings.Country}
	if s.Contact.IsZero() {
		return session
	}
	if name := s.Contact.Timezone(); name != "" {
		if zone, err := w.zones.load(name); err == nil {
			session.Zone = zone
		}
	}
	session.Languages = preferLanguage(session.Languages, s.Contact.Language())
	if country := s.contactCountry(); country != "" {
		session.Country = country
	}
	return session
}

// preferLanguage puts an allowed language first.
func preferLanguage(allowed []string, language string) []string {
	for i, name := range allowed {
		if name != language {
			continue
		}
		if i == 0 {
			return allowed
		}
		reordered := make([]string, 0, len(allowed))
		reordered = append(reordered, language)
		reordered = append(reordered, allowed[:i]...)
		return append(reordered, allowed[i+1:]...)
	}
	return allowed
}

// contactCountry is the country of the contact's preferred channel, else of its first phone number that has one.
func (s *Scope) contactCountry() string {
	w := s.workspace()
	if len(w.settings.Channels) > 0 {
		if _, channel := s.Contact.Routable(w.settings.Channels); channel != nil && channel.Country != "" {
			return channel.Country
		}
	}
	for i := range s.Contact.Len() {
		if country := s.Contact.At(i).Country(); country != "" {
			return country
		}
	}
	return ""
}
