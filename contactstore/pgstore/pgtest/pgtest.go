// Package pgtest runs a real PostgreSQL for tests.
//
//	server := pgtest.Start(t)
//	store, err := pgstore.Open(ctx, server.Database(), pgstore.Options{})
//
// The server listens on a free loopback port, keeps its files in a folder of
// its own and ends with the test. It takes the programs of the PATH or of
// Debian's folders. PostgreSQL refuses to run as root, so root runs it as
// another user. Stop, Kill, Freeze and Restart play the failures a store must
// live with, on Linux.
package pgtest

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	// patience bounds the wait for a server to answer after it was started.
	patience = 30 * time.Second
	// User owns the databases and needs no password; all others need one.
	User = "flowexpr"
)

// Server is one PostgreSQL on one loopback port.
type Server struct {
	t         testing.TB
	programs  string // folder
	folder    string
	account   *syscall.Credential // who runs it, nil = this user
	port      int
	settings  []string
	databases atomic.Int64

	mu  sync.Mutex
	cmd *exec.Cmd
}

// Start runs a server and waits until it answers. Settings are those of postgresql.conf, such as "fsync=on"; what a
// crash of the machine could lose is not waited for unless they say so. The test fails where PostgreSQL is not installed.
func Start(t testing.TB, settings ...string) *Server {
	t.Helper()
	s := &Server{t: t, settings: settings}
	var err error
	if s.programs, err = findPrograms(); err != nil {
		t.Fatal(err)
	}
	if s.account, err = account(); err != nil {
		t.Fatal(err)
	}
	s.makeFolder()
	t.Cleanup(s.Kill)
	s.initialize()
	for try := 0; ; try++ {
		s.port = freePort(t)
		err := s.run()
		if err == nil {
			return s
		}
		if try == 2 { // another process may take the port between looking and listening
			t.Fatalf("postgres did not start: %v\n%s", err, s.log())
		}
	}
}

// Addr is where the server listens, host:port.
func (s *Server) Addr() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port)) }

// Database makes a new, empty database and gives its DSN.
func (s *Server) Database() string {
	s.t.Helper()
	name := fmt.Sprintf("test%d", s.databases.Add(1))
	s.Exec(s.DSN("postgres"), "create database "+name)
	return s.DSN(name)
}

// DSN is the address of a database as pgstore.Open takes it.
func (s *Server) DSN(database string) string {
	return (&url.URL{Scheme: "postgres", User: url.User(User), Host: s.Addr(), Path: database, RawQuery: "sslmode=disable"}).String()
}

// Exec runs statements in a database, past any store.
func (s *Server) Exec(dsn, statements string) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		s.t.Fatal(err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, statements); err != nil {
		s.t.Fatalf("%s: %v", statements, err)
	}
}

// Restart runs the server again, on the same port and with the same files. One that still runs is killed before.
func (s *Server) Restart() {
	s.t.Helper()
	s.Kill()
	if err := s.run(); err != nil {
		s.t.Fatalf("postgres did not restart: %v\n%s", err, s.log())
	}
}

// makeFolder makes a folder that whoever runs the server owns; those of testing.TB belong to this user.
func (s *Server) makeFolder() {
	s.t.Helper()
	folder, err := os.MkdirTemp("", "pgtest")
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		if err := os.RemoveAll(folder); err != nil {
			s.t.Error(err)
		}
	})
	if s.account != nil {
		if err := os.Chown(folder, int(s.account.Uid), int(s.account.Gid)); err != nil {
			s.t.Fatal(err)
		}
	}
	s.folder = folder
}

func (s *Server) data() string { return filepath.Join(s.folder, "data") }

// access lets User in without a password, and others with theirs.
const access = `host all ` + User + ` 127.0.0.1/32 trust
host all all 127.0.0.1/32 scram-sha-256
`

// initialize makes the files of an empty server.
func (s *Server) initialize() {
	s.t.Helper()
	initdb := s.command("initdb", "--pgdata", s.data(), "--username", User, "--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync")
	if output, err := initdb.CombinedOutput(); err != nil {
		s.t.Fatalf("initdb: %v\n%s", err, output)
	}
	if err := os.WriteFile(filepath.Join(s.data(), "pg_hba.conf"), []byte(access), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// command is a program of PostgreSQL, run in the server's folder and by its user.
func (s *Server) command(program string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(s.programs, program), args...)
	cmd.Dir = s.folder
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: s.account}
	return cmd
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
