"""The circuits of all workers together: the rule of `rules.circuit`, as two programs that run inside Redis.

One hash for each circuit: `openings`, `until`, `trial`, `trial_until`, `row`, and the calls of each tenth of a window,
`g<tenth>` that went well and `b<tenth>` that failed. The clock is that of Redis.
"""

from typing import Final

from redis.asyncio import Redis

from leadspiders.rules.circuit import LOOK_AGAIN, PARTS, Admission, Change, Pass, Rule

CLOCK: Final = """
local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
"""

_ADMIT: Final = """
local key, token, trial_time, look_again = KEYS[1], ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local found = redis.call('HMGET', key, 'openings', 'until', 'trial', 'trial_until')
local openings, rested, trial, trial_until = unpack(found)
if not openings or openings == '0' then
  return {'free', 0}
end
local moment = now()
if trial and trial ~= '' and moment < tonumber(trial_until) then
  if token == trial then
    return {'trial', 0}
  end
  return {'wait', math.min(trial_until - moment, look_again)}
end
if moment < tonumber(rested) then
  return {'wait', rested - moment}
end
redis.call('HSET', key, 'trial', token, 'trial_until', moment + trial_time)
return {'trial', 0}
"""

# A circuit that nobody has used for a day is closed.
_ENDED: Final = """
local key, token, good, bad = KEYS[1], ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local share, calls, window, in_a_row = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local rest, longest, parts = tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10])
local moment = now()
local openings = tonumber(redis.call('HGET', key, 'openings') or 0)

local function open()
  openings = openings + 1
  local ends = moment + math.min(rest * 2 ^ math.min(openings - 1, 30), longest)
  redis.call('HSET', key, 'openings', openings, 'until', string.format('%.0f', ends), 'trial', '')
  redis.call('EXPIRE', key, 86400)
end

if openings > 0 then
  if token == '' or token ~= redis.call('HGET', key, 'trial') then
    return ''
  elseif bad > 0 then
    open()
    return 'reopened'
  elseif good > 0 then
    redis.call('DEL', key)
    return 'closed'
  end
  redis.call('HSET', key, 'trial', '')
  return ''
end

local part = math.floor(moment * parts / window)
if good > 0 then
  redis.call('HINCRBY', key, 'g' .. part, good)
  redis.call('HSET', key, 'row', bad)
else
  redis.call('HINCRBY', key, 'row', bad)
end
if bad > 0 then
  redis.call('HINCRBY', key, 'b' .. part, bad)
end
redis.call('EXPIRE', key, 86400)

local went, failed, old = 0, 0, {}
local found = redis.call('HGETALL', key)
for i = 1, #found, 2 do
  local kind, of = string.match(found[i], '^([gb])(%d+)$')
  if kind and tonumber(of) <= part - parts then
    old[#old + 1] = found[i]
  elseif kind == 'g' then
    went = went + found[i + 1]
  elseif kind == 'b' then
    failed = failed + found[i + 1]
  end
end
if #old > 0 then
  redis.call('HDEL', key, unpack(old))
end
local all = went + failed
local row = tonumber(redis.call('HGET', key, 'row'))
if bad > 0 and (row >= in_a_row or (all >= calls and failed >= share * all)) then
  open()
  return 'opened'
end
return ''
"""


class Circuits:
    """By name, in one Redis. Both calls take one round trip."""

    def __init__(self, redis: Redis, rule: Rule, *, prefix: str = "{leads:breaker}:", clock: str = CLOCK) -> None:
        self._rule = rule
        self._prefix = prefix
        self._admit = redis.register_script(clock + _ADMIT)
        self._ended = redis.register_script(clock + _ENDED)

    async def admit(self, name: str, token: str) -> Admission:
        """Whether a call may pass, as `Circuit.admit` says it."""
        args: list[str | int] = [token, self._rule.trial, LOOK_AGAIN]
        verdict, wait = await self._admit(keys=[self._prefix + name], args=args)
        return Admission(Pass(verdict.decode()), int(wait))

    async def ended(self, name: str, token: str, *, good: int, bad: int) -> Change:
        """How calls ended, as `Circuit.ended` takes it."""
        rule = self._rule
        limits = (rule.share, rule.calls, rule.window, rule.in_a_row, rule.rest, rule.longest_rest)
        args: list[str | float] = [token, good, bad, *limits, PARTS]
        change = await self._ended(keys=[self._prefix + name], args=args)
        return Change(change.decode())
