// SPDX-License-Identifier: Apache-2.0
// Mistakes of an application, and the errors that it gets.

import { describe, expect, it } from 'vitest';
import { ParleyClient, type ParleyError, type TokenProvider } from '../src/index.js';
import { callWithBob } from './fake-call.js';
import { FakePeerConnection, fakeTrack, useFakeCalls } from './fake-peer-connection.js';
import { Bench } from './fake-server.js';
import { Stage } from './call-stage.js';

useFakeCalls();

describe('a call', () => {
  it.each([
    ['the peer has left', 'peer'],
    ['the call was left', 'call'],
  ])('sends nothing to a peer when %s', async (_, who) => {
    const { call, socket } = await callWithBob();
    const bob = call.peers.get('bob')!;
    if (who === 'peer') {
      socket.says({ type: 'presence', seq: 3, channel: 'r', joined: [], left: [{ peerId: 'bob' }] });
    } else {
      call.leave();
    }
    const before = socket.ofType('send').length;
    await expect(bob.send('late')).rejects.toMatchObject({ code: 'not_here', message: 'no peer bob is in the call' });
    expect(socket.ofType('send')).toHaveLength(before);
  });

  it('refuses what is no track, and sends the others', async () => {
    const { call } = await callWithBob();
    const track = fakeTrack('camera');
    call.addTrack(track);
    expect(() => call.addTrack(undefined as never)).toThrow('no MediaStreamTrack');
    expect(() => call.addTrack({ getTracks: () => [] } as never)).toThrow(TypeError);
    expect([...FakePeerConnection.last.sent]).toEqual([track]);
  });

  it('that sees nobody, as its key or token lacks presence, reports that', async () => {
    const stage = new Stage();
    void stage.call.join('r');
    const socket = await stage.bench.connect();
    stage.says({ type: 'ack', requestId: socket.ofType('subscribe')[0]?.requestId });
    const errors: string[] = [];
    stage.call.on('error', ({ error }) => errors.push(`${error.code}: ${error.message}`));
    await stage.pass(5);
    expect(errors).toEqual([]);
    await stage.pass(10);
    expect(errors).toEqual(['action_not_permitted: no roster: key or token lacks presence']);
  });

  it('that enters the room again does not take that for a missing right', async () => {
    const stage = new Stage();
    const errors: string[] = [];
    stage.call.on('error', ({ error }) => errors.push(error.code));
    await stage.begin('bob');
    await stage.pass(8);
    const socket = await stage.bench.drop();
    socket.welcome();
    await stage.bench.pass();
    socket.says({ type: 'ack', seq: 1, requestId: socket.ofType('subscribe')[0]?.requestId });
    await stage.bench.pass(1400);
    expect(errors).toEqual([]);
  });

  it('says why the server closed its client, and that it is over', async () => {
    const { call, socket } = await callWithBob();
    const reasons: string[] = [];
    call.on('left', ({ reason }) => reasons.push(reason));
    socket.ends(4020);
    expect(reasons).toEqual(['admin_disconnect']);
    await expect(call.send('hi')).rejects.toMatchObject({
      code: 'not_here',
      message: 'the call was left: make a new one',
    });
    await expect(call.join('r')).rejects.toMatchObject({ code: 'closed' });
  });

  it('gets what a back end publishes in its room', async () => {
    const { call, socket } = await callWithBob();
    const data: unknown[] = [];
    call.on('data', (event) => data.push(event));
    socket.says({ type: 'message', seq: 3, channel: 'r', from: 'system', data: 'maintenance at noon' });
    expect(data).toEqual([{ from: 'system', data: 'maintenance at noon', kind: 'broadcast' }]);
  });
});

describe('a token provider', () => {
  it('that returns an error of the server is quoted', async () => {
    const bench = new Bench({ tokenProvider: (async () => ({ error: 'unauthorized' })) as unknown as TokenProvider });
    const errors: ParleyError[] = [];
    bench.client.on('error', ({ error }) => errors.push(error));
    void bench.client.connect();
    await bench.pass();
    expect(errors.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      expect.stringMatching(/^token_failed: .*tokenProvider returned error unauthorized/),
    ]);
    bench.client.close();
  });

  it('that is no function is refused at once', () => {
    const options = { url: 'https://parley.example.com', tokenProvider: '/token' as unknown as TokenProvider };
    expect(() => new ParleyClient(options)).toThrow('tokenProvider is no function');
  });
});
