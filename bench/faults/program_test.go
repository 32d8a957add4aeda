package faults

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/flowexpr/flowexpr/bench/program"
)

// built is the path of the program.
var built string

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	folder, err := os.MkdirTemp("", "faults")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(folder)
	if built, err = program.Build(folder); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// service is a flowexpr process that serves.
type service struct{ *program.Service }

// serve starts a service with the store that args choose.
func serve(t *testing.T, args ...string) *service {
	t.Helper()
	return &service{program.Serve(t, built, args...)}
}

// patience bounds waits for what other processes do.
const patience = 2 * time.Minute

var client = &http.Client{Timeout: 20 * time.Second}

// call makes one call; status is 0 where there was no answer.
func (s *service) call(method, path string, body any) (status int, answer []byte) {
	base, _ := s.Where()
	if base == "" {
		return 0, nil
	}
	data, err := json.Marshal(body)
	if err != nil {
		return 0, nil
	}
	request, err := http.NewRequest(method, base+path, bytes.NewReader(data))
	if err != nil {
		return 0, nil
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := client.Do(request)
	if err != nil {
		return 0, nil
	}
	defer response.Body.Close()
	if answer, err = io.ReadAll(response.Body); err != nil {
		return 0, nil
	}
	return response.StatusCode, withVersion(answer, response.Header.Get("ETag"))
}

// withVersion adds the version that the ETag tells, as the first member.
func withVersion(answer []byte, etag string) []byte {
	if version := strings.Trim(etag, `"`); version != "" && len(answer) > 2 && answer[0] == '{' {
		return append([]byte(`{"etag":`+version+`,`), answer[1:]...)
	}
	return answer
}
