package soak

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func known(n int) *contact {
	c := &contact{n: n, workspace: "space0"}
	c.is = c.fresh("space0 n #1")
	return c
}

// What follows what, by examples that were thought out by hand.
func TestModel(t *testing.T) {
	c := known(7)
	a, b, m, d := "tel:+13235550007", "ext:7-a", "mailto:c7@example.org", "tel:+12135550007"
	require.Equal(t, []string{a, b, m, d}, c.is.urns())
	used := c.is.interacted(m, 1000)
	for name, step := range map[string]struct {
		got     state
		version uint64
		urns    []string
	}{
		"one place up":          {c.is.promoted(m, 0), 2, []string{a, m, b, d}},
		"up at the top":         {c.is.promoted(a, 0), 1, []string{a, b, m, d}},
		"to the top":            {c.is.promoted(d, 1), 2, []string{d, a, b, m}},
		"to the end":            {c.is.promoted(a, 4), 2, []string{b, m, d, a}},
		"an interaction":        {used, 2, []string{m, a, b, d}},
		"a later one":           {used.interacted(d, 2000), 3, []string{d, m, a, b}},
		"a late one":            {used.interacted(d, 500), 3, []string{m, a, b, d}},
		"the same once more":    {used.interacted(m, 1000), 2, []string{m, a, b, d}},
		"after its connection":  {used.removed(m).interacted(d, 500), 4, []string{a, b, d}},
		"added in between":      {c.is.added("ext:7-x1", 2), 2, []string{a, "ext:7-x1", b, m, d}},
		"removed":               {c.is.removed(b), 2, []string{a, m, d}},
		"edited":                {c.is.edited(b, "ext:7-x1"), 2, []string{a, "ext:7-x1", m, d}},
		"an edit forgets times": {used.edited(m, "ext:7-x1").interacted("ext:7-x1", 900), 4, []string{"ext:7-x1", a, b, d}},
	} {
		assert.Equal(t, step.version, step.got.version, name)
		assert.Equal(t, step.urns, step.got.urns(), name)
	}
	assert.Equal(t, int64(1000), used.interacted(d, 500).seen)
	assert.Equal(t, []string{a, b, m, d}, c.is.urns(), "it is not changed itself")
}

// Wrong answers are found: a run that finds none says something.
func TestFindsWrongAnswers(t *testing.T) {
	c := known(7)
	right := `{"uuid": "5d76d86b-3bb9-4d5a-b822-000000000007", "name": "space0 n #1", "last_seen_on": null, "fields": {"n": 7, "home": "space0"},
		"urns": ["tel:+13235550007", "ext:7-a", "mailto:c7@example.org", "tel:+12135550007"]}`
	contactAnswer := func(etag, body string) answer {
		return answer{status: 200, etag: etag, body: []byte(body)}
	}
	assert.Empty(t, c.fits(c.is, contactAnswer(`"1"`, right), 200))
	assert.Empty(t, c.fits(c.is, contactAnswer(`"1"`, `{"changed": true, "contact": `+right+`}`), 200))
	assert.NotEmpty(t, c.fits(c.is, contactAnswer(`"2"`, right), 200), "version")
	assert.NotEmpty(t, c.fits(c.is, contactAnswer(`"1"`, right), 201), "status")
	assert.NotEmpty(t, c.fits(state{}, contactAnswer(`"1"`, right), 200), "a contact that is not there")
	assert.NotEmpty(t, known(8).fits(c.is, contactAnswer(`"1"`, right), 200), "another contact")
	assert.NotEmpty(t, c.fits(c.is.promoted("ext:7-a", 1), contactAnswer(`"2"`, right), 200), "order")
	assert.NotEmpty(t, c.fits(c.is.interacted("tel:+13235550007", 5), contactAnswer(`"2"`, right), 200), "time")
	assert.NotEmpty(t, c.fits(c.is.named("another"), contactAnswer(`"2"`, right), 200), "name")

	hi := templates[0]
	assert.Empty(t, evaluated{Text: "Hi space0 n #1, we will use tel:+13235550007"}.fits(hi, c, ""))
	assert.NotEmpty(t, evaluated{Text: "Hi space1 n #1, we will use tel:+13235550007"}.fits(hi, c, ""), "text")
	noPhone := known(7)
	noPhone.is = noPhone.is.removed("tel:+13235550007").removed("tel:+12135550007")
	assert.NotEmpty(t, evaluated{Text: "Hi space0 n #1, we will use "}.fits(hi, noPhone, ""), "warning")
}

func TestFindsGrowth(t *testing.T) {
	run := func(memory func(i int) float64) *meter {
		m := &meter{}
		for i := range 300 {
			m.steady = append(m.steady, sample{memory: memory(i)})
		}
		return m
	}
	assert.Empty(t, run(func(i int) float64 { return 50 + float64(i%20) }).flat())
	assert.Empty(t, run(func(i int) float64 { return 50 + float64(min(i, 90)) }).flat(), "it grew in the first third")
	assert.NotEmpty(t, run(func(i int) float64 { return 50 + float64(i) }).flat(), "1 MiB a sample")
}
