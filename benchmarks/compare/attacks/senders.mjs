// SPDX-License-Identifier: Apache-2.0
// Honest senders that await the acknowledgement of each message before the next, and stay within the limits. A process.

import { serve } from './actor.mjs';
import { open, RECEIPTS } from './session.mjs';

const BURST = 950; // messages, of the 1,000 the limits allow
const PER_SECOND = 190; // of 200
const RETRY_MS = 20;

const state = { acknowledged: 0, busy: 0, refused: {}, undelivered: 0, isDone: false };
let isOver = false;

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Returns data of exactly this many bytes that says which message it is. */
function numbered(sender, number, bytes) {
  const start = `{"s":${sender},"n":${number},"x":"`;
  return Buffer.from(`${start}${'x'.repeat(bytes - start.length - 2)}"}`);
}

async function sendAll({ port, key, to, bytes, messages, sender }) {
  const session = await open({
    port,
    key,
    protocol: 'parley.v1',
    receipts: RECEIPTS.bytes,
    onFrame: (frame) => frame?.type === 'undelivered' && state.undelivered++,
  });
  const begin = performance.now();
  for (let number = 1; number <= messages && !isOver;) {
    const wait = ((number - BURST) * 1000) / PER_SECOND - (performance.now() - begin);
    if (wait > 0) await sleep(wait);
    const answer = await session.request({ type: 'send', to }, numbered(sender, number, bytes));
    if (answer.type === 'ack') {
      state.acknowledged++;
      number++;
    } else if (answer.code === 'receiver_busy') {
      state.busy++;
      await sleep(RETRY_MS);
    } else {
      state.refused[answer.code] = (state.refused[answer.code] ?? 0) + 1;
      return;
    }
  }
}

serve({
  /** Begins to send: `messages` in all to one peer, shared among so many senders. */
  start({ senders, messages, ...rest }) {
    const share = Math.ceil(messages / senders);
    const all = Array.from({ length: senders }, (_, sender) =>
      sendAll({ ...rest, sender, messages: share }).catch((error) => {
        state.refused[error.message] = (state.refused[error.message] ?? 0) + 1;
      }),
    );
    Promise.all(all).then(() => (state.isDone = true));
  },

  finish() {
    isOver = true;
  },

  report() {
    return state;
  },
});
