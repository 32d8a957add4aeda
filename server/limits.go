package server

import (
	"sync/atomic"

	"github.com/flowexpr/flowexpr/engine/diag"
)

// limit is one of the limits of the service. Its name is stable: the metric flowexpr_limit_exceeded_total has it.
type limit uint8

// The limits that are counted when they are hit.
const (
	noLimit limit = iota
	limitConnections
	limitConnectionsPerAddress
	limitHeader
	limitBody
	limitReadTime
	limitRequestRate
	limitRequests
	limitStreams
	limitBatchContacts
	limitBatchTemplates
	limitRequestTime
	limitTemplate
	limitNesting
	limitBudget
	limitOutput
	limitWarnings
	limits // how many there are
)

var limitNames = [limits]string{
	limitConnections: "connections", limitConnectionsPerAddress: "connections_per_address",
	limitHeader: "header", limitBody: "body", limitReadTime: "read_time",
	limitRequestRate: "request_rate", limitRequests: "requests", limitStreams: "streams",
	limitBatchContacts: "batch_contacts", limitBatchTemplates: "batch_templates", limitRequestTime: "request_time",
	limitTemplate: "template", limitNesting: "nesting", limitBudget: "budget", limitOutput: "output", limitWarnings: "warnings",
}

// limitOf gives the limit that a code tells of: of a problem, or of an entry of warnings.
func limitOf(code string) limit {
	switch code {
	case "too_many_connections":
		return limitConnections
	case "too_many_connections_of_address":
		return limitConnectionsPerAddress
	case "header_too_large":
		return limitHeader
	case "body_too_large":
		return limitBody
	case "request_timeout":
		return limitReadTime
	case "too_many_requests":
		return limitRequestRate
	case "overloaded":
		return limitRequests
	case "too_many_streams":
		return limitStreams
	case "too_many_contacts":
		return limitBatchContacts
	case "too_many_templates":
		return limitBatchTemplates
	case "timeout":
		return limitRequestTime
	case "template_too_large":
		return limitTemplate
	case "nesting_too_deep":
		return limitNesting
	case "too_complex":
		return limitBudget
	case "output_too_large":
		return limitOutput
	}
	return noLimit
}

// limitCounts count how often each limit was hit.
type limitCounts [limits]atomic.Uint64

func (c *limitCounts) hit(l limit) {
	if l != noLimit {
		c[l].Add(1)
	}
}

// warnings counts the limits that an evaluation ran into. Fast path: there are no warnings.
func (c *limitCounts) warnings(list []diag.Diagnostic, dropped int) {
	for i := range list {
		c.hit(limitOf(list[i].Code))
	}
	if dropped > 0 {
		c.hit(limitWarnings)
	}
}

// Stats are counts since the server was made, and what is under way. Reading them is cheap.
type Stats struct {
	// Limits tells how often each limit was hit, in the order of docs/limits.md.
	Limits []LimitCount
	// Connections, Requests and Streams are open, or under way, now; Requests are those that may need the store.
	Connections, Requests, Streams int64
}

// LimitCount is how often one limit was hit.
type LimitCount struct {
	Limit string
	Count uint64
}

// Stats gives the counts of now.
func (s *Server) Stats() Stats {
	stats := Stats{Streams: s.streaming.Load(), Requests: s.gate.inside.Load(), Connections: s.connections.open.Load()}
	for l := noLimit + 1; l < limits; l++ {
		stats.Limits = append(stats.Limits, LimitCount{limitNames[l], s.limits[l].Load()})
	}
	return stats
}
