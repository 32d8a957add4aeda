package server

import (
	"context"
	"time"
)

// healthz says that the process is alive, whatever the store does.
func (s *Server) healthz(r *request) error {
	r.json(200, []byte(`{"status":"ok"}`))
	return nil
}

// readyTimeout bounds the wait for the store's answer: whoever asks wants to know now.
const readyTimeout = 2 * time.Second

// readyz says whether the store answers. A service that is about to stop is not ready, so that nobody new is sent to it.
func (s *Server) readyz(r *request) error {
	if s.draining.Load() {
		return errNotReady
	}
	ctx, cancel := context.WithTimeout(r.context(), readyTimeout)
	defer cancel()
	if err := s.store.Ping(ctx); err != nil {
		return &problem{
			status: 503, code: "store_unavailable", detail: "the contact store does not answer", hint: "try again in a moment",
			retryAfter: retrySoon, cause: err,
		}
	}
	r.json(200, []byte(`{"status":"ready"}`))
	return nil
}
