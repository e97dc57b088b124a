#!lua flags=allow-oom
-- Calls each command that servers and the other scripts call on keys, for an operator who has set up a user of the
-- store.
--
-- KEYS[1]  what the names of all keys begin with
--
-- Returns the first error, or nothing. What it writes is removed, or expires within a second.

local text, hash, set, stream = KEYS[1] .. ':check', KEYS[1] .. ':check:h', KEYS[1] .. ':check:s', KEYS[1] .. ':check:x'
local calls = {
  {'SET', text, '0', 'PX', '1000'}, {'INCR', text}, {'PTTL', text}, {'EXPIRE', text, '1'}, {'EXISTS', text},
  {'HSET', hash, 'a', '1'}, {'HGET', hash, 'a'}, {'HMGET', hash, 'a'}, {'HGETALL', hash}, {'HKEYS', hash},
  {'HVALS', hash}, {'HLEN', hash}, {'HEXISTS', hash, 'a'}, {'HINCRBY', hash, 'a', '1'}, {'HDEL', hash, 'a'},
  {'SADD', set, 'a'}, {'SRANDMEMBER', set, '1'}, {'SREM', set, 'a'},
  {'XADD', stream, '1-0', 'a', 'b'}, {'XLEN', stream}, {'XRANGE', stream, '-', '+'}, {'XTRIM', stream, 'MINID', '2-0'},
  {'XREAD', 'COUNT', '1', 'STREAMS', stream, '0'}, {'SCAN', '0', 'COUNT', '1'}, {'UNLINK', text},
  {'DEL', text, hash, set, stream}
}
for _, call in ipairs(calls) do
  local reply = redis.pcall(unpack(call))
  if type(reply) == 'table' and reply.err then
    return call[1] .. ': ' .. reply.err
  end
end
return ''
