package main

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore/pgstore/pgtest"
	"github.com/flowexpr/flowexpr/contactstore/redisstore/redistest"
)

// patience bounds how long a test waits for what it expects.
const patience = time.Minute

// serving is flowexpr serve in a process of its own.
type serving struct {
	t       *testing.T
	command *exec.Cmd
	base    string
	client  *http.Client

	mu   sync.Mutex
	said strings.Builder
	done chan struct{} // closed when standard error ended
}

// serveProcess starts the service on a free port and waits until it serves.
func serveProcess(t *testing.T, args ...string) *serving {
	t.Helper()
	s := &serving{t: t, command: process(t, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...), client: &http.Client{}, done: make(chan struct{})}
	pipe, err := s.command.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, s.command.Start())
	t.Cleanup(func() { _ = s.command.Process.Kill() })
	address := make(chan string, 1)
	go func() {
		defer close(s.done)
		serves := regexp.MustCompile(`serves (https?://\S+) `)
		for lines := bufio.NewScanner(pipe); lines.Scan(); {
			s.mu.Lock()
			s.said.WriteString(lines.Text() + "\n")
			s.mu.Unlock()
			if found := serves.FindStringSubmatch(lines.Text()); found != nil {
				address <- found[1]
			}
		}
	}()
	select {
	case s.base = <-address:
	case <-s.done:
		t.Fatal(s.output())
	case <-time.After(patience):
		t.Fatal("does not serve: " + s.output())
	}
	return s
}

func (s *serving) output() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.said.String()
}

// status makes a call with a token and gives its status; 0 when there is no answer.
func (s *serving) status(method, path, body, token string) int {
	s.t.Helper()
	request, err := http.NewRequest(method, s.base+path, strings.NewReader(body))
	require.NoError(s.t, err)
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := s.client.Do(request)
	if err != nil {
		return 0
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body)
	return response.StatusCode
}

// end waits for the process and gives its exit status, -1 where a signal ended it.
func (s *serving) end() int {
	s.t.Helper()
	select {
	case <-s.done:
	case <-time.After(patience):
		s.t.Fatal("does not end: " + s.output())
	}
	_ = s.command.Wait() // the status says it
	return s.command.ProcessState.ExitCode()
}

const readMe = "/v1/access"

// created makes a token and gives its text.
func created(t *testing.T, args ...string) string {
	t.Helper()
	status, out, errs := command(t, "", append([]string{"token", "create"}, args...)...)
	require.Zero(t, status, errs)
	text := strings.TrimSuffix(out, "\n")
	require.Regexp(t, `^fx_[a-z2-7]{52}$`, text)
	return text
}

func TestTokenCommands(t *testing.T) {
	file := filepath.Join(t.TempDir(), "tokens.yaml")
	require.NoError(t, os.WriteFile(file, []byte("- {token: by-hand, workspace: default, role: read}\n"), 0o644))
	text := created(t, "ci", "--role", "write", "--tokens", file)
	info, err := os.Stat(file)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	kept, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.NotContains(t, string(kept), text)
	assert.Contains(t, string(kept), "by-hand", "those that people wrote stay")
	t.Setenv("FLOWEXPR_TOKENS_FILE", file)
	status, out, _ := command(t, "", "token", "list")
	require.Zero(t, status)
	assert.Regexp(t, `(?m)^[0-9a-f]{8}\s+ci\s+default\s+write\s+20`, out)
	status, out, _ = command(t, "", "token", "list", "--json")
	require.Zero(t, status)
	assert.NotContains(t, out, "hash")
	assert.NotContains(t, out, "by-hand")
	status, _, errs := command(t, "", "token", "create", "ci")
	assert.Equal(t, statusFailed, status)
	assert.Contains(t, errs, `there is a token "ci" already`)
	status, _, errs = command(t, "", "token", "revoke", "ci")
	assert.Zero(t, status, errs)
	status, _, errs = command(t, "", "token", "revoke", "ci")
	assert.Equal(t, statusFailed, status)
	assert.Contains(t, errs, `no token has the id or the name "ci"`)
	status, _, errs = command(t, "", "token", "create", "x", "--workspace", "flowexpr:tokens")
	assert.Equal(t, statusFailed, status, errs)
	left, err := filepath.Glob(filepath.Join(filepath.Dir(file), "*"))
	require.NoError(t, err)
	assert.Equal(t, []string{file}, left, "nothing is left behind")
}

