-- Decides commands of a node, in their order, and adds what follows from them to the inboxes of all nodes concerned.
--
-- KEYS[1]  the key that says which state is valid
-- ARGV[1]  the run id of the Redis process
-- ARGV[2]  the epoch, ARGV[3] the number of the incarnation
-- ARGV[4]  1 if the store is full: then nothing is published, sent or joined
-- ARGV[5]  how many bytes an inbox may have before nothing more is published or sent to it
-- ARGV[6]  commands, each a letter, its number, and its arguments:
--          A app session peer                                   a session arrives
--          V app session alive                                  the sessions of its peer here are probed: one is alive
--                                                               (1) or none (0)
--          D app session                                        it departs
--          J app room session how capacity peer identity        it joins a room; how: E enters, L listens, W pattern
--          K app room session how away peer identity            it is in a room again
--          E app room session                                   it enters the roster
--          L app room session                                   it leaves
--          W app room session away                              it is away (1) or back (0)
--          P app room session bytes                             publishes bytes to a room
--          S app peer bytes                                     sends bytes to a peer
--          C app peer bytes                                     closes the connections of a peer
--          R app session bytes                                  reports to a session
--
-- Returns 1; 0 if the incarnation is not known. Commands that were decided before are skipped.
--
-- Items of an inbox:
--   D  an outcome: the number of the command, a letter and a number: d done, a arrived, r reached, f full, u unknown,
--      n not done, b busy, x failed half way
--   J  the outcome of a join: the number of the command, how many were there before, 1 if the roster follows; then for
--      each session of it one byte, 1 if it is away, four bytes of length, and its identity
--   A  a session arrived whose peer has sessions here: two lengths of two bytes, app, peer, session
--   V  sessions of the peer of a session were probed: a length of two bytes, one byte, 1 if one is alive, app, session
--   E  a session entered a roster, is away or back: two lengths of two bytes, one byte, 1 if it is away, app, room,
--      identity
--   L  a session left a roster: two lengths of two bytes, app, room, session
--   P, S, C, R  the bytes of the command

local known = redis.call('HMGET', KEYS[1], 'epoch', 'run')
local me = ARGV[3]
local last = redis.call('HGET', state .. 'n:' .. me, 'last')
if known[1] ~= ARGV[2] or known[2] ~= ARGV[1] or not last then
  return 0
end
last = tonumber(last)
local isFull = ARGV[4] == '1'
local bound = tonumber(ARGV[5])

-- Whether an inbox takes more signals, as far as it was looked at.
local takes = {}
local function takesMore(node)
  if takes[node] == nil then
    local counts = redis.call('HMGET', state .. 'n:' .. node, 'bytes', 'read')
    takes[node] = (tonumber(counts[1]) or 0) - (tonumber(counts[2]) or 0) < bound
  end
  return takes[node]
end

local function takeMore(nodes)
  for node in pairs(nodes) do
    if not takesMore(node) then
      return false
    end
  end
  return true
end

local settling = nil
local function isSettling()
  if settling == nil then
    settling = redis.call('EXISTS', state .. 'new') == 1
  end
  return settling
end

local function join(app, room, session, how, isAway, peer, identity)
  if how == 'W' then
    if redis.call('HSET', state .. 'w:' .. app .. ':' .. room, session, me) == 1 then
      redis.call('HINCRBY', state .. 'wn:' .. app, me, 1)
      hold(me, 'w', app, room, session)
    end
    return 0, nil
  end
  local name = app .. ':' .. room
  local others = redis.call('HLEN', state .. 'r:' .. name)
  local roster = nil
  if redis.call('HEXISTS', state .. 'rn:' .. name, me) == 0 then
    roster = redis.call('HVALS', state .. 'r:' .. name)
  end
  local seat = {me, peer, how == 'E', isAway, identity}
  if redis.call('HSET', state .. 'r:' .. name, session, cmsgpack.pack(seat)) == 1 then
    redis.call('HINCRBY', state .. 'rp:' .. name, peer, 1)
    redis.call('HINCRBY', state .. 'rn:' .. name, me, 1)
    hold(me, 'r', app, room, session)
  end
  tellEntered(app, room, seat)
  return others, roster
end

