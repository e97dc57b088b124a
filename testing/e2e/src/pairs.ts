// SPDX-License-Identifier: Apache-2.0
// Pairs of calls in one page, in a room each, that change what they send.

import { KEY } from './sdk.ts';
import { serve } from './site.ts';
import type { Tab, Window } from './tab.ts';

type Kind = 'audio' | 'video';

export interface Side {
  add(kind: Kind): MediaStreamTrack;
  remove(track: MediaStreamTrack): void;
  /** Resolves with the other side once that is in the call. */
  readonly peer: Promise<{ readonly isPolite: boolean }>;
  /** From now on signals wait so many milliseconds before they are sent. */
  delayMs: number;
  /** Error events of the call, and how often the connection began anew. */
  readonly errors: string[];
  resets: number;
}

declare global {
  /** Page only: opens a pair in a room of its own. */
  var openPair: () => Promise<[Side, Side]>;
  /** Page only: every pair, as text, with what it has and is to have. Those that negotiate are busy. */
  var pairs: () => { readonly text: string; readonly isRight: boolean; readonly isBusy: boolean }[];
}

/** Without a signaling change for so many milliseconds a pair has agreed on everything. */
const QUIET_MS = 500;

const page = `<!doctype html><title>pairs</title><script type="module">
  const server = new URL(location).searchParams.get('server');
  const script = Object.assign(document.createElement('script'), { src: server + '/parley.js' });
  await new Promise((onload) => document.head.append(Object.assign(script, { onload })));
  const all = [];
  const audioContext = new AudioContext();
  const tracks = {
    audio: () => audioContext.createMediaStreamDestination().stream.getTracks()[0],
    video: () => {
      const canvas = Object.assign(document.createElement('canvas'), { width: 32, height: 32 });
      canvas.getContext('2d');
      return canvas.captureStream(1).getTracks()[0];
    },
  };
  const kinds = (stream) => stream.getTracks().map(({ kind }) => kind).sort().join(' + ');

  class Side {
    stream = new MediaStream();
    delayMs = 0;
    errors = [];
    resets = 0;
    changedAt = performance.now();

    constructor() {
      const webSocket = (url, protocols) => {
        const socket = new WebSocket(url, protocols);
        const send = socket.send.bind(socket);
        socket.send = (data) => (this.delayMs > 0 ? setTimeout(() => send(data), this.delayMs) : send(data));
        return socket;
      };
      this.call = new Parley.Call(new Parley.ParleyClient({ url: server, key: '${KEY}', webSocket }));
      this.call.on('error', ({ error }) => this.errors.push(error.message));
      const watch = (connection) => {
        connection.addEventListener('signalingstatechange', () => (this.changedAt = performance.now()));
      };
      this.peer = new Promise((resolve) => {
        this.call.on('peer-joined', ({ peer }) => {
          watch(peer.connection);
          peer.on('connection-reset', ({ connection }) => {
            this.resets++;
            watch(connection);
          });
          resolve(peer);
        });
      });
    }

    add(kind) {
      const track = tracks[kind]();
      this.stream.addTrack(track);
      this.call.addTrack(track, this.stream, { role: 'camera' });
      return track;
    }

    remove(track) {
      this.stream.removeTrack(track);
      this.call.removeTrack(track);
    }

    get sends() {
      return this.stream.getTracks().length > 0 ? 'camera: ' + kinds(this.stream) : '';
    }

    get has() {
      const streams = this.call.snapshot().peers.flatMap(({ streams }) => streams);
      return streams.map(({ stream, metadata }) => metadata?.role + ': ' + kinds(stream)).join(', ');
    }
  }

  globalThis.openPair = async () => {
    const pair = [new Side(), new Side()];
    all.push(pair);
    const room = 'pair-' + all.length;
    await Promise.all(pair.map(({ call }) => call.join(room)));
    await Promise.all(pair.map(({ peer }) => peer));
    return pair;
  };
  globalThis.pairs = () => all.map((pair, i) => {
    const [one, other] = pair;
    const has = pair.map((it) => '[' + it.has + '] ' + it.errors).join(' and ');
    return {
      text: 'pair ' + i + ': ' + has + ' of ' + other.sends + ' and ' + one.sends,
      isRight: one.has === other.sends && other.has === one.sends,
      isBusy: pair.some(({ changedAt }) => performance.now() - changedAt < ${QUIET_MS}),
    };
  });
</script>`;

/** Opens the page, with the client of a server. */
export async function openPairs<Kind extends Tab>(window: Window<Kind>, server: string): Promise<Kind> {
  const tab = await window.newPage();
  await tab.goto(`http://localhost:${await serve(page)}/?server=${server}`);
  await tab.waitForFunction(() => 'pairs' in globalThis);
  return tab;
}

/** Awaits that every side has what the other one sends, and that none negotiates any more; returns what is wrong. */
export async function settle(tab: Tab, timeout: number): Promise<string[]> {
  const areSettled = (): boolean => globalThis.pairs().every(({ isRight, isBusy }) => isRight && !isBusy);
  await tab.waitForFunction(areSettled, undefined, { polling: 50, timeout }).catch(() => undefined);
  return tab.evaluate(() =>
    globalThis
      .pairs()
      .filter(({ isRight, isBusy }) => !isRight || isBusy)
      .map(({ text, isBusy }) => text + (isBusy ? ', and still negotiates' : '')),
  );
}
