"""What happens inside Redis to the requests of a run: five short programs, each of which is done whole or not at all.

A request is in one of three places. `ready` is sorted by priority and, within one, by a sequence number. `lease` is
sorted by the time at which Redis' own clock takes the request back: from a worker that leases it (`owner` says which,
and by which token), or from a pause after a failure (it has no owner then). `dead` keeps what failed too often, with
the reason. `data` holds "priority|sequence|payload". All commands exist since Redis 6.2.
"""

from typing import Final

_CLOCK: Final = """
local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
"""

# A member is the sequence number in 16 digits, then the id: equal priorities sort by arrival.
_READY: Final = """
local function make_ready(ready, id, data)
  local priority, sequence = string.match(data, '^(%-?%d+)|(%d+)|')
  redis.call('ZADD', ready, -(tonumber(priority) or 0), string.format('%016d', tonumber(sequence) or 0) .. id)
end
"""

# The payload is kept beside the reason: somebody will want to see what it was.
_BURY: Final = """
local function bury(lease, data, tries, dead, id, reason)
  local payload = redis.call('HGET', data, id) or ''
  redis.call('HSET', dead, id, reason .. '\\n' .. payload)
  redis.call('HDEL', data, id)
  redis.call('HDEL', tries, id)
  redis.call('ZREM', lease, id)
  return {id, reason, payload}
end
"""

PUSH: Final = """
local ready, data, seen, sequence = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local pushed = 0
for i = 1, #ARGV, 4 do
  local id, filtered, priority, payload = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
  local known
  if filtered == '1' then
    known = redis.call('SADD', seen, id) == 0
  else
    known = redis.call('HEXISTS', data, id) == 1
  end
  if not known then
    local number = redis.call('INCR', sequence)
    redis.call('HSET', data, id, priority .. '|' .. number .. '|' .. payload)
    redis.call('ZADD', ready, -priority, string.format('%016d', number) .. id)
    pushed = pushed + 1
  end
end
if pushed > 0 then
  redis.call('PERSIST', seen)
  redis.call('PERSIST', sequence)
end
return pushed
"""

# A lease that ran out counts as a try: a request that kills its workers must not be tried for ever.
LEASE: Final = (
    _CLOCK
    + _READY
    + _BURY
    + """
local ready, data, lease, owner, tries, dead, sequence = unpack(KEYS)
local worker, milliseconds, want, most = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local moment, buried, leased = now(), {}, {}

for _, id in ipairs(redis.call('ZRANGEBYSCORE', lease, '-inf', moment, 'LIMIT', 0, 500)) do
  local given_up = false
  if redis.call('HDEL', owner, id) == 1 and redis.call('HINCRBY', tries, id, 1) >= most then
    buried[#buried + 1] = bury(lease, data, tries, dead, id, 'workers ended while they had it')
    given_up = true
  end
  if not given_up then
    redis.call('ZREM', lease, id)
    local stored = redis.call('HGET', data, id)
    if stored then
      make_ready(ready, id, stored)
    end
  end
end

if want > 0 then
  local taken = redis.call('ZPOPMIN', ready, want)
  for i = 1, #taken, 2 do
    local id = string.sub(taken[i], 17)
    local stored = redis.call('HGET', data, id)
    if stored then
      local token = redis.call('INCR', sequence)
      redis.call('HSET', owner, id, worker .. ':' .. token)
      redis.call('ZADD', lease, moment + milliseconds, id)
      leased[#leased + 1] = {id, token, stored}
    end
  end
end

local next_due = redis.call('ZRANGE', lease, 0, 0, 'WITHSCORES')[2]
return {
  redis.call('ZCARD', ready),
  redis.call('ZCARD', lease),
  tonumber(redis.call('GET', sequence) or 0),
  next_due and math.max(0, next_due - moment) or -1,
  leased,
  buried,
}
"""
)

ACK: Final = """
local lease, owner, data, tries = unpack(KEYS)
local done = 0
for i = 1, #ARGV, 2 do
  local id = ARGV[i]
  if redis.call('HGET', owner, id) == ARGV[i + 1] then
    redis.call('HDEL', owner, id)
    redis.call('HDEL', data, id)
    redis.call('HDEL', tries, id)
    redis.call('ZREM', lease, id)
    done = done + 1
  end
end
return done
"""

# A negative pause buries at once; an empty reason is no failure, and gives the request back to where it stood,
# after the pause.
NACK: Final = (
    _CLOCK
    + _READY
    + _BURY
    + """
local ready, data, lease, owner, tries, dead = unpack(KEYS)
local most, moment, buried = tonumber(ARGV[1]), now(), {}
for i = 2, #ARGV, 4 do
  local id, holder, pause, reason = ARGV[i], ARGV[i + 1], tonumber(ARGV[i + 2]), ARGV[i + 3]
  local stored = redis.call('HGET', data, id)
  if stored and redis.call('HGET', owner, id) == holder then
    redis.call('HDEL', owner, id)
    if reason == '' and pause > 0 then
      redis.call('ZADD', lease, moment + pause, id)
    elseif reason == '' then
      redis.call('ZREM', lease, id)
      make_ready(ready, id, stored)
    elseif pause < 0 or redis.call('HINCRBY', tries, id, 1) >= most then
      buried[#buried + 1] = bury(lease, data, tries, dead, id, reason)
    else
      redis.call('ZADD', lease, moment + pause * 2 ^ (redis.call('HGET', tries, id) - 1), id)
    end
  end
end
return buried
"""
)

EXTEND: Final = (
    _CLOCK
    + """
local lease, owner = KEYS[1], KEYS[2]
local until_then, ours = now() + tonumber(ARGV[1]), {}
for i = 2, #ARGV, 2 do
  local id = ARGV[i]
  local held = redis.call('HGET', owner, id) == ARGV[i + 1]
  if held then
    redis.call('ZADD', lease, until_then, id)
  end
  ours[#ours + 1] = held and 1 or 0
end
return ours
"""
)
