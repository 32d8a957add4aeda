package faults

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/pgstore/pgtest"
	"github.com/flowexpr/flowexpr/contactstore/redisstore/redistest"
)

// imported is how many contacts an import has that is killed.
const imported = 3000

// An import is killed in the middle, again and again, and run again: it goes on, and all contacts are there at the end, once.
func TestImportKilled(t *testing.T) {
	t.Parallel()
	var file bytes.Buffer
	for i := range imported {
		c, _ := contact(i)
		file.Write(contactstore.AppendJSON(nil, c))
		file.WriteByte('\n')
	}
	postgres := pgtest.Start(t, "fsync=on", "full_page_writes=on")
	for end := time.Now().Add(length(t, 0)); ; {
		t.Run("postgres", func(t *testing.T) {
			importKilled(t, file.Bytes(), "--postgres", postgres.Database(), "--redis", redistest.Start(t).URL())
		})
		t.Run("redis", func(t *testing.T) {
			importKilled(t, file.Bytes(), "--redis", redistest.Start(t, durable...).URL())
		})
		t.Run("embedded", func(t *testing.T) { importKilled(t, file.Bytes(), "--data", t.TempDir()) })
		if !time.Now().Before(end) {
			return
		}
	}
}

// importKilled imports a file into the store that flags choose: first by processes that are killed when they have
// read more and more of it, then by one that ends. What is there afterwards another one exports.
func importKilled(t *testing.T, file []byte, store ...string) {
	t.Helper()
	killed := 0
	for part := 3; part <= 9; part += 2 {
		cmd := exec.Command(built, append([]string{"import", "-"}, store...)...)
		feed, err := cmd.StdinPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		_, err = feed.Write(file[:len(file)*part/10])
		require.NoError(t, err)
		require.NoError(t, cmd.Process.Kill())
		require.Error(t, cmd.Wait())
		require.Equal(t, -1, cmd.ProcessState.ExitCode(), "it did not end by itself")
		killed++
	}
	var summary struct{ Rows, Added, Changed, Unchanged, Failed int }
	require.NoError(t, json.Unmarshal(flowexpr(t, file, append([]string{"import", "-", "--json"}, store...)...), &summary))
	assert.Positive(t, summary.Unchanged, "it was killed in the middle")
	assert.Equal(t, imported, summary.Added+summary.Unchanged)

	found := 0
	for line := range bytes.Lines(flowexpr(t, nil, append([]string{"export"}, store...)...)) {
		got, err := contactstore.ParseContact(line)
		require.NoError(t, err)
		want, _ := contact(found)
		require.Equal(t, want.UUID, got.UUID, "in the order of UUIDs")
		require.Equal(t, want.Name, got.Name)
		require.Len(t, got.Connections, len(want.Connections))
		for i, c := range want.Connections {
			require.Equal(t, c.URN, got.Connections[i].URN)
		}
		found++
	}
	assert.Equal(t, imported, found)
	t.Logf("an import of %d contacts, killed %d times: the killed ones had stored %d, the last one added %d; %d found afterwards, each once", imported, killed, summary.Unchanged, summary.Added, found)
}

// flowexpr runs a command of the program to its end, and gives what it printed.
func flowexpr(t *testing.T, stdin []byte, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(built, args...)
	var said bytes.Buffer
	cmd.Stdin, cmd.Stderr = bytes.NewReader(stdin), &said
	printed, err := cmd.Output()
	require.NoError(t, err, said.String())
	return printed
}
