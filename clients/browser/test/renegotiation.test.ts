// SPDX-License-Identifier: Apache-2.0
// Tracks that are added and removed while both sides negotiate.

import { afterEach, expect, it, vi } from 'vitest';
import { Link, type LinkParty } from '../src/call/link.js';
import type { Signal } from '../src/call/signals.js';
import { Call, type ParleyError } from '../src/index.js';
import { FakePeerConnection, type FakeTransceiver, fakeTrack, useFakeCalls } from './fake-peer-connection.js';
import { Bench } from './fake-server.js';

useFakeCalls();

afterEach(() => vi.restoreAllMocks());

function makeLink() {
  const say = async (): Promise<void> => undefined;
  const party: Partial<LinkParty> = { say, isReachable: () => true, onOffer: vi.fn(), onFault: vi.fn() };
  const link = new Link({}, true, party as LinkParty);
  const connection = FakePeerConnection.last;
  const add = (id: string): FakeTransceiver => connection.addTransceiver(fakeTrack(id), { direction: 'sendonly' });
  const stopSending = ({ sender }: FakeTransceiver): void => link.stopSending(sender as unknown as RTCRtpSender);
  const receive = async (type: 'offer' | 'answer', ...lines: string[]): Promise<void> => {
    const sdp = ['v=0', 'o=- 7 1 IN IP4 127.0.0.1', ...lines, ''].join('\r\n');
    void link.receive({ kind: 'description', description: { type, sdp } } as Signal);
    await vi.advanceTimersByTimeAsync(0);
  };
  return { link, connection, add, stopSending, receive };
}

const agree = (it: FakeTransceiver, mid: string, currentDirection = 'sendonly'): unknown =>
  Object.assign(it, { mid, currentDirection });

it('the line of a removed track is freed once the other side has answered an offer of it', async () => {
  const { link, add, stopSending, receive } = makeLink();
  const [camera, screen] = [add('camera'), add('screen')];
  agree(camera, '0');
  await receive('offer');
  await vi.advanceTimersByTimeAsync(1000); // offers
  screen.mid = '1';
  stopSending(screen);
  expect(screen.direction).toBe('inactive');
  screen.mid = null;
  await receive('offer'); // takes back the own offer
  expect(screen.direction).toBe('inactive');
  agree(screen, '1', 'inactive');
  await receive('offer');
  expect(screen.direction).toBe('stopped');
  expect(camera.direction).toBe('sendonly');
  link.close();
});

it('the only line that is agreed on keeps the path, and is freed once there is another one', async () => {
  const { link, add, stopSending, receive } = makeLink();
  const [camera, other] = [add('camera'), add('other')];
  agree(camera, '0');
  stopSending(camera);
  expect(camera.direction).toBe('inactive');
  agree(other, '1');
  await receive('offer');
  expect(camera.direction).toBe('stopped');
  link.close();
});

it('the line of a removed track is kept if the other side sends in it before it is freed', async () => {
  const { link, add, stopSending, receive } = makeLink();
  const [camera, other] = [add('camera'), add('other')];
  agree(camera, '0');
  stopSending(camera);
  await receive('offer', 'm=video 9 UDP/TLS/RTP/SAVPF 96', 'a=mid:0', 'a=sendrecv');
  expect(camera.direction).toBe('recvonly');
  agree(other, '1');
  await receive('offer');
  expect(camera.direction).toBe('recvonly');
  link.close();
});

/** A call of `me`, who sends a camera, and Zoe, whose offer counts when two meet. */
async function callWithZoe() {
  const bench = new Bench();
  const call = new Call(bench.client);
  const errors: ParleyError[] = [];
  call.on('error', ({ error }) => errors.push(error));
  call.addTrack(fakeTrack('camera'), undefined, { role: 'camera' });
  call.join('r').catch(() => undefined);
  let seq = 0;
  let instance: unknown;
  const socket = await bench.connect();
  const says = async (frame: object): Promise<void> => {
    socket.says({ seq: ++seq, ...frame });
    await bench.pass();
  };
  await says({ type: 'ack', requestId: socket.ofType('subscribe')[0]?.requestId });
  await says({ type: 'presence', channel: 'r', joined: [{ peerId: 'zoe' }], left: [] });
  const signal = (data: object): Promise<void> =>
    says({ type: 'direct', from: 'zoe', data: { room: 'r', from: 'z1', to: instance, ...data } });
  const describe = (type: 'offer' | 'answer', origin = 7): Promise<void> =>
    signal({ type: 'rtc-description', description: { type, sdp: `v=0\r\no=- ${origin} 1 IN IP4 127.0.0.1\r\n` } });
  const sent = (): unknown[] =>
    socket.ofType('send').flatMap(({ data }) => {
      const { description, __meteredTrackMeta: label } = data as Record<string, Record<string, unknown> | undefined>;
      return description?.type ?? (label?.metadata ? `label ${label.trackId as string}` : []);
    });
  instance = (socket.ofType('send')[0]?.data as { from?: string } | undefined)?.from;
  await signal({ type: 'parley-here' });
  return { bench, call, errors, sent, describe };
}

