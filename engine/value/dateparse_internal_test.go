package value

import (
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// The scanners say what these patterns say, only faster.
var (
	timePattern = regexp.MustCompile(
		`(?i)\b([0-9]{1,2})(?::?([0-9]{2}))?(?::([0-9]{2}))?(?:\.([0-9]+))?\W*([ap]m)?\b`)
	yearLast  = regexp.MustCompile(`\b([0-9]{1,2})[-.\\/_ ]([0-9]{1,2})[-.\\/_ ]([0-9]{4}|[0-9]{2})\b`)
	yearFirst = regexp.MustCompile(`\b([0-9]{4}|[0-9]{2})[-.\\/_ ]([0-9]{1,2})[-.\\/_ ]([0-9]{1,2})\b`)
)

var scannerSeeds = []string{
	"", "10", "1030", "103", "10:30", "10:30:45.123456789", "10:30:45.5x", "10.30", "3 PM please", "3 amazing", "12 AM",
	"25:00 then 7", "24:00", "24:00:01", "x10:30", "T10:30:00", "at 9pm", "9 - pm", "10 ", "10:", "10:305", "1:2:33",
	"1/2/2018", "2018-01-02", "on 5.6.2018 at 10:30 am", "45/13/2018 1/2/18", "1_2_2018", "x_1_2_2018", "1/2/20181",
	"12018-01-02", "18-1-2", "1 2 3 4 2018", "١/٢/٢٠١٨", "é1/2/2018é", "31-2-2018 28-2-2018", "1/2/018",
}

func FuzzTimeInText(f *testing.F) {
	for _, seed := range scannerSeeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := timeInText(text)
		want, wantOK := Time{}, false
		for _, m := range timePattern.FindAllStringSubmatch(text, -1) {
			c := clock{hour: m[1], minute: m[2], second: m[3], fraction: m[4]}
			if m[5] != "" {
				c.period = m[5][0] | 0x20
			}
			if want, wantOK = c.time(); wantOK {
				break
			}
		}
		assert.Equal(t, wantOK, ok, "%q", text)
		assert.Equal(t, want, got, "%q", text)
	})
}

func FuzzDateInText(f *testing.F) {
	for _, seed := range scannerSeeds {
		f.Add(seed)
	}
	now := time.Date(2018, 4, 11, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		for _, format := range []string{"DD-MM-YYYY", "MM-DD-YYYY", "YYYY-MM-DD"} {
			rt := NewRuntime(&Environment{DateFormat: format}, func() time.Time { return now }, 1)
			got, end, ok := dateInText(rt, text)
			want, wantEnd, wantOK := dateByPattern(text, format)
			assert.Equal(t, wantOK, ok, "%s %q", format, text)
			assert.Equal(t, want, got, "%s %q", format, text)
			assert.Equal(t, wantEnd, end, "%s %q", format, text)
		}
	})
}

func dateByPattern(text, format string) (Date, int, bool) {
	if len(text) >= 10 {
		if t, err := time.Parse("2006-01-02", text[:10]); err == nil {
			return *DateOf(t), 10, true
		}
	}
	pattern, year, month, day := yearLast, 2, 1, 0
	switch format {
	case "MM-DD-YYYY":
		month, day = 0, 1
	case "YYYY-MM-DD":
		pattern, year, day = yearFirst, 0, 2
	}
	for _, at := range pattern.FindAllStringSubmatchIndex(text, -1) {
		var n [3]int
		for i := range n {
			n[i], _ = strconv.Atoi(text[at[2+2*i]:at[3+2*i]])
		}
		if at[3+2*year]-at[2+2*year] == 2 {
			n[year] += 2000
			if n[year] > 2018 {
				n[year] -= 100
			}
		}
		t := time.Date(n[year], time.Month(n[month]), n[day], 0, 0, 0, 0, time.UTC)
		if n[month] >= 1 && n[month] <= 12 && t.Day() == n[day] && n[day] > 0 {
			return *DateOf(t), at[1], true
		}
	}
	return Date{}, 0, false
}

func BenchmarkDateInText(b *testing.B) {
	rt := NewRuntime(&Environment{DateFormat: "DD-MM-YYYY"}, nil, 1)
	b.ReportAllocs()
	for b.Loop() {
		if _, _, ok := dateInText(rt, "meet me on 5.6.2018 at 10:30 am"); !ok {
			b.Fatal("no date")
		}
	}
}

func BenchmarkTimeInText(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := timeInText(" at 10:30 am"); !ok {
			b.Fatal("no time")
		}
	}
}
