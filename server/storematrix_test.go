package server_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/embedded"
	"github.com/flowexpr/flowexpr/contactstore/memstore"
	"github.com/flowexpr/flowexpr/contactstore/redisstore"
	"github.com/flowexpr/flowexpr/contactstore/redisstore/redistest"
	"github.com/flowexpr/flowexpr/server"
)

// stores are the stores that the service runs on.
var stores = map[string]func(t *testing.T) contactstore.Store{
	"memory": func(*testing.T) contactstore.Store { return memstore.New() },
	"embedded": func(t *testing.T) contactstore.Store {
		store, err := embedded.Open(t.TempDir(), embedded.Options{})
		require.NoError(t, err)
		return store
	},
	"redis": func(t *testing.T) contactstore.Store {
		store, err := redisstore.Open(context.Background(), redistest.Start(t).URL(), redisstore.Options{})
		require.NoError(t, err)
		return store
	},
}

// onEachStore runs a test with a server over each store.
func onEachStore(t *testing.T, test func(t *testing.T, s *service)) {
	for name, open := range stores {
		t.Run(name, func(t *testing.T) {
			store := open(t)
			t.Cleanup(func() { assert.NoError(t, store.Close()) })
			fill(t, store, server.DefaultWorkspace)
			test(t, start(t, func(o *server.Options) { o.Store = store }))
		})
	}
}

// connectionTypes is the table of connection types, variables and channel types.
var connectionTypes = []struct {
	title, value string
	variables    []string
	urn          string
	channelTypes []string
}{
	{"Phone Number", "+1 (323) 375-4890", []string{"contact.urn", "urns.tel"}, "tel:+13233754890", []string{"Twilio", "Plivo", "Nexmo", "Clickatell", "Africa's Talking", "Android"}},
	{"Email Address", "Joe@Example.org", []string{"urns.mailto"}, "mailto:joe@example.org", []string{"Surveyor"}},
	{"Twitter Handle", "@JoeDoe", []string{"urns.twitter"}, "twitter:joedoe", []string{"Twitter"}},
	{"Telegram Identifier", "8090", []string{"urns.telegram"}, "telegram:8090", []string{"Telegram"}},
	{"External Identifier", "Joe#1", []string{"contact.ext", "urns.ext"}, "ext:Joe%231", []string{"External API"}},
}

const joe = "/v1/contacts/00000000-0000-4000-8000-00000000000a"

func TestConnectionTypesOnEachStore(t *testing.T) {
	onEachStore(t, func(t *testing.T, s *service) {
		for _, tt := range connectionTypes {
			t.Run(tt.title, func(t *testing.T) {
				require.Equal(t, 201, s.do("PUT", joe, `{"name": "Joe"}`).status)
				for _, variable := range tt.variables {
					text, codes := s.evaluate(t, "@"+variable)
					assert.Empty(t, text)
					assert.Equal(t, []string{"no_connection"}, codes, "before there is one")
				}
				added := s.do("POST", joe+"/connections", fmt.Sprintf(`{"type": %q, "value": %q}`, tt.title, tt.value))
				require.Equal(t, 201, added.status, added.body)
				for _, variable := range tt.variables {
					text, codes := s.evaluate(t, "@"+variable)
					assert.Equal(t, tt.urn, text)
					assert.Empty(t, codes)
				}
				s.goesTo(t, tt.urn, tt.title, tt.channelTypes)
				assert.Equal(t, joe[len("/v1/contacts/"):], s.contact("/v1/contacts?urn="+url.QueryEscape(tt.urn)).UUID.String())
				require.Equal(t, 204, s.do("DELETE", joe, "").status)
				assert.Equal(t, 404, s.do("GET", "/v1/contacts?urn="+url.QueryEscape(tt.urn), "").status, "it is free again")
			})
		}
	})
}

// evaluate evaluates a template for Joe and gives its text and the codes of its warnings.
func (s *service) evaluate(t *testing.T, template string) (text string, codes []string) {
	t.Helper()
	a := s.do("POST", "/v1/evaluate", fmt.Sprintf(`{"template": %q, "contact": {"uuid": %q}}`, template, joe[len("/v1/contacts/"):]))
	require.Equal(t, 200, a.status, a.body)
	var got struct {
		Text     string `json:"text"`
		Warnings []struct {
			Code string `json:"code"`
		} `json:"warnings"`
	}
	require.NoError(t, json.Unmarshal([]byte(a.body), &got))
	for _, w := range got.Warnings {
		codes = append(codes, w.Code)
	}
	return got.Text, codes
}

// goesTo asserts where a message to Joe goes.
func (s *service) goesTo(t *testing.T, urn, connectionType string, channelTypes []string) {
	t.Helper()
	var got struct {
		URN            string   `json:"urn"`
		ConnectionType string   `json:"connection_type"`
		ChannelTypes   []string `json:"channel_types"`
	}
	require.NoError(t, json.Unmarshal([]byte(s.do("GET", joe+"/destination", "").body), &got))
	assert.Equal(t, urn, got.URN)
	assert.Equal(t, connectionType, got.ConnectionType)
	assert.Equal(t, channelTypes, got.ChannelTypes)
}

// A contact with all types of connections has each variable at once, and sends to the one used last.
func TestAllConnectionTypesOfOneContactOnEachStore(t *testing.T) {
	onEachStore(t, func(t *testing.T, s *service) {
		require.Equal(t, 201, s.do("PUT", joe, `{"name": "Joe"}`).status)
		var template, want []string
		for _, tt := range connectionTypes {
			require.Equal(t, 201, s.do("POST", joe+"/connections", fmt.Sprintf(`{"type": %q, "value": %q}`, tt.title, tt.value)).status)
			for _, variable := range tt.variables {
				template, want = append(template, "@"+variable), append(want, tt.urn)
			}
		}
		text, codes := s.evaluate(t, strings.Join(template, " "))
		assert.Equal(t, strings.Join(want, " "), text)
		assert.Empty(t, codes)
		for i, tt := range connectionTypes {
			a := s.do("POST", joe+"/interactions", fmt.Sprintf(`{"urn": %q, "at": "2026-11-24T12:0%d:00Z"}`, tt.urn, i))
			require.Equal(t, 200, a.status, a.body)
			s.goesTo(t, tt.urn, tt.title, tt.channelTypes)
		}
	})
}

// The same conversations, whatever the store.
func TestConversationsOnEachStore(t *testing.T) {
	for _, file := range []string{"contacts.http", "connections.http", "interactions.http", "settings.http"} {
		t.Run(file, func(t *testing.T) {
			onEachStore(t, func(t *testing.T, s *service) {
				want, got := s.conversation(t, "testdata/"+file)
				assert.Equal(t, want, got)
			})
		})
	}
}
