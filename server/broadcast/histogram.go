package broadcast

import "math"

// histogram counts texts by a number, such as their length. Its memory is bounded: large numbers share steps.
type histogram struct {
	counts   []int64
	min, max int
	sum      int64
	total    int64
}

// Numbers below exact are counted each for itself; those above, up to the largest text there can be, in steps.
const (
	exact   = 1 << 13
	step    = 1 << 8
	highest = 1 << 21
)

func slot(n int) int {
	if n < exact {
		return n
	}
	return exact + (min(n, highest)-exact)/step
}

// lowest is the smallest number of a slot.
func lowest(slot int) int {
	if slot < exact {
		return slot
	}
	return exact + (slot-exact)*step
}

func (h *histogram) add(n int) {
	i := slot(n)
	if i >= len(h.counts) {
		h.counts = append(h.counts, make([]int64, i+1-len(h.counts))...)
	}
	h.counts[i]++
	if h.total == 0 || n < h.min {
		h.min = n
	}
	h.max = max(h.max, n)
	h.sum += int64(n)
	h.total++
}

func (h *histogram) merge(other *histogram) {
	if other.total == 0 {
		return
	}
	if missing := len(other.counts) - len(h.counts); missing > 0 {
		h.counts = append(h.counts, make([]int64, missing)...)
	}
	for i, n := range other.counts {
		h.counts[i] += n
	}
	if h.total == 0 || other.min < h.min {
		h.min = other.min
	}
	h.max = max(h.max, other.max)
	h.sum += other.sum
	h.total += other.total
}

// median gives the number in the middle, the lower one of two; above exact it is the lower end of its step.
func (h *histogram) median() int {
	passed := int64(0)
	for i, n := range h.counts {
		if passed += n; n > 0 && 2*passed >= h.total {
			return min(max(lowest(i), h.min), h.max)
		}
	}
	return 0
}

// mean is rounded to hundredths.
func (h *histogram) mean() float64 {
	if h.total == 0 {
		return 0
	}
	return math.Round(100*float64(h.sum)/float64(h.total)) / 100
}
