-- What deciding and sweeping share. Put before both scripts.
--
-- Keys of a state, all behind KEYS[1] .. ':' .. epoch .. ':'
--
--   new                    there is one while the state is settling, see begin.lua
--   count                  how many incarnations have begun
--   nodes                  hash: incarnation -> its last beat and, behind a blank, its name
--   n:INCARNATION          hash: "last" command that was decided, "entries" of its inbox so far, the number of the last
--                          "removal"
--   i:INCARNATION          stream: its inbox; the id of an entry is its number
--   q:INCARNATION          hash: app -> bytes that wait in its inbox; "" -> those of all apps
--   a:INCARNATION          set: its sessions, for the sweep: packed {'s', app, '', session}
--   o:INCARNATION          set: what its sessions hold, for the sweep: packed {kind, app, name, session}
--   held                   hash: app -> about how many bytes its sessions take here; "" -> those of all apps
--   s:APP                  hash: session -> packed {incarnation, peer, address}
--   sa:APP                 hash: address -> how many sessions its clients have
--   p:APP                  hash: peer -> the incarnation and the id of each of its sessions, all with blanks between
--   r:APP:ROOM             hash: session -> packed seat {incarnation, peer, isEntered, isAway, identity}
--   rp:APP:ROOM            hash: peer -> packed {how many sessions it has there, address of the first one}
--   ra:APP:ROOM            hash: address -> how many peers count for it
--   rn:APP:ROOM            hash: incarnation -> how many sessions it has there
--   w:APP:PATTERN          hash: session -> incarnation
--   wn:APP                 hash: incarnation -> how many patterns its sessions hold
--   wc:APP                 hash: incarnation -> what it costs to compare a name with its patterns: the steps for any
--                          name, a blank, and the steps for each character
--
-- Apps have no colon in their names. Names of peers, rooms and patterns may have any bytes. What is called packed is
-- MessagePack. An identity is made by nodes, and never read here.

local state = KEYS[1] .. ':' .. ARGV[2] .. ':'

-- What is told to nodes: incarnation -> {fields: kind, bytes, kind, bytes ...; sizes: app -> bytes}. Outcomes in
-- succession are one item, as a list until they are delivered: an item costs much more than its bytes.
local told = {}

