package soak

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"syscall"
	"time"

	"github.com/flowexpr/flowexpr/bench/program"
)

// client makes the calls of one worker, over connections of its own.
type client struct {
	service     *program.Service
	http        *http.Client
	write, read string // tokens of its workspace
}

// answerTime is what a call may take: more than --request-timeout, so that the service knows first.
const answerTime = 30 * time.Second

func newClient(service *program.Service, workspace string) *client {
	return &client{service, &http.Client{Transport: &http.Transport{}, Timeout: answerTime}, workspace + "-write", workspace + "-read"}
}

// answer is what came back; its status is 0 where nothing did, or not all.
type answer struct {
	unsent bool // there was nobody to send it to
	status int
	etag   string
	body   []byte
}

// silent reports whether a call was not answered, or not by the store.
func (a answer) silent() bool { return a.status == 0 || a.status == 503 || a.status == 504 }

func (a answer) String() string { return fmt.Sprintf("%d %.500s", a.status, a.body) }

// call makes a call. Headers are pairs of name and value.
func (c *client) call(token, method, path string, body any, headers ...string) answer {
	base, _ := c.service.Where()
	if base == "" {
		return answer{unsent: true}
	}
	var data []byte
	if body != nil {
		var err error
		if data, err = json.Marshal(body); err != nil {
			return answer{}
		}
	}
	request, err := http.NewRequest(method, base+path, bytes.NewReader(data))
	if err != nil {
		return answer{}
	}
	request.Header.Set("Authorization", "Bearer "+token)
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := c.http.Do(request)
	if err != nil {
		return answer{unsent: errors.Is(err, syscall.ECONNREFUSED)}
	}
	defer response.Body.Close()
	data, err = io.ReadAll(response.Body)
	if err != nil {
		return answer{}
	}
	return answer{status: response.StatusCode, etag: response.Header.Get("ETag"), body: data}
}

// reading is a token that may read.
func (c *client) reading() string {
	if rand.N(2) == 0 {
		return c.read
	}
	return c.write
}

// seen is a contact as answers show it.
type seen struct {
	UUID     string         `json:"uuid"`
	Name     string         `json:"name"`
	LastSeen *time.Time     `json:"last_seen_on"`
	URNs     []string       `json:"urns"`
	Fields   map[string]any `json:"fields"`
}

// differs says how an answer differs from what a contact should be, "" where it does not.
func (c *contact) differs(want state, a answer, got seen) string {
	switch {
	case got.UUID != c.uuid():
		return "another contact"
	case fmt.Sprint(got.Fields) != fmt.Sprintf("map[home:%s n:%d]", c.workspace, c.n):
		return "the fields of another contact"
	case a.etag != fmt.Sprintf("%q", fmt.Sprint(want.version)):
		return fmt.Sprintf("version %s, want %d", a.etag, want.version)
	case got.Name != want.name:
		return fmt.Sprintf("name %q, want %q", got.Name, want.name)
	case strings.Join(got.URNs, " ") != strings.Join(want.urns(), " "):
		return fmt.Sprintf("connections %s, want %s", got.URNs, want.urns())
	case (got.LastSeen == nil) != (want.seen == 0), got.LastSeen != nil && got.LastSeen.UnixMicro() != want.seen:
		return fmt.Sprintf("last seen on %s, want %d µs", got.LastSeen, want.seen)
	}
	return ""
}

// decode reads a contact from an answer that is one, or has one.
func decode(a answer) (seen, error) {
	var body struct {
		seen
		Contact *seen `json:"contact"`
	}
	err := json.Unmarshal(a.body, &body)
	if body.Contact != nil {
		return *body.Contact, err
	}
	return body.seen, err
}

// body is the contact as it is put.
func (c *contact) body(s state) map[string]any {
	return map[string]any{"name": s.name, "urns": s.urns(), "fields": map[string]any{"n": c.n, "home": c.workspace}}
}
