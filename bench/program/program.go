// Package program builds flowexpr and runs it as a service, for tests that take processes away from their clients.
//
//	path, err := program.Build(t.TempDir())
//	service := program.Serve(t, path, "--redis", redis.URL())
//	base, _ := service.Where() // http://127.0.0.1:41234
//	service.Kill()
//	service.Start()
//
// A service listens on a free loopback port, another one after each start, and ends with the test.
package program

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience bounds how long a service may take to start or to stop: the machine may be busy.
const patience = 2 * time.Minute

const module = "github.com/flowexpr/flowexpr"

// Build compiles the program into a folder and gives its path.
func Build(folder string) (string, error) {
	root, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", module).Output()
	if err != nil {
		return "", fmt.Errorf("where is %s: %w", module, err)
	}
	path := filepath.Join(folder, "flowexpr")
	build := exec.Command("go", "build", "-o", path, "./cmd/flowexpr")
	build.Dir = strings.TrimSpace(string(root))
	if output, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, output)
	}
	return path, nil
}

// Service is a flowexpr process that serves.
type Service struct {
	t    testing.TB
	path string
	args []string

	mu   sync.Mutex
	cmd  *exec.Cmd // nil: it does not run
	said *output
	base string
	life int
}

// Serve runs the program at path as a service; args are further ones, such as those that choose the store.
func Serve(t testing.TB, path string, args ...string) *Service {
	t.Helper()
	s := &Service{t: t, path: path, args: append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)}
	t.Cleanup(s.Kill)
	s.Start()
	return s
}

// Start runs the service again, and returns when it listens.
func (s *Service) Start() {
	s.t.Helper()
	said := &output{address: make(chan string, 1)}
	cmd := exec.Command(s.path, s.args...)
	cmd.Stderr = said
	if err := cmd.Start(); err != nil {
		s.t.Errorf("the service did not start: %v", err)
		return
	}
	select {
	case base := <-said.address:
		s.mu.Lock()
		defer s.mu.Unlock()
		s.cmd, s.said, s.base = cmd, said, base
		s.life++
	case <-time.After(patience):
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		s.t.Errorf("the service did not start:\n%s", said)
	}
}

// Where gives the service's URL, "" while it does not run, and how often it was started.
func (s *Service) Where() (base string, life int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.base, s.life
}

// Kill ends the process as a crash would.
func (s *Service) Kill() {
	if cmd, _ := s.gone(); cmd != nil {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}
}

// Stop asks the process to end, and gives the error of an end that was not orderly. Clients call it until it has ended.
func (s *Service) Stop() error {
	s.mu.Lock()
	cmd := s.cmd
	s.mu.Unlock()
	if cmd == nil {
		return nil
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	timer := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
	defer timer.Stop()
	err := cmd.Wait()
	if _, said := s.gone(); err != nil {
		return fmt.Errorf("%w\n%s", err, said)
	}
	return nil
}

// gone notes that the service does not run any more.
func (s *Service) gone() (*exec.Cmd, *output) {
	s.mu.Lock()
	defer s.mu.Unlock()
	cmd, said := s.cmd, s.said
	s.cmd, s.base = nil, ""
	return cmd, said
}

// Said gives the end of what the running service wrote to standard error.
func (s *Service) Said() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.said.String()
}

// keptOutput is how much is kept of what a service says, in bytes.
const keptOutput = 16 << 10

// output is a service's standard error.
type output struct {
	mu      sync.Mutex
	kept    []byte
	address chan string // gets the service's URL, once
	told    bool
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.kept = append(o.kept, p...)
	if len(o.kept) > 2*keptOutput {
		o.kept = append(o.kept[:0], o.kept[len(o.kept)-keptOutput:]...)
	}
	if o.told {
		return len(p), nil
	}
	if _, rest, ok := strings.Cut(string(o.kept), "flowexpr serves "); ok && strings.ContainsRune(rest, ' ') {
		o.address <- strings.Fields(rest)[0]
		o.told = true
	}
	return len(p), nil
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return string(o.kept)
}
