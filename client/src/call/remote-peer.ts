// SPDX-License-Identifier: Apache-2.0
import { type ErrorEvent, isPassing, ParleyError } from '../errors.js';
import { Events } from '../events.js';
import type { RoomPeer } from '../room.js';
import type { Metadata } from '../wire.js';
import { Labels } from './labels.js';
import { Link } from './link.js';
import { OWN_LABEL } from './own-label.js';
import { SignalQueue } from './signal-queue.js';
import { aboutTrack, ofChannel, presence, type Signal, type StreamMetadata } from './signals.js';

/**
 * - `idle`: there is nothing to connect for: neither side sends anything.
 * - `connecting`: looking for the first path.
 * - `connected`: sound, picture and data go from peer to peer.
 * - `reconnecting`: the path is lost, another one is being looked for.
 * - `closed`: it has left.
 */
export type PeerState = 'idle' | 'connecting' | 'connected' | 'reconnecting' | 'closed';

/**
 * Why the state of a peer changed. `negotiating`: there is something to connect for. `path_found`, `path_lost`: between the peers, whatever
 * the server is. `reset`: one side lost its place in the call for longer than it was kept, and both begin anew. `left`: the peer, or
 * this client, left.
 */
export type PeerReason = 'negotiating' | 'path_found' | 'path_lost' | 'reset' | 'left';

/** Events of another peer in a call. */
export interface RemotePeerEvents {
  'state-change': { readonly from: PeerState; readonly to: PeerState; readonly reason: PeerReason };
  'stream-added': { readonly stream: MediaStream; readonly metadata?: StreamMetadata };
  'stream-removed': { readonly stream: MediaStream };
  'track': { readonly track: MediaStreamTrack; readonly streams: readonly MediaStream[]; readonly metadata?: StreamMetadata };

  /** The other side sends it no more: it was removed there, or has ended, such as that of a camera that was unplugged. */
  'track-removed': { readonly track: MediaStreamTrack };

  /** The other side opened it. */
  'data-channel': { readonly channel: RTCDataChannel };

  /** There is another `connection`; data channels are gone with the one before. */
  'connection-reset': { readonly connection: RTCPeerConnection };

  /** Its connection to the server was lost, or is back: `isAway`. Sound and picture go on. */
  'away-change': { readonly isAway: boolean };

  /** Also told by the call; once for each code. */
  'error': ErrorEvent;

  /** For `parley-client/data`: the other side opened it. @internal */
  'own-channel': { readonly channel: RTCDataChannel };

  /** For `parley-client/data`: it came over the server. @internal */
  'own-message': { readonly data: unknown };
}

/** What a participant is at one moment. It never changes: the same object says that nothing of the participant has changed. */
export interface PeerSnapshot {
  readonly peer: RemotePeer;
  readonly id: string;
  readonly peerId: string;
  readonly state: PeerState;
  readonly isAway: boolean;
  readonly metadata: Metadata | undefined;
  readonly streams: readonly { readonly stream: MediaStream; readonly metadata: StreamMetadata | undefined }[];
}

/** What to do about signals that the server refuses. */
const REMEDIES: { readonly [code: string]: string } = {
  action_not_permitted: 'the key or token needs the action send',
  message_too_big: 'raise limits.messageBytes of the server, or send fewer tracks',
  too_big: 'raise limits.messageBytes of the server, or send fewer tracks',
};

/** What is sent to everybody. */
export interface Outgoing {
  track: MediaStreamTrack;
  readonly stream: MediaStream | undefined;
  readonly metadata: StreamMetadata | undefined;
}

/** What a remote peer needs of its call. */
export interface PeerCall {
  readonly outgoing: readonly Outgoing[];
  configuration(): RTCConfiguration;
  isPolite(peer: RemotePeer): boolean;
  isReachable(): boolean;

  /** Sends a signal of this call. */
  signal(peer: RemotePeer, signal: object): Promise<void>;

  /** Sends what the application says. */
  say(peer: RemotePeer, data: unknown): Promise<void>;

  /** Something of the peer has changed. */
  onChange(): void;

