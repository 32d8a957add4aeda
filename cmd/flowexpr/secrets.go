package main

import (
	"fmt"
	"os"
	"strings"
)

// secretFlags read secrets from files, as orchestrators mount them, instead of from flags that everybody on the machine
// can see. Each flag that is tagged secret has one here, as a test holds.
type secretFlags struct {
	TokenFile    string `type:"path" placeholder:"FILE" help:"Read --token from a file."`
	RedisFile    string `type:"path" placeholder:"FILE" help:"Read --redis, with its password, from a file."`
	PostgresFile string `type:"path" placeholder:"FILE" help:"Read --postgres, with its password, from a file."`
}

// maxSecretBytes bounds a file with a secret.
const maxSecretBytes = 64 << 10

// apply fills the flags that are given by files.
func (s *secretFlags) apply(flags *storeFlags) error {
	for _, secret := range []struct {
		name, file string
		value      *string
	}{
		{"token", s.TokenFile, &flags.Token},
		{"redis", s.RedisFile, &flags.Redis},
		{"postgres", s.PostgresFile, &flags.Postgres},
	} {
		if secret.file == "" {
			continue
		}
		if *secret.value != "" {
			return usageError{fmt.Errorf("--%s and --%s-file exclude each other: give one", secret.name, secret.name)}
		}
		data, err := readFile(secret.file, maxSecretBytes)
		if err != nil {
			return fmt.Errorf("--%s-file: %w", secret.name, err)
		}
		if *secret.value = strings.TrimSpace(string(data)); *secret.value == "" {
			return fmt.Errorf("--%s-file: %s is empty", secret.name, secret.file)
		}
	}
	return nil
}

// fromEnvironment reports whether one of a flag's variables is set.
func fromEnvironment(names []string) bool {
	for _, name := range names {
		if _, ok := os.LookupEnv(name); ok {
			return true
		}
	}
	return false
}
