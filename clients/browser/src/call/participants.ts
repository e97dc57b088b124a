// SPDX-License-Identifier: Apache-2.0
import type { ParleyClient } from '../client.js';
import type { RemotePeer } from './remote-peer.js';

/**
 * The most participants that one peer can be: a hostile one could name any number, and each takes an RTCPeerConnection.
 */
const MOST_INSTANCES = 8;

/**
 * The connections from one look to the next that others can have made: so many to the participants of a peer in any
 * case, more of them as long as all peers together have not used up the rest, and so many at most.
 */
const CERTAIN_CONNECTIONS = 3;
const SHARED_CONNECTIONS = 60;
const MOST_CONNECTIONS = 12;

/** The most answers to one peer from one look to the next: each instance of an honest one asks once. */
const MOST_ANSWERS = 12;

/**
 * How often participants are asked for a sign of life, in milliseconds, and after how many questions without an answer
 * they are gone.
 */
const QUESTION = 15_000;
const QUESTIONS = 3;

/**
 * The participants of a call, by their ids. A peer of the room with several devices or tabs is several participants:
 * each has an instance, which is not known before its first signal, and stays unknown where the client does not name
 * one.
 */
export class Participants extends Map<string, RemotePeer> {
  readonly #client: ParleyClient;

  /** Since the last look, by peer id. */
  readonly #made = new Map<string, number>();
  readonly #answered = new Map<string, number>();
  #shared = 0;

  constructor(client: ParleyClient) {
    super();
    this.#client = client;
  }

  /** Whether a peer is that of this client, which has one participant that is not in the map. */
  isOwn(peerId: string): boolean {
    return peerId === this.#client.peerId;
  }

  /** Returns the participants that a peer is. */
  of(peerId: string): RemotePeer[] {
    return [...this.values()].filter((it) => it.peerId === peerId);
  }

  /** Returns an id for a new participant: that of the peer for its first one. */
  nextId(peerId: string, instance: string | undefined): string {
    let id = this.canAdd(peerId, undefined) ? peerId : `${peerId}/${instance ?? ''}`;
    while (this.has(id)) {
      id += '/'; // another peer has such a name
    }
    return id;
  }

  /**
   * Returns the participant that is this instance of a peer, and names the one whose instance is unknown; undefined if
   * there is none.
   */
  identify(peerId: string, instance: string | undefined): RemotePeer | undefined {
    const known = this.find(peerId, instance);
    if (known || instance === undefined) {
      return known;
    }
    const unnamed = this.find(peerId, undefined);
    unnamed?.identify(instance);
    return unnamed;
  }

  /** Returns the participant that is this instance of a peer, or undefined. */
  find(peerId: string, instance: string | undefined): RemotePeer | undefined {
    return this.of(peerId).find((it) => it.instance === instance);
  }

  /**
   * Whether an instance of a peer can be another participant: one whose instance is unknown only if it is the first
   * one.
   */
  canAdd(peerId: string, instance: string | undefined): boolean {
    const { length } = this.of(peerId);
    return instance === undefined ? length === 0 && !this.isOwn(peerId) : length < MOST_INSTANCES;
  }

  /**
   * Takes a connection to a participant of this peer; false if too many were made since the last look. Chromium makes
   * 500 at most, with those that were closed and not collected yet: a peer that enters the room, names another
   * instance, or begins anew, again and again could use up those for others.
   */
  takeConnection(peerId: string): boolean {
    const made = increment(this.#made, peerId);
    return made <= CERTAIN_CONNECTIONS || (made <= MOST_CONNECTIONS && ++this.#shared <= SHARED_CONNECTIONS);
  }

  /** Takes an answer to this peer, which the messages of this client to others pay for; false if it had too many. */
  takeAnswer(peerId: string): boolean {
    return increment(this.#answered, peerId) <= MOST_ANSWERS;
  }

  /**
   * Asks participants for a sign of life that may be gone without a notice of the server, as that reports only the end
   * of the last connection of a peer: those of peers with several whose browser cannot be reached. That takes longer
   * than the server needs to notice that a network is gone, after which the peer is away and not asked.
   *
   * @param lose called with those that are gone
   * @param look called at each look
   * @returns stops asking
   */
  watch(lose: (peer: RemotePeer) => void, look: () => void): () => void {
    const timer = setInterval(() => {
      this.#made.clear();
      this.#answered.clear();
      this.#shared = 0;
      look();
      if (this.#client.state === 'connected') {
        this.#ask(lose);
      }
    }, QUESTION);
    return () => clearInterval(timer);
  }

  #ask(lose: (peer: RemotePeer) => void): void {
    this.forEach((peer) => {
      const isToldByServer = !this.isOwn(peer.peerId) && this.of(peer.peerId).length === 1;
      const isConnected = peer.connection.connectionState === 'connected';
      const isNamed = peer.instance !== undefined;
      if (peer.isAway || isConnected || (isToldByServer && isNamed)) {
        peer.missed = 0;
      } else if (peer.missed++ < QUESTIONS) {
        peer.notify('hello'); // to one without an instance again, too: the first may have been lost
      } else if (isNamed) {
        lose(peer);
      }
    });
  }
}

function increment(counts: Map<string, number>, key: string): number {
  const count = (counts.get(key) ?? 0) + 1;
  counts.set(key, count);
  return count;
}