  /** Tells of an error of this peer. */
  onError(peer: RemotePeer, error: ParleyError): void;
}

/** Another participant of a call: a peer, or one of the devices and tabs of a peer that is there more than once. */
export class RemotePeer extends Events<RemotePeerEvents> {
  /** Names it among the peers of this call: its peer id, or that and more if the peer is in the call more than once. */
  readonly id: string;

  /** What the server knows it by: the same for all devices of a user. */
  readonly peerId: string;

  /** How often in succession it did not answer while it was not connected. @internal */
  missed = 0;

  /**
   * Data channels of `parley-client/data` that the other side opened, by their labels: the newest of each, which may be closed. A browser
   * bounds how many a connection has. @internal
   */
  readonly ownChannels = new Map<string, RTCDataChannel>();

  readonly #call: PeerCall;
  readonly #told = new Set<string>();
  readonly #labels = new Labels();
  readonly #streams = new Map<MediaStream, StreamMetadata | undefined>();
  readonly #tracks = new Set<MediaStreamTrack>();
  readonly #senders = new Map<Outgoing, RTCRtpSender>();

  /** Senders whose labels were sent to the other side. */
  readonly #labeled = new WeakSet<RTCRtpSender>();
  #peer: RoomPeer;
  #instance: string | undefined;
  #state: PeerState = 'idle';
  #snapshot: PeerSnapshot | undefined;
  #isOurs = false;
  #signals!: SignalQueue;
  #link: Link;

  /**
   * @param instance undefined if it is not known yet
   * @internal
   */
  constructor(id: string, peer: RoomPeer, instance: string | undefined, call: PeerCall) {
    super();
    this.id = id;
    this.peerId = peer.id;
    this.#peer = peer;
    this.#instance = instance;
    this.#call = call;
    this.#link = this.#open();
  }

  /** Which of the calls of its peer it is; undefined if it has not named itself, as clients of `@metered-ca/realtime`. @internal */
  get instance(): string | undefined {
    return this.#instance;
  }

  get state(): PeerState {
    return this.#state;
  }

  /** What its token shows of it. */
  get metadata(): Metadata | undefined {
    return this.#peer.metadata;
  }

  /** Whether it has lost its connection to the server, and is waited for: of a peer with several, all of them. */
  get isAway(): boolean {
    return this.#peer.isAway;
  }

  /** The connection to it, for statistics and what this client does not do; the same one for as long as both sides are in the call. */
  get connection(): RTCPeerConnection {
    return this.#link.connection;
  }

  /** Whether of two offers that meet the other side's counts: true on exactly one side, so it can decide who does what. */
  get isPolite(): boolean {
    return this.#call.isPolite(this);
  }

