// Package metrics is what GET /metrics says: the table of all metrics, the counters that a busy path can afford, and the
// registry that asks sources for their values and writes them as Prometheus reads them.
//
//	registry, err := metrics.NewRegistry(source)
//	err = registry.Write(w) // source is asked now
//
// Components count with atomics and hand out Stats; a Source makes values of these when somebody asks. Labels are names
// that this program knows: patterns of routes, codes, tiers; never what a request or a contact holds.
package metrics

// Kind says how the values of a metric are to be read.
type Kind string

// The kinds, as Prometheus names them.
const (
	Counter   Kind = "counter"   // only grows, from 0 at the start
	Gauge     Kind = "gauge"     // as it is now
	Histogram Kind = "histogram" // counts by upper bounds, with count and sum
)

// Metric is one metric as it is documented. Its values are written by sources.
type Metric struct {
	Name   string
	Kind   Kind
	Unit   string // what one is
	Help   string // a sentence
	Labels []string
}

// The metrics of requests and streams.
var (
	HTTPRequests = &Metric{"flowexpr_http_requests_total", Counter, "requests", "Answered requests, by route, method and class of status; route unknown: no such path or method; route unreadable: what came was not HTTP within the limits.", []string{"route", "method", "status"}}
	HTTPDuration = &Metric{"flowexpr_http_request_duration_seconds", Histogram, "seconds", "Time from a request's headers and body to its answer; of streams, to the end of the stream.", []string{"route", "method"}}
	HTTPInFlight = &Metric{"flowexpr_http_requests_in_flight", Gauge, "requests", "Requests under way, streams among them.", nil}
	Connections  = &Metric{"flowexpr_http_connections", Gauge, "connections", "Open connections.", nil}

	LimitExceeded = &Metric{"flowexpr_limit_exceeded_total", Counter, "hits", "How often a limit was hit, by the name that the table of limits gives it.", []string{"limit"}}

	Streams        = &Metric{"flowexpr_streams_total", Counter, "streams", "Ended batches and dry runs: complete, failed (the last line says why), or abandoned by the client.", []string{"result"}}
	StreamContacts = &Metric{"flowexpr_stream_contacts_total", Counter, "contacts", "Contacts that batches and dry runs got to.", nil}
)

// The metrics of evaluations.
var (
	EvaluateDuration = &Metric{"flowexpr_evaluate_duration_seconds", Histogram, "seconds", "Time that evaluations of POST /v1/evaluate took, without HTTP, JSON and the store.", nil}
	EvaluateWarnings = &Metric{"flowexpr_evaluate_warnings_total", Counter, "warnings", "Errors and warnings in answers of POST /v1/evaluate, by code.", []string{"code"}}

	TemplateCacheHits      = &Metric{"flowexpr_template_cache_hits_total", Counter, "lookups", "Templates that were found compiled.", nil}
	TemplateCacheMisses    = &Metric{"flowexpr_template_cache_misses_total", Counter, "lookups", "Templates that had to be compiled, or were refused.", nil}
	TemplateCacheEvictions = &Metric{"flowexpr_template_cache_evictions_total", Counter, "templates", "Compiled templates that made room for others.", nil}
	TemplateCacheEntries   = &Metric{"flowexpr_template_cache_entries", Gauge, "templates", "Compiled templates that are kept.", nil}
	TemplateCacheBytes     = &Metric{"flowexpr_template_cache_bytes", Gauge, "bytes", "Memory of the compiled templates, estimated.", nil}
	TemplateCacheMaxBytes  = &Metric{"flowexpr_template_cache_max_bytes", Gauge, "bytes", "Bound of flowexpr_template_cache_bytes.", nil}
)

