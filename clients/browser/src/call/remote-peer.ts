// SPDX-License-Identifier: Apache-2.0
import { isPassing, ParleyError } from '../errors.js';
import { Events } from '../events.js';
import type { RoomPeer } from '../room.js';
import type { Metadata } from '../wire.js';
import type { CallOptions } from './call-events.js';
import { Labels } from './labels.js';
import { Link, type LinkParty } from './link.js';
import { OWN_LABEL } from './own-label.js';
import { SignalQueue } from './signal-queue.js';
import { type OutgoingTrack, SentTracks } from './outgoing.js';
import type { PeerReason, PeerSnapshot, PeerState, RemotePeerEvents } from './peer-events.js';
import { ofChannel, type Presence, presence, type Signal, type StreamMetadata } from './signals.js';
import { NO_STATE, type UserState } from './user-state.js';
import { UserStateSender } from './user-state-sender.js';

/** So many descriptions in succession that cannot be made or applied are reported to the application. */
const MANY_FAULTS = 3;

/**
 * So often the connection begins anew instead: most faults are about what was agreed on before, so they stay for as
 * long as the connection.
 */
const MOST_RENEWALS = 2;

/** How long after a signal may have been lost the state is sent again, in milliseconds: the peer may be slow. */
const UNSURE = 1000;

/** Of a channel of `parley-client/data`, with what marks it as one. */
const LONGEST_LABEL = 100;

/** What a remote peer needs of its call. */
export interface PeerCall {
  readonly outgoing: readonly OutgoingTrack[];
  readonly onTransceiver: CallOptions['onTransceiver'];
  configuration(): RTCConfiguration;

  /** Returns what this participant publishes about itself; undefined if the application has not set it. */
  readonly userState: () => UserState | undefined;

  /** Counts a connection to a participant that begins anew; false if it may not be made yet. */
  mayReset(peer: RemotePeer): boolean;
  isPolite(peer: RemotePeer): boolean;

  /** Whether a signal would reach the server now. */
  readonly isReachable: () => boolean;

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
   * Open data channels of `parley-client/data` that the other side has opened, by their labels: the newest of each. A
   * browser bounds how many a connection has. @internal
   */
  readonly ownChannels = new Map<string, RTCDataChannel>();

