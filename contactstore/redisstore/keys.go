package redisstore

import (
	"context"
	"strings"

	"github.com/redis/go-redis/v9"

	"github.com/flowexpr/flowexpr/contactstore"
)

func contactKey(workspace string, id contactstore.UUID) string {
	return prefix(workspace) + "c:" + id.String()
}

func urnKey(workspace, identity string) string { return prefix(workspace) + "u:" + identity }

func idsKey(workspace string) string { return prefix(workspace) + "ids" }

func settingsKey(workspace string) string { return prefix(workspace) + "settings" }

func prefix(workspace string) string { return "fx:{" + workspace + "}:" }

// workspaceError refuses names that would leave the braces, and so the workspace's keys.
func workspaceError(workspace string) error {
	if workspace != "" && !strings.ContainsAny(workspace, "{}") {
		return nil
	}
	return &contactstore.Error{Code: "invalid_workspace", Message: "workspace name is empty or has braces", Hint: "use letters, digits, - and _"}
}

// once is a command that is never sent a second time: a script whose answer
// was lost may have run, and run again it would find its own work and call itself stale.
type once struct{ *redis.Cmd }

// NoRetry is asked by the driver before it tries again.
func (once) NoRetry() bool { return true }

// script is a call of one script, by its hash or, the first time a server sees it, by its text.
type script struct {
	text, sha string
}

func newScript(text string) script { return script{text, hash(text)} }

// bySHA and byText make the command.
func (s script) bySHA(ctx context.Context, keys []string, args ...any) once {
	return command(ctx, "evalsha", s.sha, keys, args)
}

func (s script) byText(ctx context.Context, keys []string, args ...any) once {
	return command(ctx, "eval", s.text, keys, args)
}

func command(ctx context.Context, name, payload string, keys []string, args []any) once {
	all := make([]any, 0, 3+len(keys)+len(args))
	all = append(all, name, payload, len(keys))
	for _, key := range keys {
		all = append(all, key)
	}
	cmd := redis.NewCmd(ctx, append(all, args...)...)
	cmd.SetFirstKeyPos(3)
	return once{cmd}
}

// run runs a script now and gives its number. A server that does not know the script has done nothing and gets its text.
func (s script) run(ctx context.Context, client redis.UniversalClient, keys []string, args ...any) (int, error) {
	cmd := s.bySHA(ctx, keys, args...)
	err := client.Process(ctx, cmd)
	if redis.HasErrorPrefix(err, "NOSCRIPT") {
		cmd = s.byText(ctx, keys, args...)
		err = client.Process(ctx, cmd)
	}
	if err != nil {
		return 0, err
	}
	return cmd.Int()
}
