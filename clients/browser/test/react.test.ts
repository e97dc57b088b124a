// SPDX-License-Identifier: Apache-2.0
// @vitest-environment happy-dom
import { act, createElement, type FunctionComponent, memo, type ReactNode, StrictMode, useEffect } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Call, CallData, PeerSnapshot } from '../src/index.js';
import { type CallStatus, useCall, useEvent, usePeers, Video } from '../src/react/index.js';
import { FakePeerConnection, useFakeCalls } from './fake-peer-connection.js';
import { Bench, type FakeSocket } from './fake-server.js';

useFakeCalls();

let root: Root;
let element: HTMLElement;

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  element = document.body.appendChild(document.createElement('div'));
  root = createRoot(element);
});

afterEach(() => act(() => root.unmount()));

/** Renders in StrictMode, which mounts, unmounts and mounts each new component. */
async function show<Properties extends object>(
  component: FunctionComponent<Properties>,
  properties: Properties,
): Promise<void> {
  await act(async () => root.render(createElement(StrictMode, null, createElement(component, properties))));
}

/** Of each call since the last look, in order: rooms that were entered and left. */
function rooms(socket: FakeSocket): string[] {
  return socket.said
    .splice(0)
    .filter(({ type }) => /subscribe$/.test(String(type)))
    .map(({ type, channel }) => `${String(type)} ${String(channel)}`);
}

/** The server's side: numbers what it says. */
class Server {
  readonly bench = new Bench();
  #seq = 0;

  get socket(): FakeSocket {
    return this.bench.socket;
  }

