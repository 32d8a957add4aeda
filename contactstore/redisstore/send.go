package redisstore

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/redis/go-redis/v9"
)

// send sends commands, those of one node in one pipeline and all nodes at once. Errors stand in the commands.
func (s *Store) send(ctx context.Context, cmds []redis.Cmder) {
	switch len(cmds) {
	case 0:
	case 1:
		_ = s.client.Process(ctx, cmds[0])
	default:
		exec(ctx, s.client.Pipeline(), cmds)
	}
}

func exec(ctx context.Context, pipe redis.Pipeliner, cmds []redis.Cmder) {
	for _, cmd := range cmds {
		_ = pipe.Process(ctx, cmd) // only enqueues
	}
	_, _ = pipe.Exec(ctx)
}

// maxMoves bounds how often commands follow slots that move from node to node.
const maxMoves = 4

// write is send for commands that change something: each is acknowledged by as many replicas as the store's address asks
// for, or ends with notReplicated.
func (s *Store) write(ctx context.Context, cmds []redis.Cmder) {
	if s.address.waitReplicas == 0 {
		s.send(ctx, cmds)
		return
	}
	for range maxMoves {
		cmds = s.writeAndWait(ctx, cmds)
		if len(cmds) == 0 {
			return
		}
		s.client.(*redis.ClusterClient).ReloadState(ctx)
	}
}

// writeAndWait gives the commands whose slots have moved to another node, which did nothing.
func (s *Store) writeAndWait(ctx context.Context, cmds []redis.Cmder) (moved []redis.Cmder) {
	var nodes sync.WaitGroup
	for client, some := range s.byNode(ctx, cmds) {
		nodes.Go(func() { s.waited(ctx, client, some) })
	}
	nodes.Wait()
	if s.cluster {
		for _, cmd := range cmds {
			if redis.HasErrorPrefix(cmd.Err(), "MOVED") || redis.HasErrorPrefix(cmd.Err(), "ASK") {
				moved = append(moved, cmd)
			}
		}
	}
	return moved
}

// pipeliner is a client of one node.
type pipeliner interface{ Pipeline() redis.Pipeliner }

// byNode groups commands by the master that they go to. One that nobody serves has the error.
func (s *Store) byNode(ctx context.Context, cmds []redis.Cmder) map[pipeliner][]redis.Cmder {
	cluster, ok := s.client.(*redis.ClusterClient)
	if !ok {
		return map[pipeliner][]redis.Cmder{s.client: cmds}
	}
	groups := map[pipeliner][]redis.Cmder{}
	for _, cmd := range cmds {
		node, err := cluster.MasterForKey(ctx, keyOf(cmd))
		if err != nil {
			cmd.SetErr(err)
			continue
		}
		groups[node] = append(groups[node], cmd)
	}
	return groups
}

// keyOf gives the first key of a command of ours.
func keyOf(cmd redis.Cmder) string {
	args, at := cmd.Args(), 1
	if name := args[0]; name == "evalsha" || name == "eval" {
		at = 3
	}
	key, _ := args[at].(string)
	return key
}

// waited sends commands to one node, and WAIT behind them on the same connection.
func (s *Store) waited(ctx context.Context, node pipeliner, cmds []redis.Cmder) {
	wait := redis.NewIntCmd(ctx, "wait", s.address.waitReplicas, (s.options.Timeout / 2).Milliseconds())
	exec(ctx, node.Pipeline(), append(cmds[:len(cmds):len(cmds)], wait))
	err := wait.Err()
	if err == nil && wait.Val() < int64(s.address.waitReplicas) {
		err = notReplicated{int(wait.Val()), s.address.waitReplicas}
	}
	for _, cmd := range cmds {
		if err != nil && (cmd.Err() == nil || errors.Is(cmd.Err(), redis.Nil)) {
			cmd.SetErr(err)
		}
	}
}

// notReplicated is the error of a write that the master did, and too few replicas acknowledged in time.
type notReplicated struct{ got, want int }

func (e notReplicated) Error() string {
	return fmt.Sprintf("the master wrote, but %d of %d replicas acknowledged it in time", e.got, e.want)
}
