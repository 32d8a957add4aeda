package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// prometheusProgram finds prometheus or promtool, which .ci/setup installs.
func prometheusProgram(t *testing.T, name string) string {
	t.Helper()
	if path, err := exec.LookPath(name); err == nil {
		return path
	}
	cache, err := os.UserCacheDir()
	require.NoError(t, err)
	path := filepath.Join(cache, "flowexpr-ci", name)
	require.FileExists(t, path, "this test runs Prometheus' %s and found none: .ci/setup installs it", name)
	return path
}

// What dashboard and alerts ask for is what a service gives.
func TestQueriedMetrics(t *testing.T) {
	known, err := os.ReadFile(docs + "/operations/metrics.md")
	require.NoError(t, err)
	for _, file := range []string{"dashboard.json", "alerts.yaml"} {
		data, err := os.ReadFile(docs + "/operations/" + file)
		require.NoError(t, err)
		names := regexp.MustCompile(`\bflowexpr_[a-z_]+`).FindAllString(string(data), -1)
		assert.NotEmpty(t, names, file)
		for _, name := range names {
			metric := regexp.MustCompile(`_(bucket|sum|count)$`).ReplaceAllString(name, "")
			assert.Contains(t, string(known), "| `"+metric+"` |", "%s asks for it", file)
		}
	}
}

// Prometheus loads the alert rules, and they say what they should.
func TestAlerts(t *testing.T) {
	for _, args := range [][]string{{"check", "rules", docs + "/operations/alerts.yaml"}, {"test", "rules", "testdata/operations/alerts.yaml"}} {
		output, err := exec.Command(prometheusProgram(t, "promtool"), args...).CombinedOutput()
		assert.NoError(t, err, "%s", output)
		assert.Contains(t, string(output), "SUCCESS")
	}
}

// panel is what the tests read of a panel of a dashboard.
type panel struct {
	ID      int
	Type    string
	Title   string
	GridPos struct{ H, W, X, Y int }
	Targets []struct{ Expr, RefID string }
}

// The dashboard is one: its panels lie side by side, and Prometheus can read each of their queries.
func TestDashboard(t *testing.T) {
	data, err := os.ReadFile(docs + "/operations/dashboard.json")
	require.NoError(t, err)
	var dashboard struct {
		UID, Title    string
		SchemaVersion int
		Panels        []panel
		Templating    struct{ List []struct{ Name string } }
	}
	require.NoError(t, json.Unmarshal(data, &dashboard))
	assert.Equal(t, "flowexpr", dashboard.UID)
	assert.Len(t, dashboard.Templating.List, 3)
	assert.Greater(t, len(dashboard.Panels), 20)
	ids, cells := map[int]bool{}, map[[2]int]string{}
	rules := "groups:\n  - name: dashboard\n    rules:\n"
	queries := strings.NewReplacer("$__rate_interval", "5m", "$job", "flowexpr", "$instance", ".*")
	for _, p := range dashboard.Panels {
		assert.False(t, ids[p.ID], "two panels have the id %d", p.ID)
		ids[p.ID] = true
		for x := p.GridPos.X; x < p.GridPos.X+p.GridPos.W; x++ {
			for y := p.GridPos.Y; y < p.GridPos.Y+p.GridPos.H; y++ {
				assert.Empty(t, cells[[2]int{x, y}], "%s lies on it", p.Title)
				cells[[2]int{x, y}] = p.Title
				assert.Less(t, x, 24, p.Title)
			}
		}
		assert.Equal(t, p.Type != "row", len(p.Targets) > 0, p.Title)
		for _, target := range p.Targets {
			rules += fmt.Sprintf("      - {record: panel_%d_%s, expr: %q}\n", p.ID, target.RefID, queries.Replace(target.Expr))
		}
	}
	output, err := exec.Command(prometheusProgram(t, "promtool"), "check", "rules", writeFile(t, "rules.yaml", rules)).CombinedOutput()
	assert.NoError(t, err, "%s", output)
}
