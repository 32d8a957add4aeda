package main

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/flowexpr/flowexpr/bench/figures"
)

// table compares each server with its mock.
func table(subjects []*subject) string {
	var b strings.Builder
	b.WriteString("| server | callers | contacts/s | of the mock | CPU µs / contact | times the mock | p99 |\n|---|---|---|---|---|---|---|\n")
	for _, s := range subjects {
		ofMock, times := "–", "–"
		if s.like != nil {
			ofMock = fmt.Sprintf("%.0f %%", 100*ratio(s.rates, s.like.rates))
			times = fmt.Sprintf("%.2f", ratio(s.cpu, s.like.cpu))
		}
		fmt.Fprintf(&b, "| %s | %d | %.0f | %s | %.2f | %s | %s |\n", s.name, len(s.clients), median(s.rates), ofMock, median(s.cpu), times, s.p99.Round(10*time.Microsecond))
	}
	return b.String()
}

// targeted gives what the targets are about.
func targeted(subjects []*subject, sizes []size) figures.Figures {
	all := figures.Figures{}
	for _, s := range subjects {
		switch {
		case s.figure == "":
		case s.like == nil:
			all[s.figure+"/rate"] = median(s.rates)
		default:
			all[s.figure+"/rate"] = ratio(s.rates, s.like.rates)
			all[s.figure+"/cpu"] = ratio(s.cpu, s.like.cpu)
		}
	}
	if len(sizes) > 0 {
		all["batch-memory"] = sizes[len(sizes)-1].peak / sizes[0].peak
	}
	return all
}

func memoryTable(sizes []size) string {
	var b strings.Builder
	b.WriteString("| contacts in a batch over Redis | most memory of the server, MB |\n|---|---|\n")
	for _, s := range sizes {
		fmt.Fprintf(&b, "| %d | %.0f |\n", s.contacts, s.peak)
	}
	return b.String()
}

// memoryCSV gives the sizes as bench/peers/plot reads them.
func memoryCSV(sizes []size) []byte {
	var b bytes.Buffer
	b.WriteString("series,size,MB\n")
	for _, s := range sizes {
		fmt.Fprintf(&b, "batch-memory,%d,%.1f\n", s.contacts, s.peak)
	}
	return b.Bytes()
}
