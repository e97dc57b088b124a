// SPDX-License-Identifier: Apache-2.0
// An app on Parley's own client, as /parley.js serves it: it sends a small moving picture, and notes each frame that
// arrives.

import { KEY } from './sdk.ts';
import { serve } from './site.ts';
import type { Tab, Window } from './tab.ts';

export interface ClientHappening {
  readonly what: string;
  readonly which: string;
  /** In milliseconds on the tab's own clock. */
  readonly at: number;
}

interface AppPeer {
  readonly id: string;
  readonly state: string;
  readonly peerId: string;
  readonly connection: RTCPeerConnection;
  readonly userState: object;
}

declare global {
  /** Page only. */
  var app: {
    readonly client: { peerId: string; state: string; send(to: string, data: unknown): Promise<void>; close(): void };
    readonly call: {
      readonly peers: ReadonlyMap<string, AppPeer>;
      sendTo(to: string, data: unknown): Promise<void>;
      addStream(stream: MediaStream, metadata?: object, options?: object): void;
      setUserState(state: object): void;
      removeStream(stream: MediaStream): void;
    };
    readonly story: ClientHappening[];
    /** By peer, when frames of it arrived. */
    readonly frames: Record<string, number[]>;
    socket: WebSocket;
  };
}

const app = `<!doctype html><title>call</title><script type="module">
  const { searchParams } = new URL(location);
  const server = searchParams.get('server');
  const script = Object.assign(document.createElement('script'), { src: server + '/parley.js' });
  await new Promise((onload) => document.head.append(Object.assign(script, { onload })));
  const story = [];
  const frames = {};
  const happened = (what, which = '') => story.push({ what, which, at: performance.now() });
  const client = new Parley.ParleyClient({
    url: server,
    ...(searchParams.has('token') ? { token: searchParams.get('token') } : { key: searchParams.get('key') }),
    webSocket: (url, protocols) => (app.socket = new WebSocket(url, protocols)),
  });
  const configuration = searchParams.has('relay') ? { iceTransportPolicy: 'relay' } : {};
  const call = new Parley.Call(client, { configuration });
  globalThis.app = { client, call, story, frames, socket: null };
  client.on('state-change', ({ to, reason }) => happened('state', to + ' ' + reason));
  client.on('session-lost', ({ reason, keptPeerId }) => happened('session-lost', reason + ' ' + keptPeerId));
  call.on('data', ({ from, data, kind }) => happened('data', kind + ' ' + JSON.stringify(data)));
  call.on('track-ended', ({ track }) => happened('track-ended', track.kind));
  call.on('left', ({ reason }) => happened('left', reason));
  call.on('peer-left', ({ peer }) => happened('peer-left', peer.id));
  call.on('peer-joined', ({ peer }) => {
    happened('peer-joined', peer.id);
    peer.on('state-change', ({ to, reason }) => happened('peer ' + to, reason));
    peer.on('away-change', ({ isAway }) => happened(isAway ? 'away' : 'back', peer.id));
    peer.on('connection-reset', () => happened('connection-reset', peer.id));
    peer.on('stream-added', ({ stream, metadata }) => {
      happened('stream-added', JSON.stringify(metadata));
      const video = Object.assign(document.createElement('video'), { srcObject: stream, autoplay: true, muted: true });
      video.dataset.peer = peer.id;
      document.body.append(video);
      watch(peer.id, video, stream.getVideoTracks()[0]);
    });
    peer.on('track-removed', ({ track }) => happened('track-removed', track.kind));
    peer.on('stream-removed', () => document.querySelector('video[data-peer="' + peer.id + '"]')?.remove());
  });

  /** Frame by frame as they are decoded, whether or not the tab is seen; in Firefox as they are shown. */
  async function watch(id, video, track) {
    const times = (frames[id] ??= []);
    if (!('MediaStreamTrackProcessor' in globalThis)) {
      const next = () => {
        times.push(performance.now());
        video.requestVideoFrameCallback(next);
      };
      video.requestVideoFrameCallback(next);
      return;
    }
    const reader = new MediaStreamTrackProcessor({ track }).readable.getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      times.push(performance.now());
      next.value.close();
    }
  }

  /** 320 x 180, 15 frames a second, each different. */
  function picture() {
    const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 180 });
    const context = canvas.getContext('2d', { alpha: false });
    const stream = canvas.captureStream(0);
    const [track] = stream.getVideoTracks();
    const source = 'requestFrame' in track ? track : stream; // Firefox has it there
    const beat = 'setInterval(() => postMessage(0), 1000 / 15)'; // in a worker: those of a tab in the background sleep
    new Worker(URL.createObjectURL(new Blob([beat]))).onmessage = () => {
      context.fillStyle = 'hsl(' + (performance.now() / 20) % 360 + ' 60% 40%)';
      context.fillRect(0, 0, 320, 180);
      source.requestFrame();
    };
    return stream;
  }

  if (searchParams.has('camera')) {
    call.addStream(picture(), { role: 'camera' });
  }
  await call.join(searchParams.get('room'));
  happened('joined');
</script>`;

