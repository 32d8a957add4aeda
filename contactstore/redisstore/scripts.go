package redisstore

// The scripts compare the stored bytes with those the writer read, by hash, rather than read a version out of them: the
// hash holds for every layout and for JSON records of other programs. All keys of a call lie in one slot.

// What scripts answer.
const (
	answerDone    = 0
	answerChanged = -1 // another record, version or claim is stored than the caller read
	answerRevoked = -2 // the claims of this write were called void
)

// putScript stores a record, if its claims hold.
//
//	KEYS  record, listing, and, where the write has claims, where they would be called void
//	ARGV  hash of the record it replaces ("" = none), UUID, new record
const putScript = `
local stored = redis.call('GET', KEYS[1])
if (stored and redis.sha1hex(stored) or '') ~= ARGV[1] then return -1 end
if KEYS[3] and redis.call('EXISTS', KEYS[3]) == 1 then return -2 end
redis.call('ZADD', KEYS[2], 0, ARGV[2])
redis.call('SET', KEYS[1], ARGV[3])
return 0
`

// deleteScript removes a record. Like releaseScript it uses no command that a full server refuses.
//
//	KEYS  record, listing
//	ARGV  hash of the record, UUID
const deleteScript = `
local stored = redis.call('GET', KEYS[1])
if not stored or redis.sha1hex(stored) ~= ARGV[1] then return -1 end
redis.call('ZREM', KEYS[2], ARGV[2])
redis.call('DEL', KEYS[1])
return 0
`

// revokeScript calls a claim void while the record of its contact is the one that the caller read, for so many seconds.
//
//	KEYS  record, where the claim is called void
//	ARGV  hash of the record ("" = none), seconds
const revokeScript = `
local stored = redis.call('GET', KEYS[1])
if (stored and redis.sha1hex(stored) or '') ~= ARGV[1] then return -1 end
redis.call('SET', KEYS[2], '', 'EX', ARGV[2])
return 0
`

// replaceScript puts a claim in the place of another.
//
//	KEYS  URN
//	ARGV  the claim it replaces, the new one
const replaceScript = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return -1 end
redis.call('SET', KEYS[1], ARGV[2])
return 0
`

// releaseScript removes a claim.
//
//	KEYS  URN
//	ARGV  the claim
const releaseScript = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return -1 end
redis.call('DEL', KEYS[1])
return 0
`

// settingsScript stores settings over the version before theirs.
//
//	KEYS  settings
//	ARGV  version stored now ("0" = none), new version, data
const settingsScript = `
if (redis.call('HGET', KEYS[1], 'version') or '0') ~= ARGV[1] then return -1 end
redis.call('HSET', KEYS[1], 'version', ARGV[2], 'data', ARGV[3])
return 0
`

// scripts are all that a store runs.
type scripts struct{ put, remove, revoke, replace, release, settings script }

func newScripts() scripts {
	return scripts{
		put: newScript(putScript), remove: newScript(deleteScript), revoke: newScript(revokeScript),
		replace: newScript(replaceScript), release: newScript(releaseScript), settings: newScript(settingsScript),
	}
}
