// SPDX-License-Identifier: Apache-2.0
import type { AbortOptions } from './abort.js';
import { ParleyError } from './errors.js';
import { Events } from './events.js';
import type { Request } from './requests.js';
import type { SessionLoss } from './states.js';
import { type Fields, fields, json, list, type Metadata, readMessage, text } from './wire.js';

/** How a room is joined. */
export interface JoinOptions extends AbortOptions {
  /** Whether messages come with what the sender's token shows of it. */
  readonly includeSenderMetadata?: boolean;
}

/** Another peer in a room. */
export interface RoomPeer {
  readonly id: string;

  /** What its token shows of it. */
  readonly metadata?: Metadata;

  /** Whether it has lost its connection, and is waited for. */
  readonly isAway: boolean;
}

/** What a peer said to a room. */
export interface RoomMessage {
  readonly from: string;
  readonly data: unknown;

  /** What the sender's token shows of it, if that was asked for. */
  readonly metadata?: Metadata;
}

/** Events of a room. */
export interface RoomEvents {
  'peer-joined': { readonly peer: RoomPeer };
  'peer-left': { readonly peer: RoomPeer };

  /** Another `isAway`, or other metadata. */
  'peer-changed': { readonly peer: RoomPeer };
  message: RoomMessage;

  /** The session was lost, and the room is being entered anew. */
  rejoining: SessionLoss;

  /**
   * This client is no longer in the room: it left (`called`), `join` was aborted (`aborted`), the client was closed
   * (`closed`, or why the server closed it, such as `admin_disconnect`), or the server does not allow it, by its error
   * code.
   */
  left: { readonly reason: string };
}

/** What a room needs of its client. */
export interface RoomServer {
  /** The rooms that receive frames, by their names. */
  readonly rooms: Map<string, Room>;

  /** Sends a request to the server. */
  ask(request: Request): Promise<Fields>;
}

/**
 * A credential that may not see who is in a room gets no roster: so long after the server's answer it is waited for, in
 * milliseconds.
 */
const ROSTER = 1500;

/**
 * How long a peer that is not in the new roster may take to appear, in milliseconds: when the server was started again
 * all others come back as this client did, some later.
 */
const ALL_COME_BACK = 20_000;
const OTHERS_ARE_BACK = 1000;

/** A place where peers see each other, and hear what is published in it: a channel of v1. */
export class Room extends Events<RoomEvents> {
  readonly name: string;
  readonly #options: JoinOptions;
  readonly #server: RoomServer;
  readonly #peers = new Map<string, RoomPeer>();
  readonly #missing = new Set<string>();
  #settling: ReturnType<typeof setTimeout> | undefined;

  /** Whether a roster has ever arrived: not for a client without the right to see who is there. @internal */
  hasRoster = false;
  #isHeard = false;
  #awaitsRoster = false;
  #patience = OTHERS_ARE_BACK;
  #isLeft = false;
  #resolve!: (room: this) => void;
  #reject!: (error: ParleyError) => void;
  readonly #joined: Promise<this>;

  /** How many asked for the room and have not aborted that. */
  #claims = 0;

  /** @internal */
  constructor(name: string, options: JoinOptions, server: RoomServer) {
    super();
    this.name = name;
    this.#options = options;
    this.#server = server;
    this.#joined = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#joined.catch(() => undefined); // also told by `left`
  }

  /** The others, by their ids. */
  get peers(): ReadonlyMap<string, RoomPeer> {
    return this.#peers;
  }

  /**
   * Says something to all others.
   *
   * @param data anything that JSON can say
   * @returns fulfilled when the server has taken it; fails with a {@link ParleyError}
   */
  async publish(data: unknown): Promise<void> {
    await this.#server.ask({ head: { type: 'publish', channel: this.name }, data: json(data) });
  }

  /** Leaves it. */
  leave(): void {
    this.#leave('called');
  }

  /** Asks for the room, which is entered for the first who asks. @internal */
  claim(): Promise<this> {
    if (this.#claims++ === 0) {
      this.#server.rooms.set(this.name, this);
      this.enter();
    }
    return this.#joined;
  }

  /** Takes back a claim. Without any the room is left. @internal */
  release(): void {
    if (--this.#claims === 0) {
      this.#leave('aborted');
    }
  }

