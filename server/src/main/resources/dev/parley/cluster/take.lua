#!lua
-- Takes a request of a back end on for a server, unless another one has done so under the same key.
--
-- KEYS[1]  what the names of all keys begin with
-- ARGV[1]  the app, ARGV[2] the key of the request
-- ARGV[3]  a digest of the request
-- ARGV[4]  the server
-- ARGV[5]  for how many seconds the request is remembered
--
-- Returns nothing if the server has it now, also if a call before did that and its reply was lost; else the digest of
-- the request that has the key, and the status and body of the reply to it, both empty while it is done.

local name = KEYS[1] .. ':k:' .. ARGV[1] .. ':' .. ARGV[2]
local known = redis.call('HMGET', name, 'request', 'server', 'status', 'body')
if known[1] and (known[3] or known[2] ~= ARGV[4]) then
  return {known[1], known[3] or '', known[4] or ''}
end
redis.call('HSET', name, 'request', ARGV[3], 'server', ARGV[4])
redis.call('EXPIRE', name, ARGV[5])
return {}
