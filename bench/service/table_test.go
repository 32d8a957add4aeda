package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/flowexpr/flowexpr/bench/figures"
)

func measured() ([]*subject, []size) {
	mock := &subject{name: "mock", clients: make([]client, 2), rates: []float64{100, 300, 200}, cpu: []float64{10, 30, 20}, p99: 1_234_567}
	ours := &subject{name: "ours", figure: "http", like: mock, clients: make([]client, 2), rates: []float64{90, 150, 180}, cpu: []float64{11, 33, 30}, p99: 2 * time.Millisecond}
	alone := &subject{name: "alone", figure: "dryrun", clients: make([]client, 1), rates: []float64{5}, cpu: []float64{1}}
	return []*subject{mock, ours, alone}, []size{{1000, 30}, {10_000, 36}}
}

func TestTable(t *testing.T) {
	subjects, sizes := measured()
	assert.Equal(t, `| server | callers | contacts/s | of the mock | CPU µs / contact | times the mock | p99 |
|---|---|---|---|---|---|---|
| mock | 2 | 200 | – | 20.00 | – | 1.23ms |
| ours | 2 | 150 | 90 % | 30.00 | 1.10 | 2ms |
| alone | 1 | 5 | – | 1.00 | – | 0s |
`, table(subjects))
	assert.Equal(t, `| contacts in a batch over Redis | most memory of the server, MB |
|---|---|
| 1000 | 30 |
| 10000 | 36 |
`, memoryTable(sizes))
	assert.Equal(t, "series,size,MB\nbatch-memory,1000,30.0\nbatch-memory,10000,36.0\n", string(memoryCSV(sizes)))
}

func TestTargeted(t *testing.T) {
	subjects, sizes := measured()
	assert.Equal(t, figures.Figures{"http/rate": 0.9, "http/cpu": 1.1, "dryrun/rate": 5, "batch-memory": 1.2}, targeted(subjects, sizes))
}

func TestTail(t *testing.T) {
	var last tail
	for range 3 {
		n, err := last.Write(make([]byte, tailBytes))
		assert.NoError(t, err)
		assert.Equal(t, tailBytes, n)
	}
	_, _ = last.Write([]byte("end"))
	assert.Len(t, last.bytes, tailBytes)
	assert.Equal(t, "end", string(last.bytes[tailBytes-3:]))
}
