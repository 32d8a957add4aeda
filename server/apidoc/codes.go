package apidoc

import (
	"slices"
	"strings"
)

// Code is one code of errors: of a problem that a request is answered with, or of a line in a stream.
type Code struct {
	Code string
	// Statuses are those that come with it; none: it stands in lines of streams only.
	Statuses []int
	Meaning  string
	Next     string // what to do
	group    group
}

// group says which calls can answer with a code.
type group uint8

const (
	special  group = iota // those that list it
	always                // every call
	guarded               // those that want a token
	changes               // those that want the role write
	bodies                // those that take a body
	stored                // those that ask the store
	guards                // those that honour If-Match
	byUUID                // those with a UUID in the path
	byURN                 // those with a URN in the path
	streamed              // those that answer with a stream
)

// Codes lists every code that the service answers with, by name.
func Codes() []Code {
	list := slices.Clone(codes)
	slices.SortFunc(list, func(a, b Code) int { return strings.Compare(a.Code, b.Code) })
	return list
}

var codes = []Code{
	{"invalid_http", []int{400}, "The request is not HTTP that the service can read.", "Use an HTTP/1.1 client; behind a proxy, look at what it sends.", always},
	{"invalid_path", []int{400}, "The path has a `%` that is not followed by two hexadecimal digits.", "Write `%` as `%25`.", always},
	{"request_timeout", []int{408}, "The request did not arrive in time.", "Send it faster, or in smaller parts.", always},
	{"header_too_large", []int{431}, "Path and headers are larger than the limit.", "Send fewer or shorter headers.", always},
	{"body_too_large", []int{413}, "The body is larger than the limit.", "Send less at once.", always},
	{"too_many_connections", []int{503}, "The service has as many connections as it takes.", "Use fewer connections and keep them open; try again after `Retry-After`.", always},
	{"too_many_connections_of_address", []int{503}, "The service has as many connections from this address as it takes.", "Use fewer connections and keep them open; try again after `Retry-After`.", always},
	{"internal_error", []int{500}, "Something went wrong inside.", "Try again; if it stays, report it with the request id: the log says more under it.", always},
	{"not_found", []int{404}, "There is nothing at this path.", "See the paths in `GET /openapi.json`.", special},
	{"method_not_allowed", []int{405}, "The path does not take that method.", "The header `Allow` lists those it takes.", special},

	{"token_missing", []int{401}, "The request carries no token.", "Send the header `Authorization: Bearer TOKEN`.", guarded},
	{"token_unknown", []int{401}, "The token is not one of this service.", "Look whether it was revoked or belongs to another service.", guarded},
	{"foreign_site", []int{403}, "The request comes from a web page of another site, and the service has no tokens.", "Configure a token to let other sites call the service.", guarded},
	{"too_many_requests", []int{429}, "The token sends more requests than it may.", "Send fewer, or several contacts in one batch; try again after `Retry-After`.", guarded},
	{"overloaded", []int{503}, "The service works on as many requests as it takes.", "Try again after `Retry-After`.", guarded},
	{"read_only", []int{403}, "The token may evaluate and read, and not change anything.", "Use a token with the role write.", changes},

	{"body_missing", []int{400}, "The request has no body.", "Send a JSON object as the body.", bodies},
	{"invalid_json", []int{400}, "The body cannot be read as JSON: `line` and `column` say where.", "Mend the JSON; a name may stand in an object once only.", bodies},
	{"invalid_utf8", []int{400}, "The body is not UTF-8.", "Encode it as UTF-8.", bodies},
	{"unknown_member", []int{400}, "The body has a member that the call does not know.", "The hint has the nearest name, and all that are known.", bodies},
	{"member_missing", []int{400}, "The body lacks a member that has to be there.", "The hint says what to give.", bodies},
	{"invalid_member", []int{400}, "A member is not what it should be.", "`detail` says what is wanted.", bodies},
	{"unsupported_media_type", []int{415}, "The body has a content type that the service does not read.", "Send `Content-Type: application/json`.", bodies},
	{"unsupported_charset", []int{415}, "The body is not in UTF-8.", "Encode it as UTF-8.", bodies},
	{"unsupported_encoding", []int{415}, "The body is compressed.", "Send it as it is.", bodies},

	{"store_unavailable", []int{503}, "The contact store is out of reach.", "Try again after `Retry-After`; look at `GET /readyz`.", stored},
	{"timeout", []int{504}, "The contact store took too long.", "Try again after `Retry-After`.", stored},

	{"invalid_uuid", []int{400}, "A contact's UUID cannot be read.", "Write it as `5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f`; to find a contact by its URN use `GET /v1/contacts?urn=`.", byUUID},
	{"contact_not_found", []int{404}, "There is no such contact, or no contact has that URN.", "Look for it with `GET /v1/contacts?q=`.", byUUID},
	{"connection_not_found", []int{404}, "The contact has no such connection.", "Read the contact: `urns` lists its connections.", byURN},
	{"invalid_urn", []int{400}, "A text is not a URN, or not a valid one of its scheme.", "Write it as `SCHEME:PATH`, such as `tel:+13233754866`.", byURN},
	{"stale_version", []int{409, 412}, "Somebody else changed it meanwhile, or it is not the version that `If-Match` asks for.", "Read it again and repeat the change.", guards},

	{"invalid_request", []int{400}, "Something in the request is not what it should be.", "`detail` says what.", always},
	{"invalid_contact", []int{400}, "A contact is not what it should be; `detail` names the member.", "Correct that member.", special},
	{"contact_too_large", []int{400}, "A contact is larger than a record may be.", "Shorten its fields.", special},
	{"contact_exists", []int{409}, "There is a contact with this UUID.", "Change it with PUT or PATCH, or leave the UUID out.", special},
	{"uuid_mismatch", []int{400}, "The body has another UUID than the path.", "Leave it out of the body: a contact's UUID does not change.", special},
	{"urn_taken", []int{409}, "The URN belongs to another contact of the workspace.", "Remove it from that contact first, or use another.", special},
	{"connection_exists", []int{409}, "The contact has that connection already.", "Promote the one that is there, or remove one of the two.", special},
	{"connection_repeated", []int{400}, "A contact lists the same connection twice.", "List it once.", special},
	{"too_many_connections", []int{400}, "A contact would have more connections than it may.", "Remove one first.", special},
	{"invalid_priority", []int{400}, "A place is below 1.", "Places count from 1, the highest priority.", special},
	{"invalid_time", []int{400}, "A text is no time, or a time beyond what can be stored.", "Write it as `2026-11-24T12:00:00Z`.", special},
	{"unknown_connection_type", []int{400}, "There is no such type of connection.", "The hint lists all.", special},

	{"invalid_cursor", []int{400}, "The cursor is not one of this service.", "Give `next_cursor` of the page before as it is, or none for the first page.", special},
	{"invalid_limit", []int{400}, "`limit` is no number, or beyond what one page may have.", "`detail` says the range.", special},
	{"invalid_parameter", []int{400}, "A parameter of the query is too long, or does not go with another.", "The hint says how to ask.", special},
	{"unknown_parameter", []int{400}, "The query has a parameter that the call does not know.", "The hint lists those it knows.", special},

	{"unknown_setting", []int{400}, "There is no such setting.", "The hint lists all.", special},
	{"invalid_settings", []int{400}, "A setting has a value that it cannot have.", "`detail` says what is wanted.", special},
	{"invalid_context", []int{400}, "`context` is not what a template can read.", "Give an object with a member for each root, such as `results`.", special},
	{"unknown_dialect", []int{400}, "`dialect` names a language that the service does not evaluate.", "Use `excellent` or `legacy`.", special},
	{"template_too_large", []int{413}, "The template is larger than the limit, in bytes or in variables and expressions.", "Shorten or split it, or raise the limit.", special},
	{"template_errors", []int{422}, "With `strict`: the template gives errors or warnings, all in `errors`; in streams, in `warnings`.", "Mend them, or evaluate without `strict`.", special},
	{"member_conflict", []int{400}, "Two members of the body exclude each other.", "Give one of them.", special},
	{"too_many_templates", []int{400}, "A batch has more templates than it may.", "Ask in several requests.", special},
	{"too_many_contacts", []int{413}, "A batch lists more contacts than it may.", "Ask in several requests, or for a group.", special},
	{"too_many_streams", []int{503}, "The service has as many batches and dry runs under way as it takes.", "Try again after `Retry-After`.", streamed},
	{"http_version", []int{505}, "The answer is a stream, which HTTP/1.0 has not.", "Send the request over HTTP/1.1.", streamed},
	{"shutting_down", []int{503}, "The service is being stopped; as the last line of a stream, before the work was done.", "Ask again, or another one.", special},
}

