package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/embedded"
	"github.com/flowexpr/flowexpr/contactstore/pgstore"
	"github.com/flowexpr/flowexpr/contactstore/redisstore"
	"github.com/flowexpr/flowexpr/contactstore/rediswatch"
	"github.com/flowexpr/flowexpr/contactstore/tiered"
	"github.com/flowexpr/flowexpr/contactstore/tiered/rediscache"
)

// storeFlags choose where contacts are.
type storeFlags struct {
	Data      string     `type:"path" placeholder:"DIR" help:"Folder of the embedded store (default: ${data_folder})."`
	URL       string     `name:"url" placeholder:"URL" help:"Work through a running flowexpr service."`
	Token     string     `secret:"" placeholder:"TOKEN" help:"Token for the service at --url."`
	Redis     string     `secret:"" placeholder:"URL" help:"Keep contacts in Redis: redis://HOST:PORT/DB, rediss://…, several addresses of a Cluster, or redis-sentinel://… With --postgres Redis is its cache."`
	Secure    redisFlags `embed:"" prefix:"redis-"`
	Workspace string     `default:"default" placeholder:"NAME" help:"Workspace to work in (default: default)."`

	Postgres             string        `secret:"" placeholder:"DSN" help:"Keep contacts in PostgreSQL: postgres://USER@HOST/DATABASE."`
	PostgresPasswordFile string        `type:"path" placeholder:"FILE" help:"File with the password for --postgres."`
	NearCacheBytes       *byteSize     `placeholder:"SIZE" help:"Memory for contacts in this process, such as 64MB; 0 turns it off (default: 64MB where serve has --redis or --postgres, else 0)."`
	CacheTimeout         time.Duration `default:"200ms" placeholder:"TIME" help:"When a cache in Redis that does not answer is passed by (default: 200ms)."`
	MaxStaleness         time.Duration `default:"1m" placeholder:"TIME" help:"How far what a cache gives may be behind, whatever fails (default: 1m)."`
}

// defaultNearCacheBytes is the near cache of a service whose contacts are across the network.
const defaultNearCacheBytes = 64 << 20

// minStaleness is the least --max-staleness: below it what caches keep is gone before it is asked for again.
const minStaleness = time.Second

// check refuses flags that contradict each other.
func (f *storeFlags) check() error {
	chosen := 0
	for _, flag := range []string{f.Data, f.URL, f.Redis + f.Postgres} {
		if flag != "" {
			chosen++
		}
	}
	switch {
	case chosen > 1 && f.Postgres != "":
		return usageError{errors.New("--data, --postgres and --url exclude each other: give one")}
	case chosen > 1:
		return usageError{fmt.Errorf("--data, --redis and --url exclude each other: give one")}
	case f.URL != "" && f.Workspace != "default":
		return usageError{fmt.Errorf("--workspace does not go with --url: the token chooses the workspace")}
	case f.URL == "" && f.Token != "":
		return usageError{fmt.Errorf("--token goes with --url")}
	case f.Postgres == "" && f.PostgresPasswordFile != "":
		return usageError{errors.New("--postgres-password-file goes with --postgres")}
	case f.MaxStaleness != 0 && f.MaxStaleness < minStaleness:
		return usageError{fmt.Errorf("--max-staleness: got %s, want %s or more; --near-cache-bytes 0 turns the near cache off", f.MaxStaleness, minStaleness)}
	}
	return f.Secure.check(f.Redis)
}

// chosen reports whether the flags name a place, rather than leave it to the default.
func (f *storeFlags) chosen() bool {
	return f.Data != "" || f.Redis != "" || f.Postgres != "" || f.URL != ""
}

// open opens the store of this machine, of Redis or of PostgreSQL for one command; a service at --url is opened by
// openService. It has no near cache: a command ends before that pays.
func (f *storeFlags) open(ctx context.Context) (contactstore.Store, error) {
	store, err := f.openTiers(ctx, 0)
	if err != nil {
		return nil, err
	}
	return store, nil
}

