#!lua flags=allow-oom
-- Removes what a node has read of its inbox.
--
-- KEYS[1]  the key that says which state is valid
-- ARGV[1]  the run id of the Redis process
-- ARGV[2]  the epoch, ARGV[3] the number of the incarnation
-- ARGV[4]  the number of the last entry that was read
-- ARGV[5]  how many bytes there were in the inbox through this entry; nothing if that is not known
--
-- Returns 1; 0 if the incarnation is not known.

local known = redis.call('HMGET', KEYS[1], 'epoch', 'run')
local state = KEYS[1] .. ':' .. ARGV[2] .. ':'
if known[1] ~= ARGV[2] or known[2] ~= ARGV[1] or redis.call('EXISTS', state .. 'n:' .. ARGV[3]) == 0 then
  return 0
end
if ARGV[5] ~= '' then
  redis.call('HSET', state .. 'n:' .. ARGV[3], 'read', ARGV[5])
end
redis.call('XTRIM', state .. 'i:' .. ARGV[3], 'MINID', (tonumber(ARGV[4]) + 1) .. '-0')
return 1
