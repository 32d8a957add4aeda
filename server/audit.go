package server

import (
	"context"
	"log/slog"

	"github.com/flowexpr/flowexpr/contactstore"
)

// audit writes one line for each call that changes something, or was not allowed to: who, what, which contact, with
// what result. It never holds data of the contact, not even a URN, nor the token. Calls that no known token made are
// not written: they change nothing, and would fill the disk.
func (s *Server) audit(r *request) {
	if s.options.Audit == nil || r.route == nil || r.route.role != write || r.granted == nil {
		return
	}
	status := r.http.Response.StatusCode()
	attributes := append(make([]slog.Attr, 0, 10),
		slog.String("request_id", string(r.id)),
		slog.String("token", r.granted.id),
		slog.String("workspace", r.granted.workspace.name),
		slog.String("action", r.route.method+" "+r.route.path),
		slog.String("result", auditResult(status)),
		slog.Int("status", status),
	)
	if r.code != "" {
		attributes = append(attributes, slog.String("code", r.code))
	}
	if r.subject != (contactstore.UUID{}) {
		attributes = append(attributes, slog.String("contact", r.subject.String()))
	}
	s.options.Audit.LogAttrs(context.Background(), slog.LevelInfo, "audit", attributes...)
}

func auditResult(status int) string {
	switch {
	case status < 400:
		return "done"
	case status == 403:
		return "denied"
	case status < 500:
		return "refused"
	}
	return "failed" // perhaps done all the same: the store did not say
}
