package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// documentPatience bounds the wait for one command of a page; go run may have to compile.
const documentPatience = 5 * time.Minute

// documentMachine has what the shells of all pages share: the programs.
type documentMachine struct {
	repository  string
	programs    string // folder
	environment []string
}

func newDocumentMachine(t *testing.T) *documentMachine {
	t.Helper()
	repository, err := filepath.Abs("../..")
	require.NoError(t, err)
	m := &documentMachine{repository: repository, programs: publicFolder(t)}
	executable, err := os.Executable()
	require.NoError(t, err)
	m.copyProgram(t, executable, "flowexpr") // TestMain knows it by this name
	for _, name := range []string{"prometheus", "promtool"} {
		m.copyProgram(t, prometheusProgram(t, name), name)
	}
	goProgram, err := exec.LookPath("go")
	require.NoError(t, err)
	// The reader runs go in the clone; this folder is none, so the files are named in full and go is run there.
	script := fmt.Sprintf("#!/bin/bash\nfor a; do shift; [ ! -f \"$a\" ] || a=$PWD/$a; set -- \"$@\" \"$a\"; done\ncd %q && exec %q \"$@\"\n", repository, goProgram)
	require.NoError(t, os.WriteFile(filepath.Join(m.programs, "go"), []byte(script), 0o755))
	for _, name := range []string{"GOCACHE", "GOMODCACHE"} { // HOME will be another one
		value, err := exec.Command(goProgram, "env", name).Output()
		require.NoError(t, err)
		m.environment = append(m.environment, name+"="+strings.TrimSpace(string(value)))
	}
	return m
}

// copyProgram puts a program where other users find it.
func (m *documentMachine) copyProgram(t *testing.T, path, name string) {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(m.programs, name), data, 0o755))
}

// publicFolder is a folder that other users can look into; those of testing.T are not.
func publicFolder(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "documents")
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	require.NoError(t, os.Chmod(folder, 0o755))
	return folder
}

// documentShell is a shell that goes through a page. It is the first process of its own namespace: when it is killed,
// so is all that it started, and it ends with its standard input.
type documentShell struct {
	folder   string // where it is
	commands io.Writer
	statuses chan string // of ended commands; closed when the shell has ended
	output   string      // file of what the last command prints
	ran      int
}

// shell starts a shell in a folder that looks like a clone. As root, an unprivileged one is another user's.
func (m *documentMachine) shell(t *testing.T, unprivileged bool) *documentShell {
	t.Helper()
	home := publicFolder(t)
	s := &documentShell{folder: filepath.Join(home, "flowexpr"), statuses: make(chan string, 1)}
	require.NoError(t, os.Mkdir(s.folder, 0o755))
	for _, name := range []string{"docs", "bench"} {
		require.NoError(t, os.Symlink(filepath.Join(m.repository, name), filepath.Join(s.folder, name)))
	}
	require.NoError(t, os.WriteFile(filepath.Join(s.folder, "jane.json"), demoLines(t)[0], 0o644))

	root := os.Geteuid() == 0
	command := exec.Command("bash")
	attributes := &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET | syscall.CLONE_NEWPID}
	if !root {
		attributes.Cloneflags |= syscall.CLONE_NEWUSER
		attributes.UidMappings = []syscall.SysProcIDMap{{ContainerID: os.Getuid(), HostID: os.Getuid(), Size: 1}}
		attributes.GidMappings = []syscall.SysProcIDMap{{ContainerID: os.Getgid(), HostID: os.Getgid(), Size: 1}}
		attributes.AmbientCaps = []uintptr{12} // CAP_NET_ADMIN, for the loopback
	}
	command.SysProcAttr = attributes
	command.Dir = s.folder
	command.Env = append([]string{
		"HOME=" + home, "PATH=" + m.programs + ":" + os.Getenv("PATH") + ":/usr/sbin:/sbin", "LC_ALL=C.UTF-8", "TZ=UTC", "NO_COLOR=1",
		"GOPATH=" + filepath.Join(home, "go"), "GOFLAGS=-buildvcs=false",
	}, m.environment...)
	commands, err := command.StdinPipe()
	require.NoError(t, err)
	s.commands = commands
	reader, writer, err := os.Pipe()
	require.NoError(t, err)
	command.ExtraFiles = []*os.File{writer}
	log, err := os.Create(filepath.Join(home, "shell.log"))
	require.NoError(t, err)
	command.Stdout, command.Stderr = log, log
	require.NoError(t, command.Start(), "pages are run in a network namespace, which root may make, and others where the system lets them")
	require.NoError(t, writer.Close())
	require.NoError(t, log.Close())
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
		_ = reader.Close()
	})
	go func() {
		defer close(s.statuses)
		for lines := bufio.NewScanner(reader); lines.Scan(); {
			s.statuses <- lines.Text()
		}
	}()

	s.run(t, documentStep{text: "ip link set lo up"})
	if unprivileged && root {
		s.become(t, home)
	}
	return s
}