// The metrics of stores. A service has those of its store.
var (
	CacheRequests      = &Metric{"flowexpr_contact_cache_requests_total", Counter, "contacts", "Contacts asked for, by tier (near: this process, shared: Redis, record: the system of record) and result: hit, miss, error, or bypassed while the tier is left alone.", []string{"tier", "result"}}
	CacheEvictions     = &Metric{"flowexpr_contact_cache_evictions_total", Counter, "contacts", "Contacts that left the near cache to make room, or with age.", nil}
	CacheInvalidations = &Metric{"flowexpr_contact_cache_invalidations_total", Counter, "contacts", "Changes by other processes that the near cache was told of.", nil}
	CacheGaps          = &Metric{"flowexpr_contact_cache_gaps_total", Counter, "gaps", "How often changes may have been missed, so that the near cache was emptied.", nil}
	CacheFollowing     = &Metric{"flowexpr_contact_cache_following", Gauge, "0 or 1", "Whether changes are followed; if not, the near cache is not used.", nil}
	CacheEntries       = &Metric{"flowexpr_contact_cache_entries", Gauge, "contacts", "Contacts in the near cache.", nil}
	CacheBytes         = &Metric{"flowexpr_contact_cache_bytes", Gauge, "bytes", "Memory of the near cache.", nil}
	CacheMaxBytes      = &Metric{"flowexpr_contact_cache_max_bytes", Gauge, "bytes", "Bound of flowexpr_contact_cache_bytes.", nil}
	CacheBypass        = &Metric{"flowexpr_contact_cache_bypassed", Gauge, "0 or 1", "Whether the shared cache is left alone because too many calls failed.", nil}
	RecordAge          = &Metric{"flowexpr_record_age_seconds", Histogram, "seconds", "How old records were that reads gave, by tier; of the near cache one of 64 is looked at.", []string{"tier"}}

	RedisOperations      = &Metric{"flowexpr_redis_operations_total", Counter, "operations", "Contacts read (get), looked up by URN (find) and written (write), and pages listed (list), in Redis as the store.", []string{"operation"}}
	RedisErrors          = &Metric{"flowexpr_redis_errors_total", Counter, "calls", "Calls of Redis that failed: the server, the network or a damaged record.", nil}
	RedisRefused         = &Metric{"flowexpr_redis_refused_writes_total", Counter, "writes", "Writes that were refused: stale (somebody else was faster), conflict (another contact has the URN).", []string{"reason"}}
	RedisRetries         = &Metric{"flowexpr_redis_retries_total", Counter, "attempts", "Attempts to write that were made again because the contact changed on the way.", nil}
	RedisConnections     = &Metric{"flowexpr_redis_pool_connections", Gauge, "connections", "Open connections to Redis.", nil}
	RedisIdleConnections = &Metric{"flowexpr_redis_pool_idle_connections", Gauge, "connections", "Of these, those that are unused now.", nil}
	RedisPoolTimeouts    = &Metric{"flowexpr_redis_pool_timeouts_total", Counter, "calls", "Calls that had no connection in time.", nil}

	PostgresConnections     = &Metric{"flowexpr_postgres_pool_connections", Gauge, "connections", "Open connections to PostgreSQL.", nil}
	PostgresIdleConnections = &Metric{"flowexpr_postgres_pool_idle_connections", Gauge, "connections", "Of these, those that are unused now.", nil}
	PostgresMaxConnections  = &Metric{"flowexpr_postgres_pool_max_connections", Gauge, "connections", "Bound of flowexpr_postgres_pool_connections.", nil}
	PostgresWaits           = &Metric{"flowexpr_postgres_pool_waits_total", Counter, "calls", "Calls that waited for a connection.", nil}
)

// BuildInfo tells what the program was built from.
var BuildInfo = &Metric{"flowexpr_build_info", Gauge, "1", "What the program was built from; the value is 1.", []string{"version", "goversion", "revision"}}

// All gives every metric of ours, in the order of the documentation.
func All() []*Metric {
	return []*Metric{
		HTTPRequests, HTTPDuration, HTTPInFlight, Connections, LimitExceeded, Streams, StreamContacts,
		EvaluateDuration, EvaluateWarnings,
		TemplateCacheHits, TemplateCacheMisses, TemplateCacheEvictions, TemplateCacheEntries, TemplateCacheBytes, TemplateCacheMaxBytes,
		CacheRequests, CacheEvictions, CacheInvalidations, CacheGaps, CacheFollowing, CacheEntries, CacheBytes, CacheMaxBytes, CacheBypass, RecordAge,
		RedisOperations, RedisErrors, RedisRefused, RedisRetries, RedisConnections, RedisIdleConnections, RedisPoolTimeouts,
		PostgresConnections, PostgresIdleConnections, PostgresMaxConnections, PostgresWaits,
		BuildInfo,
	}
}