  async says(frame: object): Promise<void> {
    await act(async () => this.socket.says({ seq: ++this.#seq, ...frame }));
  }

  /** Answers the latest request for a room. */
  async lets(...peers: string[]): Promise<void> {
    const request = this.socket.ofType('subscribe').at(-1);
    await this.says({ type: 'ack', requestId: request?.requestId });
    await this.says({
      type: 'presence',
      channel: request?.channel,
      joined: peers.map((peerId) => ({ peerId })),
      left: [],
    });
  }

  async refuses(code: string): Promise<void> {
    await this.says({ type: 'error', requestId: this.socket.ofType('subscribe').at(-1)?.requestId, code });
  }
}

/** A component with a call, which notes what it gets. */
function callNoted(server: Server) {
  const statuses: CallStatus[] = [];
  const Component = ({ room, enabled = true }: { readonly room: string; readonly enabled?: boolean }): ReactNode => {
    statuses.push(useCall({ client: server.bench.client, room, enabled }));
    return null;
  };
  const last = (): CallStatus => statuses.at(-1)!;
  return {
    Component,
    last,
    states: () => [...new Set(statuses.splice(0, statuses.length - 1).map(({ state }) => state)), last().state],
  };
}

describe('useCall', () => {
  it('joins once under StrictMode, and leaves when it is unmounted', async () => {
    const server = new Server();
    const { Component, last } = callNoted(server);
    await act(() => server.bench.connect());
    await show(Component, { room: 'kitchen' });
    expect(last().state).toBe('joining');
    expect(rooms(server.socket)).toEqual(['subscribe kitchen']);
    await act(async () => root.unmount());
    expect(rooms(server.socket)).toEqual(['unsubscribe kitchen']);
    root = createRoot(element);
  });

  it('says when it is joined, with the call', async () => {
    const server = new Server();
    const { Component, last } = callNoted(server);
    await show(Component, { room: 'kitchen' });
    await act(() => server.bench.connect());
    await server.lets('bob');
    expect(last()).toMatchObject({ state: 'joined', error: undefined });
    expect([...last().call.peers.keys()]).toEqual(['bob']);
  });

  it('leaves a room and joins the other one when the name changes, with a call of its own for each', async () => {
    const server = new Server();
    const { Component, last } = callNoted(server);
    await show(Component, { room: 'kitchen' });
    await act(() => server.bench.connect());
    await server.lets('bob');
    const { call } = last();
    rooms(server.socket);
    await show(Component, { room: 'garden' });
    expect(rooms(server.socket)).toEqual(['unsubscribe kitchen', 'subscribe garden']);
    expect(last().call).not.toBe(call);
    expect(last().state).toBe('joining');
  });

  it('says why the server refuses, and joins again when asked to', async () => {
    const server = new Server();
    const { Component, last } = callNoted(server);
    await show(Component, { room: 'kitchen' });
    await act(() => server.bench.connect());
    await server.refuses('channel_full');
    expect(last()).toMatchObject({ state: 'failed', error: { code: 'channel_full' } });
    await act(async () => last().rejoin());
    expect(last()).toMatchObject({ state: 'joining', error: undefined });
    await server.lets();
    expect(last().state).toBe('joined');
  });

  it('says that a call was left by the application, and that the server ended it', async () => {
    const server = new Server();
    const { Component, last } = callNoted(server);
    await show(Component, { room: 'kitchen' });
    await act(() => server.bench.connect());
    await server.lets();
    await act(async () => last().call.leave());
    expect(last().state).toBe('left');
    await act(async () => last().rejoin());
    await server.lets();
    await server.says({ type: 'error', channel: 'kitchen', code: 'channel_not_authorized' });
    expect(last()).toMatchObject({ state: 'failed', error: { code: 'channel_not_authorized' } });
  });

  it('joins the call it has prepared once it is enabled, and another one when it is enabled again', async () => {
    const server = new Server();
    const { Component, last, states } = callNoted(server);
    await show(Component, { room: 'kitchen', enabled: false });
    await act(() => server.bench.connect());
    expect(states()).toEqual(['idle', 'idle']);
    const { call } = last();
    await show(Component, { room: 'kitchen', enabled: true });
    await server.lets();
    expect(last()).toMatchObject({ call, state: 'joined' });
    await show(Component, { room: 'kitchen', enabled: false });
    expect(last().state).toBe('idle');
    await show(Component, { room: 'kitchen', enabled: true });
    await server.lets();
    expect(last().state).toBe('joined');
    expect(last().call).not.toBe(call);
    expect(rooms(server.socket)).toEqual(['subscribe kitchen', 'unsubscribe kitchen', 'subscribe kitchen']);
  });

  it('renders on a server, and joins nothing there', () => {
    const server = new Server();
    const { Component, last } = callNoted(server);
    expect(renderToString(createElement(Component, { room: 'kitchen' }))).toBe('');
    expect([last().state, server.bench.client.state]).toEqual(['joining', 'idle']);
  });
});

describe('usePeers', () => {
  it('renders the list again only when it has changed, and a participant only when that one has', async () => {
    const server = new Server();
    const lists: (readonly PeerSnapshot[])[] = [];
    const rendered: string[] = [];
    const Tile = memo(({ peer }: { readonly peer: PeerSnapshot }): ReactNode => {
      useEffect(() => void rendered.push(`${peer.id} ${String(peer.isAway)}`), [peer]);
      return null;
    });
    const List = ({ call }: { readonly call: Call }): ReactNode => {
      const peers = usePeers(call);
      useEffect(() => void lists.push(peers), [peers]);
      return peers.map((peer) => createElement(Tile, { key: peer.id, peer }));
    };
    const Component = ({ room }: { readonly room: string }): ReactNode =>
      createElement(List, useCall({ client: server.bench.client, room }));
    await show(Component, { room: 'kitchen' });
    await act(() => server.bench.connect());
    await server.lets('ann', 'bob');
    lists.length = rendered.length = 0;
    await server.says({ type: 'reconnecting', channel: 'kitchen', peers: ['bob'] });
    expect(lists.map((peers) => peers.map(({ id }) => id))).toEqual([['ann', 'bob']]);
    expect(rendered).toEqual(['bob true']);

    const peers = lists.at(-1);
    const opened = FakePeerConnection.last.ondatachannel as (event: object) => void;
    await act(async () => opened({ channel: { label: 'of the application' } }));
    expect(lists).toHaveLength(1);
    expect(Object.isFrozen(peers?.[0])).toBe(true);
  });
});

describe('useEvent', () => {
  it('calls the handler of the latest rendering, and none after the component is unmounted', async () => {
    const server = new Server();
    const heard: string[] = [];
    let call: Call | undefined;
    const Component = ({ name }: { readonly name: string }): ReactNode => {
      ({ call } = useCall({ client: server.bench.client, room: 'kitchen' }));
      useEvent(call, 'data', ({ from, data }: CallData) => heard.push(`${name}: ${from} ${String(data)}`));
      return null;
    };
    await show(Component, { name: 'one' });
    await act(() => server.bench.connect());
    await server.lets('bob');
    await show(Component, { name: 'two' });
    await server.says({ type: 'message', channel: 'kitchen', from: 'bob', data: 'hello' });
    expect(heard).toEqual(['two: bob hello']);
    await act(async () => root.unmount());
    call!.tell('data', { from: 'bob', data: 'late', kind: 'direct' });
    expect(heard).toHaveLength(1);
    root = createRoot(element);
  });
});

describe('Video', () => {
  it('plays a stream by itself and in the page, and is given back when it is removed', async () => {
    const playback = { play: vi.fn(async () => undefined), forget: vi.fn() };
    const stream = new MediaStream();
    const properties = { stream, muted: true, className: 'tile', playback: playback as never };
    await show(Video, properties);
    const video = element.querySelector('video')!;
    expect(video.srcObject).toBe(stream);
    expect([video.autoplay, video.hasAttribute('playsinline'), video.muted, video.className]).toEqual([
      true,
      true,
      true,
      'tile',
    ]);
    expect(playback.play).toHaveBeenLastCalledWith(video);
    await show(Video, { ...properties, stream: undefined });
    expect(video.srcObject).toBeNull();
    await act(async () => root.unmount());
    expect(playback.forget).toHaveBeenLastCalledWith(video);
    root = createRoot(element);
  });
});
