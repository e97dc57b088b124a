// SPDX-License-Identifier: Apache-2.0
// Innocent clients of parley.v1 that lose their sockets and resume, and one that sends to them meanwhile. A process.

import { serve } from './actor.mjs';
import { open, padding, RECEIPTS } from './session.mjs';

const AT_ONCE = 20;

const clients = [];
let sender;

async function each(action) {
  const left = [...clients];
  const work = async () => {
    while (left.length > 0) await action(left.pop());
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

serve({
  async start({ port, key, count }) {
    const place = { port, key, protocol: 'parley.v1', receipts: RECEIPTS.bytes };
    for (let index = 0; index < count; index++) {
      const client = { missed: 0 };
      client.place = { ...place, onFrame: (frame) => frame?.type === 'direct' && client.missed++ };
      clients.push(client);
    }
    await each(async (client) => {
      client.session = await open(client.place);
      client.peerId = client.session.peerId;
    });
    sender = await open(place);
  },

  /** Cuts every socket. */
  cut() {
    for (const client of clients) client.session.wire.cut();
  },

  /** Sends a message to each client, and returns how many were acknowledged. */
  async send({ bytes }) {
    let acknowledged = 0;
    await each(async (client) => {
      const answer = await sender.request({ type: 'send', to: client.peerId }, padding(bytes)).catch((error) => error);
      if (answer.type === 'ack') acknowledged++;
    });
    return acknowledged;
  },

  /** Resumes every session, and returns how many went on, how many got what they missed, and why the others did not. */
  async resume() {
    const result = { resumed: 0, complete: 0, reasons: {} };
    await each(async (client) => {
      const old = client.session;
      try {
        client.session = await open({ ...client.place, resume: old.resume });
        const { resumed, reason } = client.session.welcome;
        if (resumed) {
          result.resumed++;
          client.session.sendReceived();
        } else {
          result.reasons[reason] = (result.reasons[reason] ?? 0) + 1;
        }
      } catch (error) {
        result.reasons[error.message] = (result.reasons[error.message] ?? 0) + 1;
      }
    });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    result.complete = clients.filter((client) => client.missed === 1).length;
    return result;
  },
});
