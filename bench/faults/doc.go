// Package faults runs the real program over real servers, takes servers and
// processes away from it while contacts are read and written, and checks what
// clients were told against what is there.
//
//	go test ./...                                        # each fault once
//	FAULTS_TIME=10m go test -v -parallel 16 -timeout 1h ./...   # again and again
//
// Two services share PostgreSQL with Redis as its cache, or Redis as their store: one server, one with a replica that a
// Sentinel makes the master, or a Cluster. Servers are killed, restarted, paused, slow, half open, out of memory and
// out of reach; services and imports are killed. Every write that was acknowledged has to be there; what clients saw of
// a contact has to fit into one order (porcupine); a read by way of near caches may be behind by no more
// than --max-staleness, and never behind what its own process acknowledged; and no
// answer may hold another contact. The same of the stores alone is in their own tests; make faults runs both for long.
// It is a module of its own, so that the program carries none of what this needs.
package faults
