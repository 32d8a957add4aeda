package redisstore

import (
	"encoding/hex"
	"strings"

	"github.com/flowexpr/flowexpr/contactstore"
)

// buckets is how many parts the contacts of a workspace lie in, each in a slot of its own: enough to give every node of
// a large Cluster about as much, few enough to list them all for one page.
const buckets = 256

// bucketOf gives a contact's bucket: the XOR of the bytes of its UUID, which spreads every kind of UUID, whether random
// or made of a time.
func bucketOf(id contactstore.UUID) byte {
	var x byte
	for _, b := range id {
		x ^= b
	}
	return x
}

const contactPrefix, idsPrefix, urnPrefix, settingsPrefix, revokedPrefix = "fx:c:", "fx:i:", "fx:u:", "fx:s:", "fx:x:"

// tag is the braced part of a bucket's keys, which puts them into one slot.
func tag(workspace string, bucket byte) string {
	return "{" + workspace + "/" + hex.EncodeToString([]byte{bucket}) + "}"
}

func contactKey(workspace string, id contactstore.UUID) string {
	return string(appendContactKey(make([]byte, 0, len(workspace)+contactKeyExtra), workspace, id))
}

// contactKeyExtra is what a contact's key has beside the workspace, in bytes.
const contactKeyExtra = len(contactPrefix) + len("{/00}:") + 36

func appendContactKey(dst []byte, workspace string, id contactstore.UUID) []byte {
	dst = append(append(append(dst, contactPrefix...), '{'), workspace...)
	end := [...]byte{'/', 2: 0, '}', ':', 13: '-', 18: '-', 23: '-', 28: '-', 40: 0}
	hexByte(end[1:], bucketOf(id))
	at := 5
	for i, b := range id {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			at++ // the dash
		}
		hexByte(end[at:], b)
		at += 2
	}
	return append(dst, end[:]...)
}

// hexByte puts two digits.
func hexByte(dst []byte, b byte) {
	_ = dst[1]
	dst[0], dst[1] = digit(b>>4), digit(b&15)
}

// digit gives a hexadecimal digit, by arithmetic: a batch of reads makes many keys.
func digit(b byte) byte { return b + '0' + (9-b)>>7*('a'-'9'-1) }

func idsKey(workspace string, bucket byte) string { return idsPrefix + tag(workspace, bucket) }

// revokedKey is where a claim of a contact is called void, in the slot of that contact.
func revokedKey(workspace string, claimed claim) string {
	return revokedPrefix + tag(workspace, bucketOf(claimed.id)) + ":" + claimed.String()
}

// urnKey spreads URNs over all slots. No workspace has braces in its name, so that its end is plain.
func urnKey(workspace, identity string) string {
	return urnPrefix + workspace + ":{" + identity + "}"
}

func settingsKey(workspace string) string { return settingsPrefix + "{" + workspace + "}" }

// workspaceError refuses names that would leave the braces, and so the workspace's keys.
func workspaceError(workspace string) error {
	if workspace != "" && !strings.ContainsAny(workspace, "{}") {
		return nil
	}
	return &contactstore.Error{Code: "invalid_workspace", Message: "workspace name is empty or has braces", Hint: "use letters, digits, - and _"}
}
