// Package bench measures flowexpr beside limits and peers, in one run on one machine.
//
//	make bench
//
// Its benchmarks evaluate the templates of corpus for one contact: by hand-coded Go (limits_test.go), which nothing
// can beat, and by the engine. The nested module in peers does the same with other libraries, so that they never reach
// the product's go.mod. compare runs both in turns and prints medians and ratios; generate writes contacts for imports.
package bench
