// SPDX-License-Identifier: Apache-2.0
// What becomes of signals that the server refuses because the receiver is slow.

import { describe, expect, it } from 'vitest';
import { Call, type ParleyError } from '../src/index.js';
import { FakePeerConnection, fakeTrack, useFakeCalls } from './fake-peer-connection.js';
import { Bench } from './fake-server.js';

type Frame = Record<string, unknown>;

useFakeCalls();

/** A signal in short: `offer 1 a b` is the first description, with candidates a and b; `candidate a`; `label`. */
function brief({ data }: Frame): string {
  const { type, description, candidate } = data as { type?: string; description?: Frame; candidate?: Frame };
  if (type === 'rtc-description') {
    const sdp = String(description?.sdp);
    const number = /^o=- \d+ (\d+)/m.exec(sdp)?.[1] ?? '';
    const candidates = [...sdp.matchAll(/^a=(\S+)/gm)].map((match) => match[1]);
    return [description?.type, number, ...candidates].join(' ');
  }
  return type === 'rtc-ice' ? `candidate ${String(candidate?.candidate)}` : 'label';
}

/** A call with one other peer, and the server. */
class Stage {
  readonly bench = new Bench();
  readonly call = new Call(this.bench.client);
  #seq = 2;
  #seen = 0;

  /** @param peer before `me` in the alphabet: this client is impolite */
  async begin(peer: string, metadata?: Frame): Promise<void> {
    this.call.addTrack(fakeTrack('track'), undefined, metadata);
    this.call.on('error', () => undefined);
    void this.call.join('r');
    const socket = await this.bench.connect();
    socket.says({ type: 'ack', seq: 1, requestId: socket.ofType('subscribe')[0]?.requestId });
    socket.says({ type: 'presence', seq: 2, channel: 'r', joined: [{ peerId: peer }], left: [] });
    await this.bench.pass(600);
  }

