package hostile_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// nginxConfig is a front as people set it up: connections to the service stay open and are shared by all clients, which
// is what smuggling lives from. The folder, the port and the service's address go into it.
const nginxConfig = `daemon off;
worker_processes 1;
pid %[1]s/pid;
error_log %[1]s/error.log;
events { worker_connections 512; }
http {
	access_log off;
	client_body_temp_path %[1]s/body;
	proxy_temp_path %[1]s/proxy;
	fastcgi_temp_path %[1]s/fastcgi;
	uwsgi_temp_path %[1]s/uwsgi;
	scgi_temp_path %[1]s/scgi;
	client_max_body_size 2m;
	proxy_ignore_client_abort on; # the tests end what they send, and still read
	upstream flowexpr { server %[3]s; keepalive 4; }
	server {
		listen 127.0.0.1:%[2]d;
		location / {
			proxy_pass http://flowexpr;
			proxy_http_version 1.1;
			proxy_set_header Connection "";
		}
		location /streamed/ {
			proxy_pass http://flowexpr/;
			proxy_http_version 1.1;
			proxy_set_header Connection "";
			proxy_request_buffering off;
			proxy_buffering off;
		}
	}
}
`

// front starts nginx before a service and gives its address.
func front(t *testing.T, service string) string {
	t.Helper()
	program, err := exec.LookPath("nginx")
	if err != nil {
		program = "/usr/sbin/nginx" // not in the PATH of users
	}
	folder := t.TempDir()
	require.NoError(t, os.Chmod(folder, 0o755)) //nolint:gosec // nginx' workers are another user
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	port := listener.Addr().(*net.TCPAddr).Port
	require.NoError(t, listener.Close())
	config := filepath.Join(folder, "nginx.conf")
	require.NoError(t, os.WriteFile(config, fmt.Appendf(nil, nginxConfig, folder, port, service), 0o600))
	said, err := os.Create(filepath.Join(folder, "said"))
	require.NoError(t, err)
	defer said.Close()
	command := exec.Command(program, "-p", folder, "-c", config, "-e", filepath.Join(folder, "error.log"))
	command.Stdout, command.Stderr = said, said
	require.NoError(t, command.Start(), "this test runs nginx: install the package nginx")
	t.Cleanup(func() {
		_ = command.Process.Signal(os.Interrupt)
		_ = command.Wait()
	})
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	if !assert.Eventually(t, func() bool {
		c, err := net.Dial("tcp", address)
		if err == nil {
			_ = c.Close()
		}
		return err == nil
	}, patience, 20*time.Millisecond) {
		data, err := os.ReadFile(said.Name())
		require.FailNow(t, "nginx does not listen", "%s %v", data, err)
	}
	return address
}

// Behind a front each answer goes to the one who asked, whatever was sent before over the connection to the service. What
// the front takes for two requests is two: only answers to others tell.
func TestBehindNginx(t *testing.T) {
	s := start(t, nil)
	proxy := front(t, s.address)
	tried, answered := 0, 0
	for _, f := range []family{smuggling(), lengths(), chunks(), upgrades(), pipelines()} {
		for i, in := range f.inputs {
			for j, prefix := range []string{"", "/streamed"} {
				if i%3 == j || prefix != "" && f.name == "pipelines" { // not all of both: each takes a while
					continue
				}
				data := []byte(strings.Replace(string(in.data), " /", " "+prefix+"/", 1))
				got, err := send(proxy, data)
				require.NoError(t, err, in.name)
				if len(got) > 0 {
					answered++
				}
				askInTurn(t, proxy, f.name+": "+in.name)
				tried++
			}
		}
	}
	assert.Empty(t, s.log.take())
	assert.Greater(t, answered, tried/2)
	t.Logf("%d inputs through nginx, %d of them answered", tried, answered)
}

// askInTurn makes requests with ids of their own and checks that each has its own answer.
func askInTurn(t *testing.T, address, after string) {
	t.Helper()
	var ids, got []string
	var sent strings.Builder
	for i := range 3 {
		id := "turn-" + strconv.Itoa(i)
		ids = append(ids, id)
		body := `{"template":"` + id + ` @contact.name","contact":{"uuid":"` + janeUUID + `"}}`
		headers := "X-Request-Id: " + id + "\r\nHost:"
		if i == 2 {
			headers = "Connection: close\r\n" + headers
		}
		sent.WriteString(strings.Replace(post("/v1/evaluate", body), "Host:", headers, 1))
	}
	data, err := sendAndWait(address, []byte(sent.String()))
	require.NoError(t, err, after)
	list, err := answers(data, false)
	require.NoError(t, err, after)
	for _, a := range list {
		id := a.header.Get("X-Request-Id")
		require.Equal(t, `{"text":"`+id+` Jane Doe","warnings":[]}`, string(a.body), after)
		got = append(got, id)
	}
	require.True(t, slices.Equal(ids, got), "%s: %s", after, data)
}
