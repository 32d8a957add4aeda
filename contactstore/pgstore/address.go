package pgstore

import (
	"context"
	"errors"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/flowexpr/flowexpr/contactstore"
)

// defaultMaxConns is for DSNs that do not say pool_max_conns: the driver's own default is the number of processors,
// and a call waits for the network and the disk far longer than for a processor.
const defaultMaxConns = 16

// parse reads a DSN. Its error does not quote it: it may hold a password.
func parse(dsn string, o Options) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(dsn)
	if err != nil || strings.TrimSpace(dsn) == "" {
		return nil, &contactstore.Error{
			Code: "invalid_address", Message: "postgres address: cannot be read, want postgres://user:password@host:port/database",
			Hint: "percent-encode what is special in the user and the password; sslmode is disable, prefer, require, verify-ca or verify-full",
			Err:  contactstore.ErrInvalid,
		}
	}
	if o.MaxConns > 0 {
		config.MaxConns = int32(min(o.MaxConns, 1<<15))
	} else if !strings.Contains(dsn, "pool_max_conns") {
		config.MaxConns = defaultMaxConns
	}
	if o.Silent {
		config.ConnConfig.RuntimeParams["flowexpr.notify"] = "off"
	}
	config.ConnConfig.ConnectTimeout = o.DialTimeout
	config.PingTimeout = o.DialTimeout
	return config, nil
}

// password reads the password of a new connection from its file, where there is one.
func (s *Store) password(_ context.Context, config *pgx.ConnConfig) error {
	if s.options.PasswordFile == "" {
		return nil
	}
	data, err := os.ReadFile(s.options.PasswordFile)
	if err != nil {
		return &contactstore.Error{
			Code: "invalid_address", Message: "the file of PostgreSQL's password: " + err.Error(),
			Hint: "give a file that holds the password and nothing else", Err: errors.Join(contactstore.ErrInvalid, err),
		}
	}
	config.Password = strings.TrimRight(string(data), "\r\n")
	return nil
}

// address names the hosts: host:port, several parted by commas.
func address(config *pgxpool.Config) string {
	hosts := []string{hostPort(config.ConnConfig.Host, config.ConnConfig.Port)}
	for _, other := range config.ConnConfig.Fallbacks { // the same host comes twice where TLS is preferred
		if host := hostPort(other.Host, other.Port); !slices.Contains(hosts, host) {
			hosts = append(hosts, host)
		}
	}
	return strings.Join(hosts, ",")
}

func hostPort(host string, port uint16) string {
	return net.JoinHostPort(host, strconv.Itoa(int(port)))
}
