package engine

import (
	"time"

	"github.com/expr-lang/expr/vm"

	"github.com/flowexpr/flowexpr/engine/value"
	"github.com/flowexpr/flowexpr/vars"
)

// run is what one evaluation of a block changes: the machines, the arguments in flight, the values made.
type run struct {
	engine   *Engine
	scope    *vars.Scope
	rt       *value.Runtime
	env      value.Environment
	frame    *frame
	machines []*vm.VM
	depth    int
	args     []value.Value
	// failedTest is the error that the test of an `if` gave, until the `if` ends.
	failedTest *value.Error
	absent     []vars.Variable // connections that were read and are not there
	prepared   bool
}

func newRun(e *Engine) *run {
	r := &run{engine: e}
	r.rt = value.NewRuntime(&r.env, r.now, 0)
	r.rt.SetBudget(e.limits.Budget)
	return r
}

// acquireRun takes a run from the pool.
func (e *Engine) acquireRun(s *vars.Scope) *run {
	r := e.runs.Get().(*run)
	r.scope = s
	r.begin()
	return r
}

// begin readies the run for a block. No value of the block before may be used afterwards.
func (r *run) begin() {
	r.rt.Reset(r.scope.RandomSeed)
	r.absent = r.absent[:0]
	r.frame, r.failedTest = nil, nil
}

// maxKeptArgs bounds what a pooled run keeps: one that grew beyond is emptied before it goes back.
const maxKeptArgs = 1024

// releaseRun gives a run back. No value it made may be used afterwards.
func (e *Engine) releaseRun(r *run) {
	clear(r.args[:cap(r.args)])
	if cap(r.args) > maxKeptArgs {
		r.args = nil
	}
	r.args = r.args[:0]
	r.begin()
	r.rt.Clear()
	r.scope, r.prepared = nil, false
	e.runs.Put(r)
}

// now tells the evaluation's time, in the session's zone.
func (r *run) now() time.Time {
	r.prepareEnvironment()
	if r.scope != nil && !r.scope.Now.IsZero() {
		return r.scope.Now.In(r.env.Timezone)
	}
	return r.engine.clock().In(r.env.Timezone)
}

// read gives a variable of the contact or the workspace.
func (r *run) read(ref *reference) value.Value {
	if ref.root != "" {
		return r.root(ref)
	}
	if message := ref.variable.Deprecated(); message != "" {
		r.rt.Warn(message)
	}
	if text, ok := ref.variable.FieldNumber(r.scope); ok {
		return r.number(text)
	}
	text, status := ref.variable.Text(r.scope)
	switch status {
	case vars.Present:
		return r.rt.Text(text)
	case vars.Null:
		return nil
	case vars.NoConnection:
		r.absent = append(r.absent, ref.variable)
		return nil
	case vars.NoContact:
		return &value.Error{Code: "no_contact", Message: "null doesn't support lookups"}
	case vars.Unknown:
		return &value.Error{Code: "unknown_property", Message: "object has no property '" + ref.written + "'"}
	}
	return r.typed(&ref.variable)
}

// root gives a root of the caller's context.
func (r *run) root(ref *reference) value.Value {
	if r.scope.Context == nil {
		return absentRoot(ref.root)
	}
	given, ok := r.scope.Context.Root(ref.root)
	if !ok {
		return absentRoot(ref.root)
	}
	property, ok := given.(value.Property)
	if !ok {
		return nil
	}
	if property.Deprecated != "" {
		r.rt.Warn(property.Deprecated)
	}
	if r.scope.Redacts() {
		return redactRoot(ref.root, property.Value)
	}
	return property.Value
}
