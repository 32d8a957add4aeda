package redisstore

import (
	"crypto/rand"
	"encoding/base64"
	"strconv"

	"github.com/flowexpr/flowexpr/contactstore"
)

// claim is what is stored for a URN: who takes it, and by which write. Its text is
//
//	UUID                 written by another program
//	UUID/TTTTTTVERSION   the write that makes VERSION of the contact; TTTTTT tells it from all others
//
// and at most 44 bytes long for versions below ten, which Redis keeps in one allocation.
type claim struct {
	id      contactstore.UUID
	token   string // "" of another program
	version uint64 // 0 of another program
}

// tokenSize is the length of a token's text, which holds 36 random bits: two writes share one only if they also change
// the same contact to the same version.
const tokenSize = 6

// newClaim makes the claim of one attempt to write a record. It is never used for a second one.
func newClaim(r contactstore.Record) claim {
	var random [5]byte
	_, _ = rand.Read(random[:]) // never fails
	return claim{r.UUID(), base64.RawURLEncoding.EncodeToString(random[:])[:tokenSize], r.Version()}
}

// String gives the stored text.
func (c claim) String() string {
	if c.token == "" {
		return c.id.String()
	}
	return c.id.String() + "/" + c.token + strconv.FormatUint(c.version, 10)
}

// parseClaim reads a stored text; ok is false where it is none.
func parseClaim(text string) (c claim, ok bool) {
	const uuidSize = 36
	if len(text) < uuidSize {
		return claim{}, false
	}
	id, err := contactstore.ParseUUID(text[:uuidSize])
	if err != nil {
		return claim{}, false
	}
	rest := text[uuidSize:]
	if rest == "" {
		return claim{id: id}, true
	}
	if len(rest) <= 1+tokenSize || rest[0] != '/' {
		return claim{}, false
	}
	version, err := strconv.ParseUint(rest[1+tokenSize:], 10, 64)
	return claim{id, rest[1 : 1+tokenSize], version}, err == nil
}

// pending reports whether the write that made the claim may still be on its way: the contact has the version before its
// own. Another program's write may always be.
func (c claim) pending(stored held) bool { return c.token == "" || c.version == stored.Version()+1 }