  /** What it sends now. */
  get streams(): ReadonlySet<MediaStream> {
    return new Set(this.#streams.keys());
  }

  /** What it is now: the same object until something of it changes. */
  snapshot(): PeerSnapshot {
    return (this.#snapshot ??= Object.freeze({
      peer: this,
      id: this.id,
      peerId: this.peerId,
      state: this.#state,
      isAway: this.isAway,
      metadata: this.metadata,
      streams: Object.freeze([...this.#streams].map(([stream, metadata]) => Object.freeze({ stream, metadata }))),
    }));
  }

  /** @internal */
  override tell<Kind extends keyof RemotePeerEvents>(kind: Kind, event: RemotePeerEvents[Kind]): boolean {
    this.#touch();
    return super.tell(kind, event);
  }

  /**
   * Sends something to it, over the server.
   *
   * @param data anything that JSON can say
   * @returns fulfilled when the server has accepted it; fails with a `ParleyError`
   */
  send(data: unknown): Promise<void> {
    return this.#call.say(this, data);
  }

  /**
   * Sends a part of a channel of `parley-client/data`. A client of `@metered-ca/realtime`, which names no instance, would give it to its
   * application. @internal
   */
  async sendOwn(data: object): Promise<void> {
    if (this.#instance === undefined) {
      throw new ParleyError('not_here');
    }
    await this.#call.signal(this, ofChannel(data));
  }

  /** Opens a channel to it, which the other side hears of by `data-channel`. */
  createDataChannel(label: string, options?: RTCDataChannelInit): RTCDataChannel {
    return this.connection.createDataChannel(label, options);
  }

  /** It has named itself. What was offered before was not for a certain instance. @internal */
  identify(instance: string): void {
    this.#instance = instance;
    this.#signals.open();
    this.#link.repeat();
  }

  /** Sends what tells that this client is in the call, asks whether the other one is, or says that this client leaves. @internal */
  notify(kind: 'hello' | 'here' | 'bye'): void {
    this.#signal(presence(kind)).catch(() => undefined); // a peer that is gone or busy is asked again
  }

  /**
   * Receives a signal of the call.
   *
   * @param isOurs whether it names its room, as clients of this package do
   * @internal
   */
  receive(signal: Signal, isOurs: boolean): void {
    this.#isOurs = isOurs;
    this.#signals.open();
    if (signal.kind === 'track') {
      this.#labels.put(signal.trackId, signal.metadata);
    } else if (signal.kind === 'channel') {
      this.tell('own-message', { data: signal.data });
    } else {
      void this.#link.receive(signal);
    }
  }

  /** @internal */
  attach(outgoing: Outgoing): void {
    if (this.#senders.has(outgoing)) {
      return;
    }
    const { track, stream } = outgoing;
    // Not addTrack: it may share a line of the description with a track that comes, and then the other side knows it by no id.
    const streams = stream ? [stream] : [];
    this.#senders.set(outgoing, this.connection.addTransceiver(track, { direction: 'sendonly', streams }).sender);
  }

  /** @internal */
  detach(outgoing: Outgoing): void {
    const sender = this.#senders.get(outgoing);
    if (sender) {
      this.#senders.delete(outgoing);
      this.#link.stopSending(sender);
    }
  }

  /** @internal */
  async replace(outgoing: Outgoing, track: MediaStreamTrack | null): Promise<void> {
    await this.#senders.get(outgoing)?.replaceTrack(track);
  }

  /** @internal */
  unsure(): void {
    this.#link.unsure();
  }

  /** @internal */
  update(peer: RoomPeer): void {
    const { isAway } = this.#peer;
    this.#peer = peer;
    if (isAway !== peer.isAway) {
      this.reachable();
      this.tell('away-change', { isAway: peer.isAway });
    } else {
      this.#touch(); // other metadata
    }
  }

  /** @internal */
  reachable(): void {
    if (this.#isReachable()) {
      this.#link.reachable();
    }
  }

  /** @internal */
  useIceServers(iceServers: RTCIceServer[]): void {
    this.#link.useIceServers(iceServers);
  }

  /** Begins anew: the other side has, or will. @internal */
  reset(): void {
    this.#shut();
    this.#forgetMedia();
    this.#senders.clear();
    this.#link = this.#open();
    this.#change('idle', 'reset');
    this.tell('connection-reset', { connection: this.connection });
    this.#call.outgoing.forEach((it) => this.attach(it));
  }

  /** @internal */
  close(): void {
    this.#shut();
    this.#forgetMedia();
    this.#change('closed', 'left');
  }

  #isReachable(): boolean {
    return !this.isAway && this.#call.isReachable();
  }

