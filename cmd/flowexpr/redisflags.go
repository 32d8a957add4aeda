package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/redisstore"
	"github.com/flowexpr/flowexpr/contactstore/tiered"
)

// redisFlags say how to connect to the servers of --redis. Passwords come from files, which no list of processes shows.
type redisFlags struct {
	PasswordFile         string `type:"path" placeholder:"FILE" help:"File with the password for --redis in its first line."`
	SentinelPasswordFile string `type:"path" placeholder:"FILE" help:"The same for the Sentinels, where they have their own."`
	CaFile               string `type:"path" placeholder:"FILE" help:"Certificates (PEM) that sign those of rediss:// servers."`
	CertFile             string `type:"path" placeholder:"FILE" help:"Certificate (PEM) to show to rediss:// servers, with --redis-key-file."`
	KeyFile              string `type:"path" placeholder:"FILE" help:"Key (PEM) of --redis-cert-file."`
}

// options reads what the flags name.
func (f *redisFlags) options() (redisstore.Options, error) {
	config, err := redisstore.TLSFiles{CA: f.CaFile, Cert: f.CertFile, Key: f.KeyFile}.Config()
	return redisstore.Options{TLS: config, PasswordFile: f.PasswordFile, SentinelPasswordFile: f.SentinelPasswordFile}, err
}

// check refuses flags that say nothing without --redis.
func (f *redisFlags) check(url string) error {
	if url == "" && *f != (redisFlags{}) {
		return usageError{fmt.Errorf("--redis-password-file, --redis-ca-file and the like go with --redis")}
	}
	return nil
}

// warnReadable warns of a secret that other users of the machine can read.
func warnReadable(out io.Writer, paths ...string) {
	for _, path := range paths {
		if info, err := os.Stat(path); path != "" && err == nil && info.Mode().Perm()&0o077 != 0 {
			fmt.Fprintf(out, "flowexpr: warning: other users can read %s; chmod 600 it\n", path)
		}
	}
}

// warnUnsafe warns where Redis is the store and is set up so that it can lose contacts.
func warnUnsafe(ctx context.Context, out io.Writer, store contactstore.Store) {
	if t, ok := store.(*tiered.Store); ok {
		store = t.Unwrap()
	}
	s, ok := store.(*redisstore.Store)
	if !ok {
		return
	}
	findings, err := s.Findings(ctx)
	if err != nil {
		fmt.Fprintf(out, "flowexpr: warning: whether Redis can lose contacts cannot be seen: %v\n", err)
	}
	for _, f := range findings {
		fmt.Fprintf(out, "flowexpr: warning: redis at %s: %s; %s\n", f.Server, f.Message, f.Hint)
	}
}
