package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"

	"github.com/flowexpr/flowexpr/bench/figures"
)

// recorded are what stays the same from one machine to another, more or less: flowexpr's allocations by template, and
// the times that it takes as long as each other system, by template and system. They come from the fastest round of
// each: what else the machine does only adds.
type recorded struct {
	Allocations map[string]int     `json:"allocations"`
	Ratios      map[string]float64 `json:"ratios"`
}

func (m measurements) recordable() recorded {
	f := recorded{Allocations: map[string]int{}, Ratios: map[string]float64{}}
	for _, template := range templates {
		ours, ok := m.fastest(template, flowexpr)
		if !ok {
			continue
		}
		f.Allocations[template] = ours.allocs
		for _, s := range systems {
			if theirs, ok := m.fastest(template, s.name); ok && s.name != flowexpr {
				f.Ratios[template+"/"+s.name] = ours.ns / theirs.ns
			}
		}
	}
	return f
}

func (f recorded) write(file string) error {
	for name, ratio := range f.Ratios {
		f.Ratios[name] = float64(int(ratio*100+0.5)) / 100
	}
	data, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(data, '\n'), 0o644)
}

// slack is how many times worse than recorded a ratio may be: shared machines are that noisy.
const slack = 1.75

// check fails where flowexpr allocates more than recorded, or lost time to another system.
func (f recorded) check(file string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var before recorded
	if err := json.Unmarshal(data, &before); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	var losses []error
	for _, template := range slices.Sorted(maps.Keys(before.Allocations)) {
		if got, want := f.Allocations[template], before.Allocations[template]; got > want {
			losses = append(losses, fmt.Errorf("%s allocates %d times, recorded are %d", template, got, want))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(before.Ratios)) {
		got, measured := f.Ratios[name]
		if want := before.Ratios[name]; !measured || got > want*slack {
			losses = append(losses, fmt.Errorf("%s takes %.2f times as long, recorded are %.2f and at most %.2f is noise", name, got, want, want*slack))
		}
	}
	return errors.Join(losses...)
}

// expressions is how many there are in template TX.
const expressions = 3

// targeted gives what the targets are about.
func (m measurements) targeted() figures.Figures {
	all := figures.Figures{}
	for _, template := range templates {
		if ours, ok := m.median(template, flowexpr); ok {
			all[template+"/allocations"] = float64(ours.allocs)
			all[template+"/allocations per expression"] = float64(ours.allocs) / expressions
		}
		for _, s := range systems {
			if ratio, ok := m.ratio(template, s.name); ok && s.name != flowexpr {
				all[template+"/"+s.name] = ratio
			}
		}
	}
	return all
}

// growth gives medians as CSV: series, size, ns, bytes and allocations of one operation.
func (m measurements) growth() []byte {
	var b bytes.Buffer
	b.WriteString("series,size,ns,bytes,allocations\n")
	keys := slices.SortedFunc(maps.Keys(m), func(a, b key) int {
		return cmp.Or(cmp.Compare(a.template, b.template), cmp.Compare(size(a), size(b)))
	})
	for _, k := range keys {
		s, _ := m.median(k.template, k.system)
		fmt.Fprintf(&b, "%s,%d,%.1f,%d,%d\n", k.template, size(k), s.ns, s.bytes, s.allocs)
	}
	return b.Bytes()
}

func size(k key) int {
	n, _ := strconv.Atoi(k.system) // benchmarks are named by us
	return n
}
