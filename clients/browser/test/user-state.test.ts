// SPDX-License-Identifier: Apache-2.0
// What participants publish about themselves.

import { describe, expect, it } from 'vitest';
import { read } from '../src/call/signals.js';
import { Call, type ParleyError } from '../src/index.js';
import { useFakeCalls } from './fake-peer-connection.js';
import { Bench } from './fake-server.js';

type Frame = Record<string, unknown>;

useFakeCalls();

/** A call in room `r` and its server. */
class Stage {
  readonly bench = new Bench();
  readonly call = new Call(this.bench.client);
  #seq = 0;
  #seen = 0;

  async begin(...peers: string[]): Promise<void> {
    this.call.on('error', () => undefined);
    this.call.join('r').catch(() => undefined);
    await this.bench.connect();
    this.admit(...peers);
    await this.bench.pass();
  }

  /** Answers the latest request to enter the room. */
  admit(...peers: string[]): void {
    this.says({ type: 'ack', requestId: this.bench.socket.ofType('subscribe').at(-1)?.requestId });
    this.says({ type: 'presence', channel: 'r', joined: peers.map((peerId) => ({ peerId })), left: [] });
  }

  says(frame: Frame): void {
    this.bench.socket.says({ ...frame, seq: ++this.#seq });
  }

  /** The socket is lost, and the next one begins a session. */
  async renew(reason: string): Promise<void> {
    const socket = await this.bench.drop();
    this.#seq = this.#seen = 0;
    socket.welcome({ reason, session: { id: 's2', resumeToken: 't2', windowMs: 120_000, ghostMs: 156_000 } });
  }

  /** A signal of the instance `from` of a peer. */
  async hears(peerId: string, from: string, data: Frame): Promise<void> {
    const to = this.#sent().at(0)?.from;
    this.says({
      type: 'direct',
      from: peerId,
      data: { room: 'r', from, ...(data.type === 'parley-hello' ? {} : { to }), ...data },
    });
    await this.bench.pass();
  }

  /** Answers a request, the latest state by default. */
  async answer(request = this.#states().at(-1), code?: string): Promise<void> {
    const requestId = request?.requestId;
    this.says(code === undefined ? { type: 'ack', requestId } : { type: 'error', requestId, code });
    await this.bench.pass();
  }

  /** The states that were sent since the last call, each with its receiver. */
  sent(): unknown[] {
    const since = this.#states().slice(this.#seen);
    this.#seen += since.length;
    return since.map(({ to, data }) => [to, (data as Frame).state]);
  }

  #states(): Frame[] {
    return this.bench.socket.ofType('send').filter(({ data }) => (data as Frame).type === 'parley-state');
  }

  #sent(): Frame[] {
    return this.bench.sockets.flatMap((socket) => socket.ofType('send').map(({ data }) => data as Frame));
  }
}

const here = { type: 'parley-here' };
const hello = { type: 'parley-hello' };
const state = (value: unknown): Frame => ({ type: 'parley-state', state: value });

