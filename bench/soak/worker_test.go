package soak

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// worker is one client with contacts of its own.
type worker struct {
	*client
	tally  *tally
	own    []*contact
	shared []*contact // all of its workspace's workers read them, nobody changes them

	clock int64 // time of its latest interaction, in µs since 1970
	count int   // makes names and templates that were not there yet
}

// operation is something that workers do.
type operation struct {
	weight int
	do     func(*worker, *contact)
}

// owned are done with a contact that belongs to the worker, and of which it is known what it is. Where the contact is
// not there it is made instead.
var owned = []operation{
	{40, (*worker).evaluate}, {10, (*worker).get}, {8, (*worker).rename}, {3, (*worker).renameLate}, {10, (*worker).interact}, {2, (*worker).interactLate},
	{5, (*worker).promote}, {4, (*worker).add}, {3, (*worker).edit}, {3, (*worker).remove}, {2, (*worker).delete}, {2, (*worker).deny}, {2, (*worker).destination},
	{4, (*worker).batch}, {2, (*worker).dryRun},
}

// others are done with a contact that all share.
var others = []operation{{12, (*worker).evaluate}, {3, (*worker).get}, {2, (*worker).group}, {1, (*worker).list}, {1, (*worker).destination}}

// once does one thing.
func (w *worker) once() {
	w.count++
	if rand.N(5) == 0 {
		choose(others)(w, w.shared[rand.N(len(w.shared))])
		return
	}
	c := w.own[rand.N(len(w.own))]
	switch {
	case c.lost:
	case !c.known():
		w.settle(c)
	case !c.is.exists && rand.N(3) > 0:
		w.create(c)
	case !c.is.exists:
		w.get(c)
	default:
		choose(owned)(w, c)
	}
}

func choose(operations []operation) func(*worker, *contact) {
	total := 0
	for _, o := range operations {
		total += o.weight
	}
	n := rand.N(total)
	for _, o := range operations {
		if n -= o.weight; n < 0 {
			return o.do
		}
	}
	return operations[0].do
}

// backOff lets some time pass while something is away.
func backOff() { time.Sleep(5 * time.Millisecond) }

// read reports whether a read was answered.
func (w *worker) read(a answer) bool {
	if a.silent() {
		w.tally.count(func() { w.tally.unanswered++ })
		backOff()
		return false
	}
	return true
}

// wrong notes an answer that does not fit, and gives its contact up.
func (w *worker) wrong(c *contact, kind string, a answer, how string) {
	c.lost = true
	w.tally.mismatch("%s of %s in %s: %s; the model is %+v; the answer is %s", kind, c.uuid(), c.workspace, how, c.is, a)
}

// get reads a contact.
func (w *worker) get(c *contact) {
	a := w.call(w.reading(), "GET", c.path(), nil)
	if !w.read(a) {
		return
	}
	w.tally.operation("get")
	if how := c.fits(c.is, a, 200); how != "" {
		w.wrong(c, "get", a, how)
	}
}

// fits says why an answer with a contact is not of a state, "" where it is. Status is the one of success.
func (c *contact) fits(s state, a answer, status int) string {
	if !s.exists {
		if a.status == 404 {
			return ""
		}
		return fmt.Sprintf("got status %d, want 404", a.status)
	}
	if a.status != status {
		return fmt.Sprintf("got status %d, want %d", a.status, status)
	}
	got, err := decode(a)
	if err != nil {
		return err.Error()
	}
	return c.differs(s, a, got)
}

// change makes a write that leads to a state.
func (w *worker) change(c *contact, kind string, next state, status int, method, path string, body any, headers ...string) {
	a := w.call(w.write, method, c.path()+path, body, headers...)
	if a.silent() {
		if changes := next.version != c.is.version || next.exists != c.is.exists; changes && !a.unsent {
			c.maybe = []state{next}
			w.tally.count(func() { w.tally.unknown++ })
		}
		backOff()
		return
	}
	w.tally.operation(kind)
	how := ""
	switch {
	case !next.exists && a.status == status: // it is gone, and the answer says nothing
	case !next.exists:
		how = fmt.Sprintf("got status %d, want %d", a.status, status)
	default:
		how = c.fits(next, a, status)
	}
	if how != "" {
		w.wrong(c, kind, a, how)
		return
	}
	c.is = next
	w.tally.count(func() { w.tally.writes++ })
}

// ifMatch are headers that hold a write to what the contact is, or none, as chance has it.
func (c *contact) ifMatch() []string {
	if rand.N(2) == 0 {
		return nil
	}
	return c.onlyIfMatch()
}

func (c *contact) onlyIfMatch() []string {
	return []string{"If-Match", fmt.Sprintf("%q", fmt.Sprint(c.is.version))}
}

func (w *worker) freshName(c *contact) string {
	return fmt.Sprintf("%s %d #%d", c.workspace, c.n, w.count)
}

func (w *worker) create(c *contact) {
	next := c.fresh(w.freshName(c))
	w.change(c, "create", next, 201, "PUT", "", c.body(next), "If-None-Match", "*")
}

func (w *worker) rename(c *contact) {
	next := c.is.named(w.freshName(c))
	w.change(c, "rename", next, 200, "PATCH", "", map[string]string{"name": next.name}, c.ifMatch()...)
}

// renameLate asks for a change of a version that is past.
func (w *worker) renameLate(c *contact) {
	a := w.call(w.write, "PATCH", c.path(), map[string]string{"name": "never"}, "If-Match", fmt.Sprintf("%q", fmt.Sprint(c.is.version-1)))
	if !w.read(a) {
		return
	}
	w.tally.operation("rename refused")
	if a.status != 412 {
		w.wrong(c, "late rename", a, "want 412")
	}
}

