// Package redistest runs a real redis-server for tests.
//
//	server := redistest.Start(t)
//	store, err := redisstore.Open(ctx, server.URL(), redisstore.Options{})
//
// The server listens on a free loopback port, keeps nothing on disk unless told
// to, and ends with the test. Kill, Freeze and Restart play the failures a store
// must live with.
package redistest

import (
	"bytes"
	"fmt"
	"net"
	"os/exec"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience bounds the wait for a server to answer after it was started.
const patience = time.Minute

// Server is one redis-server process on one loopback port.
type Server struct {
	t      testing.TB
	port   int
	config string // path of a configuration file, "" = none
	folder string
	args   []string

	mu  sync.Mutex
	cmd *exec.Cmd
	log bytes.Buffer
}

// Start runs a server and waits until it answers. Args are further
// redis-server arguments. The test fails where redis-server is not installed.
func Start(t testing.TB, args ...string) *Server {
	t.Helper()
	return start(t, "", append([]string{"--save", "", "--appendonly", "no"}, args...)...)
}

// start runs a server with a configuration file, "" = none.
func start(t testing.TB, config string, args ...string) *Server {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		t.Fatal("this test runs a real redis-server and found none: install the package redis-server")
	}
	s := &Server{t: t, config: config, folder: t.TempDir(), args: args}
	t.Cleanup(s.Kill)
	for try := 0; ; try++ {
		s.port = freePort(t)
		err := s.run()
		if err == nil {
			return s
		}
		if try == 2 { // another process may take the port between looking and listening
			t.Fatalf("redis-server did not start: %v\n%s", err, s.log.String())
		}
	}
}

// Addr is where the server listens, host:port.
func (s *Server) Addr() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port)) }

// Port is the port of Addr.
func (s *Server) Port() int { return s.port }

// URL is the address as redisstore.Open takes it.
func (s *Server) URL() string { return "redis://" + s.Addr() }

// Kill ends the process at once, as a crash would.
func (s *Server) Kill() { s.signal(syscall.SIGKILL) }

// Freeze stops the process without closing its connections: it accepts and never answers.
func (s *Server) Freeze() { s.signal(syscall.SIGSTOP) }

// Thaw lets a frozen process go on.
func (s *Server) Thaw() { s.signal(syscall.SIGCONT) }

// Restart runs the server again on the same port, with what it has on disk.
func (s *Server) Restart() {
	s.t.Helper()
	s.Kill()
	if err := s.run(); err != nil {
		s.t.Fatalf("redis-server did not restart: %v\n%s", err, s.log.String())
	}
}

// signal sends sig to the running process; after SIGKILL it waits for the end.
func (s *Server) signal(sig syscall.Signal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cmd == nil {
		return
	}
	_ = s.cmd.Process.Signal(sig)
	if sig == syscall.SIGKILL {
		_ = s.cmd.Wait()
		s.cmd = nil
	}
}

func (s *Server) run() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log.Reset()
	args := []string{}
	if s.config != "" {
		args = append(args, s.config)
	}
	args = append(args, "--port", strconv.Itoa(s.port), "--bind", "127.0.0.1", "--dir", s.folder, "--loglevel", "warning")
	args = append(args, s.args...)
	s.cmd = exec.Command("redis-server", args...)
	s.cmd.Stdout, s.cmd.Stderr = &s.log, &s.log
	if err := s.cmd.Start(); err != nil {
		s.cmd = nil
		return err
	}
	if err := s.await(); err != nil {
		_ = s.cmd.Process.Kill()
		_ = s.cmd.Wait()
		s.cmd = nil
		return err
	}
	return nil
}

// await returns once the server answers PING.
func (s *Server) await() error {
	deadline := time.Now().Add(patience)
	for {
		err := ping(s.Addr())
		if err == nil || time.Now().After(deadline) {
			return err
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func ping(addr string) error {
	conn, err := net.DialTimeout("tcp", addr, time.Second)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(time.Second)); err != nil {
		return err
	}
	if _, err := conn.Write([]byte("PING\r\n")); err != nil {
		return err
	}
	answer := make([]byte, len("+PONG"))
	if _, err := conn.Read(answer); err != nil {
		return err
	}
	if got := string(answer); got != "+PONG" && got != "-NOAU" { // a server with a password answers as well
		return fmt.Errorf("got %q, want +PONG", got)
	}
	return nil
}

func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}
