package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestIdentify(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"MIT":           {"MIT License\n\nPermission is hereby granted, free of\ncharge, to any person obtaining a copy", "MIT"},
		"BSD of two":    {"2. Redistributions in binary form must reproduce the above copyright\n   notice", "BSD-2-Clause"},
		"BSD of three":  {"Redistributions in binary form must reproduce the above copyright notice. Neither the name of X may be used to endorse or promote products derived from this software", "BSD-3-Clause"},
		"Apache":        {"Apache License\n Version 2.0, January 2004", "Apache-2.0"},
		"MPL names GNU": {"Mozilla Public License Version 2.0 … the GNU General Public License", "MPL-2.0"},
		"GPL":           {"GNU General Public License version 3", ""},
		"MIT and GPL":   {"Permission is hereby granted, free of charge, to any person obtaining a copy; or GNU General Public License", ""},
		"none":          {"all rights reserved", ""},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, c.want, identify(c.text)) })
	}
}

func TestCheckSaysWhatIsWrong(t *testing.T) {
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "COPYING"), []byte("GNU Affero General Public License"), 0o600))
	closed := part{name: "example.org/closed", version: "v1.0.0"}
	require.NoError(t, closed.read(folder))
	err := check([]part{
		{name: "example.org/bare", version: "v1.0.0"}, closed,
		{name: "page", version: "1.0.0", licences: []string{"GPL-3.0"}, texts: []string{""}},
		{name: "example.org/good", version: "v1.0.0", licences: []string{"MIT"}},
	})
	require.ErrorContains(t, err, "example.org/bare v1.0.0 has no licence file")
	require.ErrorContains(t, err, "example.org/closed v1.0.0 has a licence that is none of Apache-2.0, MPL-2.0")
	require.ErrorContains(t, err, "page 1.0.0 is under GPL-3.0, which is not allowed")
	assert.NotContains(t, err.Error(), "good")
}

func TestInventoryOfThisBinary(t *testing.T) {
	t.Chdir("../..")
	folder := t.TempDir()
	notices, sbom := filepath.Join(folder, "notices"), filepath.Join(folder, "sbom")
	binary, err := os.Executable()
	require.NoError(t, err)
	require.NoError(t, run(binary, notices, sbom, "v1.2.3"))

	text, err := os.ReadFile(notices)
	require.NoError(t, err)
	for _, part := range []string{"Go standard library", "@codemirror/view", "Marijn Haverbeke"} {
		assert.Contains(t, string(text), part)
	}
	data, err := os.ReadFile(sbom)
	require.NoError(t, err)
	var bill document
	require.NoError(t, json.Unmarshal(data, &bill))
	assert.Equal(t, "pkg:golang/github.com/flowexpr/flowexpr@v1.2.3", bill.Metadata.Component.PURL)
	require.Len(t, bill.Dependencies, 1)
	assert.Len(t, bill.Dependencies[0].DependsOn, len(bill.Components))
	for _, c := range bill.Components {
		assert.NotEmpty(t, c.Licences, c.Name)
	}
}
