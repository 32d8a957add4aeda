// Package cputime tells the CPU time that this process has used. On a machine that does other work too it says more
// than a clock: waiting for a processor costs none.
package cputime
