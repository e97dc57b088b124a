// SPDX-License-Identifier: Apache-2.0
// Errors that applications get because they do not mend themselves, and those that they do not get because they do.

import { afterEach, describe, expect, it, vi } from 'vitest';
import { Call, type ParleyError, type RemotePeer } from '../src/index.js';
import { FakePeerConnection, fakeTrack, useFakeCalls } from './fake-peer-connection.js';
import { Bench } from './fake-server.js';

type Frame = Record<string, unknown>;

useFakeCalls();

afterEach(() => vi.restoreAllMocks());

/** A call of `me` with `bob` in room `r`, and the errors it tells. */
class Stage {
  readonly bench: Bench;
  readonly call: Call;
  readonly errors: { error: ParleyError; peer?: RemotePeer }[] = [];
  #seq = 0;
  #seen = 0;

  constructor(options: ConstructorParameters<typeof Bench>[0] = {}, configuration: RTCConfiguration = {}) {
    this.bench = new Bench(options);
    this.call = new Call(this.bench.client, { configuration });
  }

  listen(): this {
    this.call.on('error', (event) => this.errors.push(event));
    return this;
  }

  async begin(welcome: Frame = {}): Promise<void> {
    this.call.addTrack(fakeTrack('track'));
    this.call.join('r').catch(() => undefined);
    void this.bench.client.connect();
    await this.bench.pass();
    const socket = this.bench.socket;
    socket.welcome(welcome);
    await this.bench.pass();
    this.says({ type: 'ack', requestId: socket.ofType('subscribe')[0]?.requestId });
    this.says({ type: 'presence', channel: 'r', joined: [{ peerId: 'bob' }], left: [] });
    await this.bench.pass(1000);
  }

