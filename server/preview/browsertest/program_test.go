package browsertest

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// repository is the folder of the product's module.
const repository = "../../.."

// binary builds the program once for all tests.
var binary = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "flowexpr-browsertest-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, "flowexpr")
	command := exec.Command("go", "build", "-o", path, "./cmd/flowexpr")
	command.Dir = repository
	if output, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w: %s", err, output)
	}
	return path, nil
})

// program is a running flowexpr.
type program struct {
	t       testing.TB
	address string
	args    []string
	command *exec.Cmd
}

// serve runs the program with the demo workspace until the test ends.
func serve(t testing.TB, args ...string) *program {
	t.Helper()
	return run(t, append([]string{"--demo"}, args...)...)
}

// serveEmpty runs the program with no contacts until the test ends.
func serveEmpty(t *testing.T) *program {
	t.Helper()
	return run(t)
}

func run(t testing.TB, args ...string) *program {
	t.Helper()
	return runIn(t, t.TempDir(), args...)
}

// runIn runs the program with the contacts of a folder.
func runIn(t testing.TB, folder string, args ...string) *program {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p := &program{t: t, address: listener.Addr().String()}
	require.NoError(t, listener.Close())
	p.args = append([]string{"--data", folder, "serve", "--listen", p.address}, args...)
	p.start()
	t.Cleanup(p.stop)
	return p
}

// url is the address of the page.
func (p *program) url() string { return "http://" + p.address + "/" }

// start starts the program and waits until it serves.
func (p *program) start() {
	p.t.Helper()
	path, err := binary()
	require.NoError(p.t, err)
	p.command = exec.Command(path, p.args...)
	stderr, err := p.command.StderrPipe()
	require.NoError(p.t, err)
	require.NoError(p.t, p.command.Start())
	lines := bufio.NewScanner(stderr)
	var said []string
	for lines.Scan() {
		said = append(said, lines.Text())
		if strings.Contains(lines.Text(), "serves http://") {
			go func() {
				for lines.Scan() { // what it says from here on is not looked at, but must not block it
				}
			}()
			return
		}
	}
	require.FailNow(p.t, "the program does not serve", strings.Join(said, "\n"))
}

// stop ends the program, if it runs.
func (p *program) stop() {
	if p.command == nil {
		return
	}
	_ = p.command.Process.Signal(os.Interrupt)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = p.command.Wait() // what it exits with, after an interrupt, is not looked at
	}()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		_ = p.command.Process.Kill()
		<-done
	}
	p.command = nil
}
