package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/flowexpr/flowexpr/bench/corpus"
)

// process is a server that runs beside this one.
type process struct {
	address string
	command *exec.Cmd
}

// start builds and starts all servers. The function that it gives stops those that were started.
func start(ctx context.Context, folder string, o options) (subjects []*subject, stop func(), err error) {
	var running []*process
	stop = func() {
		for _, p := range running {
			_ = p.command.Process.Kill()
			_ = p.command.Wait()
		}
	}
	serve := func(listening string, program string, args ...string) (*process, error) {
		p, err := launch(ctx, listening, filepath.Join(folder, program), args...)
		if err == nil {
			running = append(running, p)
		}
		return p, err
	}
	for _, source := range []string{"cmd/flowexpr", "bench/mock"} {
		build := exec.CommandContext(ctx, "go", "build", "-o", folder, "github.com/flowexpr/flowexpr/"+source)
		build.Stderr = os.Stderr
		if err := build.Run(); err != nil {
			return nil, stop, fmt.Errorf("build %s: %w", source, err)
		}
	}
	contacts := filepath.Join(folder, "contacts.jsonl")
	if err := write(contacts, o.contacts); err != nil {
		return nil, stop, err
	}
	redis, err := launchRedis(ctx, folder)
	if err != nil {
		return nil, stop, err
	}
	running = append(running, redis)
	number := strconv.Itoa(o.contacts)
	stores := [][]string{{"--data", filepath.Join(folder, "data")}, {"--redis", "redis://" + redis.address + "/0"}}
	var like *subject
	for i, store := range stores {
		load := exec.CommandContext(ctx, filepath.Join(folder, "flowexpr"), append([]string{"import", contacts}, store...)...)
		if output, err := load.CombinedOutput(); err != nil {
			return nil, stop, fmt.Errorf("import: %w\n%s", err, output)
		}
		mocked := []string{"-contacts", number}
		names := []string{"mock, contacts in a map: the ceiling", "**flowexpr**, embedded store"}
		if i == 1 {
			mocked = append(mocked, "-redis", redis.address)
			names = []string{"mock, a go-redis GET for each request", "**flowexpr**, a read of Redis for each request"}
		}
		address := freeAddress()
		ceiling, err := serve(address, "mock", append(mocked, "-listen", address)...)
		if err != nil {
			return nil, stop, err
		}
		like = newSubject(names[0], nil, ceiling, o.callers)
		address = freeAddress()
		ours, err := serve(address, "flowexpr", append([]string{"serve", "--listen", address}, store...)...)
		if err != nil {
			return nil, stop, err
		}
		subjects = append(subjects, like, newSubject(names[1], like, ours, o.callers))
	}
	return subjects, stop, nil
}

// launch starts a program and waits until it listens.
func launch(ctx context.Context, address, program string, args ...string) (*process, error) {
	command := exec.CommandContext(ctx, program, args...)
	var said bytes.Buffer
	command.Stderr = &said
	if err := command.Start(); err != nil {
		return nil, err
	}
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if connection, err := net.Dial("tcp", address); err == nil {
			return &process{address, command}, connection.Close()
		}
	}
	_ = command.Process.Kill()
	_ = command.Wait()
	return nil, fmt.Errorf("%s does not listen on %s: %s", filepath.Base(program), address, said.String())
}

func launchRedis(ctx context.Context, folder string) (*process, error) {
	program, err := exec.LookPath("redis-server")
	if err != nil {
		return nil, fmt.Errorf("%w (install redis-server)", err)
	}
	address := freeAddress()
	_, port, _ := net.SplitHostPort(address)
	return launch(ctx, address, program, "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder)
}

// freeAddress gives an address on which nobody listens.
func freeAddress() string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "127.0.0.1:0"
	}
	defer listener.Close()
	return listener.Addr().String()
}

// write makes a file of regular contacts.
func write(name string, contacts int) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	defer file.Close()
	out := bufio.NewWriter(file)
	for i := range contacts {
		_, _ = out.Write(append(bytes.ReplaceAll(corpus.Regular(i), []byte("\n"), nil), '\n')) // Flush gives the error
	}
	return out.Flush()
}

// ticks are the units of CPU time in /proc: USER_HZ, 100 on every Linux.
const ticks = time.Second / 100

// cpuTime is what the process has used, in user and in kernel mode; see proc(5).
func (p *process) cpuTime() (time.Duration, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.command.Process.Pid))
	if err != nil {
		return 0, fmt.Errorf("CPU time of a process is read from /proc, as on Linux: %w", err)
	}
	_, rest, _ := strings.Cut(string(stat), ") ") // the name may hold spaces
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0, fmt.Errorf("/proc/PID/stat: got %d fields", len(fields))
	}
	user, err := strconv.Atoi(fields[11])
	if err != nil {
		return 0, err
	}
	system, err := strconv.Atoi(fields[12])
	return time.Duration(user+system) * ticks, err
}
