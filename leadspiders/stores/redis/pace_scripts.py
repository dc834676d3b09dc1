"""What happens inside Redis to the pace of an API: short programs, on Redis' own clock, in whole microseconds.

KEYS[1] is the API's prefix with its hash tag; a book, of one credential or team and one group of endpoints, lies below
it. `book` holds `hold` (nothing before), `generation` (promises made under an older one are asked for anew), `strikes`
and `limit:<microseconds>` (what the provider said). `book:used:<microseconds>:<number>` counts the calls of one window
of the clock, `book:log:<microseconds>` sorts the calls of a window that may begin at any moment. `closed` says until
when a credential is closed, for what, and why. The arithmetic is that of `rules.pace`.
"""

from typing import Final

# Numbers of 16 digits: Lua would write them as 1.7e+15.
BOOK: Final = """
local function now()
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end
local function digits(number)
  return string.format('%.0f', number)
end
local asked, prefix, moment = cjson.decode(ARGV[1]), KEYS[1], now()
local KEPT = 172800  -- seconds

local function margin(window)
  if window[4] == 1 then return 0 end
  return math.min(math.max(math.floor(window[2] / 50), 50000), 1000000)
end
local function opening(window)
  return math.min(math.floor(window[2] / 50), 250000)
end
local function closing(window)
  return math.min(math.floor(window[2] / 4), 1000000)
end
local function used_key(book, window, index)
  return book .. ':used:' .. digits(window[2]) .. ':' .. digits(index)
end
local function log_key(book, window)
  return book .. ':log:' .. digits(window[2]) .. (window[4] == 1 and ':gap' or '')
end

-- A window is {calls, microseconds, aligned, gap}: those we know of, corrected and joined by what the provider said.
local function open_book(book)
  local state, told, windows = {hold = 0, generation = 0, strikes = 0}, {}, {}
  local flat = redis.call('HGETALL', book)
  for i = 1, #flat, 2 do
    local label = string.match(flat[i], '^limit:(%d+)$')
    if label then
      local calls, aligned = string.match(flat[i + 1], '^(%d+)|(%d)$')
      told[label] = {tonumber(calls), tonumber(label), tonumber(aligned), 0}
    else
      state[flat[i]] = tonumber(flat[i + 1])
    end
  end
  for _, window in ipairs(asked.windows) do
    window[1], window[2] = math.max(window[1], 1), math.max(window[2], 1)  -- else it never opens
    local label = digits(window[2])
    if window[4] == 0 and told[label] then
      window = {told[label][1], window[2], window[3], 0}
      told[label] = nil
    end
    windows[#windows + 1] = window
  end
  for _, window in pairs(told) do
    windows[#windows + 1] = window
  end
  return windows, state
end
"""

# `left` may be that of the window before, or count somebody else's calls; it is believed when it says that more was
# used than we know of. Of long windows it is believed both ways: they may begin at another hour than we think.
TELL: Final = (
    BOOK
    + """
local book = prefix .. ':' .. asked.book
local windows, state = open_book(book)
local anew = false
for _, usage in ipairs(asked.usage) do
  local length, is_aligned, limit, left = usage[1], usage[2], usage[3], usage[4]
  local window
  for _, one in ipairs(windows) do
    if one[2] == length and one[4] == 0 then
      window = one
    end
  end
  if limit > 0 and not (window and window[1] == limit) then
    window = {limit, length, window and window[3] or is_aligned, 0}
    redis.call('HSET', book, 'limit:' .. digits(length), digits(limit) .. '|' .. window[3])
    anew = true
  end
  if window and left >= 0 then
    local there = window[1] - left
    if window[3] == 1 then
      local index = math.floor(moment / length)
      if math.floor(asked.slot / length) == index and asked.slot >= index * length + opening(window) then
        local key = used_key(book, window, index)
        local used, slack = tonumber(redis.call('GET', key) or 0), math.max(50, math.floor(window[1] / 100))
        local seen = used
        if there > used then
          seen = there
        elseif length >= 3600000000 and used > there + slack then
          seen = there + slack
          anew = true
        end
        if seen ~= used then
          redis.call('SET', key, digits(seen), 'PXAT', digits(((index + 2) * length) / 1000))
        end
      end
    else
      local log = log_key(book, window)
      local known = redis.call('ZCOUNT', log, digits(moment - length - 1000000), digits(moment))
      for i = 1, math.min(there - known, window[1]) do
        redis.call('ZADD', log, digits(moment), 'else:' .. digits(moment) .. ':' .. i)
      end
      redis.call('PEXPIREAT', log, digits((moment + 2 * length) / 1000 + 1000))
    end
  end
end
if asked.hold >= 0 then
  local pause = asked.hold
  if pause == 0 then
    local strikes = 1
    if moment - state.hold < 30000000 then
      strikes = state.hold > moment and math.max(state.strikes, 1) or state.strikes + 1
    end
    redis.call('HSET', book, 'strikes', strikes)
    pause = state.hold > moment and 0 or math.min(500000 * 2 ^ (strikes - 1), 60000000)
  end
  if moment + pause > state.hold then
    redis.call('HSET', book, 'hold', digits(moment + pause))
    anew = true
  end
end
local generation = anew and redis.call('HINCRBY', book, 'generation', 1) or state.generation
redis.call('EXPIRE', book, KEPT)
return generation
"""
)

CLOSE: Final = """
local closed, field, till, reason = KEYS[1] .. ':closed', ARGV[1], ARGV[2], ARGV[3]
local known = redis.call('HGET', closed, field)
if not known or tonumber(string.match(known, '^%d+')) < tonumber(till) then
  redis.call('HSET', closed, field, till .. '|' .. reason)
end
local last = 0
for _, value in ipairs(redis.call('HVALS', closed)) do
  last = math.max(last, tonumber(string.match(value, '^%d+')))
end
redis.call('PEXPIREAT', closed, string.format('%.0f', last / 1000))
return 1
"""