  says(frame: Frame): void {
    this.bench.socket.says({ ...frame, seq: ++this.#seq });
  }

  /** Answers what was sent since the last call. */
  async refuse(code: string): Promise<void> {
    const all = this.bench.socket.ofType('send');
    const since = all.slice(this.#seen);
    this.#seen = all.length;
    since.forEach(({ requestId }) => this.says({ type: 'error', requestId, code, message: `about ${code}` }));
    await this.bench.pass();
  }

  get codes(): string[] {
    return this.errors.map(({ error, peer }) => `${error.code} ${peer?.id ?? ''}`.trim());
  }
}

describe('a call whose signals the server refuses', () => {
  it('tells so, once, at the call and at the peer', async () => {
    const stage = new Stage().listen();
    const ofPeer: string[] = [];
    stage.call.on('peer-joined', ({ peer }) => peer.on('error', ({ error }) => ofPeer.push(error.code)));
    await stage.begin();
    for (let i = 0; i < 20; i++) {
      await stage.refuse('action_not_permitted');
      await stage.bench.pass(1000);
      stage.bench.socket.says({ type: 'pong' });
    }
    expect(stage.codes).toEqual(['action_not_permitted bob']);
    expect(ofPeer).toEqual(['action_not_permitted']);
    expect(stage.errors[0]?.error.message).toBe('peer bob: the server refuses signals: about action_not_permitted');
    expect(stage.errors[0]?.error.cause).toMatchObject({ code: 'action_not_permitted' });
  });

  it.each(['peer_not_found', 'receiver_busy', 'session_lost'])(
    'for a reason that passes tells nothing: %s',
    async (code) => {
      const stage = new Stage().listen();
      await stage.begin();
      await stage.refuse(code);
      await stage.bench.pass(3000);
      expect(stage.codes).toEqual([]);
    },
  );

  it('prints it where nobody listens, and not where somebody does at the peer', async () => {
    const printed = vi.spyOn(console, 'error').mockReturnValue();
    const stage = new Stage();
    await stage.begin();
    await stage.refuse('action_not_permitted');
    expect(printed).toHaveBeenCalledOnce();
    stage.call.peers.get('bob')?.on('error', () => undefined);
    await stage.bench.pass(2000);
    await stage.refuse('over_message_quota');
    expect(printed).toHaveBeenCalledOnce();
  });
});

describe('an ICE server', () => {
  const bad: [string, Frame][] = [
    ['TURN without credential', { urls: ['turn:turn.example.com'] }],
    ['TURN beside STUN without credential', { urls: ['stun:a.example.com', 'turns:a.example.com'], username: 'a' }],
    ['no URL of one', { urls: 'https://turn.example.com' }],
    ['nothing', {}],
  ];

  it.each(bad)('that is %s is left out, and told once', async (_, entry) => {
    const stage = new Stage({}, { iceServers: [entry as unknown as RTCIceServer] }).listen();
    await stage.begin({ metadata: { iceServers: [entry, { urls: 'stun:stun.example.com' }] } });
    expect(FakePeerConnection.last.configuration).toMatchObject({ iceServers: [{ urls: 'stun:stun.example.com' }] });
    expect(stage.codes).toEqual(['bad_ice_server']);
    expect(stage.call.peers.size).toBe(1);
  });

  it('with all that it needs is used', async () => {
    const iceServers = [
      { urls: ['turn:a.example.com', 'turns:a.example.com:5349?transport=tcp'], username: 'u', credential: 'c' },
    ];
    const stage = new Stage().listen();
    await stage.begin({ metadata: { iceServers } });
    expect(FakePeerConnection.last.configuration).toMatchObject({ iceServers });
    expect(stage.codes).toEqual([]);
  });
});

it('a peer that the browser makes no connection to is reported', async () => {
  const fault = new TypeError('no');
  vi.stubGlobal('RTCPeerConnection', function refuse() {
    throw fault;
  });
  const stage = new Stage().listen();
  await stage.begin();
  expect(stage.codes).toEqual(['no_connection']);
  expect(stage.errors[0]?.error.cause).toBe(fault);
  expect(stage.call.room?.peers.size).toBe(1);
});

it('descriptions that fail again and again are reported once, a single one is not', async () => {
  const stage = new Stage().listen();
  await stage.begin();
  const fault = new Error('bad SDP');
  vi.spyOn(FakePeerConnection.last, 'setRemoteDescription').mockRejectedValue(fault);
  const description = { type: 'offer', sdp: 'v=0\r\no=- 7 1 IN IP4 127.0.0.1\r\n' };
  const counts: number[] = [];
  for (let i = 0; i < 5; i++) {
    stage.bench.socket.said.length = 0;
    FakePeerConnection.last.signalingState = 'stable';
    stage.says({ type: 'direct', from: 'bob', data: { type: 'rtc-description', description } });
    await stage.bench.pass();
    counts.push(stage.errors.length);
  }
  expect(counts).toEqual([0, 0, 1, 1, 1]);
  expect(stage.codes).toEqual(['negotiation_failed bob']);
  expect(stage.errors[0]?.error.cause).toBe(fault);
});

it('ICE servers that the server does not renew are reported once', async () => {
  const stage = new Stage().listen();
  await stage.begin({ metadata: { iceServers: [{ urls: 'turn:a', username: '1790000060:x', credential: 'y' }] } });
  for (let second = 0; second < 120; second++) {
    await stage.bench.pass(1000);
    const [request] = stage.bench.socket.ofType('ice_servers').slice(-1);
    stage.says({ type: 'error', requestId: request?.requestId ?? '0', code: 'unknown_type' });
  }
  expect(stage.codes).toEqual(['refresh_failed']);
  expect(stage.errors[0]?.error.cause).toMatchObject({ code: 'unknown_type' });
});

describe('a client', () => {
  it('whose token is not renewed tells why', async () => {
    const tokens = ['a'];
    const fault = new Error('offline');
    const bench = new Bench({ tokenProvider: () => tokens.pop() ?? Promise.reject(fault) });
    void bench.client.connect();
    await bench.pass();
    bench.socket.welcome({ expiresAt: 1_790_000_010 });
    await bench.pass(8000);
    expect(bench.errors).toMatchObject([
      { code: 'refresh_failed', cause: fault, message: expect.stringContaining('offline') },
    ]);
    expect(bench.client.state).toBe('connected');
  });

  it('that the server closed for good tells why, one that is closed does not', async () => {
    const bench = new Bench();
    void bench.client.connect().catch(() => undefined);
    await bench.pass();
    bench.socket.ends(4001);
    expect(bench.errors).toMatchObject([
      { code: 'invalid_token', message: expect.stringContaining('origins of the key') },
    ]);
    const other = new Bench();
    await other.connect();
    other.client.close();
    expect(other.errors).toEqual([]);
  });

  it('tells nothing of connections that are lost, and come back', async () => {
    const bench = new Bench();
    await bench.connect();
    for (const code of [1006, 1001, 1011, 4010]) {
      await bench.drop(code);
    }
    expect(bench.errors).toEqual([]);
    bench.client.close();
  });
});
