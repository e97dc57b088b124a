// SPDX-License-Identifier: Apache-2.0
// Browsers make some 500 connections at most: what a peer can do to use up those of others.

import { describe, expect, it, vi } from 'vitest';
import { Call } from '../src/index.js';
import { FakePeerConnection, useFakeCalls } from './fake-peer-connection.js';
import { Bench } from './fake-server.js';

type Frame = Record<string, unknown>;

useFakeCalls();

const offer = (origin: number): Frame => ({
  type: 'rtc-description',
  description: { type: 'offer', sdp: `v=0\r\no=- ${origin} 1 IN IP4 127.0.0.1\r\n` },
});

/** A call of `me` in room `r`. */
class Stage {
  readonly bench = new Bench();
  readonly call = new Call(this.bench.client);
  #seq = 0;

  async begin(): Promise<this> {
    void this.call.join('r');
    const socket = await this.bench.connect();
    this.says({ type: 'ack', requestId: socket.ofType('subscribe')[0]?.requestId });
    this.present([], []);
    await this.bench.pass();
    return this;
  }

  /** The instance of this client. */
  get instance(): string {
    return (this.bench.socket.ofType('send')[0]?.data as { from: string }).from;
  }

  present(joined: readonly string[], left: readonly string[]): void {
    const list = (ids: readonly string[]): object[] => ids.map((peerId) => ({ peerId }));
    this.says({ type: 'presence', channel: 'r', joined: list(joined), left: list(left) });
  }

  signal(from: string, instance: string, data: Frame): void {
    this.says({ type: 'direct', from, data: { ...data, room: 'r', from: instance } });
  }

  says(frame: Frame): void {
    this.bench.socket.says({ ...frame, seq: ++this.#seq });
  }

  async pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second++) {
      await this.bench.pass(1000);
      this.bench.socket.says({ type: 'pong' });
    }
  }
}

describe('a call makes few connections, and has them for others,', () => {
  it('when a peer names one instance after the other', async () => {
    const stage = await new Stage().begin();
    stage.present(['eve'], []);
    for (let i = 0; i < 500; i++) {
      stage.signal('eve', `i${i}`, { type: 'parley-hello' });
      stage.signal('eve', `i${i}`, { type: 'parley-bye' });
    }
    expect(FakePeerConnection.all.length).toBeLessThan(100);
    stage.present(['bob'], []);
    expect(stage.call.peers.has('bob')).toBe(true);
  });

  it('when a peer begins anew with each offer', async () => {
    const stage = await new Stage().begin();
    stage.present(['zoe'], []);
    for (let i = 0; i < 500; i++) {
      stage.signal('zoe', 'z', { ...offer(i), to: stage.instance });
      await stage.bench.pass();
    }
    expect(FakePeerConnection.all.length).toBeGreaterThan(5);
    expect(FakePeerConnection.all.length).toBeLessThan(100);
    stage.present(['bob'], []);
    expect(stage.call.peers.has('bob')).toBe(true);
  });
});

it('a call tries again to connect to a peer when the browser made no connection, and reports that once', async () => {
  const errors: string[] = [];
  const stage = new Stage();
  stage.call.on('error', ({ error }) => errors.push(error.code));
  await stage.begin();
  vi.stubGlobal('RTCPeerConnection', function refuse() {
    throw new DOMException('too many', 'UnknownError');
  });
  stage.present(['bob'], []);
  await stage.pass(40);
  expect(stage.call.peers.size).toBe(0);
  vi.stubGlobal('RTCPeerConnection', FakePeerConnection);
  await stage.pass(15);
  expect(stage.call.peers.has('bob')).toBe(true);
  expect(errors).toEqual(['no_connection']);
});
