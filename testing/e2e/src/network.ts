// SPDX-License-Identifier: Apache-2.0
// The network of one tab, run by the test, so that it can fail: its WebSocket goes through a line, its media through
// relays whose addresses take the place of the real ones in the ICE candidates that pass. Browsers have no switch for
// that: the offline mode of Chromium's DevTools leaves open WebSockets and WebRTC alone.

import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIP } from 'node:net';
import { onTestFinished } from 'vitest';
import { layLine } from './line.ts';
import { readAlong } from './reading.ts';

/** `candidate:foundation component udp priority ADDRESS PORT typ ...`, RFC 8839 section 5.1. */
const UDP_CANDIDATE = /(candidate:\S+ \d+ udp \d+) (\S+) (\d+) (?=typ )/gi;

export interface Network {
  /** The server's WebSocket URL from inside this network. */
  readonly webSocket: string;
  /** How many datagrams of media went through. */
  readonly datagrams: number;
  /** How many were lost because the network failed. */
  readonly lost: number;
  /** Cable out: WebSockets are reset, new ones refused, media is lost. */
  cut(): void;
  /** No signal: nothing arrives, and neither side gets an error. TCP keeps its data for later, media is lost. */
  freeze(): void;
  mend(): void;
}

export async function startNetwork(webSocket: string): Promise<Network> {
  const media = startMediaPath();
  const line = await layLine(await readAlong(webSocket, { fromClient: media.readdress, fromServer: media.readdress }));
  return {
    webSocket: line.webSocket,
    get datagrams() {
      return media.datagrams;
    },
    get lost() {
      return media.lost;
    },
    cut() {
      media.isWhole = false;
      line.cut();
    },
    freeze() {
      media.isWhole = false;
      line.freeze();
    },
    mend() {
      media.isWhole = true;
      line.mend();
    },
  };
}

interface MediaPath {
  isWhole: boolean;
  datagrams: number;
  lost: number;
  /** The frame with relays in place of all addresses. */
  readdress(frame: string): Promise<string>;
}

function startMediaPath(): MediaPath {
  // One for each real address, on both sides: packets to it are forwarded to that address, from the sender's own relay.
  const relays = new Map<string, Promise<Socket>>();

  const relayFor = (address: string, port: number): Promise<Socket> => {
    const key = `${address} ${port}`;
    let relay = relays.get(key);
    if (!relay) {
      relay = openRelay(address, port);
      relays.set(key, relay);
    }
    return relay;
  };
  const openRelay = async (address: string, port: number): Promise<Socket> => {
    if (!isIP(address)) {
      throw new Error(`cannot relay to ${address}`);
    }
    const relay = createSocket(isIP(address) === 6 ? 'udp6' : 'udp4');
    relay.on('message', (datagram: Buffer, sender: RemoteInfo) => {
      if (path.isWhole) {
        path.datagrams++;
        void relayFor(sender.address, sender.port).then((from) => from.send(datagram, port, address, () => {}));
      } else {
        path.lost++;
      }
    });
    await new Promise<void>((resolve) => relay.bind(0, address, resolve));
    opened.push(relay);
    return relay;
  };
  const opened: Socket[] = [];
  onTestFinished(() => {
    path.isWhole = false;
    opened.forEach((relay) => relay.close());
  });

  const path: MediaPath = {
    isWhole: true,
    datagrams: 0,
    lost: 0,
    async readdress(frame) {
      const ports = new Map<string, number>();
      for (const [, , address, port] of frame.matchAll(UDP_CANDIDATE)) {
        const relay = await relayFor(address!, Number(port));
        ports.set(`${address} ${port}`, relay.address().port);
      }
      return frame.replace(
        UDP_CANDIDATE,
        (_, head: string, address: string, port: string) => `${head} ${address} ${ports.get(`${address} ${port}`)} `,
      );
    },
  };
  return path;
}
