package faults

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
)

const (
	workspace = "default"
	// perContact is how many calls a contact gets: longer histories take long to check.
	perContact = 60
	// slots is how many contacts are worked on at once.
	slots = 8
)

// contact is the n-th contact, as it is at first.
func contact(n int) (*contactstore.Contact, state) {
	id, err := contactstore.ParseUUID(fmt.Sprintf("5d76d86b-3bb9-4d5a-b822-%012x", n))
	if err != nil {
		panic(err)
	}
	c := &contactstore.Contact{Workspace: workspace, UUID: id, Version: 1, Name: fmt.Sprintf("c%d", n), Status: "active"}
	for _, text := range urns(n) {
		urn, err := contactstore.ParseURN(text)
		if err != nil {
			panic(err)
		}
		c.Connections = append(c.Connections, contactstore.Connection{URN: urn})
	}
	return c, state{version: 1, first: urns(n)[0], name: c.Name}
}

func urns(n int) []string {
	return []string{fmt.Sprintf("ext:%d-a", n), fmt.Sprintf("ext:%d-b", n), fmt.Sprintf("ext:%d-c", n)}
}

// work is clients that call services about contacts, and what they were told.
type work struct {
	t        *testing.T
	services []*service
	record   contactstore.Store // the system of record itself
	begun    time.Time

	stop   atomic.Bool
	taken  atomic.Int64 // contacts that were taken up
	edits  atomic.Int64
	placed [slots]atomic.Int64 // the contact of each slot

	mu    sync.Mutex
	calls map[int][]call // by contact
}

// newWork makes contacts, enough for a run.
func newWork(t *testing.T, record contactstore.Store, services ...*service) *work {
	t.Helper()
	w := &work{t: t, services: services, record: record, begun: time.Now(), calls: map[int][]call{}}
	records := make([]contactstore.Record, 3000+int(length(t, 0).Seconds())*100)
	for n := range records {
		c, _ := contact(n)
		var err error
		records[n], err = contactstore.Encode(c)
		require.NoError(t, err)
	}
	for some := range slices.Chunk(records, 200) {
		refused, err := record.PutMany(ctx, some)
		require.NoError(t, err)
		for _, err := range refused {
			require.NoError(t, err)
		}
	}
	for i := range w.placed {
		w.placed[i].Store(w.taken.Add(1) - 1)
	}
	return w
}

// run lets clients work until during returns, and gives how many calls were answered and how many not.
func (w *work) run(during func()) {
	var clients sync.WaitGroup
	for by := range w.services {
		for range 4 {
			clients.Go(func() {
				for !w.stop.Load() {
					w.once(by)
				}
			})
		}
	}
	during()
	w.stop.Store(true)
	clients.Wait()
}

// once makes one call about the contact of some slot.
func (w *work) once(by int) {
	slot := &w.placed[rand.N(slots)]
	n := int(slot.Load())
	id, _ := contact(n)
	in := w.choose(n)
	_, life := w.services[by].Where()
	c := call{input: in, by: by, life: life, begun: int64(time.Since(w.begun))}
	path := "/v1/contacts/" + id.UUID.String()
	var status int
	var answer []byte
	switch in.kind {
	case "read":
		status, answer = w.services[by].call("GET", path, nil)
	case "edit":
		status, answer = w.services[by].call("PATCH", path, map[string]string{"name": in.text})
	case "promote":
		status, answer = w.services[by].call("POST", path+"/connections/"+in.text+"/promote", map[string]int{"to": 1})
	case "interact":
		at := time.UnixMicro(in.at).UTC().Format(time.RFC3339Nano)
		status, answer = w.services[by].call("POST", path+"/interactions", map[string]string{"urn": in.text, "at": at})
	}
	c.ended = int64(time.Since(w.begun))
	known := status == 200
	if known {
		c.output = w.told(n, answer)
	}
	w.mu.Lock()
	w.calls[n] = append(w.calls[n], c)
	many := len(w.calls[n]) >= perContact
	w.mu.Unlock()
	if !known && status != 409 && status != 503 && status != 0 && status != 504 {
		assert.Fail(w.t, "unexpected answer", "%d %s", status, answer)
	}
	if many || !known && in.kind != "read" { // what became of it is decided later: the history stays short
		slot.CompareAndSwap(int64(n), w.taken.Add(1)-1)
	}
	if !known {
		time.Sleep(20 * time.Millisecond) // something is away
	}
}

func (w *work) choose(n int) input {
	switch rand.N(6) {
	case 0:
		return input{kind: "edit", text: fmt.Sprintf("c%d e%d", n, w.edits.Add(1))}
	case 1:
		return input{kind: "promote", text: urns(n)[rand.N(3)]}
	case 2:
		return input{kind: "interact", text: urns(n)[rand.N(3)], at: time.Now().UnixMicro()}
	}
	return input{kind: "read"}
}

// told reads an answer, and asserts that it is about the contact.
func (w *work) told(n int, answer []byte) output {
	var body struct {
		ETag uint64 `json:"etag"`
		person
		Contact *person `json:"contact"`
	}
	if !assert.NoError(w.t, json.Unmarshal(answer, &body), string(answer)) {
		return output{}
	}
	p := body.person
	if body.Contact != nil {
		p = *body.Contact
	}
	id, _ := contact(n)
	if !assert.Equal(w.t, id.UUID.String(), p.UUID, "no answer holds another contact") || !assert.Len(w.t, p.URNs, 3) {
		return output{}
	}
	assert.True(w.t, p.Name == id.Name || strings.HasPrefix(p.Name, id.Name+" "), p.Name)
	for _, urn := range p.URNs {
		assert.True(w.t, strings.HasPrefix(urn, fmt.Sprintf("ext:%d-", n)), urn)
	}
	return output{version: body.ETag, first: p.URNs[0], name: p.Name}
}

type person struct {
	UUID string   `json:"uuid"`
	Name string   `json:"name"`
	URNs []string `json:"urns"`
}

// check asserts that nothing acknowledged was lost and that what clients saw is possible, and says what there was.
// linear reads have to fit into the order of the writes; others may be behind by up to maxStaleness.
func (w *work) check(linear bool, maxStaleness time.Duration) {
	w.t.Helper()
	answered, unanswered, acknowledged := 0, 0, 0
	var worst time.Duration
	for n, calls := range w.calls {
		c, first := contact(n)
		r, err := w.record.Get(ctx, workspace, c.UUID)
		require.NoError(w.t, err)
		now := int64(time.Since(w.begun))
		found := output{version: r.Version(), first: r.At(0).Identity(), name: r.Name()}
		calls = append(calls, call{input: input{kind: "read"}, output: found, begun: now, ended: now + 1, by: -1})
		for _, c := range calls {
			switch {
			case c.version == 0:
				unanswered++
			case c.kind != "read":
				acknowledged++
				answered++
				assert.LessOrEqual(w.t, c.version, found.version, "%s: an acknowledged write was lost", first.name)
			default:
				answered++
			}
		}
		checkWrites(w.t, first, calls, linear)
		if !linear {
			worst = max(worst, checkReads(w.t, first, calls, maxStaleness))
		}
	}
	require.Positive(w.t, acknowledged)
	w.t.Logf("%d contacts: %d calls answered, %d of them writes acknowledged, %d not answered; none lost, none of another contact; the furthest read was %s behind (at most %s)",
		len(w.calls), answered, acknowledged, unanswered, worst.Round(time.Microsecond), maxStaleness)
}
