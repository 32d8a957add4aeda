package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTracesWanted(t *testing.T) {
	tests := []struct {
		name        string
		environment map[string]string
		wanted      bool
		wrong       string
	}{
		{"nothing set", nil, false, ""},
		{"a service name alone", map[string]string{"OTEL_SERVICE_NAME": "x"}, false, ""},
		{"an endpoint", map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318"}, true, ""},
		{"an endpoint for traces", map[string]string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://localhost:4318/v1/traces"}, true, ""},
		{"switched off", map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318", "OTEL_SDK_DISABLED": "true"}, false, ""},
		{"no exporter", map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318", "OTEL_TRACES_EXPORTER": "none"}, false, ""},
		{"the protocol that there is", map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"}, true, ""},
		{"another protocol", map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4317", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, false,
			"OTEL_EXPORTER_OTLP_PROTOCOL is grpc: traces are sent as http/protobuf only, mostly to port 4318"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			wanted, err := tracesWanted(func(name string) string { return tt.environment[name] })
			assert.Equal(t, tt.wanted, wanted)
			if tt.wrong == "" {
				assert.NoError(t, err)
			} else {
				assert.EqualError(t, err, tt.wrong)
			}
		})
	}
}