  #follow(): void {
    const wasConnected = this.#state === 'connected' || this.#state === 'reconnecting';
    switch (this.connection.connectionState) {
      case 'connected':
        this.#change('connected', 'path_found');
        break;
      case 'connecting':
        this.#change(wasConnected ? 'reconnecting' : 'connecting', wasConnected ? 'path_lost' : 'negotiating');
        break;
      case 'disconnected':
      case 'failed':
        this.#change(wasConnected ? 'reconnecting' : 'connecting', 'path_lost');
    }
  }

  /** Sends what the tracks of an offer are, ahead of it. Firefox gives a track another id in its descriptions than it has itself. */
  #sendLabels(): void {
    for (const [{ track, metadata }, sender] of this.#senders) {
      if (metadata && !this.#labeled.has(sender)) {
        this.#labeled.add(sender);
        const id = this.#link.sentId(sender) ?? track.id;
        this.#signals.add(() => aboutTrack(id, metadata)).catch(() => undefined); // a label, and the room says if the peer is gone
      }
    }
  }

  /**
   * Sends on new lines what was offered in vain. Chromium keeps the numbers of RTP header extensions that it gave to the old ones, and
   * cannot offer these any more once it has answered an offer of Firefox with other numbers.
   */
  #renewLines(): void {
    for (const [outgoing, sender] of [...this.#senders]) {
      if (this.#link.abandon(sender)) {
        this.#senders.delete(outgoing);
        this.attach(outgoing);
      }
    }
  }

  #receiveTrack(track: MediaStreamTrack, streams: readonly MediaStream[], id: string): void {
    const metadata = this.#labels.take(id, this.#isOurs);
    this.#tracks.add(track);
    this.tell('track', { track, streams, ...(metadata && { metadata }) });
    for (const stream of streams) {
      if (!this.#streams.has(stream)) {
        this.#streams.set(stream, metadata);
        stream.onremovetrack = () => stream.getTracks().length === 0 && this.#forget(stream);
        this.tell('stream-added', { stream, ...(metadata && { metadata }) });
      }
    }
  }

  #receiveChannel(channel: RTCDataChannel): void {
    const isOwn = channel.label.startsWith(OWN_LABEL);
    if (isOwn) {
      this.ownChannels.set(channel.label, channel);
    }
    this.tell(isOwn ? 'own-channel' : 'data-channel', { channel });
  }

  #beginAnewWith(signal: Signal): void {
    this.reset();
    if (signal.kind === 'description' && signal.description.type === 'offer') {
      void this.#link.receive(signal);
    }
  }

  #open(): Link {
    const signals = new SignalQueue((signal) => this.#signal(signal));
    this.#signals = signals;
    if (this.#instance !== undefined) {
      signals.open();
    }
    return new Link(this.#call.configuration(), this.isPolite, {
      say: (make) => {
        signals.open(); // a peer that has not named its instance by now does not name one
        return signals.add(make);
      },
      isReachable: () => this.#isReachable() && !signals.isHeld,
      onOffer: () => this.#sendLabels(),
      onGaveWay: () => this.#renewLines(),
      onState: () => this.#follow(),
      onTrack: (track, streams, id) => this.#receiveTrack(track, streams, id),
      onTrackEnd: (track) => this.#forgetTrack(track),
      onChannel: (channel) => this.#receiveChannel(channel),
      onForeign: (signal) => this.#beginAnewWith(signal),
      onFault: (cause) => {
        this.#fail('negotiation_failed', `descriptions fail: ${(cause as Error).message}; see cause, and the codecs both browsers have`, cause);
      },
    });
  }

  async #signal(signal: object): Promise<void> {
    try {
      await this.#call.signal(this, signal);
    } catch (error) {
      if (!isPassing(error)) {
        const { code, message } = error as ParleyError;
        this.#fail(code, `the server refuses signals: ${message}; ${REMEDIES[code] ?? 'see docs/protocol.md, error'}`, error);
      }
      throw error;
    }
  }

  #fail(code: string, message: string, cause: unknown): void {
    if (!this.#told.has(code)) {
      this.#told.add(code);
      this.#call.onError(this, new ParleyError(code, `peer ${this.id}: ${message}`, cause));
    }
  }

  #shut(): void {
    this.#signals.stop();
    this.#link.close();
  }

  #forget(stream: MediaStream): void {
    stream.onremovetrack = null;
    this.#streams.delete(stream);
    this.tell('stream-removed', { stream });
  }

  #forgetTrack(track: MediaStreamTrack): void {
    this.#tracks.delete(track);
    this.tell('track-removed', { track });
  }

  #forgetMedia(): void {
    this.#tracks.forEach((track) => this.#forgetTrack(track));
    [...this.#streams.keys()].forEach((stream) => this.#forget(stream));
  }

  #touch(): void {
    this.#snapshot = undefined;
    this.#call.onChange();
  }

  #change(to: PeerState, reason: PeerReason): void {
    const from = this.#state;
    if (from !== to) {
      this.#state = to;
      this.tell('state-change', { from, to, reason });
    }
  }
}