  /** Asks the server to be let in. @internal */
  enter(loss?: SessionLoss): void {
    this.#isHeard = false;
    this.#patience = loss?.reason === 'state_lost' && loss.keptPeerId ? ALL_COME_BACK : OTHERS_ARE_BACK;
    if (loss) {
      this.tell('rejoining', loss);
    }
    const head = { type: 'subscribe', channel: this.name, ...this.#options };
    const acknowledged = (): void => {
      this.#isHeard = this.#awaitsRoster = true;
      setTimeout(() => this.#resolve(this), ROSTER);
    };
    this.#server.ask({ head, acknowledged }).catch((error: ParleyError) => {
      if (error.code !== 'session_lost') {
        this.#refuse(error.code, error.message);
      }
    });
  }

  /** A frame that is about it. @internal */
  hear(frame: Fields): void {
    if (!this.#isHeard) {
      return; // before the acknowledgement it is what this client heard when it was there before
    }
    switch (frame.type) {
      case 'message':
        this.tell('message', readMessage(frame));
        break;
      case 'error':
        this.#refuse(text(frame.code), text(frame.message));
        break;
      case 'presence':
        this.#present(list(frame.joined), list(frame.left));
        break;
      case 'reconnecting':
      case 'reconnected':
        list(frame.peers).forEach((id) => this.#setAway(text(id), frame.type === 'reconnecting'));
    }
  }

  /** The server refuses this client, or has removed it. */
  #refuse(code: string, why: string): void {
    this.#end(code, new ParleyError(code, `room ${this.name}: ${why || code}`));
  }

  /** The client is closed. @internal */
  close(error: ParleyError): void {
    this.#end(error.code, error);
  }

  #present(joined: readonly unknown[], left: readonly unknown[]): void {
    if (this.#awaitsRoster) {
      this.#awaitsRoster = false;
      this.hasRoster = true;
      this.#miss();
    }
    for (const entry of left) {
      this.#remove(text(fields(entry)?.peerId));
    }
    for (const entry of joined) {
      const peer = fields(entry);
      if (peer && text(peer.peerId) !== '') {
        this.#add(text(peer.peerId), fields(peer.metadata));
      }
    }
    this.#resolve(this);
  }

  /** A roster begins: whoever is not in it has some time to appear. */
  #miss(): void {
    clearTimeout(this.#settling);
    this.#peers.forEach((_, id) => this.#missing.add(id));
    const remove = (): void => this.#missing.forEach((id) => this.#remove(id));
    const settle = (): void => {
      if (this.#patience > OTHERS_ARE_BACK) {
        this.#missing.forEach((id) => this.#setAway(id, true));
        this.#settling = setTimeout(remove, this.#patience);
      } else {
        remove();
      }
    };
    this.#settling = setTimeout(settle, OTHERS_ARE_BACK);
  }

  #add(id: string, metadata: Metadata | undefined): void {
    const before = this.#peers.get(id);
    const peer: RoomPeer = { id, isAway: false, ...(metadata && { metadata }) };
    this.#missing.delete(id);
    this.#peers.set(id, peer);
    if (!before) {
      this.tell('peer-joined', { peer });
    } else if (before.isAway || JSON.stringify(before.metadata) !== JSON.stringify(metadata)) {
      this.tell('peer-changed', { peer });
    }
  }

  #remove(id: string): void {
    const peer = this.#peers.get(id);
    this.#missing.delete(id);
    if (peer) {
      this.#peers.delete(id);
      this.tell('peer-left', { peer });
    }
  }

  #setAway(id: string, isAway: boolean): void {
    const before = this.#peers.get(id);
    if (before && before.isAway !== isAway) {
      const peer = { ...before, isAway };
      this.#peers.set(id, peer);
      this.tell('peer-changed', { peer });
    }
  }

  #leave(reason: string): void {
    if (!this.#isLeft) {
      this.#server.ask({ head: { type: 'unsubscribe', channel: this.name } }).catch(() => undefined);
      this.#end(reason, new ParleyError('closed', 'the room was left: join it again'));
    }
  }

  #end(reason: string, error: ParleyError): void {
    if (!this.#isLeft) {
      this.#isLeft = true;
      clearTimeout(this.#settling);
      this.#server.rooms.delete(this.name);
      this.#reject(error);
      this.tell('left', { reason });
    }
  }
}
