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
		s.signal(syscall.SIGKILL)
		_ = cmd.Wait()
		s.cmd = nil
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
		if state(s.cmd.Process.Pid) == "Z" {
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
	s.signal(syscall.SIGSTOP)
}

// Thaw lets the processes go on.
func (s *Server) Thaw() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.signal(syscall.SIGCONT)
}

// end sends sig and waits until the server has ended.
func (s *Server) end(sig syscall.Signal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cmd == nil {
		return
	}
	if sig == syscall.SIGKILL {
		s.signal(sig)
	} else {
		_ = s.cmd.Process.Signal(sig) // it tells the others
	}
	_ = s.cmd.Wait()
	s.cmd = nil
}

// signal sends sig to the first process and to those it has started, the one for each connection among them.
func (s *Server) signal(sig syscall.Signal) {
	if s.cmd == nil {
		return
	}
	first := s.cmd.Process.Pid
	_ = syscall.Kill(first, sig) // the first one first: it would mend what happens to the others
	for _, pid := range children(first) {
		_ = syscall.Kill(pid, sig)
	}
}

// children are the processes that a process has started, where the system lists processes in /proc. Elsewhere there is
// none: PostgreSQL's end by themselves once the first one is killed, and Freeze stops new connections only.
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

// state is the letter of a process's state, "Z" for one that has ended and was not waited for.
func state(pid int) string {
	if fields := stat(pid); len(fields) > 0 {
		return fields[0]
	}
	return ""
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
