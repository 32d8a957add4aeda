package main

import (
	"fmt"
	"strconv"
	"strings"
)

// byteSize is an amount of memory in bytes.
type byteSize int64

// sizeUnits are what may follow the number, the longest first.
var sizeUnits = []struct {
	name  string
	bytes int64
}{{"KB", 1 << 10}, {"MB", 1 << 20}, {"GB", 1 << 30}, {"B", 1}, {"K", 1 << 10}, {"M", 1 << 20}, {"G", 1 << 30}, {"", 1}}

// maxByteSize is more memory than any machine has.
const maxByteSize = 1 << 50

// UnmarshalText reads a number of bytes, or of KB, MB or GB (powers of 1024).
func (b *byteSize) UnmarshalText(text []byte) error {
	upper := strings.ToUpper(strings.TrimSpace(string(text)))
	for _, unit := range sizeUnits {
		digits, ok := strings.CutSuffix(upper, unit.name)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSpace(digits), 10, 64)
		if err != nil || n < 0 || n > maxByteSize/unit.bytes {
			break
		}
		*b = byteSize(n * unit.bytes)
		return nil
	}
	return fmt.Errorf("got %q, want a number of bytes such as 67108864 or 64MB", text)
}

// String gives the largest unit that needs no fraction.
func (b byteSize) String() string {
	for _, unit := range []string{"GB", "MB", "KB"} {
		for _, known := range sizeUnits {
			if known.name == unit && b > 0 && int64(b)%known.bytes == 0 {
				return strconv.FormatInt(int64(b)/known.bytes, 10) + unit
			}
		}
	}
	return strconv.FormatInt(int64(b), 10) + "B"
}
