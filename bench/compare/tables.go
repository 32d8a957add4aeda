package main

import (
	"fmt"
	"strings"
)

// flowexpr is the system that all others are compared with.
const flowexpr = "flowexpr"

var templates = []string{"T0", "T1", "T4", "TX"}

// systems are the rows, in the order of the tables.
var systems = []struct{ name, title string }{
	{"limit", "hand-coded appends over resolved fields: the limit (T0: copying the bytes)"},
	{"segments", "hand-written segments that scan the URN list: the dynamic limit"},
	{flowexpr, "**flowexpr**, from an encoded record"},
	{"fasttemplate", "fasttemplate (no semantics at all)"},
	{"expr", "expr, one program a block, map environment"},
	{"cel-go", "cel-go, one program a block, map environment"},
	{"text-template", "text/template, maps"},
	{"liquid", "liquid (osteele), maps"},
}

// tables prints times, and how many times as long as each system flowexpr takes.
func (m measurements) tables() string {
	var b strings.Builder
	b.WriteString("| system | T0 | T1 | T4 | TX | T4 B / allocs | TX B / allocs |\n|---|---|---|---|---|---|---|\n")
	for _, s := range systems {
		fmt.Fprintf(&b, "| %s |%s%s%s\n", s.title, m.cells(func(template string) (string, bool) { return m.time(template, s.name) }),
			m.memory("T4", s.name), m.memory("TX", s.name))
	}
	b.WriteString("\n| flowexpr takes, times | T0 | T1 | T4 | TX |\n|---|---|---|---|---|\n")
	for _, s := range systems {
		if s.name != flowexpr {
			fmt.Fprintf(&b, "| %s |%s\n", s.title, m.cells(func(template string) (string, bool) { return m.ratioText(template, s.name) }))
		}
	}
	return b.String()
}

// latencyTable prints 99th percentiles; nothing where there are none.
func (m measurements) latencyTable() string {
	if len(m) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("\n| p99 of one call, ns; an open loop at half of the rate that it reaches | T0 | T1 | T4 | TX |\n|---|---|---|---|---|\n")
	for _, s := range []struct{ name, title string }{{flowexpr, "**flowexpr**, from an encoded record"}, {"clock", "a call that does nothing: the clock"}} {
		fmt.Fprintf(&b, "| %s |%s\n", s.title, m.cells(func(template string) (string, bool) { return m.time(template, s.name) }))
	}
	return b.String()
}

// cells gives a cell for each template; what was not measured is a dash.
func (m measurements) cells(cell func(template string) (string, bool)) string {
	var b strings.Builder
	for _, template := range templates {
		text, ok := cell(template)
		if !ok {
			text = "–"
		}
		b.WriteString(" " + text + " |")
	}
	return b.String()
}

func (m measurements) time(template, system string) (string, bool) {
	s, ok := m.median(template, system)
	return fmt.Sprintf("%.*f", decimals(s.ns), s.ns), ok
}

func (m measurements) ratioText(template, system string) (string, bool) {
	ratio, ok := m.ratio(template, system)
	return fmt.Sprintf("%.2f", ratio), ok
}

func (m measurements) memory(template, system string) string {
	s, ok := m.median(template, system)
	if !ok {
		return " – |"
	}
	return fmt.Sprintf(" %d / %d |", s.bytes, s.allocs)
}

// decimals keeps three digits of small times.
func decimals(ns float64) int {
	if ns < 10 {
		return 1
	}
	return 0
}
