#!lua flags=allow-oom
-- Shows that a node is alive.
--
-- KEYS[1]  the key that says which state is valid
-- ARGV[1]  the run id of the Redis process
-- ARGV[2]  the epoch, ARGV[3] the number of the incarnation
-- ARGV[4]  the beat, higher than the one before
-- ARGV[5]  an app, a period, and how many messages the app has sent in it through this node; and again
--
-- Returns how many entries are in the inbox of the node and how many bytes they have; for each app, how many messages
-- it has sent through other nodes; then incarnations and their last beats with their names, in turn, also those that
-- are being swept; nothing if the incarnation is not known.
--
-- What apps have sent is in KEYS[1] .. ':used:' .. period .. ':' .. app, a hash by name of node, which is not lost with
-- a state.

local known = redis.call('HMGET', KEYS[1], 'epoch', 'run')
local state = KEYS[1] .. ':' .. ARGV[2] .. ':'
if known[1] ~= ARGV[2] or known[2] ~= ARGV[1] or redis.call('EXISTS', state .. 'n:' .. ARGV[3]) == 0 then
  return {}
end
local last, name = string.match(redis.call('HGET', state .. 'nodes', ARGV[3]) or '0 ', '^(%d+) (.*)$')
if tonumber(ARGV[4]) > tonumber(last) then
  redis.call('HSET', state .. 'nodes', ARGV[3], ARGV[4] .. ' ' .. name)
end
local reply = {redis.call('XLEN', state .. 'i:' .. ARGV[3]), redis.call('HGET', state .. 'q:' .. ARGV[3], '') or '0'}

local DAYS = 40
for i = 5, #ARGV, 3 do
  local key = KEYS[1] .. ':used:' .. ARGV[i + 1] .. ':' .. ARGV[i]
  if redis.call('HSET', key, name, ARGV[i + 2]) == 1 then
    redis.call('EXPIRE', key, DAYS * 86400)
  end
  local others = -tonumber(ARGV[i + 2])
  for _, messages in ipairs(redis.call('HVALS', key)) do
    others = others + tonumber(messages)
  end
  reply[#reply + 1] = string.format('%.0f', others)
end

for _, value in ipairs(redis.call('HGETALL', state .. 'nodes')) do
  reply[#reply + 1] = value
end
return reply
