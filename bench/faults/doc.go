// Package faults runs the real program over real servers, takes servers and
// processes away from it while contacts are read and written, and checks what
// clients were told against what is there.
//
//	go test ./...                      # a short run
//	FAULTS_TIME=10m go test -timeout 1h -v ./...
//
// Two services share PostgreSQL, and Redis as its cache. Every write that was
// acknowledged has to be there; what clients saw of a contact has to fit into
// one order (porcupine); a read by way of near caches may be behind by no more
// than --max-staleness, and never behind what its own process acknowledged; and no
// answer may hold another contact. It is a module of its own, so that the program carries none of what this needs.
package faults
