package corpus

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Contacts makes contacts one after another: the same ones for the same seed, with connections, languages and fields in
// a mix as workspaces have it. No two contacts share a URN.
type Contacts struct {
	source *rand.ChaCha8
	random *rand.Rand
	serial int // contacts made
	phones int // phone numbers made
}

// NewContacts makes a generator.
func NewContacts(seed uint64) *Contacts {
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], seed)
	source := rand.NewChaCha8(key)
	return &Contacts{source: source, random: rand.New(source)}
}

// contact is the public JSON form, as far as the generator fills it.
type contact struct {
	UUID       string         `json:"uuid"`
	Name       *string        `json:"name"`
	Language   string         `json:"language"`
	Status     string         `json:"status"`
	Timezone   string         `json:"timezone"`
	CreatedOn  time.Time      `json:"created_on"`
	LastSeenOn *time.Time     `json:"last_seen_on"`
	URNs       []string       `json:"urns"`
	Groups     []group        `json:"groups"`
	Fields     map[string]any `json:"fields"`
}

type group struct {
	UUID string `json:"uuid"`
	Name string `json:"name"`
}

// Next gives the next contact as one line of JSON, without the line's end.
func (c *Contacts) Next() ([]byte, error) {
	c.serial++
	id, err := uuid.NewRandomFromReader(c.source)
	if err != nil {
		return nil, err
	}
	home := pick(c.random, places)
	next := contact{
		UUID: id.String(), Name: c.name(home), Language: home.language, Status: c.status(), Timezone: home.timezone,
		URNs: c.urns(home), Groups: c.groups(), Fields: c.fields(home),
	}
	next.CreatedOn = epoch.Add(time.Duration(c.random.IntN(createdSeconds)) * time.Second)
	if c.random.IntN(10) < 6 {
		seen := next.CreatedOn.Add(time.Duration(c.random.IntN(seenSeconds)) * time.Second)
		next.LastSeenOn = &seen
	}
	return json.Marshal(next)
}

// Contacts were created within six years, and seen within half a year after.
const (
	createdSeconds = 6 * 365 * 24 * 3600
	seenSeconds    = 182 * 24 * 3600
)

var epoch = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)

// name gives a name; one contact in ten has none.
func (c *Contacts) name(home place) *string {
	if c.random.IntN(10) == 0 {
		return nil
	}
	name := pick(c.random, home.given) + " " + pick(c.random, home.family)
	return &name
}

// status is active for 94 of 100.
func (c *Contacts) status() string {
	switch n := c.random.IntN(100); {
	case n < 94:
		return "active"
	case n < 97:
		return "stopped"
	case n < 98:
		return "blocked"
	}
	return "archived"
}

// urns gives the connections: most contacts have one phone number, few have many connections, one in a hundred none.
func (c *Contacts) urns(home place) []string {
	n := c.serial
	switch mix := c.random.IntN(100); {
	case mix < 58:
		return []string{c.phone(home)}
	case mix < 72:
		phone := c.phone(home)
		return []string{"whatsapp:" + strings.TrimPrefix(phone, "tel:+"), phone}
	case mix < 80:
		return []string{c.phone(home), fmt.Sprintf("mailto:person.%d@example.org", n)}
	case mix < 85:
		return []string{fmt.Sprintf("telegram:%d", 200_000_000+n)}
	case mix < 88:
		return []string{fmt.Sprintf("mailto:person.%d@example.com", n)}
	case mix < 91:
		return []string{fmt.Sprintf("facebook:%d", 100_000_000_000+n)}
	case mix < 93:
		return []string{fmt.Sprintf("ext:crm-%07d", n), c.phone(home)}
	case mix < 95:
		return []string{c.phone(home), fmt.Sprintf("twitter:person_%d", n), fmt.Sprintf("mailto:person.%d@example.net", n), c.phone(home)}
	case mix < 98:
		return c.manyPhones(home)
	case mix < 99:
		return []string{fmt.Sprintf("viber:person%d", n)}
	}
	return []string{}
}

func (c *Contacts) manyPhones(home place) []string {
	phones := make([]string, 2+c.random.IntN(4))
	for i := range phones {
		phones[i] = c.phone(home)
	}
	return phones
}

// phone gives a number that no other contact has: the place's prefix and a serial number, up to eight million of them.
func (c *Contacts) phone(home place) string {
	c.phones++
	first := 2
	for range home.digits - 1 {
		first *= 10
	}
	return fmt.Sprintf("tel:+%s%d", home.prefix, first+c.phones)
}

func (c *Contacts) groups() []group {
	in := []group{}
	for i, name := range groupNames {
		if c.random.IntN(4) == 0 {
			in = append(in, group{UUID: fmt.Sprintf("b7cf0d83-f1c9-411c-96fd-%012d", i+1), Name: name})
		}
	}
	return in
}

// fields gives some of the fields that workspaces have, of each kind.
func (c *Contacts) fields(home place) map[string]any {
	fields := map[string]any{"city": home.city}
	if c.random.IntN(10) < 8 {
		fields["age"] = 15 + c.random.IntN(70)
	}
	if c.random.IntN(2) == 0 {
		fields["gender"] = pick(c.random, []string{"female", "male"})
	}
	if c.random.IntN(3) == 0 {
		fields["balance"] = float64(c.random.IntN(200_000)-20_000) / 100
	}
	if c.random.IntN(3) == 0 {
		fields["joined"] = epoch.AddDate(0, 0, c.random.IntN(2000)).Format(time.RFC3339)
	}
	return fields
}

func pick[T any](random *rand.Rand, from []T) T { return from[random.IntN(len(from))] }
