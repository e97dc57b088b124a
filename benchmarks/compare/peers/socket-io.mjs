// SPDX-License-Identifier: Apache-2.0
// Signaling over Socket.IO as its examples have it: rooms, and `signal` to the others of the room. WebSocket only.
// With the address of a Redis as the second argument it is one of several servers, by the adapter of Redis Streams.

import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { listen } from './listen.mjs';

async function several(url) {
  const [{ createAdapter }, { createClient }] = [
    await import('@socket.io/redis-streams-adapter'),
    await import('redis'),
  ];
  const client = createClient({ url });
  await client.connect();
  return { adapter: createAdapter(client) };
}

const server = createServer();
const options = process.argv[3] === undefined ? {} : await several(process.argv[3]);
const io = new Server(server, { transports: ['websocket'], serveClient: false, ...options });

io.on('connection', (socket) => {
  socket.on('join', (room) => {
    socket.join(room);
    socket.emit('joined', room);
  });
  socket.on('signal', (message) => socket.to(message.room).emit('signal', message));
});

listen(server);
