package server_test

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/memstore"
	"github.com/flowexpr/flowexpr/engine"
	"github.com/flowexpr/flowexpr/server"
)

// together runs work n times at once.
func together(n int, work func(i int)) {
	var group sync.WaitGroup
	begin := make(chan struct{})
	for i := range n {
		group.Go(func() {
			<-begin
			work(i)
		})
	}
	close(begin)
	group.Wait()
}

func (s *service) contact(path string) *contactstore.Contact {
	s.t.Helper()
	contact, err := contactstore.ParseContact([]byte(s.do("GET", path, "").body))
	require.NoError(s.t, err)
	return contact
}

// patiently repeats a call for as long as it is told that others were faster.
func (s *service) patiently(method, path, body string) answer {
	for {
		a, err := s.try(method, path, body)
		if !assert.NoError(s.t, err) || a.code() != "stale_version" {
			return a
		}
	}
}

func TestWritersAtTheSameTime(t *testing.T) {
	s := start(t, nil)
	const writers = 8
	together(writers, func(i int) {
		assert.Equal(t, 201, s.patiently("POST", jane+"/connections", fmt.Sprintf(`{"urn": "ext:%d", "priority": %d}`, i, i%3+1)).status)
		assert.Equal(t, 200, s.patiently("PATCH", jane, fmt.Sprintf(`{"fields": {"f%d": %d}}`, i, i)).status)
		assert.Equal(t, 200, s.patiently("POST", fmt.Sprintf("%s/connections/ext:%d/promote", jane, i), "{}").status)
	})
	contact := s.contact(jane)
	assert.Len(t, contact.Connections, 4+writers, "no connection is lost")
	assert.Len(t, contact.Fields, 3+writers, "no field is lost")
}

func TestOneOfTwoWritersIsTold(t *testing.T) {
	s := start(t, nil)
	for version := 1; version <= 10; version++ {
		statuses := make([]int, 2)
		together(2, func(i int) {
			a, err := s.try("PATCH", jane, fmt.Sprintf(`{"name": "Jane %d %d"}`, version, i), "If-Match", fmt.Sprintf(`"%d"`, version))
			assert.NoError(t, err)
			statuses[i] = a.status
		})
		assert.ElementsMatch(t, []int{200, 412}, statuses)
	}
}

func TestOneURNManyTakers(t *testing.T) {
	s := start(t, nil)
	statuses := make([]int, 6)
	together(len(statuses), func(i int) {
		a, err := s.try("POST", "/v1/contacts", `{"name": "Taker", "urns": ["ext:prize"]}`)
		assert.NoError(t, err)
		statuses[i] = a.status
	})
	assert.ElementsMatch(t, []int{201, 409, 409, 409, 409, 409}, statuses)
}

func TestPutOfANewContactByMany(t *testing.T) {
	s := start(t, nil)
	const path = "/v1/contacts/00000000-0000-4000-8000-000000000300"
	created := make([]int, 6)
	together(len(created), func(i int) {
		a, err := s.try("PUT", path, fmt.Sprintf(`{"name": "N%d"}`, i))
		assert.NoError(t, err)
		created[i] = a.status
	})
	assert.ElementsMatch(t, []int{201, 200, 200, 200, 200, 200}, created)
}

func TestSettingsByMany(t *testing.T) {
	s := start(t, nil)
	patches := []string{`{"country": "US"}`, `{"timezone": "Africa/Kigali"}`, `{"redact_urns": true}`, `{"contact_urn": "any"}`}
	together(len(patches), func(i int) {
		assert.Equal(t, 200, s.patiently("PATCH", "/v1/settings", patches[i]).status)
	})
	var got map[string]any
	require.NoError(t, json.Unmarshal([]byte(s.do("GET", "/v1/settings", "").body), &got))
	assert.Equal(t, []any{"US", "Africa/Kigali", true, "any"}, []any{got["country"], got["timezone"], got["redact_urns"], got["contact_urn"]})
}

func TestEvaluationsBesideChanges(t *testing.T) {
	s := start(t, nil)
	require.Equal(t, 200, s.do("PATCH", "/v1/settings", `{"globals": {"org": "ACME"}}`).status)
	together(4, func(i int) {
		for n := range 20 {
			if i == 0 {
				org := []string{"ACME", "Globex"}[n%2]
				assert.Equal(t, 200, s.patiently("PATCH", "/v1/settings", `{"globals": {"org": "`+org+`"}}`).status)
				s.clock.Advance(time.Second)
				continue
			}
			a, err := s.try("POST", "/v1/evaluate", `{"template": "@globals.org", "settings": {"country": "US"}}`)
			assert.NoError(t, err)
			assert.Contains(t, []string{`{"text":"ACME","warnings":[]}`, `{"text":"Globex","warnings":[]}`}, a.body)
		}
	})
}

// Settings that another instance changes are seen within a second, and by many requests read once.
func TestSettingsOfAnotherInstance(t *testing.T) {
	store := &hookedStore{Store: memstore.New()}
	one := start(t, func(o *server.Options) { o.Store = store })
	two := start(t, func(o *server.Options) { o.Store = store })
	value := func(s *service) string { return s.do("POST", "/v1/evaluate", `{"template": "@globals.org"}`).body }

	require.Equal(t, 200, one.do("PATCH", "/v1/settings", `{"globals": {"org": "ACME"}}`).status)
	assert.Contains(t, value(two), "ACME", "never read before")
	require.Equal(t, 200, one.do("PATCH", "/v1/settings", `{"globals": {"org": "Globex"}}`).status)
	assert.Contains(t, value(one), "Globex", "its own change counts at once")
	assert.Contains(t, value(two), "ACME")
	two.clock.Advance(time.Second)
	assert.Contains(t, value(two), "Globex")

	var mu sync.Mutex
	reads := 0
	store.set(func(_ context.Context, call string) error {
		mu.Lock()
		defer mu.Unlock()
		if call == "settings" {
			reads++
		}
		return nil
	})
	for range 10 {
		value(two)
	}
	two.clock.Advance(time.Second)
	for range 10 {
		value(two)
	}
	assert.Equal(t, 1, reads)
}

func BenchmarkEvaluate(b *testing.B) {
	eng, err := engine.New(engine.Options{})
	require.NoError(b, err)
	store := memstore.New()
	fill(b, store, server.DefaultWorkspace)
	s, err := server.New(server.Options{Engine: eng, Store: store})
	require.NoError(b, err)
	handler := s.Handler()
	ctx := &fasthttp.RequestCtx{}
	ctx.Request.Header.SetMethod("POST")
	ctx.Request.SetRequestURI("http://127.0.0.1:8090/v1/evaluate")
	ctx.Request.SetBodyString(`{"template": "Hi @contact.first_name, we will use @contact.urn", "contact": {"uuid": "5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f"}}`)
	b.ReportAllocs()
	for b.Loop() {
		ctx.Response.Reset()
		handler(ctx)
	}
	require.Equal(b, 200, ctx.Response.StatusCode())
}
