// SPDX-License-Identifier: Apache-2.0
import type { Call } from '../call/call.js';
import type { RemotePeer } from '../call/remote-peer.js';
import { Events } from '../events.js';

const INTERVAL = 1000;

/** A level of sound, from 0 to 1, above which somebody speaks. */
const SPEAKS = 0.02;

/** The most loss, as a part of the packets, and the longest round trip, in milliseconds, of each quality. */
const GOOD = { loss: 0.02, roundTripMs: 200 };
const FAIR = { loss: 0.08, roundTripMs: 500 };

/** `unknown` while nothing is received. */
export type Quality = 'good' | 'fair' | 'poor' | 'unknown';

/** What was measured of a peer since the look before. */
export interface PeerStatistics {
  readonly quality: Quality;

  /** Lost packets of sound and picture, as a part of all, from 0 to 1. */
  readonly loss: number;

  /** Undefined while it is not known. */
  readonly roundTripMs: number | undefined;

  /** How loud it is, from 0 to 1. */
  readonly audioLevel: number;
}

/** Events of the statistics. */
export interface CallStatisticsEvents {
  /** All peers, by their ids, once a look. */
  update: { readonly peers: ReadonlyMap<string, PeerStatistics> };

  /** Another peer speaks; undefined if the one that spoke last has left. */
  'speaker-change': { readonly peer: RemotePeer | undefined };
}

interface Packets {
  readonly lost: number;
  readonly received: number;
}

/** Measures the quality of the connection to each peer of a call, and who speaks: one timer for all. */
export class CallStatistics extends Events<CallStatisticsEvents> {
  readonly #call: Call;
  readonly #packets = new WeakMap<RTCPeerConnection, Packets>();
  readonly #timer: ReturnType<typeof setInterval>;
  #isLooking = false;
  #speaker: RemotePeer | undefined;

  /** @param intervalMs from one look to the next, in milliseconds */
  constructor(call: Call, { intervalMs = INTERVAL }: { readonly intervalMs?: number } = {}) {
    super();
    this.#call = call;
    this.#timer = setInterval(() => void this.#look(), intervalMs);
  }

  /** The participant that spoke last; undefined before anybody did. */
  get speaker(): RemotePeer | undefined {
    return this.#speaker;
  }

  /** Measures no more. */
  stop(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    if (this.#isLooking) {
      return;
    }
    this.#isLooking = true;
    try {
      const all = [...this.#call.peers].map(async ([id, peer]) => [id, await this.#measure(peer.connection)] as const);
      const peers = new Map(await Promise.all(all));
      this.tell('update', { peers });
      this.#follow(peers);
    } catch {
      // a connection was replaced meanwhile: the next look is of the new one
    } finally {
      this.#isLooking = false;
    }
  }

  async #measure(connection: RTCPeerConnection): Promise<PeerStatistics> {
    let [lost, received, audioLevel] = [0, 0, 0];
    let roundTripMs: number | undefined;
    (await connection.getStats()).forEach((report) => {
      if (report.type === 'inbound-rtp') {
        lost += report.packetsLost ?? 0;
        received += report.packetsReceived ?? 0;
        audioLevel = Math.max(audioLevel, report.audioLevel ?? 0);
      } else if (report.type === 'candidate-pair' && report.nominated && report.currentRoundTripTime !== undefined) {
        roundTripMs = report.currentRoundTripTime * 1000;
      }
    });
    const before = this.#packets.get(connection) ?? { lost: 0, received: 0 };
    this.#packets.set(connection, { lost, received });
    const news = { lost: Math.max(0, lost - before.lost), received: Math.max(0, received - before.received) };
    const loss = news.lost === 0 ? 0 : news.lost / (news.lost + news.received);
    return {
      quality: news.received === 0 ? 'unknown' : qualityOf(loss, roundTripMs ?? 0),
      loss,
      roundTripMs,
      audioLevel,
    };
  }

  #follow(peers: ReadonlyMap<string, PeerStatistics>): void {
    const [loudest] = [...peers].sort(([, one], [, other]) => other.audioLevel - one.audioLevel);
    const isSpeaking = loudest !== undefined && loudest[1].audioLevel > SPEAKS;
    const last = this.#speaker && this.#call.peers.get(this.#speaker.id);
    const speaker = isSpeaking ? this.#call.peers.get(loudest[0]) : last;
    if (speaker !== this.#speaker) {
      this.#speaker = speaker;
      this.tell('speaker-change', { peer: speaker });
    }
  }
}

function qualityOf(loss: number, roundTripMs: number): Quality {
  const isWithin = (most: typeof GOOD): boolean => loss <= most.loss && roundTripMs <= most.roundTripMs;
  return isWithin(GOOD) ? 'good' : isWithin(FAIR) ? 'fair' : 'poor';
}
