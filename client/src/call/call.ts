// SPDX-License-Identifier: Apache-2.0
import type { DirectMessage, ParleyClient } from '../client.js';
import { ParleyError } from '../errors.js';
import { Events } from '../events.js';
import type { JoinOptions, Room, RoomMessage } from '../room.js';
import type { Metadata } from '../wire.js';
import { IceRefresher } from './ice-refresher.js';
import { type Outgoing, type PeerCall, RemotePeer } from './remote-peer.js';
import { addressed, read, type StreamMetadata } from './signals.js';

export interface CallOptions {
  /** What every `RTCPeerConnection` is made with. Its ICE servers come before those of the server. */
  readonly configuration?: RTCConfiguration;
}

/** What a peer said over the server. */
export interface CallData {
  readonly from: string;
  readonly data: unknown;

  /** Whether it was said to this client alone, or to everybody in the call. */
  readonly kind: 'direct' | 'broadcast';

  /** What the sender's token shows of it, in broadcasts if that was asked for. */
  readonly metadata?: Metadata;
}

/** Events of a call. */
export interface CallEvents {
  'peer-joined': { readonly peer: RemotePeer };
  'peer-left': { readonly peer: RemotePeer };
  'data': CallData;

  /** This client is not in it any more: it left (`called`), was closed (`closed`), or the server does not allow it, by its error code. */
  'left': { readonly reason: string };
}

/** Rooms with a call, by client: two calls in one room would both answer every signal. */
const inUse = new WeakMap<ParleyClient, Set<string>>();

function roomsInUse(client: ParleyClient): Set<string> {
  const rooms = inUse.get(client) ?? new Set();
  inUse.set(client, rooms);
  return rooms;
}

/**
 * A call: a connection of sound, picture and data to each peer in a room.
 *
 * Connections between peers are independent of those to the server: they go on when a socket drops, and when the server is started
 * again. Clients of `@metered-ca/realtime` can be in the same call.
 */
export class Call extends Events<CallEvents> {
  readonly #client: ParleyClient;
  readonly #configuration: RTCConfiguration;
  readonly #peers = new Map<string, RemotePeer>();
  readonly #outgoing: Outgoing[] = [];
  readonly #ice: IceRefresher;
  readonly #ends: (() => void)[] = [];
  #room: Room | undefined;
  #isLeft = false;

