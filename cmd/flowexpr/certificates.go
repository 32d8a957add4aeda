package main

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"sync/atomic"
	"time"
)

// tlsFlags turn encryption on.
type tlsFlags struct {
	TLSCert string `name:"tls-cert" type:"path" placeholder:"FILE" help:"Serve HTTPS with this certificate (PEM, with its chain). It is read anew when it changes."`
	TLSKey  string `name:"tls-key" type:"path" placeholder:"FILE" help:"Key of the certificate (PEM)."`
}

// certificates are a certificate and its key in files that others replace.
type certificates struct {
	files   tlsFlags
	read    []byte // what the files held
	current atomic.Pointer[tls.Certificate]
}

// maxCertificateBytes bounds a file of certificates.
const maxCertificateBytes = 1 << 20

// openCertificates reads the files; nil when none are chosen.
func openCertificates(files tlsFlags) (*certificates, error) {
	if files.TLSCert == "" && files.TLSKey == "" {
		return nil, nil
	}
	if files.TLSCert == "" || files.TLSKey == "" {
		return nil, usageError{fmt.Errorf("--tls-cert and --tls-key go together: give both")}
	}
	c := &certificates{files: files}
	_, err := c.reload()
	return c, err
}

// reload reads the files, and uses them from the next handshake on if they changed and fit. On an error the certificate
// of before stays.
func (c *certificates) reload() (changed bool, err error) {
	chain, err := readFile(c.files.TLSCert, maxCertificateBytes)
	if err != nil {
		return false, fmt.Errorf("certificate: %w", err)
	}
	key, err := readFile(c.files.TLSKey, maxCertificateBytes)
	if err != nil {
		return false, fmt.Errorf("certificate's key: %w", err)
	}
	both := append(append(chain, 0), key...)
	if bytes.Equal(both, c.read) {
		return false, nil
	}
	pair, err := tls.X509KeyPair(chain, key)
	if err != nil {
		return false, fmt.Errorf("certificate %s: %w", c.files.TLSCert, err)
	}
	c.read = both
	c.current.Store(&pair)
	return true, nil
}

// config gives the settings of the listener: TLS 1.2 and later, HTTP/1.1.
func (c *certificates) config() *tls.Config {
	if c == nil {
		return nil
	}
	return &tls.Config{
		MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return c.current.Load(), nil },
	}
}

// until says when the certificate ends.
func (c *certificates) until() time.Time { return c.current.Load().Leaf.NotAfter }
