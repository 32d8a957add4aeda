package pgtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// run starts the server and waits until it answers.
func (s *Server) run() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	log, err := os.Create(s.logFile())
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := s.command("postgres", s.arguments()...)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return err
	}
	s.cmd = cmd
	if err := s.await(); err != nil {
		s.kill()
		return err
	}
	return nil
}

func (s *Server) arguments() []string {
	args := []string{"-D", s.data(), "-p", strconv.Itoa(s.port), "-h", "127.0.0.1"}
	for _, setting := range append([]string{"unix_socket_directories=", "fsync=off", "full_page_writes=off"}, s.settings...) {
		args = append(args, "-c", setting)
	}
	return args
}

// await returns once the server takes connections. It fails at once when the process has ended.
func (s *Server) await() error {
	for deadline := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		err := ping(s.DSN("postgres"))
		if err == nil || time.Now().After(deadline) {
			return err
		}
		if gone(s.cmd.Process.Pid) {
			return errors.New("it ended at once")
		}
	}
}

func ping(dsn string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

func (s *Server) logFile() string { return filepath.Join(s.folder, "log") }

// log is what the server said since it was started last.
func (s *Server) log() string {
	text, err := os.ReadFile(s.logFile())
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// Freeze stops all processes without closing their connections: they accept and never answer.
func (s *Server) Freeze() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.freeze()
}

// Thaw lets the processes go on.
func (s *Server) Thaw() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, pid := range s.processes() {
		_ = syscall.Kill(pid, syscall.SIGCONT)
	}
}

// Stop shuts the server down in an orderly way, which breaks the connections there are.
func (s *Server) Stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cmd != nil {
		_ = s.cmd.Process.Signal(syscall.SIGINT) // it tells the others
		s.wait()
	}
}

// Kill ends all processes at once, as a crash would.
func (s *Server) Kill() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kill()
}

func (s *Server) kill() {
	s.freeze() // nobody starts another one, or tells the others, while they are killed
	killed := s.processes()
	for _, pid := range killed {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
	s.wait()
	for _, pid := range killed { // the files are in use until the last one has gone
		for deadline := time.Now().Add(patience); !gone(pid) && time.Now().Before(deadline); {
			time.Sleep(time.Millisecond)
		}
	}
}

func (s *Server) freeze() {
	if s.cmd != nil {
		_ = s.cmd.Process.Signal(syscall.SIGSTOP) // first, so that it starts no other
	}
	for _, pid := range s.processes() {
		_ = syscall.Kill(pid, syscall.SIGSTOP)
	}
}

// wait waits for the first process to end.
func (s *Server) wait() {
	if s.cmd != nil {
		_ = s.cmd.Wait()
		s.cmd = nil
	}
}

// processes are the first process and those that it has started, the one for each connection among them; none when the
// server does not run.
func (s *Server) processes() []int {
	if s.cmd == nil {
		return nil
	}
	first := s.cmd.Process.Pid
	return append(children(first), first)
}

// children are the processes that a process has started. They are looked up in /proc, which Linux has.
func children(parent int) []int {
	folders, _ := filepath.Glob("/proc/[0-9]*")
	var all []int
	for _, folder := range folders {
		pid, err := strconv.Atoi(filepath.Base(folder))
		if fields := stat(pid); err == nil && len(fields) > 1 && fields[1] == strconv.Itoa(parent) {
			all = append(all, pid)
		}
	}
	return all
}

// gone reports whether a process has ended, also where nobody has waited for it yet.
func gone(pid int) bool {
	fields := stat(pid)
	return len(fields) == 0 || fields[0] == "Z"
}

// stat gives what /proc says of a process from its state on: state, parent and so on.
func stat(pid int) []string {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return nil
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	return strings.Fields(rest)
}
