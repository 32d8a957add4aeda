package redisstore

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"strings"

	"github.com/flowexpr/flowexpr/contactstore"
)

// readPassword gives the first line of a password file.
func readPassword(path string) (string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return "", &contactstore.Error{Code: "invalid_password_file", Message: "redis password: " + err.Error(), Hint: "put the password alone into the file", Err: err}
	}
	line, _, _ := strings.Cut(string(data), "\n")
	if line = strings.TrimRight(line, "\r"); line == "" {
		return "", &contactstore.Error{Code: "invalid_password_file", Message: "redis password: the first line of " + path + " is empty", Hint: "put the password alone into the file"}
	}
	return line, nil
}

// withFiles puts the passwords of files into an address, and refuses two for one.
func (a *address) withFiles(o Options) error {
	for _, given := range []struct {
		file     string
		password *string
	}{{o.PasswordFile, &a.password}, {o.SentinelPasswordFile, &a.sentinelPassword}} {
		if given.file == "" {
			continue
		}
		if *given.password != "" {
			return badAddress("a password beside a password file: give one")
		}
		var err error
		if *given.password, err = readPassword(given.file); err != nil {
			return err
		}
	}
	if a.username != "" && a.password == "" {
		return badAddress("a user without a password, want user:password@host, :password@host, or a password file")
	}
	return nil
}

// credentials gives what the driver logs in with whenever it connects: a password file is read again, so that a
// password can change while the store is open. Nil where the address has all.
func (a *address) credentials(o Options) func(context.Context) (username, password string, err error) {
	if o.PasswordFile == "" {
		return nil
	}
	return func(context.Context) (string, string, error) {
		password, err := readPassword(o.PasswordFile)
		return a.username, password, err
	}
}

// TLSFiles name PEM files for connections by TLS. The zero value means the system's certificates and no certificate of
// one's own.
type TLSFiles struct {
	CA   string // certificates that sign those of the servers
	Cert string // one's own, for servers that ask for it; with Key
	Key  string
}

// Config reads the files; nil for the zero value. Cert and Key are read again for each connection, so that they can be
// renewed while a store is open. Errors have the code invalid_certificate.
func (f TLSFiles) Config() (*tls.Config, error) {
	if f == (TLSFiles{}) {
		return nil, nil
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if f.CA != "" {
		pem, err := os.ReadFile(f.CA)
		if err != nil {
			return nil, badCertificate(err)
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(pem) {
			return nil, badCertificate(fmt.Errorf("%s holds no certificate in PEM form", f.CA))
		}
	}
	if (f.Cert == "") != (f.Key == "") {
		return nil, badCertificate(fmt.Errorf("a certificate and its key go together"))
	}
	if f.Cert != "" {
		load := func() (*tls.Certificate, error) {
			pair, err := tls.LoadX509KeyPair(f.Cert, f.Key)
			return &pair, err
		}
		if _, err := load(); err != nil {
			return nil, badCertificate(err)
		}
		config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return load() }
	}
	return config, nil
}

func badCertificate(err error) error {
	return &contactstore.Error{Code: "invalid_certificate", Message: "redis certificates: " + err.Error(), Hint: "give PEM files", Err: err}
}
