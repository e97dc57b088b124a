-- Decides commands of a node, in their order, and adds what follows from them to the inboxes of all nodes concerned.
--
-- KEYS[1]  the key that says which state is valid
-- ARGV[1]  the run id of the Redis process
-- ARGV[2]  the epoch, ARGV[3] the number of the incarnation
-- ARGV[4]  1 if the store is full: then nothing is published, sent or joined
-- ARGV[5]  how many bytes an inbox may have before nothing more is published or sent to it
-- ARGV[6]  how many bytes the sessions of all apps may take here; 0 for any number
-- ARGV[7]  behind which entry the inbox of the node is read, nothing if it is not; ARGV[8] how many entries at most
-- ARGV[9]  commands, each a letter, its number, and its arguments:
--          A app session peer limit address                     a session arrives; limit: how many the app may have
--          V app session alive                                  the sessions of its peer here are probed: one is alive
--                                                               (1) or none (0)
--          D app session                                        it departs
--          J app room session how limit address peer identity   it joins a room, which may have as many peers; how:
--                                                               E enters, L listens, W pattern
--          K app room session how away address peer identity    it is in a room again
--          E app room session                                   it enters the roster
--          L app room session                                   it leaves
--          W app room session away                              it is away (1) or back (0)
--          G app fixed each                                     comparing a name with the patterns of the node costs
--                                                               so many steps, and so many for each character
--          P app room session bytes                             publishes bytes to a room
--          S app peer bytes                                     sends bytes to a peer
--          C app peer bytes                                     closes the connections of a peer
--          R app session bytes                                  reports to a session
--          Q app bytes                                          asks all nodes
--          Y app node bytes                                     answers a node
--
-- Returns the number of the last command that was decided and, if the inbox is read, entries of it as XRANGE does;
-- nothing if the incarnation is not known. Commands that were decided before are skipped. Those behind many entries of
-- rosters are left for the next call.
--
-- Items of an inbox:
--   Q  comes first: an app and the bytes that it takes in the entry, and again
--   D  outcomes, each the number of the command, a letter and a number: d done, a arrived, r reached, f full, u
--      unknown, n not done, b busy, s the app holds its share of the store, x failed half way; or the letter p and
--      three numbers: a signal was published to so many members, and comparing the name with the patterns of all nodes
--      costs so many steps, and so many for each character
--   J  the outcome of a join: the number of the command, how many were there before, 1 if the roster follows; then for
--      each session of it one byte, 1 if it is away, four bytes of length, and its identity
--   A  a session arrived whose peer has sessions here: two lengths of two bytes, app, peer, session
--   V  sessions of the peer of a session were probed: a length of two bytes, one byte, 1 if one is alive, app, session
--   E  a session entered a roster, is away or back: two lengths of two bytes, one byte, 1 if it is away, app, room,
--      identity
--   L  a session left a roster: two lengths of two bytes, app, room, session
--   K  a node asks: its number, a blank, and the bytes of the command
--   P, S, C, R, Y  the bytes of the command

local known = redis.call('HMGET', KEYS[1], 'epoch', 'run')
local me = ARGV[3]
local last = redis.call('HGET', state .. 'n:' .. me, 'last')
if known[1] ~= ARGV[2] or known[2] ~= ARGV[1] or not last then
  return {}
end
last = tonumber(last)
local isFull = ARGV[4] == '1'
local bound = tonumber(ARGV[5])
local most = tonumber(ARGV[6])

-- How many entries of rosters the commands of one call may read before the rest is left for the next call: Redis does
-- nothing else meanwhile.
local ROSTERS = 5000
local rosters = 0

-- Whether an inbox takes more signals of an app, as far as it was looked at: an app may have as much there as is free.
local takes = {}
local function takesMore(node, app)
  local byApp = takes[node]
  if not byApp then
    byApp = {}
    takes[node] = byApp
  end
  if byApp[app] == nil then
    local sizes = redis.call('HMGET', state .. 'q:' .. node, '', app)
    byApp[app] = (tonumber(sizes[2]) or 0) < bound - (tonumber(sizes[1]) or 0)
  end
  return byApp[app]
end

local function takeMore(nodes, app)
  for node in pairs(nodes) do
    if not takesMore(node, app) then
      return false
    end
  end
  return true
end

-- Whether clients at an address that hold so many of all places may take one more: as many as are free.
local function mayTake(limit, all, own)
  return all < limit and (limit <= 16 or own < limit - all)
end

-- Whether an app may hold more: any amount below half of what there is for all, else its equal share.
local function mayHold(app, more)
  if most == 0 then
    return true
  end
  local sizes = redis.call('HMGET', state .. 'held', '', app)
  local all, own = (tonumber(sizes[1]) or 0) + more, (tonumber(sizes[2]) or 0) + more
  return all <= most / 2 or (all <= most and own <= most / redis.call('HLEN', state .. 'held'))