describe('a state that is set', () => {
  it('is sent to participants that name their instance, and to others when they do', async () => {
    const stage = new Stage();
    await stage.begin('ann', 'bob');
    await stage.hears('ann', 'a1', here);
    stage.call.setUserState({ name: 'Me', muted: true });
    expect(stage.sent()).toEqual([['ann', { name: 'Me', muted: true }]]);
    await stage.hears('bob', 'b1', here);
    expect(stage.sent()).toEqual([['bob', { name: 'Me', muted: true }]]);
    await stage.hears('bob', 'b2', hello);
    expect(stage.sent()).toEqual([['bob', { name: 'Me', muted: true }]]);
    stage.bench.client.close();
  });

  it('is a signal that clients without user states ignore', async () => {
    const stage = new Stage();
    await stage.begin('ann');
    await stage.hears('ann', 'a1', here);
    stage.call.setUserState({ muted: true });
    expect(stage.bench.socket.ofType('send').at(-1)?.data).toEqual({
      type: 'parley-state',
      state: { muted: true },
      __meteredTrackMeta: { trackId: '-' },
      room: 'r',
      from: expect.any(String),
      to: 'a1',
    });
    stage.bench.client.close();
  });

  it('is sent once the one before was accepted, and then only the newest', async () => {
    const stage = new Stage();
    await stage.begin('ann');
    await stage.hears('ann', 'a1', here);
    for (let n = 1; n <= 5; n++) {
      stage.call.setUserState({ n });
    }
    expect(stage.sent()).toEqual([['ann', { n: 1 }]]);
    await stage.answer();
    expect(stage.sent()).toEqual([['ann', { n: 5 }]]);
    await stage.answer();
    await stage.bench.pass(5000);
    expect(stage.sent()).toEqual([]);
    stage.bench.client.close();
  });

  it('is sent again after a pause while the peer is busy, and is the newest then', async () => {
    const stage = new Stage();
    await stage.begin('ann');
    await stage.hears('ann', 'a1', here);
    stage.call.setUserState({ n: 1 });
    stage.call.setUserState({ n: 2 });
    expect(stage.sent()).toEqual([['ann', { n: 1 }]]);
    await stage.answer(undefined, 'receiver_busy');
    expect(stage.sent()).toEqual([]);
    await stage.bench.pass(400);
    expect(stage.sent()).toEqual([['ann', { n: 2 }]]);
    await stage.answer();
    await stage.bench.pass(1000);
    expect(stage.sent()).toEqual([]);
    stage.bench.client.close();
  });

  it.each([
    ['again after a second, as the peer may come back', 'peer_not_found', 1],
    ['not again for that', 'action_not_permitted', 0],
  ])('that was refused is sent %s: %s', async (_, code, again) => {
    const stage = new Stage();
    await stage.begin('ann');
    await stage.hears('ann', 'a1', here);
    stage.call.setUserState({ n: 1 });
    stage.sent();
    await stage.answer(undefined, code);
    await stage.bench.pass(900);
    expect(stage.sent()).toEqual([]);
    await stage.bench.pass(4000);
    expect(stage.sent()).toHaveLength(again);
    await stage.answer();
    stage.call.setUserState({ n: 2 });
    expect(stage.sent()).toEqual([['ann', { n: 2 }]]);
    stage.bench.client.close();
  });

  it('is sent again to who begins anew and asks, to who was reset, and to who may not have got it', async () => {
    const stage = new Stage();
    await stage.begin('ann');
    stage.call.setUserState({ n: 1 });
    await stage.hears('ann', 'a1', hello);
    await stage.answer();
    expect(stage.sent()).toHaveLength(1);

    await stage.hears('ann', 'a1', hello);
    await stage.answer();
    expect(stage.sent()).toHaveLength(1);

    stage.call.peers.get('ann')?.reset();
    stage.call.peers.get('ann')?.reachable();
    await stage.answer();
    expect(stage.sent()).toHaveLength(1);

    stage.says({ type: 'undelivered', to: 'ann', from: 1, through: 9, reason: 'busy' });
    await stage.bench.pass(999);
    expect(stage.sent()).toEqual([]);
    await stage.bench.pass(1);
    expect(stage.sent()).toEqual([['ann', { n: 1 }]]);
    stage.bench.client.close();
  });

  it('is sent to a peer that is away when it is back, as it is then', async () => {
    const stage = new Stage();
    await stage.begin('ann');
    await stage.hears('ann', 'a1', here);
    stage.says({ type: 'reconnecting', channel: 'r', peers: ['ann'] });
    stage.call.setUserState({ n: 1 });
    stage.call.setUserState({ n: 2 });
    expect(stage.sent()).toEqual([]);
    stage.says({ type: 'reconnected', channel: 'r', peers: ['ann'] });
    expect(stage.sent()).toEqual([['ann', { n: 2 }]]);
    stage.bench.client.close();
  });

  it('survives lost sockets, and lost sessions after which all have their places', async () => {
    const stage = new Stage();
    await stage.begin('ann');
    await stage.hears('ann', 'a1', here);
    stage.call.setUserState({ n: 1 });
    expect(stage.sent()).toEqual([['ann', { n: 1 }]]);
    stage.bench.socket.ends();
    stage.call.setUserState({ n: 2 });
    await stage.renew('state_lost');
    await stage.bench.pass();
    expect(stage.sent()).toEqual([['ann', { n: 2 }]]);
    await stage.answer();
    stage.admit('ann');
    await stage.bench.pass();
    expect(stage.sent()).toEqual([]);

    await stage.renew('state_lost'); // the server may have accepted the state and not delivered it
    await stage.bench.pass();
    expect(stage.sent()).toEqual([['ann', { n: 2 }]]);
    await stage.answer();
    await stage.renew('expired');
    await stage.bench.pass();
    expect(stage.sent()).toEqual([['ann', { n: 2 }]]);
    stage.bench.client.close();
  });

  it('is not sent as long as it was not set, and not by a call that was left', async () => {
    const stage = new Stage();
    await stage.begin('ann');
    await stage.hears('ann', 'a1', hello);
    expect(stage.sent()).toEqual([]);
    stage.call.setUserState({ n: 1 });
    await stage.answer();
    stage.sent();
    const ann = stage.call.peers.get('ann');
    ann?.unsure();
    stage.call.leave();
    stage.call.setUserState({ n: 2 });
    await stage.bench.pass(2000);
    expect(stage.sent()).toEqual([]);
    stage.bench.client.close();
  });

  it('may be an object of 1,024 bytes, and nothing else', async () => {
    const call = new Call(new Bench().client);
    const stateOf = (bytes: number): { text: string } => ({
      text: '\u00e4'.repeat((bytes - '{"text":""}'.length - 1) / 2) + 'x',
    });
    call.setUserState(stateOf(1024));
    let refused: ParleyError | undefined;
    try {
      call.setUserState(stateOf(1026));
    } catch (error) {
      refused = error as ParleyError;
    }
    expect(refused?.code).toBe('too_big');
    expect(refused?.message).toMatch(/1026 bytes.*1024/);
    for (const wrong of [null, [], 'text', undefined]) {
      expect(() => call.setUserState(wrong as never)).toThrow(TypeError);
    }
  });

  it('is what it was when it was set, whatever the application does with its object', async () => {
    const stage = new Stage();
    await stage.begin('ann');
    const mine = { muted: true };
    stage.call.setUserState(mine);
    mine.muted = false;
    await stage.hears('ann', 'a1', here);
    expect(stage.sent()).toEqual([['ann', { muted: true }]]);
    stage.bench.client.close();
  });
});