func TestTokenCommandsAreMisused(t *testing.T) {
	for want, args := range map[string][]string{
		"where are the tokens?":               {"token", "list"},
		"exclude each other":                  {"token", "list", "--tokens", "x", "--tokens-in-store"},
		"does not go with --url":              {"--url", "http://127.0.0.1:1", "token", "list", "--tokens", "x"},
		"--tls-cert and --tls-key":            {"serve", "--data", t.TempDir(), "--tls-cert", "x"},
		"--max-body: got 0, want more than 0": {"serve", "--data", t.TempDir(), "--max-body", "0"},
		"will not listen on 0.0.0.0:8090":     {"serve", "--data", t.TempDir(), "--listen", "0.0.0.0:8090"},
		"flowexpr token create":               {"serve", "--data", t.TempDir(), "--listen", "0.0.0.0:8090", "--tokens-in-store"},
	} {
		status, _, errs := command(t, "", args...)
		assert.NotZero(t, status, want)
		assert.Contains(t, errs, want)
	}
}

// Two commands at once lose nothing.
func TestTokensAreMadeAtOnce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "tokens.yaml")
	var working sync.WaitGroup
	for i := range 8 {
		working.Go(func() {
			status := run(t.Context(), []string{"token", "create", fmt.Sprint("t", i), "--tokens", file}, streams{strings.NewReader(""), io.Discard, io.Discard})
			assert.Zero(t, status)
		})
	}
	working.Wait()
	list, err := tokenFile{file}.read(t.Context())
	require.NoError(t, err)
	assert.Len(t, list, 8)
}

// Tokens in a store are taken by every service over it, and let go again.
func TestTokensInTheStore(t *testing.T) {
	redis := redistest.Start(t).URL()
	postgres := pgtest.Start(t)
	for name, store := range map[string][]string{
		"embedded": {"--data", t.TempDir()}, "redis": {"--redis", redis},
		"postgres": {"--postgres", postgres.Database()}, "postgres behind redis": {"--postgres", postgres.Database(), "--redis", redis},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			args := append([]string{"--tokens-in-store"}, store...)
			text := created(t, append(args, "ci")...)
			other := created(t, append(args, "second", "--workspace", "acme")...)
			s := serveProcess(t, args...)
			assert.Equal(t, []int{200, 200, 401}, []int{s.status("GET", readMe, "", text), s.status("GET", readMe, "", other), s.status("GET", readMe, "", "guess")})
			if name == "embedded" { // which one process holds
				require.NoError(t, s.command.Process.Signal(syscall.SIGTERM))
				assert.Zero(t, s.end())
			}
			status, _, errs := command(t, "", append([]string{"token", "revoke", "ci"}, args...)...)
			require.Zero(t, status, errs)
			_, out, _ := command(t, "", append([]string{"token", "list"}, args...)...)
			assert.NotContains(t, out, "ci ")
			assert.Contains(t, out, "acme")
			if name == "embedded" {
				s = serveProcess(t, args...)
				assert.Equal(t, 401, s.status("GET", readMe, "", text))
			} else { // the service hears of it by itself
				third := created(t, append(args, "third")...)
				require.Eventually(t, func() bool {
					return s.status("GET", readMe, "", text) == 401 && s.status("GET", readMe, "", third) == 200
				}, patience, 20*time.Millisecond)
			}
			assert.Equal(t, 200, s.status("GET", readMe, "", other))
			require.NoError(t, s.command.Process.Signal(syscall.SIGTERM))
			assert.Zero(t, s.end())
			assert.NotContains(t, s.output(), text)
		})
	}
}

