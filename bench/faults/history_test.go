package faults

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/stretchr/testify/assert"
)

// state is what the histories follow of a contact.
type state struct {
	version uint64
	first   string // URN
	name    string
	latest  int64 // interaction, in microseconds
}

// input is one call about a contact.
type input struct {
	kind string // interact, promote, edit or read
	text string // URN, or name
	at   int64  // of an interaction
}

// output is its answer, the zero value where there was none: then it may have been done or not.
type output struct {
	version     uint64
	first, name string
}

// after gives the states that a call may lead to, whatever its answer.
func (i input) after(s state) []state {
	next := s
	next.version++
	switch i.kind {
	case "edit":
		next.name = i.text
	case "promote":
		if s.first == i.text {
			return []state{s}
		}
		next.first = i.text
	case "interact":
		if i.at <= s.latest { // late: it changes no order, and perhaps the last use of its connection
			return []state{s, next}
		}
		next.first, next.latest = i.text, i.at
	default:
		return []state{s}
	}
	return []state{next}
}

// model is one contact, that was just made with version 1.
func model(first state) porcupine.Model {
	return (&porcupine.NondeterministicModel{
		Init: func() []any { return []any{first} },
		Step: func(now, in, out any) []any {
			var fit []any
			answer := out.(output)
			for _, s := range in.(input).after(now.(state)) {
				if answer.version == 0 || answer == (output{s.version, s.first, s.name}) {
					fit = append(fit, s)
				}
			}
			return fit
		},
		DescribeOperation: func(in, out any) string { return fmt.Sprintf("%+v -> %+v", in, out) },
	}).ToModel()
}

// call is one call with its times, in nanoseconds since the test began.
type call struct {
	input
	output
	begun, ended int64
	by, life     int // the service, and which of its starts
}

func (c call) operation() porcupine.Operation {
	o := porcupine.Operation{ClientId: c.by, Input: c.input, Output: c.output, Call: c.begun, Return: c.ended}
	if c.version == 0 {
		o.Return = math.MaxInt64
	}
	return o
}

// checkWrites asserts that all calls of a history, or all but its reads, fit into one order.
func checkWrites(t *testing.T, first state, calls []call, reads bool) {
	t.Helper()
	var operations []porcupine.Operation
	for _, c := range calls {
		if c.kind == "read" && c.by >= 0 && (!reads || c.version == 0) { // the last read is by nobody
			continue
		}
		operations = append(operations, c.operation())
	}
	result := porcupine.CheckOperationsTimeout(model(first), operations, 2*time.Minute)
	if !assert.Equal(t, porcupine.Ok, result, "%s: the calls fit into one order", first.name) {
		for _, c := range calls {
			t.Logf("%+v", c)
		}
	}
}

// checkReads asserts of each read that it was not too far behind, and gives how far the furthest was behind.
func checkReads(t *testing.T, first state, calls []call, maxStaleness time.Duration) (worst time.Duration) {
	t.Helper()
	for _, read := range calls {
		if read.kind != "read" || read.version == 0 {
			continue
		}
		for _, write := range calls {
			if write.kind == "read" || write.version <= read.version || write.ended > read.begun {
				continue // none that was acknowledged before the read began, and that it does not show
			}
			behind := time.Duration(read.begun - write.ended)
			worst = max(worst, behind)
			assert.LessOrEqual(t, behind, maxStaleness, "%s: %+v does not show %+v", first.name, read, write)
			assert.False(t, write.by == read.by && write.life == read.life, "%s: %+v does not show %+v of the same process", first.name, read, write)
		}
	}
	return worst
}

// The model itself: it takes what may happen and refuses what may not.
func TestModel(t *testing.T) {
	first := state{version: 1, first: "a", name: "n"}
	write := func(in input, out output, begun, ended int64) call {
		return call{input: in, output: out, begun: begun, ended: ended}
	}
	for name, c := range map[string]struct {
		calls []call
		want  bool
	}{
		"one after another": {[]call{
			write(input{kind: "interact", text: "b", at: 5}, output{2, "b", "n"}, 1, 2),
			write(input{kind: "edit", text: "m"}, output{3, "b", "m"}, 3, 4),
			write(input{kind: "interact", text: "a", at: 4}, output{4, "b", "m"}, 5, 6),
			write(input{kind: "read"}, output{4, "b", "m"}, 7, 8),
		}, true},
		"a lost write": {[]call{
			write(input{kind: "edit", text: "m"}, output{2, "a", "m"}, 1, 2),
			write(input{kind: "edit", text: "o"}, output{2, "a", "o"}, 3, 4),
		}, false},
		"a stale read": {[]call{
			write(input{kind: "edit", text: "m"}, output{2, "a", "m"}, 1, 2),
			write(input{kind: "read"}, output{1, "a", "n"}, 3, 4),
		}, false},
		"an answer that was lost": {[]call{
			write(input{kind: "edit", text: "m"}, output{}, 1, 2),
			write(input{kind: "read"}, output{1, "a", "n"}, 3, 4),
			write(input{kind: "read"}, output{2, "a", "m"}, 5, 6),
		}, true},
	} {
		var operations []porcupine.Operation
		for _, call := range c.calls {
			operations = append(operations, call.operation())
		}
		assert.Equal(t, c.want, porcupine.CheckOperations(model(first), operations), name)
	}
}
