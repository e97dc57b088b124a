#!lua flags=allow-oom
-- Removes what a node has read of its inbox.
--
-- KEYS[1]  the key that says which state is valid
-- ARGV[1]  the run id of the Redis process
-- ARGV[2]  the epoch, ARGV[3] the number of the incarnation
-- ARGV[4]  the number of the last entry that was read
-- ARGV[5]  the number of the call, higher than that of the one before
-- ARGV[6]  an app and how many bytes less of it wait; and again
--
-- Returns 1; 0 if the incarnation is not known. A call that was executed before changes nothing.

local known = redis.call('HMGET', KEYS[1], 'epoch', 'run')
local state = KEYS[1] .. ':' .. ARGV[2] .. ':'
local node = state .. 'n:' .. ARGV[3]
if known[1] ~= ARGV[2] or known[2] ~= ARGV[1] or redis.call('EXISTS', node) == 0 then
  return 0
end
if tonumber(ARGV[5]) <= tonumber(redis.call('HGET', node, 'removal') or '0') then
  return 1
end

local function subtract(app, bytes)
  if bytes > 0 and redis.call('HINCRBY', state .. 'q:' .. ARGV[3], app, -bytes) <= 0 then
    redis.call('HDEL', state .. 'q:' .. ARGV[3], app)
  end
end

local all = 0
for i = 6, #ARGV, 2 do
  local bytes = tonumber(ARGV[i + 1])
  subtract(ARGV[i], bytes)
  all = all + bytes
end
subtract('', all)
redis.call('HSET', node, 'removal', ARGV[5])
redis.call('XTRIM', state .. 'i:' .. ARGV[3], 'MINID', (tonumber(ARGV[4]) + 1) .. '-0')
return 1