describe('the state of a peer', () => {
  it('is {} until it is received, told when it changes, and part of the snapshot', async () => {
    const stage = new Stage();
    await stage.begin('ann');
    const ann = stage.call.peers.get('ann');
    const told: unknown[] = [];
    ann?.on('user-state-change', ({ userState }) => told.push(userState));
    expect(ann?.userState).toEqual({});
    expect(stage.call.snapshot().peers[0]?.userState).toEqual({});
    const before = stage.call.snapshot();
    await stage.hears('ann', 'a1', state({ name: 'Ann', muted: true }));
    await stage.hears('ann', 'a1', state({ name: 'Ann', muted: true }));
    expect(told).toEqual([{ name: 'Ann', muted: true }]);
    expect(ann?.userState).toEqual({ name: 'Ann', muted: true });
    expect(stage.call.snapshot()).not.toBe(before);
    expect(stage.call.snapshot().peers[0]?.userState).toBe(ann?.userState);
    await stage.hears('ann', 'a1', state({}));
    expect(told).toHaveLength(2);
    expect(ann?.userState).toEqual({});
    stage.bench.client.close();
  });

  it('stays when its shape is bad, it is too large or too deep', async () => {
    const stage = new Stage();
    await stage.begin('ann');
    await stage.hears('ann', 'a1', state({ n: 1 }));
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    for (const bad of [
      undefined,
      null,
      'text',
      7,
      ['list'],
      { text: 'x'.repeat(1014) },
      { deep: JSON.parse(deep) as unknown },
    ]) {
      expect(read({ type: 'parley-state', state: bad })?.signal.kind).toBe('none');
    }
    await stage.hears('ann', 'a1', state({ text: 'x'.repeat(1014) }));
    expect(stage.call.peers.get('ann')?.userState).toEqual({ n: 1 });
    stage.bench.client.close();
  });

  it('cannot be changed, and sets no prototype when the application copies it', async () => {
    const stage = new Stage();
    await stage.begin('ann');
    await stage.hears(
      'ann',
      'a1',
      JSON.parse('{"type":"parley-state","state":{"__proto__":{"evil":1},"a":[{"__proto__":{"evil":1}}]}}') as Frame,
    );
    const { userState } = stage.call.peers.get('ann') ?? expect.fail();
    expect(JSON.stringify(userState)).toBe('{"a":[{}]}');
    expect(Object.assign({}, userState)).not.toHaveProperty('evil');
    expect(() => Object.assign(userState, { a: 1 })).toThrow(TypeError);
    expect(() => (userState.a as unknown[]).push(1)).toThrow(TypeError);
    stage.bench.client.close();
  });

  it('of another peer or instance is not changed by it', async () => {
    const stage = new Stage();
    await stage.begin('ann', 'bob');
    await stage.hears('ann', 'a1', here);
    await stage.hears('bob', 'b1', here);
    await stage.hears('ann', 'a1', state({ n: 1 }));
    await stage.hears('ann', 'a2', state({ n: 2 }));
    await stage.hears('eve', 'e1', state({ n: 3 }));
    expect([...stage.call.peers].map(([id, { userState }]) => [id, userState])).toEqual([
      ['ann', { n: 1 }],
      ['bob', {}],
      ['ann/a2', { n: 2 }],
    ]);
    stage.bench.client.close();
  });
});
