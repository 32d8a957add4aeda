// Package soak lets clients use the real program for a long time, takes processes away meanwhile, and holds each answer
// against a model of what is stored.
//
//	go test ./bench/soak                            # a minute
//	make soak SOAK_TIME=10m
//
// Two services run at once: one over the embedded store, one over Redis and with a near cache. Each contact belongs to
// one client, so that it is known what every answer about it must hold; beside them are contacts that all read and nobody
// changes. Two workspaces have the same UUIDs and URNs, and other names: an answer that holds another contact shows.
//
// A write that was not answered may have been done or not, now or a little later. Its client then reads and writes on,
// by the version it saw, until it is known which (settle). In the first part of the time processes are killed, stopped
// and paused; in the rest nothing is, and neither memory nor goroutines may grow.
package soak
