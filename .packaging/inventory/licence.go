package main

import (
	"strings"
)

// licence is a licence that flowexpr may ship under, with a sentence that only its text has. The more telling come first.
type licence struct{ id, sentence string }

var licences = []licence{
	{"Apache-2.0", "apache license version 2.0"},
	{"MPL-2.0", "mozilla public license version 2.0"},
	{"MPL-2.0", "mozilla public license, version 2.0"},
	{"BSD-3-Clause", "used to endorse or promote products derived from this software"},
	{"BSD-3-Clause", "may be used to endorse or promote products"},
	{"BSD-2-Clause", "redistributions in binary form must reproduce the above copyright notice"},
	{"ISC", "permission to use, copy, modify, and/or distribute this software for any purpose"},
	{"ISC", "permission to use, copy, modify, and distribute this software for any purpose"},
	{"MIT", "permission is hereby granted, free of charge, to any person obtaining a copy"},
	{"Unlicense", "this is free and unencumbered software released into the public domain"},
	{"CC0-1.0", "creative commons cc0 1.0 universal"},
}

// forbidden are words of texts that must not pass even beside an allowed one.
var forbidden = []string{
	"gnu general public license", "gnu affero general public license", "gnu lesser general public license",
	"server side public license", "business source license", "commons clause",
}

// identify finds a licence by its text; one that is not known is empty.
func identify(text string) string {
	words := strings.Join(strings.Fields(strings.ToLower(text)), " ")
	for _, l := range licences {
		if !strings.Contains(words, l.sentence) {
			continue
		}
		// MPL-2.0 names the GNU licences itself, as those that a larger work may have.
		if l.id != "MPL-2.0" && containsAny(words, forbidden) {
			return ""
		}
		return l.id
	}
	return ""
}

func containsAny(s string, words []string) bool {
	for _, word := range words {
		if strings.Contains(s, word) {
			return true
		}
	}
	return false
}

func allowed(id string) bool {
	for _, l := range licences {
		if l.id == id {
			return true
		}
	}
	return false
}

// allowedList names the allowed licences once each.
func allowedList() string {
	var ids []string
	for _, l := range licences {
		if len(ids) == 0 || ids[len(ids)-1] != l.id {
			ids = append(ids, l.id)
		}
	}
	return strings.Join(ids, ", ")
}