// some is one of the contact's connections; false where it has none.
func (c *contact) some() (string, bool) {
	if len(c.is.lines) == 0 {
		return "", false
	}
	return c.is.lines[rand.N(len(c.is.lines))].urn, true
}

func (w *worker) interact(c *contact) {
	w.clock += 1 + rand.Int64N(1_000_000)
	w.interactAt(c, "interact", w.clock)
}

// interactLate is told late of an interaction.
func (w *worker) interactLate(c *contact) {
	w.interactAt(c, "interact late", w.clock-rand.Int64N(100_000_000))
}

func (w *worker) interactAt(c *contact, kind string, at int64) {
	urn, ok := c.some()
	if !ok {
		return
	}
	body := map[string]any{"urn": urn, "at": time.UnixMicro(at).UTC().Format(time.RFC3339Nano)}
	w.change(c, kind, c.is.interacted(urn, at), 200, "POST", "/interactions", body)
}

func (w *worker) promote(c *contact) {
	urn, ok := c.some()
	if !ok {
		return
	}
	place := rand.N(len(c.is.lines) + 1)
	var body any
	if place > 0 {
		body = map[string]int{"to": place}
	}
	w.change(c, "promote", c.is.promoted(urn, place), 200, "POST", "/connections/"+urn+"/promote", body, c.ifMatch()...)
}

// mostLines is how many connections a contact gets.
const mostLines = 8

// spare is a URN that the contact does not have.
func (c *contact) spare() string {
	for {
		urn := fmt.Sprintf("ext:%d-x%d", c.n, rand.N(2*mostLines))
		if !c.is.has(urn) {
			return urn
		}
	}
}

func (w *worker) add(c *contact) {
	if len(c.is.lines) == mostLines {
		return
	}
	urn, place := c.spare(), 1+rand.N(len(c.is.lines)+1)
	w.change(c, "add a connection", c.is.added(urn, place), 201, "POST", "/connections", map[string]any{"urn": urn, "priority": place}, c.ifMatch()...)
}

func (w *worker) edit(c *contact) {
	urn, ok := c.some()
	if !ok {
		return
	}
	after := c.spare()
	w.change(c, "edit a connection", c.is.edited(urn, after), 200, "PATCH", "/connections/"+urn, map[string]string{"urn": after}, c.ifMatch()...)
}

func (w *worker) remove(c *contact) {
	urn, ok := c.some()
	if !ok {
		return
	}
	w.change(c, "remove a connection", c.is.removed(urn), 200, "DELETE", "/connections/"+urn, nil, c.ifMatch()...)
}

// delete is held to a version: what is done later than it is answered must not hit what is written meanwhile.
func (w *worker) delete(c *contact) {
	w.change(c, "delete", state{}, 204, "DELETE", "", nil, c.onlyIfMatch()...)
}

// deny asks for what the token does not allow.
func (w *worker) deny(c *contact) {
	token, status := w.client.read, 403
	if rand.N(2) == 0 {
		token, status = "nobody's", 401
	}
	a := w.call(token, "PATCH", c.path(), map[string]string{"name": "never"})
	if !w.read(a) {
		return
	}
	w.tally.operation("denied")
	if a.status != status {
		w.wrong(c, "denied", a, fmt.Sprintf("want %d", status))
	}
}

// settle finds out what became of writes that were not answered. A read that shows one of them tells. One that does not
// tells nothing yet: a server that was paused may have it still to do. So the contact is written too, by the version
// that it was read with: either this is done, and nothing that was to follow that version can be, or it is refused.
func (w *worker) settle(c *contact) {
	a := w.call(w.write, "GET", c.path(), nil)
	if !w.read(a) {
		return
	}
	w.tally.operation("settle")
	for i, s := range c.maybe {
		if c.fits(s, a, 200) == "" {
			w.settled(c, s, i == 0)
			return
		}
	}
	if how := c.fits(c.is, a, 200); how != "" || c.past {
		w.wrong(c, "settle", a, fmt.Sprintf("%s; it may have become %+v", how, c.maybe))
		return
	}
	w.exclude(c)
}

// exclude writes a contact that is as it was before a write that was not answered.
func (w *worker) exclude(c *contact) {
	var a answer
	next := c.is.named(w.freshName(c))
	if c.is.exists {
		a = w.call(w.write, "PATCH", c.path(), map[string]string{"name": next.name}, c.onlyIfMatch()...)
	} else {
		next = c.fresh(next.name)
		a = w.call(w.write, "PUT", c.path(), c.body(next), "If-None-Match", "*")
	}
	switch {
	case a.silent():
		if !a.unsent {
			c.maybe = append(c.maybe, next)
		}
		backOff()
	case a.status == 412 || a.status == 404 && c.is.exists:
		c.past = true
	case c.fits(next, a, next.created()) != "":
		w.wrong(c, "settle", a, c.fits(next, a, next.created()))
	default:
		w.settled(c, next, false)
	}
}

// created is the status of the write that made this state.
func (s state) created() int {
	if s.version == 1 {
		return 201
	}
	return 200
}

// settled notes what a contact is; done says whether the write that was not answered was done.
func (w *worker) settled(c *contact, s state, done bool) {
	c.is, c.maybe, c.past = s, nil, false
	w.tally.count(func() {
		if done {
			w.tally.done++
		} else {
			w.tally.undone++
		}
	})
}
