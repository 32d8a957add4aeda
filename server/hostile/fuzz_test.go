package hostile_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
)

// maxFuzzed bounds the seeds of fuzzing, in bytes: what is large tries limits, which fuzzing does not.
const maxFuzzed = 4 << 10

// FuzzHTTP sends bytes as one connection: whatever they are, answers are well formed, none is a fault of the service, and
// none holds what belongs to somebody else.
func FuzzHTTP(f *testing.F) {
	for _, family := range families() {
		for i, in := range family.inputs {
			if len(in.data) <= maxFuzzed && i%10 == 0 {
				f.Add(in.data)
			}
		}
	}
	s := start(f, nil)
	f.Fuzz(func(t *testing.T, data []byte) {
		if bytes.Contains(data, []byte(theirs)) {
			return // they may see what is theirs
		}
		s.with(t).theyCall()
		got, err := s.send(data)
		require.NoError(t, err)
		s.check(t, data, got)
	})
}

// FuzzBody sends a body to each call that takes one.
func FuzzBody(f *testing.F) {
	for i, c := range calls() {
		f.Add(uint8(i), c.body("", ""))
	}
	for _, body := range malformed() {
		if len(body) <= maxFuzzed {
			f.Add(uint8(0), body)
		}
	}
	for _, template := range oddTemplates() {
		if len(template) <= maxFuzzed {
			f.Add(uint8(0), `{"template":`+jsonOf(template)+`}`)
		}
	}
	s := start(f, nil)
	all := calls()
	f.Fuzz(func(t *testing.T, which uint8, body string) {
		c := all[int(which)%len(all)]
		data := []byte(request(c.method, c.path, scratch, body))
		got, err := s.send(data)
		require.NoError(t, err)
		s.check(t, data, got)
	})
}

// check holds what comes back against what must hold for any bytes.
func (s *service) check(t *testing.T, data, got []byte) {
	t.Helper()
	require.Empty(t, s.log.take())
	for _, secret := range secrets {
		if !bytes.Contains(data, []byte(secret)) {
			require.NotContains(t, string(got), secret)
		}
	}
	if bytes.Contains(data, []byte("HEAD ")) {
		return // whose answers cannot be read without knowing which they are
	}
	list, err := answers(got, false)
	require.NoError(t, err)
	for _, a := range list {
		require.True(t, a.status < 500 || a.status == 505, "%d %s", a.status, a.body)
		require.True(t, a.status < 400 || a.code != "", "%d %s", a.status, a.body)
	}
}