export interface ClientAppOptions {
  readonly camera?: boolean;
  readonly key?: string;
  /** Instead of the key. */
  readonly token?: string;
  readonly room?: string;
  readonly relay?: boolean;
}

/** Opens the app in a tab, in a room of the server there, which also serves it the client. */
export interface ClientApp<Kind extends Tab> {
  (server: string, options?: ClientAppOptions): Promise<Kind>;
  /** The origin of its page. */
  readonly origin: string;
}

/** Serves the app. */
export async function serveClientApp<Kind extends Tab>(window: Window<Kind>): Promise<ClientApp<Kind>> {
  const origin = `http://localhost:${await serve(app)}`;
  const open = async (
    server: string,
    { camera = true, key = KEY, token, room = 'room', relay = false }: ClientAppOptions = {},
  ): Promise<Kind> => {
    const tab = await window.newPage();
    const query = new URLSearchParams({ server, room, ...(camera && { camera: '' }), ...(relay && { relay: '' }) });
    query.set(token === undefined ? 'key' : 'token', token ?? key);
    await tab.goto(`${origin}/?${query}`);
    await tab.waitForFunction(() => globalThis.app?.story.some(({ what }) => what === 'joined'));
    return tab;
  };
  return Object.assign(open, { origin });
}

export async function story(tab: Tab, since = 0): Promise<string[]> {
  const all = await tab.evaluate(() => globalThis.app.story);
  return all.filter(({ at }) => at >= since).map(({ what, which }) => `${what} ${which}`.trim());
}

export function clock(tab: Tab): Promise<number> {
  return tab.evaluate(() => performance.now());
}

/** Awaits that it says it is in this state. */
export async function clientIs(tab: Tab, state: string): Promise<void> {
  await tab.waitForFunction((wanted) => globalThis.app.client.state === wanted, state, { polling: 20 });
}

/** Closes the socket of the client, not the client, and awaits that it is connected again, however soon that is. */
export async function cutSocket(tab: Tab): Promise<void> {
  const since = await clock(tab);
  await tab.evaluate(() => globalThis.app.socket.close(4999));
  await tab.waitForFunction(
    (since) =>
      globalThis.app.story.some(
        ({ what, which, at }) => at >= since && what === 'state' && which.startsWith('connected'),
      ),
    since,
    { polling: 20 },
  );
}

/** Awaits that so many others are here, and that frames of each arrive anew. */
export async function seesPeers(tab: Tab, count: number): Promise<void> {
  const since = await clock(tab);
  await tab.waitForFunction(
    ({ count, since }) => {
      const { call, frames } = globalThis.app;
      const seen = [...call.peers.keys()].filter((id) => (frames[id] ?? []).filter((at) => at > since).length >= 5);
      return call.peers.size === count && seen.length === count;
    },
    { count, since },
    { polling: 50 },
  );
}

/** The longest time without a frame of somebody, from then on, in milliseconds; of everybody, or of this peer. */
export function longestGap(tab: Tab, since: number, peer?: string): Promise<number> {
  return tab.evaluate(
    ({ since, peer }) => {
      const { frames } = globalThis.app;
      const gaps = (peer === undefined ? Object.values(frames) : [frames[peer]!]).flatMap((times) => {
        const later = [since, ...times.filter((at) => at > since), performance.now()];
        return later.slice(1).map((at, i) => at - later[i]!);
      });
      return Math.max(...gaps);
    },
    { since, peer },
  );
}

/** Marks the connections the tab has now. */
export async function markConnections(tab: Tab): Promise<void> {
  await tab.evaluate(() =>
    globalThis.app.call.peers.forEach(({ connection }) => Object.assign(connection, { isMarked: true })),
  );
}

/** Whether all connections the tab has are those it had, and connected. */
export function keepsConnections(tab: Tab): Promise<boolean> {
  return tab.evaluate(() =>
    [...globalThis.app.call.peers.values()].every(
      ({ connection }) => 'isMarked' in connection && connection.connectionState === 'connected',
    ),
  );
}
