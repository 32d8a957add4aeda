package engine

import "github.com/flowexpr/flowexpr/engine/value"

// prepareEnvironment lays the session's zone, languages and country over the workspace's settings, once for each
// block that asks for them.
func (r *run) prepareEnvironment() {
	if r.prepared {
		return
	}
	r.prepared = true
	if r.scope == nil { // folding constants
		r.env = value.Environment{}
		return
	}
	session := r.scope.Session()
	settings := r.scope.Settings()
	r.env = value.Environment{
		Timezone:   session.Zone,
		DateFormat: settings.DateFormat,
		TimeFormat: settings.TimeFormat,
		Languages:  session.Languages,
		Country:    session.Country,
		NumberFormat: value.NumberFormat{
			DecimalSymbol: settings.NumberFormat.DecimalSymbol, DigitGroupingSymbol: settings.NumberFormat.DigitGroupingSymbol,
		},
		Collation:  settings.Collation,
		RedactURNs: settings.RedactURNs,
	}
	if len(settings.Locations) > 0 {
		r.env.Locations, _ = r.scope.Derived(parseLocations).(*value.Locations)
	}
}

// parseLocations gives the *value.Locations of a workspace, which its settings have validated.
func parseLocations(data []byte) any {
	locations, err := value.ParseLocations(data)
	if err != nil {
		return nil
	}
	return locations
}
