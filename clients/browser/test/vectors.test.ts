// SPDX-License-Identifier: Apache-2.0
// The client in the conversations of docs/vectors: the test says what the server says there.

import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Bench } from './fake-server.js';

type Frame = Record<string, unknown>;

interface Step {
  readonly socket: string;
  readonly opens?: { readonly resume?: string; readonly received?: number };
  readonly says?: Frame;
  readonly hears?: Frame;
  readonly drops?: boolean;
  readonly leaves?: number;
  readonly closed?: number;
}

interface Vector {
  readonly name: string;
  readonly steps: readonly Step[];
}

/**
 * What this client never does: say what is malformed, show a token or a place that is none, or a token it has a newer
 * one of.
 */
const NEVER = [
  'a token that was used up revokes the session, and both sides are told',
  'a token that is none begins anew',
  'a place the server does not know ends the session',
  'a request without a number, or with one that is none, is malformed',
  'a request that leaves numbers out closes the socket, and what is said again after the resume counts once',
  'a message that cannot be read may have taken a number',
];

const vectors = JSON.parse(
  readFileSync(new URL('../../../docs/vectors/continuity.json', import.meta.url), 'utf8'),
) as Vector[];

/** Sockets of one client after each other: one without a token, and those that resume it. */
function chains({ steps }: Vector): string[][] {
  const heard = new Map<string, string[]>();
  const all: string[][] = [];
  for (const { socket, opens, hears } of steps) {
    if (opens) {
      const chain = opens.resume === undefined ? [] : (heard.get(opens.resume) ?? []);
      if (chain.length === 0) {
        all.push(chain);
      }
      chain.push(socket);
    }
    const token = hears && tokenOf(hears);
    if (typeof token === 'string') {
      heard.set(token, all.find((chain) => chain.includes(socket)) ?? []);
    }
  }
  return all;
}

/** What the next resume does not know of was lost on its way. */
function isLost({ hears }: Step, next: Step['opens']): boolean {
  if (!hears || !next) {
    return false;
  }
  return hears.type === 'welcome' ? tokenOf(hears) !== next.resume : Number(hears.seq) > (next.received ?? 0);
}

const tokenOf = (welcome: Frame): unknown => (welcome.session as Frame | undefined)?.resumeToken;

/** One client in one conversation. */
class Player {
  readonly bench = new Bench();
  readonly #chain: readonly string[];
  readonly #ids = new Map<unknown, unknown>();
  #current = '';
  #said = 0;

  constructor(chain: readonly string[]) {
    this.#chain = chain;
  }

  async play({ steps }: Vector): Promise<void> {
    const own = steps.filter(({ socket }) => this.#chain.includes(socket));
    for (const [index, step] of own.entries()) {
      if (!isLost(step, own.slice(index + 1).find(({ opens }) => opens)?.opens)) {
        await this.#step(step);
        await this.bench.pass();
      }
    }
    this.bench.client.close();
    await this.bench.pass();
  }

  async #step({ socket, opens, says, hears, drops, leaves, closed }: Step): Promise<void> {
    if (opens) {
      await this.#open(socket, opens);
    } else if (socket !== this.#current) {
      return; // of a socket this client has given up
    } else if (says) {
      this.#say(says);
    } else if (hears) {
      this.#hear(hears);
    } else if (drops) {
      this.bench.socket.ends();
    } else if (leaves === 1000) {
      this.bench.client.close();
      expect(this.bench.socket.closedWith).toBe(1000);
    } else {
      this.bench.socket.ends(leaves ?? closed);
    }
  }

  async #open(socket: string, { resume, received }: NonNullable<Step['opens']>): Promise<void> {
    if (this.#current === '') {
      void this.bench.client.connect();
    } else {
      this.bench.socket.ends(); // whatever the server believes
    }
    await this.bench.pass(3500);
    this.#current = socket;
    if (this.bench.client.state !== 'closed') {
      expect(this.bench.socket.resume).toBe(resume === undefined ? undefined : `${resume}.${received}`);
    }
  }

  #say(frame: Frame): void {
    const { client, socket } = this.bench;
    if (typeof frame.seq !== 'number' || frame.type === 'received' || frame.seq <= this.#said) {
      return; // the client says that by itself, or has nothing to say again
    }
    const act: Record<string, () => Promise<unknown>> = {
      subscribe: () => client.join(String(frame.channel)),
      publish: () => client.publish(String(frame.channel), frame.data),
      send: () => client.send(String(frame.to), frame.data),
    };
    act[String(frame.type)]?.().catch(() => undefined);
    const { requestId, ...said } = frame;
    expect(socket.said.at(-1)).toMatchObject(said);
    this.#said = frame.seq;
    this.#ids.set(requestId, socket.said.at(-1)?.requestId);
  }

  #hear(frame: Frame): void {
    const { socket } = this.bench;
    if (frame.type === 'welcome') {
      const session = { id: 's', windowMs: 120_000, ghostMs: 156_000, ...(frame.session as Frame) };
      socket.welcome({
        ...frame,
        expiresAt: null,
        serverTime: 1,
        maxMessageSize: 65_536,
        session: { ...session, id: 's' },
      });
    } else {
      socket.says({ ...frame, ...('requestId' in frame && { requestId: this.#ids.get(frame.requestId) }) });
    }
    expect(this.bench.changes.at(-1)?.reason).not.toBe('broken_server');
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the client speaks as in', () => {
  const played = vectors.filter(({ name }) => !NEVER.includes(name));

  it.each(
    played.flatMap((vector) =>
      chains(vector).map((chain) => ({ name: vector.name, who: chain.join(', '), chain, vector })),
    ),
  )('"$name": $who', ({ chain, vector }) => new Player(chain).play(vector));

  it('all but those in which a client does what this one never does', () => {
    expect(played).toHaveLength(vectors.length - NEVER.length);
  });
});
