package transfer_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/contactstore/memstore"
	"github.com/flowexpr/flowexpr/contactstore/transfer"
)

var update = flag.Bool("update", false, "write testdata/import/*.want instead of comparing them")

// TestFiles imports each file of testdata/import into a store that has the contacts of FILE.before and the settings of
// FILE.settings, if there are such, and compares what came of it with FILE.want. A second import must change nothing.
func TestFiles(t *testing.T) {
	files, err := filepath.Glob("testdata/import/*.*")
	require.NoError(t, err)
	ran := 0
	for _, file := range files {
		switch filepath.Ext(file) {
		case ".want", ".before", ".settings":
			continue
		}
		ran++
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			s := prepared(t, file)
			got, first := outcome(t, s, file, text)
			if *update {
				require.NoError(t, os.WriteFile(file+".want", []byte(got), 0o600))
			}
			want, err := os.ReadFile(file + ".want")
			require.NoError(t, err)
			assert.Equal(t, string(want), got)

			before := dump(t, s)
			_, again := outcome(t, s, file, text)
			assert.Equal(t, before, dump(t, s), "a second run changes nothing")
			assert.Equal(t, [4]int{0, 0, first.Rows - first.Failed, first.Failed}, counts(again))
			for _, batch := range []int{1, 2} {
				other := prepared(t, file)
				_, _ = transfer.Import(ctx, other, workspace, bytes.NewReader(text), transfer.Options{Name: file, Batch: batch})
				assert.Equal(t, before, dump(t, other), "batches of %d", batch)
			}
		})
	}
	assert.Greater(t, ran, 20)
}

func prepared(t *testing.T, file string) contactstore.Store {
	t.Helper()
	s := memstore.New()
	if settings, err := os.ReadFile(file + ".settings"); err == nil {
		require.NoError(t, s.PutSettings(ctx, workspace, settings, 1))
	}
	if before, err := os.ReadFile(file + ".before"); err == nil {
		load(t, s, string(before), transfer.Options{})
	}
	return s
}

// outcome imports, and writes down all that came of it.
func outcome(t *testing.T, s contactstore.Store, file string, text []byte) (string, transfer.Summary) {
	t.Helper()
	var out strings.Builder
	summary, err := transfer.Import(ctx, s, workspace, bytes.NewReader(text), transfer.Options{
		Name:      file,
		OnWarning: func(w string) { fmt.Fprintln(&out, "warning:", w) },
		OnProblem: func(p transfer.Problem) {
			line, err := json.Marshal(p)
			require.NoError(t, err)
			fmt.Fprintf(&out, "%s\n    public: %s\n", line, p.Public())
		},
	})
	var known *contactstore.Error
	if errors.As(err, &known) {
		fmt.Fprintf(&out, "error: %s: %s (%s)\n", known.Code, known, known.Hint)
	} else {
		require.NoError(t, err)
	}
	fmt.Fprintf(&out, "%d rows: %d added, %d changed, %d unchanged, %d failed\n", summary.Rows, summary.Added, summary.Changed, summary.Unchanged, summary.Failed)
	return out.String() + dump(t, s), summary
}