end

local settling = nil
local function isSettling()
  if settling == nil then
    settling = redis.call('EXISTS', state .. 'new') == 1
  end
  return settling
end

-- One session more of a peer is in a room.
local function addPeer(name, peer, address)
  local packed = redis.call('HGET', state .. 'rp:' .. name, peer)
  local it = packed and cmsgpack.unpack(packed) or {0, address}
  redis.call('HSET', state .. 'rp:' .. name, peer, cmsgpack.pack({it[1] + 1, it[2]}))
  if it[1] == 0 then
    redis.call('HINCRBY', state .. 'ra:' .. name, address, 1)
  end
end

local function join(app, room, session, how, isAway, address, peer, identity)
  if how == 'W' then
    patternNodes[app] = nil
    if redis.call('HSET', state .. 'w:' .. app .. ':' .. room, session, me) == 1 then
      redis.call('HINCRBY', state .. 'wn:' .. app, me, 1)
      hold(app, sizeOfPattern(room, session))
      note(me, 'w', app, room, session)
    end
    return 0, nil
  end
  local name = app .. ':' .. room
  local others = redis.call('HLEN', state .. 'r:' .. name)
  local roster = nil
  if redis.call('HEXISTS', state .. 'rn:' .. name, me) == 0 then
    roster = redis.call('HVALS', state .. 'r:' .. name)
    rosters = rosters + #roster
  end
  local seat = {me, peer, how == 'E', isAway, identity}
  if redis.call('HSET', state .. 'r:' .. name, session, cmsgpack.pack(seat)) == 1 then
    addPeer(name, peer, address)
    redis.call('HINCRBY', state .. 'rn:' .. name, me, 1)
    hold(app, sizeOfSeat(room, session, peer, identity))
    note(me, 'r', app, room, session)
  end
  tellEntered(app, room, seat)
  return others, roster
end

