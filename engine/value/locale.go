package value

import (
	"strings"
	"time"
)

//go:generate go run locale_generate.go

// Where the tables of localeNames begin.
const (
	shortMonths = 0
	longMonths  = shortMonths + 12
	shortDays   = longMonths + 12
	longDays    = shortDays + 7
	periods     = longDays + 7
)

// monthName gives the name of a month in the environment's language, abbreviated or in full.
func monthName(env *Environment, month time.Month, full bool) string {
	if names := env.names(); names != "" {
		if full {
			return nameAt(names, longMonths+int(month)-1)
		}
		return nameAt(names, shortMonths+int(month)-1)
	}
	if full {
		return month.String()
	}
	return month.String()[:3]
}

// weekdayName gives the name of a day of the week in the environment's language, abbreviated or in full.
func weekdayName(env *Environment, day time.Weekday, full bool) string {
	if names := env.names(); names != "" {
		if full {
			return nameAt(names, longDays+int(day))
		}
		return nameAt(names, shortDays+int(day))
	}
	if full {
		return day.String()
	}
	return day.String()[:3]
}

// periodName gives what the environment's language has for am and pm.
func periodName(env *Environment, afternoon bool) string {
	if names := env.names(); names != "" {
		if afternoon {
			return nameAt(names, periods+1)
		}
		return nameAt(names, periods)
	}
	if afternoon {
		return "pm"
	}
	return "am"
}

// names gives the names of the environment's first language, as its country has them; empty means English, which is
// also what a language without names gets.
func (e *Environment) names() string {
	if len(e.Languages) == 0 || e.Languages[0] == "eng" {
		return ""
	}
	language := strings.ToLower(e.Languages[0])
	if e.Country != "" {
		if names := localeNames(language + "_" + strings.ToUpper(e.Country)); names != "" {
			return names
		}
	}
	if names := localeNames(language); names != "" {
		return names
	}
	if wider := widerLanguage(language); wider != "" {
		return localeNames(wider)
	}
	return ""
}

// widerLanguage gives the language whose names serve for a variety of it that ISO 639-3 counts on its own.
func widerLanguage(language string) string {
	switch language {
	case "arb", "apc", "arz", "acm", "ary", "ars", "apd", "ajp":
		return "ara"
	case "cmn", "chi":
		return "zho"
	case "swh", "swc":
		return "swa"
	case "npi":
		return "nep"
	case "pes", "prs", "per":
		return "fas"
	case "zlm", "zsm", "may":
		return "msa"
	case "pbu", "pst", "pbt":
		return "pus"
	case "uzn", "uzs":
		return "uzb"
	case "azj", "azb":
		return "aze"
	case "khk":
		return "mon"
	case "lvs":
		return "lav"
	case "ekk":
		return "est"
	case "ory":
		return "ori"
	case "als":
		return "sqi"
	case "gaz", "hae", "orc":
		return "orm"
	case "plt":
		return "mlg"
	case "nor":
		return "nob"
	case "tgl":
		return "fil"
	case "hbs":
		return "srp"
	case "kmr":
		return "kur"
	case "fuv", "fuc", "fuf":
		return "ful"
	case "bur":
		return "mya"
	}
	return ""
}

// nameAt gives the name with that index in a joined table.
func nameAt(names string, index int) string {
	for ; index > 0; index-- {
		names = names[strings.IndexByte(names, '|')+1:]
	}
	name, _, _ := strings.Cut(names, "|")
	return name
}
