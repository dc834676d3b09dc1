"""How a call is promised its moment inside Redis, given back, or put off. The data and the clock: `pace_scripts`."""

from typing import Final

from leadspiders.stores.redis.pace_scripts import BOOK

RESERVE: Final = (
    BOOK
    + """
local function aligned(book, window, at)
  local length = window[2]
  local index = math.floor(at / length)
  if at > (index + 1) * length - closing(window) then
    index = index + 1
  end
  while tonumber(redis.call('GET', used_key(book, window, index)) or 0) >= window[1] do
    index = index + 1
  end
  return math.max(at, index * length + opening(window))
end
local function after_others(book, window)
  local log = log_key(book, window)
  local last = redis.call('ZRANGE', log, -1, -1, 'WITHSCORES')[2]
  local before = redis.call('ZRANGE', log, -window[1], -window[1], 'WITHSCORES')[2]
  return math.max(tonumber(last or 0), before and before + window[2] + margin(window) or 0)
end
local function promise(book, windows, from)
  local at, before = from, -1
  while at ~= before do
    before = at
    for _, window in ipairs(windows) do
      at = math.max(at, window[3] == 1 and aligned(book, window, at) or after_others(book, window))
    end
  end
  local name = redis.call('HINCRBY', book, 'calls', 1)
  for _, window in ipairs(windows) do
    if window[3] == 1 then
      local index = math.floor(at / window[2])
      local key = used_key(book, window, index)
      redis.call('INCR', key)
      redis.call('PEXPIREAT', key, digits(((index + 2) * window[2]) / 1000))
    else
      local key = log_key(book, window)
      redis.call('ZREMRANGEBYSCORE', key, '-inf', digits(moment - window[2] - margin(window)))
      redis.call('ZADD', key, digits(at + asked.slack), name)
      redis.call('PEXPIREAT', key, digits((at + asked.slack + 2 * window[2]) / 1000 + 1000))
    end
  end
  return at, name
end

-- A call whose moment went by is put off, unless so many were promised behind it that one of them counts on it.
local function put_off(book, windows, from, back)
  local at = math.max(from, back[2])
  for _, window in ipairs(windows) do
    if window[3] == 1 then
      if at > (math.floor(back[2] / window[2]) + 1) * window[2] - closing(window) then
        return nil
      end
    else
      local behind = redis.call('ZREVRANK', log_key(book, window), back[3])
      if not behind or behind >= window[1] then
        return nil
      end
    end
  end
  for _, window in ipairs(windows) do
    if window[3] == 0 then
      local log = log_key(book, window)
      redis.call('ZADD', log, digits(at + asked.slack), back[3])
      redis.call('PEXPIREAT', log, digits((at + asked.slack + 2 * window[2]) / 1000 + 1000))
    end
  end
  return at
end

-- A promise that is not kept makes room for others, unless its window is over.
local function give_back(back)
  local book = prefix .. ':' .. back[1]
  for _, window in ipairs((open_book(book))) do
    if window[3] == 1 then
      local key = used_key(book, window, math.floor(back[2] / window[2]))
      if tonumber(redis.call('GET', key) or 0) > 0 then
        redis.call('DECR', key)
      end
    else
      redis.call('ZREM', log_key(book, window), back[3])
    end
  end
end
local function give_all_back()
  for _, back in ipairs(asked.back) do
    give_back(back)
  end
end
if asked.number == 0 then
  give_all_back()
  return {1}
end

local shut, flat = {}, redis.call('HGETALL', prefix .. ':closed')
for i = 1, #flat, 2 do
  local till, reason = string.match(flat[i + 1], '^(%d+)|(.*)$')
  if tonumber(till) > moment then
    shut[flat[i]] = {tonumber(till), reason}
  else
    redis.call('HDEL', prefix .. ':closed', flat[i])
  end
end
local chosen, opens, why
for _, one in ipairs(asked.ring) do
  local till, reason = 0, ''
  for _, field in ipairs(one.fields) do
    if shut[field] and shut[field][1] > till then
      till, reason = shut[field][1], shut[field][2]
    end
  end
  if till == 0 then
    chosen = one
    break
  elseif not opens or till < opens then
    opens, why = till, reason
  end
end
local everybody = '*|' .. asked.group .. (asked.paid == 1 and '|credits' or '')
if not chosen then
  give_all_back()
  redis.call('HSET', prefix .. ':closed', everybody, digits(opens) .. '|' .. why)
  return {0, digits(moment), digits(opens), why}
elseif shut[everybody] then
  redis.call('HDEL', prefix .. ':closed', everybody)
end

local workers = prefix .. ':workers'
redis.call('ZADD', workers, digits(moment), asked.worker)
redis.call('ZREMRANGEBYSCORE', workers, '-inf', digits(moment - 60000000))
redis.call('EXPIRE', workers, KEPT)
redis.call('HSET', prefix .. ':scopes', chosen.id, chosen.scope)
redis.call('EXPIRE', prefix .. ':scopes', KEPT)

local name = chosen.scope .. '|' .. asked.group
local book = prefix .. ':' .. name
local windows, state = open_book(book)
local from, promised, known = math.max(moment + asked.lead, state.hold), {}, {}
local function told(at, number)
  promised[#promised + 1] = digits(at)
  promised[#promised + 1] = number
end
for i, back in ipairs(asked.back) do
  local at = asked.lead > 0 and i <= asked.number and back[1] == name and put_off(book, windows, from, back)
  if at then
    told(at, back[3])
  else
    give_back(back)
  end
end
local at, number = from, 0
for _ = #promised / 2 + 1, asked.number do
  at, number = promise(book, windows, at)
  told(at, number)
end
redis.call('EXPIRE', book, KEPT)
for _, window in ipairs(windows) do
  for i = 1, 4 do
    known[#known + 1] = window[i]
  end
end
return {1, digits(moment), chosen.id, chosen.scope, state.generation, redis.call('ZCARD', workers), promised, known}
"""
)
