package rediswatch

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
	"github.com/redis/go-redis/v9/push"
)

var errUnknownClient = errors.New("rediswatch: got a client of another kind, want one for a server, Sentinel or a Cluster")

// channel is the one that Redis itself names for invalidations. The subscription keeps the connection read, and its
// confirmation says that tracking is on.
const channel = "__redis__:invalidate"

// listener is one connection to one master, made anew whenever it ends.
type listener struct {
	watcher *Watcher
	told    *told
	client  *redis.Client
	server  atomic.Pointer[string] // run id of the server that the connection leads to, "" = not known
	cancel  context.CancelFunc
	working sync.WaitGroup
}

// listen starts a listener.
func (w *Watcher) listen(ctx context.Context, t *told, options *redis.Options) *listener {
	ctx, cancel := context.WithCancel(ctx)
	l := &listener{watcher: w, told: t, cancel: cancel}
	l.client = redis.NewClient(l.options(*options))
	registered := l.client.RegisterPushNotificationHandler("invalidate", handler(l.invalidated), true)
	l.working.Go(func() {
		defer l.client.Close()
		for registered == nil && ctx.Err() == nil { // without its handler it never hears
			l.session(ctx)
			t.hears(l, false)
			sleep(ctx, again)
		}
	})
	return l
}

// options are those of a master for one connection that hears of changes.
func (l *listener) options(o redis.Options) *redis.Options {
	o.Protocol, o.OnConnect, o.MaxRetries, o.MinIdleConns, o.PoolSize = 3, l.track, -1, 0, 1
	o.PushNotificationProcessor = nil // the master's own has handlers of its own
	o.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	return &o
}

func (l *listener) stop() {
	l.cancel()
	l.working.Wait()
}

// track switches a new connection to tracking.
func (l *listener) track(ctx context.Context, conn *redis.Conn) error {
	id := ""
	if info, err := conn.Info(ctx, "server").Result(); err == nil { // a user may lack the right to ask
		id = runID(info)
	}
	l.server.Store(&id)
	return conn.Do(ctx, "client", "tracking", "on", "bcast", "prefix", l.watcher.prefix).Err()
}

// runID finds the run id in what INFO says.
func runID(info string) string {
	_, rest, _ := strings.Cut(info, "run_id:")
	id, _, _ := strings.Cut(rest, "\r\n")
	return id
}

// session listens until the connection ends or is found useless.
func (l *listener) session(ctx context.Context) {
	subscription := l.client.Subscribe(ctx, channel) // not by its Channel, which drops messages where it is full
	var heard atomic.Int64
	heard.Store(time.Now().UnixNano())
	done := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() {
		defer subscription.Close() // which ends Receive
		l.watch(ctx, subscription, &heard, done)
	})
	defer watching.Wait()
	defer close(done)
	for {
		message, err := subscription.Receive(ctx)
		if err != nil {
			return
		}
		heard.Store(time.Now().UnixNano())
		if s, ok := message.(*redis.Subscription); ok && s.Kind == "subscribe" {
			// The client connects anew by itself before it tells of an error: this is the sign that it did.
			l.told.hears(l, true)
		}
	}
}

// watch returns when the session is to end: there is no sign of life, or the client writes to another server.
func (l *listener) watch(ctx context.Context, subscription *redis.PubSub, heard *atomic.Int64, done <-chan struct{}) {
	ticker := time.NewTicker(look)
	defer ticker.Stop()
	for {
		select {
		case <-done:
			return
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		within, cancel := context.WithTimeout(ctx, look)
		_ = subscription.Ping(within) // its answer comes to Receive
		moved := l.moved(within)
		cancel()
		if moved || time.Since(time.Unix(0, heard.Load())) > silence {
			return
		}
	}
}

// moved reports whether the watcher's client leads to another server than this connection.
func (l *listener) moved(ctx context.Context) bool {
	client, ok := l.watcher.client.(*redis.Client)
	server := l.server.Load()
	if !ok || server == nil || *server == "" {
		return false
	}
	info, err := client.Info(ctx, "server").Result()
	return err == nil && runID(info) != *server
}

// invalidated hears of keys, or, without any, that all are gone.
func (l *listener) invalidated(_ context.Context, _ push.NotificationHandlerContext, notification []any) error {
	if len(notification) < 2 {
		return nil
	}
	keys, ok := notification[1].([]any)
	if !ok {
		l.told.gap()
		return nil
	}
	for _, key := range keys {
		text, _ := key.(string)
		if workspace, id, ok := l.watcher.contactOf(text); ok {
			l.told.to.Changed(workspace, id)
		}
	}
	return nil
}

type handler func(ctx context.Context, c push.NotificationHandlerContext, notification []any) error

// HandlePushNotification is called while the connection is read.
func (h handler) HandlePushNotification(ctx context.Context, c push.NotificationHandlerContext, notification []any) error {
	return h(ctx, c, notification)
}

func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}