// certificate writes a certificate and its key, and gives the certificate.
func certificate(t *testing.T, folder string, serial int64) *x509.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), DNSNames: []string{"localhost"}, NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "key.pem"), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "cert.pem"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	parsed, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return parsed
}

// One service through its life: TLS, tokens and certificates that change, the audit log moved away, and the end.
func TestServeWithTokensAndTLS(t *testing.T) {
	folder := t.TempDir()
	in := func(name string) string { return filepath.Join(folder, name) }
	pool := x509.NewCertPool()
	pool.AddCert(certificate(t, folder, 1))
	writer := created(t, "ci", "--role", "write", "--tokens", in("tokens.yaml"))
	s := serveProcess(t, "--data", in("data"), "--demo", "--tokens", in("tokens.yaml"), "--tls-cert", in("cert.pem"), "--tls-key", in("key.pem"), "--audit-log", in("audit.jsonl"))
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, ServerName: "localhost"}, DisableKeepAlives: true}
	s.client = &http.Client{Transport: transport}
	const jane = "/v1/contacts/5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f"
	assert.Equal(t, 401, s.status("GET", jane, "", "guess"))
	assert.Equal(t, 200, s.status("PATCH", jane, `{"name": "Janet"}`, writer))
	transport.TLSClientConfig.MaxVersion = tls.VersionTLS11
	assert.Zero(t, s.status("GET", jane, "", writer), "older than TLS 1.2")
	transport.TLSClientConfig.MaxVersion = 0
	require.Eventually(t, func() bool { return strings.Contains(s.output(), "  stop ") }, patience, time.Millisecond)
	for _, row := range []string{"serves https://127.0.0.1:", "  access   1 tokens of " + in("tokens.yaml"), "  TLS      " + in("cert.pem") + ", valid until 20", "  CORS     off", "  audit    " + in("audit.jsonl"), "  limits   1024 connections", "  stop     SIGTERM"} {
		assert.Contains(t, s.output(), row)
	}
	assert.NotContains(t, s.output(), writer)

	// without a signal, within the time that is stated
	reader := created(t, "viewer", "--tokens", in("tokens.yaml"))
	status, _, errs := command(t, "", "token", "revoke", "ci", "--tokens", in("tokens.yaml"))
	require.Zero(t, status, errs)
	require.Eventually(t, func() bool { return s.status("GET", jane, "", writer) == 401 }, patience, 20*time.Millisecond)
	assert.Equal(t, 200, s.status("GET", jane, "", reader))

	// at once, by a signal
	next := certificate(t, folder, 2)
	require.NoError(t, os.Rename(in("audit.jsonl"), in("audit.1")))
	require.NoError(t, s.command.Process.Signal(syscall.SIGHUP))
	pool.AddCert(next)
	require.Eventually(t, func() bool {
		c, err := tls.Dial("tcp", strings.TrimPrefix(s.base, "https://"), &tls.Config{RootCAs: pool, ServerName: "localhost"})
		if err != nil {
			return false
		}
		defer c.Close()
		return c.ConnectionState().PeerCertificates[0].SerialNumber.Int64() == 2
	}, patience, 20*time.Millisecond)
	assert.Equal(t, 403, s.status("DELETE", jane, "", reader))

	// what is broken changes nothing
	require.NoError(t, os.WriteFile(in("tokens.yaml"), []byte("- {token: x"), 0o600))
	require.NoError(t, s.command.Process.Signal(syscall.SIGHUP))
	require.Eventually(t, func() bool { return strings.Contains(s.output(), "tokens cannot be read, those of before stay") }, patience, 20*time.Millisecond)
	assert.Equal(t, 200, s.status("GET", jane, "", reader))

	require.NoError(t, s.command.Process.Signal(syscall.SIGTERM))
	assert.Zero(t, s.end())
	first, err := os.ReadFile(in("audit.1"))
	require.NoError(t, err)
	second, err := os.ReadFile(in("audit.jsonl"))
	require.NoError(t, err)
	assert.Regexp(t, `"token":"[0-9a-f]{8}/ci","workspace":"default","action":"PATCH /v1/contacts/{uuid}","result":"done","status":200,"contact":"5d76d86b`, string(first))
	assert.Regexp(t, `"token":"[0-9a-f]{8}/viewer","workspace":"default","action":"DELETE /v1/contacts/{uuid}","result":"denied","status":403,"code":"read_only"`, string(second))
	for _, secret := range []string{"Janet", writer, reader} {
		assert.NotContains(t, string(first)+string(second)+s.output(), secret)
	}
}

