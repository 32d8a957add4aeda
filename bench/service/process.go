package main

import (
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
)

// process is a server that runs beside this one.
type process struct {
	address string
	command *exec.Cmd
}

func (p *process) kill() {
	_ = p.command.Process.Kill()
	_ = p.command.Wait() // says that it was killed
}

// machine is where the programs and stores are, and what runs.
type machine struct {
	folder  string
	redis   *process
	running []*process
}

// stop stops everything.
func (m *machine) stop() {
	for _, p := range m.running {
		p.kill()
	}
}

// build compiles programs into the folder.
func (m *machine) build(ctx context.Context, sources ...string) error {
	for _, source := range sources {
		build := exec.CommandContext(ctx, "go", "build", "-o", m.folder, "github.com/flowexpr/flowexpr/"+source)
		build.Stderr = os.Stderr
		if err := build.Run(); err != nil {
			return fmt.Errorf("build %s: %w", source, err)
		}
	}
	return nil
}

// serve starts one of the programs on a free port.
func (m *machine) serve(ctx context.Context, program string, args ...string) (*process, error) {
	address := freeAddress()
	p, err := launch(ctx, address, filepath.Join(m.folder, program), append(args, "--listen", address)...)
	if err != nil {
		return nil, err
	}
	m.running = append(m.running, p)
	return p, nil
}

// startRedis starts a server that keeps nothing on disk.
func (m *machine) startRedis(ctx context.Context) error {
	program, err := exec.LookPath("redis-server")
	if err != nil {
		return fmt.Errorf("%w (install redis-server)", err)
	}
	address := freeAddress()
	_, port, _ := net.SplitHostPort(address)
	if m.redis, err = launch(ctx, address, program, "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", m.folder); err != nil {
		return err
	}
	m.running = append(m.running, m.redis)
	return nil
}

// redisURL is that of one of its databases.
func (m *machine) redisURL(database int) string {
	return fmt.Sprintf("redis://%s/%d", m.redis.address, database)
}

// launch starts a program and waits until it listens.
func launch(ctx context.Context, address, program string, args ...string) (*process, error) {
	command := exec.CommandContext(ctx, program, args...)
	var said bytes.Buffer
	command.Stderr = &said
	if err := command.Start(); err != nil {
		return nil, err
	}
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if connection, err := net.Dial("tcp", address); err == nil {
			return &process{address, command}, connection.Close()
		}
	}
	_ = command.Process.Kill()
	_ = command.Wait()
	return nil, fmt.Errorf("%s does not listen on %s: %s", filepath.Base(program), address, said.String())
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