local function joined(number, app, others, roster)
  local parts = {number .. ' ' .. others .. ' ' .. (roster and '1' or '0') .. ' '}
  for _, packed in ipairs(roster or {}) do
    local seat = cmsgpack.unpack(packed)
    if seat[3] then
      parts[#parts + 1] = struct.pack('>BI4', seat[4] and 1 or 0, #seat[5])
      parts[#parts + 1] = seat[5]
    end
  end
  tell(me, app, 'J', table.concat(parts))
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
  local sessions = sessionsOf(app, peer)
  if not sessions then
    return 'r', '0'
  end
  local only = string.match(sessions, '^(%d+) [^ ]+$')
  if only then
    if kind == 'S' and not takesMore(only, app) then
      return 'b', '0'
    end
    tell(only, app, kind, bytes)
    return 'r', '1'
  end
  local nodes, count = {}, 0
  for node in string.gmatch(sessions, '(%d+) %S+') do
    nodes[node] = true
    count = count + 1
  end
  if kind == 'S' and not takeMore(nodes, app) then
    return 'b', '0'
  end
  for node in pairs(nodes) do
    tell(node, app, kind, bytes)
  end
  return 'r', count
end

-- Each returns a letter and a number for the outcome; nothing if it has told the outcome itself.
local commands = {
  A = {5, function(number, app, session, peer, limit, address)
    local key = state .. 's:' .. app
    local isKnown = redis.call('HEXISTS', key, session) == 1
    if not isKnown then
      local own = tonumber(redis.call('HGET', state .. 'sa:' .. app, address) or '0')
      if not mayTake(tonumber(limit), redis.call('HLEN', key), own) then
        return 'f', limit
      end
      local size = sizeOfSession(session, peer, address)
      if not mayHold(app, size) then
        return 's', 0
      end
      redis.call('HINCRBY', state .. 'sa:' .. app, address, 1)
      hold(app, size)
    end
    local asked, nodes = {}, 0
    local bytes = struct.pack('>HH', #app, #peer) .. app .. peer .. session
    for node in string.gmatch(sessionsOf(app, peer) or '', '(%d+) %S+') do
      if node ~= me and not asked[node] then
        asked[node] = true
        nodes = nodes + 1
        tell(node, app, 'A', bytes)
      end
    end
    redis.call('HSET', key, session, cmsgpack.pack({me, peer, address}))
    if not isKnown then
      addSession(app, peer, me, session)
    end
    note(me, 's', app, '', session)
    return 'a', nodes
  end},
  V = {3, function(number, app, session, alive)
    local packed = redis.call('HGET', state .. 's:' .. app, session)
    if packed then
      tellProbed(cmsgpack.unpack(packed)[1], app, session, tonumber(alive))
    end
    return 'd', 0
  end},
  D = {2, function(number, app, session)
    depart(app, session)
    return 'd', 0
  end},
  J = {8, function(number, app, room, session, how, limit, address, peer, identity)
    if isFull then
      return 'n', 0
    end
    if not takesMore(me, app) then
      return 'b', 0
    end
    local name = app .. ':' .. room
    if how ~= 'W' and redis.call('HEXISTS', state .. 'rp:' .. name, peer) == 0 then
      local own = tonumber(redis.call('HGET', state .. 'ra:' .. name, address) or '0')
      if not mayTake(tonumber(limit), redis.call('HLEN', state .. 'rp:' .. name), own) then
        return 'f', limit
      end
    end
    local size = how == 'W' and sizeOfPattern(room, session) or sizeOfSeat(room, session, peer, identity)
    if not mayHold(app, size) then
      return 's', 0
    end
    joined(number, app, join(app, room, session, how, false, address, peer, identity))
  end},
  K = {8, function(number, app, room, session, how, away, address, peer, identity)
    joined(number, app, join(app, room, session, how, away == '1', address, peer, identity))
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
  G = {3, function(number, app, fixed, each)
    if fixed == '0' and each == '0' then
      redis.call('HDEL', state .. 'wc:' .. app, me)
    else
      redis.call('HSET', state .. 'wc:' .. app, me, fixed .. ' ' .. each)
    end
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
    local fixed, each = 0, 0
    local subscribers = patternNodes[app]
    if not subscribers then
      subscribers = redis.call('HKEYS', state .. 'wn:' .. app)
      patternNodes[app] = subscribers
    end
    for _, node in ipairs(subscribers) do
      nodes[node] = true
    end
    if #subscribers > 0 then
      for _, cost in ipairs(redis.call('HMGET', state .. 'wc:' .. app, unpack(subscribers))) do
        local some, more = string.match(cost or '', '^(%d+) (%d+)$')
        fixed, each = fixed + (some or 0), each + (more or 0)
      end
    end
    if not takeMore(nodes, app) then
      return 'b', 0
    end
    for node in pairs(nodes) do
      tell(node, app, 'P', bytes)
    end
    return 'p', string.format('%.0f %.0f %.0f', members, fixed, each)
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
      tell(cmsgpack.unpack(packed)[1], app, 'R', bytes)
    end
    return 'd', 0
  end},
  Q = {2, function(number, app, bytes)
    local nodes = 0
    for _, node in ipairs(redis.call('HKEYS', state .. 'nodes')) do
      if redis.call('EXISTS', state .. 'n:' .. node) == 1 then
        tell(node, app, 'K', me .. ' ' .. bytes)
        nodes = nodes + 1
      end
    end
    return 'r', nodes
  end},
  Y = {3, function(number, app, node, bytes)
    if takesMore(node, app) then
      tell(node, app, 'Y', bytes)
    end
    return 'd', 0
  end}
}

-- The sessions of those to whom much is sent are read at once: a call of Redis costs more than what it reads.
local MOST = 1000
local function readReceivers(first, count)
  local receivers = {}
  local at = first
  while at <= count do
    if ARGV[at] == 'S' then
      local app = ARGV[at + 2]
      local names = receivers[app]
      if not names then
        names = {}
        receivers[app] = names
      end
      if #names < MOST then
        names[#names + 1] = ARGV[at + 3]
      end
    end
    at = at + 2 + commands[ARGV[at]][1]
  end
  for app, names in pairs(receivers) do
    readSessions(app, names)
  end
end

local at = 9
local length = #ARGV
pcall(readReceivers, at, length) -- where a value has a wrong type, each command reads for itself
while at <= length and rosters < ROSTERS do
  local command = commands[ARGV[at]]
  local number = tonumber(ARGV[at + 1])
  if number > last then
    last = number
    local app = ARGV[at + 2]
    -- A value of a wrong type ends this command alone: Redis takes nothing back.
    local isDone, letter, value = pcall(command[2], ARGV[at + 1], unpack(ARGV, at + 2, at + 1 + command[1]))
    if not isDone then
      tell(me, app, 'D', number .. ' x 0')
    elseif letter then
      tell(me, app, 'D', number .. ' ' .. letter .. ' ' .. value)
    end
  end
  at = at + 2 + command[1]
end
redis.call('HSET', state .. 'n:' .. me, 'last', last)
deliver()
if ARGV[7] == '' then
  return {string.format('%.0f', last)}
end
local behind = string.format('%.0f-0', tonumber(ARGV[7]) + 1)
return {string.format('%.0f', last), redis.call('XRANGE', state .. 'i:' .. me, behind, '+', 'COUNT', ARGV[8])}
