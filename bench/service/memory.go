package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
)

// size is what a batch over so many contacts took.
type size struct {
	contacts int
	peak     float64 // of the server's memory, in MB
}

// memory lets a new server evaluate for all contacts of a Redis that is filled further and further.
func memory(ctx context.Context, m *machine, o options) (sizes []size, err error) {
	url, filled := m.redisURL(1), 0
	for contacts := min(1000, o.many); contacts <= o.many; contacts *= 10 {
		fmt.Fprintf(os.Stderr, "memory of a batch over %d contacts\n", contacts)
		if err := fillRedis(ctx, url, filled, contacts); err != nil {
			return nil, err
		}
		filled = contacts
		peak, err := peakOf(ctx, m, url, contacts)
		if err != nil {
			return nil, err
		}
		sizes = append(sizes, size{contacts, peak})
	}
	return sizes, nil
}

func peakOf(ctx context.Context, m *machine, url string, contacts int) (float64, error) {
	p, err := m.serve(ctx, "flowexpr", uncached(url)...)
	if err != nil {
		return 0, err
	}
	defer p.kill()
	body := fmt.Sprintf(`{"template":%q,"all":true}`, t4())
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+p.address+"/v1/evaluate/batch", strings.NewReader(body))
	if err != nil {
		return 0, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	var last tail
	if _, err := io.Copy(&last, response.Body); err != nil {
		return 0, err
	}
	if !bytes.Contains(last.bytes, fmt.Appendf(nil, `{"summary":{"contacts":%d,"ok":%d,`, contacts, contacts)) {
		return 0, fmt.Errorf("the batch over %d contacts ended with %q", contacts, last.bytes)
	}
	return p.peakMemory()
}

// tail keeps the last bytes that are written to it.
type tail struct{ bytes []byte }

// tailBytes is more than a line of a batch.
const tailBytes = 1000

func (t *tail) Write(p []byte) (int, error) {
	t.bytes = append(t.bytes, p...)
	t.bytes = append(t.bytes[:0], t.bytes[max(0, len(t.bytes)-tailBytes):]...)
	return len(p), nil
}

// peakMemory gives the most memory that the process had, in MB; see proc(5).
func (p *process) peakMemory() (float64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.command.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		return 0, fmt.Errorf("/proc/PID/status: got no VmHWM")
	}
	kilobytes, err := strconv.Atoi(fields[0])
	return float64(kilobytes) * 1024 / 1e6, err
}
