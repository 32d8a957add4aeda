package pgstore

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/flowexpr/flowexpr/contactstore"
)

const (
	// maxKey bounds a workspace's name and the label of a group, in bytes.
	maxKey = 255
	// maxIdentity bounds a URN, in bytes: with the workspace it has to fit into a row of an index, 2704 bytes.
	maxIdentity = 2048
)

const putQuery = "select answer, urn from put_contact($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"

// arguments are those of put_contact. All behind the record itself are copies of what it says.
func arguments(r contactstore.Record) []any {
	n := r.Len()
	identities, displays, channels, used := make([]string, n), make([]string, n), make([]string, n), make([]*time.Time, n)
	for i := range n {
		o := r.At(i)
		identities[i], displays[i], channels[i], used[i] = o.Identity(), plain(o.URN().Display()), plain(o.Channel()), moment(o.LastUsedOn())
	}
	return []any{
		r.Workspace(), r.UUID(), number(r.Version()), []byte(r.Bytes()),
		plain(r.Name()), plain(r.Language()), plain(r.Status()), moment(r.CreatedOn()), moment(r.LastSeenOn()), fields(r),
		identities, displays, used, channels, labels(r),
	}
}

// fields are the texts of a contact's fields by their keys, nil where there is none.
func fields(r contactstore.Record) map[string]*string {
	texts := make(map[string]*string, r.FieldLen())
	for i := range r.FieldLen() {
		key, kind, text := r.FieldAt(i)
		if kind == contactstore.FieldNull {
			texts[plain(key)] = nil
			continue
		}
		text = plain(text)
		texts[plain(key)] = &text
	}
	return texts
}

// labels are those of the names and UUIDs of a contact's groups, each once.
func labels(r contactstore.Record) []string {
	all := make([]string, 0, 2*r.GroupLen())
	for i := range r.GroupLen() {
		uuid, name := r.GroupAt(i)
		all = append(all, label(uuid), label(name))
	}
	slices.Sort(all)
	all = slices.Compact(all)
	return slices.DeleteFunc(all, func(label string) bool { return label == "" })
}

// label is a group's name or UUID as it is listed: two that are equal but for letter case have one label. A few more
// may have the same one.
func label(text string) string {
	folded := strings.Map(func(r rune) rune {
		first := r
		for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
			first = min(first, other)
		}
		return unicode.ToLower(first)
	}, plain(text))
	if len(folded) > maxKey {
		folded = strings.ToValidUTF8(folded[:maxKey], "")
	}
	return folded
}

// moment is a time as the database takes it, nil where it is not set.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// isText reports whether PostgreSQL takes a text: UTF-8 without the character 0.
func isText(s string) bool { return utf8.ValidString(s) && !strings.Contains(s, "\x00") }

// plain makes a text one that PostgreSQL takes.
func plain(s string) string {
	if isText(s) {
		return s
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "\ufffd")
}

// storable refuses what the database cannot keep.
func storable(r contactstore.Record) error {
	if err := r.Storable(); err != nil {
		return err
	}
	for identity := range r.Identities() {
		if !isText(identity) || len(identity) > maxIdentity {
			return &contactstore.Error{Code: "invalid_record", Message: "a URN is too long or is no text", Err: contactstore.ErrInvalid}
		}
	}
	return workspaceError(r.Workspace())
}

// ready is what every call checks before it asks the network.
func ready(ctx context.Context, workspace string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return workspaceError(workspace)
}

func workspaceError(workspace string) error {
	if workspace != "" && len(workspace) <= maxKey && isText(workspace) {
		return nil
	}
	return &contactstore.Error{
		Code: "invalid_workspace", Message: "workspace name is empty, too long or no text",
		Hint: "use letters, digits, - and _", Err: contactstore.ErrInvalid,
	}
}
