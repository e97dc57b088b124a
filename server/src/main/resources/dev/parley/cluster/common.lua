-- What deciding and sweeping share. Put before both scripts.
--
-- Keys of a state, all behind KEYS[1] .. ':' .. epoch .. ':'
--
--   new                    there is one while the state is settling, see begin.lua
--   count                  how many incarnations have begun
--   nodes                  hash: incarnation -> its last beat
--   n:INCARNATION          hash: "last" command that was decided, "entries" and "bytes" of its inbox so far, bytes that
--                          were "read", "name"
--   i:INCARNATION          stream: its inbox; the id of an entry is its number, and how many bytes there were with it
--   o:INCARNATION          set: what its sessions hold, for the sweep: packed {kind, app, name, session}
--   s:APP                  hash: session -> packed {incarnation, peer}
--   p:APP:PEER             hash: session -> incarnation
--   r:APP:ROOM             hash: session -> packed seat {incarnation, peer, isEntered, isAway, identity}
--   rp:APP:ROOM            hash: peer -> how many sessions it has there
--   rn:APP:ROOM            hash: incarnation -> how many sessions it has there
--   w:APP:PATTERN          hash: session -> incarnation
--   wn:APP                 hash: incarnation -> how many patterns its sessions hold
--
-- Apps have no colon in their names. Names of peers, rooms and patterns may have any bytes. What is called packed is
-- MessagePack. An identity is made by nodes, and never read here.

local state = KEYS[1] .. ':' .. ARGV[2] .. ':'

-- Items for inboxes: incarnation -> kind, bytes, kind, bytes ...
local items = {}

local function tell(node, kind, bytes)
  local list = items[node]
  if not list then
    list = {}
    items[node] = list
  end
  list[#list + 1] = kind
  list[#list + 1] = bytes
end

-- Adds what was told to the inboxes, one entry each.
local function deliver()
  for node, list in pairs(items) do
    if redis.call('EXISTS', state .. 'n:' .. node) == 1 then
      local size = 0
      for i = 2, #list, 2 do
        size = size + #list[i]
      end
      local number = redis.call('HINCRBY', state .. 'n:' .. node, 'entries', 1)
      local bytes = redis.call('HINCRBY', state .. 'n:' .. node, 'bytes', size)
      redis.call('XADD', state .. 'i:' .. node, string.format('%.0f-%.0f', number, bytes), unpack(list))
    end
  end
end

local function count(key, field, more)
  if redis.call('HINCRBY', key, field, more) <= 0 then
    redis.call('HDEL', key, field)
  end
end

-- Tells the nodes that hear a room, but the one whose session it is: that learns it by its outcome.
local function tellOthers(app, room, node, kind, bytes)
  for _, other in ipairs(redis.call('HKEYS', state .. 'rn:' .. app .. ':' .. room)) do
    if other ~= node then
      tell(other, kind, bytes)
    end
  end
end

local function tellEntered(app, room, seat)
  if seat[3] then
    local bytes = struct.pack('>HHB', #app, #room, seat[4] and 1 or 0) .. app .. room .. seat[5]
    tellOthers(app, room, seat[1], 'E', bytes)
  end
end

local function hold(node, kind, app, name, session)
  redis.call('SADD', state .. 'o:' .. node, cmsgpack.pack({kind, app, name, session}))
end

local function release(node, kind, app, name, session)
  redis.call('SREM', state .. 'o:' .. node, cmsgpack.pack({kind, app, name, session}))
end

local function depart(app, session)
  local packed = redis.call('HGET', state .. 's:' .. app, session)
  if packed then
    local home = cmsgpack.unpack(packed)
    redis.call('HDEL', state .. 's:' .. app, session)
    redis.call('HDEL', state .. 'p:' .. app .. ':' .. home[2], session)
    release(home[1], 's', app, '', session)
  end
end

local function leavePattern(app, pattern, session)
  local key = state .. 'w:' .. app .. ':' .. pattern
  local node = redis.call('HGET', key, session)
  if node then
    redis.call('HDEL', key, session)
    count(state .. 'wn:' .. app, node, -1)
    release(node, 'w', app, pattern, session)
  end
end

local function leaveRoom(app, room, session)
  local name = app .. ':' .. room
  local packed = redis.call('HGET', state .. 'r:' .. name, session)
  if packed then
    local seat = cmsgpack.unpack(packed)
    redis.call('HDEL', state .. 'r:' .. name, session)
    count(state .. 'rp:' .. name, seat[2], -1)
    count(state .. 'rn:' .. name, seat[1], -1)
    release(seat[1], 'r', app, room, session)
    if seat[3] then
      local bytes = struct.pack('>HH', #app, #room) .. app .. room .. session
      tellOthers(app, room, seat[1], 'L', bytes)
    end
  end
end
