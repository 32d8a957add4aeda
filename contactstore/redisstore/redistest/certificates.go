package redistest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// Certificates are PEM files: of an authority, and of a server and a client that it signed.
type Certificates struct{ CA, ServerCert, ServerKey, ClientCert, ClientKey string }

// NewCertificates makes certificates for 127.0.0.1 and localhost, valid for an hour.
func NewCertificates(t testing.TB) Certificates {
	t.Helper()
	folder := t.TempDir()
	authority := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"},
		NotBefore: time.Now().Add(-time.Minute), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	key := newKey(t)
	c := Certificates{CA: filepath.Join(folder, "ca.pem")}
	writePEM(t, c.CA, "CERTIFICATE", sign(t, authority, authority, key, key))
	c.ServerCert, c.ServerKey = signed(t, folder, "server", authority, key)
	c.ClientCert, c.ClientKey = signed(t, folder, "client", authority, key)
	return c
}

// signed makes a certificate that authority signs, and gives its files.
func signed(t testing.TB, folder, name string, authority *x509.Certificate, by *ecdsa.PrivateKey) (certFile, keyFile string) {
	t.Helper()
	key := newKey(t)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name},
		NotBefore: authority.NotBefore, NotAfter: authority.NotAfter,
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.MarshalECPrivateKey(key)
	must(t, err)
	certFile, keyFile = filepath.Join(folder, name+".pem"), filepath.Join(folder, name+".key")
	writePEM(t, certFile, "CERTIFICATE", sign(t, template, authority, key, by))
	writePEM(t, keyFile, "EC PRIVATE KEY", der)
	return certFile, keyFile
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	return key
}

func sign(t testing.TB, template, authority *x509.Certificate, key, by *ecdsa.PrivateKey) []byte {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, template, authority, &key.PublicKey, by)
	must(t, err)
	return der
}

func writePEM(t testing.TB, path, kind string, der []byte) {
	t.Helper()
	must(t, os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600))
}

// StartTLS runs a server that takes TLS at the address that it gives too, and asks clients for their certificate.
func StartTLS(t testing.TB, c Certificates, args ...string) (server *Server, address string) {
	t.Helper()
	port := freePort(t)
	args = append([]string{
		"--tls-port", strconv.Itoa(port), "--tls-ca-cert-file", c.CA,
		"--tls-cert-file", c.ServerCert, "--tls-key-file", c.ServerKey,
	}, args...)
	return Start(t, args...), net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
}
