package engine_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/engine"
	"github.com/flowexpr/flowexpr/vars"
)

// session is what the examples of functions are evaluated in.
func session(t testing.TB) *vars.Scope {
	t.Helper()
	settings := `{"date_format":"DD-MM-YYYY","timezone":"America/Guayaquil","languages":["eng","spa"],"country":"US",
		"locations":[{"name":"Rwanda","aliases":["Ruanda"],"children":[{"name":"Kigali City","aliases":["Kigali","Kigari"],
			"children":[{"name":"Gasabo","children":[{"name":"Gisozi"},{"name":"Ndera"}]},{"name":"Nyarugenge","children":[]}]}]}]}`
	return &vars.Scope{
		Workspace: workspace(t, settings), Contact: record(t, janeJSON), RandomSeed: 123456,
		Now: time.Date(2018, 4, 11, 18, 24, 30, 123456000, time.UTC),
	}
}

// Every example in the documentation of a function gives what it says.
func TestFunctionExamples(t *testing.T) {
	e := newEngine(t, engine.Limits{})
	scope := session(t)
	scope.Contact = record(t, strings.Replace(janeJSON, `"America/Los_Angeles"`, "null", 1)) // the workspace's zone holds
	for _, f := range e.Library().All() {
		t.Run(f.Name, func(t *testing.T) {
			require.NotEmpty(t, f.Examples)
			for _, example := range f.Examples {
				result := compile(t, e, "@("+example.Expression+")").Evaluate(scope)
				assert.Equal(t, example.Result, result.Text, example.Expression)
				if example.Error == "" {
					assert.Empty(t, result.Warnings, example.Expression)
					continue
				}
				if assert.Len(t, result.Warnings, 1, example.Expression) {
					assert.Equal(t, example.Error, result.Warnings[0].Message, example.Expression)
				}
			}
		})
	}
}

// specified are the functions of section 10 of the language specification, all of them.
const specified = `text boolean number date datetime time array object and or if default is_error
	char code upper lower title trim trim_left trim_right clean split word word_count word_slice remove_first_word field text_slice
	text_length text_compare repeat replace regex_match percent url_encode html_decode read_chars
	abs round round_up round_down max min mean mod rand rand_between
	now today datetime_diff datetime_add replace_time parse_datetime datetime_from_epoch epoch tz tz_offset date_from_parts weekday
	week_number parse_time time_from_parts
	slice contains join reverse sort unique concat sum filter foreach foreach_value keys extract extract_object count
	urn_parts attachment_parts json parse_json
	format format_date format_datetime format_time format_number format_location format_urn prompt legacy_add
	has_text has_value has_error has_only_text has_phrase has_only_phrase has_all_words has_any_word has_beginning has_pattern
	has_number has_number_lt has_number_lte has_number_eq has_number_gte has_number_gt has_number_between
	has_date has_date_lt has_date_eq has_date_gt has_time has_phone has_email has_group has_category has_intent has_top_intent
	has_state has_district has_ward`

func TestEveryFunctionIsThere(t *testing.T) {
	e := newEngine(t, engine.Limits{})
	assert.ElementsMatch(t, strings.Fields(specified), e.Library().Names())
}
