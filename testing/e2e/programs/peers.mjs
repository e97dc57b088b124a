// SPDX-License-Identifier: Apache-2.0
// A Node process with MeteredPeers of the unmodified SDK. Its parent forks it with the server's URL and the name of the
// WebSocket to use, and sends {join: room, count, busyFor} or {leave: true}; it answers {done: true}, and after every
// change {peers}: for each peer its id, and all it received about others since it was made. Node 20 has neither a
// WebSocket nor an RTCPeerConnection, so both come from packages, the way the SDK's README has it.

import wrtc from '@roamhq/wrtc';
import { MeteredPeer } from '@metered-ca/realtime';
import * as undici from 'undici';
import * as ws from 'ws';

const [url, webSocketOf] = process.argv.slice(2);
const { WebSocket } = { ws, undici }[webSocketOf]; // undici's is the one built into Node 22
const peers = [];

function report() {
  process.send({ peers: peers.map(({ peer, joined, left, errors }) => ({ id: peer.peerId, joined, left, errors })) });
}

/** A socket of a process that is busy for so many milliseconds after asking for the channel, and reads nothing. */
function socketTo(address, busyFor) {
  const socket = new WebSocket(address);
  const send = socket.send.bind(socket);
  socket.send = (frame) => {
    send(frame);
    if (busyFor && JSON.parse(frame).type === 'subscribe') {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, busyFor);
    }
  };
  return socket;
}

async function join(room, busyFor) {
  const peer = new MeteredPeer({
    apiKey: 'pk_live_demo',
    url,
    webSocketFactory: (address) => socketTo(address, busyFor),
    rtcPeerConnectionFactory: (configuration) => new wrtc.RTCPeerConnection(configuration),
  });
  const told = { peer, joined: [], left: [], errors: [] };
  peers.push(told);
  peer.on('peer-joined', ({ peer: { id } }) => report(told.joined.push(id)));
  peer.on('peer-left', ({ peer: { id } }) => report(told.left.push(id)));
  peer.on('error', ({ err }) => report(told.errors.push(err.name)));
  await peer.join(room);
}

process.on('message', async (order) => {
  if (order.leave) {
    await Promise.all(peers.splice(0).map(({ peer }) => peer.close()));
  } else {
    await Promise.all(Array.from({ length: order.count }, () => join(order.join, order.busyFor)));
  }
  report();
  process.send({ done: true });
});
process.on('disconnect', () => process.exit());
process.send({ done: true });
