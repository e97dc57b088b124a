// SPDX-License-Identifier: Apache-2.0
// Calls with peers that are connected several times.

import { describe, expect, it, vi } from 'vitest';
import { type Frame, Stage } from './call-stage.js';
import { FakePeerConnection, fakeTrack, useFakeCalls } from './fake-peer-connection.js';

useFakeCalls();

const offer = { type: 'rtc-description', description: { type: 'offer', sdp: 'v=0\r\no=- 7 1 IN IP4 127.0.0.1\r\n' } };

const hello = { type: 'parley-hello' };
const here = { type: 'parley-here' };
const bye = { type: 'parley-bye' };

describe('a call', () => {
  it('asks everybody it finds which instances they are, and its own peer, and so whoever comes', async () => {
    const stage = new Stage();
    void stage.call.join('r');
    const socket = await stage.bench.connect();
    stage.says({ type: 'ack', requestId: socket.ofType('subscribe')[0]?.requestId });
    stage.says({ type: 'presence', channel: 'r', joined: [{ peerId: 'bob' }], left: [] });
    await stage.bench.pass();
    stage.says({ type: 'presence', channel: 'r', joined: [{ peerId: 'cat' }], left: [] });
    expect(await stage.answer()).toEqual(['parley-hello bob/*', 'parley-hello me/*', 'parley-hello cat/*']);
  });

  it('has a name of its own, whatever the page does to Math.random', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const stages = [new Stage(), new Stage()];
    for (const stage of stages) {
      await stage.begin();
      expect(stage.instance).toMatch(/^[\w-]{1,32}$/);
    }
    expect(stages[0]?.instance).not.toBe(stages[1]?.instance);
    vi.restoreAllMocks();
  });

  it('has a participant, with a connection of its own, for each instance of a peer', async () => {
    const stage = new Stage();
    await stage.begin('bob');
    await stage.signals('bob', 'b1', here, stage.instance);
    await stage.signals('bob', 'b2', hello);
    await stage.signals('bob', 'b1', hello);
    expect(stage.events).toEqual(['+bob', '+bob/b2']);
    expect([...stage.call.peers.values()].map(({ id, peerId }) => `${id} ${peerId}`)).toEqual([
      'bob bob',
      'bob/b2 bob',
    ]);
    expect(FakePeerConnection.all).toHaveLength(2);
    expect(await stage.answer()).toEqual(['parley-here bob/b2', 'parley-here bob/b1']);

    await stage.signals('bob', 'b2', offer, stage.instance);
    expect(FakePeerConnection.all.map(({ remoteDescription }) => remoteDescription !== null)).toEqual([false, true]);
    expect(await stage.answer()).toEqual(['rtc-description bob/b2']);
  });

  it('acts on nothing for another instance of its own peer, nor on what it sent itself', async () => {
    const stage = new Stage();
    await stage.begin('bob');
    await stage.signals('bob', 'b1', offer, 'other');
    await stage.signals('me', stage.instance, hello);
    expect(stage.events).toEqual(['+bob']);
    expect(FakePeerConnection.last.remoteDescription).toBeNull();
    expect(await stage.answer()).toEqual([]);
  });

  it('does not answer an offer that another instance might answer, and names itself instead', async () => {
    const stage = new Stage();
    await stage.begin('bob');
    await stage.signals('bob', 'b1', offer);
    expect(FakePeerConnection.last.remoteDescription).toBeNull();
    expect(await stage.answer()).toEqual(['parley-here bob/b1']);
  });

  it('offers to a peer that does not name itself in time, and again when it does', async () => {
    const stage = new Stage();
    stage.call.addTrack(fakeTrack('track'), undefined, { role: 'camera' });
    await stage.begin('bob');
    expect(await stage.answer()).toEqual([]);
    await stage.bench.pass(600);
    expect(await stage.answer()).toEqual(['undefined bob/*', 'rtc-description bob/*']); // a label, an offer
    await stage.signals('bob', 'b1', here, stage.instance);
    expect(await stage.answer()).toEqual(['undefined bob/b1', 'rtc-description bob/b1']);
  });

  it('offers once, to its instance, to a peer that names itself in time', async () => {
    const stage = new Stage();
    stage.call.addTrack(fakeTrack('track'), undefined, { role: 'camera' });
    await stage.begin('bob');
    await stage.signals('bob', 'b1', here, stage.instance);
    expect(await stage.pass(2)).toEqual(['undefined bob/b1', 'rtc-description bob/b1']);
  });

  it('goes on with clients that name no instance as with one', async () => {
    const stage = new Stage();
    await stage.begin('bob');
    await stage.signals('bob', undefined, offer);
    expect(await stage.answer()).toEqual(['rtc-description bob/*']);
    expect(stage.events).toEqual(['+bob']);
  });

  it('does not take a client that names no instance for one that does', async () => {
    const stage = new Stage();
    await stage.begin('bob');
    await stage.signals('bob', 'b1', here, stage.instance);
    await stage.signals('bob', undefined, offer);
    expect(FakePeerConnection.last.remoteDescription).toBeNull();
    expect(stage.events).toEqual(['+bob']);
  });

  it('has the other tab of its own user as a participant, and one of the two is polite', async () => {
    const stage = new Stage();
    await stage.begin();
    await stage.signals('me', '-', hello); // less than any other
    await stage.signals('me', 'zzzzzzzzz', hello);
    expect(stage.events).toEqual(['+me/-', '+me/zzzzzzzzz']);
    expect([...stage.call.peers.values()].map(({ isPolite }) => isPolite)).toEqual([false, true]);
  });

  it('has at most eight participants of a peer, none with an invalid name or outside the room', async () => {
    const stage = new Stage();
    await stage.begin('bob', 'bob/b2');
    for (let instance = 1; instance <= 20; instance++) {
      await stage.signals('bob', `b${instance}`, hello);
    }
    await stage.signals('bob', 'x'.repeat(33), hello);
    await stage.signals('eve', 'e1', hello);
    const ids = [...stage.call.peers.keys()];
    expect(ids).toEqual(['bob', 'bob/b2', 'bob/b2/', ...[3, 4, 5, 6, 7, 8].map((it) => `bob/b${it}`)]);
  });
});

