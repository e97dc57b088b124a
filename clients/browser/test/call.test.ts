// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { IceRefresher } from '../src/call/ice-refresher.js';
import { Labels } from '../src/call/labels.js';
import { Ladder } from '../src/call/ladder.js';
import { origin, sends, trackId } from '../src/call/sdp.js';
import { read } from '../src/call/signals.js';

beforeEach(() => void vi.useFakeTimers({ now: 1_790_000_000_000 }));
afterEach(() => void vi.useRealTimers());

const SDP = [
  'v=0',
  'o=- 4611731400430051336 2 IN IP4 127.0.0.1',
  's=-',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'a=mid:0',
  'a=msid:stream sound',
  'm=video 9 UDP/TLS/RTP/SAVPF 96',
  'a=mid:01',
  'a=msid:stream picture',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'a=mid:2',
  '',
].join('\r\n');

describe('of a description', () => {
  it('the client knows the connection that made it', () => {
    expect(origin(SDP)).toBe('4611731400430051336');
    expect(origin('v=0')).toBeUndefined();
  });

  it('the client knows what its sender calls a track', () => {
    expect(trackId(SDP, '0')).toBe('sound');
    expect(trackId(SDP, '01')).toBe('picture');
    expect(trackId(SDP, '2')).toBeUndefined();
    expect(trackId(SDP, null)).toBeUndefined();
  });

  it('the client knows where its sender would send', () => {
    const sdp = SDP.replace('a=mid:0', 'a=mid:0\r\na=sendonly').replace('a=mid:01', 'a=mid:01\r\na=recvonly');
    expect(['0', '01', '2', null].map((mid) => sends(sdp, mid))).toEqual([true, false, false, false]);
  });
});

describe('a track', () => {
  it('is what its sender said, by its id, else the first that has not come, and once', () => {
    const labels = new Labels();
    labels.put('a', { role: 'camera' });
    labels.put('b', { role: 'screen' });
    labels.put('c', { role: 'none' });
    labels.put('c', undefined);
    expect(labels.take('b', false)).toEqual({ role: 'screen' });
    expect(labels.take('other', false)).toEqual({ role: 'camera' });
    expect(labels.take('another', false)).toBeUndefined();
    expect(labels.take('b', false)).toEqual({ role: 'screen' });
  });

  it('without metadata is not taken for another one of a sender that names its tracks', () => {
    const labels = new Labels();
    labels.put('screen', { role: 'screen' });
    expect(labels.take('camera', true)).toBeUndefined();
    expect(labels.take('screen', true)).toEqual({ role: 'screen' });
  });

  it('is remembered if it is among the latest 64 of a peer', () => {
    const labels = new Labels();
    for (let i = 0; i < 1000; i++) {
      labels.put(`${i}`, { i });
    }
    expect(labels.take('936', true)).toEqual({ i: 936 });
    expect(labels.take('935', true)).toBeUndefined();
  });
});

describe('what a peer says', () => {
  it.each([
    [{ type: 'rtc-description', description: { type: 'offer', sdp: 'x' } }, 'description'],
    [{ type: 'rtc-description', description: { type: 'rollback', sdp: 'x' } }, 'none'],
    [{ type: 'rtc-description', description: { type: 'offer' } }, 'none'],
    [{ type: 'rtc-description', description: null }, 'none'],
    [{ type: 'rtc-ice', candidate: { candidate: 'candidate:1', sdpMid: '0' } }, 'candidate'],
    [{ type: 'rtc-ice', candidate: { candidate: 'x'.repeat(1001) } }, 'none'],
    [{ type: 'rtc-ice', candidate: null }, 'none'],
    [{ __meteredTrackMeta: { trackId: 't', metadata: { role: 'camera' } } }, 'track'],
    [{ __meteredTrackMeta: { metadata: {} } }, 'none'],
    [{ text: 'hello' }, undefined],
    ['hello', undefined],
    [null, undefined],
    [[], undefined],
  ])('%j is %s', (data, kind) => {
    expect(read(data)?.signal.kind).toBe(kind);
  });
});

describe('a lost path', () => {
  function climb(isPolite: boolean): { tries: number[]; ladder: Ladder } {
    const tries: number[] = [];
    const start = Date.now();
    const ladder = new Ladder(isPolite, () => tries.push(Date.now() - start));
    ladder.search();
    ladder.climb();
    ladder.climb();
    return { tries, ladder };
  }

  it('is looked for after a second, every four, and after two minutes every fifteen', async () => {
    const { tries, ladder } = climb(false);
    await vi.advanceTimersByTimeAsync(180_000);
    expect(tries.slice(0, 3)).toEqual([1000, 5000, 9000]);
    expect((tries.at(-1) ?? 0) - (tries.at(-2) ?? 0)).toBe(15_000);
    ladder.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(tries.at(-1)).toBeLessThanOrEqual(180_000);
  });

  it('is looked for by the impolite side first', async () => {
    const { tries, ladder } = climb(true);
    await vi.advanceTimersByTimeAsync(3000);
    expect(tries).toEqual([2500]);
    ladder.stop();
  });

  it('is looked for anew when the first search takes too long', async () => {
    const restart = vi.fn();
    const ladder = new Ladder(false, restart);
    ladder.search();
    await vi.advanceTimersByTimeAsync(5999);
    expect(restart).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(restart).toHaveBeenCalledOnce();
    ladder.stop();
  });

  it('is looked for at once when something has changed, and not where there is one', async () => {
    const { tries, ladder } = climb(false);
    ladder.hurry();
    await vi.advanceTimersByTimeAsync(1);
    expect(tries).toEqual([0]);
    ladder.stop();
    ladder.hurry();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(tries).toEqual([0]);
  });
});

describe('ICE servers', () => {
  it('are had anew before the first of their credentials ends, and after a failure again', async () => {
    const answers = [
      () => Promise.reject(new Error('no')),
      () => Promise.reject(new Error('still no')),
      () => Promise.resolve(1_790_007_200_000),
      () => Promise.resolve(undefined),
    ];
    const asked: number[] = [];
    const used: number[] = [];
    const failed: unknown[] = [];
    const start = Date.now();
    const refresher = new IceRefresher(
      {
        get serverTime() {
          return Date.now();
        },
        iceServers: [
          { urls: 'stun:a' },
          { urls: 'turn:a', username: '1790003600:x' },
          { urls: 'turn:b', username: '1790009999:x' },
        ],
        refreshIceServers: () => {
          asked.push((Date.now() - start) / 1000);
          return answers.shift()?.() ?? Promise.resolve(undefined);
        },
      },
      () => used.push((Date.now() - start) / 1000),
      (error) => failed.push(error),
    );
    refresher.watch();
    await vi.advanceTimersByTimeAsync(20_000_000);
    expect(asked).toEqual([3000, 3030, 3060, 6600]);
    expect(used).toEqual([3060, 6600]);
    expect(failed).toEqual([new Error('no')]);
  });

  it('without an end are kept', async () => {
    const refreshIceServers = vi.fn(() => Promise.resolve(undefined));
    const client = { serverTime: Date.now(), iceServers: [{ urls: 'turn:a', username: 'fixed' }], refreshIceServers };
    new IceRefresher(
      client,
      () => undefined,
      () => undefined,
    ).watch();
    await vi.advanceTimersByTimeAsync(1_000_000_000);
    expect(refreshIceServers).not.toHaveBeenCalled();
  });
});
