package rediscache

import (
	"context"
	"errors"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/flowexpr/flowexpr/contactstore"
)

// Options say how a cache works.
type Options struct {
	// Namespace tells the system of record from others that use the same Redis. It has no colon.
	Namespace string
	// MaxAge is how far what the cache gives may be behind the system of record, by Redis's clock. Default 30 s.
	MaxAge time.Duration
	// NothingLife is how long it is remembered that there is no such contact. Default 5 s, at most MaxAge.
	NothingLife time.Duration
	// WriteLife is after how long a write that did not end is given up. Default 30 s.
	WriteLife time.Duration
}

// maxLease bounds how long a lease lasts: longer than any answer of a system of record that is well.
const maxLease = 5 * time.Second

// maxBatch is the most contacts that one round trip is about: a longer one would keep other clients waiting.
const maxBatch = 500

// Cache is the contacts in one Redis. Safe for concurrent use.
type Cache struct {
	client    redis.UniversalClient
	cluster   bool
	namespace string

	lease, life, nothing, write time.Duration

	leasing, filling, beginning, ending *redis.Script
}

// New makes a cache in the Redis of a client, which it does not close.
func New(client redis.UniversalClient, o Options) *Cache {
	if o.MaxAge <= 0 {
		o.MaxAge = 30 * time.Second
	}
	if o.NothingLife <= 0 {
		o.NothingLife = 5 * time.Second
	}
	if o.WriteLife <= 0 {
		o.WriteLife = 30 * time.Second
	}
	c := &Cache{
		client: client, namespace: o.Namespace, lease: min(maxLease, o.MaxAge/2), write: o.WriteLife,
		leasing: redis.NewScript(leaseScript), filling: redis.NewScript(fillScript),
		beginning: redis.NewScript(beginScript), ending: redis.NewScript(endScript),
	}
	_, c.cluster = client.(*redis.ClusterClient)
	c.life = o.MaxAge - c.lease // what is put was asked for at most a lease before
	c.nothing = min(o.NothingLife, c.life)
	return c
}

// Client is the connections, for what goes beyond a cache.
func (c *Cache) Client() redis.UniversalClient { return c.client }

// WriteLife is after how long a write that did not end is given up.
func (c *Cache) WriteLife() time.Duration { return c.write }

// Get gives what the cache has for contacts of a workspace, in the order asked for.
func (c *Cache) Get(ctx context.Context, of []Contact) ([]Found, error) {
	found := make([]Found, len(of))
	for from := 0; from < len(of); from += maxBatch {
		to := min(from+maxBatch, len(of))
		if err := c.get(ctx, of[from:to], found[from:to]); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func (c *Cache) get(ctx context.Context, of []Contact, found []Found) error {
	if len(of) == 1 || c.cluster {
		return c.getEach(ctx, of, found)
	}
	keys := make([]string, len(of))
	for i, contact := range of {
		keys[i] = c.recordKey(contact)
	}
	values, err := c.client.MGet(ctx, keys...).Result()
	if err != nil {
		return err
	}
	for i, value := range values {
		if stored, ok := value.(string); ok {
			found[i] = decode(of[i], stored)
		}
	}
	return nil
}

// getEach asks by a command for each: a Cluster takes no other across slots, and the client sends them to all nodes at once.
func (c *Cache) getEach(ctx context.Context, of []Contact, found []Found) error {
	cmds := make([]*redis.StringCmd, len(of))
	if len(of) == 1 {
		cmds[0] = c.client.Get(ctx, c.recordKey(of[0]))
	} else {
		pipe := c.client.Pipeline()
		for i, contact := range of {
			cmds[i] = pipe.Get(ctx, c.recordKey(contact))
		}
		_, _ = pipe.Exec(ctx) // each command has its own error
	}
	for i, cmd := range cmds {
		stored, err := cmd.Result()
		switch {
		case errors.Is(err, redis.Nil):
		case err != nil:
			return err
		default:
			found[i] = decode(of[i], stored)
		}
	}
	return nil
}

// Lease is the right to put one contact, or why there is none.
type Lease struct {
	token string
	// Writing is set where a write is under way: what the system of record gives now may be old in a moment.
	Writing bool
}

// Lease takes the leases of contacts that the cache does not have.
func (c *Cache) Lease(ctx context.Context, of []Contact) ([]Lease, error) {
	leases, calls := make([]Lease, len(of)), make([]call, len(of))
	for i, contact := range of {
		leases[i].token = newToken()
		calls[i] = call{keys: c.keys(contact), args: []any{leases[i].token, c.lease.Milliseconds()}}
	}
	if err := c.runAll(ctx, c.leasing, calls); err != nil {
		return nil, err
	}
	for i := range leases {
		answer, err := calls[i].cmd.Int()
		if err != nil {
			return nil, err
		}
		if answer != 1 {
			leases[i] = Lease{Writing: answer == 2}
		}
	}
	return leases, nil
}

// Fill is what to put for a contact, and by which lease.
type Fill struct {
	Of     Contact
	Lease  Lease
	Record contactstore.Record // the zero Record = there is no such contact
	Asked  time.Time           // when the system of record was asked
}

// Fill puts what has a lease that is still there.
func (c *Cache) Fill(ctx context.Context, fills []Fill) error {
	calls := make([]call, 0, len(fills))
	for _, f := range fills {
		if f.Lease.token == "" {
			continue
		}
		calls = append(calls, call{keys: c.keys(f.Of), args: []any{f.Lease.token, encode(f.Of, f.Record, f.Asked), c.lifeOf(f.Record)}})
	}
	return c.runAll(ctx, c.filling, calls)
}

// lifeOf is how long a record stays, in ms: up to a tenth less than it may, so that what was put together does not go together.
func (c *Cache) lifeOf(r contactstore.Record) int64 {
	life := c.life
	if r.IsZero() {
		life = c.nothing
	}
	return max(1, (life - rand.N(life/10+1)).Milliseconds())
}

// Begin begins a write of contacts, all under one token.
func (c *Cache) Begin(ctx context.Context, of []Contact) (token string, err error) {
	token = newToken()
	calls := make([]call, len(of))
	for i, contact := range of {
		calls[i] = call{keys: c.keys(contact), args: []any{token, c.write.Milliseconds()}}
	}
	return token, c.runAll(ctx, c.beginning, calls)
}

// End ends a write of contacts. A record that was written is put, unless another write went on at the same time; the
// zero Record only forgets what is there. A token that never began, such as "", forgets too.
func (c *Cache) End(ctx context.Context, token string, of []Contact, written contactstore.Record) error {
	calls := make([]call, len(of))
	for i, contact := range of {
		value := ""
		if !written.IsZero() {
			value = encode(contact, written, time.Now())
		}
		calls[i] = call{keys: c.keys(contact), args: []any{token, value, c.lifeOf(written), c.lease.Milliseconds(), c.write.Milliseconds()}}
	}
	return c.runAll(ctx, c.ending, calls)
}

func (c *Cache) runAll(ctx context.Context, script *redis.Script, calls []call) error {
	for from := 0; from < len(calls); from += maxBatch {
		if err := c.run(ctx, script, calls[from:min(from+maxBatch, len(calls))]); err != nil {
			return err
		}
	}
	return nil
}

// newToken makes a token that nobody else has.
func newToken() string {
	return strconv.FormatUint(rand.Uint64(), 36) + strconv.FormatUint(rand.Uint64(), 36)
}