  says(frame: Frame): void {
    this.bench.socket.says({ ...frame, seq: ++this.#seq });
  }

  /** The signals about the connection sent since the last call, with their request ids. */
  signals(): Frame[] {
    const all = this.bench.socket.ofType('send').filter(({ data }) => !/^parley-/.test(String((data as Frame).type)));
    const since = all.slice(this.#seen);
    this.#seen = all.length;
    return since;
  }

  briefly(): string[] {
    return this.signals().map(brief);
  }

  async answer(signal: Frame | undefined, code?: string): Promise<void> {
    const requestId = signal?.requestId;
    this.says(code === undefined ? { type: 'ack', requestId } : { type: 'error', requestId, code });
    await this.bench.pass();
  }

  /** Refuses or accepts, one by one, what is sent in the time; keeps the connection alive. */
  async answerAll(ms: number, code?: string): Promise<string[]> {
    const sent: Frame[] = [];
    for (let end = Date.now() + ms; Date.now() < end;) {
      await this.bench.pass(50);
      const since = this.signals();
      expect(since.length).toBeLessThanOrEqual(code === undefined ? 100 : 1);
      for (const signal of since) {
        await this.answer(signal, code);
      }
      sent.push(...since);
      this.bench.socket.says({ type: 'pong' });
    }
    return sent.map(brief);
  }

  end(): void {
    this.bench.client.close();
  }
}

it('a send to a busy receiver fails with that code, and may be tried again', async () => {
  const bench = new Bench();
  const socket = await bench.connect();
  const sending = bench.client.send('bob', 1).catch((error: ParleyError) => error.code);
  socket.says({ type: 'error', seq: 1, requestId: '1', code: 'receiver_busy' });
  expect(await sending).toBe('receiver_busy');
  expect(socket.ofType('send')).toHaveLength(1);
  expect(bench.client.state).toBe('connected');
  bench.client.close();
});

it.each(['busy', 'a reason of a later server'])(
  'an application gets an event for what was not delivered: %s',
  async (reason) => {
    const bench = new Bench();
    const lost: unknown[] = [];
    bench.client.on('undelivered', (event) => lost.push(event));
    const socket = await bench.connect();
    socket.says({ type: 'undelivered', seq: 1, to: 'bob', from: 1, through: 3, reason });
    expect(lost).toEqual([{ to: 'bob', reason }]);
    expect(bench.client.state).toBe('connected');
    bench.client.close();
  },
);

describe('a call with a peer that is busy', () => {
  it('repeats a refused offer with all candidates known by then, before what follows it', async () => {
    const stage = new Stage();
    await stage.begin('bob');
    FakePeerConnection.last.gather('a');
    const [offer, a] = stage.signals();
    expect([offer, a].map((it) => brief(it ?? {}))).toEqual(['offer 1', 'candidate a']);
    await stage.answer(offer, 'receiver_busy');
    await stage.answer(a);
    FakePeerConnection.last.gather('b');
    await stage.bench.pass(200);
    expect(stage.briefly()).toEqual([]);
    await stage.bench.pass(200);
    const [again, ...others] = stage.signals();
    expect(brief(again ?? {})).toBe('offer 1 a b');
    expect(others).toEqual([]);
    await stage.answer(again);
    expect(stage.briefly()).toEqual(['candidate b']);
    stage.end();
  });

  it('repeats in the order in which the signals were made, whatever the order of their answers', async () => {
    const stage = new Stage();
    await stage.begin('bob', { role: 'camera' });
    FakePeerConnection.last.gather('a');
    const sent = stage.signals();
    expect(sent.map(brief)).toEqual(['label', 'offer 1', 'candidate a']);
    for (const signal of sent.reverse()) {
      await stage.answer(signal, 'receiver_busy');
    }
    expect(await stage.answerAll(1000)).toEqual(['label', 'offer 1 a', 'candidate a']);
    FakePeerConnection.last.gather('b');
    expect(stage.briefly()).toEqual(['candidate b']);
    stage.end();
  });

  it('sends one signal every few seconds as long as it is refused, and makes no other offer', async () => {
    const stage = new Stage();
    await stage.begin('bob');
    await stage.answer(stage.signals()[0], 'receiver_busy');
    stage.says({ type: 'undelivered', to: 'bob', from: 1, through: 1, reason: 'busy' }); // it would look for a path
    const sent = await stage.answerAll(60_000, 'receiver_busy');
    expect(new Set(sent)).toEqual(new Set(['offer 1']));
    expect(sent.length).toBeGreaterThan(10);
    expect(sent.length).toBeLessThan(22);
    stage.end();
  });

  it('that offers meanwhile, answers and does not repeat its own offer', async () => {
    const stage = new Stage();
    await stage.begin('zed');
    const [offer] = stage.signals();
    expect(brief(offer ?? {})).toBe('offer 1');
    await stage.answer(offer, 'receiver_busy');
    const description = { type: 'offer', sdp: 'v=0\r\no=- 7 1 IN IP4 127.0.0.1\r\n' };
    stage.says({ type: 'direct', from: 'zed', data: { type: 'rtc-description', description } });
    expect(await stage.answerAll(1000)).toEqual(['answer 2']);
    stage.end();
  });

  it('repeats nothing to a peer that has left', async () => {
    const stage = new Stage();
    await stage.begin('bob');
    await stage.answer(stage.signals()[0], 'receiver_busy');
    stage.says({ type: 'presence', channel: 'r', joined: [], left: [{ peerId: 'bob' }] });
    expect(await stage.answerAll(30_000)).toEqual([]);
    stage.end();
  });
});

it.each([
  ['is refused for another reason', (stage: Stage, offer: Frame) => stage.answer(offer, 'over_message_quota')],
  [
    'was dropped because the peer is busy',
    async (stage: Stage, offer: Frame) => {
      await stage.answer(offer);
      stage.says({ type: 'undelivered', to: 'bob', from: 2, through: 2, reason: 'busy' });
    },
  ],
])('a call whose offer %s begins a round anew after a second', async (_, lose) => {
  const stage = new Stage();
  await stage.begin('bob');
  await lose(stage, stage.signals()[0] ?? {});
  expect(await stage.answerAll(900)).toEqual([]);
  expect(await stage.answerAll(600)).toEqual(['offer 3']); // the second was rolled back
  expect(FakePeerConnection.last.restarts).toBe(1);
  stage.end();
});

it('a call forgets a signal to a peer that left before it was answered', async () => {
  const stage = new Stage();
  await stage.begin('bob');
  const [offer] = stage.signals();
  stage.says({ type: 'presence', channel: 'r', joined: [], left: [{ peerId: 'bob' }] });
  await stage.answer(offer, 'peer_not_found');
  await stage.answerAll(60_000);
  expect(FakePeerConnection.last.restarts).toBe(0);
  stage.end();
});