// openServing opens the store for a service.
func (f *storeFlags) openServing(ctx context.Context) (contactstore.Store, error) {
	near := int64(0)
	switch {
	case f.NearCacheBytes != nil:
		near = int64(*f.NearCacheBytes)
	case f.Redis != "" || f.Postgres != "":
		near = defaultNearCacheBytes
	}
	return f.openTiers(ctx, near)
}

func (f *storeFlags) openTiers(ctx context.Context, near int64) (contactstore.Store, error) {
	redisstore.SilenceDriver()
	options := tiered.Options{NearBytes: near, MaxStaleness: f.MaxStaleness, SharedTimeout: f.CacheTimeout}
	switch {
	case f.Postgres != "" && f.Redis != "":
		return f.openPostgresBehindRedis(ctx, options)
	case f.Postgres != "":
		store, err := pgstore.Open(ctx, f.Postgres, f.postgresOptions())
		if err != nil {
			return nil, err
		}
		options.Watcher = store
		return cached(store, options)
	case f.Redis != "":
		secured, err := f.Secure.options()
		if err != nil {
			return nil, err
		}
		store, err := redisstore.Open(ctx, f.Redis, secured)
		if err != nil {
			return nil, err
		}
		options.Watcher = rediswatch.New(store.Client(), redisstore.WatchedPrefix, redisstore.ContactOf)
		return cached(store, options)
	}
	store, err := embedded.Open(f.folder(), embedded.Options{})
	if err != nil {
		return nil, err
	}
	return cached(store, options)
}

func (f *storeFlags) postgresOptions() pgstore.Options {
	// With Redis every process hears of writes from there.
	return pgstore.Options{PasswordFile: f.PostgresPasswordFile, Silent: f.Redis != ""}
}

// openPostgresBehindRedis opens PostgreSQL with Redis as its cache. Redis may be out of reach.
func (f *storeFlags) openPostgresBehindRedis(ctx context.Context, options tiered.Options) (contactstore.Store, error) {
	secured, err := f.Secure.options()
	if err != nil {
		return nil, err
	}
	secured.Retries = -1
	redis, err := redisstore.Connect(f.Redis, secured)
	if err != nil {
		return nil, err
	}
	store, err := pgstore.Open(ctx, f.Postgres, f.postgresOptions())
	if err != nil {
		return nil, errors.Join(err, redis.Close())
	}
	client := redis.Client()
	options.Shared = rediscache.New(client, rediscache.Options{Namespace: store.Identity(), MaxAge: tiered.SharedAge(options.MaxStaleness)})
	options.Watcher = rediswatch.New(client, options.Shared.WatchedPrefix(), options.Shared.ContactOf)
	return cached(&behindRedis{store, redis}, options)
}

// behindRedis is PostgreSQL with the Redis that is its cache.
type behindRedis struct {
	*pgstore.Store
	redis *redisstore.Store
}

func (b *behindRedis) Close() error { return errors.Join(b.Store.Close(), b.redis.Close()) }

// cached puts the caches before a store, or nothing where there are none.
func cached(store contactstore.Store, options tiered.Options) (contactstore.Store, error) {
	if options.NearBytes == 0 && options.Shared == nil {
		return store, nil
	}
	return tiered.New(store, options)
}

func (f *storeFlags) folder() string {
	if f.Data == "" {
		return defaultDataFolder()
	}
	return f.Data
}

// describe says where contacts are and what stands before them, without passwords.
func (f *storeFlags) describe(store contactstore.Store) string {
	near := ""
	if t, ok := store.(*tiered.Store); ok {
		store = t.Unwrap()
		if bytes := t.NearBytes(); bytes > 0 {
			near = ", a near cache of " + byteSize(bytes).String()
		}
	}
	place := "the embedded store in " + f.folder()
	switch s := store.(type) {
	case *redisstore.Store:
		place = "Redis at " + s.Address()
	case *pgstore.Store:
		place = "PostgreSQL at " + s.Address()
	case *behindRedis:
		place = "PostgreSQL at " + s.Address() + ", Redis at " + s.redis.Address() + " as its cache"
	}
	return place + near
}
