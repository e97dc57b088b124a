-- Removes a node that shows no sign of life, or is itself the one that calls, and what its sessions hold, some of it
-- at a time.
--
-- KEYS[1]  the key that says which state is valid
-- ARGV[1]  the run id of the Redis process
-- ARGV[2]  the epoch, ARGV[3] the number of the incarnation that sweeps
-- ARGV[4]  the number of the incarnation that is swept, ARGV[5] the last beat that was seen of it
-- ARGV[6]  how much is removed at most
--
-- Returns 1 if there is nothing more to remove, 2 if there is more; 0 if the incarnation is not known.

local known = redis.call('HMGET', KEYS[1], 'epoch', 'run')
local other = ARGV[4]
local isKnown = other == ARGV[3] or redis.call('EXISTS', state .. 'n:' .. ARGV[3]) == 1
if known[1] ~= ARGV[2] or known[2] ~= ARGV[1] or not isKnown then
  return 0
end
local beat = string.match(redis.call('HGET', state .. 'nodes', other) or '', '^%d+')
if beat ~= ARGV[5] then
  return 1
end
-- First of all its calls get no answer any more.
redis.call('DEL', state .. 'n:' .. other, state .. 'i:' .. other, state .. 'q:' .. other)

-- The sessions that a peer has on other nodes may wait to enter rooms until those here have left them.
local function tellNewcomers(app, peer)
  local sessions = sessionsOf(app, peer) or ''
  for node in string.gmatch(sessions, '(%d+) %S+') do
    if node == other then
      return
    end
  end
  for node, session in string.gmatch(sessions, '(%d+) (%S+)') do
    tellProbed(node, app, session, 0)
  end
end

local rooms, sessions = state .. 'o:' .. other, state .. 'a:' .. other
local key = redis.call('EXISTS', rooms) == 1 and rooms or sessions
for _, packed in ipairs(redis.call('SRANDMEMBER', key, ARGV[6])) do
  -- A value of a wrong type must not keep the rest from being removed.
  pcall(function()
    local it = cmsgpack.unpack(packed)
    if it[1] == 's' then
      local peer = depart(it[2], it[4])
      if peer then
        tellNewcomers(it[2], peer)
      end
    elseif it[1] == 'r' then
      leaveRoom(it[2], it[3], it[4])
    else
      leavePattern(it[2], it[3], it[4])
    end
  end)
  redis.call('SREM', key, packed)
end
deliver()
if redis.call('EXISTS', rooms, sessions) > 0 then
  return 2
end
redis.call('HDEL', state .. 'nodes', other)
return 1
