package value

import (
	"math/rand/v2"
	"slices"
	"time"
)

// DefaultBudget is what the evaluation of one block may cost: the size of its results in bytes of text, where a value
// that is no text counts 1.
const DefaultBudget = 10_000_000

// Runtime is what the evaluation of one block gives to operators and functions: the environment, the clock, chance,
// the budget, and memory for results. It serves one evaluation at a time; Reset readies it for the next.
type Runtime struct {
	// Env is the environment, never nil; it is the caller's, and read whenever a function needs it.
	Env *Environment

	now      func() time.Time
	seed     int64
	random   *rand.Rand
	limit    int // the budget of one evaluation
	budget   int // what is left of it
	read     int // what was read so far, in the budget's unit
	warnings []string
	texts    arena[Text]
	numbers  arena[Number]
	scratch  []byte // texts on their way
}

// NewRuntime makes a runtime with the default budget. A nil env means the defaults, a nil now the system's clock;
// seed 0 means a random source that differs from evaluation to evaluation.
func NewRuntime(env *Environment, now func() time.Time, seed int64) *Runtime {
	if env == nil {
		env = &Environment{}
	}
	if now == nil {
		now = time.Now
	}
	return &Runtime{Env: env, now: now, seed: seed, limit: DefaultBudget, budget: DefaultBudget}
}

// Reset readies the runtime for another evaluation: a full budget, no warnings, the random source from the start.
// Texts and numbers that it made are gone; see Detach.
func (rt *Runtime) Reset(seed int64) {
	rt.seed, rt.random, rt.budget, rt.read = seed, nil, rt.limit, 0
	clear(rt.warnings)
	rt.warnings = rt.warnings[:0]
	rt.texts.reset()
	rt.numbers.reset()
}

// Clear lets go of everything that evaluations made; a runtime that waits for its next evaluation needs it.
func (rt *Runtime) Clear() {
	rt.texts.clear()
	rt.numbers.clear()
}

// SetBudget sets what one evaluation may cost, this one included; see DefaultBudget for the unit.
func (rt *Runtime) SetBudget(budget int) { rt.limit, rt.budget = budget, budget }

// Now gives the current time, in the environment's zone.
func (rt *Runtime) Now() time.Time { return rt.now().In(rt.Env.Zone()) }

// Rand gives the source of random numbers; equal seeds give equal sequences. It is made when first asked for.
func (rt *Runtime) Rand() *rand.Rand {
	if rt.random == nil {
		seed := uint64(rt.seed)
		if seed == 0 {
			seed = rand.Uint64()
		}
		rt.random = rand.New(rand.NewPCG(seed, seed))
	}
	return rt.random
}

// Text makes a text that lives until Reset.
func (rt *Runtime) Text(s string) Value {
	t := rt.texts.next()
	t.text = s
	return t
}

// Number makes a number that lives until Reset.
func (rt *Runtime) Number(d Decimal) Value {
	n := rt.numbers.next()
	n.Decimal = d
	return n
}

// Spent gives what was taken off the budget since Reset.
func (rt *Runtime) Spent() int { return rt.limit - rt.budget }

// Charge takes the cost of a result off the budget: a text costs its length in bytes but at least 1, any other value
// 1. It gives the fatal error of ErrTooComplex when the budget is overrun, or would be by walking through the value;
// else nil.
func (rt *Runtime) Charge(v Value) *Error {
	cost := 1
	switch v := v.(type) {
	case *Text:
		cost = max(len(v.text), 1)
	case *Array, *Object:
		if weightOf(v) > rt.limit {
			return ErrTooComplex()
		}
	}
	return rt.spend(cost)
}

// spend takes cost off the budget.
func (rt *Runtime) spend(cost int) *Error {
	rt.budget -= cost
	if rt.budget < 0 {
		return ErrTooComplex()
	}
	return nil
}

// charged gives v, or the fatal error when the budget does not cover it.
func (rt *Runtime) charged(v Value) Value {
	if failure := rt.Charge(v); failure != nil {
		return failure
	}
	return v
}

// readFactor is how many times its budget an evaluation may read: small results can take much reading.
const readFactor = 10

// Read counts what an operator or function is about to read, and gives the fatal error of ErrTooComplex when an
// evaluation reads too much; else nil. The budget itself counts results only.
func (rt *Runtime) Read(values ...Value) *Error {
	weight := 0
	for _, v := range values {
		weight += weightOf(v)
	}
	return rt.Work(weight)
}

// Work counts what takes as long as reading so many bytes, as Read does.
func (rt *Runtime) Work(bytes int) *Error {
	if rt.read += bytes; rt.read > readFactor*rt.limit {
		return ErrTooComplex()
	}
	return nil
}

// Invoke calls a function: an error that it returns is named after it (`error calling NAME(...): …`), and the result
// is charged.
func (rt *Runtime) Invoke(f *Function, args []Value) Value {
	if failure := rt.Read(args...); failure != nil {
		return failure
	}
	return rt.Finish(f.PrintedName(), f.Call(rt, args))
}

// Finish does for the result of the function with that name what Invoke does.
func (rt *Runtime) Finish(name string, v Value) Value {
	if failure, ok := v.(*Error); ok {
		v = wrapCall(name, failure)
	}
	return rt.charged(v)
}

// maxScratch bounds the scratch buffer that is kept, in bytes.
const maxScratch = 64 << 10

// keepScratch keeps a buffer that grew out of scratch for the next text.
func (rt *Runtime) keepScratch(grown []byte) {
	if cap(grown) <= maxScratch {
		rt.scratch = grown[:0]
	}
}

// Warn notes that something deprecated was read. A message is kept once.
func (rt *Runtime) Warn(message string) {
	if !slices.Contains(rt.warnings, message) {
		rt.warnings = append(rt.warnings, message)
	}
}

// Warnings gives the messages since Reset, in order; they may be read until the next Reset.
func (rt *Runtime) Warnings() []string { return rt.warnings }
