// SPDX-License-Identifier: Apache-2.0
import { abortable } from '../abort.js';
import type { ClientCall, DirectMessage, ParleyClient } from '../client.js';
import { type ErrorEvent, ParleyError } from '../errors.js';
import { Events } from '../events.js';
import type { JoinOptions, Room, RoomMessage, RoomPeer } from '../room.js';
import type { Metadata } from '../wire.js';
import { onPageEnd } from '../wakeups.js';
import { IceRefresher } from './ice-refresher.js';
import { faultOf } from './ice-servers.js';
import { type Outgoing, type PeerCall, type PeerSnapshot, RemotePeer } from './remote-peer.js';
import { addressed, presence, read, type StreamMetadata, wrapped } from './signals.js';

/** The most participants that one peer can be: a hostile one could name any number, and each takes an RTCPeerConnection. */
const MOST_INSTANCES = 8;

/**
 * The server does not tell when one of several connections of a peer ends. A participant of such a peer whose browser cannot be
 * reached is asked for a sign of life that often, in milliseconds, and is gone after so many questions without an answer. That takes
 * longer than the server needs to notice that a network is gone, after which the peer is away and not asked.
 */
const QUESTION = 15_000;
const QUESTIONS = 3;

export interface CallOptions {
  /** What every `RTCPeerConnection` is made with. Its ICE servers come before those of the server. */
  readonly configuration?: RTCConfiguration;
}

/** What a peer sent over the server. */
export interface CallData {
  /** The id of the participant in {@link Call.peers}; of what a peer with several sent to everybody, that of one of them. */
  readonly from: string;
  readonly data: unknown;

  /** Whether it was sent to this client alone, or to everybody in the call. */
  readonly kind: 'direct' | 'broadcast';

  /** What the sender's token shows of it, in broadcasts if that was asked for. */
  readonly metadata?: Metadata;
}

/** Events of a call. */
export interface CallEvents {
  'peer-joined': { readonly peer: RemotePeer };
  'peer-left': { readonly peer: RemotePeer };
  'data': CallData;

  /** {@link Call.snapshot} is another one. */
  'change': Record<never, never>;

  /**
   * A track ended by itself: its camera was unplugged, or the user ended a screen share. Others get `track-removed`, unless the handler
   * calls {@link Call.replaceTrack}.
   */
  'track-ended': { readonly track: MediaStreamTrack; readonly stream?: MediaStream };

  /** With the peer, if it is about one. Without a handler for it, here or at the peer, it is printed to the console. */
  'error': ErrorEvent & { readonly peer?: RemotePeer };

  /**
   * This client is no longer in the call: it left (`called`), `join` was aborted (`aborted`), the client was closed (`closed`), or
   * the server does not allow it, by its error code.
   */
  'left': { readonly reason: string };
}

/** What a call is at one moment. It never changes: the same object says that nothing has changed. */
export interface CallSnapshot {
  /** The name of the room; undefined before the call was joined. */
  readonly room: string | undefined;
  readonly peers: readonly PeerSnapshot[];
}

/** Signals that arrive when a call was left are not for the application either. */
const LEFT_CALL: ClientCall = { receive: ({ data }) => read(data) !== undefined, close: () => undefined };

/**
 * A call: a connection of sound, picture and data to each peer in a room.
 *
 * Connections between peers are independent of those to the server: they go on when a socket drops, and when the server is started
 * again. Clients of `@metered-ca/realtime` can be in the same call.
 */
export class Call extends Events<CallEvents> {
  readonly #client: ParleyClient;
  readonly #instance = crypto.getRandomValues(new Uint32Array(2)).join('-');
  readonly #configuration: RTCConfiguration;
  readonly #peers = new Map<string, RemotePeer>();
  readonly #outgoing: Outgoing[] = [];
  readonly #ice: IceRefresher;
  readonly #ends: (() => void)[] = [];

  /** ICE servers that an error event has named. */
  readonly #faulty = new Set<string>();
  #room: Room | undefined;
  #snapshot: CallSnapshot | undefined;
  #isLeft = false;