it('what was offered when the offer of the other side counts is offered again, on the same transceivers', async () => {
  const { bench, call, describe, sent } = await callWithZoe();
  await bench.pass(1000);
  expect(sent()).toEqual(['label camera', 'offer']);
  await describe('offer');
  const { added, sent: tracks } = FakePeerConnection.last;
  expect(added.map(({ direction }) => direction)).toEqual(['sendonly']);
  expect(tracks.size).toBe(1);
  call.leave();
});

it('a track that is removed while it is being offered is offered with its label', async () => {
  const { bench, call, sent } = await callWithZoe();
  const { last } = FakePeerConnection;
  const describe = last.setLocalDescription.bind(last);
  const removed = fakeTrack('removed');
  call.addTrack(removed, undefined, { role: 'screen' });
  vi.spyOn(last, 'setLocalDescription').mockImplementation((description) => {
    const made = describe(description);
    call.removeTrack(removed);
    return made;
  });
  await bench.pass(1000);
  expect(sent()).toEqual(['label camera', 'label removed', 'offer']);
  call.leave();
});

it('a description that fails makes both sides begin anew, and descriptions of before are ignored', async () => {
  const { bench, call, errors, describe, sent } = await callWithZoe();
  const resets: unknown[] = [];
  call.peers.get('zoe')?.on('connection-reset', ({ connection }) => resets.push(connection));
  await describe('offer');
  await bench.pass(1000);
  const [before] = FakePeerConnection.all;
  const said = sent().length;
  vi.spyOn(FakePeerConnection.last, 'setRemoteDescription').mockRejectedValue(new Error('m-lines'));
  await describe('offer');
  expect(FakePeerConnection.all).toHaveLength(2);
  expect(before?.signalingState).toBe('closed');
  expect(resets).toEqual([FakePeerConnection.last]);
  expect([...FakePeerConnection.last.sent]).toHaveLength(1);
  await describe('offer');
  expect(FakePeerConnection.last.remoteDescription).toBeNull();
  await bench.pass(1000);
  expect(sent().slice(said)).toEqual(['label camera', 'offer']);
  await describe('answer', 8);
  await describe('offer', 8);
  expect(sent().slice(said)).toEqual(['label camera', 'offer', 'answer']);
  expect(FakePeerConnection.all).toHaveLength(2);
  expect(errors).toEqual([]);
  call.leave();
});

it('an offer that cannot be made makes both sides begin anew', async () => {
  const { bench, call, describe } = await callWithZoe();
  vi.spyOn(FakePeerConnection.last, 'setLocalDescription').mockRejectedValueOnce(new Error('header extension'));
  await bench.pass(1000);
  expect(FakePeerConnection.all).toHaveLength(2);
  await bench.pass(1000);
  await describe('answer', 8);
  expect(FakePeerConnection.last.signalingState).toBe('stable');
  call.leave();
});

it('a peer that does not know the connection before a reset is answered, at once or after a while', async () => {
  const { bench, call, describe, sent } = await callWithZoe();
  await describe('offer');
  vi.spyOn(FakePeerConnection.last, 'setLocalDescription').mockRejectedValueOnce(new Error('header extension'));
  call.addTrack(fakeTrack('microphone'));
  await bench.pass(1000);
  expect(FakePeerConnection.all).toHaveLength(2);
  expect(FakePeerConnection.last.signalingState).toBe('have-local-offer');
  const said = sent().length;
  await describe('offer');
  expect(sent().slice(said)).toEqual([]);
  await bench.pass(8000);
  await describe('offer');
  expect(sent().slice(said)).toContain('answer');
  call.leave();
});

it('an answer of a peer that does not know the connection before a reset is applied', async () => {
  const { bench, call, describe } = await callWithZoe();
  await describe('offer');
  vi.spyOn(FakePeerConnection.last, 'setLocalDescription').mockRejectedValueOnce(new Error('header extension'));
  call.addTrack(fakeTrack('microphone'));
  await bench.pass(1000);
  await describe('answer');
  expect(FakePeerConnection.all).toHaveLength(2);
  expect(FakePeerConnection.last.signalingState).toBe('stable');
  call.leave();
});

it('faults that stay are reported, with a remedy, and the connection begins anew twice at most', async () => {
  const { call, errors, describe } = await callWithZoe();
  vi.spyOn(FakePeerConnection.prototype, 'setRemoteDescription').mockRejectedValue(new Error('codecs'));
  for (let i = 0; i < 10; i++) {
    await describe('offer');
  }
  expect(FakePeerConnection.all).toHaveLength(3);
  expect(errors).toHaveLength(1);
  const message = expect.stringContaining('codecs; join by a new Call') as string;
  expect(errors[0]).toMatchObject({ code: 'negotiation_failed', message });
  call.leave();
});
