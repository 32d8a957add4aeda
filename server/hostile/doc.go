// Package hostile holds the tests that treat the service as an attacker would: bytes that are no HTTP, requests whose
// parts contradict each other, JSON, templates, URNs, UUIDs and cursors made to break what reads them, slow and absent
// clients, and a front (nginx) that might read a request in another way than the service does.
//
// An input is the bytes of one connection (corpus_test.go). Families make inputs from tables, and testdata/answers says
// what each is answered, so that a change of any answer is seen; go test -update writes the files anew. Around each input
// run a request of another workspace and one that must still be answered rightly: no answer may hold what belongs to
// somebody else.
package hostile
