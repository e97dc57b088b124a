// SPDX-License-Identifier: Apache-2.0
import { vi } from 'vitest';
import { type ChannelMessage, type ChannelOptions, openChannel } from '../src/data/index.js';
import { FakePair, type FakePeer } from './fake-pair.js';

export const KiB = 1 << 10;
export const MiB = 1 << 20;

export const pass = async (ms: number): Promise<void> => void (await vi.advanceTimersByTimeAsync(ms));

/** Text, or the first byte and the length of bytes. */
export const brief = (data: ChannelMessage): string =>
  typeof data === 'string' ? data : `${new Uint8Array(data)[0]} x ${data.byteLength}`;

/** A side of a channel, which notes what it gets. */
export function side(peer: FakePeer, options: ChannelOptions = {}) {
  const channel = openChannel(peer.it, 'chat', options);
  const heard: string[] = [];
  const lost: number[] = [];
  const states: string[] = [];
  channel.on('message', ({ data }) => heard.push(brief(data)));
  channel.on('lost', ({ messages }) => lost.push(messages));
  channel.on('state-change', ({ to, reason }) => states.push(`${to} ${reason}`));
  return { channel, heard, lost, states };
}

/** Two sides with a path. */
export async function connected(options?: ChannelOptions) {
  const pair = new FakePair();
  const [ann, bob] = [side(pair.bob, options), side(pair.ann, options)];
  pair.connect();
  await pass(100);
  return { pair, ann, bob };
}

/** Whether the promise is fulfilled. */
export async function isDone(promise: Promise<void>): Promise<boolean> {
  let done = false;
  void promise.then(() => (done = true));
  await pass(0);
  return done;
}

export const bytes = (first: number, size: number): Uint8Array<ArrayBuffer> => new Uint8Array(size).fill(first);
