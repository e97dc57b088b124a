#!lua flags=allow-oom
-- Shows that a node is alive.
--
-- KEYS[1]  the key that says which state is valid
-- ARGV[1]  the run id of the Redis process
-- ARGV[2]  the epoch, ARGV[3] the number of the incarnation
-- ARGV[4]  the beat, higher than the one before
--
-- Returns incarnations and their last beats, in turn, also those that are being swept; nothing if the incarnation is
-- not known.

local known = redis.call('HMGET', KEYS[1], 'epoch', 'run')
local state = KEYS[1] .. ':' .. ARGV[2] .. ':'
if known[1] ~= ARGV[2] or known[2] ~= ARGV[1] or redis.call('EXISTS', state .. 'n:' .. ARGV[3]) == 0 then
  return {}
end
local last = tonumber(redis.call('HGET', state .. 'nodes', ARGV[3]) or '0')
if tonumber(ARGV[4]) > last then
  redis.call('HSET', state .. 'nodes', ARGV[3], ARGV[4])
end
return redis.call('HGETALL', state .. 'nodes')
