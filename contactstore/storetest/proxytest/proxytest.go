// Package proxytest puts a network that fails between a store and its server, for tests.
//
//	proxy := proxytest.Start(t, server.Addr())
//	store, err := redisstore.Open(ctx, "redis://"+proxy.Addr(), redisstore.Options{})
//	proxy.Slow(50 * time.Millisecond)
//
// The proxy ends with the test.
package proxytest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"
)

// Proxy listens on a free loopback port and passes on what it gets.
type Proxy struct {
	t     testing.TB
	proxy *toxiproxy.Proxy
}

// Start runs a proxy to an address, host:port.
func Start(t testing.TB, upstream string) *Proxy {
	t.Helper()
	server := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())
	p := &Proxy{t, toxiproxy.NewProxy(server, "proxy", "127.0.0.1:0", upstream)}
	if err := p.proxy.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.proxy.Stop)
	return p
}

// Addr is where the proxy listens, host:port.
func (p *Proxy) Addr() string { return p.proxy.Listen }

// Slow holds back what the server answers.
func (p *Proxy) Slow(by time.Duration) {
	p.t.Helper()
	p.add("latency", "downstream", fmt.Sprintf(`{"latency":%d}`, by.Milliseconds()))
}

// Silence loses what the server answers, while connections stay open: it does what it is told, and nobody hears of it.
func (p *Proxy) Silence() {
	p.t.Helper()
	p.add("timeout", "downstream", `{"timeout":0}`)
}

// Cut ends connections after so many bytes of answers.
func (p *Proxy) Cut(after int) {
	p.t.Helper()
	p.add("limit_data", "downstream", fmt.Sprintf(`{"bytes":%d}`, after))
}

func (p *Proxy) add(kind, stream, attributes string) {
	p.t.Helper()
	toxic := fmt.Sprintf(`{"name":%[1]q,"type":%[1]q,"stream":%q,"attributes":%s}`, kind, stream, attributes)
	if _, err := p.proxy.Toxics.AddToxicJson(strings.NewReader(toxic)); err != nil {
		p.t.Fatal(err)
	}
}

// Down ends all connections and takes no new ones.
func (p *Proxy) Down() { p.proxy.Stop() }

// Heal ends all of it.
func (p *Proxy) Heal() {
	p.t.Helper()
	p.proxy.Toxics.ResetToxics(context.Background())
	if err := p.proxy.Start(); err != nil && !errors.Is(err, toxiproxy.ErrProxyAlreadyStarted) {
		p.t.Fatal(err)
	}
}
