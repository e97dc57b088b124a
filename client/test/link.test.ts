// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Link } from '../src/call/link.js';
import { FakePeerConnection } from './fake-peer-connection.js';

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('RTCPeerConnection', FakePeerConnection);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('an offer that is applied while the time to wait for one ends is answered, and nothing else is offered', async () => {
  const sent: unknown[] = [];
  const link = new Link({}, true, {
    say: async (make) => void sent.push((make() as { description?: { type: string } } | undefined)?.description?.type),
    isReachable: () => true,
    onOffer: () => undefined,
    onGaveWay: () => undefined,
    onState: () => undefined,
    onTrack: () => undefined,
    onTrackEnd: () => undefined,
    onChannel: () => undefined,
    onForeign: () => undefined,
    onFault: () => undefined,
  });
  const connection = FakePeerConnection.last;
  connection.applyMs = 100;
  connection.onnegotiationneeded?.();
  await vi.advanceTimersByTimeAsync(550);
  const description = { type: 'offer', sdp: 'v=0\r\no=- 7 1 IN IP4 127.0.0.1\r\n' } as const;
  void link.receive({ kind: 'description', description });
  await vi.advanceTimersByTimeAsync(1000);
  expect(sent).toEqual(['answer']);
  expect(connection.signalingState).toBe('stable');
  link.close();
});
