#!lua flags=allow-oom
-- Keeps the reply to a request of a back end, or forgets the request.
--
-- KEYS[1]  what the names of all keys begin with
-- ARGV[1]  the app, ARGV[2] the key of the request
-- ARGV[3]  the server that has taken it on
-- ARGV[4]  the status of the reply, ARGV[5] its body; without them the request is forgotten
--
-- Returns nothing. A request that the server does not have stays as it is.

local name = KEYS[1] .. ':k:' .. ARGV[1] .. ':' .. ARGV[2]
local known = redis.call('HMGET', name, 'server', 'status')
if known[1] == ARGV[3] and not known[2] then
  if ARGV[4] then
    redis.call('HSET', name, 'status', ARGV[4], 'body', ARGV[5])
  else
    redis.call('UNLINK', name)
  end
end
return {}
