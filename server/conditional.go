package server

import (
	"strconv"
	"strings"

	"github.com/valyala/fasthttp"
)

// setVersion says which version of the resource the answer is about.
func (r *request) setVersion(version uint64) {
	r.http.Response.Header.Set(fasthttp.HeaderETag, etag(version))
}

func etag(version uint64) string { return `"` + strconv.FormatUint(version, 10) + `"` }

// notModified sets the version, and answers 304 where the caller has it already.
func (r *request) notModified(version uint64) bool {
	r.setVersion(version)
	if !r.http.IsGet() && !r.http.IsHead() {
		return false
	}
	if !lists(r.http.Request.Header.Peek(fasthttp.HeaderIfNoneMatch), version, true) {
		return false
	}
	r.http.Response.SetStatusCode(fasthttp.StatusNotModified)
	return true
}

// ifMatch holds a change to the version that the caller saw.
func (r *request) ifMatch(version uint64) error {
	header := r.http.Request.Header.Peek(fasthttp.HeaderIfMatch)
	if len(header) == 0 || lists(header, version, false) {
		return nil
	}
	return staleVersion("it has version " + strconv.FormatUint(version, 10) + " now, which is not what If-Match asks for")
}

// expectsVersion reports whether the caller's change is for a version that it saw.
func (r *request) expectsVersion() bool {
	return len(r.http.Request.Header.Peek(fasthttp.HeaderIfMatch)) > 0
}

// createsOnly reports whether the caller wants to create and not to replace: If-None-Match: *.
func (r *request) createsOnly() bool {
	return strings.TrimSpace(string(r.http.Request.Header.Peek(fasthttp.HeaderIfNoneMatch))) == "*"
}

func staleVersion(detail string) *problem {
	return &problem{status: 412, code: "stale_version", detail: detail, hint: "read it again and repeat the change"}
}

// lists reports whether a header of entity tags names a version, or any (`*`). Weak tags count only for reading.
func lists(header []byte, version uint64, weak bool) bool {
	want := etag(version)
	for tag := range strings.SplitSeq(string(header), ",") {
		tag = strings.TrimSpace(tag)
		if weak {
			tag = strings.TrimPrefix(tag, "W/")
		}
		if tag == "*" || tag == want {
			return true
		}
	}
	return false
}
