// SPDX-License-Identifier: Apache-2.0
// Many participants of a call on Parley's own client in one tab, each with a connection to the server of its own. Each
// picture has one color, so that it is known whether it has the right label.

import type { Page } from 'playwright-core';
import type { Window } from './tab.ts';
import { KEY } from './sdk.ts';
import { serve } from './site.ts';

/** Colors of pictures, by the role in the label of their stream. */
export type Role = 'camera' | 'screen';

declare global {
  /** Page only. */
  var crowd: {
    /** Joins the call as another participant, with these streams. */
    join(...roles: Role[]): Promise<CrowdMember>;
    readonly members: CrowdMember[];
  };
}

export interface CrowdMember {
  readonly client: { close(): void };
  readonly call: {
    readonly peers: ReadonlyMap<string, { readonly peerId: string; readonly connection: RTCPeerConnection }>;
    leave(): void;
  };
  /** What was received over data channels, by peer. */
  readonly received: Record<string, string>;
  /**
   * By peer and role, that of the latest picture: `ann camera camera` is the label `camera` on a picture of the color
   * of cameras.
   */
  pictures(): Promise<string[]>;
  /** Sends a picture of another device in place of the one before. */
  switchDevice(role: Role): Promise<void>;
  /**
   * Joins, leaves and joins again, as a call is left by one page and entered by the next; returns how long that took,
   * in milliseconds.
   */
  rejoin(): Promise<number>;
}

const app = `<!doctype html><title>crowd</title><script type="module">
  const { searchParams } = new URL(location);
  const server = searchParams.get('server');
  const script = Object.assign(document.createElement('script'), { src: server + '/parley.js' });
  await new Promise((onload) => document.head.append(Object.assign(script, { onload })));
  const COLORS = { camera: '#f00', screen: '#00f' };
  const beats = [];
  const beat = 'setInterval(() => postMessage(0), 200)'; // in a worker: those of a tab in the background sleep
  new Worker(URL.createObjectURL(new Blob([beat]))).onmessage = () => beats.forEach((draw) => draw());

  /** 160 x 90, 5 frames a second. */
  function picture(role) {
    const canvas = Object.assign(document.createElement('canvas'), { width: 160, height: 90 });
    const context = canvas.getContext('2d', { alpha: false });
    const stream = canvas.captureStream(0);
    const [track] = stream.getVideoTracks();
    beats.push(() => {
      context.fillStyle = COLORS[role];
      context.fillRect(0, 0, 160, 90);
      track.requestFrame();
    });
    return stream;
  }

  /** The role whose color the next frame has. */
  async function roleOf(track) {
    const reader = new MediaStreamTrackProcessor({ track }).readable.getReader();
    const { value } = await reader.read();
    if (!value) {
      return 'ended';
    }
    const context = new OffscreenCanvas(1, 1).getContext('2d');
    context.drawImage(value, 0, 0, 1, 1);
    value.close();
    await reader.cancel();
    const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
    return red > blue + 50 ? 'camera' : blue > red + 50 ? 'screen' : 'none of ' + [red, green, blue];
  }

  const pictures = {}; // of those who only look whether pictures arrive
  const members = [];
  async function join(...roles) {
    const client = new Parley.ParleyClient({ url: server, key: searchParams.get('key') });
    const pictureOf = (role) => (searchParams.has('shared') ? (pictures[role] ??= picture(role)) : picture(role));
    const streams = roles.map((role) => ({ role, stream: pictureOf(role) }));
    const received = {};
    const member = { client, received, pictures: () => seen(member), switchDevice, rejoin };
    members.push(member);
    await enter();
    return member;

    async function enter() {
      const call = (member.call = new Parley.Call(client));
      call.on('peer-joined', ({ peer }) => {
        const send = (channel) => channel.send('from ' + client.peerId);
        const receive = (data) => (received[peer.peerId] = data);
        // This side answers: Chromium at times drops what is sent within the event that brings the channel.
        peer.on('data-channel', ({ channel }) => {
          channel.onmessage = ({ data }) => {
            receive(data);
            send(channel);
          };
        });
        if (searchParams.has('data') && !peer.isPolite) {
          const channel = peer.createDataChannel('data');
          channel.onopen = () => send(channel);
          channel.onmessage = ({ data }) => receive(data);
        }
      });
      streams.forEach(({ role, stream }) => call.addStream(stream, { role }));
      await call.join(searchParams.get('room') ?? 'crowd');
    }

    async function switchDevice(role) {
      const entry = streams.find((it) => it.role === role);
      const [before] = entry.stream.getVideoTracks();
      const [next] = picture(role).getVideoTracks();
      await member.call.replaceTrack(before, next);
      before.stop();
      entry.stream.removeTrack(before);
      entry.stream.addTrack(next);
    }

    async function rejoin() {
      member.call.leave();
      const since = performance.now();
      const first = enter();
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 30));
      member.call.leave();
      await first.catch(() => undefined);
      const again = enter();
      const time = performance.now() - since;
      await again;
      return time;
    }
  }

  async function seen({ call }) {
    const peers = call.snapshot().peers;
    const all = peers.flatMap(({ peerId, streams }) =>
      streams.map(async ({ stream, metadata }) =>
        [peerId, metadata?.role, await roleOf(stream.getVideoTracks()[0])].join(' ')));
    return (await Promise.all(all)).sort();
  }

  globalThis.crowd = { join, members };
</script>`;

