// SPDX-License-Identifier: Apache-2.0
// What an application decides about media before it is negotiated.

import { describe, expect, it } from 'vitest';
import { Call, type CallOptions, type ParleyError, type SendOptions } from '../src/index.js';
import { FakePeerConnection, fakeTrack, useFakeCalls } from './fake-peer-connection.js';
import { Bench } from './fake-server.js';

useFakeCalls();

const VP9 = { mimeType: 'video/VP9', clockRate: 90_000 };
const UNKNOWN = { mimeType: 'video/unknown', clockRate: 90_000 };
const sendEncodings = [{ rid: 'h' }, { rid: 'l', scaleResolutionDownBy: 4 }];

async function callBob(options: CallOptions = {}): Promise<{ bench: Bench; call: Call; errors: ParleyError[] }> {
  const bench = new Bench();
  const call = new Call(bench.client, options);
  const errors: ParleyError[] = [];
  call.on('error', ({ error }) => errors.push(error));
  call.join('r').catch(() => undefined);
  const socket = await bench.connect();
  socket.says({ type: 'ack', seq: 1, requestId: socket.ofType('subscribe')[0]?.requestId });
  socket.says({ type: 'presence', seq: 2, channel: 'r', joined: [{ peerId: 'bob' }], left: [] });
  await bench.pass();
  return { bench, call, errors };
}

/** What each connection sends: encodings and codecs of each track. */
const sent = (): unknown[] =>
  FakePeerConnection.all.map(({ added }) =>
    added.map(({ init, codecs }) => [init.direction, init.sendEncodings, codecs]),
  );

describe('the options of a track', () => {
  it('hold for everybody: those who are here, newcomers, and after a reset', async () => {
    const { bench, call } = await callBob();
    call.addTrack(fakeTrack('camera'), undefined, undefined, { sendEncodings, codecs: [VP9] });
    bench.socket.says({ type: 'presence', seq: 3, channel: 'r', joined: [{ peerId: 'cid' }], left: [] });
    call.peers.get('bob')?.reset();
    await bench.pass();
    expect(sent()).toEqual(Array.from({ length: 3 }, () => [['sendonly', sendEncodings, [VP9]]]));
    bench.client.close();
  });

  it('in a stream are those of its video', async () => {
    const { bench, call } = await callBob();
    const microphone = Object.assign(fakeTrack('microphone'), { kind: 'audio' });
    const stream = { getTracks: () => [microphone, fakeTrack('camera')] } as unknown as MediaStream;
    call.addStream(stream, { role: 'camera' }, { sendEncodings, codecs: [VP9] });
    expect(sent()).toEqual([
      [
        ['sendonly', undefined, []],
        ['sendonly', sendEncodings, [VP9]],
      ],
    ]);
    bench.client.close();
  });

  it.each<[string, SendOptions]>([
    ['codecs', { codecs: [UNKNOWN] }],
    ['encodings', { sendEncodings: [{ maxBitrate: -1 }] }],
  ])('that the browser refuses are an error, and the track is sent without them: %s', async (_, options) => {
    const { bench, call, errors } = await callBob();
    call.addTrack(fakeTrack('camera'), undefined, undefined, options);
    expect(errors.map(({ code }) => code)).toEqual(['media_setup_failed']);
    expect(sent()).toEqual([[['sendonly', undefined, []]]]);
    await bench.pass(600);
    expect(bench.socket.ofType('send').map(({ data }) => (data as { type: string }).type)).toContain('rtc-description');
    bench.client.close();
  });

  it('are ignored where the browser has no preferences of codecs', async () => {
    const { bench, call, errors } = await callBob();
    const { addTransceiver } = FakePeerConnection.prototype;
    FakePeerConnection.last.addTransceiver = function (...parameters) {
      return Object.assign(addTransceiver.apply(this, parameters), { setCodecPreferences: undefined });
    };
    call.addTrack(fakeTrack('camera'), undefined, undefined, { codecs: [VP9] });
    expect(errors).toEqual([]);
    expect(sent()).toHaveLength(1);
    bench.client.close();
  });
});

describe('onTransceiver', () => {
  it('is called once for each transceiver: before the track is negotiated, or before its event', async () => {
    const story: unknown[] = [];
    const { bench, call } = await callBob({
      onTransceiver: (transceiver, { id }) => story.push(['transceiver', id, transceiver]),
    });
    call.peers.get('bob')?.on('track', ({ track }) => story.push(['track', track.id]));
    const connection = FakePeerConnection.last;
    const negotiate = connection.onnegotiationneeded;
    connection.onnegotiationneeded = () => {
      story.push(['negotiation']);
      negotiate?.call(connection);
    };
    call.addTrack(fakeTrack('mine'));
    await bench.pass();
    const [added] = connection.added;
    expect(story).toEqual([['transceiver', 'bob', added], ['negotiation']]);

    const transceiver = { mid: '1', currentDirection: 'recvonly' };
    connection.ontrack?.({ track: fakeTrack('theirs'), streams: [], transceiver });
    connection.ontrack?.({ track: fakeTrack('again'), streams: [], transceiver });
    connection.ontrack?.({ track: fakeTrack('both ways'), streams: [], transceiver: added });
    expect(story.slice(2)).toEqual([
      ['transceiver', 'bob', transceiver],
      ['track', 'theirs'],
      ['track', 'again'],
      ['track', 'both ways'],
    ]);

    call.peers.get('bob')?.reset();
    expect(story.at(-1)).toEqual(['transceiver', 'bob', FakePeerConnection.last.added[0]]);
    bench.client.close();
  });

  it('that throws is an error of the call and the peer, and the call goes on', async () => {
    const fault = new Error('no worker');
    const { bench, call, errors } = await callBob({
      onTransceiver: () => {
        throw fault;
      },
    });
    const told: string[] = [];
    call.peers.get('bob')?.on('error', ({ error }) => told.push(error.code));
    const tracks: unknown[] = [];
    call.peers.get('bob')?.on('track', ({ track }) => tracks.push(track.id));
    call.addTrack(fakeTrack('mine'));
    const transceiver = { mid: '1', currentDirection: 'recvonly' };
    FakePeerConnection.last.ontrack?.({ track: fakeTrack('theirs'), streams: [], transceiver });
    expect(errors.map(({ code, cause }) => [code, cause])).toEqual([['media_setup_failed', fault]]);
    expect(errors[0]?.message).toMatch(/^peer bob: .*no worker.*onTransceiver/);
    expect(told).toEqual(['media_setup_failed']);
    expect(tracks).toEqual(['theirs']);
    expect(sent()).toEqual([[['sendonly', undefined, []]]]);
    bench.client.close();
  });
});

it('a handler of peer-joined may leave the call', async () => {
  const bench = new Bench();
  const call = new Call(bench.client);
  call.addTrack(fakeTrack('mine'));
  call.on('peer-joined', () => call.leave());
  call.join('r').catch(() => undefined);
  const socket = await bench.connect();
  socket.says({ type: 'ack', seq: 1, requestId: socket.ofType('subscribe')[0]?.requestId });
  socket.says({ type: 'presence', seq: 2, channel: 'r', joined: [{ peerId: 'bob' }], left: [] });
  await bench.pass();
  expect(sent()).toEqual([[]]);
  expect(socket.ofType('send').map(({ data }) => (data as { type: string }).type)).toEqual(['parley-bye']);
  bench.client.close();
});
