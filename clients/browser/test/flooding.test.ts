// SPDX-License-Identifier: Apache-2.0
// What a participant can cause at others by signals, again and again.

import { describe, expect, it } from 'vitest';
import { Stage } from './call-stage.js';
import { FakePeerConnection, useFakeCalls } from './fake-peer-connection.js';

useFakeCalls();

const hello = { type: 'parley-hello' };
const here = { type: 'parley-here' };
const bye = { type: 'parley-bye' };

const presence = (joined: string[], left: string[]): Record<string, unknown> => ({
  type: 'presence',
  channel: 'r',
  joined: joined.map((peerId) => ({ peerId })),
  left: left.map((peerId) => ({ peerId })),
});

describe('a call', () => {
  it('answers one peer a dozen times in 15 seconds, and another one all the same', async () => {
    const stage = new Stage();
    await stage.begin('mallory', 'bob');
    await stage.answer();
    for (let i = 0; i < 100; i++) {
      await stage.signals('mallory', 'm', hello);
    }
    await stage.signals('bob', 'b', hello);
    const answers = await stage.answer();
    expect(answers.filter((it) => it === 'parley-here mallory/m')).toHaveLength(12);
    expect(answers).toContain('parley-here bob/b');
    await stage.pass(16);
    await stage.signals('mallory', 'm', hello);
    expect(await stage.answer()).toContain('parley-here mallory/m');
  });

  it('meets another device of a peer while a third one names new instances all the time', async () => {
    const stage = new Stage();
    await stage.begin('mallory', 'alice');
    await stage.signals('alice', 'a1', here, stage.instance);
    for (let i = 0; i < 200; i++) {
      await stage.signals('mallory', `m${i}`, hello);
      await stage.signals('mallory', `m${i}`, bye, stage.instance);
    }
    await stage.signals('alice', 'a2', hello);
    expect(stage.call.peers.get('alice/a2')?.peerId).toBe('alice');
    expect(FakePeerConnection.all.length).toBeLessThan(20);
  });

  it('makes a dozen connections to a peer that enters again and again, and the next when it stays', async () => {
    const stage = new Stage();
    await stage.begin();
    for (let i = 0; i < 100; i++) {
      stage.says(presence(['mallory'], []));
      stage.says(presence([], ['mallory']));
      await stage.bench.pass();
    }
    expect(FakePeerConnection.all).toHaveLength(12);
    stage.says(presence(['mallory', 'bob'], []));
    expect([...stage.call.peers.keys()]).toEqual(['bob']);
    await stage.pass(16);
    expect([...stage.call.peers.keys()]).toEqual(['bob', 'mallory']);
  });

  it('asks a participant that names no instance three times more, and keeps it', async () => {
    const stage = new Stage();
    await stage.begin('bot');
    expect(await stage.pass(150)).toEqual(Array(3).fill('parley-hello bot/*'));
    expect([...stage.call.peers.keys()]).toEqual(['bot']);
  });

  it('asks a participant that has not answered again, until it is connected', async () => {
    const stage = new Stage();
    await stage.begin('bob');
    expect(await stage.pass(31)).toEqual(['parley-hello bob/*', 'parley-hello bob/*']);
    FakePeerConnection.last.connectionState = 'connected';
    expect(await stage.pass(31)).toEqual([]);
  });

  it('ignores a description of more than 64 lines of media, and keeps no long label', async () => {
    const stage = new Stage();
    await stage.begin('bob');
    await stage.signals('bob', 'b', here, stage.instance);
    const offer = (lines: number): Record<string, unknown> => ({
      type: 'rtc-description',
      description: { type: 'offer', sdp: `v=0\r\no=- 7 1 IN IP4 127.0.0.1\r\n${'m=video 9 x 0\r\n'.repeat(lines)}` },
    });
    await stage.signals('bob', 'b', offer(65), stage.instance);
    expect(FakePeerConnection.last.remoteDescription).toBeNull();
    await stage.signals('bob', 'b', offer(64), stage.instance);
    expect(FakePeerConnection.last.remoteDescription).not.toBeNull();
    const metadata: unknown[] = [];
    stage.call.peers.get('bob')?.on('track', (event) => metadata.push(event.metadata));
    for (const [trackId, text] of [
      ['short', 'x'],
      ['long', 'x'.repeat(5000)],
    ] as const) {
      await stage.signals('bob', 'b', { __meteredTrackMeta: { trackId, metadata: { text } } }, stage.instance);
      FakePeerConnection.last.ontrack?.({ track: { id: trackId }, streams: [], transceiver: { mid: '0' } });
    }
    expect(metadata).toEqual([{ text: 'x' }, undefined]);
  });
});