describe('one of two instances of a peer', () => {
  async function begin(): Promise<Stage> {
    const stage = new Stage();
    await stage.begin('bob');
    await stage.signals('bob', 'b1', here, stage.instance);
    await stage.signals('bob', 'b2', hello);
    await stage.answer();
    return stage;
  }

  it.each([
    ['b1', 'bob'],
    ['b2', 'bob/b2'],
  ])('leaves alone: %s', async (instance, id) => {
    const stage = await begin();
    await stage.signals('bob', instance, bye, stage.instance);
    await stage.signals('bob', instance, bye, stage.instance);
    expect(stage.events).toEqual(['+bob', '+bob/b2', `-${id}`]);
    await stage.signals('bob', 'b3', hello);
    expect(stage.events.at(-1)).toBe('+bob/b3');
    stage.says({ type: 'presence', channel: 'r', joined: [], left: [{ peerId: 'bob' }] });
    expect(stage.call.peers.size).toBe(0);
  });

  it('is gone when its browser cannot be reached and it gives no sign of life, and is back when it does', async () => {
    const stage = await begin();
    FakePeerConnection.all.forEach((it) => (it.connectionState = 'connected'));
    expect(await stage.pass(60)).toEqual([]);
    FakePeerConnection.last.connectionState = 'disconnected';
    const asked = await stage.pass(61);
    expect(asked).toEqual(Array(3).fill('parley-hello bob/b2'));
    expect(stage.events).toEqual(['+bob', '+bob/b2', '-bob/b2']);
    await stage.signals('bob', 'b2', here, stage.instance);
    expect(stage.events.at(-1)).toBe('+bob/b2');
  });

  it('stays as long as it answers, or the peer is away', async () => {
    const stage = await begin();
    for (let i = 0; i < 10; i++) {
      await stage.pass(10);
      await stage.signals('bob', 'b1', here, stage.instance);
      await stage.signals('bob', 'b2', here, stage.instance);
    }
    stage.says({ type: 'reconnecting', channel: 'r', peers: ['bob'] });
    expect(await stage.pass(100)).toEqual([]);
    expect(stage.events).toEqual(['+bob', '+bob/b2']);
  });

  it('is not asked when it is the only one left, as the server tells when that one is gone', async () => {
    const stage = await begin();
    await stage.signals('bob', 'b1', bye, stage.instance);
    expect(await stage.pass(200)).toEqual([]);
    expect(stage.events).toEqual(['+bob', '+bob/b2', '-bob']);
  });

  it('gets alone what is sent to it, and its messages name it', async () => {
    const stage = await begin();
    void stage.call.peers.get('bob/b2')?.send({ text: 'hi' });
    void stage.call.sendTo('bob', { text: 'hi' });
    expect(await stage.answer()).toEqual(['parley-data bob/b2', 'parley-data bob/b1']);
    expect(stage.bench.socket.ofType('send').at(-1)?.data).toMatchObject({ data: { text: 'hi' } });
    await stage.signals('bob', 'b2', { type: 'parley-data', data: 1 }, stage.instance);
    await stage.signals('bob', 'b1', { type: 'parley-data', data: 2 }, 'other');
    stage.says({ type: 'message', channel: 'r', from: 'bob', data: 3 });
    expect(stage.events.slice(2)).toEqual(['bob/b2: 1', 'bob: 3']);
  });
});

describe('a client in a call', () => {
  it('gives the application no signals of calls as direct messages, and all others', async () => {
    const stage = new Stage();
    await stage.begin('bob');
    const candidate = { type: 'rtc-ice', candidate: { candidate: 'a' } };
    const label = { __meteredTrackMeta: { trackId: 't', metadata: {} } };
    for (const signal of [hello, here, offer, candidate, label]) {
      await stage.signals('bob', undefined, signal);
      await stage.signals('eve', 'e1', signal);
    }
    stage.says({ type: 'direct', from: 'bob', data: 1 });
    stage.says({ type: 'direct', from: 'eve', data: 2 });
    stage.call.leave();
    await stage.signals('bob', undefined, offer);
    expect(stage.events).toEqual(['+bob', 'bob: 1', 'direct bob: 1', 'direct eve: 2', '-bob']);
  });

  it.each([
    ['the call is left', (stage: Stage) => stage.call.leave()],
    ['the client closes', (stage: Stage) => stage.bench.client.close()],
    ['the page ends', () => void globalThis.dispatchEvent(new Event('pagehide'))],
  ])('says bye to all participants when %s', async (_, end) => {
    const page = new EventTarget();
    vi.stubGlobal('document', page);
    (['addEventListener', 'removeEventListener', 'dispatchEvent'] as const).forEach((it) =>
      vi.stubGlobal(it, page[it].bind(page)),
    );
    const stage = new Stage();
    await stage.begin('bob', 'cat');
    await stage.signals('bob', 'b1', here, stage.instance);
    await stage.signals('bob', 'b2', hello);
    await stage.answer();
    end(stage);
    const said = stage.bench.socket.ofType('send').slice(-3);
    expect(said.map(({ to, data }) => `${(data as Frame).type} ${to}/${(data as Frame).to ?? '*'}`)).toEqual([
      'parley-bye bob/b1',
      'parley-bye cat/*',
      'parley-bye bob/b2',
    ]);
  });
});
