package faults

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// program is the path of the built flowexpr.
var program string

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
	program = filepath.Join(folder, "flowexpr")
	build := exec.Command("go", "build", "-o", program, "./cmd/flowexpr")
	build.Dir = filepath.Join("..", "..")
	if output, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%v\n%s", err, output)
		return 1
	}
	return m.Run()
}

// service is a flowexpr process that serves.
type service struct {
	t    *testing.T
	args []string

	mu   sync.Mutex
	cmd  *exec.Cmd
	base string // URL, "" = it does not run
	life int    // counts its starts
}

// serve starts a service with the store that args choose.
func serve(t *testing.T, args ...string) *service {
	t.Helper()
	s := &service{t: t, args: append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)}
	s.start()
	t.Cleanup(s.kill)
	return s
}

func (s *service) start() {
	s.mu.Lock()
	defer s.mu.Unlock()
	cmd := exec.Command(program, s.args...)
	stderr, err := cmd.StderrPipe()
	require.NoError(s.t, err)
	require.NoError(s.t, cmd.Start())
	said := make(chan string, 1)
	go func() {
		var before strings.Builder
		lines := bufio.NewScanner(stderr)
		for lines.Scan() {
			if _, rest, ok := strings.Cut(lines.Text(), "flowexpr serves "); ok {
				said <- strings.Fields(rest)[0]
				_, _ = io.Copy(io.Discard, stderr)
				return
			}
			before.WriteString(lines.Text() + "\n")
		}
		said <- "it ended: " + before.String()
	}()
	select {
	case base := <-said:
		require.Contains(s.t, base, "http://127.0.0.1")
		s.cmd, s.base = cmd, base
		s.life++
	case <-time.After(patience):
		require.Fail(s.t, "the service did not start")
	}
}

// kill ends the process as a crash would.
func (s *service) kill() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cmd != nil {
		_ = s.cmd.Process.Kill()
		_ = s.cmd.Wait()
		s.cmd, s.base = nil, ""
	}
}

func (s *service) where() (base string, life int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.base, s.life
}

// patience bounds waits for what other processes do.
const patience = 2 * time.Minute

var client = &http.Client{Timeout: 20 * time.Second}

// call makes one call; status is 0 where there was no answer.
func (s *service) call(method, path string, body any) (status int, answer []byte) {
	base, _ := s.where()
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
