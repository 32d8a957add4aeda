package broadcast

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestHistogram(t *testing.T) {
	tests := []struct {
		name             string
		numbers          []int
		min, median, max int
		mean             float64
	}{
		{"none", nil, 0, 0, 0, 0},
		{"one", []int{7}, 7, 7, 7, 7},
		{"zero", []int{0, 0, 9}, 0, 0, 9, 3},
		{"two", []int{160, 1}, 1, 1, 160, 80.5},
		{"thirds", []int{1, 1, 2}, 1, 1, 2, 1.33},
		{"beyond exact", []int{exact - 1, exact + 10, exact + step + 1}, exact - 1, exact, exact + step + 1, 8280.67},
		{"huge", []int{highest * 3}, highest * 3, highest, highest * 3, highest * 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for split := range len(tt.numbers) + 1 { // however they are shared out
				var a, b histogram
				for i, n := range tt.numbers {
					if i < split {
						a.add(n)
					} else {
						b.add(n)
					}
				}
				a.merge(&b)
				assert.Equal(t, tt.min, a.min)
				assert.Equal(t, tt.max, a.max)
				assert.Equal(t, tt.median, min(a.median(), highest))
				assert.InDelta(t, tt.mean, a.mean(), 0.005)
			}
		})
	}
}

func TestSlots(t *testing.T) {
	for n := range exact + 10*step {
		i := slot(n)
		assert.LessOrEqual(t, lowest(i), n)
		assert.Less(t, n, lowest(i+1))
	}
	assert.Equal(t, slot(highest), slot(10*highest))
	assert.LessOrEqual(t, slot(highest), 1<<14)
}
