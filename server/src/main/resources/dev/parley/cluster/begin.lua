#!lua flags=allow-oom
-- Begins an incarnation of a node.
--
-- KEYS[1]  the key that says which state is valid: a hash of "epoch" and "run"
-- ARGV[1]  the run id of the Redis process
-- ARGV[2]  what becomes the epoch if a new state begins; random
-- ARGV[3]  the name of the node, for people
-- ARGV[4]  for how many milliseconds a new state is settling
--
-- Returns the epoch, the number of the incarnation, the epoch of the state that is void now or nothing, and for how
-- many milliseconds the state is settling.
--
-- A state belongs to one run of Redis. After a restart or a failover the last writes may be missing, so a new state
-- begins, and all nodes submit their sessions again. Until they have, the state is settling: a signal would miss the
-- receivers that are not there yet, so none is taken.

local known = redis.pcall('HMGET', KEYS[1], 'epoch', 'run')
if known.err then -- something else was put there
  known = {}
end
local epoch, former = known[1], nil
if not epoch or known[2] ~= ARGV[1] then
  former = epoch
  epoch = ARGV[2]
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], 'epoch', epoch, 'run', ARGV[1])
  if ARGV[4] ~= '0' then
    redis.call('SET', KEYS[1] .. ':' .. epoch .. ':new', '', 'PX', ARGV[4])
  end
end
local state = KEYS[1] .. ':' .. epoch .. ':'
local number = redis.call('INCR', state .. 'count')
redis.call('HSET', state .. 'n:' .. number, 'last', 0, 'entries', 0)
redis.call('HSET', state .. 'nodes', number, '0 ' .. ARGV[3])
return {epoch, number, former or '', math.max(redis.call('PTTL', state .. 'new'), 0)}