local function joined(number, others, roster)
  local parts = {number .. ' ' .. others .. ' ' .. (roster and '1' or '0') .. ' '}
  for _, packed in ipairs(roster or {}) do
    local seat = cmsgpack.unpack(packed)
    if seat[3] then
      parts[#parts + 1] = struct.pack('>BI4', seat[4] and 1 or 0, #seat[5])
      parts[#parts + 1] = seat[5]
    end
  end
  tell(me, 'J', table.concat(parts))
end

local function change(app, room, session, part, value)
  local key = state .. 'r:' .. app .. ':' .. room
  local packed = redis.call('HGET', key, session)
  if not packed then
    return false
  end
  local seat = cmsgpack.unpack(packed)
  seat[part] = value
  redis.call('HSET', key, session, cmsgpack.pack(seat))
  tellEntered(app, room, seat)
  return true
end

local function reach(app, peer, kind, bytes)
  local nodes, sessions = {}, 0
  for _, node in ipairs(redis.call('HVALS', state .. 'p:' .. app .. ':' .. peer)) do
    nodes[node] = true
    sessions = sessions + 1
  end
  if kind == 'S' and not takeMore(nodes) then
    return 'b', 0
  end
  for node in pairs(nodes) do
    tell(node, kind, bytes)
  end
  return 'r', sessions
end

-- Each returns a letter and a number for the outcome; nothing if it has told the outcome itself.
local commands = {
  A = {3, function(number, app, session, peer)
    local asked, nodes = {}, 0
    local bytes = struct.pack('>HH', #app, #peer) .. app .. peer .. session
    for _, node in ipairs(redis.call('HVALS', state .. 'p:' .. app .. ':' .. peer)) do
      if node ~= me and not asked[node] then
        asked[node] = true
        nodes = nodes + 1
        tell(node, 'A', bytes)
      end
    end
    redis.call('HSET', state .. 's:' .. app, session, cmsgpack.pack({me, peer}))
    redis.call('HSET', state .. 'p:' .. app .. ':' .. peer, session, me)
    hold(me, 's', app, '', session)
    return 'a', nodes
  end},
  V = {3, function(number, app, session, alive)
    local packed = redis.call('HGET', state .. 's:' .. app, session)
    if packed then
      local bytes = struct.pack('>HB', #app, alive == '1' and 1 or 0) .. app .. session
      tell(cmsgpack.unpack(packed)[1], 'V', bytes)
    end
    return 'd', 0
  end},
  D = {2, function(number, app, session)
    depart(app, session)
    return 'd', 0
  end},
  J = {7, function(number, app, room, session, how, capacity, peer, identity)
    if isFull then
      return 'n', 0
    end
    if how ~= 'W' then
      local key = state .. 'rp:' .. app .. ':' .. room
      local peers = redis.call('HLEN', key)
      if redis.call('HEXISTS', key, peer) == 0 then
        peers = peers + 1
      end
      if peers > tonumber(capacity) then
        return 'f', capacity
      end
    end
    joined(number, join(app, room, session, how, false, peer, identity))
  end},
  K = {7, function(number, app, room, session, how, away, peer, identity)
    joined(number, join(app, room, session, how, away == '1', peer, identity))
  end},
  E = {3, function(number, app, room, session)
    return change(app, room, session, 3, true) and 'd' or 'u', 0
  end},
  L = {3, function(number, app, room, session)
    leavePattern(app, room, session)
    leaveRoom(app, room, session)
    return 'd', 0
  end},
  W = {4, function(number, app, room, session, away)
    change(app, room, session, 4, away == '1')
    return 'd', 0
  end},
  P = {4, function(number, app, room, session, bytes)
    if isFull or isSettling() then
      return 'n', 0
    end
    local name = app .. ':' .. room
    local isMember = session ~= '' and redis.call('HEXISTS', state .. 'r:' .. name, session) == 1
    local nodes, members = {}, 0
    local counts = redis.call('HGETALL', state .. 'rn:' .. name)
    for i = 1, #counts, 2 do
      local sessions = tonumber(counts[i + 1])
      if isMember and counts[i] == me then
        sessions = sessions - 1
      end
      members = members + sessions
      if sessions > 0 then
        nodes[counts[i]] = true
      end
    end
    for _, node in ipairs(redis.call('HKEYS', state .. 'wn:' .. app)) do
      nodes[node] = true
    end
    if not takeMore(nodes) then
      return 'b', 0
    end
    for node in pairs(nodes) do
      tell(node, 'P', bytes)
    end
    return 'r', members
  end},
  S = {3, function(number, app, peer, bytes)
    if isFull or isSettling() then
      return 'n', 0
    end
    return reach(app, peer, 'S', bytes)
  end},
  C = {3, function(number, app, peer, bytes)
    return reach(app, peer, 'C', bytes)
  end},
  R = {3, function(number, app, session, bytes)
    local packed = redis.call('HGET', state .. 's:' .. app, session)
    if packed then
      tell(cmsgpack.unpack(packed)[1], 'R', bytes)
    end
    return 'd', 0
  end}
}

local at = 6
while at <= #ARGV do
  local command = commands[ARGV[at]]
  local number = tonumber(ARGV[at + 1])
  if number > last then
    last = number
    -- A value of a wrong type ends this command alone: Redis takes nothing back.
    local isDone, letter, value = pcall(command[2], ARGV[at + 1], unpack(ARGV, at + 2, at + 1 + command[1]))
    if not isDone then
      tell(me, 'D', number .. ' x 0')
    elseif letter then
      tell(me, 'D', number .. ' ' .. letter .. ' ' .. value)
    end
  end
  at = at + 2 + command[1]
end
redis.call('HSET', state .. 'n:' .. me, 'last', last)
deliver()
return 1