local function tell(node, app, kind, bytes)
  local it = told[node]
  if not it then
    it = {fields = {'Q', ''}, sizes = {}}
    told[node] = it
  end
  it.sizes[app] = (it.sizes[app] or 0) + #bytes
  local fields = it.fields
  if kind ~= 'D' then
    fields[#fields + 1] = kind
    fields[#fields + 1] = bytes
  elseif fields[#fields - 1] == 'D' then
    local outcomes = fields[#fields]
    outcomes[#outcomes + 1] = bytes
  else
    fields[#fields + 1] = kind
    fields[#fields + 1] = {bytes}
  end
end

-- Adds what was told to the inboxes, one entry each, which begins with the bytes that each app takes in it.
local function deliver()
  for node, it in pairs(told) do
    if redis.call('EXISTS', state .. 'n:' .. node) == 1 then
      local all, parts = 0, {}
      for app, size in pairs(it.sizes) do
        redis.call('HINCRBY', state .. 'q:' .. node, app, size)
        all = all + size
        parts[#parts + 1] = app .. ' ' .. size
      end
      redis.call('HINCRBY', state .. 'q:' .. node, '', all)
      it.fields[2] = table.concat(parts, ' ')
      for i = 4, #it.fields, 2 do
        if type(it.fields[i]) == 'table' then
          it.fields[i] = table.concat(it.fields[i], ' ')
        end
      end
      local number = redis.call('HINCRBY', state .. 'n:' .. node, 'entries', 1)
      redis.call('XADD', state .. 'i:' .. node, string.format('%.0f-0', number), unpack(it.fields))
    end
  end
end

local function count(key, field, more)
  if redis.call('HINCRBY', key, field, more) <= 0 then
    redis.call('HDEL', key, field)
  end
end

-- Counts what an app holds: about how many bytes. With its keys each name stands in several places.
local function hold(app, bytes)
  count(state .. 'held', app, bytes)
  count(state .. 'held', '', bytes)
end

local function sizeOfSession(session, peer, address)
  return 500 + 3 * #session + 2 * #peer + 2 * #address
end

local function sizeOfSeat(room, session, peer, identity)
  return 900 + 5 * #room + 3 * #session + 2 * #peer + #identity
end

local function sizeOfPattern(pattern, session)
  return 600 + 2 * #pattern + 3 * #session
end

-- Tells the nodes that hear a room, but the one whose session it is: that learns it by its outcome.
local function tellOthers(app, room, node, kind, bytes)
  for _, other in ipairs(redis.call('HKEYS', state .. 'rn:' .. app .. ':' .. room)) do
    if other ~= node then
      tell(other, app, kind, bytes)
    end
  end
end

local function tellEntered(app, room, seat)
  if seat[3] then
    local bytes = struct.pack('>HHB', #app, #room, seat[4] and 1 or 0) .. app .. room .. seat[5]
    tellOthers(app, room, seat[1], 'E', bytes)
  end
end

local function notes(node, kind)
  return state .. (kind == 's' and 'a:' or 'o:') .. node
end

local function note(node, kind, app, name, session)
  redis.call('SADD', notes(node, kind), cmsgpack.pack({kind, app, name, session}))
end

local function forget(node, kind, app, name, session)
  redis.call('SREM', notes(node, kind), cmsgpack.pack({kind, app, name, session}))
end

-- Tells the node of a session that the earlier ones of its peer on another node were probed, and one of them is alive
-- (1) or none (0).
local function tellProbed(node, app, session, alive)
  tell(node, app, 'V', struct.pack('>HB', #app, alive) .. app .. session)
end

-- app -> peer -> its sessions as they are in p:APP, or false if there are none; as far as they were read in this call.
local peers = {}

local function ofApp(app)
  local known = peers[app]
  if not known then
    known = {}
    peers[app] = known
  end
  return known
end

local function sessionsOf(app, peer)
  local known = ofApp(app)
  if known[peer] == nil then
    known[peer] = redis.call('HGET', state .. 'p:' .. app, peer)
  end
  return known[peer]
end

-- Reads the sessions of many peers at once.
local function readSessions(app, names)
  local known = ofApp(app)
  for i, sessions in ipairs(redis.call('HMGET', state .. 'p:' .. app, unpack(names))) do
    known[names[i]] = sessions
  end
end

local function setSessions(app, peer, sessions)
  if sessions then
    redis.call('HSET', state .. 'p:' .. app, peer, sessions)
  else
    redis.call('HDEL', state .. 'p:' .. app, peer)
  end
  ofApp(app)[peer] = sessions
end

local function addSession(app, peer, node, session)
  local sessions = sessionsOf(app, peer)
  setSessions(app, peer, (sessions and sessions .. ' ' or '') .. node .. ' ' .. session)
end

local function removeSession(app, peer, removed)
  local rest = {}
  for node, session in string.gmatch(sessionsOf(app, peer) or '', '(%d+) (%S+)') do
    if session ~= removed then
      rest[#rest + 1] = node .. ' ' .. session
    end
  end
  setSessions(app, peer, #rest > 0 and table.concat(rest, ' '))
end

-- Returns the peer of the session, or nothing if it is not known.
local function depart(app, session)
  local packed = redis.call('HGET', state .. 's:' .. app, session)
  if packed then
    local home = cmsgpack.unpack(packed)
    redis.call('HDEL', state .. 's:' .. app, session)
    removeSession(app, home[2], session)
    count(state .. 'sa:' .. app, home[3], -1)
    hold(app, -sizeOfSession(session, home[2], home[3]))
    forget(home[1], 's', app, '', session)
    return home[2]
  end
end

-- The nodes with patterns of an app, as far as they were looked up in this call.
local patternNodes = {}

local function leavePattern(app, pattern, session)
  local key = state .. 'w:' .. app .. ':' .. pattern
  local node = redis.call('HGET', key, session)
  if node then
    patternNodes[app] = nil
    redis.call('HDEL', key, session)
    count(state .. 'wn:' .. app, node, -1)
    if redis.call('HEXISTS', state .. 'wn:' .. app, node) == 0 then
      redis.call('HDEL', state .. 'wc:' .. app, node)
    end
    hold(app, -sizeOfPattern(pattern, session))
    forget(node, 'w', app, pattern, session)
  end
end

-- One session less of a peer is in a room.
local function removePeer(name, peer)
  local packed = redis.call('HGET', state .. 'rp:' .. name, peer)
  if packed then
    local it = cmsgpack.unpack(packed)
    if it[1] > 1 then
      redis.call('HSET', state .. 'rp:' .. name, peer, cmsgpack.pack({it[1] - 1, it[2]}))
    else
      redis.call('HDEL', state .. 'rp:' .. name, peer)
      count(state .. 'ra:' .. name, it[2], -1)
    end
  end
end

local function leaveRoom(app, room, session)
  local name = app .. ':' .. room
  local packed = redis.call('HGET', state .. 'r:' .. name, session)
  if packed then
    local seat = cmsgpack.unpack(packed)
    redis.call('HDEL', state .. 'r:' .. name, session)
    removePeer(name, seat[2])
    count(state .. 'rn:' .. name, seat[1], -1)
    hold(app, -sizeOfSeat(room, session, seat[2], seat[5]))
    forget(seat[1], 'r', app, room, session)
    if seat[3] then
      local bytes = struct.pack('>HH', #app, #room) .. app .. room .. session
      tellOthers(app, room, seat[1], 'L', bytes)
    end
  end
end
