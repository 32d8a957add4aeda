package engine

import (
	"github.com/flowexpr/flowexpr/engine/value"
	"github.com/flowexpr/flowexpr/vars"
)

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
}

var _ = vars.Scope{}
