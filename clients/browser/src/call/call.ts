// SPDX-License-Identifier: Apache-2.0
import { abortable } from '../abort.js';
import type { ClientCall, DirectMessage, ParleyClient } from '../client.js';
import { ParleyError } from '../errors.js';
import { Events } from '../events.js';
import type { JoinOptions, Room, RoomMessage, RoomPeer } from '../room.js';
import { onPageEnd } from '../wakeups.js';
import type { CallData, CallEvents, CallOptions, CallSnapshot } from './call-events.js';
import { IceRefresher } from './ice-refresher.js';
import { accepted } from './ice-servers.js';
import type { OutgoingTrack, SendOptions } from './outgoing.js';
import { Participants } from './participants.js';
import { type PeerCall, RemotePeer } from './remote-peer.js';
import { addressed, presence, read, type StreamMetadata, wrapped } from './signals.js';
import { copyState, type UserState } from './user-state.js';

/**
 * How long after a room was joined its roster is missed, in milliseconds: the server probes earlier connections first.
 */
const ROSTER = 10_000;

const BLIND = 'no roster: key or token lacks presence';

/** Signals that arrive when a call was left are not for the application either. */
const LEFT_CALL: ClientCall = { receive: ({ data }) => read(data) !== undefined, close: () => undefined };

/**
 * A call: a connection of sound, picture and data to each peer in a room.
 *
 * Connections between peers are independent of those to the server: they go on when a socket drops, and when the server
 * is started again. Clients of `@metered-ca/realtime` can be in the same call.
 */
export class Call extends Events<CallEvents> {
  readonly #client: ParleyClient;
  readonly #instance = crypto.getRandomValues(new Uint32Array(2)).join('-');
  readonly #configuration: RTCConfiguration;
  readonly #peers: Participants;
  readonly #outgoing: OutgoingTrack[] = [];
  readonly #ice: IceRefresher;
  readonly #forPeers: PeerCall;
  readonly #ends: (() => void)[] = [];
  readonly #faulty = new Set<string>(); // peers and ICE servers that an error event has named
  #userState: UserState | undefined;
  #room: Room | undefined;
  #snapshot: CallSnapshot | undefined;
  #isLeft = false;

