package redisstore

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/flowexpr/flowexpr/contactstore/storetest"
)

func TestContactOf(t *testing.T) {
	for _, workspace := range []string{"acme", "a:b", "a b"} {
		key := contactKey(workspace, storetest.ID(7))
		assert.True(t, len(key) > len(WatchedPrefix) && key[:len(WatchedPrefix)] == WatchedPrefix, key)
		got, id, ok := ContactOf(key)
		assert.True(t, ok, key)
		assert.Equal(t, workspace, got)
		assert.Equal(t, storetest.ID(7), id)
	}
	for _, key := range []string{"", WatchedPrefix, urnKey("acme", "ext:1"), settingsKey("acme"), contactKey("acme", storetest.ID(7)) + "0"} {
		_, _, ok := ContactOf(key)
		assert.False(t, ok, key)
	}
}