// failures gives the codes that the call can answer with, by status.
func (o *Operation) failures() map[int][]string {
	all := map[int][]string{}
	for _, c := range codes {
		if !o.failsIn(c.group) && !slices.Contains(o.Fails, c.Code) {
			continue
		}
		for _, status := range c.Statuses {
			if status == 412 && !o.Guarded {
				continue
			}
			all[status] = append(all[status], c.Code)
		}
	}
	for _, list := range all {
		slices.Sort(list)
	}
	return all
}

func (o *Operation) failsIn(g group) bool {
	switch g {
	case always:
		return true
	case guarded:
		return o.Role != "public"
	case changes:
		return o.Role == "write"
	case bodies:
		return o.Takes != ""
	case stored:
		return o.Role != "public"
	case guards:
		return o.Guarded
	case byUUID:
		return strings.Contains(o.Path, "{uuid}")
	case byURN:
		return strings.Contains(o.Path, "{urn}")
	case streamed:
		return o.Lines
	}
	return false
}

// statusDocs say what a status means here.
var statusDocs = map[int]string{
	200: "Done",
	201: "Created",
	204: "Deleted",
	304: "Not changed since the version that the caller has",
	400: "The request is wrong",
	401: "No token, or one that is not known",
	403: "Not allowed",
	404: "Not there",
	408: "The request took too long",
	409: "In conflict with what is stored",
	412: "Changed meanwhile",
	413: "Too large",
	415: "A body that is not JSON in UTF-8",
	422: "The template has errors",
	429: "Too many requests",
	431: "Headers too large",
	500: "A fault of the service",
	503: "Not now",
	504: "The store took too long",
	505: "Another version of HTTP is needed",
}
