package main

import (
	"reflect"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/engine"
	"github.com/flowexpr/flowexpr/server"
)

// The defaults of the flags, which the documentation shows, are those of the service and of the engine.
func TestLimitDefaults(t *testing.T) {
	var flags limitFlags
	parser, err := kong.New(&flags)
	require.NoError(t, err)
	_, err = parser.Parse(nil)
	require.NoError(t, err)
	require.NoError(t, flags.Validate())
	var options server.Options
	flags.apply(&options)
	want := server.Options{}.WithDefaults()
	given, wanted := reflect.ValueOf(options), reflect.ValueOf(want)
	fields := 0
	for i := range given.NumField() {
		name := given.Type().Field(i).Name
		if strings.HasPrefix(name, "Max") || strings.HasSuffix(name, "Timeout") || strings.HasPrefix(name, "Request") || name == "ShutdownDelay" {
			assert.Equal(t, wanted.Field(i).Interface(), given.Field(i).Interface(), name)
			fields++
		}
	}
	eng, err := engine.New(engine.Options{})
	require.NoError(t, err)
	limits, defaults := flags.engine(), eng.Limits()
	limits.Total = defaults.Total // follows from Budget
	assert.Equal(t, defaults, limits)
	assert.Equal(t, reflect.TypeFor[limitFlags]().NumField(), fields+reflect.TypeFor[engine.Limits]().NumField()-1, "a limit has no flag, or a flag no limit")
}

// Each limit says what it is, why, and what happens.
func TestLimitsAreDocumented(t *testing.T) {
	fields := reflect.TypeFor[limitFlags]()
	for i := range fields.NumField() {
		for _, tag := range []string{"default", "help", "reason", "hit"} {
			assert.NotEmpty(t, fields.Field(i).Tag.Get(tag), "%s: %s", fields.Field(i).Name, tag)
		}
	}
	assert.Equal(t, "max-connections-per-address", flagName("MaxConnectionsPerAddress"))
}

// A secret never has to stand on a command line.
func TestSecretsHaveFiles(t *testing.T) {
	var c cli
	parser, err := kong.New(&c, kong.Vars{"data_folder": "x"})
	require.NoError(t, err)
	names, secrets := map[string]bool{}, []string{}
	for _, flag := range parser.Model.Flags {
		names[flag.Name] = true
		if flag.Tag.Has("secret") {
			secrets = append(secrets, flag.Name)
		}
	}
	assert.Subset(t, secrets, []string{"token", "redis", "postgres"})
	for _, name := range secrets {
		assert.True(t, names[name+"-file"], "--%s has no --%s-file", name, name)
	}
}
