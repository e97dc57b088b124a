// SPDX-License-Identifier: Apache-2.0
import { vi } from 'vitest';
import { ParleyClient, type ClientOptions, type ParleyError, type StateChange } from '../src/index.js';

type Frame = Record<string, unknown>;

/** A WebSocket whose other end is the test. */
export class FakeSocket {
  protocol = '';
  bufferedAmount = 0;
  readyState = 1;
  onmessage: ((event: { readonly data: unknown }) => unknown) | null = null;
  onclose: ((event: { readonly code: number }) => unknown) | null = null;
  readonly said: Frame[] = [];
  closedWith: number | undefined | 'open' = 'open';

  constructor(
    readonly url: string,
    readonly offered: readonly string[],
  ) {}

  send(message: string): void {
    this.said.push(JSON.parse(message) as Frame);
  }

  close(code?: number): void {
    this.closedWith = code;
  }

  says(frame: unknown): void {
    this.onmessage?.({ data: typeof frame === 'string' ? frame : JSON.stringify(frame) });
  }

  ends(code = 1006): void {
    this.onclose?.({ code });
  }

  /** What it resumes with: token, and last sequence; undefined if it does not. */
  get resume(): string | undefined {
    return this.offered.find((item) => item.startsWith('resume.'))?.slice('resume.'.length);
  }

  ofType(type: string): Frame[] {
    return this.said.filter((frame) => frame.type === type);
  }

  /** Welcomes the client to a session. */
  welcome(fields: Frame = {}): void {
    this.protocol = 'parley.v1';
    this.says({
      type: 'welcome',
      peerId: 'me',
      expiresAt: null,
      serverTime: 1_790_000_000,
      maxMessageSize: 65_536,
      session: { id: 's1', resumeToken: 't1', windowMs: 120_000, ghostMs: 156_000 },
      epoch: 'e1',
      resumed: false,
      reason: 'new',
      received: 0,
      ...fields,
    });
  }

  resumes(received: number, resumeToken = 't2'): void {
    this.welcome({ resumed: true, received, session: { id: 's1', resumeToken, windowMs: 120_000, ghostMs: 156_000 } });
  }
}

/** A client on sockets of the test; its timers are vitest's. */
export class Bench {
  readonly sockets: FakeSocket[] = [];
  readonly changes: StateChange[] = [];
  readonly errors: ParleyError[] = [];
  readonly client: ParleyClient;

  constructor(options: Partial<ClientOptions> = {}) {
    const credential = options.token === undefined && options.tokenProvider === undefined ? { key: 'pk' } : {};
    this.client = new ParleyClient({
      url: 'https://parley.example.com',
      webSocket: (url, protocols) => {
        const socket = new FakeSocket(url, protocols);
        this.sockets.push(socket);
        return socket;
      },
      ...credential,
      ...options,
    });
    this.client.on('state-change', (change) => this.changes.push(change));
    this.client.on('error', ({ error }) => this.errors.push(error));
  }

  /** The latest socket. */
  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (!socket) {
      throw new Error('there is no socket');
    }
    return socket;
  }

  /** Lets what is due happen, and time pass. */
  async pass(ms = 0): Promise<void> {
    await vi.advanceTimersByTimeAsync(ms);
  }

  async connect(): Promise<FakeSocket> {
    void this.client.connect();
    await this.pass();
    this.socket.welcome();
    await this.pass();
    return this.socket;
  }

  /** The socket ends, and the client makes another. */
  async drop(code?: number): Promise<FakeSocket> {
    this.socket.ends(code);
    await this.pass(1000);
    return this.socket;
  }
}
