package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"reflect"
	"syscall"
	"time"

	"github.com/flowexpr/flowexpr/server"
)

// rereadEvery is how often files and stores are looked at for other tokens and certificates.
const rereadEvery = 5 * time.Second

// reloader reads anew what others change while the service runs. It belongs to one goroutine.
type reloader struct {
	logger       *slog.Logger
	service      *server.Server
	place        tokenPlace // nil: no tokens
	tokens       []storedToken
	certificates *certificates // nil: none
	audit        *auditLog
	failing      map[string]bool // what was told to fail, so that it is told once
}

// watch reads anew each rereadEvery, and at SIGHUP, until ctx is done.
func (r *reloader) watch(ctx context.Context) {
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	defer signal.Stop(hangup)
	ticker := time.NewTicker(rereadEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-hangup:
			r.told("audit log", r.audit.reopen())
		case <-ticker.C:
		}
		r.reload(ctx)
	}
}

// reload makes one round. What cannot be read stays as it was.
func (r *reloader) reload(ctx context.Context) {
	if r.place != nil {
		r.told("tokens", r.reloadTokens(ctx))
	}
	if r.certificates != nil {
		changed, err := r.certificates.reload()
		r.told("certificate", err)
		if changed {
			r.logger.Info("certificate read anew", "until", r.certificates.until())
		}
	}
}

func (r *reloader) reloadTokens(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, rereadEvery)
	defer cancel()
	list, err := r.place.read(ctx)
	if err != nil {
		return err
	}
	if reflect.DeepEqual(list, r.tokens) {
		return nil
	}
	tokens, err := serverTokens(list)
	if err != nil {
		return err
	}
	if err := r.service.SetTokens(tokens); err != nil {
		return err
	}
	r.tokens = list
	r.logger.Info("tokens read anew", "tokens", len(tokens))
	return nil
}

// told logs when something begins to fail, and when it works again.
func (r *reloader) told(what string, err error) {
	switch {
	case err != nil && !r.failing[what]:
		r.logger.Error(what+" cannot be read, those of before stay", "error", err)
	case err == nil && r.failing[what]:
		r.logger.Info(what + " can be read again")
	}
	r.failing[what] = err != nil
}

// auditLog writes audit lines to a file that others may move away, or to standard error.
type auditLog struct {
	path   string
	logger *slog.Logger
	file   *swappedFile // nil: standard error
}

func openAuditLog(path string, io streams) (*auditLog, error) {
	if path == "" || path == "-" {
		return &auditLog{logger: slog.New(slog.NewTextHandler(io.err, nil))}, nil
	}
	a := &auditLog{path: path, file: &swappedFile{}}
	a.logger = slog.New(slog.NewJSONHandler(a.file, nil))
	return a, a.reopen()
}

// String says where the lines go.
func (a *auditLog) String() string {
	if a.file == nil {
		return "standard error"
	}
	return a.path
}

// reopen opens the file again, after somebody moved it away.
func (a *auditLog) reopen() error {
	if a.file == nil {
		return nil
	}
	next, err := os.OpenFile(a.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("audit log: %w", err)
	}
	return a.file.swap(next)
}

func (a *auditLog) close() error {
	if a.file == nil {
		return nil
	}
	return a.file.swap(nil)
}
