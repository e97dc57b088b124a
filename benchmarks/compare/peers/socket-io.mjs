// SPDX-License-Identifier: Apache-2.0
// Signaling over Socket.IO as its examples have it: rooms, and `signal` to the others of the room. WebSocket only.

import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { listen } from './listen.mjs';

const server = createServer();
const io = new Server(server, { transports: ['websocket'], serveClient: false });

io.on('connection', (socket) => {
  socket.on('join', (room) => {
    socket.join(room);
    socket.emit('joined', room);
  });
  socket.on('signal', (message) => socket.to(message.room).emit('signal', message));
});

listen(server);
