// SPDX-License-Identifier: Apache-2.0
// What a competent Node developer writes to serve Parley's v1: JSON.parse, look at the type, JSON.stringify. Channels
// with presence, direct messages, acknowledgements; none of Parley's limits, grants, tokens, keepalive or slow-consumer
// care.

import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { listen } from './listen.mjs';

const KEY = 'pk_live_demo';
const peers = new Map(); // peer id -> socket
const channels = new Map(); // name -> Map of peer id -> socket
const server = createServer();
const sockets = new WebSocketServer({ server, perMessageDeflate: false, clientTracking: false });

// One text for all of them, encoded once.
function tell(receivers, except, message) {
  const bytes = Buffer.from(JSON.stringify(message));
  for (const receiver of receivers) if (receiver !== except) receiver.send(bytes, { binary: false });
}

const say = (socket, message) => socket.send(JSON.stringify(message));
const acknowledge = (socket, requestId) => {
  if (requestId !== undefined) say(socket, { type: 'ack', requestId });
};
const fail = (socket, requestId, code) => say(socket, { type: 'error', requestId, code, message: code });

function join(socket, name) {
  let members = channels.get(name);
  if (!members) channels.set(name, (members = new Map()));
  const roster = [];
  for (const peerId of members.keys()) if (peerId !== socket.peerId) roster.push({ peerId });
  say(socket, { type: 'presence', channel: name, joined: roster, left: [] });
  if (members.has(socket.peerId)) return;
  if (members.size > 0) {
    tell(members.values(), socket, { type: 'presence', channel: name, joined: [{ peerId: socket.peerId }], left: [] });
  }
  members.set(socket.peerId, socket);
  socket.channels.add(name);
}

function leave(socket, name) {
  const members = channels.get(name);
  if (!members?.delete(socket.peerId)) return;
  socket.channels.delete(name);
  if (members.size === 0) channels.delete(name);
  else
    tell(members.values(), socket, { type: 'presence', channel: name, joined: [], left: [{ peerId: socket.peerId }] });
}

function receive(socket, text) {
  let message;
  try {
    message = JSON.parse(text);
  } catch {
    return fail(socket, undefined, 'malformed_message');
  }
  const { type, requestId } = message ?? {};
  switch (type) {
    case 'subscribe':
      acknowledge(socket, requestId);
      return join(socket, message.channel);
    case 'unsubscribe':
      leave(socket, message.channel);
      return acknowledge(socket, requestId);
    case 'publish': {
      const { channel, data } = message;
      const members = channels.get(channel);
      if (members) tell(members.values(), socket, { type: 'message', channel, from: socket.peerId, data });
      return acknowledge(socket, requestId);
    }
    case 'send': {
      const receiver = peers.get(message.to);
      if (!receiver) return fail(socket, requestId, 'peer_not_found');
      say(receiver, { type: 'direct', from: socket.peerId, data: message.data });
      return acknowledge(socket, requestId);
    }
    case 'ping':
      return say(socket, { type: 'pong' });
    default:
      return fail(socket, requestId, 'unknown_type');
  }
}

sockets.on('connection', (socket, request) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  if (pathname !== '/v1' || searchParams.get('key') !== KEY) return socket.close(4001, 'invalid_token');
  socket.peerId = randomUUID();
  socket.channels = new Set();
  peers.set(socket.peerId, socket);
  socket.on('message', (text) => receive(socket, text));
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    peers.delete(socket.peerId);
    for (const name of socket.channels) leave(socket, name);
  });
  say(socket, {
    type: 'welcome',
    peerId: socket.peerId,
    expiresAt: null,
    serverTime: Math.floor(Date.now() / 1000),
    maxMessageSize: 65536,
  });
});

listen(server);
