package rediscache

import (
	"context"
	"errors"

	"github.com/redis/go-redis/v9"
)

// Each script is called with the keys of one contact: record, lease, writes. Redis runs it as one step.

// leaseScript takes the lease of a contact.
//
//	ARGV  token, life of the lease in ms
//
// It returns 2 when a write is under way, 1 when the lease is the caller's, 0 when somebody else has it.
const leaseScript = `
if redis.call('EXISTS', KEYS[3]) == 1 then return 2 end
if redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 end
return 0
`

// fillScript puts a record, for whoever has the lease.
//
//	ARGV  token, record, its life in ms
//
// It returns 1 when done.
const fillScript = `
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[2])
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
`

// beginScript begins a write. The field 'others' says that another write was under way at the same time.
//
//	ARGV  token, when it is given up, in ms from now
const beginScript = `
redis.call('DEL', KEYS[1], KEYS[2])
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local writes = redis.call('HGETALL', KEYS[3])
for i = 1, #writes, 2 do
  if writes[i] ~= 'others' and tonumber(writes[i + 1]) <= now then redis.call('HDEL', KEYS[3], writes[i]) end
end
if #writes > 0 then redis.call('HSET', KEYS[3], 'others', 1) end
redis.call('HSET', KEYS[3], ARGV[1], now + ARGV[2])
redis.call('PEXPIRE', KEYS[3], ARGV[2])
return 1
`

// endScript ends a write, and puts its record where no other write was under way at the same time and the write was
// not slow. It touches the writes in any case, so that those who watch hear of it.
//
//	ARGV  token, record or "", its life in ms, how long a write may take for its record to be put, in ms, as began with
const endScript = `
redis.call('DEL', KEYS[1], KEYS[2])
local limit = redis.call('HGET', KEYS[3], ARGV[1])
if not limit then
  if redis.call('EXISTS', KEYS[3]) == 0 then
    redis.call('HSET', KEYS[3], ARGV[1], 0)
    redis.call('DEL', KEYS[3])
  end
  return 0
end
redis.call('HDEL', KEYS[3], ARGV[1])
if redis.call('HEXISTS', KEYS[3], 'others') == 1 then
  if redis.call('HLEN', KEYS[3]) == 1 then redis.call('DEL', KEYS[3]) end
  return 0
end
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
if ARGV[2] ~= '' and now < limit - ARGV[5] + ARGV[4] then
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
end
return 1
`

// call is one call of a script.
type call struct {
	keys []string
	args []any
	cmd  *redis.Cmd
}

// run calls a script many times, in one go. A server that does not know it has done nothing and gets its text.
func (c *Cache) run(ctx context.Context, script *redis.Script, calls []call) error {
	err := c.send(ctx, calls, script.EvalSha)
	if err == nil || !redis.HasErrorPrefix(err, "NOSCRIPT") {
		return err
	}
	var unknown []call
	var at []int
	for i := range calls {
		if redis.HasErrorPrefix(calls[i].cmd.Err(), "NOSCRIPT") {
			unknown, at = append(unknown, calls[i]), append(at, i)
		}
	}
	if err := c.send(ctx, unknown, script.Eval); err != nil {
		return err
	}
	for n, i := range at {
		calls[i] = unknown[n]
	}
	return firstError(calls)
}

// send sends the calls; its error is the first of theirs.
func (c *Cache) send(ctx context.Context, calls []call, how func(context.Context, redis.Scripter, []string, ...any) *redis.Cmd) error {
	if len(calls) == 1 {
		calls[0].cmd = how(ctx, c.client, calls[0].keys, calls[0].args...)
		return calls[0].cmd.Err()
	}
	pipe := c.client.Pipeline()
	for i := range calls {
		calls[i].cmd = how(ctx, pipe, calls[i].keys, calls[i].args...)
	}
	if _, err := pipe.Exec(ctx); err != nil && firstError(calls) == nil {
		return err
	}
	return firstError(calls)
}

// firstError is the first error, one that is not about an unknown script before those that are.
func firstError(calls []call) error {
	var unknown error
	for _, c := range calls {
		switch err := c.cmd.Err(); {
		case err == nil, errors.Is(err, redis.Nil):
		case redis.HasErrorPrefix(err, "NOSCRIPT"):
			unknown = err
		default:
			return err
		}
	}
	return unknown
}
