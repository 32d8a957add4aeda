package redisstore

import (
	"crypto/sha1"
	"encoding/hex"
)

// The scripts compare the stored bytes with those the writer read, by hash, rather than read a version out of them: the
// hash holds for every layout and for JSON records of other programs, and it pins down the identities that the
// stored record owns, which the writer sends along to be given back.

// putScript stores a record and takes its URNs.
//
//	KEYS  record, listing, the URNs the new record has…, the URNs it no longer has…
//	ARGV  hash of the record it replaces ("" = none), UUID, new record, how many URNs it has
//
// It returns 0 when done, -1 when another record is stored, n when the n-th URN belongs to another contact.
const putScript = `
local stored = redis.call('GET', KEYS[1])
if (stored and redis.sha1hex(stored) or '') ~= ARGV[1] then return -1 end
local last = 2 + tonumber(ARGV[4])
local free = {}
for i = 3, last do
  local owner = redis.call('GET', KEYS[i])
  if not owner then free[#free + 1] = KEYS[i]
  elseif owner ~= ARGV[2] then return i - 2 end
end
for _, key in ipairs(free) do redis.call('SET', key, ARGV[2]) end
for i = last + 1, #KEYS do
  if redis.call('GET', KEYS[i]) == ARGV[2] then redis.call('DEL', KEYS[i]) end
end
redis.call('ZADD', KEYS[2], 0, ARGV[2])
redis.call('SET', KEYS[1], ARGV[3])
return 0
`

// deleteScript removes a record and gives its URNs back.
//
//	KEYS  record, listing, its URNs…
//	ARGV  hash of the record, UUID
//
// It returns 0 when done, -1 when another record is stored.
const deleteScript = `
local stored = redis.call('GET', KEYS[1])
if not stored or redis.sha1hex(stored) ~= ARGV[1] then return -1 end
for i = 3, #KEYS do
  if redis.call('GET', KEYS[i]) == ARGV[2] then redis.call('DEL', KEYS[i]) end
end
redis.call('ZREM', KEYS[2], ARGV[2])
redis.call('DEL', KEYS[1])
return 0
`

// settingsScript stores settings over the version before theirs.
//
//	KEYS  settings
//	ARGV  version stored now ("0" = none), new version, data
//
// It returns 0 when done, -1 when another version is stored.
const settingsScript = `
if (redis.call('HGET', KEYS[1], 'version') or '0') ~= ARGV[1] then return -1 end
redis.call('HSET', KEYS[1], 'version', ARGV[2], 'data', ARGV[3])
return 0
`

// hash is redis.sha1hex: it tells records apart, and keeps no secret.
func hash(stored string) string {
	sum := sha1.Sum([]byte(stored))
	return hex.EncodeToString(sum[:])
}
