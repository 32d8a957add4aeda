package main

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
)

// The demo workspace is what people try first: its contacts are stored as they are written, and what its settings
// promise holds for them.
func TestDemoContactsAreStoredAsWritten(t *testing.T) {
	contacts := demoLines(t)
	require.GreaterOrEqual(t, len(contacts), 24)
	owner := map[string]bool{}
	for _, line := range contacts {
		var written struct {
			URNs []string `json:"urns"`
		}
		require.NoError(t, json.Unmarshal(line, &written))
		contact, err := contactstore.ParseContact(line)
		require.NoError(t, err, "%s", line)
		require.Len(t, contact.Connections, len(written.URNs))
		for i, connection := range contact.Connections {
			assert.Equal(t, written.URNs[i], connection.URN.String())
			assert.False(t, owner[connection.URN.Identity()], "two contacts have %s", connection.URN)
			owner[connection.URN.Identity()] = true
		}
	}
}

func TestDemoFieldsAreDefined(t *testing.T) {
	settings := demoSettings(t)
	defined := map[string]bool{}
	for _, field := range settings.Fields {
		defined[field.Key] = true
	}
	for _, line := range demoLines(t) {
		contact, err := contactstore.ParseContact(line)
		require.NoError(t, err)
		for _, field := range contact.Fields {
			assert.True(t, defined[field.Key], "%s has a field %s", contact.Name, field.Key)
		}
	}
}

func TestDemoChannelsReachBothNumbersOfJane(t *testing.T) {
	settings := demoSettings(t)
	for _, first := range []string{"tel:+13233754866", "tel:+4971234567"} {
		jane, err := contactstore.ParseContact(demoLines(t)[0])
		require.NoError(t, err)
		jane.Workspace, jane.Version = "default", 1
		urn, err := contactstore.ParseURN(first)
		require.NoError(t, err)
		_, err = jane.PromoteTo(urn, 1)
		require.NoError(t, err)
		record, err := contactstore.Encode(jane)
		require.NoError(t, err)
		destination, ok := record.Destination(settings.Channels, true)
		require.True(t, ok)
		assert.Equal(t, first, destination.URN.String())
		assert.Equal(t, "Twilio US", destination.Channel.Name)
	}
}

func demoLines(t *testing.T) [][]byte {
	t.Helper()
	file, err := os.Open("demo/contacts.jsonl")
	require.NoError(t, err)
	defer file.Close()
	var lines [][]byte
	for scanner := bufio.NewScanner(file); scanner.Scan(); {
		lines = append(lines, append([]byte(nil), scanner.Bytes()...))
	}
	return lines
}

func demoSettings(t *testing.T) contactstore.Settings {
	t.Helper()
	data, err := os.ReadFile("demo/settings.json")
	require.NoError(t, err)
	settings, err := contactstore.ParseSettings(data)
	require.NoError(t, err)
	return settings
}

func TestDemoGroupsAreDefined(t *testing.T) {
	settings := demoSettings(t)
	for _, line := range demoLines(t) {
		contact, err := contactstore.ParseContact(line)
		require.NoError(t, err)
		for _, group := range contact.Groups {
			assert.Contains(t, settings.Groups, group, "%s is in a group", contact.Name)
		}
	}
}
