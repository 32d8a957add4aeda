package redisstore

import (
	"context"
	"crypto/tls"
	"errors"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"github.com/flowexpr/flowexpr/contactstore"
)

// Options tune a store. The zero value works.
type Options struct {
	// DialTimeout bounds one attempt to connect. Default 1 s.
	DialTimeout time.Duration
	// Timeout bounds one attempt to write a command, and one to read its answer. Default 2 s.
	Timeout time.Duration
	// Retries is how many more times a read is tried when the network fails it. Default 1; below 0 none.
	Retries int
	// PoolSize is the most connections to one server. Default 10 for each processor.
	PoolSize int
	// TLS is used with rediss:// and rediss-sentinel://. Default the system's certificates, TLS 1.2 and up. TLSFiles make one.
	TLS *tls.Config
	// PasswordFile has the password of the servers in its first line, in place of one in the URL. It is read again
	// whenever a connection is opened.
	PasswordFile string
	// SentinelPasswordFile has that of the Sentinels, where they ask for their own.
	SentinelPasswordFile string
}

func (o Options) withDefaults() Options {
	if o.DialTimeout <= 0 {
		o.DialTimeout = time.Second
	}
	if o.Timeout <= 0 {
		o.Timeout = 2 * time.Second
	}
	if o.Retries == 0 {
		o.Retries = 1
	}
	if o.Retries < 0 {
		o.Retries = -1 // go-redis reads 0 as its own default
	}
	if o.PoolSize <= 0 {
		o.PoolSize = 10 * runtime.GOMAXPROCS(0)
	}
	return o
}

// Store is a contactstore.Store in Redis. Safe for concurrent use.
type Store struct {
	client   redis.UniversalClient
	cluster  bool
	address  address
	options  Options
	closed   atomic.Bool
	recent   recent
	scripts  scripts
	counters counters
}

var _ contactstore.Store = (*Store)(nil)

// Open connects to the servers that a URL names, and waits for their first answer:
//
//	redis://[user[:password]@]host[:port][/db]
//	redis://host:port,host:port,…              a Cluster; with ?cluster=true also where there is one address
//	redis-sentinel://host:port,…/MASTER[/db]   the master that the Sentinels name; ?sentinel_username= and ?sentinel_password= where these ask for their own
//
// with rediss:// and rediss-sentinel:// for TLS. With ?wait_replicas=N a write is done when N replicas have it too. A URL that cannot be read gives an
// Error with the code invalid_address; servers that do not answer one that matches contactstore.ErrUnavailable.
func Open(ctx context.Context, url string, options Options) (*Store, error) {
	s, err := Connect(url, options)
	if err != nil {
		return nil, err
	}
	if err := s.Ping(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Connect is Open without the wait: the servers may come later.
func Connect(url string, options Options) (*Store, error) {
	a, err := parseAddress(url)
	if err != nil {
		return nil, err
	}
	if err := a.withFiles(options); err != nil {
		return nil, err
	}
	if options.TLS != nil && !a.tls {
		return nil, badAddress("certificates for a connection without TLS, want rediss:// or rediss-sentinel://")
	}
	options = options.withDefaults()
	s := &Store{client: redis.NewUniversalClient(universal(a, options)), address: a, options: options, scripts: newScripts()}
	_, s.cluster = s.client.(*redis.ClusterClient)
	return s, nil
}

func universal(a address, o Options) *redis.UniversalOptions {
	return &redis.UniversalOptions{
		Addrs: a.hosts, MasterName: a.master, DB: a.db, IsClusterMode: a.cluster,
		Username: a.username, Password: a.password, CredentialsProviderContext: a.credentials(o),
		SentinelUsername: a.sentinelUsername, SentinelPassword: a.sentinelPassword,
		TLSConfig: a.tlsConfig(o.TLS),

		DialTimeout: o.DialTimeout, ReadTimeout: o.Timeout, WriteTimeout: o.Timeout, PoolTimeout: o.Timeout,
		ContextTimeoutEnabled: true,
		MaxRetries:            o.Retries, MinRetryBackoff: 8 * time.Millisecond, MaxRetryBackoff: 64 * time.Millisecond,
		DialerRetries: 1, // the default of 5 would make five dial timeouts of one
		PoolSize:      o.PoolSize, ConnMaxIdleTime: 5 * time.Minute,
		DisableIdentity:          true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	}
}

// Client is the connection pool, for what goes beyond a Store (invalidation, locks). Close of the store closes it.
func (s *Store) Client() redis.UniversalClient { return s.client }

// Address names the servers: host:port, several parted by commas.
func (s *Store) Address() string { return s.address.String() }

// Ping asks a server for an answer.
func (s *Store) Ping(ctx context.Context) error {
	return s.failed(ctx, s.client.Ping(ctx).Err())
}

// Close closes the connections. Later calls fail with contactstore.ErrUnavailable.
func (s *Store) Close() error {
	if s.closed.Swap(true) {
		return nil
	}
	return s.client.Close()
}