// The first signal fails readiness and waits, a second one ends the process at once.
func TestSignals(t *testing.T) {
	s := serveProcess(t, "--data", t.TempDir(), "--shutdown-delay", "10m")
	assert.Equal(t, 200, s.status("GET", "/readyz", "", ""))
	require.NoError(t, s.command.Process.Signal(syscall.SIGTERM))
	require.Eventually(t, func() bool { return s.status("GET", "/readyz", "", "") == 503 }, patience, 10*time.Millisecond)
	assert.Equal(t, 200, s.status("GET", readMe, "", ""), "it still answers")
	require.NoError(t, s.command.Process.Signal(syscall.SIGTERM))
	assert.Equal(t, -1, s.end(), "ended by the signal")
}

func TestSecretsFromFiles(t *testing.T) {
	data := t.TempDir()
	file := writeFile(t, "tokens.yaml", "- {token: by-hand, workspace: default, role: write, name: hand}\n")
	s := serveProcess(t, "--data", data, "--demo", "--tokens", file)
	secret := writeFile(t, "secret", "by-hand\n")
	status, out, errs := command(t, "", "--url", s.base, "--token-file", secret, "contact", "list")
	require.Zero(t, status, errs)
	assert.Contains(t, out, "Jane Doe")
	t.Setenv("FLOWEXPR_TOKEN_FILE", secret)
	status, _, errs = command(t, "", "--url", s.base, "contact", "list")
	require.Zero(t, status, errs)
	status, _, errs = command(t, "", "--url", s.base, "--token", "x", "contact", "list")
	assert.Equal(t, statusUsage, status)
	assert.Contains(t, errs, "--token and --token-file exclude each other")
	require.NoError(t, os.WriteFile(secret, []byte("\n"), 0o600))
	status, _, errs = command(t, "", "--url", s.base, "contact", "list")
	assert.Equal(t, statusFailed, status)
	assert.Contains(t, errs, "is empty")
	require.NoError(t, s.command.Process.Signal(syscall.SIGTERM))
	assert.Zero(t, s.end())
}

// The environment is nearer than the configuration file.
func TestLimitsFromEverywhere(t *testing.T) {
	config := writeFile(t, "config.yaml", "max-body: 300\nmax_header: 3000\nrequest-rate: 2.5\nread-timeout: 7s\n")
	t.Setenv("FLOWEXPR_MAX_BODY", "400")
	s := serveProcess(t, "--data", t.TempDir(), "--config", config, "--max-template", "50")
	require.Eventually(t, func() bool {
		return strings.Contains(s.output(), "body 400, header 3000, template 50, output 1048576 bytes")
	}, patience, time.Millisecond)
	assert.Contains(t, s.output(), "rate of a token 2.5/s\n")
	assert.Equal(t, 413, s.status("POST", "/v1/evaluate", `{"template": "`+strings.Repeat("x", 51)+`"}`, ""))
	assert.Equal(t, 413, s.status("POST", "/v1/evaluate", strings.Repeat(" ", 401), ""))
	require.NoError(t, s.command.Process.Signal(syscall.SIGTERM))
	assert.Zero(t, s.end())
}
