package vars_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/vars"
)

// jane is the contact that the catalogue's examples are about.
const jane = `{"uuid":"5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f","name":"Jane Doe","language":"eng","status":"active",` +
	`"timezone":"America/Los_Angeles","created_on":"2026-01-15T09:30:00Z",` +
	`"urns":["tel:+13233754866","twitter:janedoe","mailto:jane.doe@example.org","tel:+4971234567"],` +
	`"groups":[{"uuid":"b7cf0d83-f1c9-411c-96fd-c511a4cfa86d","name":"Testers"}],` +
	`"fields":{"age":34,"city":"Los Angeles","gone":null,"joined":"2024-03-02T00:00:00Z","member":true,"tags":["a"]}}`

const channels = `[{"uuid":"00000000-0000-4000-8000-000000000001","name":"Phone","address":"+17036975131","schemes":["tel"],"country":"US"},` +
	`{"uuid":"00000000-0000-4000-8000-000000000002","name":"Mail","schemes":["mailto"],"roles":["send"]}]`

func record(t testing.TB, data string) contactstore.Record {
	t.Helper()
	contact, err := contactstore.ParseContactLenient([]byte(data))
	require.NoError(t, err)
	r, err := contactstore.Encode(contact)
	require.NoError(t, err)
	return r
}

// contact makes a record with nothing but a name and URNs.
func contact(t testing.TB, name string, urns ...string) contactstore.Record {
	t.Helper()
	list := ""
	if len(urns) > 0 {
		list = `"` + strings.Join(urns, `","`) + `"`
	}
	return record(t, `{"uuid":"00000000-0000-4000-8000-0000000000aa","id":777,"name":"`+name+`","urns":[`+list+`]}`)
}

func workspace(t testing.TB, settings string) *vars.Workspace {
	t.Helper()
	parsed, err := contactstore.ParseSettings([]byte(settings))
	require.NoError(t, err)
	w, err := vars.NewWorkspace(parsed)
	require.NoError(t, err)
	return w
}

// resolve resolves a dotted path all of which must be one variable.
func resolve(t testing.TB, path string) vars.Variable {
	t.Helper()
	names := strings.Split(path, ".")
	v, used := vars.Resolve(names)
	require.Equal(t, len(names), used, path)
	return v
}

// printed writes a value as templates do.
func printed(v vars.Value) string {
	switch v := v.(type) {
	case string:
		return v
	case time.Time:
		return v.Format("2006-01-02T15:04:05.000000Z07:00")
	case *vars.Object:
		return printed(v.Default)
	case []vars.Value:
		items := make([]string, len(v))
		for i := range v {
			items[i] = printed(v[i])
		}
		return "[" + strings.Join(items, ", ") + "]"
	}
	return ""
}
