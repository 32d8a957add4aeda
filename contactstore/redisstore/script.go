package redisstore

import (
	"context"
	"crypto/sha1"
	"encoding/hex"

	"github.com/redis/go-redis/v9"
)

// once is a command that is never sent a second time: a script whose answer was lost may have run, and run again it
// would find its own work and call itself stale.
type once struct{ *redis.Cmd }

// NoRetry is asked by the driver before it tries again.
func (once) NoRetry() bool { return true }

// script is a Lua program, called by its hash or, the first time that a server sees it, by its text.
type script struct{ text, sha string }

func newScript(text string) script { return script{text, hash(text)} }

// call is one call of a script.
type call struct {
	script script
	keys   []string
	args   []any
	cmd    once
}

// calling makes a call; all keys lie in one slot.
func (s script) calling(keys []string, args ...any) *call {
	return &call{script: s, keys: keys, args: args}
}

// prepare makes the command, by hash or by text.
func (c *call) prepare(ctx context.Context, name, payload string) {
	all := make([]any, 0, 3+len(c.keys)+len(c.args))
	all = append(all, name, payload, len(c.keys))
	for _, key := range c.keys {
		all = append(all, key)
	}
	cmd := redis.NewCmd(ctx, append(all, c.args...)...)
	cmd.SetFirstKeyPos(3)
	c.cmd = once{cmd}
}

// answer gives the script's number.
func (c *call) answer() (int, error) { return c.cmd.Int() }

// run runs scripts, as write does. A server that does not know a script has done nothing and gets
// its text. What became of each call is its answer.
func (s *Store) run(ctx context.Context, calls ...*call) {
	cmds := make([]redis.Cmder, len(calls))
	for i, c := range calls {
		c.prepare(ctx, "evalsha", c.script.sha)
		cmds[i] = c.cmd
	}
	s.write(ctx, cmds)
	again := cmds[:0]
	for _, c := range calls {
		if redis.HasErrorPrefix(c.cmd.Err(), "NOSCRIPT") {
			c.prepare(ctx, "eval", c.script.text)
			again = append(again, c.cmd)
		}
	}
	s.write(ctx, again)
}

// hash is redis.sha1hex: it tells records apart, and keeps no secret.
func hash(stored string) string {
	sum := sha1.Sum([]byte(stored))
	return hex.EncodeToString(sum[:])
}