  constructor(client: ParleyClient, { configuration = {} }: CallOptions = {}) {
    super();
    this.#client = client;
    this.#configuration = configuration;
    this.#ice = new IceRefresher(
      () => client.serverTime,
      () => client.refreshIceServers(),
      () => this.#useIceServers(),
    );
  }

  /** The other peers, by their ids. */
  get peers(): ReadonlyMap<string, RemotePeer> {
    return this.#peers;
  }

  /** The room it takes place in; undefined before it was joined. */
  get room(): Room | undefined {
    return this.#room;
  }

  /**
   * Enters the call of a room. What is sent may be added before and after. If the server refuses, it may be called again.
   *
   * @returns fulfilled when the roster of the room has arrived; fails with a {@link ParleyError}, of code `closed` if the call is in a room
   *     already or was left, as a call takes place once, and `room_in_use` if another call of this client is in that room
   */
  async join(name: string, options: JoinOptions = {}): Promise<void> {
    if (this.#isLeft) {
      throw new ParleyError('closed', 'the call was left: make a new Call to join again');
    }
    if (this.#room) {
      throw new ParleyError('closed', `the call is in room ${this.#room.name} already`);
    }
    const rooms = roomsInUse(this.#client);
    if (rooms.has(name)) {
      throw new ParleyError('room_in_use', `another Call of this client is in room ${name}: use that one, or another client`);
    }
    rooms.add(name);
    const joined = this.#client.join(name, options);
    const room = this.#client.rooms.get(name);
    if (room) {
      this.#room = room;
      this.#listen(room);
    }
    await joined;
  }

  /**
   * Leaves it for good, and ends the connections to all peers. The client stays connected. A call that was not joined yet is left, too:
   * a later {@link join} fails.
   */
  leave(): void {
    if (this.#room) {
      this.#room.leave();
    } else {
      this.#isLeft = true;
    }
  }

  /**
   * Sends all tracks of a stream to everybody, now and whoever comes.
   *
   * @param metadata what it is, such as `{role: 'camera'}`; told with `stream-added`
   */
  addStream(stream: MediaStream, metadata?: StreamMetadata): void {
    stream.getTracks().forEach((track) => this.addTrack(track, stream, metadata));
  }

  /** Sends none of its tracks any more. */
  removeStream(stream: MediaStream): void {
    this.#outgoing.filter((it) => it.stream === stream).forEach((it) => this.#remove(it));
  }

  /** Sends a track, which others see as a part of a stream if one is given. */
  addTrack(track: MediaStreamTrack, stream?: MediaStream, metadata?: StreamMetadata): void {
    if (!this.#outgoing.some((it) => it.track === track)) {
      const outgoing: Outgoing = { track, stream, metadata };
      this.#outgoing.push(outgoing);
      this.#peers.forEach((peer) => peer.attach(outgoing));
    }
  }

  /** Sends it no more. */
  removeTrack(track: MediaStreamTrack): void {
    this.#outgoing.filter((it) => it.track === track).forEach((it) => this.#remove(it));
  }

  /**
   * Sends another track in place of one, without anything to agree on; for others it is the same.
   *
   * @returns fulfilled when everybody gets it; fails with what the browser says if somebody cannot, and with a {@link ParleyError} of
   *     code `unknown_track` if the call does not send the track
   */
  async replaceTrack(track: MediaStreamTrack, by: MediaStreamTrack): Promise<void> {
    const outgoing = this.#outgoing.find((it) => it.track === track);
    if (!outgoing) {
      throw new ParleyError('unknown_track', `the call does not send the ${track.kind} track ${track.id}: use addTrack`);
    }
    outgoing.track = by;
    await Promise.all([...this.#peers.values()].map((peer) => peer.replace(outgoing, by)));
  }

  /**
   * Says something to everybody in the call, by the server.
   *
   * @param data anything that JSON can say
   * @returns fulfilled when the server has taken it; fails with a {@link ParleyError}
   */
  async send(data: unknown): Promise<void> {
    if (!this.#room) {
      throw new ParleyError('not_here', 'the call was not joined');
    }
    await this.#room.publish(data);
  }

  /** Likewise, to one peer in it. */
  async sendTo(peer: string, data: unknown): Promise<void> {
    if (!this.#peers.has(peer)) {
      throw new ParleyError('not_here', `no peer ${peer} is in the call`);
    }
    await this.#client.send(peer, data);
  }

  #listen(room: Room): void {
    const client = this.#client;
    this.#ends.push(
      client.on('direct', (message) => this.#hear(message)),
      client.on('undelivered', ({ to }) => this.#peers.get(to)?.unsure()),
      client.on('state-change', ({ to }) => to === 'connected' && this.#connected()),
      room.on('message', (message) => this.#tellData(message, 'broadcast')),
      room.on('peer-joined', ({ peer }) => this.#add(peer)),
      room.on('peer-changed', ({ peer }) => this.#peers.get(peer.id)?.update(peer)),
      room.on('peer-left', ({ peer }) => this.#lose(peer.id)),
      room.on('rejoining', ({ reason, keptPeerId }) => {
        if (reason !== 'state_lost' || !keptPeerId) {
          this.#peers.forEach((peer) => peer.reset()); // all others saw this client leave
        }
      }),
      room.on('left', ({ reason }) => this.#end(reason)),
    );
    room.peers.forEach((peer) => this.#add(peer));
    if (client.state === 'connected') {
      this.#connected();
    }
  }

  #connected(): void {
    this.#useIceServers();
    this.#ice.watch(this.#client.iceServers);
    this.#peers.forEach((peer) => peer.reachable());
  }

  #useIceServers(): void {
    const { iceServers = [] } = this.#peerConfiguration();
    this.#peers.forEach((peer) => peer.useIceServers(iceServers));
  }

  #peerConfiguration(): RTCConfiguration {
    const own = this.#configuration;
    return { ...own, iceServers: [...(own.iceServers ?? []), ...this.#client.iceServers] };
  }

  #add(peer: Parameters<RemotePeer['update']>[0]): void {
    const call: PeerCall = {
      outgoing: this.#outgoing,
      configuration: () => this.#peerConfiguration(),
      isPolite: (id) => (this.#client.peerId ?? '') < id,
      isReachable: () => this.#client.state === 'connected',
      signal: (id, signal) => this.#client.send(id, addressed(signal, this.#room?.name ?? '')),
      say: (id, data) => this.#client.send(id, data),
    };
    const remote = new RemotePeer(peer, call);
    this.#peers.set(peer.id, remote);
    this.tell('peer-joined', { peer: remote });
    this.#outgoing.forEach((it) => remote.attach(it));
  }

  #lose(id: string): void {
    const peer = this.#peers.get(id);
    if (peer) {
      this.#peers.delete(id);
      peer.close();
      this.tell('peer-left', { peer });
    }
  }

  #hear(message: DirectMessage): void {
    const received = read(message.data);
    if (!received) {
      this.#tellData(message, 'direct');
    } else if (received.room === undefined || received.room === this.#room?.name) {
      this.#peers.get(message.from)?.receive(received.signal, received.room !== undefined);
    }
  }

  #tellData({ from, data, metadata }: DirectMessage | RoomMessage, kind: CallData['kind']): void {
    if (this.#peers.has(from)) {
      this.tell('data', { from, data, kind, ...(metadata && { metadata }) });
    }
  }

  #remove(outgoing: Outgoing): void {
    this.#outgoing.splice(this.#outgoing.indexOf(outgoing), 1);
    this.#peers.forEach((peer) => peer.detach(outgoing));
  }

  #end(reason: string): void {
    this.#ends.splice(0).forEach((end) => end());
    this.#ice.stop();
    [...this.#peers.keys()].forEach((id) => this.#lose(id));
    this.#isLeft = reason === 'called' || reason === 'closed';
    roomsInUse(this.#client).delete(this.#room?.name ?? '');
    this.#room = this.#isLeft ? this.#room : undefined;
    this.tell('left', { reason });
  }
}