  readonly #call: PeerCall;
  readonly #told = new Set<string>();
  readonly #labels = new Labels();
  readonly #streams = new Map<MediaStream, StreamMetadata | undefined>();
  readonly #tracks = new Set<MediaStreamTrack>();
  #peer: RoomPeer;
  #instance: string | undefined;
  #state: PeerState = 'idle';
  #snapshot: PeerSnapshot | undefined;
  #userState = NO_STATE;
  #isOurs = false;
  #renewals = 0;
  #signals!: SignalQueue;
  #link!: Link;
  #sent!: SentTracks;
  #stateSender!: UserStateSender;

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
    this.#open();
  }

  /**
   * Which of the calls of its peer it is; undefined if it has not named itself, as clients of `@metered-ca/realtime`.
   * @internal
   */
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

  /** What it publishes about itself by `setUserState`, `{}` by default: a name, or whether it is muted, for example. */
  get userState(): UserState {
    return this.#userState;
  }

  /** Whether it has lost its connection to the server, and is waited for: of a peer with several, all of them. */
  get isAway(): boolean {
    return this.#peer.isAway;
  }

  /**
   * The connection to it, for statistics and what this client does not do; the same one for as long as both sides are
   * in the call.
   */
  get connection(): RTCPeerConnection {
    return this.#link.connection;
  }

  /**
   * Whether of two offers that meet the other side's counts: true on exactly one side, so it can decide who does what.
   */
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
      userState: this.#userState,
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
   * @returns fulfilled when the server has accepted it; fails with a `ParleyError`, of code `not_here` once it has left
   *     the call, or this client has
   */
  async send(data: unknown): Promise<void> {
    if (this.#state === 'closed') {
      throw new ParleyError('not_here', `no peer ${this.id} is in the call`);
    }
    await this.#call.say(this, data);
  }

  /**
   * Sends a part of a channel of `parley-client/data`. A client of `@metered-ca/realtime`, which names no instance,
   * would give it to its application. @internal
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

  /**
   * Sends what tells that this client is in the call, asks whether the other one is, or says that this client leaves.
   * @internal
   */
  notify(kind: Presence): void {
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
    } else if (signal.kind === 'state') {
      this.#setUserState(signal.state);
    } else if (signal.kind === 'channel') {
      this.tell('own-message', { data: signal.data });
    } else {
      void this.#link.receive(signal);
    }
  }

  /** The tracks that are sent to it now. @internal */
  get sent(): SentTracks {
    return this.#sent;
  }

  /** @internal */
  unsure(): void {
    this.#link.unsure();
    setTimeout(() => this.share(true), UNSURE);
  }

  /**
   * Sends it the state of this participant, if that is set and it may not have it.
   *
   * @param isDue whether it may not have it although it was sent
   * @internal
   */
  share(isDue: boolean): void {
    void this.#stateSender.share(isDue);
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
      this.share(false);
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
    this.#open(this.#link.otherOrigin);
    this.#change('idle', 'reset');
    this.tell('connection-reset', { connection: this.connection });
    this.#call.outgoing.forEach((it) => this.#sent.attach(it));
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
    const { connectionState } = this.connection;
    if (connectionState === 'connected') {
      this.#change(connectionState, 'path_found');
    } else if (connectionState !== 'new' && connectionState !== 'closed') {
      const wasConnected = this.#state === 'connected' || this.#state === 'reconnecting';
      const isNegotiating = !wasConnected && connectionState === 'connecting';
      this.#change(wasConnected ? 'reconnecting' : 'connecting', isNegotiating ? 'negotiating' : 'path_lost');
    }
  }

  #receiveTrack({ track, streams, transceiver }: RTCTrackEvent, id: string): void {
    this.#sent.prepare(transceiver);
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
    const { label } = channel;
    const isOwn = label.startsWith(OWN_LABEL) && label.length <= LONGEST_LABEL;
    if (isOwn) {
      this.ownChannels.set(label, channel);
      channel.addEventListener(
        'close',
        () => this.ownChannels.get(label) === channel && this.ownChannels.delete(label),
      );
    }
    this.tell(isOwn ? 'own-channel' : 'data-channel', { channel });
  }

  /** Ignores a peer that begins anew all the time: one that means it repeats its offer. */
  #beginAnewWith(signals: readonly Signal[]): void {
    if (this.#call.mayReset(this)) {
      this.reset();
      signals.forEach((it) => void this.#link.receive(it));
    }
  }

  #setUserState(userState: UserState): void {
    if (JSON.stringify(userState) !== JSON.stringify(this.#userState)) {
      this.#userState = userState;
      this.tell('user-state-change', { userState });
    }
  }

  #open(staleOrigin?: string): void {
    const signals = new SignalQueue((signal) => this.#signal(signal));
    this.#signals = signals;
    if (this.#instance !== undefined) {
      signals.open();
    }
    const party: LinkParty = {
      say: (make) => {
        signals.open(); // a peer that has not named its instance by now does not name one
        return signals.add(make);
      },
      isReachable: () => this.#isReachable() && !signals.isHeld,
      onOffer: () => sent.sendLabels(),
      onState: () => this.#follow(),
      onTrack: (event, id) => this.#receiveTrack(event, id),
      onTrackEnd: (track) => this.#forgetTrack(track),
      onChannel: (channel) => this.#receiveChannel(channel),
      onForeign: (signals) => this.#beginAnewWith(signals),
      onFault: (cause, count, signals) => {
        if (this.#instance !== undefined && this.#renewals++ < MOST_RENEWALS) {
          this.#beginAnewWith(signals.splice(0));
        } else if (count === MANY_FAULTS) {
          const remedy = 'join by a new Call; compare codecs';
          this.#fail('negotiation_failed', `descriptions fail: ${(cause as Error).message}; ${remedy}`, cause);
        }
      },
    };
    const link = new Link(this.#call.configuration(), this.isPolite, party, staleOrigin);
    const sent = new SentTracks(
      link,
      signals,
      (transceiver) => this.#call.onTransceiver?.(transceiver, this),
      (error) => {
        const fault = `media options fail: ${(error as Error).message}; see onTransceiver and addTrack`;
        this.#fail('media_setup_failed', fault, error);
      },
    );
    this.#link = link;
    this.#sent = sent;
    const canSend = (): boolean => this.#isReachable() && this.#instance !== undefined;
    this.#stateSender = new UserStateSender(signals, this.#call.userState, canSend);
  }

  async #signal(signal: object): Promise<void> {
    try {
      await this.#call.signal(this, signal);
    } catch (error) {
      if (!isPassing(error) && this.#state !== 'closed') {
        const { code, message } = error as ParleyError;
        this.#fail(code, `the server refuses signals: ${message}`, error);
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
