package redisstore

import (
	"context"

	"github.com/redis/go-redis/v9"
)

// SilenceDriver stops the driver's own log, which goes to standard error and says
// nothing that the errors of this package do not say. It is for main to call,
// once, before it opens a store: the driver has one log for the whole process.
func SilenceDriver() { redis.SetLogger(silent{}) }

type silent struct{}

func (silent) Printf(context.Context, string, ...any) {}
