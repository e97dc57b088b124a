// SPDX-License-Identifier: Apache-2.0
import { expect, it, vi } from 'vitest';
import { Link } from '../src/call/link.js';
import type { Signal } from '../src/call/signals.js';
import { FakePeerConnection, useFakeCalls } from './fake-peer-connection.js';

useFakeCalls();

/** A link, its connection, which takes a tenth of a second to apply a description, and what the link does. */
function makeLink({ isPolite = true } = {}) {
  const sent: string[] = [];
  const foreign: (readonly Signal[])[] = [];
  const link = new Link({}, isPolite, {
    say: async (make) => {
      const signal = make();
      if (!signal) {
        return;
      }
      const { type, description } = signal as { type: string; description?: { type: string; sdp: string } };
      sent.push(description ? `${description.type} ${/^o=- \d+ (\d+)/m.exec(description.sdp)?.[1]}` : type);
    },
    isReachable: () => true,
    onOffer: () => undefined,
    onState: () => undefined,
    onTrack: () => undefined,
    onTrackEnd: () => undefined,
    onChannel: () => undefined,
    onForeign: (signals) => foreign.push(signals),
    onFault: () => undefined,
  });
  const connection = FakePeerConnection.last;
  connection.applyMs = 100;
  return { link, connection, sent, foreign };
}

const description = (type: 'offer' | 'answer', origin = 7): Signal => ({
  kind: 'description',
  description: { type, sdp: `v=0\r\no=- ${origin} 1 IN IP4 127.0.0.1\r\n` },
});

const candidate = (name: string): Signal => ({ kind: 'candidate', candidate: { candidate: name } });

it('an offer that is applied while the wait for one ends is answered, and nothing else is offered', async () => {
  const { link, connection, sent } = makeLink();
  connection.onnegotiationneeded?.();
  await vi.advanceTimersByTimeAsync(550);
  void link.receive(description('offer'));
  await vi.advanceTimersByTimeAsync(1000);
  expect(sent).toEqual(['answer 1']);
  expect(connection.signalingState).toBe('stable');
  link.close();
});

it('of two offers in succession each is answered, and nothing is offered', async () => {
  const { link, connection, sent } = makeLink();
  void link.receive(description('offer'));
  void link.receive(description('offer'));
  await vi.advanceTimersByTimeAsync(1000);
  expect(sent).toEqual(['answer 1', 'answer 2']);
  expect(connection.signalingState).toBe('stable');
  link.close();
});

it('candidates right behind an offer are added to it', async () => {
  const { link, connection } = makeLink();
  void link.receive(description('offer'));
  void link.receive(candidate('a'));
  void link.receive(candidate('b'));
  await vi.advanceTimersByTimeAsync(1000);
  expect(connection.candidates).toEqual(['a', 'b']);
  link.close();
});

it.each([false, true])('an offer right behind an answer is answered: polite %s', async (isPolite) => {
  const { link, connection, sent } = makeLink({ isPolite });
  connection.onnegotiationneeded?.();
  await vi.advanceTimersByTimeAsync(600);
  void link.receive(description('answer'));
  void link.receive(description('offer'));
  await vi.advanceTimersByTimeAsync(1000);
  expect(sent).toEqual(['offer 1', 'answer 2']);
  expect(connection.signalingState).toBe('stable');
  link.close();
});

it('candidates of an offer that is ignored are ignored, also right behind an answer', async () => {
  const { link, connection, sent } = makeLink({ isPolite: false });
  connection.onnegotiationneeded?.();
  await vi.advanceTimersByTimeAsync(250);
  void link.receive(description('offer'));
  void link.receive(candidate('ignored'));
  void link.receive(description('answer'));
  void link.receive(candidate('added'));
  await vi.advanceTimersByTimeAsync(1000);
  expect(sent).toEqual(['offer 1']);
  expect(connection.candidates).toEqual(['added']);
  link.close();
});

it('signals behind the offer of another connection are left to the link that answers it', async () => {
  const { link, connection, foreign } = makeLink();
  void link.receive(description('offer'));
  void link.receive(description('offer', 8));
  void link.receive(candidate('of the other one'));
  await vi.advanceTimersByTimeAsync(1000);
  expect(foreign).toEqual([[description('offer', 8), candidate('of the other one')]]);
  expect(connection.candidates).toEqual([]);
  link.close();
});

/** Awaits that an offer was made, without letting any event run. */
async function isOffering(connection: FakePeerConnection): Promise<void> {
  while (connection.signalingState !== 'have-local-offer') {
    await Promise.resolve();
  }
}

it('addresses that are found while an offer is made are sent in it, and later ones by themselves', async () => {
  const { link, connection, sent } = makeLink();
  connection.onnegotiationneeded?.();
  vi.advanceTimersByTime(600);
  await isOffering(connection);
  connection.gather('early');
  await vi.advanceTimersByTimeAsync(1000);
  connection.gather('late');
  await vi.advanceTimersByTimeAsync(1000);
  expect(sent).toEqual(['offer 1', 'rtc-ice']);
  link.close();
});

it('nothing is sent for a link that was closed meanwhile', async () => {
  const { link, connection, sent } = makeLink();
  connection.onnegotiationneeded?.();
  vi.advanceTimersByTime(600);
  await isOffering(connection);
  link.close();
  await vi.advanceTimersByTimeAsync(1000);
  expect(sent).toEqual([]);
});

it('takes 200 candidates of one search for a path, and those of the next', async () => {
  const { link, connection } = makeLink();
  const offer = (ufrag: string): Signal => ({
    kind: 'description',
    description: { type: 'offer', sdp: `v=0\r\no=- 7 1 IN IP4 127.0.0.1\r\na=ice-ufrag:${ufrag}\r\n` },
  });
  void link.receive(offer('one'));
  for (let i = 0; i < 300; i++) {
    void link.receive(candidate(`a${i}`));
  }
  await vi.advanceTimersByTimeAsync(1000);
  expect(connection.candidates).toHaveLength(200);
  void link.receive(offer('two'));
  void link.receive(candidate('b'));
  await vi.advanceTimersByTimeAsync(1000);
  expect(connection.candidates.at(-1)).toBe('b');
  link.close();
});

it('keeps 500 signals waiting, and no more', async () => {
  const { link, connection } = makeLink();
  void link.receive(description('offer'));
  for (let i = 0; i < 2000; i++) {
    void link.receive(description('offer'));
  }
  await vi.advanceTimersByTimeAsync(100_000);
  expect(connection.applied).toBe(500);
  link.close();
});
