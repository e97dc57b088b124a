// SPDX-License-Identifier: Apache-2.0
// Tracks that end, at their sender and at the others.

import { expect, it } from 'vitest';
import { callWithBob } from './fake-call.js';
import { FakePeerConnection, fakeTrack, useFakeCalls } from './fake-peer-connection.js';

useFakeCalls();

const end = (track: MediaStreamTrack): boolean => track.dispatchEvent(new Event('ended'));

it('a track that ends by itself is reported, and sent no more', async () => {
  const { call } = await callWithBob();
  const [camera, microphone] = [fakeTrack('camera'), fakeTrack('microphone')];
  const ended: unknown[] = [];
  call.on('track-ended', ({ track }) => ended.push(track));
  call.addTrack(camera);
  call.addTrack(microphone);
  end(camera);
  end(camera);
  expect(ended).toEqual([camera]);
  expect([...FakePeerConnection.last.sent]).toEqual([microphone]);
  call.removeTrack(microphone);
  end(microphone);
  expect(ended).toEqual([camera]);
});

it('a track that ends stays for the others if another one takes its place at once', async () => {
  const { call } = await callWithBob();
  const [camera, other] = [fakeTrack('camera'), fakeTrack('other')];
  const ended: unknown[] = [];
  call.on('track-ended', ({ track }) => {
    ended.push(track);
    if (track === camera) {
      void call.replaceTrack(camera, other);
    }
  });
  call.addTrack(camera);
  end(camera);
  expect([...FakePeerConnection.last.sent]).toEqual([other]);
  end(camera);
  end(other);
  expect(ended).toEqual([camera, other]);
  expect([...FakePeerConnection.last.sent]).toEqual([]);
});

it.each(['inactive', 'sendonly', 'stopped', null])(
  'a track whose sender sends it no more is reported once: %s',
  async (direction) => {
    const { bench, call } = await callWithBob();
    const told: unknown[] = [];
    call.peers.get('bob')?.on('track-removed', ({ track }) => told.push(track));
    const transceiver = { mid: '0', currentDirection: 'recvonly' as string | null };
    const track = fakeTrack('camera');
    const description = { type: 'offer', sdp: 'v=0\r\no=- 7 1 IN IP4 127.0.0.1\r\n' };
    let seq = 2;
    const offer = async (): Promise<void> => {
      bench.socket.says({ type: 'direct', seq: ++seq, from: 'bob', data: { type: 'rtc-description', description } });
      await bench.pass();
    };
    await offer();
    FakePeerConnection.last.ontrack?.({ track, streams: [], transceiver });
    await offer();
    expect(told).toEqual([]);
    transceiver.currentDirection = direction;
    await offer();
    await offer();
    expect(told).toEqual([track]);
    FakePeerConnection.last.ontrack?.({ track, streams: [], transceiver });
    bench.socket.says({ type: 'presence', seq: ++seq, channel: 'r', joined: [], left: [{ peerId: 'bob' }] });
    expect(told).toEqual([track, track]);
  },
);