// become makes the shell that of a user who is not root.
func (s *documentShell) become(t *testing.T, home string) {
	t.Helper()
	account, err := user.Lookup("nobody")
	require.NoError(t, err)
	uid, err := strconv.Atoi(account.Uid)
	require.NoError(t, err)
	gid, err := strconv.Atoi(account.Gid)
	require.NoError(t, err)
	for _, path := range []string{home, s.folder} {
		require.NoError(t, os.Chown(path, uid, gid))
	}
	_, err = fmt.Fprintf(s.commands, "exec setpriv --reuid=%d --regid=%d --clear-groups bash\n", uid, gid)
	require.NoError(t, err)
}

// lineComment is a comment behind a command, as the pages write them.
var lineComment = regexp.MustCompile(`  +# .*$`)

// run does one step.
func (s *documentShell) run(t *testing.T, step documentStep) {
	t.Helper()
	if step.file != "" {
		path := filepath.Join(s.folder, step.file)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(step.text), 0o644))
		return
	}
	command := strings.TrimSpace(lineComment.ReplaceAllString(step.text, ""))
	if strings.Contains(command, "flowexpr serve") && !strings.HasSuffix(command, "&") && !step.refuses() {
		command += " &"
		if !step.shown {
			step.want, step.shown = "flowexpr serves …\n…", true
		}
	}
	s.ran++
	s.output = filepath.Join(filepath.Dir(s.folder), fmt.Sprintf("output.%d", s.ran))
	require.NoError(t, os.WriteFile(s.output, nil, 0o666))
	require.NoError(t, os.Chmod(s.output, 0o666))
	_, err := fmt.Fprintf(s.commands, "{ %s\n} >%s 2>&1 </dev/null 3>&-\necho $? >&3\n", command, s.output)
	require.NoError(t, err, "the shell has ended")
	select {
	case status, running := <-s.statuses:
		require.True(t, running, "the shell has ended at: %s\n%s", step.text, s.printed(t))
		if !step.shown {
			require.Equal(t, "0", status, "%s\n%s", step.text, s.printed(t))
			return
		}
	case <-time.After(documentPatience):
		require.Fail(t, "no end of: "+step.text, s.printed(t))
	}
	s.compare(t, step, strings.HasSuffix(command, "&"))
}

// refuses says whether the page shows that a service does not start.
func (step documentStep) refuses() bool { return strings.HasPrefix(step.want, "flowexpr: ") }

// compare looks for what the page shows; a command in the background may take its time.
func (s *documentShell) compare(t *testing.T, step documentStep, background bool) {
	t.Helper()
	pattern := outputPattern(step.want, step.figures)
	for deadline := time.Now().Add(documentPatience); ; time.Sleep(20 * time.Millisecond) {
		printed := s.printed(t)
		printed = strings.TrimRight(printed, "\n") + "\n" // answers of curl end without, others with several
		if pattern.MatchString(printed) {
			return
		}
		if !background || time.Now().After(deadline) {
			require.Equal(t, step.want+"\n", printed, step.text)
		}
	}
}

func (s *documentShell) printed(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(s.output)
	require.NoError(t, err)
	return string(data)
}
