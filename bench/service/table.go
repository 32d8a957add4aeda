package main

import (
	"fmt"
	"strings"
	"time"
)

// table compares each server with its mock.
func table(subjects []*subject) string {
	var b strings.Builder
	b.WriteString("| server | requests/s | of the mock | CPU µs / request | times the mock | p99 |\n|---|---|---|---|---|---|\n")
	for _, s := range subjects {
		rate, cpu := median(s.rates), median(s.cpu)
		ofMock, times := "–", "–"
		if s.like != nil {
			ofMock = fmt.Sprintf("%.0f %%", 100*rate/median(s.like.rates))
			times = fmt.Sprintf("%.2f", cpu/median(s.like.cpu))
		}
		fmt.Fprintf(&b, "| %s | %.0f | %s | %.1f | %s | %s |\n", s.name, rate, ofMock, cpu, times, s.p99.Round(10*time.Microsecond))
	}
	return b.String()
}