export interface CrowdOptions {
  /** Whether all pairs exchange data over a channel. */
  readonly data?: boolean;
  /** Whether all participants send the same picture, which costs less. */
  readonly shared?: boolean;
  /** The room they join: the participants of a tab that was closed may be in theirs for two minutes. */
  readonly room?: string;
}

/** Opens a tab for participants of a call on this server. */
export async function openCrowd(
  window: Window<Page>,
  server: string,
  { data = false, shared = false, room = 'crowd' }: CrowdOptions = {},
): Promise<Page> {
  const tab = await window.newPage();
  const query = new URLSearchParams({
    server,
    key: KEY,
    room,
    ...(data && { data: '' }),
    ...(shared && { shared: '' }),
  });
  await tab.goto(`http://localhost:${await serve(app)}/?${query}`);
  await tab.waitForFunction(() => globalThis.crowd !== undefined);
  return tab;
}

/** How often it is looked whether all are connected, in milliseconds. */
const LOOK_MS = 250;

/** What became of a crowd that joined at once. */
export interface CrowdOutcome {
  /** From the first join until all pairs were connected and had exchanged data or pictures, in milliseconds. */
  readonly ms: number;
  /** How many of the ordered pairs had not when the time was over. */
  readonly missing: number;
}

/**
 * So many participants join at once, with these streams, in equal parts in these tabs: a page has at most 500
 * connections in Chromium.
 */
export async function joinAtOnce(
  tabs: readonly Page[],
  count: number,
  limitMs: number,
  ...roles: Role[]
): Promise<CrowdOutcome> {
  const since = performance.now();
  const each = count / tabs.length;
  const missing = await Promise.all(
    tabs.map((tab) => tab.evaluate(joinPart, { lookMs: LOOK_MS, count, each, limitMs, roles })),
  );
  return { ms: performance.now() - since, missing: missing.reduce((sum, it) => sum + it) };
}

/** All participants in the tab leave the call, and close their connections to the server. */
export async function leave(tab: Page): Promise<void> {
  await tab.evaluate(() => globalThis.crowd.members.forEach(({ client }) => client.close()));
}

interface CrowdPart {
  readonly lookMs: number;
  readonly count: number;
  readonly each: number;
  readonly limitMs: number;
  readonly roles: Role[];
}

/** In the page: some of the participants join; returns how many pairs are missing once none is, or the time is over. */
async function joinPart({ lookMs, count, each, limitMs, roles }: CrowdPart): Promise<number> {
  const since = performance.now();
  const withPicture = new WeakSet<RTCPeerConnection>();
  const hasPicture = async (connection: RTCPeerConnection): Promise<boolean> => {
    // Statistics cost more.
    const isMuted = connection.getReceivers().every(({ track }) => track.kind !== 'video' || track.muted);
    if (connection.connectionState === 'connected' && !isMuted && !withPicture.has(connection)) {
      const stats = [
        ...((await connection.getStats()) as unknown as Map<string, { type: string; framesDecoded?: number }>).values(),
      ];
      if (stats.some(({ type, framesDecoded = 0 }) => type === 'inbound-rtp' && framesDecoded > 0)) {
        withPicture.add(connection);
      }
    }
    return withPicture.has(connection);
  };
  const countMissing = async (): Promise<number> => {
    const pairs = globalThis.crowd.members.flatMap(({ call, received }) =>
      [...call.peers.values()].map(async ({ peerId, connection }) => {
        const hasMedia = roles.length === 0 ? received[peerId] === `from ${peerId}` : await hasPicture(connection);
        return connection.connectionState === 'connected' && hasMedia;
      }),
    );
    return each * (count - 1) - (await Promise.all(pairs)).filter((it) => it).length;
  };
  const joining = Promise.all(Array.from({ length: each }, () => globalThis.crowd.join(...roles)));
  for (;;) {
    const missing = await countMissing();
    if (missing === 0 || performance.now() - since > limitMs) {
      await joining;
      return missing;
    }
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
}
