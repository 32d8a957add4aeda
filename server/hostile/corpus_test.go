package hostile_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

var update = flag.Bool("update", false, "write the answers into testdata/answers instead of comparing them")

// input is what one client sends over one connection.
type input struct {
	name string
	data []byte
}

// family is a group of inputs that attack the same thing.
type family struct {
	name     string
	statuses []int // that answers may have
	inputs   []input
}

// add appends an input.
func (f *family) add(name string, data string) {
	f.inputs = append(f.inputs, input{name, []byte(data)})
}

// families makes the corpus, the same in each run and without inputs that are there twice.
func families() []family {
	list := []family{
		smuggling(), lengths(), chunks(), requestLines(), headers(), headerBytes(), foreignProtocols(), truncations(), mutations(), pipelines(), upgrades(),
		paths(), uuids(), cursors(), urns(), malformedJSON(), wrongTypes(), bodies(), templates(),
	}
	seen := map[[sha256.Size]byte]bool{}
	for i := range list {
		list[i].inputs = slices.DeleteFunc(list[i].inputs, func(in input) bool {
			sum := sha256.Sum256(in.data)
			twice := seen[sum]
			seen[sum] = true
			return twice
		})
	}
	return list
}

// heldBytes bounds what a service may hold after the corpus, in bytes: its caches of templates and programs, and the corpus.
const heldBytes = 96 << 20

// leastInputs is the least number of inputs that the corpus may have.
const leastInputs = 8000

// Each input is answered as testdata/answers says, whatever came before; nothing leaks, and nothing is held.
func TestCorpus(t *testing.T) {
	goroutines := goleak.IgnoreCurrent()
	before := heap()
	s := start(t, nil)
	corpus := families()
	sent := 0
	for _, f := range corpus {
		t.Run(f.name, func(t *testing.T) {
			got := s.with(t).attack(f)
			t.Logf("%s: %d inputs", f.name, len(f.inputs))
			sent += len(f.inputs)
			file := filepath.Join("testdata", "answers", f.name+".txt")
			if *update {
				require.NoError(t, os.WriteFile(file, []byte(got), 0o600))
				return
			}
			want, err := os.ReadFile(file)
			require.NoError(t, err)
			assert.Equal(t, string(want), got)
		})
	}
	status, body := s.call(ours, "GET", "/v1/contacts/"+janeUUID, "")
	assert.Equal(t, 200, status)
	assert.Contains(t, body, `"name":"Jane Doe"`)
	assert.Contains(t, body, `"urns":["tel:+13233754866","twitter:janedoe","mailto:jane.doe@example.org","tel:+4971234567"]`)
	held := int64(heap()) - int64(before)
	assert.Less(t, held, int64(heldBytes))
	s.stop()
	assert.NoError(t, goleak.Find(append(libraryGoroutines(), goroutines)...))
	assert.GreaterOrEqual(t, sent, leastInputs)
	t.Logf("%d distinct inputs in %d families; %d KiB held at the end", sent, len(corpus), held>>10)
}

// libraryGoroutines are those of the HTTP library that end seconds after its server, or with the process.
func libraryGoroutines() []goleak.Option {
	return []goleak.Option{
		goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.updateServerDate.func1"),
		goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.(*workerPool).Start.func2"),
	}
}

// heap gives the bytes in use.
func heap() uint64 {
	runtime.GC()
	runtime.GC() // what pools held goes with the second
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// with is the service for a test inside of its own.
func (s *service) with(t *testing.T) *service {
	other := *s
	other.t = t
	return &other
}

// attack sends a family's inputs and gives a line for each: name, size, hash and what was answered.
func (s *service) attack(f family) string {
	s.t.Helper()
	var lines strings.Builder
	for _, in := range f.inputs {
		s.theyCall()
		got, err := s.send(in.data)
		require.NoError(s.t, err, in.name)
		sum := sha256.Sum256(in.data)
		fmt.Fprintf(&lines, "%s\t%d\t%x\t%s\n", in.name, len(in.data), sum[:4], s.judge(f, in, got))
		s.weCall()
		require.Empty(s.t, s.log.take(), in.name)
	}
	return lines.String()
}

// judge holds answers against what every answer must be, and gives them in short.
func (s *service) judge(f family, in input, got []byte) string {
	s.t.Helper()
	list, err := answers(got, bytes.HasPrefix(bytes.TrimLeft(in.data, "\r\n"), []byte("HEAD ")))
	require.NoError(s.t, err, "%s: %.300q", in.name, got)
	var short []string
	for i, a := range list {
		assert.True(s.t, slices.Contains(f.statuses, a.status), "%s: status %d: %.300s", in.name, a.status, a.body)
		short = append(short, strings.TrimSpace(fmt.Sprint(a.status, " ", a.code)))
		assert.NotEmpty(s.t, a.header.Get("X-Request-Id"), in.name)
		assert.Equal(s.t, "nosniff", a.header.Get("X-Content-Type-Options"), in.name)
		if a.code == "invalid_http" {
			assert.Len(s.t, list, i+1, "%s: something is read after what cannot be read", in.name)
		}
		if a.status < 400 {
			continue
		}
		var p struct {
			Status       int
			Code, Detail string
		}
		if len(a.body) > 0 || !bytes.HasPrefix(in.data, []byte("HEAD ")) {
			assert.Equal(s.t, "application/problem+json", a.header.Get("Content-Type"), in.name)
			require.NoError(s.t, json.Unmarshal(a.body, &p), "%s: %s", in.name, a.body)
			assert.Equal(s.t, a.status, p.Status, in.name)
			assert.NotEmpty(s.t, p.Code, in.name)
			assert.NotEmpty(s.t, p.Detail, in.name)
		}
	}
	for _, secret := range secrets {
		if bytes.Contains(in.data, []byte(secret)) {
			continue // the answer may repeat what was asked for
		}
		require.NotContains(s.t, string(got), secret, "%s: an answer holds what belongs to another", in.name)
	}
	if len(short) == 0 {
		return "closed"
	}
	return summarize(short)
}

// summarize writes answers that repeat as one with their number.
func summarize(short []string) string {
	var b strings.Builder
	for i := 0; i < len(short); {
		n := i
		for n < len(short) && short[n] == short[i] {
			n++
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(short[i])
		if n-i > 1 {
			fmt.Fprintf(&b, " x%d", n-i)
		}
		i = n
	}
	return b.String()
}
