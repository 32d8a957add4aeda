package engine

// Limits bound what one template may cost. Zero fields mean the defaults; there is no way to switch a limit off.
type Limits struct {
	// Template is the size of a template's source, in bytes. Default 64 KiB: sixty times the longest SMS, and small
	// enough that a hostile caller cannot fill the template cache with a few of them.
	Template int
	// Blocks is the number of expressions and variables in one template. Default 2,000.
	Blocks int
	// Budget is what one block may cost: a byte of text or a value is 1. Default 10,000,000 (the reference's).
	Budget int
	// Total is what all blocks of one evaluation may cost together: after it, blocks that need running fail. Default
	// twice Budget: a template of many blocks would else take minutes.
	Total int
	// Output is the size of an evaluated template, in bytes. Default 1 MiB: each block may give its budget, so that
	// without it a template of 2,000 blocks could ask for 20 GB.
	Output int
	// Warnings is the number of diagnostics that one evaluation reports; more are counted. Default 100.
	Warnings int
	// CallDepth is how deep functions without a name may call each other. Default 100: each call takes stack.
	CallDepth int
}

func (l Limits) withDefaults() Limits {
	set := func(field *int, value int) {
		if *field <= 0 {
			*field = value
		}
	}
	set(&l.Template, 64<<10)
	set(&l.Blocks, 2000)
	set(&l.Budget, 10_000_000)
	set(&l.Total, 2*l.Budget)
	set(&l.Output, 1<<20)
	set(&l.Warnings, 100)
	set(&l.CallDepth, 100)
	return l
}
