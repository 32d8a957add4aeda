package server_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/server"
)

var update = flag.Bool("update", false, "write the answers into testdata/*.http instead of comparing them")

// shownHeaders are the headers of answers that the golden files show.
var shownHeaders = []string{"Allow", "ETag", "Location", "Retry-After", "WWW-Authenticate"}

// goldenOptions configure the servers of some golden files.
var goldenOptions = map[string]func(*server.Options){
	"auth.http": func(o *server.Options) {
		o.Tokens = []server.Token{
			{Token: "reader", Workspace: "default", Role: "read"}, {Token: "writer", Workspace: "default", Role: "write"},
			{Token: "other", Workspace: "other", Role: "write"},
		}
	},
	"batch.http": func(o *server.Options) { o.MaxBatchContacts, o.MaxBatchTemplates = 5, 3 },
	"list.http":  func(o *server.Options) { o.MaxScan, o.MaxListLimit = 2, 3 },
}

// Each testdata/*.http is a conversation with a fresh server: blocks of a title (###), the request as it is sent, ---
// and the answer: status, headers worth seeing, body.
func TestConversations(t *testing.T) {
	files, err := filepath.Glob("testdata/*.http")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			want, got := start(t, goldenOptions[filepath.Base(file)]).conversation(t, file)
			if *update {
				require.NoError(t, os.WriteFile(file, []byte(got), 0o600))
				return
			}
			assert.Equal(t, want, got)
		})
	}
}

// conversation sends the requests of a file and gives it as it is, and as the server would have it.
func (s *service) conversation(t *testing.T, file string) (want, got string) {
	t.Helper()
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	var b strings.Builder
	for _, block := range strings.Split(string(data), "### ")[1:] {
		b.WriteString(s.converse(block))
	}
	return string(data), b.String()
}

// converse sends the request of a block and gives the block with the answer.
func (s *service) converse(block string) string {
	s.t.Helper()
	request, _, _ := strings.Cut(block, "\n---\n")
	request = strings.TrimRight(request, "\n")
	title, message, _ := strings.Cut(request, "\n")
	head, body, _ := strings.Cut(message, "\n\n")
	lines := strings.Split(head, "\n")
	method, path, ok := strings.Cut(lines[0], " ")
	require.True(s.t, ok, "%s: got %q, want METHOD PATH", title, lines[0])
	var headers []string
	for _, line := range lines[1:] {
		name, value, _ := strings.Cut(line, ": ")
		headers = append(headers, name, value)
	}
	a := s.do(method, path, body, headers...)
	var out strings.Builder
	fmt.Fprintf(&out, "### %s\n---\n%d\n", request, a.status)
	for _, name := range shownHeaders {
		if value := a.header.Get(name); value != "" {
			fmt.Fprintf(&out, "%s: %s\n", name, value)
		}
	}
	if a.body != "" {
		out.WriteString(a.body + "\n")
	}
	kind := "application/json"
	switch {
	case a.status >= 400:
		kind = "application/problem+json"
	case strings.HasPrefix(path, "/v1/evaluate/batch"), strings.HasPrefix(path, "/v1/dryrun"):
		kind = "application/x-ndjson"
	}
	if a.body != "" || method == "HEAD" {
		assert.Equal(s.t, kind, a.header.Get("Content-Type"), title)
	}
	assert.NotEmpty(s.t, a.header.Get("X-Request-Id"), title)
	return out.String() + "\n"
}

// requestBodies gives the bodies that a conversation sends.
func requestBodies(t testing.TB, file string) (bodies []string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", file))
	require.NoError(t, err)
	for _, block := range strings.Split(string(data), "### ")[1:] {
		request, _, _ := strings.Cut(block, "\n---\n")
		if _, body, ok := strings.Cut(request, "\n\n"); ok {
			bodies = append(bodies, strings.TrimSpace(body))
		}
	}
	return bodies
}
