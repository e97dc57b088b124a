// SPDX-License-Identifier: Apache-2.0
// Apps on the unmodified client @metered-ca/realtime, written as its own README has them: only `url` is ours.

import { readFile } from 'node:fs/promises';
import { serve } from './site.ts';
import type { Tab, Window } from './tab.ts';

/** Key of development mode, allowed everything. */
export const KEY = 'pk_live_demo';

const sdk = await readFile(new URL('../node_modules/@metered-ca/realtime/dist/index.umd.js', import.meta.url), 'utf8');

/** What happened to a tab's MeteredPeer. `at` is in milliseconds on the tab's own clock, as `now` reads it. */
export interface Happening {
  readonly what: 'state' | 'peer-joined' | 'peer-left' | 'picture' | 'error' | 'negotiation-error' | 'said';
  /**
   * The new state, the other peer's id (for `picture` the peer whose first frame was shown), the error's name, or what
   * the other said.
   */
  readonly which: string;
  readonly at: number;
}

declare global {
  /** Page only. */
  var happenings: Happening[];
  var peer: {
    peerId: string;
    state: string;
    remotePeers: { id: string; pc: RTCPeerConnection; say(words: string): void }[];
    join(room: string): Promise<void>;
    addStream(stream: MediaStream, metadata: object): void;
  };
}

// One <video> for each remote stream, removed with its peer; a data channel on request.
const app = `<!doctype html><title>call</title><script>${sdk}</script><script type="module">
  const { searchParams } = new URL(location);
  const happenings = (globalThis.happenings = []);
  const happened = (what, which) =>
    happenings.push({ what, which, at: performance.timeOrigin + performance.now() });
  const credential = globalThis.mint ? { tokenProvider: () => mint() } : { apiKey: searchParams.get('key') };
  const relayOnly = {
    rtcPeerConnectionFactory: (cfg) => new RTCPeerConnection({ ...cfg, iceTransportPolicy: 'relay' }),
  };
  const peer = (globalThis.peer = new MeteredPeer.MeteredPeer({
    ...credential,
    ...(searchParams.has('relay') ? relayOnly : {}),
    url: searchParams.get('server'),
  }));
  peer.on('state-change', ({ to }) => happened('state', to));
  peer.on('error', ({ err }) => happened('error', err.name));
  peer.on('peer-joined', ({ peer: remote }) => {
    happened('peer-joined', remote.id);
    const video = Object.assign(document.createElement('video'), { autoplay: true, muted: true });
    video.dataset.peer = remote.id;
    document.body.append(video);
    remote.on('stream-added', ({ stream, metadata }) => {
      video.srcObject = stream;
      video.dataset.role = metadata?.role ?? '';
      video.requestVideoFrameCallback(() => happened('picture', remote.id));
    });
    remote.on('data-channel', ({ channel }) => (channel.onmessage = ({ data }) => happened('said', data)));
    remote.on('negotiation-error', ({ err }) => happened('negotiation-error', err.name));
    remote.say = (words) => {
      const channel = remote.pc.createDataChannel('words');
      channel.onopen = () => channel.send(words);
    };
  });
  peer.on('peer-left', ({ peer: remote }) => {
    happened('peer-left', remote.id);
    document.querySelector('video[data-peer="' + remote.id + '"]').remove();
  });
  if (searchParams.has('camera')) {
    const role = searchParams.get('role');
    const stream = await navigator.mediaDevices.getUserMedia({ video: { width: 320, height: 240 } });
    peer.addStream(stream, ...(role ? [{ role }] : []));
  }
  if (searchParams.has('room')) {
    await peer.join(searchParams.get('room'));
  }
</script>`;

export interface SdkAppOptions {
  readonly camera?: boolean;
  /** The role the stream is given, which the client sends ahead of its offer; without one it sends the offer first. */
  readonly role?: string;
  readonly key?: string;
  /** Gives a new token each time the client connects; instead of the key. */
  readonly mint?: () => Promise<string>;
  /** The room to join; null for none. */
  readonly room?: string | null;
  /** Whether its connections may go through TURN servers only. */
  readonly relay?: boolean;
}

/** Opens the app in a tab that joins a room of the server there. */
export interface SdkApp<Kind extends Tab = Tab> {
  (webSocket: string, options?: SdkAppOptions): Promise<Kind>;
  /** The origin of its page. */
  readonly origin: string;
  /** The address of the app with these options, for tabs that are opened otherwise. */
  address(webSocket: string, options?: Omit<SdkAppOptions, 'mint'>): string;
}

/** Serves the app. */
export async function serveSdkApp<Kind extends Tab>(window: Window<Kind>): Promise<SdkApp<Kind>> {
  const origin = `http://localhost:${await serve(app)}`;
  const address = (
    webSocket: string,
    { camera = true, role, key = KEY, room = 'room', relay = false }: SdkAppOptions = {},
  ): string => {
    const query = new URLSearchParams({ server: webSocket, key });
    if (camera) {
      query.set('camera', '');
    }
    if (role !== undefined) {
      query.set('role', role);
    }
    if (room !== null) {
      query.set('room', room);
    }
    if (relay) {
      query.set('relay', '');
    }
    return `${origin}/?${query}`;
  };
  const open = async (webSocket: string, options: SdkAppOptions = {}): Promise<Kind> => {
    const tab = await window.newPage();
    if (options.mint) {
      await tab.exposeFunction('mint', options.mint);
    }
    await tab.goto(address(webSocket, options));
    await tab.waitForFunction((state) => globalThis.peer?.state === state, options.room === null ? 'idle' : 'joined');
    return tab;
  };
  return Object.assign(open, { origin, address });
}

/** The time on the tab's own clock: it runs apart from Date.now() of this process when the machine's is set. */
export function now(tab: Tab): Promise<number> {
  return tab.evaluate(() => performance.timeOrigin + performance.now());
}

/** What happened in the tab so far, or since then. */
export async function happenings(tab: Tab, since = 0): Promise<Happening[]> {
  return (await tab.evaluate(() => globalThis.happenings)).filter(({ at }) => at >= since);
}

/** The same in words. Negotiation errors are left out: two offers that cross make the client report one and go on. */
export async function storyOf(tab: Tab, since = 0): Promise<string[]> {
  return (await happenings(tab, since))
    .filter(({ what }) => what !== 'negotiation-error')
    .map(({ what, which }) => `${what} ${which}`);
}

/** Awaits that this happens in the tab, or has since then. */
export async function happens(tab: Tab, what: Happening['what'], which?: string, since = 0): Promise<Happening> {
  const find = (wanted: { what: string; which: string | undefined; since: number }): Happening | undefined =>
    globalThis.happenings.find(
      ({ what, which, at }) =>
        what === wanted.what && (wanted.which === undefined || which === wanted.which) && at >= wanted.since,
    );
  await tab.waitForFunction(find, { what, which, since }, { polling: 50 });
  return (await tab.evaluate(find, { what, which, since }))!;
}

export function peerId(tab: Tab): Promise<string> {
  return tab.evaluate(() => globalThis.peer.peerId);
}

export function remotePeerIds(tab: Tab): Promise<string[]> {
  return tab.evaluate(() => globalThis.peer.remotePeers.map(({ id }) => id));
}