  constructor(client: ParleyClient, { configuration = {}, onTransceiver }: CallOptions = {}) {
    super();
    this.#client = client;
    client.instances.add(this.#instance);
    this.#configuration = configuration;
    this.#peers = new Participants(client);
    this.#ice = new IceRefresher(
      client,
      () => this.#useIceServers(),
      (error) => this.#fail('refresh_failed', `no new ICE servers: ${(error as Error).message}; asked again`, error),
    );
    this.#forPeers = {
      outgoing: this.#outgoing,
      onTransceiver,
      configuration: () => this.#peerConfiguration(),
      userState: () => this.#userState,
      mayReset: (it) => this.#peers.takeConnection(it.peerId),
      isPolite: (it) =>
        this.#peers.isOwn(it.peerId) ? this.#instance < (it.instance ?? '') : (client.peerId ?? '') < it.peerId,
      isReachable: () => client.state === 'connected',
      signal: (it, signal) => this.#signal(it.peerId, it.instance, signal),
      say: (it, data) =>
        it.instance === undefined ? client.send(it.peerId, data) : this.#signal(it.peerId, it.instance, wrapped(data)),
      onChange: () => this.#touch(),
      onError: (it, error) => this.fail({ error, peer: it }, it.tell('error', { error })),
    };
  }

  /**
   * The other participants, by their ids. A peer with several devices or tabs in the call is several, also the one of
   * this client.
   */
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
   * Enters the call of a room. Tracks may be added before and after. If it fails, it may be called again.
   *
   * @param options a signal that is aborted first ends the connections to all peers, and leaves the room as that of
   *     {@link ParleyClient.join} does
   * @returns fulfilled when the roster of the room has arrived; fails with a {@link ParleyError}, of code `closed` if
   *     the call was left, `already_joined` if it is in a room, and `room_in_use` if another call of this client is in
   *     that room
   */
  async join(name: string, { signal, ...options }: JoinOptions = {}): Promise<void> {
    if (this.#isLeft) {
      throw new ParleyError('closed', 'the call was left: make a new one');
    }
    if (this.#room) {
      throw new ParleyError('already_joined', `the call is in room ${this.#room.name}: make another one`);
    }
    if ([...this.#client.calls].some(({ room }) => room === name)) {
      throw new ParleyError('room_in_use', `another Call of this client is in room ${name}: use that one`);
    }
    let room: Room | undefined;
    const isThere = (): boolean => this.#room === room && !this.#isLeft;
    const enter = async (): Promise<void> => {
      const joined = this.#client.join(name, options);
      room = this.#client.rooms.get(name);
      if (room) {
        this.#listen(room);
      }
      await joined;
      if (isThere()) {
        // To other tabs, if any.
        this.#signal(this.#client.peerId ?? '', undefined, presence('hello')).catch(() => undefined);
        const look = setTimeout(() => room?.hasRoster || this.#fail('action_not_permitted', BLIND), ROSTER);
        this.#ends.push(() => clearTimeout(look));
      }
    };
    await abortable(signal, enter, () => {
      if (isThere()) {
        this.#sayBye();
        this.#end('aborted');
        room?.release();
      }
    });
  }

  /**
   * Leaves the call for good, also before it is joined, and ends the connections to all peers. The client stays
   * connected.
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
   * Sends all tracks of a stream to all participants, also to those who join later.
   *
   * @param metadata what it is, such as `{role: 'camera'}`; told with `stream-added`
   * @param options how its video is sent, also to later participants; for options of its audio use {@link addTrack}
   */
  addStream(stream: MediaStream, metadata?: StreamMetadata, options?: SendOptions): void {
    stream.getTracks().forEach((track) => {
      this.addTrack(track, stream, metadata, track.kind === 'video' ? options : undefined);
    });
  }

  /** Sends none of its tracks any more. */
  removeStream(stream: MediaStream): void {
    this.#outgoing.filter((it) => it.stream === stream).forEach((it) => this.#remove(it));
  }

  /**
   * Sends a track to all participants, also to those who join later.
   *
   * @param stream the stream that others see it in, if any
   * @param metadata what the stream is
   * @param options how the track is sent, also to later participants. Options that the browser refuses are reported as
   *     an `error` event of code `media_setup_failed`, and the track is sent without them
   */
  addTrack(track: MediaStreamTrack, stream?: MediaStream, metadata?: StreamMetadata, options: SendOptions = {}): void {
    if (!track?.kind) {
      throw new TypeError('no MediaStreamTrack');
    }
    if (!this.#outgoing.some((it) => it.track === track)) {
      const outgoing: OutgoingTrack = { track, stream, metadata, options };
      this.#outgoing.push(outgoing);
      this.#watchEnd(outgoing, track);
      this.#peers.forEach(({ sent }) => sent.attach(outgoing));
    }
  }

  /** Sends it no more. */
  removeTrack(track: MediaStreamTrack): void {
    this.#outgoing.filter((it) => it.track === track).forEach((it) => this.#remove(it));
  }

  /**
   * Sends another track in place of one, without anything to agree on; for others it is the same.
   *
   * @returns fulfilled when everybody gets it; fails with what the browser says if somebody cannot, and with a {@link
   *     ParleyError} of code `unknown_track` if the call does not send the track
   */
  async replaceTrack(track: MediaStreamTrack, by: MediaStreamTrack): Promise<void> {
    const outgoing = this.#outgoing.find((it) => it.track === track);
    if (!outgoing) {
      throw new ParleyError('unknown_track', `the call does not send track ${track.id}: use addTrack`);
    }
    outgoing.track = by;
    this.#watchEnd(outgoing, by);
    await Promise.all([...this.#peers.values()].map(({ sent }) => sent.replace(outgoing)));
  }

  /**
   * Publishes what others should know about this participant, such as its name and whether it is muted. All others,
   * also later ones, have it as `userState` of the peer. It replaces what was published before.
   *
   * @param state an object that JSON can represent
   * @throws ParleyError of code `too_big` if it has more than 1,024 bytes as JSON in UTF-8
   * @throws TypeError if it is no such object
   */
  setUserState(state: UserState): void {
    this.#userState = copyState(state);
    this.#peers.forEach((peer) => peer.share(true));
  }

  /**
   * Says something to everybody in the call, by the server.
   *
   * @param data anything that JSON can say
   * @returns fulfilled when the server has taken it; fails with a {@link ParleyError}
   */
  async send(data: unknown): Promise<void> {
    if (!this.#room || this.#isLeft) {
      throw new ParleyError(
        'not_here',
        this.#isLeft ? 'the call was left: make a new one' : 'the call is in no room: join one',
      );
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

  #listen(room: Room): void {
    this.#room = room;
    this.#touch();
    const client = this.#client;
    const call: ClientCall = {
      room: room.name,
      receive: (message) => this.#receive(message),
      close: () => this.#sayBye(),
    };
    client.calls.add(call);
    this.#ends.push(
      () => {
        client.calls.add(LEFT_CALL);
        client.calls.delete(call);
      },
      this.#peers.watch(
        (peer) => this.#lose(peer),
        () => room.peers.forEach((peer) => this.#addMember(peer)), // who could not be added before
      ),
      onPageEnd(() => this.#sayBye()),
      client.on('undelivered', ({ to }) => this.#peers.of(to).forEach((peer) => peer.unsure())),
      client.on('state-change', ({ to }) => to === 'connected' && this.#connected()),
      room.on('message', (message) =>
        this.#tellData(this.#peers.of(message.from)[0] ?? { id: message.from }, message, 'broadcast'),
      ),
      room.on('peer-joined', ({ peer }) => this.#addMember(peer)),
      room.on('peer-changed', ({ peer }) => this.#peers.of(peer.id).forEach((it) => it.update(peer))),
      room.on('peer-left', ({ peer }) => this.#peers.of(peer.id).forEach((it) => this.#lose(it))),
      room.on('rejoining', ({ reason, keptPeerId }) => {
        const haveOthersSeenItLeave = reason !== 'state_lost' || !keptPeerId;
        this.#peers.forEach((peer) => (haveOthersSeenItLeave ? peer.reset() : peer.share(true)));
      }),
      room.on('left', ({ reason }) => this.#end(reason)),
    );
    room.peers.forEach((peer) => this.#addMember(peer));
    if (client.state === 'connected') {
      this.#connected();
    }
  }

  #connected(): void {
    this.#useIceServers();
    this.#ice.watch();
    this.#peers.forEach((peer) => peer.reachable());
  }

  #useIceServers(): void {
    const { iceServers = [] } = this.#peerConfiguration();
    this.#peers.forEach((peer) => peer.useIceServers(iceServers));
  }

  #peerConfiguration(): RTCConfiguration {
    const own = this.#configuration;
    const iceServers = accepted([...(own.iceServers ?? []), ...this.#client.iceServers], (name, fault) => {
      this.#failOnce(name, 'bad_ice_server', `ICE server ${name} ${fault} and is left out: see iceServers`);
    });
    // A line that is not bundled would gather addresses of its own.
    return { bundlePolicy: 'max-bundle', ...own, iceServers };
  }

  #touch(): void {
    this.#snapshot = undefined;
    this.tell('change', {});
  }

  #fail(code: string, message: string, cause?: unknown): void {
    this.fail({ error: new ParleyError(code, message, cause) });
  }

  /** Tells of an error of a peer or an ICE server, once for each. */
  #failOnce(name: string, code: string, message: string, cause?: unknown): void {
    if (!this.#faulty.has(name)) {
      this.#faulty.add(name);
      this.#fail(code, message, cause);
    }
  }

  #add(peer: RoomPeer, instance?: string): RemotePeer | undefined {
    const id = this.#peers.nextId(peer.id, instance);
    let remote: RemotePeer;
    try {
      remote = new RemotePeer(id, peer, instance, this.#forPeers);
    } catch (error) {
      this.#failOnce(
        id,
        'no_connection',
        `peer ${id} is not called: ${(error as Error).message}; check configuration`,
        error,
      );
      return undefined;
    }
    this.#peers.set(id, remote);
    this.#touch();
    this.tell('peer-joined', { peer: remote });
    if (!this.#peers.has(id)) {
      return undefined; // a handler has left the call
    }
    this.#outgoing.forEach((it) => remote.sent.attach(it));
    if (instance === undefined) {
      remote.notify('hello');
    }
    return remote;
  }

  #lose(peer: RemotePeer | undefined): void {
    if (peer && this.#peers.delete(peer.id)) {
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

  /** Returns whether it is a signal of calls. */
  #receive(message: DirectMessage): boolean {
    const received = read(message.data);
    if (!received) {
      this.#tellData(this.#peers.of(message.from)[0], message, 'direct');
      return false;
    }
    const { signal, room, from, to } = received;
    const isOwn = this.#peers.isOwn(message.from) && this.#client.instances.has(from);
    if ((room !== undefined && room !== this.#room?.name) || (to !== undefined && to !== this.#instance) || isOwn) {
      return true;
    }
    if (signal.kind === 'bye') {
      this.#lose(this.#peers.find(message.from, from));
      return true;
    }
    const peer = this.#peers.identify(message.from, from) ?? this.#addSender(message, from);
    if (!peer) {
      return true;
    }
    peer.missed = 0;
    // A client that names no instance to send to does not know this one.
    const isQuestion =
      signal.kind === 'hello' || (from !== undefined && to === undefined && signal.kind !== 'candidate');
    const isAsked = isQuestion && this.#peers.takeAnswer(message.from);
    if (isAsked) {
      peer.notify('here');
    }
    peer.share(isAsked);
    if (signal.kind === 'data') {
      this.#tellData(peer, { ...message, data: signal.data }, 'direct');
    } else if (from === undefined || to !== undefined || signal.kind === 'track') {
      peer.receive(signal, room !== undefined);
    }
    return true;
  }

  /** Adds the sender of a message as a participant, if it is a member of the room. */
  #addSender({ from: peerId, metadata }: DirectMessage, instance: string | undefined): RemotePeer | undefined {
    const own: RoomPeer = { id: peerId, isAway: false, ...(metadata && { metadata }) };
    const peer = this.#peers.isOwn(peerId) ? own : this.#room?.peers.get(peerId);
    return peer && this.#addMember(peer, instance);
  }

  #addMember(peer: RoomPeer, instance?: string): RemotePeer | undefined {
    const mayAdd = this.#peers.canAdd(peer.id, instance) && this.#peers.takeConnection(peer.id);
    return mayAdd ? this.#add(peer, instance) : undefined;
  }

  #tellData(
    peer: { readonly id: string } | undefined,
    message: DirectMessage | RoomMessage,
    kind: CallData['kind'],
  ): void {
    if (peer) {
      this.tell('data', { ...message, from: peer.id, kind });
    }
  }

  #watchEnd(outgoing: OutgoingTrack, track: MediaStreamTrack): void {
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

  #remove(outgoing: OutgoingTrack): void {
    this.#outgoing.splice(this.#outgoing.indexOf(outgoing), 1);
    this.#peers.forEach(({ sent }) => sent.detach(outgoing));
  }

  #end(reason: string): void {
    this.#ends.splice(0).forEach((end) => end());
    this.#ice.stop();
    [...this.#peers.values()].forEach((peer) => this.#lose(peer));
    this.#isLeft = reason === 'called' || this.#client.state === 'closed';
    this.#room = this.#isLeft ? this.#room : undefined;
    this.#touch();
    this.tell('left', { reason });
  }
}