  constructor(client: ParleyClient, { configuration = {} }: CallOptions = {}) {
    super();
    this.#client = client;
    this.#configuration = configuration;
    this.#ice = new IceRefresher(
      () => client.serverTime,
      () => client.refreshIceServers(),
      () => this.#useIceServers(),
      (error) => this.#fail('refresh_failed', `no ICE servers with new credentials: ${(error as Error).message}; asked again`, error),
    );
  }

  /** The other participants, by their ids. A peer with several devices or tabs in the call is several, also the one of this client. */
  get peers(): ReadonlyMap<string, RemotePeer> {
    return this.#peers;
  }

  /** What it is now: the same object until something changes, which `change` tells. For React and Vue. */
  snapshot(): CallSnapshot {
    return (this.#snapshot ??= Object.freeze({
      room: this.#room?.name,
      peers: Object.freeze([...this.#peers.values()].map((peer) => peer.snapshot())),
    }));
  }

  /** The room it takes place in; undefined before it was joined. */
  get room(): Room | undefined {
    return this.#room;
  }

  /**
   * Enters the call of a room. What is sent may be added before and after. If the server refuses, or the signal is aborted, it may
   * be called again.
   *
   * @param options a signal that is aborted first ends the connections to all peers, and leaves the room as that of
   *     {@link ParleyClient.join} does
   * @returns fulfilled when the roster of the room has arrived; fails with a {@link ParleyError}, of code `closed` if the call is in a room
   *     already or was left, as a call takes place once, and `room_in_use` if another call of this client is in that room
   */
  async join(name: string, { signal, ...options }: JoinOptions = {}): Promise<void> {
    if (this.#isLeft) {
      throw new ParleyError('closed', 'the call was left: make a new Call to join again');
    }
    if (this.#room) {
      throw new ParleyError('closed', `the call is in room ${this.#room.name} already`);
    }
    if ([...this.#client.calls].some(({ room }) => room === name)) {
      throw new ParleyError('room_in_use', `another Call of this client is in room ${name}: use that one, or another client`);
    }
    let room: Room | undefined;
    const enter = async (): Promise<void> => {
      const joined = this.#client.join(name, options);
      this.#room = room = this.#client.rooms.get(name);
      if (room) {
        this.#touch();
        this.#listen(room);
      }
      await joined;
      if (this.#isIn(room)) {
        // nobody else need have this id
        this.#signal(this.#client.peerId ?? '', undefined, presence('hello')).catch(() => undefined);
      }
    };
    await abortable(signal, enter, () => {
      if (this.#isIn(room)) {
        this.#sayBye();
        this.#end('aborted');
        room?.release();
      }
    });
  }

  /**
   * Leaves it for good, and ends the connections to all peers. The client stays connected. A call that was not joined yet is left, too:
   * a later {@link join} fails.
   */
  leave(): void {
    if (this.#room) {
      this.#sayBye();
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
      this.#watchEnd(outgoing, track);
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
    this.#watchEnd(outgoing, by);
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

  /** Sends something to one participant, by its id. */
  async sendTo(id: string, data: unknown): Promise<void> {
    const peer = this.#peers.get(id);
    if (!peer) {
      throw new ParleyError('not_here', `no peer ${id} is in the call`);
    }
    await peer.send(data);
  }

  /** Whether the call takes place in this room, and was not left. */
  #isIn(room: Room | undefined): boolean {
    return this.#room === room && !this.#isLeft;
  }

  #listen(room: Room): void {
    const client = this.#client;
    const call: ClientCall = { room: room.name, receive: (message) => this.#receive(message), close: () => this.#sayBye() };
    client.calls.add(call);
    const watch = setInterval(() => this.#watch(), QUESTION);
    this.#ends.push(
      () => {
        client.calls.add(LEFT_CALL);
        client.calls.delete(call);
        clearInterval(watch);
      },
      onPageEnd(() => this.#sayBye()),
      client.on('undelivered', ({ to }) => this.#of(to).forEach((peer) => peer.unsure())),
      client.on('state-change', ({ to }) => to === 'connected' && this.#connected()),
      room.on('message', ({ from, ...message }) => this.#tellData(this.#of(from)[0], message, 'broadcast')),
      room.on('peer-joined', ({ peer }) => this.#add(peer)?.notify('hello')),
      room.on('peer-changed', ({ peer }) => this.#of(peer.id).forEach((it) => it.update(peer))),
      room.on('peer-left', ({ peer }) => this.#of(peer.id).forEach((it) => this.#lose(it))),
      room.on('rejoining', ({ reason, keptPeerId }) => {
        if (reason !== 'state_lost' || !keptPeerId) {
          this.#peers.forEach((peer) => peer.reset()); // all others saw this client leave
        }
      }),
      room.on('left', ({ reason }) => this.#end(reason)),
    );
    room.peers.forEach((peer) => this.#add(peer)?.notify('hello'));
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
    const iceServers = [...(own.iceServers ?? []), ...this.#client.iceServers].filter((server) => {
      const fault = faultOf(server);
      const name = String(server.urls);
      if (fault !== undefined && !this.#faulty.has(name)) {
        this.#faulty.add(name);
        this.#fail('bad_ice_server', `ICE server ${name} ${fault} and is left out: see iceServers of the server and of this call`);
      }
      return fault === undefined;
    });
    return { ...own, iceServers };
  }

  #touch(): void {
    this.#snapshot = undefined;
    this.tell('change', {});
  }

  #fail(code: string, message: string, cause?: unknown): void {
    this.fail({ error: new ParleyError(code, message, cause) });
  }

  /** The participants that a peer is. */
  #of(peerId: string): RemotePeer[] {
    return [...this.#peers.values()].filter((it) => it.peerId === peerId);
  }

  #add(peer: RoomPeer, instance?: string): RemotePeer | undefined {
    const client = this.#client;
    const isFirst = this.#of(peer.id).length === 0 && peer.id !== client.peerId;
    let id = isFirst ? peer.id : `${peer.id}/${instance ?? ''}`;
    while (this.#peers.has(id)) {
      id += '/'; // another peer has such a name
    }
    const call: PeerCall = {
      outgoing: this.#outgoing,
      configuration: () => this.#peerConfiguration(),
      isPolite: (it) => (client.peerId === it.peerId ? this.#instance < (it.instance ?? '') : (client.peerId ?? '') < it.peerId),
      isReachable: () => client.state === 'connected',
      signal: (it, signal) => this.#signal(it.peerId, it.instance, signal),
      say: (it, data) =>
        it.instance === undefined ? client.send(it.peerId, data) : this.#signal(it.peerId, it.instance, wrapped(data)),
      onChange: () => this.#touch(),
      onError: (it, error) => this.fail({ error, peer: it }, it.tell('error', { error })),
    };
    let remote: RemotePeer;
    try {
      remote = new RemotePeer(id, peer, instance, call);
    } catch (error) {
      this.#fail('no_connection', `peer ${id} is not called: ${(error as Error).message}; see the configuration of the call`, error);
      return undefined;
    }
    this.#peers.set(id, remote);
    this.#touch();
    this.tell('peer-joined', { peer: remote });
    this.#outgoing.forEach((it) => remote.attach(it));
    return remote;
  }

  #lose(peer: RemotePeer): void {
    if (this.#peers.delete(peer.id)) {
      peer.close();
      this.#touch();
      this.tell('peer-left', { peer });
    }
  }

  #signal(peerId: string, to: string | undefined, signal: object): Promise<void> {
    return this.#client.send(peerId, addressed(signal, { room: this.#room?.name, from: this.#instance, to }));
  }

  #sayBye(): void {
    this.#peers.forEach((peer) => peer.notify('bye'));
  }

  /** Asks those who may be gone without the server telling so. */
  #watch(): void {
    if (this.#client.state !== 'connected') {
      return;
    }
    for (const peer of this.#peers.values()) {
      const isToldByServer = peer.peerId !== this.#client.peerId && this.#of(peer.peerId).length === 1;
      if (peer.instance === undefined || isToldByServer || peer.isAway || peer.connection.connectionState === 'connected') {
        peer.missed = 0;
      } else if (peer.missed++ < QUESTIONS) {
        peer.notify('hello');
      } else {
        this.#lose(peer);
      }
    }
  }

  /** Returns whether it is a signal of calls. */
  #receive(message: DirectMessage): boolean {
    const received = read(message.data);
    if (!received) {
      this.#tellData(this.#of(message.from)[0], message, 'direct');
      return false;
    }
    const { signal, room, from, to } = received;
    const isOwn = from === this.#instance && message.from === this.#client.peerId;
    if ((room !== undefined && room !== this.#room?.name) || (to !== undefined && to !== this.#instance) || isOwn) {
      return true;
    }
    const peer = this.#sender(message, from, signal.kind !== 'bye');
    if (!peer) {
      return true;
    }
    peer.missed = 0;
    if (signal.kind === 'bye') {
      this.#lose(peer);
    } else if (signal.kind === 'hello' || (from !== undefined && to === undefined && signal.kind !== 'candidate')) {
      peer.notify('here'); // who names no instance to send to does not know this one
    }
    if (signal.kind === 'data') {
      this.#tellData(peer, { ...message, data: signal.data }, 'direct');
    } else if (from === undefined || to !== undefined || signal.kind === 'track') {
      peer.receive(signal, room !== undefined);
    }
    return true;
  }

  /** Returns the participant that sent a message. A member of the room that is none yet becomes one. */
  #sender({ from: peerId, metadata }: DirectMessage, instance: string | undefined, isHere: boolean): RemotePeer | undefined {
    const ofPeer = this.#of(peerId);
    const known = ofPeer.find((it) => it.instance === instance);
    const unnamed = ofPeer.find((it) => it.instance === undefined);
    if (known || !isHere) {
      return known;
    }
    if (instance !== undefined && unnamed) {
      unnamed.identify(instance);
      return unnamed;
    }
    const own: RoomPeer = { id: peerId, isAway: false, ...(metadata && { metadata }) };
    const peer = peerId === this.#client.peerId ? own : this.#room?.peers.get(peerId);
    const isPossible = instance === undefined ? ofPeer.length === 0 && peer !== own : ofPeer.length < MOST_INSTANCES;
    return peer && isPossible ? this.#add(peer, instance) : undefined;
  }

  #tellData(peer: RemotePeer | undefined, { data, metadata }: Omit<DirectMessage | RoomMessage, 'from'>, kind: CallData['kind']): void {
    if (peer) {
      this.tell('data', { from: peer.id, data, kind, ...(metadata && { metadata }) });
    }
  }

  #watchEnd(outgoing: Outgoing, track: MediaStreamTrack): void {
    const { stream } = outgoing;
    const isSent = (): boolean => outgoing.track === track && this.#outgoing.includes(outgoing);
    const end = (): void => {
      if (isSent()) {
        this.tell('track-ended', { track, ...(stream && { stream }) });
      }
      if (isSent()) {
        this.#remove(outgoing);
      }
    };
    track.addEventListener('ended', end, { once: true });
  }

  #remove(outgoing: Outgoing): void {
    this.#outgoing.splice(this.#outgoing.indexOf(outgoing), 1);
    this.#peers.forEach((peer) => peer.detach(outgoing));
  }

  #end(reason: string): void {
    this.#ends.splice(0).forEach((end) => end());
    this.#ice.stop();
    [...this.#peers.values()].forEach((peer) => this.#lose(peer));
    this.#isLeft = reason === 'called' || reason === 'closed';
    this.#room = this.#isLeft ? this.#room : undefined;
    this.#touch();
    this.tell('left', { reason });
  }
}
